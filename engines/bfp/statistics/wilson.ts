import type { Share } from '../types.ts';

/** 97.5 % quantile of the normal distribution: two-sided 95 %. */
export const Z95 = 1.959963984540054;

/**
 * A share with its 95 % score interval (Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 1927). It never leaves 0..100 %, and is not empty when all or none are right.
 * @throws RangeError when `of` is not positive or `count` is not within 0..of.
 */
export function wilsonShare(count: number, of: number): Share {
  if (!(of > 0) || !(count >= 0) || count > of) {
    throw new RangeError(`A share of ${count} in ${of} has no interval: the count must lie between 0 and the whole.`);
  }
  const share = count / of;
  const spread = (Z95 * Z95) / of;
  const middle = (share + spread / 2) / (1 + spread);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / of + spread / (4 * of))) / (1 + spread);
  return {
    count,
    of,
    percent: 100 * share,
    // At the ends the interval reaches the share itself; the subtraction would leave a rounding error there.
    lowPercent: count === 0 ? 0 : 100 * Math.max(0, middle - half),
    highPercent: count === of ? 100 : 100 * Math.min(1, middle + half),
  };
}
