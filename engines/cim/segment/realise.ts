import { arrayBytes } from '../hardware.ts';
import { judge, readersOf } from '../judge.ts';
import type { CimProblem, Segment } from '../types.ts';
import type { Step } from './chain.ts';
import { withOutputs } from './in-place.ts';
import type { Plan } from './plans.ts';
import type { SectionPlan } from './types.ts';

/**
 * Segments with their arrays from the steps of a chain. The search lets every array in memory mode buffer; here a segment has,
 * beside the arrays that its plan needs, only those that keep bytes on the chip on the way in or out.
 */
export function realise(problem: CimProblem, steps: readonly Step[], memory: boolean): SectionPlan[] {
  const { hardware, rules } = problem;
  const plans = steps.map(({ plan, inPlace }) => (inPlace ? withOutputs(plan, inPlace.demands) : plan));
  const needed = plans.map((plan) => plan.memory);
  if (memory) {
    const full = steps.map((step, at) => {
      const spare = hardware.arrays - step.inComputeMode - plans[at]!.memory;
      return { segment: segmentOf(problem, step, plans[at]!, Math.max(0, spare)), section: step.section };
    });
    const { segments } = judge(problem, full);
    const keep = (bytes: number, ...sides: number[]) => {
      const arrays = Math.ceil(bytes / arrayBytes(hardware));
      for (const side of sides) needed[side] = Math.max(needed[side]!, arrays);
    };
    for (const [at, { section, cost, costAgain, times }] of segments.entries()) {
      const own = rules.writeBack === 'kept' ? [at] : [];
      if (at > 0) keep(cost.keptBytes, at - 1, ...own);
      if (times === 1) continue;
      const first = at === 0 || segments[at - 1]!.section !== section;
      const before = first ? segments.findLastIndex((each) => each.section === section) : at - 1;
      keep(costAgain.keptBytes, before, ...own);
    }
  }
  const sections: SectionPlan[] = problem.sections.map((_, section) => ({ section, segments: [] }));
  for (const [at, step] of steps.entries()) {
    const plan = plans[at]!;
    const segment = segmentOf(problem, step, plan, needed[at]! - plan.memory);
    const objective = plan.computeCycles + plan.mostCompute * hardware.array.writeCycles;
    sections[step.section]!.segments.push({
      segment,
      solved: { by: 'exact', optimal: true, bound: objective, objective },
    });
  }
  return sections;
}

/** `spare` more arrays hold outputs that are read outside, as many as they fill; the rest holds inputs of the first operator. */
function segmentOf(problem: CimProblem, step: Step, plan: Plan, spare: number): Segment {
  const { operators, hardware } = problem;
  const own = step.operators;
  const allocations = plan.allocations.map((each) => ({ ...each, operator: own[each.operator]! }));
  let left = spare;
  if (left > 0) {
    const readers = readersOf(operators);
    for (const each of allocations) {
      if (!readers[each.operator]!.some((reader) => !own.includes(reader))) continue;
      const filled = Math.ceil(operators[each.operator]!.outputBytes / arrayBytes(hardware));
      const more = Math.min(left, Math.max(0, filled - each.memoryOut));
      each.memoryOut += more;
      left -= more;
    }
    allocations[0]!.memoryIn += left;
  }
  return {
    operators: [...own],
    allocations,
    shared: plan.shared.map(({ from, to, arrays }) => ({ from: own[from]!, to: own[to]!, arrays })),
  };
}
