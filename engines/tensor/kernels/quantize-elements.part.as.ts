// Elements of a block by its scale, four at a time where there is SIMD: the meaning is in ../formats/reference.ts.

import {
  EVEN,
  AWAY,
  INFINITE,
  MAGNITUDE,
  NOT_A_NUMBER,
  powerOfTwo,
  roundMagnitude,
  roundToFloat,
  SIGN,
  WEYL,
} from './quantize-round.part.as';

// --- Rounding of four magnitudes ---

/** Draws of the elements index..index + 3. */
// @ts-ignore: decorator
@inline
function draws(key: u32, index: u32): v128 {
  const places = i32x4.add(i32x4.splat(<i32>index), i32x4(0, 1, 2, 3));
  let z = i32x4.add(i32x4.splat(<i32>key), i32x4.mul(places, i32x4.splat(<i32>WEYL)));
  z = i32x4.mul(v128.xor(z, i32x4.shr_u(z, 16)), i32x4.splat(<i32>0x85ebca6b));
  z = i32x4.mul(v128.xor(z, i32x4.shr_u(z, 13)), i32x4.splat(<i32>0xc2b2ae35));
  z = v128.xor(z, i32x4.shr_u(z, 16));
  const counted = i32x4.add(i32x4.shr_u(z, 8), i32x4.splat(1));
  return f32x4.mul(f32x4.convert_i32x4_s(counted), f32x4.splat(<f32>5.9604644775390625e-8));
}

/** Magnitudes below 2^23 as whole numbers (larger ones are whole; infinity stays). */
// @ts-ignore: decorator
@inline
function roundFour(r: v128, rounding: i32, key: u32, index: u32): v128 {
  if (rounding == EVEN) return f32x4.nearest(r);
  const whole = f32x4.trunc(r);
  const limit = rounding == AWAY ? f32x4.splat(0.5) : draws(key, index);
  const up = f32x4.ge(f32x4.sub(r, whole), limit);
  return f32x4.add(whole, v128.and(up, f32x4.splat(1)));
}

// --- Families ---

/** Two's complement codes up to +-limit, times 2^step. */
export function fixedPoint(
  from: usize,
  to: usize,
  count: i32,
  step: i32,
  limit: i32,
  rounding: i32,
  key: u32,
  index: u32,
): void {
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    if (step >= -100 && step <= 100) {
      const scale = f32x4.splat(reinterpret<f32>((127 + step) << 23));
      const inverse = f32x4.splat(reinterpret<f32>((127 - step) << 23));
      const high = f32x4.splat(<f32>limit);
      if (rounding == EVEN) {
        const low = f32x4.splat(<f32>-limit);
        const zero = f32x4.splat(0);
        for (; at <= count - 4; at += 4) {
          const offset = (<usize>at) << 2;
          const code = f32x4.nearest(f32x4.mul(v128.load(from + offset), inverse));
          const held = f32x4.pmin(f32x4.pmax(code, low), high);
          v128.store(to + offset, f32x4.add(f32x4.mul(held, scale), zero));
        }
      } else {
        const sign = i32x4.splat(<i32>SIGN);
        const zero = f32x4.splat(0);
        for (; at <= count - 4; at += 4) {
          const offset = (<usize>at) << 2;
          const x = v128.load(from + offset);
          const code = roundFour(f32x4.mul(v128.andnot(x, sign), inverse), rounding, key, index + at);
          const held = f32x4.mul(f32x4.pmin(code, high), scale);
          v128.store(to + offset, f32x4.add(v128.or(held, v128.and(x, sign)), zero));
        }
      }
    }
  }
  const scale = powerOfTwo(step);
  const inverse = powerOfTwo(-step);
  const high = <f64>limit;
  for (; at < count; at += 1) {
    const offset = (<usize>at) << 2;
    const x = <f64>load<f32>(from + offset);
    const held = min(roundMagnitude(abs(x) * inverse, rounding, key, index + at), high) * scale;
    store<f32>(to + offset, <f32>(copysign(held, x) + 0));
  }
}

