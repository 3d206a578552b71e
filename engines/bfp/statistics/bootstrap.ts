import { createRandom } from '../../core/random.ts';
import type { PairedDifference } from '../types.ts';

/** One line of text as two networks read it. */
export interface PairedLine {
  characters: number;
  /** Edits (insertions, deletions, substitutions) between what was read and what is there. */
  floatEdits: number;
  planEdits: number;
}

const RESAMPLES = 4000;

/**
 * The plan's character accuracy (one minus edits over characters) minus float32's, in points, with a 95 % percentile
 * interval and a two-sided p-value from a paired bootstrap over lines: a line keeps both its readings, and lines are drawn
 * with replacement (Koehn, "Statistical significance tests for machine translation evaluation", EMNLP 2004). Seeded.
 * @throws RangeError when there is no character.
 */
export function pairedLines(lines: readonly PairedLine[], seed: number, resamples = RESAMPLES): PairedDifference {
  const characters = lines.reduce((sum, line) => sum + line.characters, 0);
  if (characters === 0) throw new RangeError('Readings without characters cannot be compared.');
  const gains = lines.map((line) => line.floatEdits - line.planEdits);
  const points = (100 * gains.reduce((sum, gain) => sum + gain, 0)) / characters;
  const random = createRandom(seed);
  const drawn = new Float64Array(resamples);
  let atMost = 0;
  let atLeast = 0;
  for (let sample = 0; sample < resamples; sample++) {
    let gain = 0;
    let of = 0;
    for (let draw = 0; draw < lines.length; draw++) {
      const at = random.int(lines.length);
      gain += gains[at]!;
      of += lines[at]!.characters;
    }
    drawn[sample] = of === 0 ? 0 : (100 * gain) / of;
    if (gain <= 0) atMost++;
    if (gain >= 0) atLeast++;
  }
  drawn.sort();
  return {
    points,
    lowPoints: quantile(drawn, 0.025),
    highPoints: quantile(drawn, 0.975),
    // One more on either side: no p-value of 0 from a finite number of draws.
    pValue: Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (resamples + 1)),
    test: 'bootstrap',
    lost: gains.filter((gain) => gain < 0).length,
    won: gains.filter((gain) => gain > 0).length,
  };
}

/** Of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
