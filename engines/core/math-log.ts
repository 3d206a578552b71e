/*
 * After fdlibm 5.3, files e_log.c and s_log1p.c, and e_log2.c and e_log10.c of FreeBSD in the same terms. Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at
 * SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely
 * granted, provided that this notice is preserved.
 */
import { LN2_HIGH, LN2_LOW } from './math-exp.ts';
import { fromWords, highWord, lowWord, twoTo, upperHalf } from './words.ts';

const LEAST_NORMAL = twoTo(-1022);
const TWO_54 = twoTo(54);
const TINIEST = twoTo(-54);

/** (ln(1+s) - ln(1-s) - 2s) / s in even powers of s on [0, 0.1716] (Remez). */
const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605116586;

/** A positive finite x as 2^k (1 + f) with 1 + f between about sqrt(1/2) and sqrt(2). */
function split(x: number): { k: number; f: number } {
  const isSubnormal = x < LEAST_NORMAL;
  const normal = isSubnormal ? x * TWO_54 : x;
  const word = highWord(normal);
  const leading = word & 0xfffff;
  const carry = (leading + 0x95f64) & 0x100000;
  const k = (word >> 20) - 1023 + (carry >> 20) - (isSubnormal ? 54 : 0);
  return { k, f: fromWords(leading | (carry ^ 0x3ff00000), lowWord(normal)) - 1 };
}

/** ln(1 + f) - f + f^2 / 2. */
function logRest(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (L2 + w * (L4 + w * L6));
  const odd = z * (L1 + w * (L3 + w * (L5 + w * L7)));
  return s * (0.5 * f * f + (odd + even));
}

/** What every logarithm gives at 0, below it, at infinity and for NaN; undefined elsewhere. */
function atBorder(x: number): number | undefined {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  return x === Number.POSITIVE_INFINITY ? x : undefined;
}

export function log(x: number): number {
  const border = atBorder(x);
  if (border !== undefined) return border;
  const { k, f } = split(x);
  if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (logRest(f) + k * LN2_LOW) - f);
}

/** ln(1 + x), exact to the last places also near 0. */
export function log1p(x: number): number {
  if (Math.abs(x) < TINIEST) return x;
  const border = atBorder(1 + x);
  if (border !== undefined) return border;
  if (x > -0.2929 && x < 0.4142) return x - (0.5 * x * x - logRest(x));
  const sum = 1 + x;
  const { k, f } = split(sum);
  // What the sum lost, as a change of the logarithm.
  const lost = (k > 0 ? 1 - (sum - x) : x - (sum - 1)) / sum;
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (logRest(f) + (k * LN2_LOW + lost)) - f);
}

/** ln(1 + f) in two parts: `high` has at most 21 significant bits. */
function logParts(f: number): { high: number; low: number } {
  const half = 0.5 * f * f;
  const high = upperHalf(f - half);
  return { high, low: f - high - half + logRest(f) };
}

const INVERSE_LN2_HIGH = 1.4426950407214463;
const INVERSE_LN2_LOW = 1.6751713164886512e-10;

/** Exact for powers of two. */
export function log2(x: number): number {
  const border = atBorder(x);
  if (border !== undefined) return border;
  const { k, f } = split(x);
  const { high, low } = logParts(f);
  const main = high * INVERSE_LN2_HIGH;
  const sum = k + main;
  return (low + high) * INVERSE_LN2_LOW + low * INVERSE_LN2_HIGH + (k - sum + main) + sum;
}

const INVERSE_LN10_HIGH = 0.4342944818781689;
const INVERSE_LN10_LOW = 2.5082946711645275e-11;
const LOG10_2_HIGH = 0.30102999566361177;
const LOG10_2_LOW = 3.694239077158931e-13;

export function log10(x: number): number {
  const border = atBorder(x);
  if (border !== undefined) return border;
  const { k, f } = split(x);
  const { high, low } = logParts(f);
  const main = high * INVERSE_LN10_HIGH;
  const whole = k * LOG10_2_HIGH;
  const sum = whole + main;
  const rest = k * LOG10_2_LOW + (low + high) * INVERSE_LN10_LOW + low * INVERSE_LN10_HIGH;
  return rest + (whole - sum + main) + sum;
}
