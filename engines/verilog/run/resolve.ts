/** Nets with several drivers, strengths, charge or switches, while the design runs (IEEE 1364-2005 sections 4.6, 7.9..7.13). */
import type * as ir from '../ir/types.ts';
import { copyBits, getBit, setBit } from './bits.ts';
import { DelayLine, delayOf } from './delays.ts';
import type { Evaluators } from './events.ts';
import { elementCount, elementType, filled } from './layout.ts';
import type { Vec } from './machine.ts';
import type { NetPlan } from './nets.ts';
import { PathLine } from './paths.ts';
import type { Runtime } from './runtime.ts';
import { behind, combine, drivenAs, highZ, logicOf, perhaps, type Strong, strengthText, wiredAs } from './strength.ts';

/** One driver of a constant part of a signal. */
export interface Driver {
  /** Bits [from, from + width of the part) of a value. */
  set(value: Vec, from: number): void;
  /** For parts of one bit. */
  setStrong(level: Strong): void;
}

const allStrong: ir.DriveStrength = { zero: 6, one: 6 };

/** A tran: lets bits of two nets act on each other. */
export interface Bridge {
  resistive: boolean;
  /** 0 open, 1 closed, 2 not known. */
  state: number;
  left: Bit[];
  right: Bit[];
}

/** A bit of a net, or several that are linked. */
interface Bit {
  drivers: Strong[];
  places: { signal: ir.SignalId; element: number; bit: number }[];
  wired: 'wire' | 'and' | 'or';
  /** Always drives: supply, tri0 and tri1. */
  pull: Strong;
  /** trireg: the strength of the charge. 0: none. */
  charge: number;
  /** Without what comes through bridges. */
  own: Strong;
  level: Strong;
  bridges: { to: Bit; bridge: Bridge; index: number }[];
  /** Forced: it acts on others as a strong driver, and nothing acts on it. */
  held: Strong | undefined;
  /** Told when the strength changed, also where the value did not. */
  heard: (() => void)[];
}

interface VectorNet {
  /** Full width each; z where the driver does not reach. */
  drivers: Vec[];
  kind: ir.NetKind | undefined;
  out(value: Vec): void;
}

export class Drivers {
  private readonly runtime: Runtime;
  private readonly plan: NetPlan;
  private readonly evaluators: Evaluators;
  private readonly vectors = new Map<number, VectorNet>();
  private readonly bits = new Map<ir.SignalId, Bit[][]>();
  private readonly delayedBits = new Map<number, DelayLine | PathLine>();

  constructor(runtime: Runtime, plan: NetPlan, evaluators: Evaluators) {
    this.runtime = runtime;
    this.plan = plan;
    this.evaluators = evaluators;
    for (const signal of runtime.design.signals) {
      if (plan.canon[signal.id] === signal.id && plan.kind[signal.id] === 'bits') this.makeBits(signal);
    }
    for (const join of plan.joins) this.join(join);
  }

  // ------------------------------------------------------------------------------------------------- Drivers

  /** A new driver of a part; its bits are x until it is set. */
  driver(part: ir.NetPart, strength: ir.DriveStrength = allStrong): Driver {
    const canon = this.plan.canon[part.signal]!;
    const kind = this.plan.kind[canon];
    if (kind === 'bits') return this.bitDriver({ ...part, signal: canon }, strength);
    if (kind === 'vector') return this.vectorDriver({ ...part, signal: canon });
    return this.directDriver({ ...part, signal: canon });
  }

  private directDriver(part: ir.NetPart): Driver {
    const { runtime } = this;
    const { signal, element = 0, offset, width } = part;
    if (elementType(runtime.design.signals[signal]!.type).kind !== 'vector') {
      return {
        set: (value) => {
          throw new Error(`A net that is no vector was driven by a vector of ${value.width} bits.`);
        },
        setStrong: () => {},
      };
    }
    this.showX(part);
    const one: Vec = { width: 1, a: new Int32Array(1), b: new Int32Array(1) };
    return {
      set: (value, from) => runtime.storeBits(signal, element, offset, width, value, from),
      setStrong: (level) => {
        const value = logicOf(level);
        one.a[0] = value & 1;
        one.b[0] = value >> 1;
        runtime.storeBits(signal, element, offset, 1, one, 0);
      },
    };
  }

