import type { EntryName } from '../engines/core/job.ts';
import type { Result } from '../engines/core/result.ts';

/** What a running entry reports. `partial` is a first form of the result; a later report without one keeps the last. */
export interface RunProgress {
  /** 0..1. */
  fraction: number;
  what: string;
  partial?: unknown;
}

/**
 * 'interactive': a person waits for it; at most two workers of an engine serve these (one, and a warm spare).
 * 'batch': one of many; shares the workers that `map` uses, which are ended when the last batch run has ended.
 */
export type Lane = 'interactive' | 'batch';

export interface RunOptions {
  /** The design's seed. 1 when left out. */
  seed?: number;
  /** Aborting rejects the run at once with an AbortError; the entry is told, and its worker ended if it does not listen. */
  signal?: AbortSignal;
  /** At most about ten times a second; the last report of a run always arrives, before the result. */
  onProgress?(progress: RunProgress): void;
  onLog?(line: string): void;
  /** Bytes of a blob of the document, by its SHA-256 in hex; undefined when there is none. */
  blob?(sha256: string): Promise<Uint8Array | Blob | undefined>;
  /** Past this the run is ended and answers with a problem `timed-out`. Loading the engine does not count. */
  timeoutMs?: number;
  lane?: Lane;
}

export interface EngineLoad {
  /** Uncompressed bytes of the engine's own files that have arrived; both 0 where the host does not count them. */
  loadedBytes: number;
  totalBytes: number;
  /** True once an entry can run without waiting for the engine. */
  ready: boolean;
}

interface EngineStatus {
  id: string;
  /** The engine's own version; known once a worker of it has started. */
  version?: string;
  workers: number;
  busy: number;
  /** Missing until the engine is first asked for. */
  load?: EngineLoad;
}

export interface HostStatus {
  engines: EngineStatus[];
  /** Whether the page is cross-origin isolated (shared memory, and with it threads, can be used). True in Node. */
  isolated: boolean;
}

/** A fault of the studio itself, as opposed to one of the design: an exception inside an entry, or a crashed worker. */
export interface Defect {
  engine: string;
  entry?: string;
  message: string;
  stack?: string;
}

/**
 * Runs engine entries in workers. Problems that the host itself reports have the codes `worker-missing` (its script cannot
 * be loaded), `engine-load-failed` (its script runs, but its files do not arrive), `unknown-entry`, `worker-crashed`,
 * `defect` (an entry threw) and `timed-out`.
 */
export interface Host {
  /** Rejects only with an AbortError; everything else, a crash included, is a Result. */
  run<R>(entry: EntryName, spec: unknown, options?: RunOptions): Promise<Result<R>>;
  /** Runs an entry on many specs in the batch lane; results in the order of the specs. */
  map<R>(entry: EntryName, specs: readonly unknown[], options?: Omit<RunOptions, 'lane'>): Promise<Result<R>[]>;
  /** Starts the engine's first worker and loads what its first run would wait for. Answers with the engine's version. */
  warm(engineId: string): Promise<Result<{ id: string; version: string }>>;
  /** The same object until something changes, so that it can serve as a store's snapshot. */
  status(): HostStatus;
  /** Calls the listener after each change of the status. Answers with the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Calls the listener for each defect. Answers with the function that ends it. */
  onDefect(listener: (defect: Defect) => void): () => void;
  /** Ends all workers; running and waiting runs reject with an AbortError. A later run starts anew. */
  dispose(): void;
}
