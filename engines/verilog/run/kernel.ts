/**
 * The scheduler: the stratified event queue of IEEE 1364-2005 section 11, with the order of Icarus Verilog where the standard leaves it free.
 *
 * **Runnables** are numbers (ids) with a function each: a process, a continuous assignment, the next step of a thread. The active queue is a
 * ring of ids. Nothing is allocated when one is scheduled.
 *
 * **Wait lists.** An event object (a number) is one event expression of the design, `posedge clk or negedge reset`: all that wait for the same
 * expression share it. Waiters are a linked list through `next`, the newest first; `fire` puts the whole list on the active queue and empties
 * it. A process that waits at its head (`always @(...)`) has its event in `rearm` and is put back on the list when its function returns, so it
 * cannot see what it does itself. This is the order in which vvp wakes threads, and benches can see it.
 *
 * **Signals.** Whoever changes a signal calls `notify` (`notifyElement` for arrays, `notifyPlain` for reals, strings and lists) after the words
 * are written. `flags[signal]` is 0 where nobody listens: generated code may look before it calls.
 *
 * **For generated code.** The pattern of a write of up to 32 bits to a signal at offset `o` of `words` (mirrored words and flags never move):
 * ```
 * const p = W[o], q = W[o + 1];
 * if (p !== a || q !== b) { W[o] = a; W[o + 1] = b; if (F[s] !== 0) K.notify(s, p, q); }
 * ```
 * and of a nonblocking one `K.nba(s, o, a, b, mask)`. Signals of which `Nets` says that they can be forced, or that have several drivers, are
 * never written so: see `nets.ts` and `force.ts`.
 */

/** Bits of `flags`. */
export const Listen = {
  /** Runnables started by any change: continuous assignments, gates. */
  assigns: 1,
  /** Event objects without an edge. */
  any: 2,
  /** Event objects for posedge, negedge. */
  edges: 4,
  /** Functions called at once: probes of event expressions, watchers, assignments that copy. */
  hooks: 8,
  /** Generated code to be told at once. What it writes itself it tells itself, and looks at the other bits only. */
  compiled: 16,
} as const;

/** Thrown through running processes to stop the run; `Kernel.run` catches it. */
export class StopRun extends Error {
  constructor() {
    super('The run was stopped.');
  }
}

/** Thrown by a process that ends itself for good, since the run is about to end: the others finish their time step. */
export class StopProcess extends Error {
  constructor() {
    super('The process was stopped.');
  }
}

export type KernelState =
  /** The slice is used up; call again. */
  | 'more'
  /** Nothing is left to do. */
  | 'dry'
  /** `stop` was called. */
  | 'stopped'
  /** One time step started more runnables than `stepEvents`. */
  | 'endless'
  /** The next event lies past `timeLimit`. */
  | 'time-limit'
  /** More runnables were started than `eventLimit`. */
  | 'event-limit';

/** Live threads and one-shot events that may exist at once, besides the processes of the design. */
const dynamicIds = 1 << 18;

type Hook = (element: number) => void;

/** What is to happen at a later time. The lists keep their length when a slot is used again: the counts say what is in them. */
interface Slot {
  time: number;
  ids: number[];
  count: number;
  /** Nonblocking updates that were delayed into this time, as runnables. */
  nba: number[];
  nbaCount: number;
  /** The next of the same bucket. */
  after: Slot | undefined;
}

/** Buckets by which the slot of a time is found. A power of two. */
const bucketCount = 256;

export class Kernel {
  readonly words: Int32Array;
  /** Of each signal: where it is in `words`. -1: not there. */
  readonly offset: Int32Array;
  /** Words an element takes, both planes. */
  readonly stride: Int32Array;
  readonly flags: Uint8Array;
  /** 1: changes are told by `notifyElement`. */
  readonly isArray: Uint8Array;

  /** In units of the design's precision. */
  now = 0;
  /** Runnables started so far. */
  started = 0;
  /** Iterations of loops left in this time step. Back edges of loops do `if (--K.loopFuel < 0) K.outOfFuel()`. */
  loopFuel = 0;

  stepEvents = 10_000_000;
  timeLimit = Number.POSITIVE_INFINITY;
  eventLimit = Number.POSITIVE_INFINITY;

