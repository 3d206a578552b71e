import type { SchematicPin, Shape, Side } from './schematic-types.ts';
import type { Bit } from './yosys-json.ts';

/** How one cell is drawn, before its pins know their nets. */
export interface Drawn {
  shape: Shape;
  title: string;
  glyph?: string;
  heading?: string[];
  width: number;
  pins: SchematicPin[];
  enters?: string;
}

export function pin(
  name: string,
  side: Side,
  direction: SchematicPin['direction'],
  bits: readonly Bit[] | undefined,
  more: Partial<SchematicPin> = {},
): SchematicPin {
  return { name, label: '', side, direction, bits: [...(bits ?? [])], ...more };
}
