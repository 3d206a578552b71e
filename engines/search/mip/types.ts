/** A mixed-integer program as data: columns, and rows of terms in them. */
export interface Mip {
  sense: 'minimise' | 'maximise';
  columns: MipColumn[];
  rows: MipRow[];
}

export interface MipColumn {
  /** Unique; letters, digits and underscores, a letter first. */
  name: string;
  lower: number;
  /** `Infinity`: none. */
  upper: number;
  integer: boolean;
  /** Its coefficient in the objective. */
  cost: number;
}

/** lower <= sum of coefficient x column <= upper; either bound may be infinite. */
export interface MipRow {
  name: string;
  lower: number;
  upper: number;
  terms: MipTerm[];
}

/** A column by its index, at most once in a row. */
export type MipTerm = [column: number, coefficient: number];

export interface MipSolution {
  /** 'time-limit': `values` is the best found, if anything was found; `bound` is proven. */
  status: 'optimal' | 'time-limit' | 'infeasible';
  /** Of `values`; absent without them. */
  objective?: number;
  /** No solution is better than this. Absent where the program is infeasible, or nothing was proven in time. */
  bound?: number;
  /** Nodes of the search tree. */
  nodes: number;
  /** By column; absent where there is no solution. Integer columns hold whole numbers. */
  values?: number[];
}

export interface MipOptions {
  signal: AbortSignal;
  /** 0 or more; past it the best found stands. */
  timeLimitSeconds: number;
  /** Lines of the solver. */
  log?(line: string): void;
}
