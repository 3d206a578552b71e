import { planAt, reloadOf, withBestReload } from '../../../../../engines/cim/allocate/exact.ts';
import { figuresOf, tableOf } from '../../../../../engines/cim/allocate/exact-table.ts';
import { needs } from '../../../../../engines/cim/allocate/exact-time.ts';
import { mostShared } from '../../../../../engines/cim/allocate/sharing.ts';
import type { CimHardware } from '../../../../../engines/cim/hardware.ts';
import { computeWork, operatorCost } from '../../../../../engines/cim/judge.ts';
import type { CimOperator, CimProblem, Segment } from '../../../../../engines/cim/types.ts';

/** What becomes of a segment, or of one operator, with so many arrays in memory mode and the rest in compute mode. */
export interface Split {
  memory: number;
  compute: number;
  /** Least times that the arrays in compute mode allow, and that those in memory mode allow; the larger counts (Eq. 10). */
  computeBoundCycles: number;
  feedBoundCycles: number;
  cycles: number;
}

/** All splits of an operator's arrays that leave enough for its weights once; memory rising. */
export function operatorSplits(operator: CimOperator, arrays: number, hardware: CimHardware): Split[] {
  const splits: Split[] = [];
  for (let memory = 0; memory <= arrays - operator.arrays; memory++) {
    const { computeBoundCycles, feedBoundCycles, cycles } = operatorCost(operator, arrays - memory, memory, hardware);
    splits.push({ memory, compute: arrays - memory, computeBoundCycles, feedBoundCycles, cycles });
  }
  return splits;
}

/** Where `value` is least; of equals the one with the fewest memory arrays. */
export function bestSplit<S>(splits: readonly S[], value: (split: S) => number): S | undefined {
  let best: S | undefined;
  for (const split of splits) if (!best || value(split) < value(best)) best = split;
  return best;
}

/**
 * Least time of a segment for every number of arrays that its operators have in compute mode together: `times[n]` for n
 * arrays, infinite where they do not hold the weights once. Each array more goes to the slowest, which is exact.
 */
export function computeTimes(operators: readonly CimOperator[], hardware: CimHardware): number[] {
  const counts = operators.map(({ arrays }) => arrays);
  const works = operators.map((each) => computeWork(each, hardware));
  const least = counts.reduce((sum, each) => sum + each, 0);
  const times: number[] = new Array(hardware.arrays + 1).fill(Number.POSITIVE_INFINITY);
  for (let given = least; given <= hardware.arrays; given++) {
    const slowest = largest(works.map((work, at) => work / counts[at]!));
    times[given] = works[slowest]! / counts[slowest]!;
    counts[slowest]! += 1;
  }
  return times;
}

/**
 * Least time in which a segment is fed, for every number of arrays in memory mode, shared ones once (Eq. 6); infinite where
 * none of its operators can be fed.
 */
export function feedTimes(problem: CimProblem, segment: readonly number[]): number[] {
  const { hardware } = problem;
  const times: number[] = new Array(hardware.arrays + 1).fill(Number.POSITIVE_INFINITY);
  const table = tableOf(figuresOf(problem), segment);
  if (!table) return times;
  const operators = segment.map((each) => problem.operators[each]!);
  const counts = operators.map(() => 0);
  const time = (at: number) => operatorCost(operators[at]!, 1, counts[at]!, hardware).feedBoundCycles;
  // The times that matter are those of the slowest as it gets one array after another; sharing saves at most half of them.
  for (let given = 0; given <= 2 * hardware.arrays; given++) {
    const slowest = largest(operators.map((_, at) => time(at)));
    const cycles = time(slowest);
    if (Number.isFinite(cycles)) {
      const { memory } = needs(table, cycles);
      const arrays = memory - mostShared(table);
      if (arrays > hardware.arrays) break;
      times[arrays] = Math.min(times[arrays]!, cycles);
    }
    counts[slowest]! += 1;
    if (Number.isFinite(cycles) && !(time(slowest) < cycles)) break;
  }
  for (let arrays = 1; arrays < times.length; arrays++) times[arrays] = Math.min(times[arrays]!, times[arrays - 1]!);
  return times;
}

/** A split of the chip: with the reload it may pay to take longer than the arrays allow. */
export interface ChipSplit extends Split {
  reloadCycles: number;
  /** What is least at the best split: the time of the segment, and its reload where that counts. */
  objective: number;
}

/** All splits of the chip for the operators of a segment, memory rising: each side dealt out as well as it can be. */
export function chipSplits(problem: CimProblem, segment: readonly number[], withReload: boolean): ChipSplit[] {
  const { hardware } = problem;
  const byCompute = computeTimes(
    segment.map((each) => problem.operators[each]!),
    hardware,
  );
  const byMemory = feedTimes(problem, segment);
  const table = tableOf(figuresOf(problem), segment);
  const splits: ChipSplit[] = [];
  for (let memory = 0; table && memory <= hardware.arrays; memory++) {
    const compute = hardware.arrays - memory;
    const computeBoundCycles = byCompute[compute]!;
    if (!Number.isFinite(computeBoundCycles)) break;
    const feedBoundCycles = byMemory[memory]!;
    const least = Math.max(computeBoundCycles, feedBoundCycles);
    const cycles = withReload && Number.isFinite(least) ? withBestReload(problem, table, least) : least;
    const reloadCycles = reloadOf(problem, table, cycles);
    const objective = withReload ? cycles + reloadCycles : cycles;
    splits.push({ memory, compute, computeBoundCycles, feedBoundCycles, cycles, reloadCycles, objective });
  }
  return splits;
}

/** The fewest arrays with which a segment takes a time that one of its splits has. */
export function allocationAt(problem: CimProblem, segment: readonly number[], cycles: number): Segment | undefined {
  const figures = figuresOf(problem);
  const table = tableOf(figures, segment);
  return table && Number.isFinite(cycles) ? planAt(problem, figures, table, cycles, false).segment : undefined;
}

function largest(values: readonly number[]): number {
  let found = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[found]!) found = at;
  return found;
}
