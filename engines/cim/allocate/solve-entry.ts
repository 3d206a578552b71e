import type { Job } from '../../core/job.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import { stopwatch } from '../../core/stopwatch.ts';
import { prepare } from '../prepare.ts';
import type { Allocation, CimSlice, SolveInfo, SolverName } from '../types.ts';
import { allocateExactly } from './exact.ts';
import { allocateByMip, sameCounts, segmentText } from './mip-solve.ts';

/** Spec of the entry `allocate`: a segment of a design, solved as a program, beside the exact search. */
export interface SolveSpec {
  slice: CimSlice;
  /** Names of the segment's operators. */
  operators: string[];
  solver: Exclude<SolverName, 'exact'>;
  mipSeconds: number;
  /** Eq. 9 plus the reload of the segment. */
  withReload: boolean;
}

export interface SolveReport {
  allocations: Allocation[];
  computeCycles: number;
  solved: SolveInfo;
  /** The search found a plan itself; false: out of time, and what stands is every operator's weights once. */
  found: boolean;
  exact: { allocations: Allocation[]; computeCycles: number; objective: number };
  /** Equal objective, and equal counts. */
  agree: boolean;
  /** The program as text (LP format). */
  lpText: string;
  measured: { timesMs: Record<string, number> };
}

/** Solves one segment by a mixed-integer program and by the exact search, and says whether the two agree. */
export async function allocate(spec: SolveSpec, job: Job): Promise<Result<SolveReport>> {
  const prepared = await prepare(spec.slice, job);
  if (!prepared.ok) return prepared;
  const { problem } = prepared.value;
  const operators: number[] = [];
  for (const name of spec.operators) {
    const found = problem.operators.find((each) => each.name === name);
    if (!found) {
      const what = `There is no product "${name}" in this network.`;
      return fail(error('cim.operator', what, 'Choose a segment of the plan on the screen.'));
    }
    operators.push(found.index);
  }
  operators.sort((a, b) => a - b);
  const options = { memory: true, withReload: spec.withReload };
  job.progress(0.1, 'Searching exactly');
  const exact = allocateExactly(problem, operators, options);
  if (!exact) {
    return fail(error('cim.fit', 'These products do not fit on the chip together.', 'Choose a smaller segment.'));
  }
  const { solver, mipSeconds } = spec;
  job.progress(0.2, 'Solving the program');
  const mipOptions = { ...options, solver, timeLimitSeconds: mipSeconds };
  const text = segmentText(problem, operators, mipOptions);
  if (text && !text.ok) return text;
  const clock = stopwatch();
  const solved = await allocateByMip(problem, operators, mipOptions, job);
  clock('solve');
  if (!solved.ok) return solved;
  if (!solved.value) {
    return fail(error('cim.fit', 'The program has no solution: nothing fits.', 'Choose a smaller segment.'));
  }
  const { segment, computeCycles, found } = solved.value;
  const close = Math.abs(solved.value.objective - exact.objective) <= 1e-6 * Math.max(1, exact.objective);
  return ok({
    allocations: segment.allocations,
    computeCycles,
    solved: solved.value.solved,
    found,
    exact: {
      allocations: exact.segment.allocations,
      computeCycles: exact.computeCycles,
      objective: exact.objective,
    },
    agree: close && sameCounts(segment, exact.segment),
    lpText: text?.value?.text ?? '',
    measured: { timesMs: clock.timesMs },
  });
}
