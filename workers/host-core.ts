import type { CallOptions, EntryName } from '../engines/core/job.ts';
import { fail, type Problem, type Result } from '../engines/core/result.ts';
import type { Defect, EngineLoad, Host, HostStatus, Lane, RunOptions } from './host-face.ts';
import {
  abortError,
  defectInEntry,
  engineLoadFailed,
  timedOut,
  unknownEntry,
  workerCrashed,
  workerMissing,
} from './host-problems.ts';
import type { EngineInfo, HostFace, RunOutcome } from './protocol.ts';
import { type Platform, type Readiness, WorkerClient, type WorkerEnd } from './worker-client.ts';

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
  started: boolean;
  slot: Slot | undefined;
  settle(outcome: Result<unknown> | DOMException): void;
}

/** A worker and what it does. */
interface Slot {
  readonly client: WorkerClient;
  readonly lane: Lane;
  task: Task | undefined;
}

interface Pool {
  readonly engineId: string;
  readonly slots: Set<Slot>;
  info: EngineInfo | undefined;
  load: EngineLoad | undefined;
}

/** The host of all platforms: queues, pools, cancelling, crashes, limits. See `Host` for what it promises. */
export class HostCore implements Host {
  readonly #platform: Platform;
  readonly #settings: HostSettings;
  readonly #pools = new Map<string, Pool>();
  readonly #tasks = new Map<number, Task>();
  #interactive: Task[] = [];
  /** By depth: what a run called goes before new runs, or parents would pile up waiting for their children. */
  #batch: Task[][] = [];
  #nextId = 1;
  /** Counts `dispose`, so that what still runs out does not start workers again. */
  #epoch = 0;
  #status: HostStatus | undefined;
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
  }

  run<R>(entry: EntryName, spec: unknown, options: RunOptions = {}): Promise<Result<R>> {
    return this.#submit(entry, spec, options, options.lane ?? 'interactive', 0) as Promise<Result<R>>;
  }

  map<R>(entry: EntryName, specs: readonly unknown[], options: Omit<RunOptions, 'lane'> = {}): Promise<Result<R>[]> {
    return Promise.all(specs.map((spec) => this.#submit(entry, spec, options, 'batch', 0))) as Promise<Result<R>[]>;
  }

  async warm(engineId: string): Promise<Result<{ id: string; version: string }>> {
    if (!this.#platform.engineIds().includes(engineId)) {
      return fail(unknownEntry(`${engineId}/`, this.#platform.engineIds()));
    }
    const pool = this.#pool(engineId);
    const slot = slotsOf(pool, 'interactive')[0] ?? this.#spawn(pool, 'interactive');
    const ready = await slot.client.ready;
    if (ready.kind === 'ready') return { ok: true, value: { id: ready.info.id, version: ready.info.version } };
    this.#drop(pool, slot);
    return fail(problemOfStart(engineId, `${engineId}/`, ready));
  }

  status(): HostStatus {
    this.#status ??= {
      engines: [...this.#pools.values()].map(({ engineId, info, load, slots }) => ({
        id: engineId,
        version: info?.version,
        workers: slots.size,
        busy: [...slots].filter(({ task }) => task).length,
        load,
      })),
      isolated: this.#platform.isolated,
    };
    return this.#status;
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
    for (const pool of this.#pools.values()) for (const slot of [...pool.slots]) this.#drop(pool, slot);
  }

  // ---- queueing

  #submit(entry: EntryName, spec: unknown, options: RunOptions, lane: Lane, depth: number): Promise<Result<unknown>> {
    const engineId = entry.slice(0, entry.indexOf('/'));
    if (!this.#platform.engineIds().includes(engineId)) {
      return Promise.resolve(fail(unknownEntry(entry, this.#platform.engineIds())));
    }
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
        started: false,
        slot: undefined,
        settle: (outcome) => {
          if (task.settled) return;
          task.settled = true;
          this.#tasks.delete(task.id);
          options.signal?.removeEventListener('abort', onAbort);
          task.children.abort(abortError());
          if (task.slot && task.started) this.#giveGrace(task, task.slot);
          if (outcome instanceof DOMException) reject(outcome);
          else resolve(outcome);
          this.#dispatch();
        },
      };
      options.signal?.addEventListener('abort', onAbort);
      this.#tasks.set(task.id, task);
      if (lane === 'interactive') this.#interactive.push(task);
      else {
        while (this.#batch.length <= depth) this.#batch.push([]);
        this.#batch[depth]!.push(task);
      }
      this.#dispatch();
    });
  }

  /** Places whatever can start now. */
  #dispatch(): void {
    this.#interactive = this.#interactive.filter((task) => !task.settled && !this.#placeInteractive(task));
    while (this.#activeBatchRuns() < this.#settings.batchRuns) {
      const task = this.#nextBatchTask();
      if (!task) break;
      this.#placeBatch(task);
    }
    this.#endIdleBatchWorkers();
    this.#changed();
  }

  #placeInteractive(task: Task): boolean {
    const pool = this.#pool(task.engineId);
    const slots = slotsOf(pool, 'interactive');
    const idle = slots.find((slot) => !slot.task);
    if (!idle && slots.length >= this.#settings.interactiveWorkers) return false;
    void this.#start(task, pool, idle ?? this.#spawn(pool, 'interactive'));
    return true;
  }

  #nextBatchTask(): Task | undefined {
    for (const tasks of [...this.#batch].reverse()) {
      for (let task = tasks.shift(); task; task = tasks.shift()) if (!task.settled) return task;
    }
    return undefined;
  }

  #placeBatch(task: Task): void {
    const pool = this.#pool(task.engineId);
    let slot = slotsOf(pool, 'batch').find((candidate) => !candidate.task);
    if (!slot) {
      this.#makeRoomForBatchWorker();
      slot = this.#spawn(pool, 'batch');
    }
    void this.#start(task, pool, slot);
  }

  #activeBatchRuns(): number {
    return this.#batchSlots().filter(({ slot }) => slot.task && slot.task.waitingFor === 0).length;
  }

  #batchSlots(): { pool: Pool; slot: Slot }[] {
    return [...this.#pools.values()].flatMap((pool) => slotsOf(pool, 'batch').map((slot) => ({ pool, slot })));
  }

  /** An idle worker of another engine goes before the batch lane holds more workers than it may run. */
  #makeRoomForBatchWorker(): void {
    const slots = this.#batchSlots().filter(({ slot }) => !slot.task?.waitingFor);
    const idle = slots.find(({ slot }) => !slot.task);
    if (idle && slots.length >= this.#settings.batchRuns) this.#drop(idle.pool, idle.slot);
  }

  /** Batch workers live as long as there is a batch run, or a run that has called another and may call again. */
  #endIdleBatchWorkers(): void {
    for (const { lane, hasCalled } of this.#tasks.values()) if (lane === 'batch' || hasCalled) return;
    for (const { pool, slot } of this.#batchSlots()) if (!slot.task) this.#drop(pool, slot);
  }

  // ---- running

  async #start(task: Task, pool: Pool, slot: Slot): Promise<void> {
    const epoch = this.#epoch;
    slot.task = task;
    task.slot = slot;
    this.#changed();
    const ready = await slot.client.ready;
    if (ready.kind !== 'ready') {
      this.#drop(pool, slot);
      task.settle(ready.kind === 'ended' ? abortError() : fail(problemOfStart(task.engineId, task.entry, ready)));
      return;
    }
    if (task.settled) slot.task = undefined;
    else await this.#runOn(task, pool, slot);
    if (epoch === this.#epoch && slot.lane === 'interactive') this.#keepSpare(pool);
    this.#dispatch();
  }

  async #runOn(task: Task, pool: Pool, slot: Slot): Promise<void> {
    const { entry, engineId, spec, options } = task;
    task.started = true;
    const limit = options.timeoutMs;
    const timer = limit === undefined ? undefined : setTimeout(() => task.settle(fail(timedOut(entry, limit))), limit);
    const name = entry.slice(engineId.length + 1);
    const outcome = await slot.client.run({ run: task.id, entry: name, spec, seed: options.seed ?? 1 });
    clearTimeout(timer);
    slot.task = undefined;
    if (mustEnd(outcome, this.#settings.maxMemoryBytes)) this.#drop(pool, slot);
    if (outcome.kind === 'threw' || outcome.kind === 'crashed') {
      const stack = outcome.kind === 'threw' ? outcome.stack : undefined;
      this.#reportDefect({ engine: engineId, entry, message: outcome.message, stack });
      if (slot.lane === 'interactive' && slotsOf(pool, 'interactive').length === 0) this.#spawn(pool, 'interactive');
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
  #giveGrace(task: Task, slot: Slot): void {
    if (slot.task !== task) return;
    slot.client.cancel(task.id);
    setTimeout(() => {
      if (slot.task === task) slot.client.terminate();
    }, this.#settings.graceMs);
  }

  // ---- what a running entry asks for

  #face(pool: Pool): Omit<HostFace, 'hello'> {
    const live = (id: number) => this.#tasks.get(id);
    return {
      loaded: (loadedBytes, totalBytes) => this.#setLoad(pool, { loadedBytes, totalBytes, ready: false }),
      progress: (id, fraction, what, partial) =>
        live(id)?.options.onProgress?.(partial === undefined ? { fraction, what } : { fraction, what, partial }),
      log: (id, lines) => {
        const task = live(id);
        for (const line of lines) task?.options.onLog?.(line);
      },
      call: (id, entry, spec, options) => this.#callFrom(id, (parent) => this.#child(parent, entry, spec, options)),
      map: (id, entry, specs, options) =>
        this.#callFrom(id, (parent) => Promise.all(specs.map((spec) => this.#child(parent, entry, spec, options)))),
      blob: async (id, sha256) => live(id)?.options.blob?.(sha256),
      fault: (message, stack) => this.#reportDefect({ engine: pool.engineId, message, stack }),
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
    const { seed, blob } = parent.options;
    const options = { seed, blob, timeoutMs, signal: parent.children.signal };
    return this.#submit(entry, spec, options, 'batch', parent.depth + 1);
  }

  // ---- workers

  #pool(engineId: string): Pool {
    let pool = this.#pools.get(engineId);
    if (!pool) {
      pool = { engineId, slots: new Set(), info: undefined, load: undefined };
      this.#pools.set(engineId, pool);
    }
    return pool;
  }

  #spawn(pool: Pool, lane: Lane): Slot {
    // Only the first worker fetches files ahead; the others find them in the cache.
    const countFiles = this.#platform.countsFiles && !pool.load?.ready && pool.slots.size === 0;
    const client = new WorkerClient(this.#platform, pool.engineId, this.#face(pool), countFiles);
    const slot: Slot = { client, lane, task: undefined };
    pool.slots.add(slot);
    if (!pool.load) this.#setLoad(pool, { loadedBytes: 0, totalBytes: 0, ready: false });
    void client.ready.then((ready) => {
      if (ready.kind !== 'ready') return;
      pool.info = ready.info;
      this.#setLoad(pool, { ...pool.load!, ready: true });
    });
    void client.end.then((end) => {
      // During a run the run itself reports it.
      if (end.kind === 'crashed' && !slot.task) this.#reportDefect({ engine: pool.engineId, message: end.message });
      this.#drop(pool, slot);
    });
    this.#changed();
    return slot;
  }

  #drop(pool: Pool, slot: Slot): void {
    slot.client.terminate();
    if (pool.slots.delete(slot)) this.#changed();
  }

  /** After its first run, an engine that takes time to load keeps a second worker ready for when the first is cancelled. */
  #keepSpare(pool: Pool): void {
    const slots = slotsOf(pool, 'interactive');
    const idle = slots.filter(({ task }) => !task).length;
    const wanted = pool.info?.loads ? Math.min(this.#settings.interactiveWorkers, slots.length - idle + 2) : 0;
    for (let count = slots.length; count < wanted; count += 1) this.#spawn(pool, 'interactive');
  }

  // ---- listeners

  #setLoad(pool: Pool, load: EngineLoad): void {
    if (pool.load?.ready && !load.ready) return;
    pool.load = load;
    this.#changed();
  }

  #changed(): void {
    this.#status = undefined;
    for (const listener of this.#listeners) listener();
  }

  #reportDefect(defect: Defect): void {
    for (const listener of this.#defectListeners) listener(defect);
  }
}

function slotsOf(pool: Pool, lane: Lane): Slot[] {
  return [...pool.slots].filter((slot) => slot.lane === lane);
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
