import type { Measurement, PairedDifference } from '../../../../engines/bfp/types.ts';
import { texts } from '../texts.ts';

const words = texts.readings.difference;

/** Below this, a difference is said to be more than chance. */
const REAL = 0.05;

/** What a paired difference says, in sentences: the difference with its interval, then the test in words. */
export function differenceWords(
  { points, lowPoints, highPoints, pValue, test, lost, won }: PairedDifference,
  { of }: Pick<Measurement['plan'], 'of'>,
  kind: Measurement['kind'],
): string[] {
  if (lost === 0 && won === 0 && points === 0) return [words.same(of, kind)];
  const size = points === 0 ? words.equal : points < 0 ? words.below(-points) : words.above(points);
  const judged = pValue < REAL ? words.real : words.chance;
  return [
    `${size} (${words.interval(lowPoints, highPoints)}).`,
    `${words.tests[test]}: ${words.p(pValue)}, ${judged}.`,
    words.counts(lost, won, kind),
  ];
}
