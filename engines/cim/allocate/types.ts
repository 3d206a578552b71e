import type { CimProblem, Segment, SolveInfo } from '../types.ts';

/** What an allocation is asked to be best at. */
export interface AllocateOptions {
  /** False: compute mode only (the baseline). */
  memory: boolean;
  /** Arrays in compute mode of any one operator, at most: a bound on the reload (Eq. 2). Absent: those of the chip. */
  mostCompute?: number;
  /**
   * False: Eq. 9 alone. True: Eq. 9 plus the reload of the segment, by `rules.reload`; taken for whole also with
   * `rules.inPlace`, because what lies in memory arrays before a segment is not known within it.
   */
  withReload: boolean;
}

/**
 * The best allocation of a segment: least objective, and of all such the one with the fewest arrays in compute mode, then in
 * memory mode. In its time every operator has the fewest arrays that it can have, so the counts are the same whoever solves.
 */
export interface Allocated {
  segment: Segment;
  computeCycles: number;
  /** Largest number of arrays in compute mode of one operator. */
  mostCompute: number;
  /** The objective, cycles. */
  objective: number;
  solved: SolveInfo;
}

/** Operators of the problem, ascending; undefined where they do not fit on the chip together. */
export type Allocate = (
  problem: CimProblem,
  operators: readonly number[],
  options: AllocateOptions,
) => Allocated | undefined;
