import { bitString } from './codes.ts';
import { type FlatType, scaleOffset, unpackFlat } from './gguf.ts';
import { isSuperBlock, SUPER_LAYOUT, unpackParts } from './gguf-super.ts';
import { decodeHalf } from './half.ts';
import type { BlockAnatomy, ElementAnatomy, GgufType } from './types.ts';

/** What a block of llama.cpp says of itself: see `describeBlock`. */
interface GgufAnatomy extends Pick<BlockAnatomy, 'scale' | 'scaleBits' | 'scaleNote' | 'step'> {
  describe(
    value: number,
    quantized: number,
    index: number,
  ): Pick<ElementAnatomy, 'sign' | 'exponent' | 'mantissa' | 'note'>;
}

const FLAT: Record<FlatType, { bits: number; offset: number; minimum: boolean }> = {
  q4_0: { bits: 4, offset: 8, minimum: false },
  q4_1: { bits: 4, offset: 0, minimum: true },
  q5_0: { bits: 5, offset: 16, minimum: false },
  q5_1: { bits: 5, offset: 0, minimum: true },
  q8_0: { bits: 8, offset: 0, minimum: false },
};

/** The block that `view` holds. */
export function describeGgufBlock(view: DataView, type: GgufType): GgufAnatomy {
  const stored = view.getUint16(scaleOffset(type), true);
  const scale = decodeHalf(stored);
  if (!isSuperBlock(type)) {
    const { bits, offset, minimum } = FLAT[type];
    const codes = unpackFlat(view, 0, new Float32Array(32), type);
    const least = minimum ? view.getUint16(2, true) : 0;
    return {
      scale,
      scaleBits: bitString(stored, 16) + (minimum ? bitString(least, 16) : ''),
      scaleNote: minimum ? `float16 scale, and float16 minimum ${decodeHalf(least)}` : 'float16 scale',
      step: Math.abs(scale),
      describe: (_value, _q, i) => code(codes[i]!, bits, `code ${codes[i]! - offset}`),
    };
  }
  const { block, bits, offset } = SUPER_LAYOUT[type];
  const parts = unpackParts(view, 0, type);
  const steps = Array.from(parts.scales, (own) => Math.abs(scale * own));
  const minima = type === 'q2_k' || type === 'q4_k' || type === 'q5_k';
  return {
    scale,
    scaleBits: bitString(stored, 16),
    scaleNote: `float16 scale of ${256 / block} blocks of ${block}, each with a scale${minima ? ' and a minimum' : ''} of its own`,
    step: Math.max(...steps),
    describe(_value, _q, i) {
      const own = Math.floor(i / block);
      const least = minima ? `, minimum ${parts.minima[own]}` : '';
      return code(
        parts.codes[i]!,
        bits,
        `code ${parts.codes[i]! - offset} in block ${own} (scale ${parts.scales[own]}${least})`,
      );
    },
  };
}

function code(stored: number, bits: number, note: string): ReturnType<GgufAnatomy['describe']> {
  return { sign: '', exponent: '', mantissa: bitString(stored, bits), note };
}
