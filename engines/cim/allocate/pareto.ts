import { arrayBytes } from '../hardware.ts';
import type { CimProblem } from '../types.ts';
import { mostComputeAt, planAt, reloadOf } from './exact.ts';
import { figuresOf, type Table, tableOf } from './exact-table.ts';
import { leastTime, needs } from './exact-time.ts';
import { mostShared } from './sharing.ts';
import type { Allocated } from './types.ts';

/** A plan of a segment without its counts: these follow from its time (`allocateWithin`). */
export interface TimedPlan {
  /** Eq. 9. */
  computeCycles: number;
  /** With the reload of the segment. */
  objective: number;
  /** Largest number of arrays in compute mode of one operator. */
  mostCompute: number;
  /** Arrays in each mode, shared ones once. */
  compute: number;
  memory: number;
}

/**
 * All plans of a segment that may be part of a best whole plan under the judge, fastest first; none where it does not fit.
 *
 * In a given time the fewest arrays of every operator follow (Eq. 10), both modes at once. That plan has the least reload, the
 * fewest arrays in each mode and so the widest choice of modes of all that take no longer; so the candidates are the times at
 * which some need changes, the slower the fewer arrays. Two kinds are left out:
 * - Faster than the best of time and reload: more arrays at a higher cost.
 * - Slower and dearer than a plan by as much as the arrays it frees can save at most: two switches of each, and for each in
 *   compute mode, which may stand as memory instead, the bytes that it keeps on the chip on both sides.
 *
 * None are left out with `rules.inPlace` of a segment with computed weights, or that computes weights: there the arrays of
 * single operators count too.
 */
export function plansOf(
  problem: CimProblem,
  operators: readonly number[],
  { memory }: { memory: boolean },
): TimedPlan[] {
  const table = tableOf(figuresOf(problem), operators);
  const least = table && leastTime(table, memory, table.arrays);
  if (!table || least === undefined) return [];
  const times: { cycles: number; objective: number }[] = [];
  let best = 0;
  for (let cycles = least; Number.isFinite(cycles); ) {
    const need = needs(table, cycles);
    const objective = need.cycles + reloadOf(problem, table, need.cycles);
    if (times.length > 0 && objective <= times[best]!.objective) best = times.length;
    times.push({ cycles: need.cycles, objective });
    cycles = need.next;
  }
  if (problem.rules.inPlace && table.computedWeights) return times.map((each) => timed(table, each));
  const saving = savingOf(problem, memory);
  const kept: TimedPlan[] = [];
  for (let at = best; at < times.length; at++) {
    const { objective } = times[at]!;
    // Not even with all arrays freed that can be.
    const first = kept[0];
    if (first && objective - first.objective >= saving(first.compute - table.sumLeast, first.memory)) break;
    const plan = timed(table, times[at]!);
    const dominated = kept.some(
      (other) => objective - other.objective >= saving(other.compute - plan.compute, other.memory - plan.memory),
    );
    if (!dominated) kept.push(plan);
  }
  return kept;
}

/** The plans of `plansOf` with their counts. */
export function paretoOf(problem: CimProblem, operators: readonly number[], options: { memory: boolean }): Allocated[] {
  const plans = plansOf(problem, operators, options);
  const figures = figuresOf(problem);
  const table = tableOf(figures, operators);
  if (!table) return [];
  return plans.map(({ computeCycles }) => planAt(problem, figures, table, computeCycles, true));
}

function timed(table: Table, { cycles, objective }: { cycles: number; objective: number }): TimedPlan {
  const { compute, memory } = needs(table, cycles);
  return {
    computeCycles: cycles,
    objective,
    mostCompute: mostComputeAt(table, cycles),
    compute,
    memory: memory - mostShared(table),
  };
}

/** Cycles that so many arrays fewer in each mode save at most. */
function savingOf({ hardware, rules }: CimProblem, memory: boolean): (compute: number, memory: number) => number {
  const perSwitch = hardware.switchToComputeCycles + hardware.switchToMemoryCycles;
  const sides = rules.writeBack === 'kept' ? 2 : 1;
  const perKept = memory ? (sides * arrayBytes(hardware)) / hardware.externalBytesPerCycle : 0;
  return (compute, buffers) => compute * (perSwitch + perKept) + buffers * perSwitch;
}
