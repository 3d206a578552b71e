import type { EngineLoad, HostStatus, Lane } from './host-face.ts';
import type { EngineInfo, HostFace } from './protocol.ts';
import { type Platform, WorkerClient } from './worker-client.ts';

/** A worker, and the run that it is busy with. */
export interface Slot<Task> {
  readonly engineId: string;
  readonly client: WorkerClient;
  readonly lane: Lane;
  task: Task | undefined;
}

interface Pool<Task> {
  readonly engineId: string;
  readonly slots: Set<Slot<Task>>;
  info: EngineInfo | undefined;
  load: EngineLoad | undefined;
}

export interface PoolEvents {
  /** What the workers of an engine may ask for. */
  face(engineId: string): Omit<HostFace, 'hello' | 'loaded'>;
  /** A worker crashed while it had nothing to do. */
  idleCrash(engineId: string, message: string): void;
  changed(): void;
}

/** The workers of all engines: starting and ending them, spares, and what they look like from outside. */
export class WorkerPools<Task> {
  readonly #platform: Platform;
  readonly #interactiveWorkers: number;
  readonly #events: PoolEvents;
  readonly #pools = new Map<string, Pool<Task>>();
  #status: HostStatus | undefined;

  constructor(platform: Platform, interactiveWorkers: number, events: PoolEvents) {
    this.#platform = platform;
    this.#interactiveWorkers = interactiveWorkers;
    this.#events = events;
  }

  /** An idle interactive worker of the engine, or a new one; undefined while all that it may have are busy. */
  interactive(engineId: string): Slot<Task> | undefined {
    const slots = this.slots('interactive', engineId);
    const idle = slots.find(({ task }) => !task);
    return idle ?? (slots.length < this.#interactiveWorkers ? this.#spawn(engineId, 'interactive') : undefined);
  }

  /** An idle batch worker of the engine, or a new one. */
  batch(engineId: string): Slot<Task> {
    return this.slots('batch', engineId).find(({ task }) => !task) ?? this.#spawn(engineId, 'batch');
  }

  slots(lane: Lane, engineId?: string): Slot<Task>[] {
    const pools = engineId === undefined ? [...this.#pools.values()] : [this.#pool(engineId)];
    return pools.flatMap(({ slots }) => [...slots].filter((slot) => slot.lane === lane));
  }

  /** Ends a worker. */
  drop(slot: Slot<Task>): void {
    slot.client.terminate();
    if (this.#pool(slot.engineId).slots.delete(slot)) this.changed();
  }

  dropAll(): void {
    for (const pool of this.#pools.values()) for (const slot of [...pool.slots]) this.drop(slot);
  }

  /**
   * An engine that takes time to load keeps one idle worker beside the busy ones, and one at least: the spare for when a
   * run is cancelled.
   */
  keepSpare(engineId: string): void {
    if (!this.#pool(engineId).info?.loads) return;
    const slots = this.slots('interactive', engineId);
    const idle = slots.filter(({ task }) => !task).length;
    const wanted = Math.min(this.#interactiveWorkers, slots.length - idle + 2);
    for (let count = slots.length; count < wanted; count += 1) this.#spawn(engineId, 'interactive');
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

  /** After any change of what `status` tells. */
  changed(): void {
    this.#status = undefined;
    this.#events.changed();
  }

  #pool(engineId: string): Pool<Task> {
    let pool = this.#pools.get(engineId);
    if (!pool) {
      pool = { engineId, slots: new Set(), info: undefined, load: undefined };
      this.#pools.set(engineId, pool);
    }
    return pool;
  }

  #spawn(engineId: string, lane: Lane): Slot<Task> {
    const pool = this.#pool(engineId);
    // Only the first worker fetches files ahead; the others find them in the cache.
    const countFiles = this.#platform.countsFiles && !pool.load?.ready && pool.slots.size === 0;
    const face: Omit<HostFace, 'hello'> = {
      ...this.#events.face(engineId),
      loaded: (loadedBytes, totalBytes) => this.#setLoad(pool, { loadedBytes, totalBytes, ready: false }),
    };
    const client = new WorkerClient(this.#platform, engineId, face, countFiles);
    const slot: Slot<Task> = { engineId, client, lane, task: undefined };
    pool.slots.add(slot);
    if (!pool.load) this.#setLoad(pool, { loadedBytes: 0, totalBytes: 0, ready: false });
    void client.ready.then((ready) => {
      if (ready.kind !== 'ready') return;
      pool.info = ready.info;
      this.#setLoad(pool, { ...pool.load!, ready: true });
    });
    void client.end.then((end) => {
      if (end.kind === 'crashed' && !slot.task) this.#events.idleCrash(engineId, end.message);
      this.drop(slot);
    });
    this.changed();
    return slot;
  }

  /** Once an engine is ready, later workers of it load without being shown. */
  #setLoad(pool: Pool<Task>, load: EngineLoad): void {
    if (pool.load?.ready && !load.ready) return;
    pool.load = load;
    this.changed();
  }
}
