// Rounding of single numbers: the meaning is in ../formats/exact.ts and ../formats/elements.ts.

/** Ties to even; ties away from zero; any other: by draw. */
export const EVEN: i32 = 0;
export const AWAY: i32 = 1;

export const SIGN: u32 = 0x80000000;
export const MAGNITUDE: u32 = 0x7fffffff;
export const INFINITE: u32 = 0x7f800000;
export const NOT_A_NUMBER: u32 = 0x7fc00000;
export const WEYL: u32 = 0x9e3779b9;

// @ts-ignore: decorator
@inline
export function mixed(word: u32): u32 {
  let z = word;
  z = (z ^ (z >> 16)) * 0x85ebca6b;
  z = (z ^ (z >> 13)) * 0xc2b2ae35;
  return z ^ (z >> 16);
}

/** A multiple of 2^-24 in (0, 1]. */
// @ts-ignore: decorator
@inline
export function drawOf(key: u32, index: u32): f32 {
  return <f32>((mixed(key + index * WEYL) >> 8) + 1) * <f32>5.9604644775390625e-8;
}

// @ts-ignore: decorator
@inline
export function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>((<u64>(k + 1023)) << 52);
}

/** Of a positive float32 as bits; subnormals too. */
// @ts-ignore: decorator
@inline
export function floorLog2(bits: u32): i32 {
  return <i32>(reinterpret<u64>(<f64>reinterpret<f32>(bits)) >> 52) - 1023;
}

// @ts-ignore: decorator
@inline
export function bound(x: i32, low: i32, high: i32): i32 {
  return max(low, min(high, x));
}

/** A magnitude as a whole number. */
// @ts-ignore: decorator
@inline
export function roundMagnitude(r: f64, rounding: i32, key: u32, index: u32): f64 {
  if (rounding == EVEN) return nearest(r);
  const whole = floor(r);
  const limit = rounding == AWAY ? 0.5 : <f64>drawOf(key, index);
  return r - whole >= limit ? whole + 1 : whole;
}

/** A finite float32 to sign, exponent and mantissa: see `roundToFloat` of the reference. */
export function roundToFloat(
  x: f32,
  mantissaBits: i32,
  minExponent: i32,
  largest: f64,
  rounding: i32,
  key: u32,
  index: u32,
): f32 {
  const bits = reinterpret<u32>(x) & MAGNITUDE;
  if (bits == 0) return x;
  const step = max(floorLog2(bits), minExponent) - mantissaBits;
  const magnitude = <f64>reinterpret<f32>(bits);
  const rounded = roundMagnitude(magnitude * powerOfTwo(-step), rounding, key, index) * powerOfTwo(step);
  return copysign<f32>(<f32>min(rounded, largest), x);
}
