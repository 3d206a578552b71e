import { arrayBytes } from '../hardware.ts';
import { computeWork } from '../judge.ts';
import type { Allocation, CimProblem, SharedArrays } from '../types.ts';
import { namer } from './alike.ts';

/** One allocation of a segment. Operators are given by their place in the segment, so that equal segments share plans. */
export interface Plan {
  /** Eq. 9. */
  computeCycles: number;
  /** Largest number of arrays in compute mode of one operator (Eq. 2). */
  mostCompute: number;
  /** Arrays in each mode, shared ones once. */
  compute: number;
  memory: number;
  allocations: Allocation[];
  shared: SharedArrays[];
}

export interface PlanOptions {
  /** False: compute mode only. */
  memory: boolean;
  /** False: the fastest by Eq. 9 alone. True: also slower ones with fewer arrays. */
  several: boolean;
}

/** Plans of a segment, the slowest and smallest first; empty where the operators do not fit together. */
export type Planner = (operators: readonly number[]) => readonly Plan[];

/**
 * All plans of a segment that can be part of a best plan of the network, each segment asked for once.
 *
 * Why these are all: for a segment time T every operator has a least number of compute arrays, and one of memory arrays, and
 * both can be had at once (Eq. 10). That plan has the least reload, the fewest arrays in each mode and so the widest choice of
 * modes of all plans that take no longer than T; and it changes only at the times of some operator with some count. So the
 * plans are a chain, walked here from the smallest by giving the slowest operator one array more at a time.
 */
export function planner(problem: CimProblem, options: PlanOptions): Planner {
  const nameOf = namer(problem);
  const known = new Map<string, readonly Plan[]>();
  return (chosen) => {
    const key = nameOf(chosen);
    const found = known.get(key);
    if (found) return found;
    const plans = walk(problem, chosen, options);
    known.set(key, plans);
    return plans;
  };
}

function walk(problem: CimProblem, chosen: readonly number[], { memory, several }: PlanOptions): Plan[] {
  const { hardware, operators } = problem;
  const { array, mainBytesPerCycle } = hardware;
  const own = chosen.map((index) => operators[index]!);
  const work = own.map((operator) => computeWork(operator, hardware));
  const compute = own.map(({ arrays }) => arrays);
  const buffers = own.map(() => 0);
  const plans: Plan[] = [];
  for (;;) {
    const total = compute.reduce((sum, each) => sum + each, 0);
    if (total > hardware.arrays) break;
    const { shared, allocations, arrays } = share(problem, chosen, compute, buffers);
    if (total + arrays > hardware.arrays) break;
    let slowest = 0;
    const times = own.map(({ streamBytes }, at) => {
      const feed = streamBytes / (mainBytesPerCycle + buffers[at]! * array.memoryBytesPerCycle);
      return [work[at]! / compute[at]!, feed] as const;
    });
    for (const [bound, feed] of times) slowest = Math.max(slowest, bound, feed);
    const plan = {
      computeCycles: slowest,
      mostCompute: Math.max(...compute),
      compute: total,
      memory: arrays,
      allocations,
      shared,
    };
    if (several) plans.push(plan);
    else plans[0] = plan;
    let fed = true;
    for (const [at, [bound, feed]] of times.entries()) {
      if (bound >= slowest) compute[at]! += 1;
      if (feed < slowest) continue;
      buffers[at]! += 1;
      fed &&= memory && array.memoryBytesPerCycle > 0;
    }
    if (!fed || slowest <= 0) break;
  }
  return plans;
}

/** Output arrays that are the next operator's input arrays (Eq. 6), and the memory arrays that are left to have. */
function share(
  { operators, hardware, rules }: CimProblem,
  chosen: readonly number[],
  compute: readonly number[],
  buffers: readonly number[],
): { allocations: Allocation[]; shared: SharedArrays[]; arrays: number } {
  const allocations = compute.map((each, at) => ({
    operator: at,
    compute: each,
    memoryIn: buffers[at]!,
    memoryOut: 0,
  }));
  const shared: SharedArrays[] = [];
  let arrays = buffers.reduce((sum, each) => sum + each, 0);
  if (!rules.sharing || arrays === 0) return { allocations, shared, arrays };
  const left = [...buffers];
  for (const [to, index] of chosen.entries()) {
    for (const { operator, bytes } of operators[index]!.inputs) {
      const from = chosen.indexOf(operator);
      if (from < 0) continue;
      const count = Math.min(left[from]!, left[to]!, Math.floor(bytes / arrayBytes(hardware)));
      if (count === 0) continue;
      left[from]! -= count;
      left[to]! -= count;
      allocations[from]!.memoryOut += count;
      allocations[from]!.memoryIn -= count;
      shared.push({ from, to, arrays: count });
      arrays -= count;
    }
  }
  return { allocations, shared, arrays };
}
