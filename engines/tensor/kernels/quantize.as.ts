// Matrices of float32 into number formats and back to float32. The meaning is in ../formats/reference.ts; the arguments of
// a format come from ../formats/kernel-parameters.ts. Built twice from this file: plain, and with SIMD (then
// ASC_FEATURE_SIMD is true). Both give the reference's bits: scaling by powers of two is exact, and where an exponent is so
// far out that float32 could not hold a step or its reciprocal, doubles take over.

export { measure } from './measure.as';

const COPY: i32 = 0;
const HALF: i32 = 1;
const BRAIN: i32 = 2;
const BFP: i32 = 3;
const MX_INT: i32 = 4;
const MX_FLOAT: i32 = 5;
const MINIFLOAT: i32 = 6;
const NVFP4: i32 = 7;
const INT: i32 = 8;
const UINT: i32 = 9;

const EVEN: i32 = 0;
const AWAY: i32 = 1;
const STOCHASTIC: i32 = 2;

const SIGN: u32 = 0x80000000;
const MAGNITUDE: u32 = 0x7fffffff;
const INFINITE: u32 = 0x7f800000;
const NOT_A_NUMBER: u32 = 0x7fc00000;
const WEYL: u32 = 0x9e3779b9;

let counting: bool = false;
let beyond: u32 = 0;

/** First byte that the host may lay its arrays at. */
export function heapBase(): usize {
  return __heap_base;
}

/** From here on elements beyond the largest code of their block are counted. */
export function startCount(): void {
  counting = true;
  beyond = 0;
}

/** Ends counting, and gives the count. */
export function endCount(): u32 {
  counting = false;
  return beyond;
}

// @ts-ignore: decorator
@inline
function mixed(word: u32): u32 {
  let z = word;
  z = (z ^ (z >> 16)) * 0x85ebca6b;
  z = (z ^ (z >> 13)) * 0xc2b2ae35;
  return z ^ (z >> 16);
}

/** A multiple of 2^-24 in (0, 1]. */
// @ts-ignore: decorator
@inline
function drawOf(key: u32, index: u32): f32 {
  return <f32>((mixed(key + index * WEYL) >> 8) + 1) * <f32>5.9604644775390625e-8;
}

// @ts-ignore: decorator
@inline
function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>((<u64>(k + 1023)) << 52);
}

/** Of a positive float32 as bits; subnormals too. */
// @ts-ignore: decorator
@inline
function floorLog2(bits: u32): i32 {
  return <i32>(reinterpret<u64>(<f64>reinterpret<f32>(bits)) >> 52) - 1023;
}

// @ts-ignore: decorator
@inline
function bound(x: i32, low: i32, high: i32): i32 {
  return max(low, min(high, x));
}

/** A magnitude as a whole number. */
// @ts-ignore: decorator
@inline
function roundMagnitude(r: f64, rounding: i32, key: u32, index: u32): f64 {
  if (rounding == EVEN) return nearest(r);
  const whole = floor(r);
  const limit = rounding == AWAY ? 0.5 : <f64>drawOf(key, index);
  return r - whole >= limit ? whole + 1 : whole;
}

