import { arrayBytes } from '../hardware.ts';
import type { CimProblem } from '../types.ts';
import { planAt, reloadOf } from './exact.ts';
import { figuresOf, type Table, tableOf } from './exact-table.ts';
import { leastTime, needs } from './exact-time.ts';
import { mostShared } from './sharing.ts';
import type { Allocated } from './types.ts';

interface Candidate {
  cycles: number;
  /** With the reload. */
  cost: number;
  /** Arrays in each mode, shared ones once. */
  compute: number;
  memory: number;
}

/**
 * All plans of a segment that may be part of a best whole plan under the judge, fastest first; none where it does not fit.
 *
 * In a given time the fewest arrays of every operator follow (Eq. 10), both modes at once, so the candidates are the times at
 * which some need changes, the slower the fewer arrays. Two kinds are left out, none with `rules.inPlace` (there the weights
 * and the output arrays of single operators count too):
 * - Faster than the best of time and reload: more arrays at a higher cost.
 * - Slower and dearer than a plan by as much as the arrays it frees can save at most: two switches of each, and for each in
 *   compute mode, which may stand as memory instead, the bytes that it keeps on the chip on both sides.
 */
export function paretoOf(
  problem: CimProblem,
  operators: readonly number[],
  { memory }: { memory: boolean },
): Allocated[] {
  const figures = figuresOf(problem);
  const table = tableOf(figures, operators);
  const least = table && leastTime(table, memory, table.arrays);
  if (!table || least === undefined) return [];
  const all = candidatesOf(problem, table, least);
  const kept = problem.rules.inPlace ? all : worthwhile(problem, all, memory);
  return kept.map(({ cycles }) => planAt(problem, figures, table, cycles, true));
}

function candidatesOf(problem: CimProblem, table: Table, least: number): Candidate[] {
  const found: Candidate[] = [];
  for (let cycles = least; Number.isFinite(cycles); ) {
    const need = needs(table, cycles);
    const cost = need.cycles + reloadOf(problem, table, need.cycles);
    found.push({ cycles: need.cycles, cost, compute: need.compute, memory: need.memory - mostShared(table) });
    cycles = need.next;
  }
  return found;
}

function worthwhile({ hardware, rules }: CimProblem, all: readonly Candidate[], memory: boolean): Candidate[] {
  const perSwitch = hardware.switchToComputeCycles + hardware.switchToMemoryCycles;
  const sides = rules.writeBack === 'kept' ? 2 : 1;
  const perKept = memory ? (sides * arrayBytes(hardware)) / hardware.externalBytesPerCycle : 0;
  let best = 0;
  for (const [at, { cost }] of all.entries()) if (cost <= all[best]!.cost) best = at;
  const kept: Candidate[] = [];
  for (const each of all.slice(best)) {
    const dominated = kept.some((other) => {
      const compute = other.compute - each.compute;
      const saved = compute * (perSwitch + perKept) + (other.memory - each.memory) * perSwitch;
      return each.cost - other.cost >= saved;
    });
    if (!dominated) kept.push(each);
  }
  return kept;
}