  /** Driven bits are x before their driver has spoken. Nobody is told: this is how they start. */
  private showX(part: ir.NetPart): void {
    const { words, layout } = this.runtime;
    const type = elementType(this.runtime.design.signals[part.signal]!.type);
    if (type.kind !== 'vector' || !type.fourState) return;
    const stride = layout.stride[part.signal]!;
    const base = layout.offset[part.signal]! + (part.element ?? 0) * stride;
    for (let i = 0; i < part.width; i++) {
      setBit(words, base, part.offset + i, 1);
      setBit(words, base + (stride >> 1), part.offset + i, 1);
    }
  }

  // ------------------------------------------------------------------------------------------------- Vectors

  private vectorDriver(part: ir.NetPart): Driver {
    const net = this.vectorNet(part.signal, part.element ?? 0);
    const type = elementType(this.runtime.design.signals[part.signal]!.type);
    const mine = filled(type.kind === 'vector' ? type.width : 1, 'z');
    for (let i = 0; i < part.width; i++) setBit(mine.a, 0, part.offset + i, 1);
    net.drivers.push(mine);
    this.showX(part);
    const set = (value: Vec, from: number): void => {
      const a = copyBits(mine.a, 0, part.offset, value.a, 0, value.a.length, from, part.width);
      const b = copyBits(mine.b, 0, part.offset, value.b, 0, value.b.length, from, part.width);
      if (a || b) net.out(resolveWords(net));
    };
    const one: Vec = { width: 1, a: new Int32Array(1), b: new Int32Array(1) };
    return {
      set,
      setStrong: (level) => {
        const value = logicOf(level);
        one.a[0] = value & 1;
        one.b[0] = value >> 1;
        set(one, 0);
      },
    };
  }

  private vectorNet(signal: ir.SignalId, element: number): VectorNet {
    const key = signal * 65536 * 64 + element;
    const known = this.vectors.get(key);
    if (known) return known;
    const { runtime } = this;
    const type = elementType(runtime.design.signals[signal]!.type);
    const width = type.kind === 'vector' ? type.width : 1;
    const show = (value: Vec): void => runtime.storeBits(signal, element, 0, width, value, 0);
    const delay = runtime.design.signals[signal]!.net?.delay;
    const line =
      this.pathLine(signal, width, show) ??
      (delay === undefined ? undefined : new DelayLine(runtime, width, delayOf(runtime, this.evaluators, delay), show));
    const net: VectorNet = {
      drivers: [],
      kind: this.plan.netKind[signal],
      out: line === undefined ? show : (value) => line.set(value),
    };
    this.vectors.set(key, net);
    return net;
  }

  private pathLine(signal: ir.SignalId, width: number, out: (value: Vec) => void): PathLine | undefined {
    const paths = this.plan.paths.get(signal);
    if (paths === undefined) return undefined;
    const line = new PathLine(this.runtime, width, out);
    for (const { path, output } of paths) line.add(path, output, this.evaluators);
    return line;
  }

  // ---------------------------------------------------------------------------------------------------- Bits

  private makeBits(signal: ir.Signal): void {
    const type = elementType(signal.type);
    if (type.kind !== 'vector') return;
    const kind = this.plan.netKind[signal.id];
    const charges = { small: 1, medium: 2, large: 4 };
    const elements: Bit[][] = [];
    for (let element = 0; element < elementCount(signal.type); element++) {
      const row: Bit[] = [];
      for (let bit = 0; bit < type.width; bit++) {
        const pull = pullOf(kind);
        row.push({
          drivers: [],
          places: [{ signal: signal.id, element, bit }],
          wired: wiredAs(kind),
          pull,
          charge: kind === 'trireg' ? charges[signal.net?.charge ?? 'medium'] : 0,
          own: pull,
          level: kind === 'trireg' ? perhapsX(charges[signal.net?.charge ?? 'medium']) : pull,
          bridges: [],
          held: undefined,
          heard: [],
        });
      }
      elements.push(row);
    }
    this.bits.set(signal.id, elements);
  }

