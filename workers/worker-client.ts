import * as Comlink from 'comlink';
import type { EngineInfo, HostFace, RunOutcome, RunRequest, WorkerFace } from './protocol.ts';

/** How a platform tells that a worker came to its end by itself. */
export interface WorkerEvents {
  /** Its script could not be loaded. Counts only before the worker has answered; later it is a crash. */
  missing(): void;
  crashed(message: string): void;
}

export interface WorkerLink {
  endpoint: Comlink.Endpoint;
  terminate(): void;
}

/** Where workers come from: Web Workers, worker_threads, or something of a test's own. */
export interface Platform {
  /** The engines for which there is a worker script. */
  engineIds(): string[];
  readonly isolated: boolean;
  readonly cores: number;
  /** Whether workers fetch their engine's files through an HTTP cache and can count them. */
  readonly countsFiles: boolean;
  /** Rejects when the worker's script cannot be had. */
  spawn(engineId: string, events: WorkerEvents): Promise<WorkerLink>;
}

export type WorkerEnd = { kind: 'missing' } | { kind: 'crashed'; message: string } | { kind: 'ended' };
export type Readiness = { kind: 'ready'; info: EngineInfo } | { kind: 'load-failed'; message: string } | WorkerEnd;

/**
 * One worker as the host sees it. Comlink leaves the calls to a worker that has gone pending for ever; here every call is
 * raced against the worker's end.
 */
export class WorkerClient {
  /** Settles once the engine can run, or never will. */
  readonly ready: Promise<Readiness>;
  /** Settles when the worker is gone, whatever the cause. */
  readonly end: Promise<WorkerEnd>;
  #finish!: (end: WorkerEnd) => void;
  #link: WorkerLink | undefined;
  #remote: Comlink.Remote<WorkerFace> | undefined;
  #gone = false;

  constructor(platform: Platform, engineId: string, face: Omit<HostFace, 'hello'>, countFiles: boolean) {
    this.end = new Promise((resolve) => {
      this.#finish = (end) => {
        if (this.#gone) return;
        this.#gone = true;
        this.#link?.terminate();
        resolve(end);
      };
    });
    this.ready = Promise.race([this.end, this.#start(platform, engineId, face, countFiles)]);
  }

  async #start(
    platform: Platform,
    engineId: string,
    face: Omit<HostFace, 'hello'>,
    countFiles: boolean,
  ): Promise<Readiness> {
    let said = false;
    try {
      const link = await platform.spawn(engineId, {
        missing: () => this.#finish(said ? { kind: 'crashed', message: 'No cause was given.' } : { kind: 'missing' }),
        crashed: (message) => this.#finish({ kind: 'crashed', message }),
      });
      this.#link = link;
      if (this.#gone) {
        link.terminate();
        return this.end;
      }
      const hello = new Promise<EngineInfo>((resolve) => {
        const whole: HostFace = {
          ...face,
          hello(info) {
            said = true;
            resolve(info);
          },
        };
        Comlink.expose(whole, link.endpoint);
      });
      this.#remote = Comlink.wrap<WorkerFace>(link.endpoint);
      const info = await hello;
      const loaded = await this.#remote.load(countFiles);
      return loaded.ok ? { kind: 'ready', info } : { kind: 'load-failed', message: loaded.message };
    } catch {
      this.#finish({ kind: 'missing' });
      return this.end;
    }
  }

  /** Only after `ready`. */
  async run(request: RunRequest): Promise<RunOutcome | WorkerEnd> {
    const answer = this.#remote!.run(request).catch(
      // What cannot be cloned on its way in or out.
      (error: unknown): RunOutcome => ({ kind: 'threw', message: String(error), trap: false }),
    );
    return Promise.race([this.end, answer]);
  }

  /** Tells the entry. It may not listen. */
  cancel(run: number): void {
    this.#remote?.cancel(run).catch(() => undefined);
  }

  terminate(): void {
    this.#finish({ kind: 'ended' });
  }
}
