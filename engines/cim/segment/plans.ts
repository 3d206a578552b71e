import { allocateExactly, allocateWithin } from '../allocate/exact.ts';
import { plansOf } from '../allocate/pareto.ts';
import type { Allocated } from '../allocate/types.ts';
import { arraysOf } from '../judge.ts';
import type { CimProblem } from '../types.ts';
import { namer } from './alike.ts';

/** One allocation of a segment, without its counts: these follow from its time (`allocationOf`). */
export interface Plan {
  /** Eq. 9. */
  computeCycles: number;
  /** Largest number of arrays in compute mode of one operator (Eq. 2). */
  mostCompute: number;
  /** Arrays in each mode, shared ones once. */
  compute: number;
  memory: number;
  /** Counts by place in the segment; only where weights may lie in place. */
  detail?: Allocated['segment'];
}

export interface PlanOptions {
  /** False: compute mode only. */
  memory: boolean;
  /** False: the fastest by Eq. 9 alone. True: also slower ones with fewer arrays. */
  several: boolean;
}

export interface Planner {
  /** Plans of a segment, the slowest first; empty where the operators do not fit together. */
  of(operators: readonly number[]): readonly Plan[];
  /** Kinds of segments that were asked for. */
  kinds(): number;
}

/**
 * All plans of a segment that can be part of a best plan of the network (`plansOf`), or the fastest; segments of one kind are
 * asked for once.
 */
export function planner(problem: CimProblem, { memory, several }: PlanOptions): Planner {
  const nameOf = namer(problem);
  const known = new Map<string, readonly Plan[]>();
  const find = (chosen: readonly number[]): readonly Plan[] => {
    const plans: Plan[] = several ? plansOf(problem, chosen, { memory }) : fastest(problem, chosen, memory);
    if (problem.rules.inPlace) {
      for (const plan of plans) plan.detail = byPlace(allocationOf(problem, chosen, plan, memory), chosen);
    }
    return plans.reverse();
  };
  return {
    of: (chosen) => {
      const name = nameOf(chosen);
      const found = known.get(name) ?? find(chosen);
      known.set(name, found);
      return found;
    },
    kinds: () => known.size,
  };
}

/** Eq. 9 alone. */
function fastest(problem: CimProblem, chosen: readonly number[], memory: boolean): Plan[] {
  const found = allocateExactly(problem, chosen, { memory, withReload: false });
  if (!found) return [];
  const { computeCycles, mostCompute, segment } = found;
  return [{ computeCycles, mostCompute, ...arraysOf(segment) }];
}

/** The counts of a plan: the fewest arrays of every operator with which the segment takes its time. */
export function allocationOf(
  problem: CimProblem,
  operators: readonly number[],
  { computeCycles }: Plan,
  memory: boolean,
): Allocated['segment'] {
  const found = allocateWithin(problem, operators, computeCycles, { memory, withReload: true });
  if (!found) throw new Error('A plan that was found has an allocation.');
  return found.segment;
}

function byPlace({ allocations, shared }: Allocated['segment'], chosen: readonly number[]): Allocated['segment'] {
  const place = (operator: number) => chosen.indexOf(operator);
  return {
    operators: chosen.map((_, at) => at),
    allocations: allocations.map((each) => ({ ...each, operator: place(each.operator) })),
    shared: shared.map(({ from, to, arrays }) => ({ from: place(from), to: place(to), arrays })),
  };
}
