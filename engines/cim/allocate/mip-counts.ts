import { type Mip, MipBuilder, type MipTerm } from '../../search/mip/index.ts';
import { type Counts, type SegmentFacts, timeOf } from './mip-facts.ts';
import { addRate, addTimeAndReload, type CountTerms, type Goal } from './mip-objective.ts';

/*
 * The allocation of a segment as a program over counts. Nothing tells arrays of one chip apart, so of the published binaries
 * for every operator and array only their sums matter: Com, Min and Mout of each operator, and H, the arrays that two share.
 */

/** A program whose solutions are allocations of a segment. */
export interface SegmentProgram {
  mip: Mip;
  goal: Goal;
  countsOf(values: readonly number[]): Counts;
}

/** Columns of the counts, by position in the segment and by pair. */
interface CountColumns {
  compute: number[];
  memoryIn: number[];
  memoryOut: number[];
  shared: number[];
}

/** Eq. 5 to 10 over counts, Eq. 9 (and 2, `withReload`) as objective. */
export function countProgram(facts: SegmentFacts): SegmentProgram {
  const builder = new MipBuilder(facts.options.withReload ? 'minimise' : 'maximise');
  const columns = addCounts(builder, facts);
  const add = facts.options.withReload ? addTimeAndReload : addRate;
  const goal = add(builder, facts, termsOf(columns));
  return { mip: builder.mip, goal, countsOf: (values) => countsOf(columns, values) };
}

/**
 * Of all plans that are as good as `found`, the one with the fewest arrays, and of these the one that shares most: what the
 * best time leaves open. Eq. 9 alone: what each operator needs in the time of `found` follows, and bounds its counts. With
 * the reload, any time will do whose sum with its reload is no more.
 */
export function fewestArraysProgram(facts: SegmentFacts, cycles: number, objective: number): SegmentProgram {
  const builder = new MipBuilder('minimise');
  const columns = addCounts(builder, facts);
  const terms = termsOf(columns);
  let goal: Goal = { cyclesOf: (each) => each, terms: [] };
  if (facts.options.withReload) {
    goal = addTimeAndReload(builder, facts, terms);
    for (const [column] of goal.terms) builder.mip.columns[column]!.cost = 0;
    // The slack covers the rounding of the sum, no more.
    builder.atMost('as_good', (objective / facts.unit) * (1 + 1e-9), goal.terms);
  } else {
    for (const [at, { compute, memory }] of terms.entries()) {
      builder.atLeast(`needs_${at}`, leastCompute(facts, at, cycles), compute);
      builder.atLeast(`buffers_${at}`, leastMemory(facts, at, cycles), memory);
    }
  }
  // No more arrays are shared than there are, so that one count less outweighs all sharing.
  for (const column of [...columns.compute, ...columns.memoryIn, ...columns.memoryOut]) {
    builder.mip.columns[column]!.cost = facts.arrays + 1;
  }
  for (const column of columns.shared) builder.mip.columns[column]!.cost = -1;
  return { mip: builder.mip, goal, countsOf: (values) => countsOf(columns, values) };
}

function addCounts(builder: MipBuilder, facts: SegmentFacts): CountColumns {
  const { least, mostCompute, mostMemory, pairs, arrays } = facts;
  const columns: CountColumns = {
    compute: least.map((each, at) => builder.integer(`com_${at}`, each, mostCompute[at]!)),
    memoryIn: least.map((_, at) => builder.integer(`in_${at}`, 0, mostMemory)),
    memoryOut: least.map((_, at) => builder.integer(`out_${at}`, 0, mostMemory)),
    shared: pairs.map(({ from, to, most }) => builder.integer(`h_${from}_${to}`, 0, most)),
  };
  const sharedBy = (role: 'from' | 'to', at: number) =>
    columns.shared.flatMap((column, pair): MipTerm[] => (pairs[pair]![role] === at ? [[column, -1]] : []));
  for (const at of least.keys()) {
    // Eq. 7: an array is the output of one operator and the input of one.
    const [given, taken] = [sharedBy('from', at), sharedBy('to', at)];
    if (given.length > 0) builder.atLeast(`gives_${at}`, 0, [[columns.memoryOut[at]!, 1], ...given]);
    if (taken.length > 0) builder.atLeast(`takes_${at}`, 0, [[columns.memoryIn[at]!, 1], ...taken]);
  }
  // Eq. 8.
  builder.atMost('chip', arrays, [
    ...[...columns.compute, ...columns.memoryIn, ...columns.memoryOut].map((column): MipTerm => [column, 1]),
    ...columns.shared.map((column): MipTerm => [column, -1]),
  ]);
  return columns;
}

function termsOf({ compute, memoryIn, memoryOut }: CountColumns): CountTerms[] {
  return compute.map((column, at) => ({
    compute: [[column, 1]],
    memory: [
      [memoryIn[at]!, 1],
      [memoryOut[at]!, 1],
    ],
  }));
}

function countsOf(columns: CountColumns, values: readonly number[]): Counts {
  const read = (each: readonly number[]) => each.map((column) => values[column]!);
  return {
    compute: read(columns.compute),
    memoryIn: read(columns.memoryIn),
    memoryOut: read(columns.memoryOut),
    shared: read(columns.shared),
  };
}

/** The fewest arrays in compute mode with which an operator takes no longer, by the judge's own division. */
function leastCompute(facts: SegmentFacts, at: number, cycles: number): number {
  let count = facts.least[at]!;
  while (count < facts.mostCompute[at]! && facts.work[at]! / count > cycles) count += 1;
  return count;
}

function leastMemory(facts: SegmentFacts, at: number, cycles: number): number {
  let count = 0;
  while (count < facts.mostMemory && timeOf(facts, at, facts.mostCompute[at]!, count) > cycles) count += 1;
  return count;
}