  // ---- runnables
  readonly runs: (() => void)[] = [];
  /** 1: on the active queue through `schedule`. */
  readonly queued: Uint8Array;
  /** Event object on whose list the runnable goes back when its function has returned; -1: none. */
  readonly rearm: Int32Array;
  /** Next waiter on the same list. */
  readonly next: Int32Array;
  private readonly capacity: number;
  private readonly free: number[] = [];
  private readonly nothing = (): void => {};

  // ---- active queue
  private readonly active: Int32Array;
  private readonly mask: number;
  private head = 0;
  private tail = 0;
  private inactive: number[] = [];

  // ---- events
  /** First waiter of each event object; -1: none. */
  readonly waiting: number[] = [];
  /** Called on `fire`, besides the waiters: `e.triggered`, monitors of events. */
  private readonly eventHooks: ((() => void)[] | undefined)[] = [];

  // ---- listeners of signals
  private readonly assignsOf: number[][] = [];
  private readonly anyOf: number[][] = [];
  private readonly posOf: number[][] = [];
  private readonly negOf: number[][] = [];
  private readonly hooksOf: Hook[][] = [];
  private readonly compiledOf: Hook[] = [];

  // ---- nonblocking updates: records of 5 (signal, offset, a, b, mask); mask 0: of general kind
  private nbaData: Int32Array = new Int32Array(5 * 1024);
  private nbaOther: Int32Array = new Int32Array(5 * 1024);
  private nbaEnd = 0;
  private nbaPool: Int32Array = new Int32Array(1024);
  private nbaPoolOther: Int32Array = new Int32Array(1024);
  private nbaPoolEnd = 0;

  // ---- time
  private heap: Slot[] = [];
  private readonly buckets = new Array<Slot | undefined>(bucketCount).fill(undefined);
  private spare: Slot[] = [];
  private postponed: (() => void)[] = [];
  private stepStart = 0;
  private stopping = false;
  private finishing = false;

  constructor(words: Int32Array, offset: Int32Array, stride: Int32Array, staticIds: number) {
    this.words = words;
    this.offset = offset;
    this.stride = stride;
    this.flags = new Uint8Array(offset.length);
    this.isArray = new Uint8Array(offset.length);
    let size = 1024;
    while (size < staticIds + dynamicIds) size *= 2;
    this.capacity = size;
    this.mask = size - 1;
    this.active = new Int32Array(size);
    this.queued = new Uint8Array(size);
    this.rearm = new Int32Array(size).fill(-1);
    this.next = new Int32Array(size);
  }

  // ------------------------------------------------------------------------------------------------- Runnables

  /** A new runnable. Undefined would mean that too many are alive: then the run stops as endless (a fork without end). */
  define(run: () => void): number {
    const id = this.free.pop();
    if (id !== undefined) {
      this.runs[id] = run;
      return id;
    }
    if (this.runs.length >= this.capacity - 2) {
      this.tooManyThreads = true;
      throw new StopRun();
    }
    this.runs.push(run);
    return this.runs.length - 1;
  }
  /** Set when `define` gave up. */
  tooManyThreads = false;

  /** The id may be used again. It must be on no list and no queue. */
  release(id: number): void {
    this.runs[id] = this.nothing;
    this.rearm[id] = -1;
    this.free.push(id);
  }

  // ---------------------------------------------------------------------------------------------- Active queue

  /** At the end of the active queue, once: what is queued already is left where it is. For assignments and gates. */
  schedule(id: number): void {
    if (this.queued[id] === 0) {
      this.queued[id] = 1;
      this.active[this.tail] = id;
      this.tail = (this.tail + 1) & this.mask;
    }
  }

  /** At the end of the active queue. The caller knows that it is not there. For threads and processes. */
  push(id: number): void {
    this.active[this.tail] = id;
    this.tail = (this.tail + 1) & this.mask;
  }

  /** Before everything else: children of a fork. */
  pushFront(id: number): void {
    this.head = (this.head - 1) & this.mask;
    this.active[this.head] = id;
  }

  /** `#0`. */
  pushInactive(id: number): void {
    this.inactive.push(id);
  }

  /** After so many units of precision; 0 is the inactive region. */
  after(ticks: number, id: number): void {
    if (ticks === 0) this.inactive.push(id);
    else this.later(ticks, id);
  }

