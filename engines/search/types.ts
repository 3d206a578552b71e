import type { Random } from '../core/random.ts';

/** What the cheap fitness says of a genome: its cost (lower is better) and whatever mutations want to know of it. */
export interface Assessment<N> {
  cost: number;
  /** Plain data: it travels between workers with the genome. */
  notes: N;
}

/**
 * A problem for the genetic algorithm. Genomes and notes are plain data (they travel between workers). Same arguments, same
 * answer.
 */
export interface Species<G, N> {
  /** The cheap fitness, asked of every child. Finite. */
  assess(genome: G): Assessment<N>;
  /** A legal, changed copy of a member's genome, or undefined where the drawn mutation does not apply. */
  vary(member: Member<G, N>, random: Random): G | undefined;
  /** The cost that counts, asked of the few best of each generation. */
  exact(genome: G): Promise<number>;
  /** Equal for equal genomes, and practically different for different ones. */
  key(genome: G): string;
  /** How many assessments to make between two looks at the signal (about 50 ms of work). */
  breathEvery: number;
}

export interface Member<G, N> {
  genome: G;
  /** What the cheap fitness said, times `bias`. */
  cost: number;
  notes: N;
  /**
   * The exact cost over the cheap one, of the nearest ancestor (or itself) whose exact cost is known; 1 where there is none.
   * What the cheap fitness does not see is much the same from parent to child.
   */
  bias: number;
  /** The cost that counts, where it was asked for. */
  exact?: number;
}

/** A piece of the search that one worker does: one island for some generations. Fixed by the spec, never by the workers. */
export interface IslandTask<G, N> {
  seed: number;
  island: number;
  /** Counts from 0 over the whole search; with `seed` and `island` it numbers the stream of random numbers. */
  epoch: number;
  members: Member<G, N>[];
  /** Genomes that were not assessed yet: assessed first. */
  unassessed: G[];
  /** Children to make. */
  children: number;
  /** Members at most. */
  capacity: number;
  /** Exact costs at the end: of the best, and if that throws it back, of the next best, so often at most. */
  survivors: number;
}

export interface IslandReport<G, N> {
  /** Best first, by cost. */
  members: Member<G, N>[];
  assessments: number;
  exactEvaluations: number;
}