  /** Bits of both sides become one. */
  private join(link: ir.Link): void {
    for (let i = 0; i < link.left.width; i++) {
      const left = this.bit(link.left, i);
      const right = this.bit(link.right, i);
      if (left === undefined || right === undefined || left === right) continue;
      left.places.push(...right.places);
      if (left.wired === 'wire') left.wired = right.wired;
      left.pull = combine(left.pull, right.pull, 'wire');
      left.charge = Math.max(left.charge, right.charge);
      for (const place of right.places) this.bits.get(place.signal)![place.element]![place.bit] = left;
    }
  }

  private bit(part: ir.NetPart, index: number): Bit | undefined {
    const canon = this.plan.canon[part.signal]!;
    return this.bits.get(canon)?.[part.element ?? 0]?.[part.offset + index];
  }

  private bitDriver(part: ir.NetPart, strength: ir.DriveStrength): Driver {
    const bits: Bit[] = [];
    const slots: number[] = [];
    for (let i = 0; i < part.width; i++) {
      const bit = this.bit(part, i)!;
      bits.push(bit);
      slots.push(bit.drivers.length);
      bit.drivers.push(drivenAs(3, strength.zero, strength.one));
    }
    const put = (i: number, level: Strong, changed: Bit[]): void => {
      const bit = bits[i]!;
      if (bit.drivers[slots[i]!] === level) return;
      bit.drivers[slots[i]!] = level;
      changed.push(bit);
    };
    return {
      set: (value, from) => {
        const changed: Bit[] = [];
        for (let i = 0; i < part.width; i++) {
          const logic = getBit(value.a, 0, from + i) | (getBit(value.b, 0, from + i) << 1);
          put(i, drivenAs(logic, strength.zero, strength.one), changed);
        }
        this.settle(changed);
      },
      setStrong: (level) => {
        const changed: Bit[] = [];
        put(0, level, changed);
        this.settle(changed);
      },
    };
  }

  /** Before time 0: every bit gets what its drivers say at the start. */
  start(): void {
    const all = new Set<Bit>();
    for (const elements of this.bits.values()) for (const row of elements) for (const bit of row) all.add(bit);
    this.settle([...all], true);
    for (const [key, net] of this.vectors) {
      const signal = Math.floor(key / (65536 * 64));
      if (net.kind === 'tri0' || net.kind === 'tri1') {
        const value = resolveWords(net);
        this.runtime.storeFree(signal, key % (65536 * 64), 0, value.width, value, 0);
      }
    }
    for (const signal of this.runtime.design.signals) {
      // tri0 and tri1 that nothing drives.
      if (this.plan.canon[signal.id] !== signal.id || this.plan.kind[signal.id] !== 'vector') continue;
      const kind = this.plan.netKind[signal.id];
      if (kind !== 'tri0' && kind !== 'tri1') continue;
      for (let i = 0; i < elementCount(signal.type); i++) {
        const net = this.vectorNet(signal.id, i);
        if (net.drivers.length === 0) {
          const type = elementType(signal.type);
          net.drivers.push(filled(type.kind === 'vector' ? type.width : 1, 'z'));
          const value = resolveWords(net);
          this.runtime.storeFree(signal.id, i, 0, value.width, value, 0);
        }
      }
    }
  }

  bridge(left: ir.NetPart, right: ir.NetPart, resistive: boolean, state: number): Bridge {
    const bridge: Bridge = { resistive, state, left: [], right: [] };
    for (let i = 0; i < left.width; i++) {
      const l = this.bit(left, i)!;
      const r = this.bit(right, i)!;
      bridge.left.push(l);
      bridge.right.push(r);
      l.bridges.push({ to: r, bridge, index: i });
      r.bridges.push({ to: l, bridge, index: i });
    }
    return bridge;
  }

  setBridge(bridge: Bridge, state: number): void {
    if (bridge.state === state) return;
    bridge.state = state;
    this.settle([...bridge.left, ...bridge.right], true);
  }

