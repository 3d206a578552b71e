/*
 * After fdlibm 5.3, files e_exp.c, s_expm1.c and s_tanh.c. Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at
 * SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely
 * granted, provided that this notice is preserved.
 */
import { scale, twoTo } from './words.ts';

/** ln 2 in two parts, the first of which times any exponent is exact. */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;

/** Below these, the first terms of the series are the whole result. */
const TINY = twoTo(-28);
const TINIEST = twoTo(-54);

/** Above and below, the result is infinite and zero. */
const OVERFLOW = 709.782712893384;
const UNDERFLOW = -745.1332191019411;

/** x (e^x + 1) / (e^x - 1) = 2 + P1 x^2 + ... on [0, ln 2 / 2] (Remez). */
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;

/** The correction that `exp` and `pow` share: close to 2 less than x / tanh(x / 2), times -1, plus x. */
export function expCorrection(x: number): number {
  const t = x * x;
  return x - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
}

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > OVERFLOW) return Number.POSITIVE_INFINITY;
  if (x < UNDERFLOW) return 0;
  const size = Math.abs(x);
  if (size <= 0.5 * Math.LN2) {
    if (size < TINY) return 1 + x;
    const c = expCorrection(x);
    return 1 - ((x * c) / (c - 2) - x);
  }
  const k = exponentOf(x);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const rest = high - low;
  const c = expCorrection(rest);
  return scale(1 - (low - (rest * c) / (2 - c) - high), k);
}

/** e^x - 1, exact to the last places also near 0. */
export function expm1(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < TINIEST) return x;
  if (x > OVERFLOW) return Number.POSITIVE_INFINITY;
  if (x < -56 * Math.LN2) return -1;
  let k = 0;
  let rest = x;
  let lost = 0;
  if (size > 0.5 * Math.LN2) {
    k = exponentOf(x);
    const high = x - k * LN2_HIGH;
    const low = k * LN2_LOW;
    rest = high - low;
    lost = high - rest - low;
  }
  return expm1Of(rest, lost, k);
}

/** 2^k e^(x + lost) - 1 for small x. */
function expm1Of(x: number, lost: number, k: number): number {
  const half = 0.5 * x;
  const square = x * half;
  const r = 1 + square * (Q1 + square * (Q2 + square * (Q3 + square * (Q4 + square * Q5))));
  const t = 3 - r * half;
  let e = square * ((r - t) / (6 - x * t));
  if (k === 0) return x - (x * e - square);
  e = x * (e - lost) - lost - square;
  if (k === -1) return 0.5 * (x - e) - 0.5;
  if (k === 1) return x < -0.25 ? -2 * (e - (x + 0.5)) : 1 + 2 * (x - e);
  if (k <= -2 || k > 56) return scale(1 - (e - x), k) - 1;
  if (k < 20) return scale(1 - twoTo(-k) - (e - x), k);
  return scale(x - (e + twoTo(-k)) + 1, k);
}

const Q1 = -0.03333333333333313;
const Q2 = 0.0015873015872548146;
const Q3 = -7.93650757867488e-5;
const Q4 = 4.008217827329362e-6;
const Q5 = -2.0109921818362437e-7;

/** The k for which x - k ln 2 is small. */
function exponentOf(x: number): number {
  if (Math.abs(x) < 1.5 * Math.LN2) return x < 0 ? -1 : 1;
  return Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
}

export function tanh(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < TINY) return x;
  const sign = x < 0 ? -1 : 1;
  if (size >= 22) return sign;
  if (size >= 1) return sign * (1 - 2 / (expm1(2 * size) + 2));
  const t = expm1(-2 * size);
  return (sign * -t) / (t + 2);
}
