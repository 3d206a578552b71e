import type { MipBuilder, MipTerm } from '../../search/mip/index.ts';
import type { SegmentFacts } from './mip-facts.ts';

/** Sums of columns that count an operator's arrays in compute mode, and its buffers. */
export interface CountTerms {
  compute: MipTerm[];
  memory: MipTerm[];
}

/** How the objective of a program is read: in cycles. */
export interface Goal {
  cyclesOf(objective: number): number;
  /** Columns whose sum is the objective in units of `facts.unit`; only of the form with the reload. */
  terms: MipTerm[];
}

/**
 * Eq. 9 and 10 without a product. Least time is greatest rate r = unit / T, and T >= work / Com says Com >= (work / unit) r,
 * T >= stream / (D_main + Mem D_cim) says D_main + Mem D_cim >= (stream / unit) r: both linear in r and the counts.
 */
export function addRate(builder: MipBuilder, facts: SegmentFacts, counts: readonly CountTerms[]): Goal {
  const { unit, main, perArray } = facts;
  const rate = builder.column('rate', { upper: 1, cost: 1 });
  for (const [at, { compute, memory }] of counts.entries()) {
    builder.atLeast(`compute_${at}`, 0, [...compute, [rate, -facts.work[at]! / unit]]);
    const feed = facts.stream[at]! / unit;
    if (perArray > 0) builder.atLeast(`feed_${at}`, -main / perArray, [...memory, [rate, -feed / perArray]]);
    else builder.atLeast(`feed_${at}`, -main, [[rate, -feed]]);
  }
  return { cyclesOf: (objective) => unit / objective, terms: [] };
}

/**
 * Eq. 9 plus the reload (Eq. 2). The rate does not do: time and reload are added. So binaries select the count of every
 * operator, one each, and the time of a count is a constant: T >= sum of (work / count) x selected, exactly.
 */
export function addTimeAndReload(builder: MipBuilder, facts: SegmentFacts, counts: readonly CountTerms[]): Goal {
  const { unit, main, perArray } = facts;
  const { writeCycles } = facts.problem.hardware.array;
  const time = builder.column('time', { lower: 0, cost: 1 });
  const reload = builder.column('reload', { lower: facts.carriedCycles / unit, cost: 1 });
  for (const [at, { compute, memory }] of counts.entries()) {
    const times: [count: number, cycles: number][] = [];
    for (let count = facts.least[at]!; count <= facts.mostCompute[at]!; count++) {
      times.push([count, facts.work[at]! / count]);
    }
    select(builder, `compute_${at}`, time, compute, times, unit);
    builder.atLeast(`reload_${at}`, 0, [[reload, 1], ...scaled(compute, -writeCycles / unit)]);
    const feeds: [count: number, cycles: number][] = [];
    for (let count = 0; count <= facts.mostMemory; count++) {
      const rate = main + count * perArray;
      // Without bandwidth nothing arrives, ever.
      if (rate > 0 || facts.stream[at] === 0) feeds.push([count, rate > 0 ? facts.stream[at]! / rate : 0]);
      // More buffers do not shorten what is never the longest.
      if (feeds.length > 0 && feeds.at(-1)![1] <= unit) break;
    }
    select(builder, `feed_${at}`, time, memory, feeds, unit);
  }
  return {
    cyclesOf: (objective) => unit * objective,
    terms: [
      [time, 1],
      [reload, 1],
    ],
  };
}

/** The count is at least the selected one, and the time at least that count's. */
function select(
  builder: MipBuilder,
  name: string,
  time: number,
  count: readonly MipTerm[],
  times: readonly [count: number, cycles: number][],
  unit: number,
): void {
  const first = times[0]!;
  if (times.length === 1) {
    builder.atLeast(`${name}_count`, first[0], [...count]);
    builder.atLeast(`${name}_time`, first[1] / unit, [[time, 1]]);
    return;
  }
  const chosen = times.map(([each]) => builder.binary(`${name}_is_${each}`));
  builder.equal(
    `${name}_one`,
    1,
    chosen.map((column): MipTerm => [column, 1]),
  );
  builder.atLeast(`${name}_count`, 0, [...count, ...chosen.map((column, at): MipTerm => [column, -times[at]![0]])]);
  builder.atLeast(`${name}_time`, 0, [
    [time, 1],
    ...chosen.map((column, at): MipTerm => [column, -times[at]![1] / unit]),
  ]);
}

function scaled(terms: readonly MipTerm[], factor: number): MipTerm[] {
  return terms.map(([column, each]): MipTerm => [column, each * factor]);
}
