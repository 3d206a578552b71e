/** Inertial delays of nets, continuous assignments and gates (IEEE 1364-2005 sections 6.1.3, 7.14). */
import type * as ir from '../ir/types.ts';
import { getBit } from './bits.ts';
import type { Evaluators } from './events.ts';
import { filled } from './layout.ts';
import type { Vec } from './machine.ts';
import type { Runtime } from './runtime.ts';
import { delayTicks } from './time.ts';

/** Ticks of the three transitions; to x the shortest of them. */
export interface Ticks {
  rise: number;
  fall: number;
  off: number;
}

/** The delays of a triple, evaluated anew with each call. */
export function delayOf(runtime: Runtime, evaluators: Evaluators, triple: ir.DelayTriple): () => Ticks {
  const one = (delay: ir.DelayExpr): (() => number) => {
    const value = evaluators.evaluate(delay.value);
    if (delay.value.op === 'const') {
      const ticks = delayTicks(runtime.design, delay.scope, value(undefined));
      return () => ticks;
    }
    return () => delayTicks(runtime.design, delay.scope, value(undefined));
  };
  const rise = one(triple.rise);
  const fall = triple.fall === undefined ? undefined : one(triple.fall);
  const off = triple.off === undefined ? undefined : one(triple.off);
  return () => {
    const up = rise();
    const down = fall === undefined ? up : fall();
    return { rise: up, fall: down, off: off === undefined ? Math.min(up, down) : off() };
  };
}

/** How long a bit takes from one value to another; values as (a | b << 1). */
export function transition(from: number, to: number, ticks: Ticks): number {
  if (from === to) return 0;
  if (to === 0) return ticks.fall;
  if (to === 1) return ticks.rise;
  if (to === 2) return ticks.off;
  return Math.min(ticks.rise, ticks.fall, ticks.off);
}

/** Lets values through after their delay; one that is replaced before its time never comes out. */
export class DelayLine {
  private readonly runtime: Runtime;
  private readonly ticks: () => Ticks;
  private readonly out: (value: Vec) => void;
  private current: Vec;
  /** Counts what was scheduled: an older one does nothing. */
  private turn = 0;
  private pending: Vec | undefined;

  constructor(runtime: Runtime, width: number, ticks: () => Ticks, out: (value: Vec) => void) {
    this.runtime = runtime;
    this.ticks = ticks;
    this.out = out;
    this.current = filled(width, 'x');
  }

  set(value: Vec): void {
    if (this.pending !== undefined && same(this.pending, value)) return;
    this.turn++;
    this.pending = undefined;
    const ticks = this.ticks();
    let longest = 0;
    for (let i = 0; i < value.width; i++) {
      const from = getBit(this.current.a, 0, i) | (getBit(this.current.b, 0, i) << 1);
      const to = getBit(value.a, 0, i) | (getBit(value.b, 0, i) << 1);
      longest = Math.max(longest, transition(from, to, ticks));
    }
    if (same(this.current, value)) return;
    if (longest === 0) {
      this.current = value;
      this.out(value);
      return;
    }
    this.pending = value;
    const turn = this.turn;
    this.runtime.kernel.runAfter(longest, () => {
      if (turn !== this.turn) return;
      this.pending = undefined;
      this.current = value;
      this.out(value);
    });
  }
}

export function same(p: Vec, q: Vec): boolean {
  for (let i = 0; i < p.a.length; i++) if (p.a[i] !== q.a[i] || p.b[i] !== q.b[i]) return false;
  return true;
}
