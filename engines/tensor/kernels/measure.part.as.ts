// How far numbers moved when they were put into a format, and how they are spread: one pass over both. The meaning is in
// ../formats/measure.ts. Sums are doubles in four lanes (element i in lane i mod 4), added (0 + 1) + (2 + 3) at the end.

const MAGNITUDE: u32 = 0x7fffffff;
const INFINITE: u32 = 0x7f800000;

/** Adds one to the bin of `v`, which is finite. */
// @ts-ignore: decorator
@inline
function tally(v: f64, perUnit: f64, half: f64, last: i32, counts: usize): void {
  const at = counts + ((<usize>min(max(<i32>floor(v * perUnit + half), 0), last)) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Adds one to the bins of four finite numbers. */
// @ts-ignore: decorator
@inline
function tallyFour(v: v128, perUnit: f64, half: f64, last: i32, counts: usize): void {
  const scale = f64x2.splat(perUnit);
  const middle = f64x2.splat(half);
  const upper = i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  const a = i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(v), scale), middle)));
  const b = i32x4.trunc_sat_f64x2_s_zero(
    f64x2.floor(f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(upper), scale), middle)),
  );
  const both = i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const bins = i32x4.shl(i32x4.min_s(i32x4.max_s(both, i32x4.splat(0)), i32x4.splat(last)), 2);
  let at = counts + <usize>i32x4.extract_lane(bins, 0);
  store<u32>(at, load<u32>(at) + 1);
  at = counts + <usize>i32x4.extract_lane(bins, 1);
  store<u32>(at, load<u32>(at) + 1);
  at = counts + <usize>i32x4.extract_lane(bins, 2);
  store<u32>(at, load<u32>(at) + 1);
  at = counts + <usize>i32x4.extract_lane(bins, 3);
  store<u32>(at, load<u32>(at) + 1);
}

/**
 * `count` numbers at `from`, as they became at `to`. `sums`: five doubles, written: sum of squares, sum of squared errors,
 * largest error, elements flushed to zero, elements that are not finite (before or after; they count nowhere else).
 * `before`, `after`: `bins` u32 each, added to; bin = floor(v x perUnit + bins / 2), bounded.
 */
export function measure(
  from: usize,
  to: usize,
  count: i32,
  perUnit: f64,
  bins: i32,
  before: usize,
  after: usize,
  sums: usize,
): void {
  const half = <f64>bins * 0.5;
  const last = bins - 1;
  let flushed: u32 = 0;
  let finite: u32 = 0;
  let most: f64 = 0;
  let at = 0;
  // By lane: sums of squares, and of squared errors.
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  let e0: f64 = 0;
  let e1: f64 = 0;
  let e2: f64 = 0;
  let e3: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    const exponent = i32x4.splat(<i32>INFINITE);
    const zero = f32x4.splat(0);
    let lowSquares = f64x2.splat(0);
    let highSquares = f64x2.splat(0);
    let lowErrors = f64x2.splat(0);
    let highErrors = f64x2.splat(0);
    let largest = f64x2.splat(0);
    let counted = i32x4.splat(0);
    let lost = i32x4.splat(0);
    for (; at <= count - 4; at += 4) {
      const x = v128.load(from + ((<usize>at) << 2));
      const q = v128.load(to + ((<usize>at) << 2));
      const known = v128.and(
        i32x4.ne(v128.and(x, exponent), exponent),
        i32x4.ne(v128.and(q, exponent), exponent),
      );
      if (!i32x4.all_true(known)) {
        // Rare: one by one, so that what is not finite falls in no bin.
        for (let lane = at; lane < at + 4; lane += 1) {
          const v = load<f32>(from + ((<usize>lane) << 2));
          const w = load<f32>(to + ((<usize>lane) << 2));
          if ((reinterpret<u32>(v) & MAGNITUDE) >= INFINITE || (reinterpret<u32>(w) & MAGNITUDE) >= INFINITE) continue;
          tally(v, perUnit, half, last, before);
          tally(w, perUnit, half, last, after);
        }
      } else {
        tallyFour(x, perUnit, half, last, before);
        tallyFour(q, perUnit, half, last, after);
      }
      const a = v128.and(x, known);
      const b = v128.and(q, known);
      counted = i32x4.sub(counted, known);
      lost = i32x4.sub(lost, v128.and(f32x4.ne(a, zero), f32x4.eq(b, zero)));
      const a2 = i8x16.shuffle(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
      const b2 = i8x16.shuffle(b, b, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
      const low = f64x2.promote_low_f32x4(a);
      const high = f64x2.promote_low_f32x4(a2);
      const lowError = f64x2.sub(low, f64x2.promote_low_f32x4(b));
      const highError = f64x2.sub(high, f64x2.promote_low_f32x4(b2));
      lowSquares = f64x2.add(lowSquares, f64x2.mul(low, low));
      highSquares = f64x2.add(highSquares, f64x2.mul(high, high));
      lowErrors = f64x2.add(lowErrors, f64x2.mul(lowError, lowError));
      highErrors = f64x2.add(highErrors, f64x2.mul(highError, highError));
      largest = f64x2.pmax(largest, f64x2.pmax(f64x2.abs(lowError), f64x2.abs(highError)));
    }
    s0 = f64x2.extract_lane(lowSquares, 0);
    s1 = f64x2.extract_lane(lowSquares, 1);
    s2 = f64x2.extract_lane(highSquares, 0);
    s3 = f64x2.extract_lane(highSquares, 1);
    e0 = f64x2.extract_lane(lowErrors, 0);
    e1 = f64x2.extract_lane(lowErrors, 1);
    e2 = f64x2.extract_lane(highErrors, 0);
    e3 = f64x2.extract_lane(highErrors, 1);
    most = max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
    finite =
      <u32>i32x4.extract_lane(counted, 0) +
      <u32>i32x4.extract_lane(counted, 1) +
      <u32>i32x4.extract_lane(counted, 2) +
      <u32>i32x4.extract_lane(counted, 3);
    flushed =
      <u32>i32x4.extract_lane(lost, 0) +
      <u32>i32x4.extract_lane(lost, 1) +
      <u32>i32x4.extract_lane(lost, 2) +
      <u32>i32x4.extract_lane(lost, 3);
  }
  for (; at < count; at += 1) {
    const x = load<f32>(from + ((<usize>at) << 2));
    const q = load<f32>(to + ((<usize>at) << 2));
    if ((reinterpret<u32>(x) & MAGNITUDE) >= INFINITE || (reinterpret<u32>(q) & MAGNITUDE) >= INFINITE) continue;
    tally(x, perUnit, half, last, before);
    tally(q, perUnit, half, last, after);
    finite += 1;
    flushed += <u32>(x != 0) & <u32>(q == 0);
    const square = <f64>x * <f64>x;
    const error = <f64>x - <f64>q;
    const squared = error * error;
    most = max(most, abs(error));
    const lane = at & 3;
    if (lane == 0) {
      s0 += square;
      e0 += squared;
    } else if (lane == 1) {
      s1 += square;
      e1 += squared;
    } else if (lane == 2) {
      s2 += square;
      e2 += squared;
    } else {
      s3 += square;
      e3 += squared;
    }
  }
  store<f64>(sums, s0 + s1 + (s2 + s3));
  store<f64>(sums + 8, e0 + e1 + (e2 + e3));
  store<f64>(sums + 16, most);
  store<f64>(sums + 24, <f64>flushed);
  store<f64>(sums + 32, <f64>(<u32>count - finite));
}
