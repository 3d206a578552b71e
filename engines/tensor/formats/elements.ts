import { floorLog2, powerOfTwo, roundMagnitude } from './exact.ts';
import type { MxElement, Rounding } from './types.ts';

/**
 * A number with sign, exponent and mantissa of a few bits, subnormals included: +-f x 2^e, e from `minExponent` (smallest
 * normal 2^minExponent), f of `mantissaBits` after the point.
 */
export interface SmallFloat {
  exponentBits: number;
  mantissaBits: number;
  /** Exponent of the largest binade: what a shared exponent is lowered by. */
  maxExponent: number;
  minExponent: number;
  /** Largest magnitude. */
  max: number;
}

/** OCP Microscaling v1.0 as emulated by microxcaling: bias 2^(e-1) - 1; FP8 keeps codes for NaN (and, E5M2, infinity). */
export const MX_FLOATS: Record<Exclude<MxElement, 'int8' | 'int4'>, SmallFloat> = {
  e5m2: { exponentBits: 5, mantissaBits: 2, maxExponent: 15, minExponent: -14, max: 57_344 },
  e4m3: { exponentBits: 4, mantissaBits: 3, maxExponent: 8, minExponent: -6, max: 448 },
  e3m2: { exponentBits: 3, mantissaBits: 2, maxExponent: 4, minExponent: -2, max: 28 },
  e2m3: { exponentBits: 2, mantissaBits: 3, maxExponent: 2, minExponent: 0, max: 7.5 },
  e2m1: { exponentBits: 2, mantissaBits: 1, maxExponent: 2, minExponent: 0, max: 6 },
};

/** IEEE 754 binary16. */
export const HALF: SmallFloat = { exponentBits: 5, mantissaBits: 10, maxExponent: 15, minExponent: -14, max: 65_504 };

/** Element of BitQ's block minifloat: emax = 2^e - 1 - 2^(e-1), normal from 2^(emin+1) with emin = -2^(e-1). */
export function blockMinifloat(exponentBits: number, mantissaBits: number): SmallFloat {
  const maxExponent = 2 ** (exponentBits - 1) - 1;
  return {
    exponentBits,
    mantissaBits,
    maxExponent,
    minExponent: 1 - 2 ** (exponentBits - 1),
    max: 2 ** maxExponent * (2 - 2 ** -mantissaBits),
  };
}

/** A finite number (times 2^-scale) to the nearest small float, times 2^scale; beyond the largest it saturates. Keeps -0. */
export function roundToFloat(x: number, format: SmallFloat, scale: number, rounding: Rounding, draw: number): number {
  const magnitude = Math.abs(x);
  const sign = x < 0 || Object.is(x, -0) ? -1 : 1;
  if (magnitude === 0) return sign * 0;
  const step = Math.max(floorLog2(magnitude), format.minExponent + scale) - format.mantissaBits;
  const rounded = roundMagnitude(magnitude * powerOfTwo(-step), rounding, draw) * powerOfTwo(step);
  return sign * Math.min(rounded, format.max * powerOfTwo(scale));
}

export const LARGEST_BFLOAT16 = powerOfTwo(127) * (2 - 2 ** -7);

/** IEEE binary16, ties to even; beyond the largest becomes infinite; NaN stays NaN. */
export function toHalf(x: number): number {
  if (!Number.isFinite(x)) return x;
  if (Math.abs(x) >= 65_520) return x < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return roundToFloat(x, HALF, 0, 'even', 1);
}

/** bfloat16 (the upper half of a float32), ties to even; beyond the largest becomes infinite; NaN stays NaN. */
export function toBfloat16(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const step = Math.max(floorLog2(Math.abs(x)), -126) - 7;
  const rounded = roundMagnitude(Math.abs(x) * powerOfTwo(-step), 'even', 1) * powerOfTwo(step);
  const magnitude = rounded > LARGEST_BFLOAT16 ? Number.POSITIVE_INFINITY : rounded;
  return x < 0 ? -magnitude : magnitude;
}
