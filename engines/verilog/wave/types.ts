/**
 * Value changes of a design over time: what a simulation records, what files of waves hold and what the viewer draws.
 * These are the plain data that cross between workers; `recorder.ts` makes them, `database.ts` takes them in.
 */
import type { At, EnumInfo, StructInfo } from '../ir/types.ts';

export type TraceId = number;

/** What a trace holds: bits in four states, double precision numbers, texts, or bare moments. */
export type WaveType = 'bits' | 'real' | 'text' | 'event';

export interface WaveScope {
  name: string;
  /** As files of waves call it: `module`, `task`, `function`, `begin`, `fork`, `generate`, `struct`, `interface` ... */
  kind: string;
  /** Index of the scope around it; -1 at the top. */
  parent: number;
  /** Name of the module of which this is an instance. */
  module?: string;
  at?: At;
}

export interface WaveSignal {
  /** Without a range and without the backslash of an escaped name. */
  name: string;
  /** Index of its scope; -1 outside of all scopes. */
  scope: number;
  /** The word of the declaration: `wire`, `reg`, `logic`, `integer`, `real`, `string`, `event`, `parameter`, `time` ... */
  word: string;
  type: WaveType;
  /** Of bits; of an array, of one element. 64 for reals, 0 for texts and events. */
  width: number;
  /** Several signals may share one trace. Of an array: the trace of element 0, those of the others follow. */
  trace: TraceId;
  /** Packed dimensions, outermost first; none for a scalar. */
  ranges: readonly { left: number; right: number }[];
  signed?: boolean;
  /** False: its bits are never x or z. */
  fourState?: boolean;
  /** Indices into the lists of the database. */
  enumType?: number;
  structType?: number;
  /** A memory: element i (row-major, the left index first) has trace `trace + i`. */
  array?: { dims: readonly { left: number; right: number }[]; count: number };
  direction?: 'input' | 'output' | 'inout';
  at?: At;
}

export interface WaveInfo {
  /** Power of ten of seconds of one unit of time. */
  timescale: number;
  date?: string;
  version?: string;
  comments?: string[];
}

/** Scopes, signals and names that a delta adds; all indices count from the start of the database. */
export interface WaveDeclarations {
  scopes: WaveScope[];
  signals: WaveSignal[];
  enums: EnumInfo[];
  structs: StructInfo[];
}

/** A stretch in which nothing was recorded (`$dumpoff` to `$dumpon`): what is shown there means nothing. */
export interface WaveGap {
  from: number;
  /** Undefined: to the end. */
  to?: number;
}

/**
 * What a recorder has gathered since the delta before. `log` is a list of records of 32-bit words, in order of time:
 * - `-1, low, high`: the time from here on, low word first;
 * - `trace << 3 | code`, code 0..3: a bit, `a | b << 1` (0, 1, z, x); an event where the trace is one;
 * - code 4: the words of plane a follow, plane b is zero; code 5: words of plane a, then of plane b;
 * - code 6: a double, low word first; code 7: an index into `texts`.
 */
export interface WaveDelta {
  /** Counts from 0 without gaps: a delta that is lost is noticed. */
  sequence: number;
  info: WaveInfo;
  added: WaveDeclarations;
  log: Int32Array<ArrayBuffer>[];
  texts: string[];
  /** All the gaps so far, where there are more than before. */
  gaps?: WaveGap[];
  /** How far time has come. */
  endTime: number;
  /** Recording ended early, at this time, for want of room. */
  stoppedAt?: number;
}

export const TRACE_SHIFT = 3;
export const CODE_MASK = 7;
export const TIME_MARK = -1;
export const CODE_A = 4;
export const CODE_AB = 5;
export const CODE_REAL = 6;
export const CODE_TEXT = 7;
/** Trace ids stay below this, so that the marks of the log stay apart. */
export const MAX_TRACES = 1 << 27;

export const WORD = 2 ** 32;
