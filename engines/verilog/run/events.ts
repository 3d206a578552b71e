/** Event controls, `@(...)`: which event object of the kernel stands for each. */
import type * as ir from '../ir/types.ts';
import type { Value, Vec } from './machine.ts';
import type { Runtime } from './runtime.ts';

/** What the interpreter offers: an expression as a function of the frame. */
export interface Evaluators {
  evaluate(expr: ir.Expr): (frame: unknown) => Value;
  truth(expr: ir.Expr): (frame: unknown) => boolean;
}

export type EventControl =
  | { kind: 'fixed'; event: number }
  /** Depends on automatic variables or on an index: to be asked for each wait. `done` after it. Undefined: it never comes. */
  | { kind: 'fresh'; begin(frame: unknown): { event: number; done(): void } | undefined };

export class EventTable {
  private readonly runtime: Runtime;
  private readonly evaluators: Evaluators;
  private readonly byKey = new Map<string, number>();
  private readonly spare: number[] = [];

  constructor(runtime: Runtime, evaluators: Evaluators) {
    this.runtime = runtime;
    this.evaluators = evaluators;
  }

  /** The event object of an event control. Controls that say the same share one, as in Icarus: the order of waking depends on it. */
  of(items: readonly ir.EventItem[]): EventControl {
    const { runtime } = this;
    if (items.length === 1) {
      const [item] = items;
      if (item!.what.kind === 'event' && item!.iff === undefined) return this.ofNamed(item!.what.event);
    }
    const automatic = items.some((item) => this.needsFrame(item));
    if (automatic) return { kind: 'fresh', begin: (frame) => this.fresh(items, frame) };
    const keys = items.map((item) => this.key(item));
    const key = keys.every((it) => it !== undefined) ? keys.join(',') : undefined;
    const known = key === undefined ? undefined : this.byKey.get(key);
    if (known !== undefined) return { kind: 'fixed', event: known };
    const event = runtime.kernel.newEvent();
    if (key !== undefined) this.byKey.set(key, event);
    for (const item of items) this.connect(item, event, undefined);
    return { kind: 'fixed', event };
  }

  /** Any change of what is read: always_comb, `wait`. */
  ofReads(reads: readonly ir.Read[], events: readonly ir.EventRef[] = []): EventControl {
    const items: ir.EventItem[] = [];
    for (const read of reads) {
      const { type } = this.runtime.design.signals[read.signal]!;
      items.push({ what: { kind: 'expr', expr: { op: 'signal', signal: read.signal, type }, reads: [read] } });
    }
    for (const event of events) items.push({ what: { kind: 'event', event } });
    return this.of(items);
  }

  private ofNamed(ref: ir.EventRef): EventControl {
    const { runtime } = this;
    const index = ref.indices === undefined ? undefined : this.evaluators.evaluate(indexExpr(ref.indices));
    if (index === undefined) return { kind: 'fixed', event: runtime.eventId(ref.signal)! };
    return {
      kind: 'fresh',
      begin: (frame) => {
        const at = eventIndex(ref, this.evaluators)(frame);
        const event = at === undefined ? undefined : runtime.eventId(ref.signal, at);
        return event === undefined ? undefined : { event, done: () => {} };
      },
    };
  }

  private needsFrame(item: ir.EventItem): boolean {
    const { signals } = this.runtime.design;
    if (item.what.kind === 'event') return item.what.event.indices !== undefined;
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

  private fresh(items: readonly ir.EventItem[], frame: unknown): { event: number; done(): void } {
    const event = this.spare.pop() ?? this.runtime.kernel.newEvent();
    const off = items.map((item) => this.connect(item, event, frame));
    return {
      event,
      done: () => {
        for (const it of off) it();
        this.spare.push(event);
      },
    };
  }

  private connect(item: ir.EventItem, event: number, frame: unknown): () => void {
    const { runtime } = this;
    const { kernel, canon } = runtime;
    const iff = item.iff === undefined ? undefined : this.evaluators.truth(item.iff);
    if (item.what.kind === 'event') {
      const at = eventIndex(item.what.event, this.evaluators)(frame);
      const source = at === undefined ? undefined : runtime.eventId(item.what.event.signal, at);
      if (source === undefined) return () => {};
      let live = true;
      kernel.onFire(source, () => {
        if (live && (iff === undefined || iff(frame))) kernel.fire(event);
      });
      return () => {
        live = false;
      };
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
      if (read?.part !== undefined && type.kind === 'vector') return this.partOf(read, event);
    }
    return this.probe(item, event, frame, iff);
  }

  /** Any change of a part of a vector. */
  private partOf(read: ir.Read, event: number): () => void {
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
    return this.probe({ what: { kind: 'expr', expr, reads: [read] } }, event, undefined, undefined);
  }

  /** Evaluates the expression on every change of what it reads, and looks whether its value changed. */
  private probe(
    item: ir.EventItem,
    event: number,
    frame: unknown,
    iff: ((frame: unknown) => boolean) | undefined,
  ): () => void {
    if (item.what.kind !== 'expr') return () => {};
    const { kernel, canon } = this.runtime;
    const value = this.evaluators.evaluate(item.what.expr);
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
      if (seen.has(id) || this.runtime.design.signals[read.signal]!.automatic) continue;
      seen.add(id);
      off.push(kernel.hook(id, look));
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

function indexExpr(indices: readonly ir.Index[]): ir.Expr {
  return indices[0]!.value;
}

/** The linear index of an event in its array; undefined: out of range. */
export function eventIndex(ref: ir.EventRef, evaluators: Evaluators): (frame: unknown) => number | undefined {
  if (ref.indices === undefined) return () => 0;
  const parts = ref.indices.map((index) => ({
    value: evaluators.evaluate(index.value),
    size: index.size,
    type: index.value.type,
  }));
  return (frame) => {
    let at = 0;
    for (const part of parts) {
      const index = toIndex(part.value(frame), part.type);
      if (index === undefined || index < 0 || index >= part.size) return undefined;
      at = at * part.size + index;
    }
    return at;
  };
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
