import { toBfloat16, toHalf } from './elements.ts';
import { floorLog2, powerOfTwo } from './exact.ts';

/** Bits of IEEE binary16 of a number, rounded ties to even; NaN as 0x7e00. */
export function encodeHalf(x: number): number {
  if (Number.isNaN(x)) return 0x7e00;
  const value = toHalf(x);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | (magnitude * 2 ** 24);
  const exponent = floorLog2(magnitude);
  return sign | (((exponent + 15) << 10) + (magnitude * powerOfTwo(10 - exponent) - 1024));
}

/** The number that bits of IEEE binary16 stand for. */
export function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * powerOfTwo(exponent - 25));
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** Bits of bfloat16 of a number, rounded ties to even; NaN as 0x7fc0. */
export function encodeBfloat16(x: number): number {
  if (Number.isNaN(x)) return 0x7fc0;
  float[0] = toBfloat16(x);
  return word[0]! >>> 16;
}