  /** Runs once, after so many units of precision, as an active event of that time (of the present one, at the end of the queue, for 0). */
  runAfter(ticks: number, run: () => void): void {
    const id = this.define(() => {
      this.release(id);
      run();
    });
    if (ticks === 0) this.push(id);
    else this.later(ticks, id);
  }

  postpone(run: () => void): void {
    this.postponed.push(run);
  }

  /** A nonblocking update after so many units of precision (0: of this step). */
  nbaRunAfter(ticks: number, run: () => void): void {
    const id = this.define(() => {
      this.release(id);
      run();
    });
    if (ticks === 0) this.nbaRun(id);
    else {
      const slot = this.slot(this.now + ticks);
      slot.nba[slot.nbaCount++] = id;
    }
  }

  // ---------------------------------------------------------------------------------------------------- Events

  newEvent(): number {
    this.waiting.push(-1);
    this.eventHooks.push(undefined);
    return this.waiting.length - 1;
  }

  /** Puts a runnable, which is on no list, on that of the event. */
  wait(event: number, id: number): void {
    this.next[id] = this.waiting[event]!;
    this.waiting[event] = id;
  }

  /** Takes a waiter off. False: it was not on the list, since it was woken. */
  unwait(event: number, id: number): boolean {
    let at = this.waiting[event]!;
    if (at === id) {
      this.waiting[event] = this.next[id]!;
      return true;
    }
    while (at >= 0) {
      const after = this.next[at]!;
      if (after === id) {
        this.next[at] = this.next[id]!;
        return true;
      }
      at = after;
    }
    return false;
  }

  /** Wakes all that wait. */
  fire(event: number): void {
    let id = this.waiting[event]!;
    if (id >= 0) {
      this.waiting[event] = -1;
      const { next, active, mask } = this;
      let tail = this.tail;
      do {
        active[tail] = id;
        tail = (tail + 1) & mask;
        id = next[id]!;
      } while (id >= 0);
      this.tail = tail;
    }
    const hooks = this.eventHooks[event];
    if (hooks !== undefined) for (let i = 0; i < hooks.length; i++) hooks[i]!();
  }

  /** Also calls `run` on every firing, at once, until the function answered is called. */
  onFire(event: number, run: () => void): () => void {
    this.eventHooks[event] = [...(this.eventHooks[event] ?? []), run];
    return () => {
      const left = this.eventHooks[event]?.filter((it) => it !== run);
      this.eventHooks[event] = left?.length ? left : undefined;
    };
  }

  // ------------------------------------------------------------------------------------------------- Listeners

  /** The runnable is scheduled on every change of the signal (of any element). */
  listenAssign(signal: number, id: number): void {
    const list = this.assignsOf[signal];
    if (list === undefined) this.assignsOf[signal] = [id];
    else if (!list.includes(id)) list.push(id);
    this.flags[signal]! |= Listen.assigns;
  }

  /** The event object is fired on changes of the whole signal, or by edges of its lowest bit. The one added last is fired first. */
  listenEvent(signal: number, edge: 'any' | 'posedge' | 'negedge', event: number): void {
    const table = edge === 'any' ? this.anyOf : edge === 'posedge' ? this.posOf : this.negOf;
    const list = table[signal];
    if (list === undefined) table[signal] = [event];
    else list.unshift(event);
    this.flags[signal]! |= edge === 'any' ? Listen.any : Listen.edges;
  }

  /** Called at once after every change, with the element of an array (-1: not an array, or not known which). */
  hook(signal: number, run: Hook): () => void {
    // Lists are replaced, not changed: one may be in use.
    this.hooksOf[signal] = [...(this.hooksOf[signal] ?? []), run];
    this.flags[signal]! |= Listen.hooks;
    return () => {
      const left = (this.hooksOf[signal] ?? []).filter((it) => it !== run);
      this.hooksOf[signal] = left;
      if (left.length === 0) this.flags[signal]! &= ~Listen.hooks;
    };
  }

  /** Generated code, called at once on every change of the signal that it did not make itself, with the element as `hook`. */
  listenCompiled(signal: number, run: Hook): void {
    this.compiledOf[signal] = run;
    this.flags[signal]! |= Listen.compiled;
  }

