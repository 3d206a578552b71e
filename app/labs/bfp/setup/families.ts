import { storedBits } from '../../../../engines/tensor/formats/stored-bits.ts';
import type { Block, NumberFormat } from '../../../../engines/tensor/formats/types.ts';

/** Formats as the panel groups them: those without blocks are one family. */
export type Family = Exclude<NumberFormat['kind'], 'float32' | 'float16' | 'bfloat16'> | 'float';

export const FAMILIES: readonly Family[] = ['bfp', 'block-minifloat', 'mx', 'nvfp4', 'int', 'gguf', 'float'];

export function familyOf({ kind }: NumberFormat): Family {
  return kind === 'float32' || kind === 'float16' || kind === 'bfloat16' ? 'float' : kind;
}

/** Long enough that short last blocks do not count: every block on offer fits many times. */
const LONG_ROW = 1 << 16;

/** Stored bits of a value in long rows, everything counted. */
export function bitsOf(format: NumberFormat): number {
  return storedBits(1, LONG_ROW, format).perElement;
}

/** A format of another family that costs about as much, with the same blocks where the family has a choice. */
export function inFamily(family: Family, from: NumberFormat): NumberFormat {
  if (family === familyOf(from)) return from;
  const bits = Math.round(Math.min(16, bitsOf(from)));
  const block: Block = 'block' in from ? from.block : 32;
  const rounding = 'rounding' in from ? from.rounding : 'even';
  const near = (least: number, most: number) => Math.max(least, Math.min(most, bits));
  switch (family) {
    case 'bfp':
      return { kind: 'bfp', mantissaBits: near(2, 14), exponentBits: 8, block, rounding };
    case 'block-minifloat':
      return { kind: 'block-minifloat', exponentBits: 2, mantissaBits: near(4, 13) - 3, block, rounding };
    case 'mx':
      return {
        kind: 'mx',
        element: bits <= 5 ? 'e2m1' : bits <= 7 ? 'e2m3' : 'e4m3',
        block: 32,
        rounding,
      };
    case 'nvfp4':
      return { kind: 'nvfp4', rounding };
    case 'int':
      return { kind: 'int', bits: near(2, 8), symmetric: true, block, rounding };
    case 'gguf':
      return { kind: 'gguf', type: bits <= 5 ? 'q4_0' : bits <= 6 ? 'q5_0' : 'q8_0' };
    case 'float':
      return { kind: bits > 16 ? 'float32' : 'float16' };
  }
}