/** Sign, exponent and mantissa; smallest normal 2^minExponent, largest magnitude `largest`. */
export function floatingPoint(
  from: usize,
  to: usize,
  count: i32,
  top: i32,
  mantissaBits: i32,
  minExponent: i32,
  largest: f64,
  rounding: i32,
  key: u32,
  index: u32,
): void {
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    if (top >= -80 && top <= 120) {
      const sign = i32x4.splat(<i32>SIGN);
      const exponent = i32x4.splat(<i32>INFINITE);
      const lowest = i32x4.splat((127 + minExponent) << 23);
      const turned = i32x4.splat(254 << 23);
      const up = f32x4.splat(reinterpret<f32>((127 + mantissaBits) << 23));
      const down = f32x4.splat(reinterpret<f32>((127 - mantissaBits) << 23));
      const high = f32x4.splat(<f32>largest);
      for (; at <= count - 4; at += 4) {
        const offset = (<usize>at) << 2;
        const x = v128.load(from + offset);
        const binade = i32x4.max_s(v128.and(x, exponent), lowest);
        const inverse = f32x4.mul(i32x4.sub(turned, binade), up);
        const code = roundFour(f32x4.mul(v128.andnot(x, sign), inverse), rounding, key, index + at);
        const held = f32x4.pmin(f32x4.mul(code, f32x4.mul(binade, down)), high);
        v128.store(to + offset, v128.or(held, v128.and(x, sign)));
      }
    }
  }
  for (; at < count; at += 1) {
    const offset = (<usize>at) << 2;
    store<f32>(
      to + offset,
      roundToFloat(load<f32>(from + offset), mantissaBits, minExponent, largest, rounding, key, index + at),
    );
  }
}

/** E2M1 times a scale that is no power of two. */
export function fourBitFloats(
  from: usize,
  to: usize,
  count: i32,
  scale: f32,
  rounding: i32,
  key: u32,
  index: u32,
): void {
  if (scale == 0) {
    for (let at = 0; at < count; at += 1) {
      const offset = (<usize>at) << 2;
      store<u32>(to + offset, load<u32>(from + offset) & SIGN);
    }
    return;
  }
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    const sign = i32x4.splat(<i32>SIGN);
    const exponent = i32x4.splat(<i32>INFINITE);
    const lowest = i32x4.splat(127 << 23);
    const turned = i32x4.splat(254 << 23);
    const divisor = f32x4.splat(scale);
    for (; at <= count - 4; at += 4) {
      const offset = (<usize>at) << 2;
      const x = v128.load(from + offset);
      const ratio = f32x4.pmin(f32x4.div(v128.andnot(x, sign), divisor), f32x4.splat(6));
      const binade = i32x4.max_s(v128.and(ratio, exponent), lowest);
      const inverse = f32x4.mul(i32x4.sub(turned, binade), f32x4.splat(2));
      const code = roundFour(f32x4.mul(ratio, inverse), rounding, key, index + at);
      const held = f32x4.mul(f32x4.pmin(f32x4.mul(code, f32x4.mul(binade, f32x4.splat(0.5))), f32x4.splat(6)), divisor);
      v128.store(to + offset, v128.or(held, v128.and(x, sign)));
    }
  }
  for (; at < count; at += 1) {
    const offset = (<usize>at) << 2;
    const x = load<f32>(from + offset);
    const ratio = copysign<f32>(min<f32>(abs<f32>(x) / scale, 6), x);
    store<f32>(to + offset, roundToFloat(ratio, 1, 0, 6, rounding, key, index + at) * scale);
  }
}

