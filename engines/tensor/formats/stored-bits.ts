import { blockCount, ggufBlock } from './blocks.ts';
import type { GgufType, MxElement, NumberFormat, StoredBits } from './types.ts';

/** Bits of one element of Microscaling, its sign included. */
export const MX_BITS: Record<MxElement, number> = { e5m2: 8, e4m3: 8, e3m2: 6, e2m3: 6, e2m1: 4, int8: 8, int4: 4 };

/** Bytes of one block of llama.cpp (`ggml-common.h`): 32 elements, K-quants 256. */
export const GGUF_BLOCK_BYTES: Record<GgufType, number> = {
  q4_0: 18,
  q4_1: 20,
  q5_0: 22,
  q5_1: 24,
  q8_0: 34,
  q2_k: 84,
  q3_k: 110,
  q4_k: 144,
  q5_k: 176,
  q6_k: 210,
};

/**
 * What a matrix costs in a format, everything counted: codes, shared exponents, scales, zero points, and NVFP4's one
 * float32 a tensor. A short last block pays for a whole scale; of llama.cpp's types, for a whole block.
 */
export function storedBits(rows: number, rowLength: number, format: NumberFormat): StoredBits {
  const elements = rows * rowLength;
  const bits = elements === 0 ? 0 : totalBits(elements, rows, rowLength, format);
  return { elements, bits, perElement: elements === 0 ? 0 : bits / elements };
}

function totalBits(elements: number, rows: number, rowLength: number, format: NumberFormat): number {
  switch (format.kind) {
    case 'float32':
      return 32 * elements;
    case 'float16':
    case 'bfloat16':
      return 16 * elements;
    case 'bfp':
      return format.mantissaBits * elements + format.exponentBits * blockCount(format.block, rows, rowLength);
    case 'block-minifloat':
      return (1 + format.exponentBits + format.mantissaBits) * elements + 8 * blockCount(format.block, rows, rowLength);
    case 'mx':
      return MX_BITS[format.element] * elements + 8 * blockCount(format.block, rows, rowLength);
    case 'nvfp4':
      return 4 * elements + 8 * blockCount(16, rows, rowLength) + 32;
    case 'int':
      return (
        format.bits * elements + (format.symmetric ? 16 : 16 + format.bits) * blockCount(format.block, rows, rowLength)
      );
    case 'gguf':
      return 8 * GGUF_BLOCK_BYTES[format.type] * blockCount(ggufBlock(format.type), rows, rowLength);
  }
}
