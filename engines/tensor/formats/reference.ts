import { blockOf, blocksOf, rowsOf } from './blocks.ts';
import { blockMinifloat, MX_FLOATS, roundToFloat, toBfloat16, toHalf } from './elements.ts';
import { clamp, drawKey, drawOf, floorLog2, powerOfTwo, roundMagnitude } from './exact.ts';
import { decodeGguf, encodeGguf } from './gguf.ts';
import type { NumberFormat, Rounding } from './types.ts';

/** Where the elements of a block lie in their tensor, and what they share with the rest of it. */
export interface BlockPlace {
  /** Index of each element in the tensor. */
  places: ArrayLike<number>;
  /** Of the tensor's finite elements; only NVFP4 asks. */
  tensorMax: number;
  seed: number;
}

/**
 * A matrix in a number format, as numbers: the definition, to which kernels are equal bit for bit.
 *
 * NaN and infinity: float16 and bfloat16 keep them. No block format can say which element of a block was meant (MX: the
 * scale's code 255 makes the whole block NaN), so a block that holds one becomes NaN as a whole, in all of them.
 * Zeros: two's complement codes (BFP, MXINT, INT) know one zero, +0; codes with a sign bit keep -0.
 * @throws RangeError when the values are not whole rows.
 */
export function quantizeReference(
  values: Float32Array,
  rowLength: number,
  format: NumberFormat,
  seed = 0,
): Float32Array<ArrayBuffer> {
  const rows = rowsOf(values.length, rowLength);
  if (format.kind === 'float32') return values.slice();
  if (format.kind === 'float16') return values.map(toHalf);
  if (format.kind === 'bfloat16') return values.map(toBfloat16);
  if (format.kind === 'gguf') {
    return decodeGguf(encodeGguf(values, rowLength, format.type), rows, rowLength, format.type);
  }
  const result = new Float32Array(values.length);
  const tensorMax = format.kind === 'nvfp4' ? largestFinite(values) : 0;
  for (const places of blocksOf(blockOf(format)!, rows, rowLength)) {
    const block = Float32Array.from(places, (place) => values[place]!);
    const quantized = quantizeBlock(block, format, { places, tensorMax, seed });
    for (let i = 0; i < places.length; i += 1) result[places[i]!] = quantized[i]!;
  }
  return result;
}

export function largestFinite(values: Float32Array): number {
  let largest = 0;
  for (const x of values) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
  return largest;
}

/** One block that shares its scale. Formats without blocks are not for here. */
export function quantizeBlock(block: Float32Array, format: NumberFormat, place: BlockPlace): Float32Array {
  if (!block.every(Number.isFinite)) return new Float32Array(block.length).fill(Number.NaN);
  const round = roundingIn(format, scaleOf(block, format, place.tensorMax));
  if (!('rounding' in format) || format.rounding !== 'stochastic') return block.map((x) => round(x, 1));
  const key = drawKey(place.seed);
  return block.map((x, i) => round(x, drawOf(key, place.places[i]!)));
}

/**
 * What a block shares. `exponent`: of the power of two `scale`; of integers and NVFP4 undefined. `zero`: integer that
 * stands for 0.
 */
export interface BlockScale {
  scale: number;
  exponent?: number;
  zero: number;
}

/** Exponents that BFP can share: two's complement of so many bits, as BitQ clamps (-128..127 with 8 bits). */
export function exponentRange(exponentBits: number): [low: number, high: number] {
  return [-(2 ** (exponentBits - 1)), 2 ** (exponentBits - 1) - 1];
}

/** Added to the largest magnitude by BitQ's released code before its logarithm. */
const BITQ_EPSILON = Math.fround(1e-28);

/** Smallest block scale of NVFP4, as torchao has it: the smallest normal number of E4M3. */
const NVFP4_MIN_SCALE = 2 ** -6;

/**
 * What a block of finite numbers shares. Where the rules come from:
 * - BFP: floor(log2 max|x|), the clamp from BitQ (arXiv 2409.17093, released code); codes and their ties are ours, because the
 *   branch for pure BFP of that code does not run.
 * - Block minifloat: BitQ's released code, with an exact logarithm (its float32 one is a binade off just below powers of 2).
 * - MX: OCP Microscaling v1.0 as emulated by microsoft/microxcaling (whose default, ties away from zero, is 'away' here).
 * - NVFP4: NVIDIA's two levels of scales as torchao computes them.
 * - INT: the range of a group over its codes, as ONNX's DynamicQuantizeLinear has it; scales stored as float16.
 * `tensorMax`: see `BlockPlace`.
 */
