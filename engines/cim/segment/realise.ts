import { arrayBytes } from '../hardware.ts';
import { arraysOf, incomingBytes, judge, readersOf } from '../judge.ts';
import type { CimProblem, Segment } from '../types.ts';
import type { Step } from './chain.ts';
import { handedOver, withOutputs } from './in-place.ts';
import { allocationOf } from './plans.ts';
import type { SectionPlan } from './types.ts';

/**
 * Segments with their arrays from the steps of a chain. The search lets every array in memory mode buffer; here a segment has,
 * beside the arrays that its plan needs, only those that keep bytes on the chip on the way in or out.
 */
export function realise(problem: CimProblem, steps: readonly Step[], memory: boolean): SectionPlan[] {
  const { hardware, rules } = problem;
  const readers = readersOf(problem.operators);
  const own = steps.map(({ operators, plan, inPlace }) => {
    const segment = allocationOf(problem, operators, plan, memory);
    return inPlace ? withOutputs(segment, inPlace.demands, handedOver(problem, operators)) : segment;
  });
  const spare = own.map(() => 0);
  if (memory) {
    const used = own.map((segment) => arraysOf(segment).memory);
    const full = steps.map(({ section, inComputeMode }, at) => {
      const most = Math.max(0, hardware.arrays - inComputeMode - used[at]!);
      return { segment: withSpare(problem, own[at]!, most, readers), section };
    });
    const keep = (bytes: number, sides: readonly number[]) => {
      const arrays = Math.ceil(bytes / arrayBytes(hardware));
      for (const side of sides) spare[side] = Math.max(spare[side]!, arrays - used[side]!);
    };
    const { segments } = judge(problem, full);
    const ends = new Map(segments.map(({ section }, at) => [section, at]));
    for (const [at, { section, cost, costAgain, times }] of segments.entries()) {
      const here = rules.writeBack === 'kept' ? [at] : [];
      if (at > 0) keep(cost.keptBytes, [at - 1, ...here]);
      if (times === 1) continue;
      const first = at === 0 || segments[at - 1]!.section !== section;
      keep(costAgain.keptBytes, [first ? ends.get(section)! : at - 1, ...here]);
    }
  }
  const sections: SectionPlan[] = problem.sections.map((_, section) => ({ section, segments: [] }));
  for (const [at, { section, plan }] of steps.entries()) {
    const bytes = own[at]!.operators.reduce((sum, each) => sum + incomingBytes(problem.operators[each]!), 0);
    const carried = problem.rules.reload === 'bytes' ? bytes / hardware.externalBytesPerCycle : 0;
    const objective = plan.computeCycles + Math.max(plan.mostCompute * hardware.array.writeCycles, carried);
    sections[section]!.segments.push({
      segment: withSpare(problem, own[at]!, spare[at]!, readers),
      solved: { by: 'exact', optimal: true, bound: objective, objective },
    });
  }
  return sections;
}

/** `spare` more arrays hold outputs that are read outside, as many as they fill; the rest holds inputs of the first operator. */
function withSpare(
  { operators, hardware }: CimProblem,
  segment: Segment,
  spare: number,
  readers: readonly number[][],
): Segment {
  if (spare === 0) return segment;
  const allocations = segment.allocations.map((each) => ({ ...each }));
  let left = spare;
  for (const each of allocations) {
    if (!readers[each.operator]!.some((reader) => !segment.operators.includes(reader))) continue;
    const filled = Math.ceil(operators[each.operator]!.outputBytes / arrayBytes(hardware));
    const more = Math.min(left, Math.max(0, filled - each.memoryOut));
    each.memoryOut += more;
    left -= more;
  }
  allocations[0]!.memoryIn += left;
  return { ...segment, allocations };
}
