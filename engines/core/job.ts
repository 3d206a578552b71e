import type { ByteSource } from './byte-source.ts';
import type { Result } from './result.ts';

export interface CallOptions {
  /** The called entry is ended (its worker terminated) past this, and the call answers with a problem `timed-out`. */
  timeoutMs?: number;
}

/** "engine/entry", as in "rtl/synthesise". */
export type EntryName = `${string}/${string}`;

/**
 * What the host gives a running entry. The host is Web Workers in the browser, worker_threads in Node, inline in unit
 * tests; an engine cannot tell which.
 */
export interface Job {
  /** Check it at least every 50 ms, and throw `signal.reason` (an AbortError) when it is aborted. */
  readonly signal: AbortSignal;
  /** The design's seed. */
  readonly seed: number;
  /** `fraction` 0..1; `what` says in a few words what is being done; `partial` is a first form of the result. */
  progress(fraction: number, what: string, partial?: unknown): void;
  /** A line of the engine's log. Engines never print. */
  log(line: string): void;
  /** Runs an entry in another worker. */
  call<R>(entry: EntryName, spec: unknown, options?: CallOptions): Promise<Result<R>>;
  /** Runs an entry on many specs, on all cores; results in the order of the specs, whatever finished first. */
  map<R>(entry: EntryName, specs: readonly unknown[], options?: CallOptions): Promise<Result<R>[]>;
  /** The bytes of a blob of the document, by its SHA-256 in hex. Undefined when the host does not have it. */
  blob(sha256: string): Promise<Uint8Array | undefined>;
  /** The same, to be read piece by piece: for files that are too large to be held. */
  source(sha256: string): Promise<ByteSource | undefined>;
  /**
   * A file that comes with the studio, by its path in `public/`: "data/digits.bin". Kept by the worker once it is there.
   * Throws where it cannot be had: the page is offline, or the file is no part of this build.
   */
  asset(path: string): Promise<Uint8Array>;
}

export type Entry<S, R> = (spec: S, job: Job) => Promise<Result<R>>;

/** Reports bytes loaded of bytes in all, while an engine's own files arrive. */
export type LoadProgress = (loadedBytes: number, totalBytes: number) => void;

/** The face of an engine folder: what its worker exposes and the command line runs. */
export interface Engine {
  id: string;
  /** Raised by hand whenever figures can change; part of the key under which results are kept. */
  version: string;
  // Entries differ in spec and report; the host passes both through as plain data.
  // biome-ignore lint/suspicious/noExplicitAny: one table holds entries of many types.
  entries: Record<string, Entry<any, any>>;
  /** Loads what the first run would otherwise wait for (WASM). Called by the host on a fresh worker. */
  warm?(): Promise<void>;
}
