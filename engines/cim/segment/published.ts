import { breathe } from '../../core/abort.ts';
import { error, fail, ok } from '../../core/result.ts';
import type { Allocated } from '../allocate/types.ts';
import { type Before, readersOf, segmentCost, startingMode } from '../judge.ts';
import type { CimProblem } from '../types.ts';
import type { SectionPlan, Segmenter } from './types.ts';

/**
 * The segmentation of CMSwitch (Eq. 3 and 4, Algorithm 1): the least time of every prefix of the operators, each prefix
 * with the one plan that it was least with. The state before a segment that starts at i is that of the prefix i - 1 (the
 * printed index is loose).
 */
export const segmentAsPublished: Segmenter = async (problem, options, job) => {
  const readers = readersOf(problem.operators);
  const sections: SectionPlan[] = [];
  let allocations = 0;
  let before: Before = { inComputeMode: startingMode(problem.hardware) };
  for (const [number, { first, count }] of problem.sections.entries()) {
    const prefixes: { cycles: number; before: Before; from: number; chosen?: Allocated }[] = [
      { cycles: 0, before, from: 0 },
    ];
    for (let end = 1; end <= count; end++) {
      for (let start = end; start >= 1; start--) {
        const operators = Array.from({ length: end - start + 1 }, (_, at) => first + start - 1 + at);
        if (!fits(problem, operators)) break;
        const previous = prefixes[start - 1]!;
        if (!Number.isFinite(previous.cycles)) continue;
        const found = options.allocate(problem, operators, {
          memory: options.memory,
          withReload: options.improvements.reload,
        });
        allocations += 1;
        if (!found) continue;
        const cost = segmentCost(problem, found.segment, previous.before, readers);
        const cycles = previous.cycles + cost.cycles;
        if ((prefixes[end]?.cycles ?? Number.POSITIVE_INFINITY) <= cycles) continue;
        prefixes[end] = {
          cycles,
          before: { segment: found.segment, inComputeMode: cost.inComputeMode },
          from: start - 1,
          chosen: found,
        };
      }
      if (!prefixes[end]) {
        const { name, arrays } = problem.operators[first + end - 1]!;
        const what = `"${name}" does not fit: it takes ${arrays} of ${problem.hardware.arrays} arrays.`;
        return fail(error('cim.fit', what, 'Give the chip more arrays, or larger ones.'));
      }
      if (end % 8 === 0) await breathe(job.signal);
      job.progress(end / count, 'Cutting into segments');
    }
    const segments: SectionPlan['segments'] = [];
    for (let end = count; end > 0; end = prefixes[end]!.from) {
      const { segment, solved } = prefixes[end]!.chosen!;
      segments.unshift({ segment, solved });
    }
    sections.push({ section: number, segments });
    before = prefixes[count]?.before ?? before;
  }
  return ok({ sections, effort: { allocations } });
};

/** Whether operators can be resident together at all. */
export function fits({ operators, hardware, rules }: CimProblem, chosen: readonly number[]): boolean {
  let arrays = 0;
  for (const each of chosen) arrays += operators[each]!.arrays;
  if (arrays > hardware.arrays) return false;
  if (rules.dynamicInSegment) return true;
  return !chosen.some((each) => operators[each]!.weightsFrom.some(({ operator }) => chosen.includes(operator)));
}
