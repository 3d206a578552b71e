import { MX_FLOATS, roundToFloat, type SmallFloat } from './elements.ts';
import { floorLog2, powerOfTwo } from './exact.ts';

/** Code of a number that the small float holds exactly: sign, biased exponent (0: subnormal), mantissa. */
export function encodeFloat(value: number, format: SmallFloat): number {
  const { exponentBits, mantissaBits, minExponent } = format;
  const sign = value < 0 || Object.is(value, -0) ? 1 << (exponentBits + mantissaBits) : 0;
  const magnitude = Math.abs(value);
  if (magnitude === 0) return sign;
  const exponent = Math.max(floorLog2(magnitude), minExponent);
  // With its hidden one a normal number's fraction carries into the exponent field; a subnormal one's does not.
  const fraction = magnitude * powerOfTwo(mantissaBits - exponent);
  return sign | (((exponent - minExponent) << mantissaBits) + fraction);
}

/** The number that a code stands for. Of FP8, codes for NaN and infinity are numbers here: `decodeFloat8` knows them. */
export function decodeFloat(code: number, { exponentBits, mantissaBits, minExponent }: SmallFloat): number {
  const sign = (code >> (exponentBits + mantissaBits)) & 1 ? -1 : 1;
  const field = (code >> mantissaBits) & (2 ** exponentBits - 1);
  const fraction = code & (2 ** mantissaBits - 1);
  const scale = powerOfTwo(minExponent - mantissaBits + Math.max(field - 1, 0));
  return sign * (field === 0 ? fraction : fraction + 2 ** mantissaBits) * scale;
}

export type Float8 = 'e4m3' | 'e5m2';

/**
 * A single number in FP8 (OCP OFP8), ties to even. Beyond the largest, `saturate` gives the largest; without it E4M3, which
 * has no infinity, gives NaN, and E5M2 infinity. What rounds down to the largest is not beyond it (E4M3: 464, a tie).
 */
export function toFloat8(x: number, type: Float8, saturate: boolean): number {
  const format = MX_FLOATS[type];
  if (Number.isNaN(x)) return x;
  const sign = x < 0 ? -1 : 1;
  if (Number.isFinite(x)) {
    const rounded = roundToFloat(x, { ...format, max: Number.POSITIVE_INFINITY }, 0, 'even', 1);
    if (Math.abs(rounded) <= format.max) return rounded;
  }
  if (saturate) return sign * format.max;
  return type === 'e4m3' ? Number.NaN : sign * Number.POSITIVE_INFINITY;
}

/** Code of `toFloat8`. NaN: all ones without the sign. */
export function encodeFloat8(x: number, type: Float8, saturate: boolean): number {
  const value = toFloat8(x, type, saturate);
  if (Number.isNaN(value)) return 0x7f;
  if (!Number.isFinite(value)) return value < 0 ? 0xfc : 0x7c;
  return encodeFloat(value, MX_FLOATS[type]);
}

/** The number that a code of FP8 stands for, NaN and the infinities included. */
export function decodeFloat8(code: number, type: Float8): number {
  const magnitude = code & 0x7f;
  if (type === 'e4m3') return magnitude === 0x7f ? Number.NaN : decodeFloat(code, MX_FLOATS.e4m3);
  if (magnitude > 0x7c) return Number.NaN;
  if (magnitude === 0x7c) return code & 0x80 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return decodeFloat(code, MX_FLOATS.e5m2);
}

/** The lowest `width` bits of a whole number, two's complement, as a string. */
export function bitString(x: number, width: number): string {
  return width === 0 ? '' : (x & (2 ** width - 1)).toString(2).padStart(width, '0');
}
