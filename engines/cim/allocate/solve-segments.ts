import { breathe } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import type { Problem } from '../../core/result.ts';
import type { CimProblem, PlannedSegment, SolveInfo, SolverName } from '../types.ts';
import { allocateByMip } from './mip-solve.ts';

export interface SolveSegmentsOptions {
  solver: Exclude<SolverName, 'exact'>;
  /** Of each program. */
  mipSeconds: number;
  memory: boolean;
}

/**
 * Solves the allocation of every segment of a plan again, by a mixed-integer program: the least time with no operator in
 * more compute arrays than the plan gives it (which bounds the reload), so that what is proven is the plan's own trade. Equal
 * segments are solved once. The plan's counts stay, which may hold more memory arrays than the time asks for, to keep
 * results on the chip; `solved` says what the program proved of their time. Where a program is refused, a warning says why.
 */
export async function solveSegments(
  problem: CimProblem,
  segments: readonly PlannedSegment[],
  { solver, mipSeconds, memory }: SolveSegmentsOptions,
  job: Pick<Job, 'signal' | 'progress' | 'log'>,
): Promise<{ solved: (SolveInfo | undefined)[]; problems: Problem[] }> {
  const known = new Map<string, SolveInfo | undefined>();
  const problems: Problem[] = [];
  const solved: (SolveInfo | undefined)[] = [];
  for (const [at, segment] of segments.entries()) {
    await breathe(job.signal);
    const mostCompute = Math.max(...segment.allocations.map(({ compute }) => compute));
    const key = signatureOf(problem, segment, mostCompute);
    if (!known.has(key)) {
      const names = segment.operators.map((each) => problem.operators[each]!.name).join(', ');
      job.progress(at / segments.length, `Solving segment ${at + 1} of ${segments.length} as a program`);
      const options = { solver, timeLimitSeconds: mipSeconds, memory, mostCompute, withReload: false };
      const found = await allocateByMip(
        problem,
        [...segment.operators].sort((a, b) => a - b),
        options,
        job,
      );
      if (!found.ok) {
        problems.push(...found.problems.map((each) => ({ ...each, severity: 'warning' as const })));
        known.set(key, undefined);
      } else {
        const info = found.value?.solved;
        known.set(key, info);
        job.log(`${names}: ${info?.optimal ? 'optimal' : 'out of time'}, ${info?.nodes ?? 0} nodes`);
      }
    }
    const info = known.get(key);
    const { computeCycles } = segment.cost;
    // What is proven is a bound: a plan above it, made for other ends than this time, is not called optimal.
    const optimal = info?.optimal === true && computeCycles <= info.bound * (1 + 1e-6);
    solved.push(info && { ...info, optimal, objective: computeCycles });
  }
  return { solved, problems: problems.slice(0, 5) };
}

/** Segments whose programs have the same numbers. */
function signatureOf({ operators }: CimProblem, { operators: chosen }: PlannedSegment, mostCompute: number): string {
  const own = [...chosen].sort((a, b) => a - b);
  const facts = own.map((index) => {
    const { arrays, vectors, streamBytes, inputs, weightsFrom } = operators[index]!;
    const within = inputs.flatMap(({ operator, bytes }) => {
      const from = own.indexOf(operator);
      return from < 0 ? [] : [[from, bytes]];
    });
    return [arrays, vectors, streamBytes, within, weightsFrom.length];
  });
  return JSON.stringify([mostCompute, facts]);
}