/** A finite float32 to sign, exponent and mantissa: see `roundToFloat` of the reference. */
function roundToFloat(
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

// --- What a segment of a block holds ---

/** Bits of the largest magnitude of `count` numbers: above INFINITE where one is NaN. */
function largestBits(from: usize, count: i32): u32 {
  let largest: u32 = 0;
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    if (count >= 4) {
      const mask = i32x4.splat(<i32>MAGNITUDE);
      let all = i32x4.splat(0);
      for (; at <= count - 4; at += 4) all = i32x4.max_u(all, v128.and(v128.load(from + ((<usize>at) << 2)), mask));
      all = i32x4.max_u(all, i8x16.shuffle(all, all, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
      largest = max(<u32>i32x4.extract_lane(all, 0), <u32>i32x4.extract_lane(all, 1));
    }
  }
  for (; at < count; at += 1) largest = max(largest, load<u32>(from + ((<usize>at) << 2)) & MAGNITUDE);
  return largest;
}

function countBeyond(from: usize, count: i32, limit: u32): void {
  let found: u32 = 0;
  for (let at = 0; at < count; at += 1) {
    const bits = load<u32>(from + ((<usize>at) << 2)) & MAGNITUDE;
    found += <u32>(bits > limit) & <u32>(bits < INFINITE);
  }
  beyond += found;
}

function fill(to: usize, count: i32, bits: u32): void {
  for (let at = 0; at < count; at += 1) store<u32>(to + ((<usize>at) << 2), bits);
}

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
function fixedPoint(
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
function floatingPoint(
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
function fourBitFloats(
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
function integers(
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

function halves(from: usize, to: usize, count: i32): void {
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

function half(x: f32): f32 {
  const bits = reinterpret<u32>(x) & MAGNITUDE;
  if (bits > INFINITE) return reinterpret<f32>(NOT_A_NUMBER);
  if (bits >= 0x477ff000) return copysign<f32>(reinterpret<f32>(INFINITE), x);
  return roundToFloat(x, 10, -14, 65504, EVEN, 0, 0);
}

function brains(from: usize, to: usize, count: i32): void {
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

/** Largest magnitude among the finite numbers. */
export function largestFinite(from: usize, count: i32): f32 {
  const largest = largestBits(from, count);
  if (largest < INFINITE) return reinterpret<f32>(largest);
  let finite: u32 = 0;
  for (let at = 0; at < count; at += 1) {
    const bits = load<u32>(from + ((<usize>at) << 2)) & MAGNITUDE;
    if (bits < INFINITE) finite = max(finite, bits);
  }
  return reinterpret<f32>(finite);
}

function scaleOfNvfp4(largest: f32, ofTensor: f32): f32 {
  if (ofTensor == 0) return 0;
  const wanted = min<f32>(max<f32>((largest / 6) / ofTensor, 0.015625), 448);
  return roundToFloat(wanted, 3, -6, 448, EVEN, 0, 0) * ofTensor;
}

/** float16, and its largest number rather than infinity. */
// @ts-ignore: decorator
@inline
function groupScale(scale: f32): f32 {
  return min<f32>(half(scale), 65504);
}

/**
 * Blocks along one row in two's complement, ties to even: what runs most, so without the calls that every block of
 * `quantizeTiles` takes.
 */
function fixedRow(from: usize, to: usize, rowLength: i32, block: i32, mantissaBits: i32, low: i32, high: i32): void {
  const limit = (1 << (mantissaBits - 1)) - 1;
  const mask = i32x4.splat(<i32>MAGNITUDE);
  const most = f32x4.splat(<f32>limit);
  const least = f32x4.splat(<f32>-limit);
  const zero = f32x4.splat(0);
  for (let left = 0; left < rowLength; left += block) {
    const width = min(block, rowLength - left);
    const whole = width & ~3;
    const start = from + ((<usize>left) << 2);
    const target = to + ((<usize>left) << 2);
    let all = i32x4.splat(0);
    for (let at = 0; at < whole; at += 4) all = i32x4.max_u(all, v128.and(v128.load(start + ((<usize>at) << 2)), mask));
    all = i32x4.max_u(all, i8x16.shuffle(all, all, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    let largest = max(<u32>i32x4.extract_lane(all, 0), <u32>i32x4.extract_lane(all, 1));
    for (let at = whole; at < width; at += 1) largest = max(largest, load<u32>(start + ((<usize>at) << 2)) & MAGNITUDE);
    if (largest >= INFINITE) {
      fill(target, width, NOT_A_NUMBER);
      continue;
    }
    // Subnormal numbers come out at -127 here: either the clamp raises that, or the step is left to doubles below.
    const step = bound(<i32>(largest >> 23) - 127, low, high) - (mantissaBits - 2);
    if (step < -100 || step > 100) {
      const exact = largest == 0 ? low : bound(floorLog2(largest), low, high);
      const limitBits = reinterpret<u32>(<f32>(<f64>limit * powerOfTwo(exact - (mantissaBits - 2))));
      if (counting && largest > limitBits) countBeyond(start, width, limitBits);
      fixedPoint(start, target, width, exact - (mantissaBits - 2), limit, EVEN, 0, 0);
      continue;
    }
    const scale = reinterpret<f32>((127 + step) << 23);
    const inverse = reinterpret<f32>((127 - step) << 23);
    const limitBits = reinterpret<u32>(<f32>limit * scale);
    if (counting && largest > limitBits) countBeyond(start, width, limitBits);
    const scales = f32x4.splat(scale);
    const inverses = f32x4.splat(inverse);
    for (let at = 0; at < whole; at += 4) {
      const offset = (<usize>at) << 2;
      const code = f32x4.nearest(f32x4.mul(v128.load(start + offset), inverses));
      const held = f32x4.pmin(f32x4.pmax(code, least), most);
      v128.store(target + offset, f32x4.add(f32x4.mul(held, scales), zero));
    }
    for (let at = whole; at < width; at += 1) {
      const offset = (<usize>at) << 2;
      const code = nearest<f32>(load<f32>(start + offset) * inverse);
      store<f32>(target + offset, min<f32>(max<f32>(code, <f32>-limit), <f32>limit) * scale + 0);
    }
  }
}

// --- Entries ---

/**
 * `rows` x `rowLength` float32 at `from`, in blocks of `block` along a row (0: the whole row; -1: the whole matrix), into
 * the format and back, to `to` (which may be `from`). Draws of stochastic rounding go by the element's index in the matrix.
 */
export function quantizeRows(
  from: usize,
  to: usize,
  rows: i32,
  rowLength: i32,
  block: i32,
  family: i32,
  mantissaBits: i32,
  exponentBits: i32,
  rounding: i32,
  seed: u32,
): void {
  quantizeTiles(from, to, rows, rowLength, 1, block, family, mantissaBits, exponentBits, rounding, seed, 0);
}

/** The same in rectangles of blockRows x block; `first` is the index of the first element in its tensor. */
export function quantizeTiles(
  from: usize,
  to: usize,
  rows: i32,
  rowLength: i32,
  blockRows: i32,
  block: i32,
  family: i32,
  mantissaBits: i32,
  exponentBits: i32,
  rounding: i32,
  seed: u32,
  first: u32,
): void {
  const elements = rows * rowLength;
  if (elements == 0) return;
  if (family <= BRAIN) {
    if (family == COPY) {
      if (from != to) memory.copy(to, from, (<usize>elements) << 2);
      return;
    }
    if (counting) countBeyond(from, elements, family == HALF ? 0x477fe000 : 0x7f7f0000);
    if (family == HALF) halves(from, to, elements);
    else brains(from, to, elements);
    return;
  }
  if (block < 0) {
    rowLength = elements;
    rows = 1;
    block = elements;
  } else if (block == 0) {
    block = rowLength;
  }
  if (ASC_FEATURE_SIMD) {
    if (family <= MX_INT && rounding == EVEN && blockRows == 1) {
      const low = family == BFP ? -(1 << (exponentBits - 1)) : -127;
      const high = family == BFP ? (1 << (exponentBits - 1)) - 1 : 127;
      for (let row = 0; row < rows; row += 1) {
        const offset = (<usize>row * <usize>rowLength) << 2;
        fixedRow(from + offset, to + offset, rowLength, block, mantissaBits, low, high);
      }
      return;
    }
  }
  const key = mixed(seed + WEYL);
  const ofTensor: f32 = family == NVFP4 ? largestFinite(from, elements) / 2688 : 0;
  const pitch = (<usize>rowLength) << 2;
  for (let top = 0; top < rows; top += blockRows) {
    const height = min(blockRows, rows - top);
    for (let left = 0; left < rowLength; left += block) {
      const width = min(block, rowLength - left);
      const start = <u32>top * <u32>rowLength + <u32>left;
      const offset = (<usize>start) << 2;
      let largest = largestBits(from + offset, width);
      for (let row = 1; row < height; row += 1) {
        largest = max(largest, largestBits(from + offset + <usize>row * pitch, width));
      }
      if (largest >= INFINITE) {
        for (let row = 0; row < height; row += 1) fill(to + offset + <usize>row * pitch, width, NOT_A_NUMBER);
        continue;
      }
      quantizeBlock(
        from + offset,
        to + offset,
        height,
        width,
        pitch,
        largest,
        ofTensor,
        family,
        mantissaBits,
        exponentBits,
        rounding,
        key,
        first + start,
        <u32>rowLength,
      );
    }
  }
}

function quantizeBlock(
  from: usize,
  to: usize,
  height: i32,
  width: i32,
  pitch: usize,
  largest: u32,
  ofTensor: f32,
  family: i32,
  mantissaBits: i32,
  exponentBits: i32,
  rounding: i32,
  key: u32,
  index: u32,
  rowLength: u32,
): void {
  if (family <= MX_INT) {
    const low = family == BFP ? -(1 << (exponentBits - 1)) : -127;
    const high = family == BFP ? (1 << (exponentBits - 1)) - 1 : 127;
    const top = largest == 0 ? low : bound(floorLog2(largest), low, high);
    const step = top - (mantissaBits - 2);
    const limit = (1 << (mantissaBits - 1)) - 1;
    const limitBits = reinterpret<u32>(<f32>(<f64>limit * powerOfTwo(step)));
    for (let row = 0; row < height; row += 1) {
      if (counting && largest > limitBits) countBeyond(from, width, limitBits);
      fixedPoint(from, to, width, step, limit, rounding, key, index);
      from += pitch;
      to += pitch;
      index += rowLength;
    }
    return;
  }
  if (family <= MINIFLOAT) {
    const half = 1 << (exponentBits - 1);
    let shared: i32;
    let maxExponent: i32;
    let minExponent: i32;
    let mantissa = 2 - powerOfTwo(-mantissaBits);
    if (family == MX_FLOAT) {
      // E5M2 has infinities (as IEEE), E4M3 keeps only its very last code for NaN, the narrower ones keep none.
      maxExponent = exponentBits == 5 ? half - 1 : half;
      minExponent = 2 - half;
      if (exponentBits == 4) mantissa = 1.75;
      shared = largest == 0 ? -127 : bound(floorLog2(largest) - maxExponent, -127, 127);
    } else {
      maxExponent = half - 1;
      minExponent = 1 - half;
      const lifted = reinterpret<u32>(reinterpret<f32>(largest) + <f32>1e-28);
      shared = bound(floorLog2(lifted), -128, 127) - maxExponent;
    }
    const limit = mantissa * powerOfTwo(maxExponent + shared);
    const limitBits = reinterpret<u32>(<f32>limit);
    for (let row = 0; row < height; row += 1) {
      if (counting && largest > limitBits) countBeyond(from, width, limitBits);
      floatingPoint(
        from,
        to,
        width,
        shared + maxExponent,
        mantissaBits,
        minExponent + shared,
        limit,
        rounding,
        key,
        index,
      );
      from += pitch;
      to += pitch;
      index += rowLength;
    }
    return;
  }
  if (family == UINT) return quantizeUnsigned(from, to, height, width, pitch, mantissaBits, rounding, key, index, rowLength);
  const limit = family == INT ? (1 << (mantissaBits - 1)) - 1 : 6;
  const scale =
    family == INT ? groupScale(reinterpret<f32>(largest) / <f32>limit) : scaleOfNvfp4(reinterpret<f32>(largest), ofTensor);
  const limitBits = reinterpret<u32>(<f32>limit * scale);
  for (let row = 0; row < height; row += 1) {
    if (counting && largest > limitBits) countBeyond(from, width, limitBits);
    if (family == INT) integers(from, to, width, scale, -limit, limit, rounding, key, index);
    else fourBitFloats(from, to, width, scale, rounding, key, index);
    from += pitch;
    to += pitch;
    index += rowLength;
  }
}

/** Integers with a zero point. */
function quantizeUnsigned(
  from: usize,
  to: usize,
  height: i32,
  width: i32,
  pitch: usize,
  bits: i32,
  rounding: i32,
  key: u32,
  index: u32,
  rowLength: u32,
): void {
  let low: f32 = 0;
  let high: f32 = 0;
  for (let row = 0; row < height; row += 1) {
    const start = from + <usize>row * pitch;
    let at = 0;
    if (ASC_FEATURE_SIMD) {
      let least = f32x4.splat(low);
      let most = f32x4.splat(high);
      for (; at <= width - 4; at += 4) {
        const x = v128.load(start + ((<usize>at) << 2));
        least = f32x4.pmin(least, x);
        most = f32x4.pmax(most, x);
      }
      low = min<f32>(
        min<f32>(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
        min<f32>(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
      );
      high = max<f32>(
        max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
        max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
      );
    }
    for (; at < width; at += 1) {
      const x = load<f32>(start + ((<usize>at) << 2));
      low = min<f32>(low, x);
      high = max<f32>(high, x);
    }
  }
  const codes = (1 << bits) - 1;
  const scale = groupScale((high - low) / <f32>codes);
  const zero = scale == 0 ? 0 : <i32>min<f64>(nearest(<f64>(-low / scale)), <f64>codes);
  for (let row = 0; row < height; row += 1) {
    if (counting) {
      const least = <f32>-zero * scale;
      const most = <f32>(codes - zero) * scale;
      for (let at = 0; at < width; at += 1) {
        const x = load<f32>(from + ((<usize>at) << 2));
        beyond += <u32>(x < least) + <u32>(x > most);
      }
    }
    integers(from, to, width, scale, -zero, codes - zero, rounding, key, index);
    from += pitch;
    to += pitch;
    index += rowLength;
  }
}
