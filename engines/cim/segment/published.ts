import { breathe } from '../../core/abort.ts';
import { fail, ok } from '../../core/result.ts';
import type { Allocated } from '../allocate/types.ts';
import { type Before, readersOf, segmentCost, startingMode } from '../judge.ts';
import { remember } from './alike.ts';
import { fits, tooLarge } from './fits.ts';
import { forOneSample } from './one-sample.ts';
import type { SectionPlan, Segmenter } from './types.ts';

interface Prefix {
  cycles: number;
  /** What stands after it. */
  before: Before;
  /** Where its last segment starts. */
  from: number;
  chosen?: Allocated;
}

/** Segments tried between two pauses. */
const PAUSE = 200;

/**
 * The segmentation of CMSwitch (Eq. 3 and 4, Algorithm 1): the least time of every prefix of the operators, each prefix
 * with the one plan that it was least with. The state before a segment that starts at i is that of the prefix i - 1 (the
 * printed index is loose). Segments that do not fit are skipped; sections are cut one after another.
 *
 * With `improvements.reload` the plan of a segment minimises Eq. 9 and its reload instead of Eq. 9 alone; without
 * `improvements.batch` all costs are those of one sample. The other improvements are not this method's.
 */
export const segmentAsPublished: Segmenter = async (problem, options, job) => {
  const unfit = tooLarge(problem);
  if (unfit) return fail(unfit);
  const { improvements, memory } = options;
  const searched = improvements.batch ? problem : forOneSample(problem);
  const readers = readersOf(searched.operators);
  const solver = remember(searched, options.allocate, { memory, withReload: improvements.reload });
  const sections: SectionPlan[] = [];
  let segments = 0;
  let before: Before = { inComputeMode: startingMode(searched.hardware) };
  for (const [section, { first, count }] of searched.sections.entries()) {
    const prefixes: Prefix[] = [{ cycles: 0, before, from: 0 }];
    for (let end = 1; end <= count; end++) {
      let best: Prefix | undefined;
      for (let start = end - 1; start >= 0; start--) {
        const operators = Array.from({ length: end - start }, (_, at) => first + start + at);
        if (!fits(searched, operators)) break;
        if (++segments % PAUSE === 0) {
          await breathe(job.signal);
          job.progress((first + end) / searched.operators.length, 'Cutting into segments');
        }
        const chosen = solver.allocate(operators);
        if (!chosen) continue;
        const previous = prefixes[start]!;
        const cost = segmentCost(searched, chosen.segment, previous.before, readers);
        const cycles = previous.cycles + cost.cycles;
        if (best && best.cycles <= cycles) continue;
        const { inComputeMode } = cost;
        best = { cycles, before: { segment: chosen.segment, inComputeMode }, from: start, chosen };
      }
      if (!best) throw new Error('An operator that fits by itself has an allocation.');
      prefixes.push(best);
    }
    const plan: SectionPlan = { section, segments: [] };
    for (let end = count; end > 0; end = prefixes[end]!.from) {
      const { segment, solved } = prefixes[end]!.chosen!;
      plan.segments.unshift({ segment, solved });
    }
    sections.push(plan);
    before = prefixes[count]!.before;
  }
  return ok({ sections, effort: { segments, allocations: solver.solved() } });
};
