import { clipScalar, hardSwish } from './gemm.part.as';

/*
 * Arithmetic element by element, copies, reductions and softmax of float32. Every operation is rounded to float32 by
 * itself; sums of reductions are kept in float64 and taken in order. The reference is in
 * engines/onnx/run/kernel-reference.ts.
 */

// @ts-ignore: decorator
@inline
function pair(op: i32, a: v128, b: v128): v128 {
  if (op == 0) return f32x4.add(a, b);
  if (op == 1) return f32x4.sub(a, b);
  if (op == 2) return f32x4.mul(a, b);
  if (op == 3) return f32x4.div(a, b);
  if (op == 4) return f32x4.pmax(a, b);
  return f32x4.pmin(a, b);
}

// @ts-ignore: decorator
@inline
function pairScalar(op: i32, a: f32, b: f32): f32 {
  if (op == 0) return a + b;
  if (op == 1) return a - b;
  if (op == 2) return a * b;
  if (op == 3) return a / b;
  if (op == 4) return a < b ? b : a;
  return b < a ? b : a;
}

// @ts-ignore: decorator
@inline
function pairRows(
  op: i32,
  a: usize,
  b: usize,
  to: usize,
  outer: i32,
  inner: i32,
  aOuter: i32,
  aInner: i32,
  bOuter: i32,
  bInner: i32,
): void {
  for (let row = 0; row < outer; row += 1) {
    let from = a + ((<usize>(row * aOuter)) << 2);
    let other = b + ((<usize>(row * bOuter)) << 2);
    const end = to + ((<usize>inner) << 2);
    if (ASC_FEATURE_SIMD) {
      const whole = to + ((<usize>(inner & ~3)) << 2);
      if (aInner == 1 && bInner == 1) {
        for (; to < whole; to += 16) {
          v128.store(to, pair(op, v128.load(from), v128.load(other)));
          from += 16;
          other += 16;
        }
      } else if (aInner == 1 && bInner == 0) {
        const fixed = v128.load_splat<f32>(other);
        for (; to < whole; to += 16) {
          v128.store(to, pair(op, v128.load(from), fixed));
          from += 16;
        }
      } else if (aInner == 0 && bInner == 1) {
        const fixed = v128.load_splat<f32>(from);
        for (; to < whole; to += 16) {
          v128.store(to, pair(op, fixed, v128.load(other)));
          other += 16;
        }
      }
    }
    for (; to < end; to += 4) {
      store<f32>(to, pairScalar(op, load<f32>(from), load<f32>(other)));
      from += (<usize>aInner) << 2;
      other += (<usize>bInner) << 2;
    }
  }
}

/**
 * `outer` x `inner` results, one after the other, of elements whose strides are given (0: the same again).
 * op: 0 add, 1 subtract, 2 multiply, 3 divide, 4 larger, 5 smaller.
 */
