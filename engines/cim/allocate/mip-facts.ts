import { arrayBytes } from '../hardware.ts';
import { computeWork, incomingBytes, operatorCost } from '../judge.ts';
import type { CimProblem } from '../types.ts';
import type { AllocateOptions } from './types.ts';

/** The numbers of a segment that its programs are made of. Operators go by their position in the segment. */
export interface SegmentFacts {
  problem: CimProblem;
  operators: readonly number[];
  options: AllocateOptions;
  arrays: number;
  main: number;
  perArray: number;
  /** Cycles with one array, bytes to feed, arrays that hold the weights once. */
  work: number[];
  stream: number[];
  least: number[];
  /** Most arrays of an operator in compute mode, and in memory mode: what the others' weights leave. */
  mostCompute: number[];
  mostMemory: number;
  /** Eq. 6: who hands to whom, and the arrays that this fills. */
  pairs: { from: number; to: number; most: number }[];
  /** A time that no plan beats, cycles: times are counted in it, so that the programs' numbers are near 1. */
  unit: number;
  /** Bytes over external bandwidth, where the rules count them. */
  carriedCycles: number;
}

/** Whole counts of a segment's arrays, by position and by pair. */
export interface Counts {
  compute: number[];
  memoryIn: number[];
  memoryOut: number[];
  shared: number[];
}

/** The facts of a segment; undefined where its operators do not fit on the chip together. */
export function segmentFacts(
  problem: CimProblem,
  operators: readonly number[],
  options: AllocateOptions,
): SegmentFacts | undefined {
  const { hardware, rules } = problem;
  const { arrays, mainBytesPerCycle: main } = hardware;
  const own = operators.map((operator) => problem.operators[operator]!);
  const least = own.map((each) => each.arrays);
  const spare = arrays - least.reduce((sum, each) => sum + each, 0);
  const cap = options.mostCompute ?? arrays;
  if (spare < 0 || own.length === 0 || least.some((each) => each > cap)) return undefined;
  const work = own.map((each) => computeWork(each, hardware));
  const stream = own.map(({ streamBytes }) => streamBytes);
  const mostCompute = least.map((each) => Math.min(cap, each + spare));
  const mostMemory = options.memory ? spare : 0;
  const holds = arrayBytes(hardware);
  const pairs = own.flatMap(({ inputs }, to) =>
    inputs.flatMap(({ operator, bytes }) => {
      const from = operators.indexOf(operator);
      const most = rules.sharing && options.memory && holds > 0 ? Math.min(arrays, Math.floor(bytes / holds)) : 0;
      return from < 0 || from === to || most === 0 ? [] : [{ from, to, most }];
    }),
  );
  const unit = Math.max(
    ...own.map((each, at) => operatorCost(each, mostCompute[at]!, mostMemory, hardware).cycles || 0),
  );
  // Nothing feeds an operator.
  if (unit === Number.POSITIVE_INFINITY) return undefined;
  const bytes = own.reduce((sum, each) => sum + incomingBytes(each), 0);
  return {
    problem,
    operators,
    options,
    arrays,
    main,
    perArray: hardware.array.memoryBytesPerCycle,
    work,
    stream,
    least,
    mostCompute,
    mostMemory,
    pairs,
    unit: unit > 0 ? unit : 1,
    carriedCycles: rules.reload === 'bytes' ? bytes / hardware.externalBytesPerCycle : 0,
  };
}

/** Eq. 10, as the judge computes it. */
export function timeOf({ problem, operators }: SegmentFacts, at: number, compute: number, memory: number): number {
  return operatorCost(problem.operators[operators[at]!]!, compute, memory, problem.hardware).cycles;
}

/** Eq. 9 for these counts. */
export function cyclesOf(facts: SegmentFacts, { compute, memoryIn, memoryOut }: Counts): number {
  return Math.max(...compute.map((each, at) => timeOf(facts, at, each, memoryIn[at]! + memoryOut[at]!)));
}

/** Eq. 2 for these counts. */
export function reloadOf({ problem, carriedCycles }: SegmentFacts, { compute }: Counts): number {
  return Math.max(Math.max(...compute) * problem.hardware.array.writeCycles, carriedCycles);
}

/** What a solver minimises. */
export function objectiveOf(facts: SegmentFacts, counts: Counts): number {
  return cyclesOf(facts, counts) + (facts.options.withReload ? reloadOf(facts, counts) : 0);
}

/** Every operator's weights once, and no buffers: always fits. */
export function leastCounts({ least, pairs }: SegmentFacts): Counts {
  const none = least.map(() => 0);
  return { compute: [...least], memoryIn: none, memoryOut: [...none], shared: pairs.map(() => 0) };
}
