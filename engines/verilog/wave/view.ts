import type { Radix } from './value.ts';

/** A row of the viewer. */
export interface ShownWave {
  /** Full name: of a signal, or of a word, field or bits of one. */
  path: string;
  /** Left out: by its type (names of an enumeration, else binary for a bit, decimal for integers, hexadecimal). */
  radix?: Radix;
  /** A curve instead of values: with steps, or straight from one to the next. */
  analog?: 'step' | 'linear';
  /** Rows beside each other with the same group are under one heading. */
  group?: string;
  /** Of the eight colours of the data, 1 to 8. */
  colour?: number;
  /** Names of what is opened into its parts below this row, itself included. */
  expanded?: string[];
}

/** What is looked at, and how: plain data, kept with a design. Times are in the units of the database. */
export interface WaveViewState {
  signals: ShownWave[];
  /** The first is the one whose values are shown. */
  cursors: number[];
  from: number;
  /** Not after `from`: the whole run is shown. */
  to: number;
  /** Groups whose rows are folded away. */
  collapsed?: string[];
}

export const EMPTY_VIEW: WaveViewState = { signals: [], cursors: [], from: 0, to: 0 };
