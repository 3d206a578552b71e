// Matrices of float32 into number formats and back to float32. The meaning is in ../formats/reference.ts; the arguments of
// a format come from ../formats/kernel-parameters.ts. Built twice from this file: plain, and with SIMD (then
// ASC_FEATURE_SIMD is true). Both give the reference's bits: scaling by powers of two is exact, and where an exponent is so
// far out that float32 could not hold a step or its reciprocal, doubles take over.

import { brains, fill, fixedPoint, floatingPoint, fourBitFloats, half, halves, integers } from './quantize-elements.part.as';
import { byteBlock, extremeBlock, minimumBlock } from './quantize-ggml.part.as';
import {
  bound,
  EVEN,
  floorLog2,
  INFINITE,
  MAGNITUDE,
  mixed,
  NOT_A_NUMBER,
  powerOfTwo,
  roundToFloat,
  WEYL,
} from './quantize-round.part.as';

export { measure } from './measure.part.as';

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
const GGML_EXTREME: i32 = 10;
const GGML_MINIMUM: i32 = 11;
const GGML_BYTE: i32 = 12;

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

/**
 * `rows` x `rowLength` float32 at `from`, in rectangles of `blockRows` x `block` (0: the whole row; -1: the whole matrix),
 * into the format and back, to `to` (which may be `from`). Draws of stochastic rounding go by the element's index in its
 * tensor, of which the matrix begins at `first`.
 */
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
      if (family >= GGML_EXTREME) {
        if (family == GGML_EXTREME) {
          beyond += extremeBlock(from + offset, to + offset, width, mantissaBits, largest, counting);
        } else if (family == GGML_MINIMUM) {
          beyond += minimumBlock(from + offset, to + offset, width, mantissaBits, counting);
        } else {
          beyond += byteBlock(from + offset, to + offset, width, largest, counting);
        }
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
    const middle = 1 << (exponentBits - 1);
    let shared: i32;
    let maxExponent: i32;
    let minExponent: i32;
    let mantissa = 2 - powerOfTwo(-mantissaBits);
    if (family == MX_FLOAT) {
      // E5M2 has infinities (as IEEE), E4M3 keeps only its very last code for NaN, the narrower ones keep none.
      maxExponent = exponentBits == 5 ? middle - 1 : middle;
      minExponent = 2 - middle;
      if (exponentBits == 4) mantissa = 1.75;
      shared = largest == 0 ? -127 : bound(floorLog2(largest) - maxExponent, -127, 127);
    } else {
      maxExponent = middle - 1;
      minExponent = 1 - middle;
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