  /** The ids that `schedule` gets on a change of the signal. For generated code that does it by itself. Do not change. */
  assignsOn(signal: number): readonly number[] {
    return this.assignsOf[signal] ?? [];
  }

  /** A vector (not an array) has changed; `oldA`, `oldB` are the lowest words of its planes before. */
  notify(signal: number, oldA: number, oldB: number): void {
    const flags = this.flags[signal]!;
    if (flags === 0) return;
    const at = this.offset[signal]!;
    const a = this.words[at]!;
    const b = this.words[at + (this.stride[signal]! >> 1)]!;
    if ((flags & Listen.assigns) !== 0) {
      const list = this.assignsOf[signal]!;
      for (let i = 0; i < list.length; i++) this.schedule(list[i]!);
    }
    if ((flags & Listen.compiled) !== 0) this.compiledOf[signal]!(-1);
    if ((flags & Listen.hooks) !== 0) {
      const hooks = this.hooksOf[signal]!;
      for (let i = 0; i < hooks.length; i++) hooks[i]!(-1);
    }
    if ((flags & Listen.any) !== 0) {
      const list = this.anyOf[signal]!;
      for (let i = 0; i < list.length; i++) this.fire(list[i]!);
    }
    if ((flags & Listen.edges) !== 0 && (((a ^ oldA) | (b ^ oldB)) & 1) !== 0) {
      // 0 -> 1, x, z and x, z -> 1 are posedges; 1 -> 0, x, z and x, z -> 0 negedges (1364-2005 section 9.7.2).
      const up = ((oldA | oldB) & 1) === 0 || (a & ~b & 1) === 1;
      if (up || (oldA & ~oldB & 1) === 1 || ((a | b) & 1) === 0) {
        const list = (up ? this.posOf : this.negOf)[signal];
        if (list !== undefined) for (let i = 0; i < list.length; i++) this.fire(list[i]!);
      }
    }
  }

  /** An element of an array has changed. Negative: any of them may have. */
  notifyElement(signal: number, element: number): void {
    const flags = this.flags[signal]!;
    if ((flags & Listen.hooks) !== 0) {
      const hooks = this.hooksOf[signal]!;
      for (let i = 0; i < hooks.length; i++) hooks[i]!(element);
    }
    this.wakeAll(signal, flags, element);
  }

  /** A real, string, list or map has changed. */
  notifyPlain(signal: number): void {
    this.notifyElement(signal, -1);
  }

  private wakeAll(signal: number, flags: number, element: number): void {
    if ((flags & Listen.compiled) !== 0) this.compiledOf[signal]!(element);
    if ((flags & Listen.assigns) !== 0) {
      const list = this.assignsOf[signal]!;
      for (let i = 0; i < list.length; i++) this.schedule(list[i]!);
    }
    if ((flags & Listen.any) !== 0) {
      const list = this.anyOf[signal]!;
      for (let i = 0; i < list.length; i++) this.fire(list[i]!);
    }
  }

  // --------------------------------------------------------------------------------------- Nonblocking updates

  /** At the end of this step, the bits of `mask` (not 0) at `words[offset]` and of plane b `stride / 2` further on take the values of `a` and `b`. */
  nba(signal: number, offset: number, a: number, b: number, mask: number): void {
    let data = this.nbaData;
    const end = this.nbaEnd;
    if (end === data.length) data = this.growNba();
    data[end] = signal;
    data[end + 1] = offset;
    data[end + 2] = a;
    data[end + 3] = b;
    data[end + 4] = mask;
    this.nbaEnd = end + 5;
  }

  /** The same for a whole vector of `count` words a plane; the values are copied. `mask`, of as many words, leaves bits as they are. */
  nbaWide(
    signal: number,
    offset: number,
    a: Int32Array,
    b: Int32Array,
    count: number,
    mask: Int32Array | undefined,
  ): void {
    const at = this.nbaPoolEnd;
    while (at + 3 * count > this.nbaPool.length) {
      const larger = new Int32Array(this.nbaPool.length * 2);
      larger.set(this.nbaPool);
      this.nbaPool = larger;
    }
    const pool = this.nbaPool;
    for (let i = 0; i < count; i++) {
      pool[at + i] = a[i]!;
      pool[at + count + i] = b[i]!;
      pool[at + 2 * count + i] = mask === undefined ? -1 : mask[i]!;
    }
    this.nbaPoolEnd = at + 3 * count;
    this.nba(signal, offset, at, count, 0);
  }