export function scaleOf(block: Float32Array, format: NumberFormat, tensorMax: number): BlockScale {
  const max = largestFinite(block);
  switch (format.kind) {
    case 'bfp': {
      const [low, high] = exponentRange(format.exponentBits);
      return power(max === 0 ? low : clamp(floorLog2(max), low, high));
    }
    case 'block-minifloat': {
      const top = clamp(floorLog2(Math.fround(max + BITQ_EPSILON)), -128, 127);
      return power(top - blockMinifloat(format.exponentBits, format.mantissaBits).maxExponent);
    }
    case 'mx': {
      const top = format.element === 'int8' || format.element === 'int4' ? 0 : MX_FLOATS[format.element].maxExponent;
      return power(max === 0 ? -127 : clamp(floorLog2(max) - top, -127, 127));
    }
    case 'nvfp4': {
      // As NVIDIA's two-level scaling: tensor max / (448 x 6), then E4M3 of (block max / 6) / that; all in float32.
      const ofTensor = Math.fround(tensorMax / 2688);
      if (ofTensor === 0) return { scale: 0, zero: 0 };
      const wanted = Math.fround(Math.fround(max / 6) / ofTensor);
      const code = roundToFloat(clamp(wanted, NVFP4_MIN_SCALE, 448), MX_FLOATS.e4m3, 0, 'even', 1);
      return { scale: Math.fround(code * ofTensor), zero: 0 };
    }
    case 'int': {
      if (format.symmetric) {
        return { scale: groupScale(Math.fround(max / (2 ** (format.bits - 1) - 1))), zero: 0 };
      }
      let [low, high] = [0, 0];
      for (const x of block) [low, high] = [Math.min(low, x), Math.max(high, x)];
      const codes = 2 ** format.bits - 1;
      const scale = groupScale(Math.fround(Math.fround(high - low) / codes));
      if (scale === 0) return { scale, zero: 0 };
      return { scale, zero: Math.min(roundMagnitude(Math.fround(-low / scale), 'even', 1), codes) };
    }
    default:
      throw new Error(`A block of ${format.kind} has no scale of this kind.`);
  }
}

function power(exponent: number): BlockScale {
  return { scale: powerOfTwo(exponent), exponent, zero: 0 };
}

/** Scale of a group of integers: float16, and its largest number rather than infinity. */
function groupScale(scale: number): number {
  return Math.min(toHalf(scale), 65_504);
}

/** A finite element of a block with this scale, by its draw. */
type RoundElement = (x: number, draw: number) => number;

function roundingIn(format: NumberFormat, shared: BlockScale): RoundElement {
  switch (format.kind) {
    case 'bfp':
      return fixedPoint(shared.exponent!, format.mantissaBits, format.rounding);
    case 'block-minifloat': {
      const element = blockMinifloat(format.exponentBits, format.mantissaBits);
      return (x, draw) => roundToFloat(x, element, shared.exponent!, format.rounding, draw);
    }
    case 'mx': {
      if (format.element === 'int8') return fixedPoint(shared.exponent!, 8, format.rounding);
      if (format.element === 'int4') return fixedPoint(shared.exponent!, 4, format.rounding);
      const element = MX_FLOATS[format.element];
      return (x, draw) => roundToFloat(x, element, shared.exponent!, format.rounding, draw);
    }
    case 'nvfp4':
      return (x, draw) => {
        const ratio = shared.scale === 0 ? x * 0 : Math.fround(x / shared.scale);
        return Math.fround(roundToFloat(clamp(ratio, -6, 6), MX_FLOATS.e2m1, 0, format.rounding, draw) * shared.scale);
      };
    case 'int': {
      if (shared.scale === 0) return () => 0;
      const [low, high] = format.symmetric
        ? [1 - 2 ** (format.bits - 1), 2 ** (format.bits - 1) - 1]
        : [-shared.zero, 2 ** format.bits - 1 - shared.zero];
      return (x, draw) => {
        const ratio = Math.fround(x / shared.scale);
        const magnitude = roundMagnitude(Math.abs(ratio), format.rounding, draw);
        return clamp(ratio < 0 ? -magnitude : magnitude, low, high) * shared.scale + 0;
      };
    }
    default:
      throw new Error(`An element of ${format.kind} has no scale of this kind.`);
  }
}

/** Two's complement codes of `bits` bits without the lowest, in steps of 2^(exponent - (bits - 2)). */
function fixedPoint(exponent: number, bits: number, rounding: Rounding): RoundElement {
  const [step, perStep] = [powerOfTwo(exponent - (bits - 2)), powerOfTwo(bits - 2 - exponent)];
  const most = 2 ** (bits - 1) - 1;
  return (x, draw) => {
    const code = Math.min(roundMagnitude(Math.abs(x) * perStep, rounding, draw), most);
    return (x < 0 ? -code : code) * step + 0;
  };
}
