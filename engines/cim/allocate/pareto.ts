import { arrayBytes } from '../hardware.ts';
import type { CimProblem } from '../types.ts';
import { planAt, reloadOf } from './exact.ts';
import { figuresOf, tableOf } from './exact-table.ts';
import { leastTime, needs } from './exact-time.ts';
import { mostShared } from './sharing.ts';
import type { Allocated } from './types.ts';

/**
 * All plans of a segment that may be part of a best whole plan, fastest first; none where it does not fit.
 *
 * In a given time the fewest arrays of every operator follow, so the candidates are the times at which some need changes.
 * Of these, what a slower plan costs more must be less than the arrays it frees can save: two switches of each, and for each
 * in compute mode, which may stand as memory instead (`withSpareAsMemory`), what it keeps on the chip on both sides. Plans
 * faster than the best of time and reload take more arrays at a higher cost, and are out; but with `rules.inPlace` a segment
 * with computed weights keeps them, because part of its reload may fall away.
 */
export function paretoOf(
  problem: CimProblem,
  operators: readonly number[],
  { memory }: { memory: boolean },
): Allocated[] {
  const figures = figuresOf(problem);
  const table = tableOf(figures, operators);
  if (!table) return [];
  const least = leastTime(table, memory, table.arrays);
  if (least === undefined) return [];
  const { hardware, rules } = problem;
  const perSwitch = hardware.switchToComputeCycles + hardware.switchToMemoryCycles;
  const perKept = memory ? (2 * arrayBytes(hardware)) / hardware.externalBytesPerCycle : 0;
  const inPlace = rules.inPlace && table.dynamic;

  const candidates: { cycles: number; cost: number; compute: number; memory: number }[] = [];
  for (let cycles = least; Number.isFinite(cycles); ) {
    const need = needs(table, cycles);
    const cost = need.cycles + reloadOf(problem, table, need.cycles);
    candidates.push({ cycles: need.cycles, cost, compute: need.compute, memory: need.memory - mostShared(table) });
    cycles = need.next;
  }
  let best = 0;
  for (const [at, { cost }] of candidates.entries()) if (cost <= candidates[best]!.cost) best = at;
  const kept: typeof candidates = [];
  for (const each of inPlace ? candidates : candidates.slice(best)) {
    const out = kept.some((other) => {
      const saved =
        (other.compute - each.compute) * (perSwitch + perKept) + Math.abs(other.memory - each.memory) * perSwitch;
      // Without its reload a plan costs at least its time.
      const more = inPlace
        ? each.cycles - other.cycles - hardware.arrays * hardware.array.writeCycles
        : each.cost - other.cost;
      return more >= saved;
    });
    if (!out) kept.push(each);
  }
  return kept.map(({ cycles }) => planAt(problem, figures, table, cycles, true));
}
