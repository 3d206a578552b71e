import { ok, type Result } from '../../core/result.ts';
import { type Mip, mipText, solveMip } from '../../search/mip/index.ts';
import type { Allocation, CimProblem, Segment, SharedArrays, SolveInfo, SolverName } from '../types.ts';
import { allocateWithin } from './exact.ts';
import { publishedProgram, tooLarge } from './mip.ts';
import { countProgram, fewestArraysProgram, type SegmentProgram } from './mip-counts.ts';
import { type Counts, cyclesOf, leastCounts, objectiveOf, type SegmentFacts, segmentFacts } from './mip-facts.ts';
import type { Allocated, AllocateOptions } from './types.ts';

export interface MipAllocateOptions extends AllocateOptions {
  solver: Exclude<SolverName, 'exact'>;
  /** Of each of its two programs; see `MipOptions`. */
  timeLimitSeconds: number;
  /** The published form only: see `PublishedForm`. */
  counted?: boolean;
}

export interface MipAllocated extends Allocated {
  status: 'optimal' | 'time-limit';
  /** The search found a plan itself; false: out of time, and the plan is every operator's weights once. */
  found: boolean;
}

/**
 * The allocation of a segment by a mixed-integer program: first the best objective, then, in a program over counts, the
 * fewest arrays with which it is reached. Out of time: the best found, marked not optimal, with the proven bound. Undefined
 * where the operators do not fit. Fails with `cim.mip-size` where the published form is too large, and where HiGHS fails.
 */
export async function allocateByMip(
  problem: CimProblem,
  operators: readonly number[],
  options: MipAllocateOptions,
  { signal, log }: { signal: AbortSignal; log?(line: string): void },
): Promise<Result<MipAllocated | undefined>> {
  const facts = segmentFacts(problem, operators, options);
  if (!facts) return ok(undefined);
  const program = programOf(facts, options);
  if (!program.ok) return program;
  const { mip, goal, countsOf } = program.value;
  const limits = { signal, timeLimitSeconds: options.timeLimitSeconds, log };
  const solved = await solveMip(mip, limits);
  if (!solved.ok) return solved;
  const { status, values, bound, nodes } = solved.value;
  if (status === 'infeasible') return ok(undefined);
  let counts = values ? countsOf(values) : leastCounts(facts);
  let cycles = cyclesOf(facts, counts);
  // Weights once and nothing that feeds them: no plan that could stand in.
  if (cycles === Number.POSITIVE_INFINITY) return ok(undefined);
  const optimal = status === 'optimal';
  const proven = optimal || bound === undefined ? undefined : goal.cyclesOf(bound);
  if (values) {
    const fewest = fewestArraysProgram(facts, cycles, objectiveOf(facts, counts));
    const second = await solveMip(fewest.mip, limits);
    if (!second.ok) return second;
    if (second.value.values) {
      counts = fewest.countsOf(second.value.values);
      cycles = cyclesOf(facts, counts);
    }
  }
  const objective = objectiveOf(facts, counts);
  const info: SolveInfo = {
    by: options.solver,
    optimal,
    bound: optimal ? objective : Math.min(objective, Math.max(lowest(facts), proven ?? 0)),
    objective,
    ...sizeOf(mip),
    nodes,
  };
  return ok({
    segment: segmentOf(facts, counts, cycles),
    computeCycles: cycles,
    mostCompute: Math.max(...counts.compute),
    objective,
    solved: info,
    status: optimal ? 'optimal' : 'time-limit',
    found: values !== undefined,
  });
}

/** The program of a segment as text; undefined where its operators do not fit. */
export function segmentText(
  problem: CimProblem,
  operators: readonly number[],
  options: MipAllocateOptions,
): Result<{ text: string; variables: number; constraints: number } | undefined> {
  const facts = segmentFacts(problem, operators, options);
  if (!facts) return ok(undefined);
  const program = programOf(facts, options);
  if (!program.ok) return program;
  const { mip } = program.value;
  const comments = [
    'Allocation of a segment after CMSwitch (arXiv 2502.17006, Eq. 5 to 10).',
    options.solver === 'mip' ? 'As published: a binary for each operator, array and role.' : 'Over counts of arrays.',
    options.withReload
      ? `Least time and reload, both in units of ${facts.unit} cycles.`
      : `Greatest rate; the time is ${facts.unit} cycles over the rate.`,
    ...operators.map((operator, at) => `${at}: ${printable(problem.operators[operator]!.name)}`),
  ];
  return ok({ text: mipText(mip, comments), ...sizeOf(mip) });
}

function programOf(facts: SegmentFacts, { solver, counted = true }: MipAllocateOptions): Result<SegmentProgram> {
  if (solver === 'mip-counts') return ok(countProgram(facts));
  const problem = tooLarge(facts);
  return problem ? { ok: false, problems: [problem] } : ok(publishedProgram(facts, { counted }));
}

/** The bound that stands before any search: one operator alone with all that the others' weights leave. */
function lowest({ unit, options, least, problem, carriedCycles }: SegmentFacts): number {
  if (!options.withReload) return unit;
  return unit + Math.max(Math.max(...least) * problem.hardware.array.writeCycles, carriedCycles);
}

function sizeOf({ columns, rows }: Mip): { variables: number; constraints: number } {
  return { variables: columns.length, constraints: rows.length };
}

/**
 * Where the counts are those that exact search finds in this time, its choice among pairs that could share as well; else
 * the program's own.
 */
function segmentOf(facts: SegmentFacts, counts: Counts, cycles: number): Segment {
  const { problem, operators, pairs, options } = facts;
  const own: Segment = {
    operators: [...operators],
    allocations: operators.map(
      (operator, at): Allocation => ({
        operator,
        compute: counts.compute[at]!,
        memoryIn: counts.memoryIn[at]!,
        memoryOut: counts.memoryOut[at]!,
      }),
    ),
    shared: pairs.flatMap(({ from, to }, pair): SharedArrays[] => {
      const arrays = counts.shared[pair]!;
      return arrays > 0 ? [{ from: operators[from]!, to: operators[to]!, arrays }] : [];
    }),
  };
  const canonical = allocateWithin(problem, operators, cycles, options);
  return canonical && sameCounts(own, canonical.segment) ? canonical.segment : own;
}

/** Whether two plans give every operator as many arrays in each mode, and share as many in all. */
export function sameCounts(a: Segment, b: Segment): boolean {
  const total = ({ shared }: Segment) => shared.reduce((sum, { arrays }) => sum + arrays, 0);
  if (total(a) !== total(b) || a.allocations.length !== b.allocations.length) return false;
  return a.allocations.every((each, at) => {
    const other = b.allocations[at]!;
    return (
      each.operator === other.operator &&
      each.compute === other.compute &&
      each.memoryIn + each.memoryOut === other.memoryIn + other.memoryOut
    );
  });
}

/** Comments of the LP format are ASCII. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
