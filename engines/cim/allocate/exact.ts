import type { Allocation, CimProblem, SharedArrays } from '../types.ts';
import { type Figures, figuresOf, type Table, tableOf } from './exact-table.ts';
import { leastTime, leastTimeBound, needs } from './exact-time.ts';
import { share } from './sharing.ts';
import type { Allocate, Allocated } from './types.ts';

/*
 * The allocation of a segment, exactly. Given the time that a segment may take, the fewest arrays of every operator follow
 * (Eq. 10), so a plan worth considering is its time: Eq. 9 asks for the least that fits, Eq. 9 and 2 for the best of a few.
 */

/**
 * Eq. 9, or with the reload (Eq. 2, or `rules.reload`), solved exactly; of several optima that with the fewest arrays.
 * What lies in memory arrays before the segment is not known here, so with `rules.inPlace` the reload is taken for whole.
 */
export const allocateExactly: Allocate = (problem, operators, { memory, mostCompute, withReload }) => {
  const figures = figuresOf(problem);
  const table = tableOf(figures, operators);
  if (!table) return undefined;
  const cap = Math.min(mostCompute ?? table.arrays, table.arrays);
  const least = leastTime(table, memory, cap);
  if (least === undefined) return undefined;
  const cycles = withReload ? withBestReload(problem, table, least) : least;
  return planAt(problem, figures, table, cycles, withReload);
};

/**
 * The plan with the fewest arrays of a segment that takes no longer than `cycles`; undefined where it does not fit. Solvers
 * that have found a best time by other means take their counts from here, so that all return the same.
 */
export function allocateWithin(
  problem: CimProblem,
  operators: readonly number[],
  cycles: number,
  { memory, withReload }: { memory: boolean; withReload: boolean },
): Allocated | undefined {
  const figures = figuresOf(problem);
  const table = tableOf(figures, operators);
  const least = table && leastTime(table, memory, table.arrays);
  if (!table || least === undefined || least > cycles) return undefined;
  return planAt(problem, figures, table, cycles, withReload);
}

/**
 * A bound that no allocation of the segment beats: its objective as `allocateExactly` would give it, cycles; undefined where
 * the operators do not fit. Much cheaper than the allocation.
 */
export function lowerBound(
  problem: CimProblem,
  operators: readonly number[],
  { memory, mostCompute, withReload }: { memory: boolean; mostCompute?: number; withReload: boolean },
): number | undefined {
  const table = tableOf(figuresOf(problem), operators);
  if (!table) return undefined;
  const cap = Math.min(mostCompute ?? table.arrays, table.arrays);
  if (table.mostLeast > cap) return undefined;
  const least = leastTimeBound(table, memory, cap);
  if (!withReload) return least;
  const cycles = withBestReload(problem, table, least);
  return cycles + reloadOf(problem, table, cycles);
}

/** Most arrays in compute mode of one operator when the segment takes `cycles`. */
export function mostComputeAt(table: Table, cycles: number): number {
  const { mostLeast, mostWork } = table;
  if (!(mostWork / mostLeast > cycles)) return mostLeast;
  let count = Math.max(mostLeast, Math.ceil(mostWork / cycles));
  while (mostWork / count > cycles) count += 1;
  while (mostWork / (count - 1) <= cycles) count -= 1;
  return count;
}

/** Eq. 2 of the table's segment when it takes `cycles`; with `bytes`, no faster than its weights come in. */
export function reloadOf({ hardware, rules }: CimProblem, table: Table, cycles: number): number {
  const written = mostComputeAt(table, cycles) * hardware.array.writeCycles;
  return rules.reload === 'bytes' ? Math.max(written, table.weightBytes / hardware.externalBytesPerCycle) : written;
}

/**
 * The time, `least` or longer, with which time and reload together are least; of several the longest, which takes the
 * fewest arrays. Only the times matter at which the largest operator makes do with an array less.
 */
export function withBestReload(problem: CimProblem, table: Table, least: number): number {
  const { hardware, rules } = problem;
  const { writeCycles } = hardware.array;
  const carried = rules.reload === 'bytes' ? table.weightBytes / hardware.externalBytesPerCycle : 0;
  const most = mostComputeAt(table, least);
  let best = Number.POSITIVE_INFINITY;
  let chosen = least;
  for (let count = table.mostLeast; count <= most; count++) {
    const written = count * writeCycles;
    if (written >= best) break;
    const cycles = count === most ? least : table.mostWork / count;
    const objective = cycles + Math.max(written, carried);
    if (objective >= best) continue;
    best = objective;
    chosen = cycles;
  }
  return chosen;
}

/** The plan of the table's segment with the fewest arrays in a time that is known to fit. */
export function planAt(
  problem: CimProblem,
  figures: Figures,
  table: Table,
  cycles: number,
  withReload: boolean,
): Allocated {
  const computeCycles = needs(table, cycles).cycles;
  const { by } = share(table);
  const allocations: Allocation[] = [];
  const operators: number[] = [];
  const shared: SharedArrays[] = [];
  let mostCompute = 0;
  for (let at = 0; at < table.size; at++) {
    const operator = table.operators[at]!;
    const compute = table.compute[at]!;
    if (compute > mostCompute) mostCompute = compute;
    operators.push(operator);
    allocations.push({ operator, compute, memoryIn: 0, memoryOut: 0 });
  }
  for (let pair = 0; pair < table.pairs.length; pair++) {
    const arrays = by[pair]!;
    if (arrays === 0) continue;
    const { from, to } = table.pairs[pair]!;
    allocations[from]!.memoryOut += arrays;
    allocations[to]!.memoryIn += arrays;
    shared.push({ from: operators[from]!, to: operators[to]!, arrays });
  }
  for (let at = 0; at < table.size; at++) {
    // Buffers that nobody shares feed the operator: input buffers. Those that may become arrays in place hold its output.
    const own = allocations[at]!;
    const rest = table.memory[at]! - own.memoryIn - own.memoryOut;
    if (problem.rules.inPlace && figures.feedsWeights[own.operator] === 1) own.memoryOut += rest;
    else own.memoryIn += rest;
  }
  const objective = withReload ? computeCycles + reloadOf(problem, table, computeCycles) : computeCycles;
  return {
    segment: { operators, allocations, shared },
    computeCycles,
    mostCompute,
    objective,
    solved: { by: 'exact', optimal: true, bound: objective, objective },
  };
}
