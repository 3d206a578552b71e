import { bitString, encodeFloat } from './codes.ts';
import { blockMinifloat, MX_FLOATS, type SmallFloat } from './elements.ts';
import { floorLog2, powerOfTwo } from './exact.ts';
import { encodeBlock } from './gguf.ts';
import { describeGgufBlock } from './gguf-anatomy.ts';
import { encodeBfloat16, encodeHalf } from './half.ts';
import { signalToNoise } from './measure.ts';
import {
  type BlockPlace,
  type BlockScale,
  largestFinite,
  quantizeBlock,
  quantizeReference,
  scaleOf,
} from './reference.ts';
import { rangeOf } from './saturation.ts';
import { GGUF_BLOCK_BYTES } from './stored-bits.ts';
import type { BlockAnatomy, ElementAnatomy, NumberFormat } from './types.ts';

/** Elements that are shown of one block where nothing else is asked for. */
const SHOWN = 256;

/** Where a block lies, for those formats whose blocks know of their surroundings. Absent: the block is a whole tensor. */
export interface Surroundings extends Partial<BlockPlace> {
  /** At most so many elements are described; errors are those of the whole block. */
  shown?: number;
}

/**
 * A block as its format holds it. `block`: the elements that share a scale (of formats that share nothing: any). A block
 * that holds NaN or infinity has no scale: every element becomes NaN, and scale, step and errors are 0.
 */
export function describeBlock(block: Float32Array, format: NumberFormat, around: Surroundings = {}): BlockAnatomy {
  const place: BlockPlace = {
    places: around.places ?? block.map((_, i) => i),
    tensorMax: around.tensorMax ?? largestFinite(block),
    seed: around.seed ?? 0,
  };
  const quantized = quantizedBlock(block, format, place);
  const { describe, ...shared } = anatomyOf(block, format, place);
  const elements: ElementAnatomy[] = [];
  for (let i = 0; i < Math.min(block.length, around.shown ?? SHOWN); i += 1) {
    const [value, q] = [block[i]!, quantized[i]!];
    elements.push({ value, quantized: q, error: value - q, ...describe(value, q, i) });
  }
  let [squares, errors] = [0, 0];
  for (let i = 0; i < block.length; i += 1) {
    if (!Number.isFinite(block[i]!) || !Number.isFinite(quantized[i]!)) continue;
    const error = block[i]! - quantized[i]!;
    squares += block[i]! * block[i]!;
    errors += error * error;
  }
  const signalToNoiseDb = signalToNoise(squares, errors);
  const meanSquaredError = block.length === 0 ? 0 : errors / block.length;
  return { elements, ...shared, meanSquaredError, ...(signalToNoiseDb === undefined ? {} : { signalToNoiseDb }) };
}

function quantizedBlock(block: Float32Array, format: NumberFormat, place: BlockPlace): Float32Array {
  switch (format.kind) {
    case 'float32':
    case 'float16':
    case 'bfloat16':
    case 'gguf':
      return quantizeReference(block, Math.max(block.length, 1), format);
    default:
      return quantizeBlock(block, format, place);
  }
}

type Describe = (
  value: number,
  quantized: number,
  index: number,
) => Pick<ElementAnatomy, 'sign' | 'exponent' | 'mantissa' | 'note'>;

interface Shared extends Pick<BlockAnatomy, 'scale' | 'scaleBits' | 'scaleNote' | 'step'> {
  describe: Describe;
}

const NO_BITS = { sign: '', exponent: '', mantissa: '' };

function anatomyOf(block: Float32Array, format: NumberFormat, place: BlockPlace): Shared {
  switch (format.kind) {
    case 'float32':
    case 'float16':
    case 'bfloat16':
      return ieee(block, format.kind);
  }
  if (!block.every(Number.isFinite)) {
    return {
      scale: 0,
      scaleBits: format.kind === 'mx' ? '11111111' : '',
      scaleNote: 'The block holds NaN or infinity: all of it becomes NaN.',
      step: 0,
      describe: () => ({ ...NO_BITS, note: 'not a number' }),
    };
  }
  if (format.kind === 'gguf') {
    const padded = new Float32Array(format.type.endsWith('_k') ? 256 : 32);
    padded.set(block);
    const view = new DataView(new ArrayBuffer(GGUF_BLOCK_BYTES[format.type]));
    encodeBlock(padded, view, 0, format.type);
    return describeGgufBlock(view, format.type);
  }
  const shared = scaleOf(block, format, place.tensorMax);
  const [low, high] = rangeOf(format, shared);
  const saturated = (value: number) => (value < low || value > high ? ['saturated'] : []);
  switch (format.kind) {
    case 'bfp': {
      const step = shared.exponent! - (format.mantissaBits - 2);
      return {
        scale: shared.scale,
        scaleBits: bitString(shared.exponent!, format.exponentBits),
        scaleNote: `shared exponent ${shared.exponent}: codes count steps of 2^${step}`,
        step: powerOfTwo(step),
        describe: (value, q) => integer(q / powerOfTwo(step), format.mantissaBits, saturated(value)),
      };
    }
    case 'mx': {
      const code = shared.exponent! + 127;
      const scale = {
        scale: shared.scale,
        scaleBits: bitString(code, 8),
        scaleNote: `E8M0 code ${code}: 2^${shared.exponent}`,
      };
      if (format.element === 'int8' || format.element === 'int4') {
        const bits = format.element === 'int8' ? 8 : 4;
        const step = shared.scale * powerOfTwo(2 - bits);
        return { ...scale, step, describe: (value, q) => integer(q / step, bits, saturated(value)) };
      }
      return { ...scale, ...floating(block, MX_FLOATS[format.element], shared, saturated, high) };
    }
    case 'block-minifloat': {
      const element = blockMinifloat(format.exponentBits, format.mantissaBits);
      const top = shared.exponent! + element.maxExponent;
      return {
        scale: shared.scale,
        scaleBits: bitString(top, 8),
        scaleNote: `shared exponent ${top}: elements are scaled by 2^${shared.exponent}`,
        ...floating(block, element, shared, saturated, high),
      };
    }
    case 'nvfp4': {
      const ofTensor = Math.fround(place.tensorMax / 2688);
      const code = ofTensor === 0 ? 0 : shared.scale / ofTensor;
      // The product was rounded to float32: the E4M3 number next to the quotient is the one it was made from.
      const e4m3 = encodeFloat(roundedE4m3(code), MX_FLOATS.e4m3);
      return {
        scale: shared.scale,
        scaleBits: bitString(e4m3, 8),
        scaleNote: `E4M3 ${roundedE4m3(code)} times the tensor's ${ofTensor}`,
        ...floating(block, MX_FLOATS.e2m1, shared, saturated, high),
      };
    }
    case 'int': {
      const zero = format.symmetric ? '' : bitString(shared.zero, format.bits);
      return {
        scale: shared.scale,
        scaleBits: bitString(encodeHalf(shared.scale), 16) + zero,
        scaleNote: format.symmetric ? 'float16 scale' : `float16 scale, and code ${shared.zero} stands for 0`,
        step: shared.scale,
        describe: (value, q) => {
          const code = shared.scale === 0 ? 0 : Math.round(q / shared.scale);
          if (format.symmetric) return integer(code, format.bits, saturated(value));
          const stored = code + shared.zero;
          const mantissa = bitString(stored, format.bits);
          return { ...NO_BITS, mantissa, note: [`code ${stored}`, ...saturated(value)].join(', ') };
        },
      };
    }
  }
}