  /** The runnable is run among the nonblocking updates, in its turn. */
  nbaRun(id: number): void {
    this.nba(-1, 0, id, 0, 0);
  }

  private growNba(): Int32Array {
    const larger = new Int32Array(this.nbaData.length * 2);
    larger.set(this.nbaData);
    this.nbaData = larger;
    return larger;
  }

  private commit(): void {
    const data = this.nbaData;
    const pool = this.nbaPool;
    const end = this.nbaEnd;
    this.nbaData = this.nbaOther;
    this.nbaPool = this.nbaPoolOther;
    this.nbaOther = data;
    this.nbaPoolOther = pool;
    this.nbaEnd = 0;
    this.nbaPoolEnd = 0;
    const { words, flags, stride } = this;
    for (let at = 0; at < end; at += 5) {
      const signal = data[at]!;
      const offset = data[at + 1]!;
      const a = data[at + 2]!;
      const b = data[at + 3]!;
      const mask = data[at + 4]!;
      if (mask !== 0) {
        const other = offset + (stride[signal]! >> 1);
        const oldA = words[offset]!;
        const oldB = words[other]!;
        const newA = (oldA & ~mask) | (a & mask);
        const newB = (oldB & ~mask) | (b & mask);
        if (newA !== oldA || newB !== oldB) {
          words[offset] = newA;
          words[other] = newB;
          const flag = flags[signal]!;
          if (flag !== 0) this.changed(signal, offset, oldA, oldB);
        }
      } else if (signal < 0) this.runs[a]!();
      else this.commitWide(signal, offset, pool, a, b);
    }
  }

  private commitWide(signal: number, offset: number, pool: Int32Array, at: number, count: number): void {
    const { words } = this;
    const plane = this.stride[signal]! >> 1;
    const oldA = words[offset]!;
    const oldB = words[offset + plane]!;
    let differs = 0;
    for (let i = 0; i < count; i++) {
      const mask = pool[at + 2 * count + i]!;
      const wasA = words[offset + i]!;
      const wasB = words[offset + plane + i]!;
      const newA = (wasA & ~mask) | (pool[at + i]! & mask);
      const newB = (wasB & ~mask) | (pool[at + count + i]! & mask);
      differs |= (wasA ^ newA) | (wasB ^ newB);
      words[offset + i] = newA;
      words[offset + plane + i] = newB;
    }
    if (differs !== 0 && this.flags[signal] !== 0) this.changed(signal, offset, oldA, oldB);
  }

  private changed(signal: number, offset: number, oldA: number, oldB: number): void {
    const base = this.offset[signal]!;
    if (this.isArray[signal] !== 0) {
      this.notifyElement(signal, Math.trunc((offset - base) / this.stride[signal]!));
    } else if (offset < base + (this.stride[signal]! >> 1) && offset > base) {
      // A higher word than the lowest: bit 0 is as it was.
      this.notify(signal, this.words[base]!, this.words[base + (this.stride[signal]! >> 1)]!);
    } else this.notify(signal, oldA, oldB);
  }

  // ------------------------------------------------------------------------------------------------------ Time

  private slot(time: number): Slot {
    const bucket = time & (bucketCount - 1);
    const first = this.buckets[bucket];
    for (let it = first; it !== undefined; it = it.after) if (it.time === time) return it;
    const slot = this.spare.pop() ?? { time, ids: [], count: 0, nba: [], nbaCount: 0, after: undefined };
    slot.time = time;
    slot.after = first;
    this.buckets[bucket] = slot;
    this.heapPush(slot);
    return slot;
  }

  /** Takes a slot out of its bucket. */
  private forget(slot: Slot): void {
    const bucket = slot.time & (bucketCount - 1);
    let it = this.buckets[bucket]!;
    if (it === slot) {
      this.buckets[bucket] = slot.after;
    } else {
      while (it.after !== slot) it = it.after!;
      it.after = slot.after;
    }
    slot.after = undefined;
  }

