import { allocateWithin, mostComputeAt, withBestReload } from '../allocate/exact.ts';
import { figuresOf, tableOf } from '../allocate/exact-table.ts';
import { leastTime, needs } from '../allocate/exact-time.ts';
import { mostShared } from '../allocate/sharing.ts';
import type { Allocated } from '../allocate/types.ts';
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
 * All plans of a segment that can be part of a best plan of the network; segments of one kind are asked for once.
 *
 * Why these are all: for a segment time T every operator has a least number of compute arrays, and one of memory arrays, and
 * both can be had at once (Eq. 10). That plan has the least reload, the fewest arrays in each mode and so the widest choice of
 * modes of all plans that take no longer than T; and it changes only at the times of some operator with some count. So the
 * plans are a chain, in which time falls as arrays, in both modes, grow.
 */
export function planner(problem: CimProblem, { memory, several }: PlanOptions): Planner {
  const figures = figuresOf(problem);
  const nameOf = namer(problem);
  const known = new Map<string, readonly Plan[]>();
  const find = (chosen: readonly number[]): readonly Plan[] => {
    const table = tableOf(figures, chosen);
    const least = table && leastTime(table, memory, table.arrays);
    if (!table || least === undefined) return [];
    // Faster than the best of time and reload: more arrays at a higher cost, unless some of the reload falls away in place.
    const first = several && !problem.rules.inPlace ? withBestReload(problem, table, least) : least;
    const plans: Plan[] = [];
    for (let cycles = first; Number.isFinite(cycles); ) {
      const need = needs(table, cycles);
      plans.push({
        computeCycles: need.cycles,
        mostCompute: mostComputeAt(table, need.cycles),
        compute: need.compute,
        memory: need.memory - mostShared(table),
      });
      if (!several) break;
      cycles = need.next;
    }
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
