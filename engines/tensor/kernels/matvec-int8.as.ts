// Matrix-vector product, int8 x int8 -> int32. The reference and the meaning are in ../matvec-int8.ts.
// Built twice from this file: plain, and with SIMD (then ASC_FEATURE_SIMD is true).

/** First byte that the host may lay its arrays at. */
export function heapBase(): usize {
  return __heap_base;
}

// @ts-ignore: decorator
@inline
function dotScalar(weights: usize, x: usize, from: i32, to: i32): i32 {
  let sum: i32 = 0;
  for (let at = from; at < to; at += 1) {
    sum += <i32>load<i8>(weights + at) * <i32>load<i8>(x + at);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function dot(weights: usize, x: usize, length: i32): i32 {
  if (ASC_FEATURE_SIMD) {
    let sums = i32x4.splat(0);
    const whole = length & ~15;
    for (let at = 0; at < whole; at += 16) {
      const w = v128.load(weights + at);
      const v = v128.load(x + at);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(w), i16x8.extend_low_i8x16_s(v)));
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(w), i16x8.extend_high_i8x16_s(v)));
    }
    const sum =
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
    return sum + dotScalar(weights, x, whole, length);
  }
  return dotScalar(weights, x, 0, length);
}

/** `weights`: rows x columns int8, row by row; `x`: columns int8; `y`: rows int32, written. */
export function matvec(weights: usize, x: usize, y: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row += 1) {
    store<i32>(y + ((<usize>row) << 2), dot(weights + <usize>row * <usize>columns, x, columns));
  }
}
