import { arrayBytes } from '../hardware.ts';
import { computeWork } from '../judge.ts';
import type { Allocation, CimProblem, SharedArrays } from '../types.ts';
import type { Allocate, Allocated, AllocateOptions } from './types.ts';

interface Demand {
  allocations: Allocation[];
  shared: SharedArrays[];
  mostCompute: number;
}

/**
 * Eq. 9 (with the reload, where asked for) solved exactly: the arrays that a segment needs only grow as its time shrinks, so
 * the least time that fits is found among the times at which some operator's need changes.
 */
export const allocateExactly: Allocate = (problem, operators, options) => {
  const { hardware } = problem;
  const least = operators.reduce((sum, each) => sum + problem.operators[each]!.arrays, 0);
  if (least > hardware.arrays) return undefined;
  const smallest = Math.max(...operators.map((each) => problem.operators[each]!.arrays));
  const most = options.mostCompute ?? hardware.arrays;
  let best: Allocated | undefined;
  for (let cap = options.withReload ? smallest : most; cap <= most; cap++) {
    const found = fastest(problem, operators, cap, options);
    if (!found) continue;
    const reload = options.withReload ? found.demand.mostCompute * hardware.array.writeCycles : 0;
    const objective = found.computeCycles + reload;
    if (best && best.objective <= objective) continue;
    best = {
      segment: { operators: [...operators], allocations: found.demand.allocations, shared: found.demand.shared },
      computeCycles: found.computeCycles,
      mostCompute: found.demand.mostCompute,
      objective,
      solved: { by: 'exact', optimal: true, bound: objective, objective },
    };
  }
  return best;
};

function fastest(
  problem: CimProblem,
  operators: readonly number[],
  cap: number,
  { memory }: AllocateOptions,
): { computeCycles: number; demand: Demand } | undefined {
  const { hardware } = problem;
  const times: number[] = [];
  for (const index of operators) {
    const operator = problem.operators[index]!;
    for (let count = operator.arrays; count <= cap; count++) times.push(computeWork(operator, hardware) / count);
    for (let count = 0; count <= (memory ? hardware.arrays : 0); count++) {
      times.push(operator.streamBytes / (hardware.mainBytesPerCycle + count * hardware.array.memoryBytesPerCycle));
    }
  }
  times.sort((a, b) => a - b);
  let [low, high] = [0, times.length - 1];
  let demand = demandAt(problem, operators, times[high]!, cap, memory);
  if (!demand) return undefined;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = demandAt(problem, operators, times[middle]!, cap, memory);
    if (found) [high, demand] = [middle, found];
    else low = middle + 1;
  }
  return { computeCycles: times[high]!, demand };
}

/** The fewest arrays with which a segment takes no more than `cycles`; undefined where the chip has not so many. */
function demandAt(
  problem: CimProblem,
  operators: readonly number[],
  cycles: number,
  cap: number,
  memory: boolean,
): Demand | undefined {
  const { hardware, rules } = problem;
  const { array, mainBytesPerCycle } = hardware;
  const need: number[] = [];
  const allocations: Allocation[] = [];
  let sum = 0;
  let mostCompute = 0;
  for (const index of operators) {
    const operator = problem.operators[index]!;
    const compute = Math.max(operator.arrays, Math.ceil(computeWork(operator, hardware) / cycles - 1e-9));
    if (compute > cap) return undefined;
    const short = operator.streamBytes / cycles - mainBytesPerCycle;
    const buffers = short > 1e-9 ? Math.ceil(short / array.memoryBytesPerCycle - 1e-9) : 0;
    if (buffers > 0 && !memory) return undefined;
    allocations.push({ operator: index, compute, memoryIn: buffers, memoryOut: 0 });
    need.push(buffers);
    sum += compute + buffers;
    mostCompute = Math.max(mostCompute, compute);
  }
  const shared: SharedArrays[] = [];
  if (rules.sharing) {
    for (const [at, index] of operators.entries()) {
      for (const { operator: from, bytes } of problem.operators[index]!.inputs) {
        const source = operators.indexOf(from);
        if (source < 0) continue;
        const arrays = Math.min(need[source]!, need[at]!, Math.floor(bytes / arrayBytes(hardware)));
        if (arrays === 0) continue;
        need[source]! -= arrays;
        need[at]! -= arrays;
        allocations[source]!.memoryOut += arrays;
        allocations[source]!.memoryIn -= arrays;
        shared.push({ from, to: index, arrays });
        sum -= arrays;
      }
    }
  }
  return sum <= hardware.arrays ? { allocations, shared, mostCompute } : undefined;
}
