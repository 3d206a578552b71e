/**
 * Threads: processes and branches of forks that wait somewhere in their middle. Each is a generator that yields where it waits,
 * after it has put itself on a wait list, in the time wheel or under a fork.
 */
import type { ScopeId } from '../ir/types.ts';
import type { Kernel } from './kernel.ts';
import type { Thread as ThreadFace } from './machine.ts';

/** How a statement ended. */
export const Flow = {
  next: 0,
  break: 1,
  continue: 2,
  return: 3,
  /** A named block, fork or task is being left: see `Threads.disabling`. */
  disable: 4,
} as const;
export type Flow = (typeof Flow)[keyof typeof Flow];

export type Steps = Generator<void, Flow, void>;

/** A named block that a thread, or the one that forked it, is in. */
interface Inside {
  scope: ScopeId;
  owner: Thread;
  outer: Inside | undefined;
}

export class Thread implements ThreadFace {
  readonly scope: ScopeId;
  readonly parent: Thread | undefined;
  /** The runnable that goes on with it. */
  id = -1;
  steps: Steps | undefined;
  inside: Inside | undefined;
  /** Event object on whose list it is; -1: none. */
  event = -1;
  /** It is on a queue: the active one, the inactive one, or a later time. */
  onQueue = false;
  alive = true;
  /** Set from outside while it waits: the block it has to leave. */
  leaving: Inside | undefined;
  children: Set<Thread> | undefined;
  /** Told when a child has ended. */
  childEnded: ((child: Thread) => void) | undefined;

  constructor(scope: ScopeId, parent: Thread | undefined) {
    this.scope = scope;
    this.parent = parent;
    this.inside = parent?.inside;
  }
}

export class Threads {
  private readonly kernel: Kernel;
  private readonly live = new Set<Thread>();
  /** The thread at work; undefined in processes that never wait. */
  current: Thread | undefined;
  /** What a `Flow.disable` on its way out leaves. */
  disabling: ScopeId = -1;
  /** Blocks, tasks and functions without waits that are being run now, outermost first. */
  readonly passing: ScopeId[] = [];

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** A thread that is not yet scheduled; `kernel.push(thread.id)`, or one of its kin, starts it. */
  create(scope: ScopeId, parent: Thread | undefined, steps: (thread: Thread) => Steps): Thread {
    const thread = new Thread(scope, parent);
    thread.id = this.kernel.define(() => this.step(thread));
    thread.onQueue = true;
    this.live.add(thread);
    if (parent) {
      parent.children ??= new Set();
      parent.children.add(thread);
    }
    thread.steps = steps(thread);
    return thread;
  }

  /** After a process was left by an exception. */
  reset(): void {
    this.current = undefined;
    this.passing.length = 0;
    this.disabling = -1;
  }

  private step(thread: Thread): void {
    const before = this.current;
    this.current = thread;
    thread.event = -1;
    thread.onQueue = false;
    const done = thread.steps!.next().done;
    this.current = before;
    if (done) this.finish(thread);
  }

  private finish(thread: Thread): void {
    if (!thread.alive) return;
    thread.alive = false;
    this.live.delete(thread);
    const { parent } = thread;
    if (thread.onQueue || thread.event >= 0) this.abandon(thread);
    else this.kernel.release(thread.id);
    if (parent) {
      // Children of its own go on; for `wait fork` they were only ever this thread's.
      parent.children?.delete(thread);
      parent.childEnded?.(thread);
    }
  }

  /** Takes it off whatever it waits on. Its id stays behind on a queue as one that does nothing. */
  private abandon(thread: Thread): void {
    const { kernel } = this;
    const { id } = thread;
    if (thread.onQueue) {
      kernel.runs[id] = () => kernel.release(id);
    } else {
      if (thread.event >= 0 && !kernel.unwait(thread.event, id)) {
        // It was woken and is on the active queue.
        kernel.runs[id] = () => kernel.release(id);
      } else kernel.release(id);
    }
    thread.event = -1;
    thread.onQueue = false;
  }

  // ------------------------------------------------------------------------------------------------- Waiting

  waitEvent(thread: Thread, event: number): void {
    thread.event = event;
    this.kernel.wait(event, thread.id);
  }

  waitTicks(thread: Thread, ticks: number): void {
    thread.onQueue = true;
    this.kernel.after(ticks, thread.id);
  }

  /** Lets a thread that waits for nothing in particular (its children) go on, before everything else. */
  resume(thread: Thread): void {
    thread.onQueue = true;
    this.kernel.pushFront(thread.id);
  }

  // ------------------------------------------------------------------------------------------------- Disable

  enter(thread: Thread, scope: ScopeId): void {
    thread.inside = { scope, owner: thread, outer: thread.inside };
  }

  leave(thread: Thread): void {
    thread.inside = thread.inside?.outer;
  }

  /**
   * `disable`: ends the block in every thread. The flow for the thread at work: `Flow.disable` when it is in the block (or in a
   * thread that the block forked).
   */
  disable(scope: ScopeId): Flow {
    const { current } = this;
    let result: Flow = Flow.next;
    if (this.passing.includes(scope)) {
      this.disabling = scope;
      result = Flow.disable;
    }
    for (const thread of [...this.live]) {
      let at = thread.inside;
      // The outermost: a task that calls itself ends altogether.
      let found: Inside | undefined;
      while (at) {
        if (at.scope === scope) found = at;
        at = at.outer;
      }
      if (!found || !thread.alive) continue;
      const own = found.owner === thread;
      if (thread === current) {
        if (result === Flow.disable) continue;
        this.disabling = own ? scope : -2;
        if (!own) thread.leaving = found;
        result = Flow.disable;
      } else if (own) this.unwind(thread, found);
      else this.kill(thread);
    }
    return result;
  }

  private unwind(thread: Thread, block: Inside): void {
    this.abandon(thread);
    thread.childEnded = undefined;
    thread.id = this.kernel.define(() => this.step(thread));
    thread.leaving = block;
    thread.onQueue = true;
    this.kernel.pushFront(thread.id);
  }

  /** Ends a thread that waits, with all it has forked. */
  kill(thread: Thread): void {
    if (!thread.alive) return;
    for (const child of [...(thread.children ?? [])]) this.kill(child);
    if (thread === this.current) return;
    thread.steps?.return(Flow.disable);
    thread.childEnded = undefined;
    this.abandonAlive(thread);
  }

  private abandonAlive(thread: Thread): void {
    thread.alive = false;
    this.live.delete(thread);
    this.abandon(thread);
    const { parent } = thread;
    if (parent) {
      parent.children?.delete(thread);
      parent.childEnded?.(thread);
    }
  }

  /**
   * To be asked after every `yield`: whether the thread has to leave a block. Sets `disabling` for the flow that the statement
   * then answers.
   */
  mustLeave(thread: Thread): boolean {
    const block = thread.leaving;
    if (block === undefined) return false;
    thread.leaving = undefined;
    this.disabling = block.owner === thread ? block.scope : -2;
    return true;
  }

  /** `disable fork`: ends all that the thread has forked, and what these have. */
  disableFork(thread: Thread): void {
    for (const child of [...(thread.children ?? [])]) this.kill(child);
  }

  /** Threads that have not ended. */
  get count(): number {
    return this.live.size;
  }
}