  /** Works out the bits that changed, with all that hang on them through switches, and writes what readers see. */
  private settle(changed: readonly Bit[], all = false): void {
    if (changed.length === 0) return;
    const work = new Set<Bit>();
    const island: Bit[] = [];
    for (const bit of changed) {
      if (work.has(bit)) continue;
      work.add(bit);
      island.push(bit);
    }
    for (let i = 0; i < island.length; i++) {
      for (const { to } of island[i]!.bridges) {
        if (!work.has(to)) {
          work.add(to);
          island.push(to);
        }
      }
    }
    const before = island.map((bit) => bit.level);
    const next = new Map<Bit, Strong>();
    for (const bit of island) {
      let level = bit.pull;
      for (const driver of bit.drivers) level = combine(level, driver, bit.wired);
      bit.own = level;
      next.set(bit, bit.held ?? level);
    }
    // Charge gives way to all else, also to what comes through switches: it is added last.
    for (let round = 0, again = true; again && round < 200; round++) {
      again = false;
      for (const bit of island) {
        if (bit.held !== undefined) continue;
        let level = bit.own;
        for (const { to, bridge } of bit.bridges) {
          if (bridge.state === 0) continue;
          const through = behind(next.get(to)!, bridge.resistive);
          level = combine(level, bridge.state === 2 ? perhaps(through) : through, bit.wired);
        }
        if (level !== next.get(bit)) {
          next.set(bit, level);
          again = true;
        }
      }
    }
    const touched = new Map<number, { signal: ir.SignalId; element: number; bits: { bit: number; logic: number }[] }>();
    for (let i = 0; i < island.length; i++) {
      const bit = island[i]!;
      let level = next.get(bit)!;
      if (bit.charge > 0 && level === highZ)
        level = drivenAs(logicOf(bit.level) === 2 ? 3 : logicOf(bit.level), bit.charge, bit.charge);
      if (bit.level !== level) for (let k = 0; k < bit.heard.length; k++) bit.heard[k]!();
      bit.level = level;
      // What a force shows is the force's to write.
      if (bit.held !== undefined) continue;
      const logic = logicOf(level);
      if (!all && logic === logicOf(before[i]!)) continue;
      for (const place of bit.places) {
        const key = place.signal * 65536 * 64 + place.element;
        const entry = touched.get(key) ?? { signal: place.signal, element: place.element, bits: [] };
        entry.bits.push({ bit: place.bit, logic });
        touched.set(key, entry);
      }
    }
    for (const [key, { signal, element, bits }] of touched) this.show(key, signal, element, bits);
  }

  private show(key: number, signal: ir.SignalId, element: number, bits: { bit: number; logic: number }[]): void {
    const { runtime } = this;
    const type = elementType(runtime.design.signals[signal]!.type);
    if (type.kind !== 'vector') return;
    const delay = runtime.design.signals[signal]!.net?.delay;
    // Under a force the bits below it are told to it, one run of bits after the other.
    const value = runtime.readVector(signal, element, type.width);
    for (const { bit, logic } of bits) {
      setBit(value.a, 0, bit, logic & 1);
      setBit(value.b, 0, bit, logic >> 1);
    }
    const hasPaths = this.plan.paths.has(signal);
    if (hasPaths || (delay !== undefined && this.plan.netKind[signal] !== 'trireg')) {
      let line = this.delayedBits.get(key);
      if (line === undefined) {
        const store = (out: Vec): void => runtime.storeBits(signal, element, 0, type.width, out, 0);
        line =
          this.pathLine(signal, type.width, store) ??
          new DelayLine(runtime, type.width, delayOf(runtime, this.evaluators, delay!), store);
        this.delayedBits.set(key, line);
      }
      line.set(value);
    } else if (runtime.forces.holds(signal)) {
      for (const { bit } of bits) runtime.storeBits(signal, element, bit, 1, value, bit);
    } else runtime.storeFree(signal, element, 0, type.width, value, 0);
  }

  /** Strengths of the net are kept, so a force on it is told by `hold`. */
  keepsBits(canon: ir.SignalId): boolean {
    return this.bits.has(canon);
  }

