import { parseHex } from '../../../../charts/ramp.ts';
import { KIND_COLOURS, WORK } from '../../readings/kinds.ts';
import { readTokens } from '../theme.ts';
import type { GanttTheme } from './gantt-painter.ts';

/** Share of its own colour that faded work keeps. */
const FADED = 0.22;

/** The colours of the page, packed as pixels of a canvas hold them. */
export function packTheme(element: Element): GanttTheme {
  const token = readTokens(element);
  const ground = parseHex(token('surface'));
  const kinds = WORK.map((kind) => parseHex(token(KIND_COLOURS[kind])));
  return {
    ground: pack(ground),
    stripe: pack(mix(parseHex(token('sunken')), ground, 0.55)),
    kinds: kinds.map(pack),
    faded: kinds.map((colour) => pack(mix(colour, ground, FADED))),
    accent: pack(parseHex(token('accent'))),
  };
}

type Colour = readonly [number, number, number];

/** 0xAABBGGRR: red is the first byte in memory. */
function pack([red, green, blue]: Colour): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function mix(over: Colour, under: Colour, share: number): Colour {
  const at = (index: 0 | 1 | 2) => Math.round(over[index] * share + under[index] * (1 - share));
  return [at(0), at(1), at(2)];
}