export function binary(
  op: i32,
  a: usize,
  b: usize,
  to: usize,
  outer: i32,
  inner: i32,
  aOuter: i32,
  aInner: i32,
  bOuter: i32,
  bInner: i32,
): void {
  if (op == 0) pairRows(0, a, b, to, outer, inner, aOuter, aInner, bOuter, bInner);
  else if (op == 1) pairRows(1, a, b, to, outer, inner, aOuter, aInner, bOuter, bInner);
  else if (op == 2) pairRows(2, a, b, to, outer, inner, aOuter, aInner, bOuter, bInner);
  else if (op == 3) pairRows(3, a, b, to, outer, inner, aOuter, aInner, bOuter, bInner);
  else if (op == 4) pairRows(4, a, b, to, outer, inner, aOuter, aInner, bOuter, bInner);
  else pairRows(5, a, b, to, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** Adding and subtracting it rounds a small number to a whole one, ties to even. */
const ROUND: f32 = 12582912;
/** Between these, e^x is a normal number. */
const LEAST: f32 = -87.33654;
const MOST: f32 = 88.37626;
/** ln 2 in two parts; the first times any exponent is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const LOG2_E: f32 = 1.44269504088896341;
/** e^x = 1 + x + x^2 (P0 x^5 + ... + P5) on [-ln 2 / 2, ln 2 / 2]: Cephes, expf.c (S. Moshier). */
const P0: f32 = 1.9875691500e-4;
const P1: f32 = 1.3981999507e-3;
const P2: f32 = 8.3334519073e-3;
const P3: f32 = 4.1665795894e-2;
const P4: f32 = 1.6666665459e-1;
const P5: f32 = 5.0000001201e-1;

// @ts-ignore: decorator
@inline
function exp(value: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(value, f32x4.splat(LEAST)), f32x4.splat(MOST));
  const n = f32x4.sub(f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(ROUND)), f32x4.splat(ROUND));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(P0), r), f32x4.splat(P1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(P2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(P3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(P4));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(P5));
  const y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

// @ts-ignore: decorator
@inline
function expScalar(value: f32): f32 {
  const x = clipScalar(value, LEAST, MOST);
  const n: f32 = x * LOG2_E + ROUND - ROUND;
  const r: f32 = x - n * LN2_HIGH - n * LN2_LOW;
  let p: f32 = P0 * r + P1;
  p = p * r + P2;
  p = p * r + P3;
  p = p * r + P4;
  p = p * r + P5;
  const y: f32 = p * r * r + r + 1;
  return y * reinterpret<f32>((<i32>n + 127) << 23);
}

// @ts-ignore: decorator
@inline
function map(op: i32, x: v128, alpha: f32, beta: f32): v128 {
  if (op == 0) return f32x4.pmin(f32x4.pmax(x, f32x4.splat(alpha)), f32x4.splat(beta));
  if (op == 1) {
    const line = f32x4.add(f32x4.mul(x, f32x4.splat(alpha)), f32x4.splat(beta));
    return f32x4.pmin(f32x4.pmax(line, f32x4.splat(0)), f32x4.splat(1));
  }
  if (op == 2) return hardSwish<v128>(x);
  if (op == 3) return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp(f32x4.neg(x))));
  if (op == 4) return f32x4.div(x, f32x4.add(f32x4.splat(1), exp(f32x4.neg(x))));
  if (op == 5) return f32x4.sqrt(x);
  if (op == 6) return v128.bitselect(f32x4.mul(x, f32x4.splat(alpha)), x, f32x4.lt(x, f32x4.splat(0)));
  if (op == 7) return f32x4.add(f32x4.mul(x, f32x4.splat(alpha)), f32x4.splat(beta));
  return f32x4.abs(x);
}

// @ts-ignore: decorator
@inline
function mapScalar(op: i32, x: f32, alpha: f32, beta: f32): f32 {
  if (op == 0) return clipScalar(x, alpha, beta);
  if (op == 1) return clipScalar(x * alpha + beta, 0, 1);
  if (op == 2) return (x * clipScalar(x + 3, 0, 6)) / 6;
  if (op == 3) return 1 / (1 + expScalar(-x));
  if (op == 4) return x / (1 + expScalar(-x));
  if (op == 5) return sqrt<f32>(x);
  if (op == 6) return x < 0 ? x * alpha : x;
  if (op == 7) return x * alpha + beta;
  return abs<f32>(x);
}

// @ts-ignore: decorator
@inline
function mapAll(op: i32, from: usize, to: usize, count: i32, alpha: f32, beta: f32): void {
  const end = to + ((<usize>count) << 2);
  if (ASC_FEATURE_SIMD) {
    const whole = to + ((<usize>(count & ~3)) << 2);
    for (; to < whole; to += 16) {
      v128.store(to, map(op, v128.load(from), alpha, beta));
      from += 16;
    }
  }
  for (; to < end; to += 4) {
    store<f32>(to, mapScalar(op, load<f32>(from), alpha, beta));
    from += 4;
  }
}

/**
 * A function of every element. op: 0 clip to alpha .. beta, 1 hard sigmoid clip(alpha x + beta, 0, 1), 2 hard swish
 * x clip(x + 3, 0, 6) / 6, 3 sigmoid, 4 x sigmoid(x), 5 square root, 6 leaky ReLU of slope alpha, 7 alpha x + beta,
 * 8 absolute value.
 */
export function unary(op: i32, from: usize, to: usize, count: i32, alpha: f32, beta: f32): void {
  if (op == 0) mapAll(0, from, to, count, alpha, beta);
  else if (op == 1) mapAll(1, from, to, count, alpha, beta);
  else if (op == 2) mapAll(2, from, to, count, alpha, beta);
  else if (op == 3) mapAll(3, from, to, count, alpha, beta);
  else if (op == 4) mapAll(4, from, to, count, alpha, beta);
  else if (op == 5) mapAll(5, from, to, count, alpha, beta);
  else if (op == 6) mapAll(6, from, to, count, alpha, beta);
  else if (op == 7) mapAll(7, from, to, count, alpha, beta);
  else mapAll(8, from, to, count, alpha, beta);
}