  /** Which bits of a net are forced, and to what (a | b << 1); all others are free. */
  hold(canon: ir.SignalId, element: number, values: ReadonlyMap<number, number>): void {
    const row = this.bits.get(canon)?.[element] ?? [];
    let changed = false;
    row.forEach((bit, i) => {
      const logic = values.get(i);
      const held = logic === undefined ? undefined : drivenAs(logic, 6, 6);
      changed ||= held !== bit.held;
      bit.held = held;
    });
    if (changed) this.settle(row, true);
  }

  // ------------------------------------------------------------------------------------------------ Strengths

  /** The level of a bit: with its strength where that is kept, else as a strong driver would make it. */
  levelOf(signal: ir.SignalId, bit: number, element = 0): Strong {
    const canon = this.plan.canon[signal]!;
    const known = this.bits.get(canon)?.[element]?.[bit];
    if (known !== undefined && !this.runtime.forces.holds(canon)) return known.level;
    const { words, layout } = this.runtime;
    const stride = layout.stride[canon]!;
    const base = layout.offset[canon]! + element * stride;
    const logic = getBit(words, base, bit) | (getBit(words, base + (stride >> 1), bit) << 1);
    const kind = this.plan.netKind[canon];
    if (this.plan.kind[canon] === 'vector' && (kind === 'tri0' || kind === 'tri1')) {
      const net = this.vectorNet(canon, element);
      const free = net.drivers.every((it) => getBit(it.a, 0, bit) === 0 && getBit(it.b, 0, bit) === 1);
      if (free) return drivenAs(logic, 5, 5);
    }
    return drivenAs(logic, 6, 6);
  }

  /** Calls back when the strength of a bit changes, where strengths are kept. */
  onLevel(signal: ir.SignalId, bit: number, element: number, run: () => void): void {
    this.bits.get(this.plan.canon[signal]!)?.[element]?.[bit]?.heard.push(run);
  }

  /** For `%v`. */
  strengthOf(signal: ir.SignalId, bit: number, element = 0): string {
    return strengthText(this.levelOf(signal, bit, element));
  }
}

function pullOf(kind: ir.NetKind | undefined): Strong {
  switch (kind) {
    case 'supply0':
      return drivenAs(0, 7, 7);
    case 'supply1':
      return drivenAs(1, 7, 7);
    case 'tri0':
      return drivenAs(0, 5, 5);
    case 'tri1':
      return drivenAs(1, 5, 5);
    default:
      return highZ;
  }
}

function perhapsX(charge: number): Strong {
  return drivenAs(3, charge, charge);
}

/** Several strong drivers, word by word. */
function resolveWords(net: VectorNet): Vec {
  const { drivers, kind } = net;
  const first = drivers[0]!;
  const a = first.a.slice();
  const b = first.b.slice();
  for (let d = 1; d < drivers.length; d++) {
    const other = drivers[d]!;
    for (let i = 0; i < a.length; i++) {
      const pa = a[i]!;
      const pb = b[i]!;
      const qa = other.a[i]!;
      const qb = other.b[i]!;
      const pz = pb & ~pa;
      const qz = qb & ~qa;
      const both = ~pz & ~qz;
      let ra: number;
      let rb: number;
      if (kind === 'wand') {
        const zero = (~pa & ~pb) | (~qa & ~qb);
        const one = pa & ~pb & qa & ~qb;
        ra = ~zero;
        rb = ~zero & ~one;
      } else if (kind === 'wor') {
        const one = (pa & ~pb) | (qa & ~qb);
        const zero = ~pa & ~pb & ~qa & ~qb;
        ra = ~zero;
        rb = ~zero & ~one;
      } else {
        const conflict = (pa ^ qa) | (pb ^ qb);
        ra = pa | conflict;
        rb = pb | conflict;
      }
      a[i] = (both & ra) | (pz & qa) | (qz & ~pz & pa);
      b[i] = (both & rb) | (pz & qb) | (qz & ~pz & pb);
    }
  }
  if (kind === 'tri0' || kind === 'tri1') {
    for (let i = 0; i < a.length; i++) {
      const z = b[i]! & ~a[i]!;
      b[i] = b[i]! & ~z;
      if (kind === 'tri1') a[i] = a[i]! | z;
    }
  }
  return { width: first.width, a, b };
}