  private later(ticks: number, id: number): void {
    const slot = this.slot(this.now + ticks);
    slot.ids[slot.count++] = id;
  }

  private heapPush(slot: Slot): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(slot);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (heap[up]!.time <= slot.time) break;
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = slot;
  }

  private heapPop(): Slot {
    const { heap } = this;
    const top = heap[0]!;
    const last = heap.pop()!;
    const size = heap.length;
    if (size > 0) {
      let at = 0;
      for (;;) {
        let down = 2 * at + 1;
        if (down >= size) break;
        if (down + 1 < size && heap[down + 1]!.time < heap[down]!.time) down++;
        if (heap[down]!.time >= last.time) break;
        heap[at] = heap[down]!;
        at = down;
      }
      heap[at] = last;
    }
    return top;
  }

  /** Ends the run: `run` returns 'stopped' once the runnable that is at work has returned. */
  stop(): void {
    this.stopping = true;
  }

  /** Ends the run once this time step is over: `run` then returns 'stopped'. As in Icarus, $strobe and $monitor still show it. */
  stopAfterStep(): void {
    this.finishing = true;
  }

  get stopped(): boolean {
    return this.stopping;
  }

  /** A back edge found no fuel. Throws: the loop has no end. */
  outOfFuel(): never {
    this.loopsForEver = true;
    throw new StopRun();
  }
  loopsForEver = false;

  /** Runs up to about so many runnables. A StopRun thrown by one comes through; what was queued stays. */
  run(events: number): KernelState {
    const { active, mask, queued, rearm, next, waiting, runs } = this;
    const sliceEnd = this.started + events;
    if (this.started === 0) this.loopFuel = this.stepEvents * 10;
    for (;;) {
      const end = Math.min(sliceEnd, this.stepStart + this.stepEvents, this.eventLimit);
      // The count is kept in the object: what a runnable calls may read it.
      while (this.head !== this.tail) {
        if (this.started >= end) {
          if (this.started >= this.eventLimit) return 'event-limit';
          if (this.started >= this.stepStart + this.stepEvents) return 'endless';
          return 'more';
        }
        this.started++;
        const id = active[this.head]!;
        this.head = (this.head + 1) & mask;
        queued[id] = 0;
        runs[id]!();
        const event = rearm[id]!;
        if (event >= 0) {
          next[id] = waiting[event]!;
          waiting[event] = id;
        }
        if (this.stopping) return 'stopped';
      }
      if (this.inactive.length > 0) {
        const list = this.inactive;
        this.inactive = [];
        for (let i = 0; i < list.length; i++) this.push(list[i]!);
        continue;
      }
      if (this.nbaEnd > 0) {
        this.commit();
        if (this.stopping) return 'stopped';
        continue;
      }
      if (this.postponed.length > 0) {
        const list = this.postponed;
        this.postponed = [];
        for (let i = 0; i < list.length; i++) list[i]!();
        if (this.stopping) return 'stopped';
        continue;
      }
      if (this.finishing) return 'stopped';
      if (this.heap.length === 0) return 'dry';
      if (this.heap[0]!.time > this.timeLimit) return 'time-limit';
      if (this.started >= sliceEnd) return 'more';
      const slot = this.heapPop();
      this.forget(slot);
      this.now = slot.time;
      this.stepStart = this.started;
      this.loopFuel = this.stepEvents * 10;
      const { ids, count, nba, nbaCount } = slot;
      for (let i = 0; i < count; i++) this.push(ids[i]!);
      for (let i = 0; i < nbaCount; i++) this.nbaRun(nba[i]!);
      slot.count = 0;
      slot.nbaCount = 0;
      if (this.spare.length < 64) this.spare.push(slot);
    }
  }

  /** Empties the active queue, and answers what was on it: what initial values have started comes after the processes. */
  takePending(): number[] {
    const ids = this.pending();
    this.head = this.tail;
    for (const id of ids) this.queued[id] = 0;
    return ids;
  }

  /** Runnables on the active queue, first to last: to say what went round in a loop. */
  pending(): number[] {
    const ids: number[] = [];
    for (let at = this.head; at !== this.tail; at = (at + 1) & this.mask) ids.push(this.active[at]!);
    return ids;
  }
}
