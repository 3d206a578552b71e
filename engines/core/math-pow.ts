/*
 * After fdlibm 5.3, file e_pow.c. Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at
 * SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely
 * granted, provided that this notice is preserved.
 */
import { expCorrection } from './math-exp.ts';
import { fromWords, highWord, lowWord, scale, twoTo, upperHalf } from './words.ts';

/** A sum of two doubles that stands for more bits than one has. */
interface Parts {
  high: number;
  low: number;
}

/** `x` to the power of `y`, with the special values of `Math.pow` (1 to the power of infinity is NaN). */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = Math.abs(x);
  if (!Number.isFinite(y)) {
    if (size === 1) return Number.NaN;
    return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  if (y === 1) return x;
  if (y === 2) return x * x;
  const isNegative = x < 0 || Object.is(x, -0);
  if (y === 0.5 && !isNegative) return Math.sqrt(x);
  const sign = isNegative && Math.abs(y % 2) === 1 ? -1 : 1;
  if (size === 0 || size === 1 || size === Number.POSITIVE_INFINITY) {
    if (x === -1 && !Number.isInteger(y)) return Number.NaN;
    return sign * (y < 0 ? 1 / size : size);
  }
  if (x < 0 && !Number.isInteger(y)) return Number.NaN;
  return sign * positivePow(size, y);
}

const LEAST_NORMAL = twoTo(-1022);
const TWO_31 = twoTo(31);
const TWO_53 = twoTo(53);
const TWO_64 = twoTo(64);
const NEAR = twoTo(-20);

/** 2^1024 and 2^-1075: beyond them the result is infinite and zero. */
const HIGHEST = 1024;
const LOWEST = -1075;

/** log2 of half a unit in the last place beyond the largest number. */
const OVERFLOW_MARGIN = 8.008566259537294e-17;

/** For finite x > 0, x != 1, and finite y. */
function positivePow(x: number, y: number): number {
  const isFar = Math.abs(y) > TWO_31 && (x < 1 - NEAR || x >= 1 + NEAR);
  if (isFar || Math.abs(y) > TWO_64) return x > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  const logarithm = Math.abs(y) > TWO_31 ? log2NearOne(x) : log2Parts(x);
  const yHigh = upperHalf(y);
  const low = (y - yHigh) * logarithm.high + y * logarithm.low;
  const high = yHigh * logarithm.high;
  const sum = low + high;
  if (sum > HIGHEST || (sum === HIGHEST && low + OVERFLOW_MARGIN > sum - high)) return Number.POSITIVE_INFINITY;
  if (sum < LOWEST || (sum === LOWEST && low <= sum - high)) return 0;
  return exp2Parts({ high, low });
}

const INVERSE_LN2_HIGH = 1.4426950216293335;
const INVERSE_LN2_LOW = 1.9259629911266175e-8;

/** log2 of 1 + t for |t| below 2^-20, by the first terms of the series. */
function log2NearOne(x: number): Parts {
  const t = x - 1;
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const u = INVERSE_LN2_HIGH * t;
  const v = t * INVERSE_LN2_LOW - w * Math.LOG2E;
  const high = upperHalf(u + v);
  return { high, low: v - (high - u) };
}

/** (3/2) (ln(1+s) - ln(1-s) - 2s - 2/3 s^3) / s^3 in even powers of s (Remez). */
const L1 = 0.5999999999999946;
const L2 = 0.4285714285785502;
const L3 = 0.33333332981837743;
const L4 = 0.272728123808534;
const L5 = 0.23066074577556175;
const L6 = 0.20697501780033842;

/** 2 / (3 ln 2). */
const CP = 0.9617966939259756;
const CP_HIGH = 0.9617967009544373;
const CP_LOW = -7.028461650952758e-9;

/** log2 of 1.5. */
const LOG2_1_5_HIGH = 0.5849624872207642;
const LOG2_1_5_LOW = 1.350039202129749e-8;

/** log2 of a positive x, with some 20 bits more than a double has. */
function log2Parts(x: number): Parts {
  const isSubnormal = x < LEAST_NORMAL;
  const normal = isSubnormal ? x * TWO_53 : x;
  const word = highWord(normal);
  let n = (word >> 20) - 1023 - (isSubnormal ? 53 : 0);
  const leading = word & 0xfffff;
  // The significand is taken against 1 or 1.5, whichever is nearer; from sqrt(3) on, half of it against 1.
  const isMiddle = leading > 0x3988e && leading < 0xbb67a;
  let top = leading | 0x3ff00000;
  if (leading >= 0xbb67a) {
    n += 1;
    top -= 0x100000;
  }
  const a = fromWords(top, lowWord(normal));
  const base = isMiddle ? 1.5 : 1;

  const u = a - base;
  const v = 1 / (a + base);
  const s = u * v;
  const sHigh = upperHalf(s);
  const sumHigh = fromWords(((top >> 1) | 0x20000000) + 0x80000 + (isMiddle ? 0x40000 : 0), 0);
  const sumLow = a - (sumHigh - base);
  const sLow = v * (u - sHigh * sumHigh - sHigh * sumLow);

  const s2 = s * s;
  let r = s2 * s2 * (L1 + s2 * (L2 + s2 * (L3 + s2 * (L4 + s2 * (L5 + s2 * L6)))));
  r += sLow * (sHigh + s);
  const squareHigh = sHigh * sHigh;
  const tHigh = upperHalf(3 + squareHigh + r);
  const tLow = r - (tHigh - 3 - squareHigh);
  const productHigh = sHigh * tHigh;
  const productLow = sLow * tHigh + tLow * s;
  const pHigh = upperHalf(productHigh + productLow);
  const pLow = productLow - (pHigh - productHigh);

  const zHigh = CP_HIGH * pHigh;
  const zLow = CP_LOW * pHigh + pLow * CP + (isMiddle ? LOG2_1_5_LOW : 0);
  const dHigh = isMiddle ? LOG2_1_5_HIGH : 0;
  const high = upperHalf(zHigh + zLow + dHigh + n);
  return { high, low: zLow - (high - n - dHigh - zHigh) };
}

const LN2_HIGH = 0.6931471824645996;
const LN2_LOW = -1.904654299957768e-9;

/** 2 to the power of a sum. */
function exp2Parts({ high, low }: Parts): number {
  const sum = low + high;
  const n = Math.abs(sum) > 0.5 ? Math.trunc(sum + (sum < 0 ? -0.5 : 0.5)) : 0;
  const rest = high - n;
  const t = upperHalf(low + rest);
  const u = t * LN2_HIGH;
  const v = (low - (t - rest)) * Math.LN2 + t * LN2_LOW;
  const z = u + v;
  const w = v - (z - u);
  const c = expCorrection(z);
  const r = (z * c) / (c - 2) - (w + z * w);
  return scale(1 - (r - z), n);
}
