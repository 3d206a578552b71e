// llama.cpp's blocks of 32 with float16 scales, as numbers: the meaning is in ../formats/gguf.ts.

import { fill, half } from './quantize-elements.part.as';

/** Codes from 0: trunc((x - least) x inverse + lift), bounded by `top`; value = (code - offset) x scale + minimum. */
// @ts-ignore: decorator
@inline
function cut(
  from: usize,
  to: usize,
  count: i32,
  least: f32,
  inverse: f32,
  lift: f32,
  top: f32,
  offset: f32,
  scale: f32,
  minimum: f32,
): void {
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    const zero = f32x4.splat(0);
    for (; at <= count - 4; at += 4) {
      const place = (<usize>at) << 2;
      const x = f32x4.sub(v128.load(from + place), f32x4.splat(least));
      const lifted = f32x4.add(f32x4.mul(x, f32x4.splat(inverse)), f32x4.splat(lift));
      // In this order NaN becomes 0.
      const code = f32x4.pmin(f32x4.splat(top), f32x4.pmax(zero, f32x4.trunc(lifted)));
      const held = f32x4.mul(f32x4.sub(code, f32x4.splat(offset)), f32x4.splat(scale));
      v128.store(to + place, f32x4.add(held, f32x4.splat(minimum)));
    }
  }
  for (; at < count; at += 1) {
    const place = (<usize>at) << 2;
    const lifted = trunc<f32>((load<f32>(from + place) - least) * inverse + lift);
    const code: f32 = lifted > 0 ? (lifted < top ? lifted : top) : 0;
    store<f32>(to + place, (code - offset) * scale + minimum);
  }
}

/** Elements of one block that lie beyond its lowest or highest code. */
function countOutside(from: usize, count: i32, a: f32, b: f32): u32 {
  const low = min<f32>(a, b);
  const high = max<f32>(a, b);
  let found: u32 = 0;
  for (let at = 0; at < count; at += 1) {
    const x = load<f32>(from + ((<usize>at) << 2));
    found += <u32>(x < low) + <u32>(x > high);
  }
  return found;
}

/** q4_0 and q5_0: the first number of the largest magnitude becomes the lowest code. `largest`: that magnitude's bits. */
export function extremeBlock(from: usize, to: usize, count: i32, bits: i32, largest: u32, counting: bool): u32 {
  let at: usize = from;
  while ((load<u32>(at) & 0x7fffffff) != largest) at += 4;
  const middle = <f32>(1 << (bits - 1));
  const wanted = load<f32>(at) / -middle;
  const scale = half(wanted);
  if (scale == 0) fill(to, count, 0);
  const found = counting ? countOutside(from, count, -middle * scale, (middle - 1) * scale) : 0;
  if (scale != 0) cut(from, to, count, 0, 1 / wanted, middle + 0.5, 2 * middle - 1, middle, scale, 0);
  return found;
}

/** q4_1 and q5_1: from the least number to the greatest. A block that is short has zeros behind it. */
export function minimumBlock(from: usize, to: usize, count: i32, bits: i32, counting: bool): u32 {
  let least = load<f32>(from);
  let most = least;
  for (let at = 1; at < count; at += 1) {
    const x = load<f32>(from + ((<usize>at) << 2));
    least = min<f32>(least, x);
    most = max<f32>(most, x);
  }
  if (count < 32) {
    least = min<f32>(least, 0);
    most = max<f32>(most, 0);
  }
  const top = <f32>((1 << bits) - 1);
  const wanted = (most - least) / top;
  const scale = half(wanted);
  const minimum = half(least);
  const found = counting ? countOutside(from, count, 0 * scale + minimum, top * scale + minimum) : 0;
  cut(from, to, count, least, wanted == 0 ? 0 : 1 / wanted, 0.5, top, 0, scale, minimum);
  return found;
}

/** q8_0: the largest magnitude becomes 127, halves away from zero. */
export function byteBlock(from: usize, to: usize, count: i32, largest: u32, counting: bool): u32 {
  const wanted = reinterpret<f32>(largest) / 127;
  const scale = half(wanted);
  const found = counting ? countOutside(from, count, -128 * scale, 127 * scale) : 0;
  if (scale == 0) {
    fill(to, count, 0);
    return found;
  }
  const inverse: f32 = 1 / wanted;
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    const sign = i32x4.splat(0x80000000);
    for (; at <= count - 4; at += 4) {
      const place = (<usize>at) << 2;
      const ratio = f32x4.mul(v128.load(from + place), f32x4.splat(inverse));
      const magnitude = v128.andnot(ratio, sign);
      const whole = f32x4.trunc(magnitude);
      const up = v128.and(f32x4.ge(f32x4.sub(magnitude, whole), f32x4.splat(0.5)), f32x4.splat(1));
      const code = f32x4.pmin(f32x4.add(whole, up), f32x4.splat(127));
      const held = v128.or(f32x4.mul(code, f32x4.splat(scale)), v128.and(ratio, sign));
      v128.store(to + place, f32x4.add(held, f32x4.splat(0)));
    }
  }
  for (; at < count; at += 1) {
    const place = (<usize>at) << 2;
    const ratio = load<f32>(from + place) * inverse;
    const code = min<f64>(floor(<f64>abs<f32>(ratio) + 0.5), 127);
    store<f32>(to + place, copysign<f32>(<f32>code, ratio) * scale + 0);
  }
  return found;
}
