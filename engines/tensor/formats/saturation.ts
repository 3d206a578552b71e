import { blockOf, blocksOf, rowsOf } from './blocks.ts';
import { blockMinifloat, HALF, LARGEST_BFLOAT16, MX_FLOATS } from './elements.ts';
import { powerOfTwo } from './exact.ts';
import { encodeGguf, ggufRange } from './gguf.ts';
import { type BlockScale, largestFinite, scaleOf } from './reference.ts';
import type { GgufType, NumberFormat } from './types.ts';

/** Smallest and largest number that a block with this scale can hold. Not for llama.cpp's types and those without blocks. */
export function rangeOf(format: NumberFormat, shared: BlockScale): [low: number, high: number] {
  if (format.kind === 'int' && !format.symmetric) {
    return [-shared.zero * shared.scale, (2 ** format.bits - 1 - shared.zero) * shared.scale];
  }
  const high = Math.fround(largestOf(format, shared));
  return [-high, high];
}

function largestOf(format: NumberFormat, { scale, exponent }: BlockScale): number {
  switch (format.kind) {
    case 'bfp':
      return (2 ** (format.mantissaBits - 1) - 1) * powerOfTwo(exponent! - (format.mantissaBits - 2));
    case 'block-minifloat':
      return blockMinifloat(format.exponentBits, format.mantissaBits).max * powerOfTwo(exponent!);
    case 'mx':
      if (format.element === 'int8') return (127 / 64) * powerOfTwo(exponent!);
      if (format.element === 'int4') return 1.75 * powerOfTwo(exponent!);
      return MX_FLOATS[format.element].max * powerOfTwo(exponent!);
    case 'nvfp4':
      return 6 * scale;
    case 'int':
      return (2 ** (format.bits - 1) - 1) * scale;
    default:
      throw new Error(`A block of ${format.kind} has no range of this kind.`);
  }
}

/**
 * Finite elements that lie beyond what their block can hold: below its smallest or above its largest code. Elements of
 * blocks that hold NaN or infinity do not count.
 */
export function countSaturated(values: Float32Array, rowLength: number, format: NumberFormat): number {
  const rows = rowsOf(values.length, rowLength);
  if (format.kind === 'float32') return 0;
  if (format.kind === 'float16') return countOutside(values, -HALF.max, HALF.max);
  if (format.kind === 'bfloat16') return countOutside(values, -LARGEST_BFLOAT16, LARGEST_BFLOAT16);
  if (format.kind === 'gguf') {
    return countSaturatedIn(encodeGguf(values, rowLength, format.type), values, rowLength, format.type);
  }
  const tensorMax = format.kind === 'nvfp4' ? largestFinite(values) : 0;
  let count = 0;
  for (const places of blocksOf(blockOf(format)!, rows, rowLength)) {
    const block = Float32Array.from(places, (place) => values[place]!);
    if (block.every(Number.isFinite))
      count += countOutside(block, ...rangeOf(format, scaleOf(block, format, tensorMax)));
  }
  return count;
}

/** The same for values that are encoded already. */
export function countSaturatedIn(blocks: Uint8Array, values: Float32Array, rowLength: number, type: GgufType): number {
  const [low, high] = ggufRange(blocks, rowsOf(values.length, rowLength), rowLength, type);
  let count = 0;
  for (let i = 0; i < values.length; i += 1) if (values[i]! < low[i]! || values[i]! > high[i]!) count += 1;
  return count;
}

function countOutside(values: Float32Array, low: number, high: number): number {
  let count = 0;
  for (const x of values) if (Number.isFinite(x) && (x < low || x > high)) count += 1;
  return count;
}
