/**
 * `force` and `release`, `assign` and `deassign` (IEEE 1364-2005 section 9.3). A forced bit keeps the value of the force; what is
 * assigned or driven meanwhile is kept for nets, to be there again after `release`, and lost for variables.
 */
import type { SignalId } from '../ir/types.ts';
import { copyBits, getBit, setBit } from './bits.ts';
import type { Value, Vec } from './machine.ts';
import type { Runtime } from './runtime.ts';

interface Held {
  element: number;
  offset: number;
  width: number;
  procedural: boolean;
  /** The value now in force. Undefined until the first evaluation. */
  value: Value | undefined;
  unfollow: () => void;
}

/** Bits of one signal, and what lies below the forces. */
interface Below {
  /** Latest value by elements that a net's drivers, or an `assign` under a `force`, want. */
  driven: Map<number, Vec>;
  plain: Map<number, Value>;
}

export class Forces {
  private readonly runtime: Runtime;
  private readonly held = new Map<SignalId, Held[]>();
  private readonly below = new Map<SignalId, Below>();

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** Something of the signal is in force now. */
  holds(canon: SignalId): boolean {
    return this.held.size !== 0 && this.held.has(canon);
  }

  /**
   * Starts to hold a part of a signal at what `value` gives, and follows it: `follow` calls back whenever an operand
   * changed, until the function it returns is called.
   */
  hold(
    signal: SignalId,
    part: { element: number; offset: number; width: number },
    procedural: boolean,
    value: () => Value,
    follow: (changed: () => void) => () => void,
  ): void {
    const { runtime } = this;
    const canon = runtime.canon[signal]!;
    this.keepDriven(canon, part.element);
    this.drop(canon, part, procedural);
    const held: Held = { ...part, procedural, value: undefined, unfollow: () => {} };
    const list = this.held.get(canon) ?? [];
    list.push(held);
    this.held.set(canon, list);
    const apply = () => {
      held.value = value();
      this.show(canon, part.element);
    };
    held.unfollow = follow(apply);
    apply();
  }

  /** Ends `force` (or `assign`) on a part. Nets take their driven value at once; variables keep theirs, or go back to an `assign`. */
  release(signal: SignalId, part: { element: number; offset: number; width: number }, procedural: boolean): void {
    const { runtime } = this;
    const canon = runtime.canon[signal]!;
    if (!this.held.has(canon)) return;
    this.drop(canon, part, procedural);
    const left = this.held.get(canon);
    const isNet = runtime.design.signals[canon]!.kind === 'net';
    if (left !== undefined && left.length > 0) this.show(canon, part.element);
    else {
      this.held.delete(canon);
      const driven = this.below.get(canon)?.driven.get(part.element);
      const plain = this.below.get(canon)?.plain.get(part.element);
      this.below.delete(canon);
      if (runtime.drivers?.keepsBits(canon)) runtime.drivers.hold(canon, part.element, new Map());
      else if (isNet && driven) runtime.storeFree(canon, part.element, 0, driven.width, driven, 0);
      else if (isNet && plain !== undefined) runtime.storeRealFree(canon, part.element, plain as number);
    }
  }

  /** Takes the part away from what is held: pieces outside it stay. */
  private drop(canon: SignalId, part: { element: number; offset: number; width: number }, procedural: boolean): void {
    const list = this.held.get(canon);
    if (list === undefined) return;
    const left: Held[] = [];
    const end = part.offset + part.width;
    for (const it of list) {
      const itEnd = it.offset + it.width;
      if (it.procedural !== procedural || it.element !== part.element || it.offset >= end || itEnd <= part.offset) {
        left.push(it);
      } else if (it.offset >= part.offset && itEnd <= end) it.unfollow();
      else {
        // Some of it stays in force: as it was, at the bits outside.
        it.unfollow();
        const value = it.value as Vec;
        const slice = (from: number, to: number): void => {
          if (to <= from) return;
          const vec = {
            width: to - from,
            a: new Int32Array((to - from + 31) >>> 5),
            b: new Int32Array((to - from + 31) >>> 5),
          };
          copyBits(vec.a, 0, 0, value.a, 0, value.a.length, from - it.offset, to - from);
          copyBits(vec.b, 0, 0, value.b, 0, value.b.length, from - it.offset, to - from);
          left.push({ ...it, offset: from, width: to - from, value: vec, unfollow: () => {} });
        };
        slice(it.offset, Math.min(itEnd, part.offset));
        slice(Math.max(it.offset, end), itEnd);
      }
    }
    this.held.set(canon, left);
  }