/** Copies a x b x c elements between strides. */
export function copy(
  from: usize,
  to: usize,
  a: i32,
  b: i32,
  c: i32,
  fromA: i32,
  fromB: i32,
  fromC: i32,
  toA: i32,
  toB: i32,
  toC: i32,
): void {
  for (let i = 0; i < a; i += 1) {
    for (let j = 0; j < b; j += 1) {
      let source = from + ((<usize>(i * fromA + j * fromB)) << 2);
      let target = to + ((<usize>(i * toA + j * toB)) << 2);
      if (fromC == 1 && toC == 1) {
        memory.copy(target, source, (<usize>c) << 2);
        continue;
      }
      for (let k = 0; k < c; k += 1) {
        store<f32>(target, load<f32>(source));
        source += (<usize>fromC) << 2;
        target += (<usize>toC) << 2;
      }
    }
  }
}

/**
 * `outer` x `inner` results over `count` elements each, taken in order. op: 0 sum, 1 mean, 2 largest, 3 smallest,
 * 4 place of the largest (the first of equals), 5 product, 6 place of the smallest.
 */
export function reduce(
  op: i32,
  from: usize,
  to: usize,
  outer: i32,
  count: i32,
  inner: i32,
  outerStride: i32,
  countStride: i32,
  innerStride: i32,
): void {
  const step = (<usize>countStride) << 2;
  for (let i = 0; i < outer; i += 1) {
    let j = 0;
    if (ASC_FEATURE_SIMD) {
      if (innerStride == 1 && op <= 1) {
        const divisor = f64x2.splat(<f64>count);
        for (; j + 4 <= inner; j += 4) {
          let at = from + ((<usize>(i * outerStride + j)) << 2);
          let front = f64x2.splat(0);
          let back = f64x2.splat(0);
          for (let k = 0; k < count; k += 1) {
            const value = v128.load(at);
            front = f64x2.add(front, f64x2.promote_low_f32x4(value));
            back = f64x2.add(back, f64x2.promote_low_f32x4(v128.shuffle<i32>(value, value, 2, 3, 2, 3)));
            at += step;
          }
          if (op == 1) {
            front = f64x2.div(front, divisor);
            back = f64x2.div(back, divisor);
          }
          const low = f32x4.demote_f64x2_zero(front);
          v128.store(to, v128.shuffle<i32>(low, f32x4.demote_f64x2_zero(back), 0, 1, 4, 5));
          to += 16;
        }
      }
    }
    for (; j < inner; j += 1) {
      let at = from + ((<usize>(i * outerStride + j * innerStride)) << 2);
      let result: f64 = op <= 1 ? 0 : op == 5 ? 1 : <f64>load<f32>(at);
      let place = 0;
      for (let k = 0; k < count; k += 1) {
        const value = <f64>load<f32>(at);
        if (op <= 1) result += value;
        else if (op == 5) result *= value;
        else if (op == 3 || op == 6 ? value < result : value > result) {
          result = value;
          place = k;
        }
        at += step;
      }
      store<f32>(to, op == 4 || op == 6 ? <f32>place : <f32>(op == 1 ? result / <f64>count : result));
      to += 4;
    }
  }
}

/** Softmax of each of `rows` rows of `count` elements: e^(x - largest), over their sum. */
export function softmax(from: usize, to: usize, rows: i32, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let row = 0; row < rows; row += 1) {
    let largest: f32 = load<f32>(from);
    for (let at: usize = 4; at < bytes; at += 4) {
      const value = load<f32>(from + at);
      if (value > largest) largest = value;
    }
    let at: usize = 0;
    if (ASC_FEATURE_SIMD) {
      const top = f32x4.splat(largest);
      for (; at + 16 <= bytes; at += 16) v128.store(to + at, exp(f32x4.sub(v128.load(from + at), top)));
    }
    for (; at < bytes; at += 4) store<f32>(to + at, expScalar(load<f32>(from + at) - largest));
    let sum: f64 = 0;
    for (at = 0; at < bytes; at += 4) sum += <f64>load<f32>(to + at);
    const divisor = <f32>sum;
    at = 0;
    if (ASC_FEATURE_SIMD) {
      const all = f32x4.splat(divisor);
      for (; at + 16 <= bytes; at += 16) v128.store(to + at, f32x4.div(v128.load(to + at), all));
    }
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) / divisor);
    from += bytes;
    to += bytes;
  }
}
