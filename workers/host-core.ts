import { abortError } from '../engines/core/abort.ts';
import type { CallOptions, EntryName } from '../engines/core/job.ts';
import { fail, type Problem, type Result } from '../engines/core/result.ts';
import type { Defect, Host, HostStatus, Lane, RunOptions } from './host-face.ts';
import {
  defectInEntry,
  engineLoadFailed,
  timedOut,
  unknownEntry,
  workerCrashed,
  workerMissing,
} from './host-problems.ts';
import type { HostFace, RunOutcome } from './protocol.ts';
import type { Platform, Readiness, WorkerEnd } from './worker-client.ts';
import { type Slot, WorkerPools } from './worker-pools.ts';

export interface HostSettings {
  /** Workers of one engine for interactive runs: one, and a warm spare. */
  interactiveWorkers: number;
  /** Batch runs at the same time, over all engines. */
  batchRuns: number;
  /** How long a cancelled entry may take to answer before its worker is ended. */
  graceMs: number;
  /** A worker whose WASM memory grew past this in a run is ended after it. */
  maxMemoryBytes: number;
}

interface Task {
  readonly id: number;
  readonly entry: EntryName;
  readonly engineId: string;
  readonly spec: unknown;
  readonly options: RunOptions;
  readonly lane: Lane;
  /** 0 for a run of the app's; 1 for one that such a run called, and so on. */
  readonly depth: number;
  /** Ends what the run called, once it is settled. */
  readonly children: AbortController;
  /** Called runs that it waits for. Meanwhile it takes no place in the batch lane. */
  waitingFor: number;
  hasCalled: boolean;
  settled: boolean;
  /** Where it has been sent to run. */
  slot: Slot<Task> | undefined;
  settle(outcome: Result<unknown> | DOMException): void;
}

/** The host of all platforms: queues, cancelling, crashes, limits. See `Host` for what it promises. */
export class HostCore implements Host {
  readonly #platform: Platform;
  readonly #settings: HostSettings;
  readonly #pools: WorkerPools<Task>;
  readonly #tasks = new Map<number, Task>();
  #interactive: Task[] = [];
  /** By depth: what a run called goes before new runs, or parents would pile up waiting for their children. */
  readonly #batch: Task[][] = [];
  #nextId = 1;
  /** Counts `dispose`, so that what still runs out does not start workers again. */
  #epoch = 0;
  readonly #listeners = new Set<() => void>();
  readonly #defectListeners = new Set<(defect: Defect) => void>();

