import type { EntryName } from '../../engines/core/job.ts';
import { error, type Problem } from '../../engines/core/result.ts';
import type { Host } from '../../workers/host-face.ts';
import { keyOf, type ResultCache } from './cache.ts';

type JobPhase = 'idle' | 'running' | 'done' | 'failed' | 'cancelled';

export interface JobState<R> {
  state: JobPhase;
  /** Of the run under way. */
  progress?: { fraction: number; what: string };
  /** A first form of the result, while running. */
  partial?: R;
  /** Of the last run that ended well; it stays while a newer runs, so that the screen does not go blank. */
  result?: R;
  /** Whether `result` belongs to the last spec that was run. */
  fresh: boolean;
  /** Why the last run failed. */
  problems?: Problem[];
  log: readonly string[];
}

export interface RunSettings {
  seed?: number;
  /** Whether pending text in editors goes into the document first; true when left out. A live check says no. */
  flush?: boolean;
  /** Whether the result may come from, and goes into, the results kept; true when left out. */
  cached?: boolean;
  /** Called with every partial result as it comes: the state keeps the newest only. */
  onPartial?(partial: unknown): void;
}

/** What a runner needs around it. */
export interface RunnerWorld {
  loadHost(): Promise<Host>;
  cache: ResultCache;
  flush(): void;
  blob(sha256: string): Promise<Uint8Array | Blob | undefined>;
}

/** Results of all jobs of this tab, up to 256 MB. */
export const RESULT_BYTES = 256 * 1024 * 1024;
const MOST_LOG_LINES = 10_000;
const LOG_PAUSE_MS = 60;

/**
 * Runs one entry, the newest run only: starting a run cancels the one before, and nothing of an older run (progress,
 * log, result) lands after a newer began or after `cancel`.
 */
export class JobRunner<S, R> {
  private snapshot: JobState<R> = { state: 'idle', fresh: false, log: [] };
  private readonly listeners = new Set<() => void>();
  private running: { abort: AbortController; log: string[]; timer?: ReturnType<typeof setTimeout> } | undefined;
  private readonly entry: EntryName;
  private readonly world: RunnerWorld;

  constructor(entry: EntryName, world: RunnerWorld) {
    this.entry = entry;
    this.world = world;
  }

  readonly getState = (): JobState<R> => this.snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** `spec` as a function is asked after pending text has gone into the document. */
  readonly run = (spec: S | (() => S), settings: RunSettings = {}): void => {
    if (settings.flush !== false) this.world.flush();
    const wanted = typeof spec === 'function' ? (spec as () => S)() : spec;
    this.stop();
    const run = { abort: new AbortController(), log: [] };
    this.running = run;
    this.set({
      ...this.snapshot,
      state: 'running',
      progress: undefined,
      partial: undefined,
      fresh: false,
      problems: undefined,
      log: [],
    });
    void this.carryOut(run, wanted, settings);
  };

  /** Ends the run at once, as far as the screen goes; the host sees to the worker. */
  readonly cancel = (): void => {
    if (!this.running) return;
    const log = this.logOf(this.running);
    this.stop();
    this.set({ ...this.snapshot, state: 'cancelled', progress: undefined, partial: undefined, log });
  };

  private async carryOut(run: NonNullable<typeof this.running>, spec: S, settings: RunSettings): Promise<void> {
    const current = () => this.running === run;
    try {
      const host = await this.world.loadHost();
      if (!current()) return;
      const engine = this.entry.slice(0, this.entry.indexOf('/'));
      const version = () => host.status().engines.find(({ id }) => id === engine)?.version;
      const keyFor = async (engineVersion: string | undefined) =>
        engineVersion === undefined || settings.cached === false
          ? undefined
          : keyOf({ engineVersion, entry: this.entry, spec, seed: settings.seed });

      const key = await keyFor(version());
      if (!current()) return;
      const kept = key === undefined ? undefined : this.world.cache.get(key);
      if (kept !== undefined) {
        // Whoever watches sees every run begin before it ends, those of the same spec too.
        await new Promise((resolve) => setTimeout(resolve));
        if (!current()) return;
        this.finish({ ...this.snapshot, state: 'done', fresh: true, result: kept as R });
        return;
      }
      const result = await host.run<R>(this.entry, spec, {
        seed: settings.seed,
        signal: run.abort.signal,
        blob: this.world.blob,
        onProgress: ({ fraction, what, partial }) => {
          if (!current()) return;
          if (partial !== undefined) settings.onPartial?.(partial);
          this.set({
            ...this.snapshot,
            progress: { fraction, what },
            ...(partial !== undefined && { partial: partial as R }),
          });
        },
        onLog: (line) => {
          if (current()) this.addLog(run, line);
        },
      });
      if (!current()) return;
      const log = this.logOf(run);
      if (result.ok) {
        this.finish({ ...this.snapshot, state: 'done', fresh: true, result: result.value, log });
        const finished = key ?? (await keyFor(version()));
        if (finished !== undefined) this.world.cache.set(finished, result.value);
      } else {
        this.finish({ ...this.snapshot, state: 'failed', problems: result.problems, log });
      }
    } catch (reason) {
      if (!current()) return;
      // The host rejects only when it was told to stop, which ends the run before; all else is a script that is missing.
      const message = reason instanceof Error ? reason.message : String(reason);
      this.finish({
        ...this.snapshot,
        state: 'failed',
        log: this.logOf(run),
        problems: [
          error(
            'host-missing',
            `The part of the studio that runs engines could not be loaded (${message}).`,
            'Check the connection and run again; if the studio was updated meanwhile, reload the page.',
          ),
        ],
      });
    }
  }

  private finish(state: JobState<R>): void {
    clearTimeout(this.running?.timer);
    this.running = undefined;
    this.set({ ...state, progress: undefined, partial: undefined });
  }

  private stop(): void {
    const run = this.running;
    this.running = undefined;
    clearTimeout(run?.timer);
    run?.abort.abort();
  }

  private addLog(run: NonNullable<typeof this.running>, line: string): void {
    run.log.push(line);
    run.timer ??= setTimeout(() => {
      run.timer = undefined;
      if (this.running === run) this.set({ ...this.snapshot, log: this.logOf(run) });
    }, LOG_PAUSE_MS);
  }

  private logOf(run: NonNullable<typeof this.running>): readonly string[] {
    const dropped = run.log.length - MOST_LOG_LINES;
    if (dropped <= 0) return [...run.log];
    return [`(${dropped} earlier lines are not shown)`, ...run.log.slice(dropped)];
  }

  private set(state: JobState<R>): void {
    this.snapshot = state;
    for (const listener of [...this.listeners]) listener();
  }
}