/** Integers from low to high, times a scale that is no power of two. */
export function integers(
  from: usize,
  to: usize,
  count: i32,
  scale: f32,
  low: i32,
  high: i32,
  rounding: i32,
  key: u32,
  index: u32,
): void {
  if (scale == 0) return fill(to, count, 0);
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    const sign = i32x4.splat(<i32>SIGN);
    const divisor = f32x4.splat(scale);
    const least = f32x4.splat(<f32>low);
    const most = f32x4.splat(<f32>high);
    const zero = f32x4.splat(0);
    for (; at <= count - 4; at += 4) {
      const offset = (<usize>at) << 2;
      const x = v128.load(from + offset);
      const code = roundFour(f32x4.div(v128.andnot(x, sign), divisor), rounding, key, index + at);
      const held = f32x4.pmin(f32x4.pmax(v128.or(code, v128.and(x, sign)), least), most);
      v128.store(to + offset, f32x4.add(f32x4.mul(held, divisor), zero));
    }
  }
  for (; at < count; at += 1) {
    const offset = (<usize>at) << 2;
    const x = load<f32>(from + offset);
    const code = copysign(roundMagnitude(<f64>(abs<f32>(x) / scale), rounding, key, index + at), <f64>x);
    store<f32>(to + offset, <f32>min(max(code, <f64>low), <f64>high) * scale + 0);
  }
}

export function halves(from: usize, to: usize, count: i32): void {
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    const sign = i32x4.splat(<i32>SIGN);
    const exponent = i32x4.splat(<i32>INFINITE);
    const lowest = i32x4.splat((127 - 14) << 23);
    const turned = i32x4.splat(254 << 23);
    for (; at <= count - 4; at += 4) {
      const offset = (<usize>at) << 2;
      const x = v128.load(from + offset);
      const magnitude = v128.andnot(x, sign);
      const bounded = i32x4.min_s(magnitude, i32x4.splat(0x47800000));
      const binade = i32x4.max_s(v128.and(bounded, exponent), lowest);
      const inverse = f32x4.mul(i32x4.sub(turned, binade), f32x4.splat(1024));
      const code = f32x4.nearest(f32x4.mul(bounded, inverse));
      let held = f32x4.mul(code, f32x4.mul(binade, f32x4.splat(0.0009765625)));
      held = v128.bitselect(exponent, held, f32x4.gt(held, f32x4.splat(65504)));
      held = v128.bitselect(i32x4.splat(<i32>NOT_A_NUMBER), held, i32x4.gt_s(magnitude, exponent));
      v128.store(to + offset, v128.or(held, v128.and(x, sign)));
    }
  }
  for (; at < count; at += 1) {
    const offset = (<usize>at) << 2;
    store<f32>(to + offset, half(load<f32>(from + offset)));
  }
}

export function half(x: f32): f32 {
  const bits = reinterpret<u32>(x) & MAGNITUDE;
  if (bits > INFINITE) return reinterpret<f32>(NOT_A_NUMBER);
  if (bits >= 0x477ff000) return copysign<f32>(reinterpret<f32>(INFINITE), x);
  return roundToFloat(x, 10, -14, 65504, EVEN, 0, 0);
}

export function brains(from: usize, to: usize, count: i32): void {
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    const infinite = i32x4.splat(<i32>INFINITE);
    for (; at <= count - 4; at += 4) {
      const offset = (<usize>at) << 2;
      const x = v128.load(from + offset);
      const odd = v128.and(i32x4.shr_u(x, 16), i32x4.splat(1));
      const rounded = i32x4.add(i32x4.add(x, i32x4.splat(0x7fff)), odd);
      const held = v128.and(rounded, i32x4.splat(<i32>0xffff0000));
      const nan = i32x4.gt_s(v128.and(x, i32x4.splat(<i32>MAGNITUDE)), infinite);
      v128.store(to + offset, v128.bitselect(i32x4.splat(<i32>NOT_A_NUMBER), held, nan));
    }
  }
  for (; at < count; at += 1) {
    const offset = (<usize>at) << 2;
    const bits = load<u32>(from + offset);
    const held = (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000;
    store<u32>(to + offset, (bits & MAGNITUDE) > INFINITE ? NOT_A_NUMBER : held);
  }
}

export function fill(to: usize, count: i32, bits: u32): void {
  for (let at = 0; at < count; at += 1) store<u32>(to + ((<usize>at) << 2), bits);
}
