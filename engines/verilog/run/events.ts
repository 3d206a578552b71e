/** Event controls, `@(...)`: which event object of the kernel stands for each. */
import type * as ir from '../ir/types.ts';
import type { Value, Vec } from './machine.ts';
import type { Runtime } from './runtime.ts';

/** What the interpreter offers: an expression as a function of the frame. */
export interface Evaluators {
  evaluate(expr: ir.Expr): (frame: unknown) => Value;
  truth(expr: ir.Expr): (frame: unknown) => boolean;
  /** The event object; undefined: the index is out of range. */
  event(ref: ir.EventRef): (frame: unknown) => number | undefined;
  /** Has a function called on every change of an automatic variable, until the function it answers is called. */
  follow(signal: ir.SignalId): (frame: unknown, changed: () => void) => () => void;
}

export type EventControl =
  | { kind: 'fixed'; event: number }
  /** Depends on automatic variables or on an index: to be asked for each wait. `done` after it. Undefined: it never comes. */
  | { kind: 'fresh'; begin(frame: unknown): { event: number; done(): void } | undefined };

export class EventTable {
  private readonly runtime: Runtime;
  private readonly byKey = new Map<string, number>();
  private readonly spare: number[] = [];

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** The event object of an event control. Controls that say the same share one, as in Icarus: the order of waking depends on it. */
  of(items: readonly ir.EventItem[], evaluators: Evaluators): EventControl {
    const { runtime } = this;
    if (items.length === 1) {
      const [item] = items;
      if (item!.what.kind === 'event' && item!.iff === undefined) return this.ofNamed(item!.what.event, evaluators);
    }
    const automatic = items.some((item) => this.needsFrame(item));
    if (automatic) return { kind: 'fresh', begin: (frame) => this.fresh(items, frame, evaluators) };
    const keys = items.map((item) => this.key(item));
    const key = keys.every((it) => it !== undefined) ? keys.join(',') : undefined;
    const known = key === undefined ? undefined : this.byKey.get(key);
    if (known !== undefined) return { kind: 'fixed', event: known };
    const event = runtime.kernel.newEvent();
    if (key !== undefined) this.byKey.set(key, event);
    for (const item of items) this.connect(item, event, undefined, evaluators);
    return { kind: 'fixed', event };
  }

  /** Any change of what is read: always_comb, `wait`. */
  ofReads(reads: readonly ir.Read[], events: readonly ir.EventRef[], evaluators: Evaluators): EventControl {
    const items: ir.EventItem[] = [];
    for (const read of reads) {
      const { type } = this.runtime.design.signals[read.signal]!;
      items.push({ what: { kind: 'expr', expr: { op: 'signal', signal: read.signal, type }, reads: [read] } });
    }
    for (const event of events) items.push({ what: { kind: 'event', event } });
    return this.of(items, evaluators);
  }

  private ofNamed(ref: ir.EventRef, evaluators: Evaluators): EventControl {
    const find = evaluators.event(ref);
    if (ref.indices === undefined && !this.runtime.design.signals[ref.signal]!.automatic) {
      return { kind: 'fixed', event: find(undefined)! };
    }
    return {
      kind: 'fresh',
      begin: (frame) => {
        const event = find(frame);
        return event === undefined ? undefined : { event, done: () => {} };
      },
    };
  }

  private needsFrame(item: ir.EventItem): boolean {
    const { signals } = this.runtime.design;
    if (item.what.kind === 'event') {
      const { event } = item.what;
      return event.indices !== undefined || signals[event.signal]!.automatic;
    }
    if (item.what.reads.some((read) => signals[read.signal]!.automatic)) return true;
    return item.iff !== undefined;
  }

  private key(item: ir.EventItem): string | undefined {
    if (item.iff !== undefined) return undefined;
    if (item.what.kind === 'event') return `e${this.runtime.canon[item.what.event.signal]}`;
    const { expr, reads } = item.what;
    const { canon } = this.runtime;
    if (expr.op === 'signal') {
      // Of an array, only one element may be meant.
      return `${item.edge ?? 'any'} ${canon[expr.signal]} ${reads[0]?.element ?? ''} ${partKey(reads[0])}`;
    }
    if (expr.op === 'select' && expr.base.op === 'signal' && expr.offset.op === 'const') {
      const offset = expr.offset.value;
      return offset.kind === 'vector'
        ? `${item.edge ?? 'any'} ${canon[expr.base.signal]} ${offset.a}+${expr.width}`
        : undefined;
    }
    return undefined;
  }

  private fresh(
    items: readonly ir.EventItem[],
    frame: unknown,
    evaluators: Evaluators,
  ): { event: number; done(): void } {
    const event = this.spare.pop() ?? this.runtime.kernel.newEvent();
    const off = items.map((item) => this.connect(item, event, frame, evaluators));
    return {
      event,
      done: () => {
        for (const it of off) it();
        this.spare.push(event);
      },
    };
  }

