/**
 * Module path delays of specify blocks (IEEE 1364-2005 section 14): a bit of an output changes as long after the input that changed last
 * as the path between them says.
 */
import type * as ir from '../ir/types.ts';
import { getBit, setBit } from './bits.ts';
import type { Evaluators } from './events.ts';
import { filled } from './layout.ts';
import type { Vec } from './machine.ts';
import type { Runtime } from './runtime.ts';
import { delayTicks } from './time.ts';

/** Ticks of the twelve transitions, in the order of `indexOf`. */
type Twelve = readonly number[];

/** 01, 10, 0z, z1, 1z, z0, 0x, x1, 1x, x0, xz, zx; values as a | b << 1. */
const order = [
  [0, 1],
  [1, 0],
  [0, 2],
  [2, 1],
  [1, 2],
  [2, 0],
  [0, 3],
  [3, 1],
  [1, 3],
  [3, 0],
  [3, 2],
  [2, 3],
] as const;

function indexOf(from: number, to: number): number {
  return order.findIndex(([p, q]) => p === from && q === to);
}

/** The twelve delays from the 1, 2, 3, 6 or 12 that are given (section 14.3.1, tables 14-1 and 14-2). */
export function twelve(given: readonly number[]): Twelve {
  if (given.length >= 12) return given;
  const [first = 0, second = first, third] = given;
  const six = given.length >= 6 ? given.slice(0, 6) : [first, second, third ?? first, first, third ?? second, second];
  const [t01, t10, t0z, tz1, t1z, tz0] = six as [number, number, number, number, number, number];
  return [
    ...six,
    Math.min(t01, t0z),
    Math.max(t01, tz1),
    Math.min(t10, t1z),
    Math.max(t10, tz0),
    Math.max(t1z, t0z),
    Math.min(tz1, tz0),
  ];
}

/** Delays with others in their place, or on top of them; null leaves what there is. */
function changed(delays: Twelve, given: readonly (number | null)[], add: boolean): Twelve {
  const full = twelve(given.map((each) => each ?? Number.NaN));
  return delays.map((was, index) => {
    const wanted = full[index]!;
    return Number.isNaN(wanted) ? was : add ? was + wanted : wanted;
  });
}

interface Source {
  /** When the input changed last, in the way that the path asks for. */
  changedAt: number;
  delays: Twelve;
  /** Undefined: always. */
  holds: (() => boolean) | undefined;
  otherwise: boolean;
}

/** Delays all bits of an output; those without a path go through. */
export class PathLine {
  private readonly runtime: Runtime;
  private readonly out: (value: Vec) => void;
  private readonly sources: Source[][];
  private readonly current: Vec;
  private readonly wanted: Vec;
  private readonly turns: Int32Array;

  constructor(runtime: Runtime, width: number, out: (value: Vec) => void) {
    this.runtime = runtime;
    this.out = out;
    this.sources = Array.from({ length: width }, () => []);
    this.current = filled(width, 'x');
    this.wanted = filled(width, 'x');
    this.turns = new Int32Array(width);
  }

  add(path: ir.PathDelay, output: ir.NetPart, evaluators: Evaluators): void {
    const delays = twelve(
      path.delays.map((delay) =>
        delayTicks(this.runtime.design, delay.scope, evaluators.evaluate(delay.value)(undefined)),
      ),
    );
    const condition =
      path.condition === undefined || path.condition === 'none' ? undefined : evaluators.truth(path.condition);
    const mine: Source[] = [];
    const holds = condition === undefined ? undefined : () => condition(undefined);
    const otherwise = path.condition === 'none';
    for (const input of path.inputs) {
      const apart = !path.full && input.width === output.width && input.width > 1;
      for (let i = 0; i < (apart ? input.width : 1); i++) {
        const source: Source = { changedAt: 0, delays, holds, otherwise };
        mine.push(source);
        this.follow(apart ? { ...input, offset: input.offset + i, width: 1 } : input, path.edge, source);
        if (apart) this.sources[output.offset + i]!.push(source);
        else for (let bit = 0; bit < output.width; bit++) this.sources[output.offset + bit]!.push(source);
      }
    }
    this.runtime.paths.push({
      path,
      set(ticks, more) {
        for (const source of mine) source.delays = changed(source.delays, ticks, more);
      },
    });
  }

  private follow(input: ir.NetPart, edge: ir.PathDelay['edge'], source: Source): void {
    const { kernel, canon, words, layout } = this.runtime;
    const signal = canon[input.signal]!;
    const base = layout.offset[signal]! + (input.element ?? 0) * layout.stride[signal]!;
    const plane = layout.stride[signal]! >> 1;
    const bitAt = (i: number): number =>
      getBit(words, base, input.offset + i) | (getBit(words, base + plane, input.offset + i) << 1);
    const last = Array.from({ length: input.width }, (_, i) => bitAt(i));
    kernel.hook(signal, () => {
      for (let i = 0; i < input.width; i++) {
        const now = bitAt(i);
        const before = last[i]!;
        if (now === before) continue;
        last[i] = now;
        const up = before === 0 || now === 1;
        const down = before === 1 || now === 0;
        if (edge === undefined || (edge === 'posedge' ? up : down)) source.changedAt = kernel.now;
      }
    });
  }

  set(value: Vec): void {
    let atOnce = false;
    for (let bit = 0; bit < value.width; bit++) {
      const to = levelAt(value, bit);
      if (to === levelAt(this.wanted, bit)) continue;
      put(this.wanted, bit, to);
      const turn = ++this.turns[bit]!;
      const from = levelAt(this.current, bit);
      if (from === to) continue;
      const wait = this.waitOf(bit, from, to);
      if (wait <= 0) {
        put(this.current, bit, to);
        atOnce = true;
      } else {
        this.runtime.kernel.runAfter(wait, () => {
          if (turn !== this.turns[bit]) return;
          put(this.current, bit, to);
          this.show();
        });
      }
    }
    if (atOnce) this.show();
  }

  private show(): void {
    const { width, a, b } = this.current;
    this.out({ width, a: a.slice(), b: b.slice() });
  }

  /** Of the paths whose condition holds, those whose input changed last; of these the shortest. */
  private waitOf(bit: number, from: number, to: number): number {
    const { now } = this.runtime.kernel;
    const all = this.sources[bit]!;
    let active = all.filter((source) => !source.otherwise && (source.holds === undefined || source.holds()));
    if (active.length === 0) active = all.filter((source) => source.otherwise);
    if (active.length === 0) return 0;
    const latest = Math.max(...active.map((source) => source.changedAt));
    const index = indexOf(from, to);
    let wait = Number.POSITIVE_INFINITY;
    for (const source of active) {
      if (source.changedAt === latest) wait = Math.min(wait, latest + source.delays[index]! - now);
    }
    return wait;
  }
}

function levelAt(vec: Vec, bit: number): number {
  return getBit(vec.a, 0, bit) | (getBit(vec.b, 0, bit) << 1);
}

function put(vec: Vec, bit: number, value: number): void {
  setBit(vec.a, 0, bit, value & 1);
  setBit(vec.b, 0, bit, value >> 1);
}
