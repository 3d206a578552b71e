import { expect } from 'vitest';
import { allocateExactly } from '../allocate/exact.ts';
import { judge } from '../judge.ts';
import { prepare } from '../prepare.ts';
import { slice } from '../slice.ts';
import type { CimProblem, CimSlice, Improvements, PlannedSegment, PlanTotals } from '../types.ts';
import type { Segmenter } from './types.ts';

const job = { signal: new AbortController().signal, progress: () => {}, source: async () => undefined };

/** The problem of a design that differs from the default as given. */
export async function problemOf(choices: Partial<CimSlice>): Promise<CimProblem> {
  const prepared = await prepare({ ...slice.defaults, ...choices }, job);
  if (!prepared.ok) throw new Error(prepared.problems[0]!.what);
  return prepared.value.problem;
}

/** A plan as the judge sees it, checked: every operator once, after those that it reads, arrays enough. */
export async function judged(
  segmenter: Segmenter,
  problem: CimProblem,
  improvements: Improvements,
  memory = true,
): Promise<{ segments: PlannedSegment[]; totals: PlanTotals }> {
  const cut = await segmenter(problem, { improvements, memory, allocate: allocateExactly }, job);
  if (!cut.ok) throw new Error(cut.problems[0]!.what);
  const planned = cut.value.sections.flatMap(({ section, segments }) => segments.map((each) => ({ ...each, section })));
  const found = judge(problem, planned);
  const order = found.segments.flatMap(({ operators }) => operators);
  const place = new Map(order.map((operator, at) => [operator, at]));
  expect([...order].sort((a, b) => a - b)).toEqual(problem.operators.map(({ index }) => index));
  const late = problem.operators.filter(({ index, inputs, weightsFrom, sums = [] }) =>
    [...inputs, ...weightsFrom, ...sums].some(({ operator }) => place.get(operator)! >= place.get(index)!),
  );
  expect(late).toEqual([]);
  const wrong = found.segments.filter(({ cost, allocations }) => {
    if (cost.computeArrays + cost.memoryArrays > problem.hardware.arrays) return true;
    if (!memory && cost.memoryArrays > 0) return true;
    return allocations.some(({ operator, compute }) => compute < problem.operators[operator]!.arrays);
  });
  expect(wrong).toEqual([]);
  return found;
}
