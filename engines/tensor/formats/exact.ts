import type { Rounding } from './types.ts';

/*
 * Exact arithmetic on powers of two, and the three ways to round. Numbers are doubles here: every float32 is a normal
 * double, and multiplying it by a power of two loses nothing.
 */

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

/** floor(log2 x) of a positive normal double, exactly (a logarithm would round 7.9999995 up to 2^3). */
export function floorLog2(x: number): number {
  double[0] = x;
  return (words[1]! >>> 20) - 1023;
}

/** 2^k for k from -1022 to 1023. */
export function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return double[0]!;
}

export function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}

/** Finalizer of MurmurHash3. */
function mixed(word: number): number {
  let z = word;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

const WEYL = 0x9e3779b9;

/** Key of the draws of a seed. */
export function drawKey(seed: number): number {
  return mixed((seed + WEYL) >>> 0);
}

/**
 * The draw of element `index` of a tensor: a multiple of 2^-24 in (0, 1]. SplitMix with 32 bits, counted by the element's
 * place, so that it does not matter in which pieces, order or block a tensor is worked on.
 */
export function drawOf(key: number, index: number): number {
  return ((mixed((key + Math.imul(index, WEYL)) >>> 0) >>> 8) + 1) / 0x1000000;
}

/**
 * A magnitude (0 or more) as a whole number. Stochastic: floor(r + u) with u = 1 - draw uniform in [0, 1), BitQ's rule.
 */
export function roundMagnitude(r: number, rounding: Rounding, draw: number): number {
  const whole = Math.floor(r);
  const rest = r - whole;
  if (rounding === 'even') return whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0);
  if (rounding === 'away') return whole + (rest >= 0.5 ? 1 : 0);
  return whole + (rest >= draw ? 1 : 0);
}
