import type { PairedDifference } from '../types.ts';
import { wilsonShare } from './wilson.ts';

/** The same samples judged twice. */
export interface PairedCounts {
  /** Both right. */
  both: number;
  /** Only the first (float32) right, only the second (the plan). */
  lost: number;
  won: number;
  neither: number;
}

/**
 * Two-sided exact McNemar test: the chance that discordant pairs, each falling either way with probability one half, are
 * split at least as unevenly as they are (twice the smaller tail of the binomial, at most 1).
 */
export function mcnemarExact(lost: number, won: number): number {
  const pairs = lost + won;
  const fewer = Math.min(lost, won);
  if (2 * fewer === pairs) return 1;
  // Binomial coefficients relative to the middle one: none overflows, and far tails fade to 0.
  const middle = Math.floor(pairs / 2);
  let tail = 0;
  let below = 0;
  let term = 1;
  for (let k = middle; k >= 0; k--) {
    below += term;
    if (k <= fewer) tail += term;
    term *= k / (pairs - k + 1);
  }
  const whole = pairs % 2 === 0 ? 2 * below - 1 : 2 * below;
  return Math.min(1, (2 * tail) / whole);
}

/**
 * The second's accuracy minus the first's on the same samples, in points, with McNemar's exact test and a 95 % interval
 * that squares and adds Wilson's (Newcombe, "Improved confidence intervals for the difference between binomial proportions
 * based on paired data", Statistics in Medicine 1998, method 10).
 * @throws RangeError without samples.
 */
export function pairedClasses({ both, lost, won, neither }: PairedCounts): PairedDifference {
  const of = both + lost + won + neither;
  const first = wilsonShare(both + lost, of);
  const second = wilsonShare(both + won, of);
  const points = (100 * (won - lost)) / of;
  const correlation = correlated(both, lost, won, neither);
  const reach = (a: number, b: number) => Math.sqrt(Math.max(0, a * a - 2 * correlation * a * b + b * b));
  return {
    points,
    lowPoints: points - reach(second.percent - second.lowPercent, first.highPercent - first.percent),
    highPoints: points + reach(second.highPercent - second.percent, first.percent - first.lowPercent),
    pValue: mcnemarExact(lost, won),
    test: 'mcnemar',
    lost,
    won,
  };
}

/** Newcombe's phi: with a correction for continuity where it is positive. */
function correlated(both: number, lost: number, won: number, neither: number): number {
  const margins = (both + lost) * (won + neither) * (both + won) * (lost + neither);
  if (margins === 0) return 0;
  const product = both * neither - lost * won;
  const corrected = product > 0 ? Math.max(0, product - (both + lost + won + neither) / 2) : product;
  return corrected / Math.sqrt(margins);
}
