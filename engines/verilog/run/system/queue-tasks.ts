/** Stochastic queues: $q_initialize, $q_add, $q_remove, $q_full, $q_exam (IEEE 1364-2005 section 17.6). */
import type { BoundArg, CallSite, Machine, Value } from '../machine.ts';
import { isVec, unknown } from '../value/vector.ts';
import { integer, isValueArg, valueFor, wordOf } from './values.ts';

const OK = 0;
const FULL = 1;
const NO_QUEUE = 2;
const EMPTY = 3;
const BAD_TYPE = 4;
const BAD_LENGTH = 5;
const TAKEN = 6;
const BAD_CODE = 8;
const NO_STATISTICS = 10;

const LIFO = 2;

interface Queue {
  type: number;
  most: number;
  entries: { job: Value; item: Value; since: number }[];
  longest: number;
  added: number;
  first: number;
  last: number;
  /** Waits of what has left: the sum, and the least. */
  waited: number;
  shortest?: number;
}

export class QueueTasks {
  private readonly queues = new Map<number, Queue>();

  constructor(private readonly machine: Machine) {}

  /** Whether the name is one of the family; the value is that of $q_full. */
  call(site: CallSite, frame: unknown): { value?: Value } | undefined {
    const { args } = site;
    const id = () => wordOf(args[0], frame) ?? 0;
    switch (site.name) {
      case '$q_initialize':
        set(args[3], frame, this.initialize(id(), wordOf(args[1], frame) ?? 0, wordOf(args[2], frame) ?? 0));
        return {};
      case '$q_add':
        set(args[3], frame, this.add(this.queues.get(id()), args, frame));
        return {};
      case '$q_remove':
        set(args[3], frame, this.remove(this.queues.get(id()), args, frame));
        return {};
      case '$q_exam':
        set(args[3], frame, this.exam(this.queues.get(id()), site, frame));
        return {};
      case '$q_full': {
        const queue = this.queues.get(id());
        set(args[1], frame, queue ? OK : NO_QUEUE);
        return { value: queue ? integer(queue.entries.length >= queue.most ? 1 : 0) : unknown(32) };
      }
      default:
        return undefined;
    }
  }

  private initialize(id: number, type: number, most: number): number {
    if (type !== 1 && type !== LIFO) return BAD_TYPE;
    if (most <= 0) return BAD_LENGTH;
    if (this.queues.has(id)) return TAKEN;
    this.queues.set(id, { type, most, entries: [], longest: 0, added: 0, first: 0, last: 0, waited: 0 });
    return OK;
  }

  private add(queue: Queue | undefined, args: readonly BoundArg[], frame: unknown): number {
    if (!queue) return NO_QUEUE;
    if (queue.entries.length >= queue.most) return FULL;
    const now = this.machine.now();
    queue.entries.push({ job: given(args[1], frame), item: given(args[2], frame), since: now });
    queue.longest = Math.max(queue.longest, queue.entries.length);
    if (queue.added === 0) queue.first = now;
    queue.last = now;
    queue.added++;
    return OK;
  }

  private remove(queue: Queue | undefined, args: readonly BoundArg[], frame: unknown): number {
    if (!queue) return NO_QUEUE;
    const entry = queue.type === LIFO ? queue.entries.pop() : queue.entries.shift();
    if (!entry) return EMPTY;
    assign(args[1], frame, entry.job);
    assign(args[2], frame, entry.item);
    const waited = this.machine.now() - entry.since;
    queue.waited += waited;
    queue.shortest = Math.min(queue.shortest ?? waited, waited);
    return OK;
  }

  private exam(queue: Queue | undefined, site: CallSite, frame: unknown): number {
    if (!queue) return NO_QUEUE;
    const { design } = this.machine;
    const now = this.machine.now();
    const scale = 10 ** ((design.scopes[site.scope]?.unit ?? design.precision) - design.precision);
    const time = (ticks: number | undefined, among = 1) =>
      ticks === undefined || among === 0 ? undefined : Math.trunc(ticks / among / scale);
    const waits = queue.entries.map(({ since }) => now - since);
    const figures: Record<number, () => number | undefined> = {
      1: () => queue.entries.length,
      2: () => (queue.added < 2 ? undefined : time(queue.last - queue.first, queue.added - 1)),
      3: () => queue.longest,
      4: () => time(queue.shortest),
      5: () => (waits.length === 0 ? undefined : time(waits.reduce((most, each) => Math.max(most, each), 0))),
      6: () => time(queue.waited + waits.reduce((sum, each) => sum + each, 0), queue.added),
    };
    const code = wordOf(site.args[1], frame) ?? 0;
    const figure = Object.hasOwn(figures, code) ? figures[code] : undefined;
    if (!figure) return BAD_CODE;
    const value = figure();
    assign(site.args[2], frame, value === undefined ? unknown(32) : integer(value));
    return value === undefined ? NO_STATISTICS : OK;
  }
}

function given(arg: BoundArg | undefined, frame: unknown): Value {
  return isValueArg(arg) ? arg.value(frame) : integer(0);
}

function assign(target: BoundArg | undefined, frame: unknown, value: Value): void {
  if (target?.kind !== 'lvalue') return;
  const plain = typeof value !== 'object' || isVec(value) ? value : integer(0);
  target.assign(frame, valueFor(target.type, plain, true));
}

function set(target: BoundArg | undefined, frame: unknown, status: number): void {
  assign(target, frame, integer(status));
}
