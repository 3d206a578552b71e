import type { CallOptions, EntryName } from '../engines/core/job.ts';
import type { Result } from '../engines/core/result.ts';

/*
 * What passes between a host and one worker. Both sides expose their face on the same endpoint, so that messages keep
 * their order: the last progress of a run always arrives before its result.
 */

export interface EngineInfo {
  id: string;
  version: string;
  entries: string[];
  /** The engine loads something before its first run, so that a warm spare saves time. */
  loads: boolean;
}

export interface RunRequest {
  run: number;
  entry: string;
  spec: unknown;
  seed: number;
}

export type RunOutcome =
  | { kind: 'done'; result: Result<unknown>; memoryBytes: number }
  | { kind: 'aborted'; memoryBytes: number }
  /** `trap`: WebAssembly stopped the program, and its memory can no longer be trusted. */
  | { kind: 'threw'; message: string; stack?: string; trap: boolean }
  | { kind: 'unknown-entry' };

export type LoadOutcome = { ok: true } | { ok: false; message: string };

export interface WorkerFace {
  /** Fetches the engine's files (counted, when asked) and warms it. */
  load(countFiles: boolean): Promise<LoadOutcome>;
  run(request: RunRequest): Promise<RunOutcome>;
  cancel(run: number): void;
}

export interface HostFace {
  /** The worker's first message: its script has run. */
  hello(info: EngineInfo): void;
  loaded(loadedBytes: number, totalBytes: number): void;
  progress(run: number, fraction: number, what: string, partial: unknown): void;
  log(run: number, lines: string[]): void;
  call(run: number, entry: EntryName, spec: unknown, options?: CallOptions): Promise<Result<unknown>>;
  map(run: number, entry: EntryName, specs: readonly unknown[], options?: CallOptions): Promise<Result<unknown>[]>;
  /** A Blob crosses without its bytes, which are read where they are wanted. */
  blob(run: number, sha256: string): Promise<Uint8Array | Blob | undefined>;
  /** An exception that belongs to no run (a promise that nobody awaited). */
  fault(message: string, stack?: string): void;
}