  private connect(item: ir.EventItem, event: number, frame: unknown, evaluators: Evaluators): () => void {
    const { runtime } = this;
    const { kernel, canon } = runtime;
    const iff = item.iff === undefined ? undefined : evaluators.truth(item.iff);
    if (item.what.kind === 'event') {
      const source = evaluators.event(item.what.event)(frame);
      if (source === undefined) return () => {};
      return kernel.onFire(source, () => {
        if (iff === undefined || iff(frame)) kernel.fire(event);
      });
    }
    const { expr, reads } = item.what;
    const { signals } = runtime.design;
    if (expr.op === 'signal' && iff === undefined && !signals[expr.signal]!.automatic) {
      const read = reads.find((it) => it.signal === expr.signal);
      const { type } = signals[expr.signal]!;
      const narrowed = read !== undefined && (read.element !== undefined || isPart(read, type));
      if (type.kind === 'array' && read?.element !== undefined) {
        return kernel.hook(canon[expr.signal]!, (element) => {
          if (element < 0 || element === read.element) kernel.fire(event);
        });
      }
      if (!narrowed) {
        const edge = type.kind === 'vector' ? (item.edge ?? 'any') : 'any';
        if (edge === 'edge') {
          kernel.listenEvent(canon[expr.signal]!, 'posedge', event);
          kernel.listenEvent(canon[expr.signal]!, 'negedge', event);
        } else kernel.listenEvent(canon[expr.signal]!, edge, event);
        return () => {};
      }
      if (read?.part !== undefined && type.kind === 'vector') return this.partOf(read, event, evaluators);
    }
    return this.probe(item, event, frame, iff, evaluators);
  }

  /** Any change of a part of a vector. */
  private partOf(read: ir.Read, event: number, evaluators: Evaluators): () => void {
    const { runtime } = this;
    const { offset, width } = read.part!;
    const expr: ir.Expr = {
      op: 'select',
      base: { op: 'signal', signal: read.signal, type: runtime.design.signals[read.signal]!.type },
      offset: {
        op: 'const',
        value: { kind: 'vector', width: 32, signed: true, a: BigInt(offset), b: 0n },
        type: { kind: 'vector', width: 32, signed: true, fourState: true },
      },
      width,
      type: { kind: 'vector', width, signed: false, fourState: true },
    };
    return this.probe({ what: { kind: 'expr', expr, reads: [read] } }, event, undefined, undefined, evaluators);
  }

  /** Evaluates the expression on every change of what it reads, and looks whether its value changed. */
  private probe(
    item: ir.EventItem,
    event: number,
    frame: unknown,
    iff: ((frame: unknown) => boolean) | undefined,
    evaluators: Evaluators,
  ): () => void {
    if (item.what.kind !== 'expr') return () => {};
    const { kernel, canon } = this.runtime;
    const value = evaluators.evaluate(item.what.expr);
    let last = value(frame);
    const look = (): void => {
      const now = value(frame);
      const before = last;
      last = now;
      if (!happened(item.edge, before, now)) return;
      if (iff === undefined || iff(frame)) kernel.fire(event);
    };
    const off: (() => void)[] = [];
    const seen = new Set<number>();
    for (const read of item.what.reads) {
      const id = canon[read.signal]!;
      if (seen.has(id)) continue;
      seen.add(id);
      const automatic = this.runtime.design.signals[read.signal]!.automatic;
      off.push(automatic ? evaluators.follow(read.signal)(frame, look) : kernel.hook(id, look));
    }
    return () => {
      for (const it of off) it();
    };
  }
}

function isPart(read: ir.Read, type: ir.IrType): boolean {
  return read.part !== undefined && type.kind === 'vector' && read.part.width < type.width;
}

function partKey(read: ir.Read | undefined): string {
  return read?.part === undefined ? '' : `${read.part.offset}+${read.part.width}`;
}

/** A value as an index or a shift; undefined: it has x or z, or is past all sizes. */
export function toIndex(value: Value, type: ir.IrType): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value !== 'object' || !('width' in value)) return undefined;
  const { a, b, width } = value;
  for (let i = 0; i < b.length; i++) if (b[i] !== 0) return undefined;
  if (width === 0) return 0;
  const signed = type.kind === 'vector' && type.signed;
  const top = (a[a.length - 1]! >>> ((width - 1) & 31)) & 1;
  const negative = signed && top === 1;
  const low = a[0]!;
  if (width <= 32) return negative ? (width === 32 ? low : low | (-1 << width)) : low >>> 0;
  for (let i = 1; i < a.length; i++) {
    const word = a[i]!;
    const last = i === a.length - 1;
    const full = negative ? (last && width & 31 ? (1 << (width & 31)) - 1 : -1) : 0;
    if (word !== full) return negative ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  }
  if (negative) return low < 0 ? low : Number.MIN_SAFE_INTEGER;
  return low >>> 0;
}

function happened(edge: ir.EventItem['edge'], before: Value, now: Value): boolean {
  if (typeof now === 'number' || typeof now === 'string') return !Object.is(before, now);
  if (!('width' in now)) return true;
  const old = before as Vec;
  if (edge === undefined) {
    for (let i = 0; i < now.a.length; i++) if (now.a[i] !== old.a[i] || now.b[i] !== old.b[i]) return true;
    return false;
  }
  const p = old.a[0]! & 1;
  const q = old.b[0]! & 1;
  const a = now.a[0]! & 1;
  const b = now.b[0]! & 1;
  if (p === a && q === b) return false;
  const up = (p | q) === 0 || (a === 1 && b === 0);
  const down = !up && ((p === 1 && q === 0) || (a === 0 && b === 0));
  return edge === 'edge' ? up || down : edge === 'posedge' ? up : down;
}
