/*
 * After fdlibm 5.3, files k_sin.c, k_cos.c and e_rem_pio2.c. Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at
 * SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely
 * granted, provided that this notice is preserved.
 */
import { highWord, lowWord, twoTo } from './words.ts';

const S1 = -0.16666666666666632;
const S2 = 0.00833333333332249;
const S3 = -0.0001984126982985795;
const S4 = 2.7557313707070068e-6;
const S5 = -2.5050760253406863e-8;
const S6 = 1.58969099521155e-10;

/** Sine of x + y, |x| up to pi/4, y the part of the angle that x has no bits for. */
function sinNear(x: number, y: number): number {
  const z = x * x;
  const v = z * x;
  const r = S2 + z * (S3 + z * S4) + z * z * z * (S5 + z * S6);
  return x - (z * (0.5 * y - v * r) - y - v * S1);
}

const C1 = 0.0416666666666666;
const C2 = -0.001388888888887411;
const C3 = 2.480158728947673e-5;
const C4 = -2.7557314351390663e-7;
const C5 = 2.087572321298175e-9;
const C6 = -1.1359647557788195e-11;

function cosNear(x: number, y: number): number {
  const z = x * x;
  const r = z * (C1 + z * (C2 + z * C3)) + z * z * (z * z) * (C4 + z * (C5 + z * C6));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * y));
}

/** `x` in radians. */
export function sin(x: number): number {
  if (Math.abs(x) < TINY) return x;
  const { quarter, high, low } = reduce(x);
  const value = quarter & 1 ? cosNear(high, low) : sinNear(high, low);
  return quarter & 2 ? -value : value;
}

/** `x` in radians. */
export function cos(x: number): number {
  const { quarter, high, low } = reduce(x);
  const value = quarter & 1 ? sinNear(high, low) : cosNear(high, low);
  return (quarter + 1) & 2 ? -value : value;
}

/** An angle as quarter turns (modulo 4) and the rest, from -pi/4 to pi/4, in two parts. */
interface Reduced {
  quarter: number;
  high: number;
  low: number;
}

const QUARTER_TURN = Math.PI / 2;
const INVERSE_QUARTER = 0.6366197723675814;

/** Below it, the angle is its own sine. */
const TINY = twoTo(-26);

/** Up to here, three pieces of pi/2 are enough. */
const MIDDLE = twoTo(20) * QUARTER_TURN;

/** pi/2 in pieces of 33 bits, each with what is left after it. */
const PIECES = [
  [1.5707963267341256, 6.077100506506192e-11],
  [6.077100506303966e-11, 2.0222662487959506e-21],
  [2.0222662487111665e-21, 8.4784276603689e-32],
] as const;

/** Bits that may cancel before the next piece of pi/2 is needed. */
const MOST_LOST = [16, 49, Number.POSITIVE_INFINITY];

function reduce(x: number): Reduced {
  const size = Math.abs(x);
  if (!(size < Number.POSITIVE_INFINITY)) return { quarter: 0, high: Number.NaN, low: 0 };
  if (size <= QUARTER_TURN / 2) return { quarter: 0, high: x, low: 0 };
  const reduced = size < MIDDLE ? reduceMiddle(size) : reduceLarge(size);
  if (x > 0) return reduced;
  return { quarter: -reduced.quarter, high: -reduced.high, low: -reduced.low };
}

function reduceMiddle(x: number): Reduced {
  const turns = Math.floor(x * INVERSE_QUARTER + 0.5);
  const exponent = highWord(x) >> 20;
  let rest = x;
  let error = 0;
  let high = x;
  for (const [index, [piece, tail]] of PIECES.entries()) {
    const before = rest;
    const product = turns * piece;
    rest = before - product;
    error = turns * tail - (before - rest - product);
    high = rest - error;
    if (exponent - ((highWord(high) >> 20) & 0x7ff) <= MOST_LOST[index]!) break;
  }
  return { quarter: turns & 3, high, low: rest - high - error };
}

/** floor(2^1200 * 2 / pi): more bits than the largest double and the smallest distance to a quarter turn need. */
const TWO_OVER_PI_BITS = 1200n;
const TWO_OVER_PI = BigInt(
  `0x${[
    'a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1d',
    'eb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b',
    '5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b',
  ].join('')}`,
);

/** Bits kept of the fraction of a quarter turn. */
const FRACTION_BITS = 180n;

const HALF_UNIT = twoTo(-90);

/** By whole numbers of any size (after Payne and Hanek, 1983): exact, slow, and seldom needed. */
function reduceLarge(x: number): Reduced {
  const word = highWord(x);
  const significand = (BigInt((word & 0xfffff) | 0x100000) << 32n) | BigInt(lowWord(x));
  const exponent = BigInt((word >> 20) - 1023 - 52);
  // x * 2/pi in units of 2^-FRACTION_BITS.
  const product = (significand * TWO_OVER_PI) >> (TWO_OVER_PI_BITS - exponent - FRACTION_BITS);
  const one = 1n << FRACTION_BITS;
  let quarter = Number((product >> FRACTION_BITS) & 3n);
  let fraction = product & (one - 1n);
  if (fraction >= one / 2n) {
    fraction -= one;
    quarter += 1;
  }
  // The angle in units of 2^-FRACTION_BITS, then as two doubles.
  const angle = (fraction * HALF_PI) >> FRACTION_BITS;
  const high = toDouble(angle);
  return { quarter, high, low: toDouble(angle - fromDouble(high)) };
}

/** floor(2^180 * pi / 2). */
const HALF_PI = BigInt('0x1921fb54442d18469898cc51701b839a252049c1114cf9');

/** `units * 2^-FRACTION_BITS`. Number() rounds a BigInt to nearest, and the scaling is exact. */
function toDouble(units: bigint): number {
  return Number(units) * HALF_UNIT * HALF_UNIT;
}

function fromDouble(value: number): bigint {
  return BigInt(value / HALF_UNIT / HALF_UNIT);
}
