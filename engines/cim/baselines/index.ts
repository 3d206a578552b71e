import { breathe } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import { fail, ok } from '../../core/result.ts';
import { tooLarge } from '../segment/fits.ts';
import type { SectionPlan, Segmenter } from '../segment/types.ts';
import type { CimProblem } from '../types.ts';
import { duplicate } from './cim-mlc.ts';
import { greedySegments, withCopies } from './greedy.ts';
import { balancePipeline } from './puma.ts';

export type BaselineId = 'cim-mlc-like' | 'occ-like' | 'puma-like';

/** Copies of each operator's weights in a segment. */
type Duplicate = (problem: CimProblem, chosen: readonly number[]) => number[];

/** OCC unrolls one operator over the whole chip. */
const unroll: Duplicate = ({ operators, hardware }, chosen) =>
  chosen.map((index) => {
    const { arrays, vectors } = operators[index]!;
    return Math.max(1, Math.min(vectors, Math.floor(hardware.arrays / arrays)));
  });

const METHODS: Record<BaselineId, { alone: boolean; duplicate: Duplicate }> = {
  'cim-mlc-like': { alone: false, duplicate },
  'puma-like': { alone: false, duplicate: balancePipeline },
  'occ-like': { alone: true, duplicate: unroll },
};

/**
 * A method of others, re-implemented, on the same operators, chip and rules: all arrays compute. Greedy segments (OCC: each
 * operator by itself), whole copies of weights where arrays are left.
 */
export async function runBaseline(
  id: BaselineId,
  problem: CimProblem,
  job: Pick<Job, 'signal' | 'progress'>,
): ReturnType<Segmenter> {
  const unfit = tooLarge(problem);
  if (unfit) return fail(unfit);
  const { alone, duplicate: copiesOf } = METHODS[id];
  const sections: SectionPlan[] = [];
  let made = 0;
  for (const [section, { first, count }] of problem.sections.entries()) {
    const cut = alone ? Array.from({ length: count }, (_, at) => [first + at]) : greedySegments(problem, section);
    const segments: SectionPlan['segments'] = [];
    for (const chosen of cut) {
      segments.push({ segment: withCopies(problem, chosen, copiesOf(problem, chosen)) });
      made += 1;
      if (made % 256 === 0) await breathe(job.signal);
    }
    sections.push({ section, segments });
  }
  return ok({ sections, effort: { segments: made } });
}