  private keepDriven(canon: SignalId, element: number): void {
    const { runtime } = this;
    let below = this.below.get(canon);
    if (below === undefined) {
      below = { driven: new Map(), plain: new Map() };
      this.below.set(canon, below);
    }
    if (this.held.get(canon)?.some((it) => it.element === element)) return;
    const now = runtime.read(canon, element);
    if (typeof now === 'object' && 'width' in now) below.driven.set(element, now);
    else below.plain.set(element, now);
  }

  /** Shows the element as forces, below them assigns, below them the drivers want it. */
  private show(canon: SignalId, element: number): void {
    const { runtime } = this;
    const list = this.held.get(canon)?.filter((it) => it.element === element) ?? [];
    const now = runtime.read(canon, element);
    if (typeof now !== 'object' || !('width' in now)) {
      const top = list.findLast((it) => !it.procedural) ?? list.findLast((it) => it.procedural);
      if (top?.value !== undefined) {
        if (typeof top.value === 'number') runtime.storeRealFree(canon, element, top.value);
      } else if (runtime.design.signals[canon]!.kind === 'net') {
        const plain = this.below.get(canon)?.plain.get(element);
        if (typeof plain === 'number') runtime.storeRealFree(canon, element, plain);
      }
      return;
    }
    const isNet = runtime.design.signals[canon]!.kind === 'net';
    const driven = isNet ? this.below.get(canon)?.driven.get(element) : undefined;
    const next = { width: now.width, a: (driven ?? now).a.slice(), b: (driven ?? now).b.slice() };
    for (const procedural of [true, false]) {
      for (const it of list) {
        if (it.procedural !== procedural || it.value === undefined) continue;
        const value = it.value as Vec;
        copyBits(next.a, 0, it.offset, value.a, 0, value.a.length, 0, it.width);
        copyBits(next.b, 0, it.offset, value.b, 0, value.b.length, 0, it.width);
      }
    }
    runtime.storeFree(canon, element, 0, next.width, next, 0);
    if (!runtime.drivers?.keepsBits(canon)) return;
    const values = new Map<number, number>();
    for (const it of list) {
      for (let i = it.offset; i < it.offset + it.width; i++) {
        values.set(i, getBit(next.a, 0, i) | (getBit(next.b, 0, i) << 1));
      }
    }
    runtime.drivers.hold(canon, element, values);
  }

  /** An assignment, or a driver, to a signal of which something is in force. */
  store(canon: SignalId, element: number, toBit: number, width: number, value: Vec, fromBit: number): void {
    const { runtime } = this;
    const list = this.held.get(canon)!.filter((it) => it.element === element);
    const driven = this.below.get(canon)?.driven.get(element);
    if (driven !== undefined && runtime.design.signals[canon]!.kind === 'net') {
      copyBits(driven.a, 0, toBit, value.a, 0, value.a.length, fromBit, width);
      copyBits(driven.b, 0, toBit, value.b, 0, value.b.length, fromBit, width);
      this.show(canon, element);
      return;
    }
    const next = runtime.read(canon, element) as Vec;
    for (let i = 0; i < width; i++) {
      const bit = toBit + i;
      if (list.some((it) => bit >= it.offset && bit < it.offset + it.width)) continue;
      setBit(next.a, 0, bit, getBit(value.a, 0, fromBit + i));
      setBit(next.b, 0, bit, getBit(value.b, 0, fromBit + i));
    }
    runtime.storeFree(canon, element, 0, next.width, next, 0);
  }

  /** The same of a real. */
  storePlain(canon: SignalId, element: number, value: number): void {
    const below = this.below.get(canon);
    below?.plain.set(element, value);
    if (!this.held.get(canon)!.some((it) => it.element === element)) {
      this.runtime.storeRealFree(canon, element, value);
    }
  }
}
