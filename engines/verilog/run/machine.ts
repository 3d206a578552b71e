/**
 * What the kernel, the two back ends and the system tasks share while a design runs.
 *
 * Memory. All static vectors live in one Int32Array `words`. A signal of width w has n = ceil(w / 32) words a plane; its value is
 * `words[offset .. offset + n)` (plane a, least significant word first) and `words[offset + n .. offset + 2n)` (plane b). Bits above the width are
 * zero, always. Element i of an array is at `offset + i * 2n`. (a,b): 0=(0,0) 1=(1,0) z=(0,1) x=(1,1). Two-state signals have a b plane of zeros.
 * Reals live in `reals`, strings, lists and maps in `objects`, at `offset`.
 */
import type { Problem } from '../../core/result.ts';
import type { At, Design, EventRef, IrType, PathDelay, ScopeId, SignalId } from '../ir/types.ts';
import type { SimEnd, SimSpec, VirtualFiles } from './types.ts';

/** A vector on its own: words little-endian, bits above the width zero. Never changed once made. */
export interface Vec {
  readonly width: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
}
/** Queues and dynamic arrays. */
export interface ListValue {
  kind: 'list';
  items: Value[];
}
export interface MapValue {
  kind: 'map';
  /** Keys: strings, or for vectors their value as a bigint in decimal. */
  items: Map<string, Value>;
}
export type Value = Vec | number | string | ListValue | MapValue;

export interface Layout {
  /** By signal id; -1 for events and automatic signals. */
  offset: Int32Array;
  /** Words a plane, of one element. */
  words: Int32Array;
  totalWords: number;
  totalReals: number;
  totalObjects: number;
}

/** A thread of execution: a process or a branch of a fork. */
export interface Thread {
  /** Where the scope chain for %m and disable starts. */
  scope: ScopeId;
}

/** An argument of a system task at one place of the source, bound by a back end. `frame` is whatever the back end keeps automatic variables in. */
export type BoundArg =
  | {
      kind: 'expr';
      type: IrType;
      text: string;
      /** Signals that it reads, for $monitor. */
      reads?: readonly SignalId[];
      /** Undefined: not a plain signal. */
      signal?: SignalId;
      value(frame: unknown): Value;
    }
  | {
      kind: 'lvalue';
      type: IrType;
      text: string;
      signal?: SignalId /** Linear index, of an element of an array. */;
      element?(frame: unknown): number;
      value(frame: unknown): Value;
      assign(frame: unknown, value: Value): void;
    }
  | { kind: 'scope'; scope: ScopeId; text: string }
  | { kind: 'event'; event: EventRef; text: string }
  | { kind: 'empty' };

/** A call of a system task or function, made once for each place in the source. */
export interface CallSite {
  name: string;
  scope: ScopeId;
  at: At;
  args: BoundArg[];
  /** Of functions. */
  type?: IrType;
  /** A system task's own storage (file descriptors, monitor state). */
  state?: unknown;
}

/** A path of a specify block, for whoever gives it other delays. */
export interface PathHandle {
  path: PathDelay;
  /** 1, 2, 3, 6 or 12 delays in units of the precision; null leaves what there is. `add`: on top of it. */
  set(ticks: readonly (number | null)[], add: boolean): void;
}

/** The running design, as system tasks see it. */
export interface Machine {
  readonly design: Design;
  readonly spec: SimSpec;
  readonly files: VirtualFiles;
  readonly layout: Layout;
  readonly words: Int32Array;
  readonly reals: Float64Array;
  readonly objects: unknown[];
  /** In units of the design's precision. A safe integer. */
  now(): number;
  /** The present value of a whole signal, or of an element of an array. */
  read(signal: SignalId, element?: number): Value;
  /** Writes as a blocking assignment does: whoever waits is woken. */
  write(signal: SignalId, value: Value, element?: number): void;
  /** Calls back whenever the signal (any element of an array) may have changed, until the returned function is called. */
  watch(signal: SignalId, changed: (element?: number) => void): () => void;
  /** Runs once in the postponed region of this time step ($strobe, $monitor, value dumps). */
  postpone(run: () => void): void;
  /** Runs after so many units of precision, as an active event. */
  after(ticks: number, run: () => void): void;
  /** All paths that delay an output. */
  readonly paths: readonly PathHandle[];
  print(text: string): void;
  /** To the standard error stream ($fwrite to 32'h8000_0002); without it, as `print`. */
  printError?(text: string): void;
  /** Text of %v for a net's bit ("St1"); `value` is what it has. */
  strength?(signal: SignalId | undefined, element: number | undefined, value: Vec): string;
  /** Ends the run once the present statement is over. */
  end(end: SimEnd): void;
  warn(problem: Problem): void;
  /** Where execution stands, for messages. */
  place(): At | undefined;
}

/** The system tasks and functions of one run. */
export interface SystemTasks {
  /** Undefined: there is none of that name (the elaborator has asked `isSystemName` before). */
  call(site: CallSite, frame: unknown): Value | undefined;
  /** At the end of a run: closes files, ends dumps. */
  close(): void;
}