function roundedE4m3(x: number): number {
  if (x === 0) return 0;
  const step = powerOfTwo(floorLog2(x) - 3);
  return Math.round(x / step) * step;
}

/** A two's complement code of so many bits. */
function integer(code: number, bits: number, notes: string[]): ReturnType<Describe> {
  const all = bitString(code, bits);
  const words = code === 0 ? ['zero'] : [`code ${code}`];
  return { sign: all[0]!, exponent: '', mantissa: all.slice(1), note: [...words, ...notes].join(', ') };
}

/** Codes of a small float times the shared scale. */
function floating(
  block: Float32Array,
  format: SmallFloat,
  shared: BlockScale,
  saturated: (value: number) => string[],
  high: number,
): Pick<Shared, 'step' | 'describe'> {
  const { exponentBits, mantissaBits, minExponent } = format;
  const top = Math.min(largestFinite(block), high) / (shared.scale || 1);
  const binade = top === 0 ? minExponent : Math.max(floorLog2(top), minExponent);
  return {
    step: powerOfTwo(binade - mantissaBits) * shared.scale,
    describe(value, q) {
      const held = shared.scale === 0 ? q * 0 : exactly(q / shared.scale, format);
      const bits = bitString(encodeFloat(held, format), 1 + exponentBits + mantissaBits);
      const size = Math.abs(held);
      const words = size === 0 ? ['zero'] : size < powerOfTwo(minExponent) ? ['subnormal'] : [];
      return {
        sign: bits[0]!,
        exponent: bits.slice(1, 1 + exponentBits),
        mantissa: bits.slice(1 + exponentBits),
        note: [...words, ...saturated(value)].join(', '),
      };
    },
  };
}

/** The number of the format next to x: where the scale is no power of two, the quotient of float32 numbers is not exact. */
function exactly(x: number, { minExponent, mantissaBits }: SmallFloat): number {
  if (x === 0) return x;
  const step = powerOfTwo(Math.max(floorLog2(Math.abs(x)), minExponent) - mantissaBits);
  return Math.sign(x) * Math.round(Math.abs(x) / step) * step;
}

const IEEE = {
  float32: { exponentBits: 8, mantissaBits: 23, minExponent: -126 },
  float16: { exponentBits: 5, mantissaBits: 10, minExponent: -14 },
  bfloat16: { exponentBits: 8, mantissaBits: 7, minExponent: -126 },
} as const;

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** Formats that share nothing: every element has its own exponent. */
function ieee(block: Float32Array, kind: keyof typeof IEEE): Shared {
  const { exponentBits, mantissaBits, minExponent } = IEEE[kind];
  const top = largestFinite(block);
  const code = (q: number) => {
    if (kind === 'float16') return encodeHalf(q);
    if (kind === 'bfloat16') return encodeBfloat16(q);
    float[0] = q;
    return word[0]!;
  };
  return {
    scale: 1,
    scaleBits: '',
    scaleNote: '',
    step: powerOfTwo((top === 0 ? minExponent : Math.max(floorLog2(top), minExponent)) - mantissaBits),
    describe(value, q) {
      const bits = code(q)
        .toString(2)
        .padStart(1 + exponentBits + mantissaBits, '0');
      const note = Number.isNaN(q)
        ? 'not a number'
        : !Number.isFinite(q)
          ? Number.isFinite(value)
            ? 'infinite, saturated'
            : 'infinite'
          : q === 0
            ? 'zero'
            : Math.abs(q) < powerOfTwo(minExponent)
              ? 'subnormal'
              : '';
      return {
        sign: bits[0]!,
        exponent: bits.slice(1, 1 + exponentBits),
        mantissa: bits.slice(1 + exponentBits),
        note,
      };
    },
  };
}