  constructor(platform: Platform, settings: Partial<HostSettings> = {}) {
    this.#platform = platform;
    this.#settings = {
      interactiveWorkers: 2,
      batchRuns: Math.max(1, Math.min(platform.cores, 4)),
      graceMs: 200,
      maxMemoryBytes: 600e6,
      ...settings,
    };
    this.#pools = new WorkerPools(platform, this.#settings.interactiveWorkers, {
      face: (engineId) => this.#face(engineId),
      idleCrash: (engine, message) => this.#reportDefect({ engine, message }),
      changed: () => {
        for (const listener of this.#listeners) listener();
      },
    });
  }

  run<R>(entry: EntryName, spec: unknown, options: RunOptions = {}): Promise<Result<R>> {
    return this.#submit(entry, spec, options, options.lane ?? 'interactive', 0) as Promise<Result<R>>;
  }

  map<R>(entry: EntryName, specs: readonly unknown[], options: Omit<RunOptions, 'lane'> = {}): Promise<Result<R>[]> {
    return Promise.all(specs.map((spec) => this.#submit(entry, spec, options, 'batch', 0))) as Promise<Result<R>[]>;
  }

  async warm(engineId: string): Promise<Result<{ id: string; version: string }>> {
    const engineIds = this.#platform.engineIds();
    if (!engineIds.includes(engineId)) return fail(unknownEntry(engineId, engineIds));
    const slot = this.#pools.slots('interactive', engineId)[0] ?? this.#pools.interactive(engineId)!;
    const ready = await slot.client.ready;
    if (ready.kind === 'ready') return { ok: true, value: { id: ready.info.id, version: ready.info.version } };
    this.#pools.drop(slot);
    return fail(problemOfStart(engineId, engineId, ready));
  }

  status(): HostStatus {
    return this.#pools.status();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onDefect(listener: (defect: Defect) => void): () => void {
    this.#defectListeners.add(listener);
    return () => this.#defectListeners.delete(listener);
  }

  dispose(): void {
    this.#epoch += 1;
    for (const task of [...this.#tasks.values()]) task.settle(abortError());
    this.#pools.dropAll();
  }

  #reportDefect(defect: Defect): void {
    for (const listener of this.#defectListeners) listener(defect);
  }

  // ---- queueing

  #submit(entry: EntryName, spec: unknown, options: RunOptions, lane: Lane, depth: number): Promise<Result<unknown>> {
    const engineId = entry.slice(0, entry.indexOf('/'));
    const engineIds = this.#platform.engineIds();
    if (!engineIds.includes(engineId)) return Promise.resolve(fail(unknownEntry(entry, engineIds)));
    if (options.signal?.aborted) return Promise.reject(abortError());
    return new Promise((resolve, reject) => {
      const onAbort = () => task.settle(abortError());
      const task: Task = {
        id: this.#nextId++,
        entry,
        engineId,
        spec,
        options,
        lane,
        depth,
        children: new AbortController(),
        waitingFor: 0,
        hasCalled: false,
        settled: false,
        slot: undefined,
        settle: (outcome) => {
          if (task.settled) return;
          task.settled = true;
          this.#tasks.delete(task.id);
          options.signal?.removeEventListener('abort', onAbort);
          task.children.abort(abortError());
          if (task.slot) this.#giveGrace(task, task.slot);
          if (outcome instanceof DOMException) reject(outcome);
          else resolve(outcome);
          this.#dispatch();
        },
      };
      options.signal?.addEventListener('abort', onAbort);
      this.#tasks.set(task.id, task);
      if (lane === 'interactive') {
        this.#interactive.push(task);
      } else {
        while (this.#batch.length <= depth) this.#batch.push([]);
        this.#batch[depth]!.push(task);
      }
      this.#dispatch();
    });
  }

  /** Places whatever can start now. */
  #dispatch(): void {
    this.#interactive = this.#interactive.filter((task) => {
      if (task.settled) return false;
      const slot = this.#pools.interactive(task.engineId);
      if (slot) void this.#start(task, slot);
      return !slot;
    });
    while (this.#activeBatchRuns() < this.#settings.batchRuns) {
      const task = this.#nextBatchTask();
      if (!task) break;
      this.#makeRoomForBatchRun(task.engineId);
      void this.#start(task, this.#pools.batch(task.engineId));
    }
    this.#endIdleBatchWorkers();
    this.#pools.changed();
  }

  #nextBatchTask(): Task | undefined {
    for (const tasks of [...this.#batch].reverse()) {
      for (let task = tasks.shift(); task; task = tasks.shift()) if (!task.settled) return task;
    }
    return undefined;
  }

  #activeBatchRuns(): number {
    return this.#pools.slots('batch').filter(({ task }) => task && task.waitingFor === 0).length;
  }

  /** An idle worker of another engine goes before there are more than may run. */
  #makeRoomForBatchRun(engineId: string): void {
    const slots = this.#pools.slots('batch').filter(({ task }) => !task?.waitingFor);
    const idle = slots.filter(({ task }) => !task);
    if (slots.length < this.#settings.batchRuns || idle.some((slot) => slot.engineId === engineId)) return;
    if (idle[0]) this.#pools.drop(idle[0]);
  }

  /** Batch workers live as long as there is a batch run, or a run that has called another and may call again. */
  #endIdleBatchWorkers(): void {
    for (const { lane, hasCalled } of this.#tasks.values()) if (lane === 'batch' || hasCalled) return;
    for (const slot of this.#pools.slots('batch')) if (!slot.task) this.#pools.drop(slot);
  }

  // ---- running

  async #start(task: Task, slot: Slot<Task>): Promise<void> {
    const epoch = this.#epoch;
    slot.task = task;
    const ready = await slot.client.ready;
    if (ready.kind !== 'ready') {
      this.#pools.drop(slot);
      task.settle(ready.kind === 'ended' ? abortError() : fail(problemOfStart(task.engineId, task.entry, ready)));
      return;
    }
    if (task.settled) slot.task = undefined;
    else await this.#runOn(task, slot);
    if (epoch === this.#epoch && slot.lane === 'interactive') this.#pools.keepSpare(slot.engineId);
    this.#dispatch();
  }

  async #runOn(task: Task, slot: Slot<Task>): Promise<void> {
    const { entry, engineId, spec, options } = task;
    task.slot = slot;
    const limit = options.timeoutMs;
    const timer = limit === undefined ? undefined : setTimeout(() => task.settle(fail(timedOut(entry, limit))), limit);
    const name = entry.slice(engineId.length + 1);
    const outcome = await slot.client.run({ run: task.id, entry: name, spec, seed: options.seed ?? 1 });
    clearTimeout(timer);
    slot.task = undefined;
    if (mustEnd(outcome, this.#settings.maxMemoryBytes)) this.#pools.drop(slot);
    if (outcome.kind === 'threw' || outcome.kind === 'crashed') {
      const stack = outcome.kind === 'threw' ? outcome.stack : undefined;
      this.#reportDefect({ engine: engineId, entry, message: outcome.message, stack });
      // The new worker that the message promises.
      if (slot.lane === 'interactive') this.#pools.interactive(engineId);
    }
    task.settle(this.#answerOf(task, outcome));
  }

  #answerOf({ entry }: Task, outcome: RunOutcome | WorkerEnd): Result<unknown> | DOMException {
    switch (outcome.kind) {
      case 'done':
        return outcome.result;
      case 'aborted':
      case 'ended':
        return abortError();
      case 'threw':
        return fail(outcome.trap ? workerCrashed(entry, outcome.message) : defectInEntry(entry, outcome.message));
      case 'unknown-entry':
        return fail(unknownEntry(entry, this.#platform.engineIds()));
      case 'crashed':
        return fail(workerCrashed(entry, outcome.message));
      case 'missing':
        return fail(workerCrashed(entry, 'no cause was given'));
    }
  }

  /** A run that is over for its caller still holds a worker: it is told, and the worker ended if it does not listen. */
  #giveGrace(task: Task, slot: Slot<Task>): void {
    if (slot.task !== task) return;
    slot.client.cancel(task.id);
    setTimeout(() => {
      if (slot.task === task) slot.client.terminate();
    }, this.#settings.graceMs);
  }

  // ---- what a running entry asks for

  #face(engineId: string): Omit<HostFace, 'hello' | 'loaded'> {
    return {
      progress: (id, fraction, what, partial) =>
        this.#tasks
          .get(id)
          ?.options.onProgress?.(partial === undefined ? { fraction, what } : { fraction, what, partial }),
      log: (id, lines) => {
        for (const line of lines) this.#tasks.get(id)?.options.onLog?.(line);
      },
      call: (id, entry, spec, options) => this.#callFrom(id, (parent) => this.#child(parent, entry, spec, options)),
      map: (id, entry, specs, options) =>
        this.#callFrom(id, (parent) => Promise.all(specs.map((spec) => this.#child(parent, entry, spec, options)))),
      blob: async (id, sha256) => this.#tasks.get(id)?.options.blob?.(sha256),
      fault: (message, stack) => this.#reportDefect({ engine: engineId, message, stack }),
    };
  }

  async #callFrom<R>(id: number, call: (parent: Task) => Promise<R>): Promise<R> {
    const parent = this.#tasks.get(id);
    if (!parent) throw abortError();
    parent.waitingFor += 1;
    parent.hasCalled = true;
    try {
      return await call(parent);
    } finally {
      parent.waitingFor -= 1;
    }
  }

  #child(parent: Task, entry: EntryName, spec: unknown, { timeoutMs }: CallOptions = {}): Promise<Result<unknown>> {
    const { seed, blob, onLog } = parent.options;
    const options = { seed, blob, onLog, timeoutMs, signal: parent.children.signal };
    return this.#submit(entry, spec, options, 'batch', parent.depth + 1);
  }
}

/** Whether the worker can no longer be trusted, is gone, or has grown too large to keep. */
function mustEnd(outcome: RunOutcome | WorkerEnd, maxMemoryBytes: number): boolean {
  if (outcome.kind === 'unknown-entry') return false;
  if (outcome.kind === 'done' || outcome.kind === 'aborted') return outcome.memoryBytes > maxMemoryBytes;
  return true;
}

function problemOfStart(engine: string, entry: string, ready: Exclude<Readiness, { kind: 'ready' }>): Problem {
  switch (ready.kind) {
    case 'load-failed':
      return engineLoadFailed(engine, ready.message);
    case 'crashed':
      return workerCrashed(entry, ready.message);
    default:
      return workerMissing(engine);
  }
}
