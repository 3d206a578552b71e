import { type ClockNetwork, pick } from './clock-network.ts';
import type { Delays } from './delays.ts';
import { type CellTiming, type EdgeArc, FALL, RISE, ROLE } from './edge-arcs.ts';
import type { Exceptions } from './exceptions.ts';
import type { TimingGraph } from './graph.ts';
import { type Loads, wireDelay } from './loads.ts';
import { Tags } from './tags.ts';
import type { Clock } from './types.ts';

/** Why a vertex may be behind something that is not timed; bits of `Arrivals.taint`. */
export const TAINT = { latch: 1, loop: 2, unread: 4 } as const;

/** `Arrivals.fromArc` of an entry that is not from an arc of a cell. */
export const SEED = -1;
export const WIRE = -2;

/**
 * Earliest and latest arrivals at every vertex, in groups of paths: by the edge of the clock that launches them, whether they are still
 * the clock itself, and the state of their exceptions (together: a tag). An entry is such a group at a vertex; it has arrivals by edge,
 * counted from the launching edge of the clock. A vertex that a single wire without delay feeds shares its driver's entries.
 */
export interface Arrivals {
  entryStart: Int32Array;
  entryCount: Int32Array;
  tagOf: Int32Array;
  /** The vertex an entry was made for. */
  owner: Int32Array;
  /** By entry and edge; -Infinity and Infinity where nothing arrives. */
  late: Float64Array;
  early: Float64Array;
  /** The arc that brought the latest and the earliest (number among all edge arcs, SEED or WIRE), and the entry before it. */
  lateArc: Int32Array;
  lateEntry: Int32Array;
  earlyArc: Int32Array;
  earlyEntry: Int32Array;
  tags: Tags;
  taint: Uint8Array;
  /** Vertex at which the taint began. */
  taintBy: Int32Array;
  /** Source latency of generated clocks, by clock: rise and fall, late and early. */
  insertion: Map<number, { late: [number, number]; early: [number, number] }>;
}

/** What starts at a port: arrivals of one clock edge, or of none. */
export interface InputSeed {
  clock: number;
  clockEdge: number;
  /** Rise, fall; NaN: nothing of that edge. */
  late: [number, number];
  early: [number, number];
}

/** Delay from the edge of an ideal clock to registers; for a propagated one to its source only. */
export function latency(clock: Clock, edge: number, late: boolean): number {
  return pick(clock.sourceLatencyNs, edge, late) + (clock.propagated ? 0 : pick(clock.networkLatencyNs, edge, late));
}

export function propagateArrivals(
  graph: TimingGraph,
  loads: Loads,
  delays: Delays,
  network: ClockNetwork,
  exceptions: Exceptions,
  seeds: ReadonlyMap<number, InputSeed[]>,
  disabled: Uint8Array,
  constant: Uint8Array,
): Arrivals {
  return new Propagation(graph, loads, delays, network, exceptions, seeds, disabled, constant).run();
}

class Propagation {
  readonly #graph: TimingGraph;
  readonly #loads: Loads;
  readonly #delays: Delays;
  readonly #network: ClockNetwork;
  readonly #exceptions: Exceptions;
  readonly #seeds: ReadonlyMap<number, InputSeed[]>;
  readonly #disabled: Uint8Array;
  readonly #constant: Uint8Array;
  readonly #out: Arrivals;
  #used = 0;
  #capacity: number;
  /** Of tags of clocks: the tag of what they launch, while no exception asks where. */
  readonly #launched: number[] = [];

  constructor(
    graph: TimingGraph,
    loads: Loads,
    delays: Delays,
    network: ClockNetwork,
    exceptions: Exceptions,
    seeds: ReadonlyMap<number, InputSeed[]>,
    disabled: Uint8Array,
    constant: Uint8Array,
  ) {
    this.#graph = graph;
    this.#loads = loads;
    this.#delays = delays;
    this.#network = network;
    this.#exceptions = exceptions;
    this.#seeds = seeds;
    this.#disabled = disabled;
    this.#constant = constant;
    this.#capacity = graph.vertices + 64;
    const n = this.#capacity;
    this.#out = {
      entryStart: new Int32Array(graph.vertices),
      entryCount: new Int32Array(graph.vertices),
      tagOf: new Int32Array(n),
      owner: new Int32Array(n),
      late: new Float64Array(2 * n),
      early: new Float64Array(2 * n),
      lateArc: new Int32Array(2 * n),
      lateEntry: new Int32Array(2 * n),
      earlyArc: new Int32Array(2 * n),
      earlyEntry: new Int32Array(2 * n),
      tags: new Tags(network.clocks.length),
      taint: new Uint8Array(graph.vertices),
      taintBy: new Int32Array(graph.vertices).fill(-1),
      insertion: new Map(),
    };
  }

  run(): Arrivals {
    const { order, drives, instanceOf, broken } = this.#graph;
    const { entryStart, taint, taintBy } = this.#out;
    const { sourcesAt } = this.#network;
    for (let k = 0; k < order.length; k++) {
      const v = order[k] as number;
      entryStart[v] = this.#used;
      if (broken.has(v)) {
        taint[v] = TAINT.loop;
        taintBy[v] = v;
      }
      if (this.#constant[v] === 2) {
        if (drives[v] === 0) this.#fromWire(v);
        else if ((instanceOf[v] as number) >= 0) this.#fromCell(v, instanceOf[v] as number);
        const seeds = this.#seeds.get(v);
        if (seeds) for (const seed of seeds) this.#seed(v, seed);
      }
      const clocks = sourcesAt.get(v);
      if (clocks) this.#beginClocks(v, clocks);
    }
    return this.#out;
  }

  #fromWire(v: number): void {
    const { netOf, driverStart, drivers } = this.#graph;
    const { entryStart, entryCount, taint, taintBy } = this.#out;
    const net = netOf[v] as number;
    if (net < 0) return;
    const first = driverStart[net] as number;
    const end = driverStart[net + 1] as number;
    const plain =
      end - first === 1 &&
      this.#loads.wire === undefined &&
      !this.#exceptions.flagged(v) &&
      !this.#network.sourcesAt.has(v);
    for (let d = first; d < end; d++) {
      const from = drivers[d] as number;
      if ((taint[from] as number) > 0) this.#taint(v, taint[from] as number, taintBy[from] as number);
      const added = this.#delays.late.driverNs.get(from);
      const least = this.#delays.early.driverNs.get(from);
      if (plain && !added) {
        entryStart[v] = entryStart[from] as number;
        entryCount[v] = entryCount[from] as number;
        return;
      }
      const rise = this.#wire(v, net, RISE);
      const fall = this.#wire(v, net, FALL);
      const lateBy = [rise + (added?.[RISE] ?? 0), fall + (added?.[FALL] ?? 0)] as const;
      const earlyBy = [rise + (least?.[RISE] ?? 0), fall + (least?.[FALL] ?? 0)] as const;
      const last = (entryStart[from] as number) + (entryCount[from] as number);
      for (let e = entryStart[from] as number; e < last; e++) {
        const tag = this.#out.tagOf[e] as number;
        this.#merge(v, this.#after(tag, v, RISE), RISE, WIRE, e, RISE, lateBy[RISE], earlyBy[RISE]);
        this.#merge(v, this.#after(tag, v, FALL), FALL, WIRE, e, FALL, lateBy[FALL], earlyBy[FALL]);
      }
    }
  }

  #wire(v: number, net: number, edge: number): number {
    if (!this.#loads.wire) return 0;
    const instance = this.#graph.instanceOf[v] as number;
    const pin = this.#graph.design.instances[instance]?.cell.pins[v - (this.#graph.pinBase[instance] as number)];
    return wireDelay(this.#loads, net, (edge === RISE ? pin?.riseCapacitancePf : pin?.fallCapacitancePf) ?? 0);
  }

  #fromCell(v: number, instance: number): void {
    const { pinBase, timing, arcBase, broken } = this.#graph;
    const { entryStart, entryCount, tagOf, tags, taint, taintBy } = this.#out;
    const of = timing[instance] as CellTiming;
    const base = pinBase[instance] as number;
    const first = arcBase[instance] as number;
    const begin = of.start[v - base] as number;
    const end = of.start[v - base + 1] as number;
    if (of.untimed) {
      this.#taint(v, of.untimed === 'latch' ? TAINT.latch : TAINT.unread, v);
      return;
    }
    const cut = broken.get(v);
    const flagged = this.#exceptions.flagged(v);
    const { late: lateSide, early: earlySide } = this.#delays;
    for (let a = begin; a < end; a++) {
      const arc = of.arcs[a] as EdgeArc;
      if (arc.role === ROLE.cut || this.#disabled[first + a] === 1) continue;
      const from = base + arc.fromPin;
      if (cut?.has(from)) continue;
      if ((taint[from] as number) > 0) this.#taint(v, taint[from] as number, taintBy[from] as number);
      const lateBy = lateSide.arcNs[first + a] as number;
      const earlyBy = earlySide.arcNs[first + a] as number;
      const firstEntry = entryStart[from] as number;
      const last = firstEntry + (entryCount[from] as number);
      if (arc.role === ROLE.gate) {
        for (let e = firstEntry; e < last; e++) {
          const tag = tagOf[e] as number;
          const next = flagged ? this.#after(tag, v, arc.toEdge) : tag;
          this.#merge(v, next, arc.toEdge, first + a, e, arc.fromEdge, lateBy, earlyBy);
        }
        continue;
      }
      let clocked = false;
      for (let e = firstEntry; e < last; e++) {
        const tag = tagOf[e] as number;
        if (!tags.isClock[tag]) continue;
        clocked = true;
        this.#launch(v, from, tag, e, arc, first + a, lateBy, earlyBy);
      }
      if (!clocked) this.#launchUnclocked(v, from, arc, first + a, lateBy, earlyBy);
    }
  }

  #launch(
    v: number,
    from: number,
    tag: number,
    entry: number,
    arc: EdgeArc,
    number: number,
    lateBy: number,
    earlyBy: number,
  ): void {
    const { tags, late } = this.#out;
    if (late[2 * entry + arc.fromEdge] === Number.NEGATIVE_INFINITY) return;
    const clock = this.#network.clocks[tags.clock[tag] as number] as Clock;
    const edge = tags.edge[tag] as number;
    const next = this.#launchTag(tag, from, v, arc);
    if (clock.propagated) {
      this.#merge(v, next, arc.toEdge, number, entry, arc.fromEdge, lateBy, earlyBy);
      return;
    }
    const own = this.#out.insertion.get(tags.clock[tag] as number);
    const lateNs = latency(clock, edge, true) + (own?.late[edge] ?? 0) + lateBy;
    const earlyNs = latency(clock, edge, false) + (own?.early[edge] ?? 0) + earlyBy;
    this.#put(v, next, arc.toEdge, lateNs, earlyNs, number, entry);
  }

  #launchTag(tag: number, from: number, v: number, arc: EdgeArc): number {
    const { tags } = this.#out;
    const asked = this.#exceptions.remembers;
    if (!asked) {
      const known = this.#launched[tag];
      if (known !== undefined) return known;
    }
    const clock = tags.clock[tag] as number;
    const edge = tags.edge[tag] as number;
    let state = 0;
    if (asked) {
      state = this.#exceptions.begin([from, v], arc.fromEdge, clock, edge);
      if (this.#exceptions.flagged(from)) state = this.#exceptions.advance(state, from, arc.fromEdge);
      if (this.#exceptions.flagged(v)) state = this.#exceptions.advance(state, v, arc.toEdge);
    }
    const next = tags.number(clock, edge, false, state);
    if (!asked) this.#launched[tag] = next;
    return next;
  }

  #launchUnclocked(v: number, from: number, arc: EdgeArc, number: number, lateBy: number, earlyBy: number): void {
    let state = this.#exceptions.begin([from, v], arc.fromEdge, -1, 0);
    if (this.#exceptions.flagged(v)) state = this.#exceptions.advance(state, v, arc.toEdge);
    this.#put(v, this.#out.tags.number(-1, 0, false, state), arc.toEdge, lateBy, earlyBy, number, -1);
  }

  #seed(v: number, { clock, clockEdge, late, early }: InputSeed): void {
    for (const edge of [RISE, FALL]) {
      if (Number.isNaN(late[edge])) continue;
      let state = this.#exceptions.begin([v], edge, clock, clockEdge);
      if (this.#exceptions.flagged(v)) state = this.#exceptions.advance(state, v, edge);
      const tag = this.#out.tags.number(clock, clockEdge, false, state);
      this.#put(v, tag, edge, late[edge] as number, early[edge] as number, SEED, -1);
    }
  }

  /** A clock begins: what arrives ends here, clocks and data, and goes on as the clock. */
  #beginClocks(v: number, clocks: readonly number[]): void {
    const { entryStart, entryCount, tags } = this.#out;
    const found = clocks.map((clock) => this.#insertion(v, clock));
    const inputs: number[] = [];
    const first = entryStart[v] as number;
    for (let e = first; e < first + (entryCount[v] as number); e++) {
      if (this.#out.lateArc[2 * e] === SEED || this.#out.lateArc[2 * e + 1] === SEED) inputs.push(e);
    }
    entryStart[v] = this.#used;
    entryCount[v] = 0;
    // An input delay at a clock's port stays.
    for (const e of inputs) this.#copy(v, e);
    clocks.forEach((number, i) => {
      const clock = this.#network.clocks[number] as Clock;
      const own = found[i];
      if (own) this.#out.insertion.set(number, own);
      for (const edge of [RISE, FALL]) {
        const lateNs = pick(clock.sourceLatencyNs, edge, true) + (own?.late[edge] ?? 0);
        const earlyNs = pick(clock.sourceLatencyNs, edge, false) + (own?.early[edge] ?? 0);
        this.#put(v, tags.number(number, edge, true, 0), edge, lateNs, earlyNs, SEED, -1);
      }
    });
  }

  /** What a generated clock of a propagated master has as its source latency: the master's arrival here, by edge. */
  #insertion(v: number, number: number): { late: [number, number]; early: [number, number] } | undefined {
    const { clocks } = this.#network;
    const { generated, sourceLatencyNs: given } = clocks[number] as Clock;
    if (!generated || given.maxRise !== 0 || given.maxFall !== 0 || given.minRise !== 0 || given.minFall !== 0) {
      return undefined;
    }
    const master = clocks.findIndex(({ name }) => name === generated.master);
    if (master < 0 || !clocks[master]?.propagated) return undefined;
    const { entryStart, entryCount, tagOf, tags, late, early } = this.#out;
    const first = entryStart[v] as number;
    const last = first + (entryCount[v] as number);
    const found = {
      late: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY] as [number, number],
      early: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number],
    };
    for (let e = first; e < last; e++) {
      if (tags.clock[tagOf[e] as number] !== master) continue;
      for (const edge of [RISE, FALL]) {
        found.late[edge] = Math.max(found.late[edge] as number, late[2 * e + edge] as number);
        found.early[edge] = Math.min(found.early[edge] as number, early[2 * e + edge] as number);
      }
    }
    for (const edge of [RISE, FALL]) {
      if (!Number.isFinite(found.late[edge])) {
        found.late[edge] = 0;
        found.early[edge] = 0;
      }
    }
    return found;
  }

  #taint(v: number, bits: number, by: number): void {
    const { taint, taintBy } = this.#out;
    taint[v] = (taint[v] as number) | bits;
    if (taintBy[v] === -1) taintBy[v] = by;
  }

  /** The tag after a vertex. */
  #after(tag: number, v: number, edge: number): number {
    const { tags } = this.#out;
    const state = tags.state[tag] as number;
    if (state === 0 || !this.#exceptions.flagged(v)) return tag;
    const next = this.#exceptions.advance(state, v, edge);
    return next === state
      ? tag
      : tags.number(tags.clock[tag] as number, tags.edge[tag] as number, tags.isClock[tag] as boolean, next);
  }

  #copy(v: number, e: number): void {
    const { tagOf, late, early, lateArc, lateEntry, earlyArc, earlyEntry } = this.#out;
    const slot = this.#slot(v, tagOf[e] as number);
    const out = this.#out;
    for (const edge of [RISE, FALL]) {
      out.late[2 * slot + edge] = late[2 * e + edge] as number;
      out.early[2 * slot + edge] = early[2 * e + edge] as number;
      out.lateArc[2 * slot + edge] = lateArc[2 * e + edge] as number;
      out.lateEntry[2 * slot + edge] = lateEntry[2 * e + edge] as number;
      out.earlyArc[2 * slot + edge] = earlyArc[2 * e + edge] as number;
      out.earlyEntry[2 * slot + edge] = earlyEntry[2 * e + edge] as number;
    }
  }

  #merge(
    v: number,
    tag: number,
    toEdge: number,
    arc: number,
    entry: number,
    fromEdge: number,
    lateBy: number,
    earlyBy: number,
  ): void {
    const { late, early } = this.#out;
    const latest = late[2 * entry + fromEdge] as number;
    if (latest === Number.NEGATIVE_INFINITY) return;
    this.#put(v, tag, toEdge, latest + lateBy, (early[2 * entry + fromEdge] as number) + earlyBy, arc, entry);
  }

  #put(v: number, tag: number, edge: number, lateNs: number, earlyNs: number, arc: number, entry: number): void {
    const at = 2 * this.#slot(v, tag) + edge;
    const out = this.#out;
    if (lateNs > (out.late[at] as number)) {
      out.late[at] = lateNs;
      out.lateArc[at] = arc;
      out.lateEntry[at] = entry;
    }
    if (earlyNs < (out.early[at] as number)) {
      out.early[at] = earlyNs;
      out.earlyArc[at] = arc;
      out.earlyEntry[at] = entry;
    }
  }

  /** The vertex's entry of a tag, made when it has none. */
  #slot(v: number, tag: number): number {
    const out = this.#out;
    const first = out.entryStart[v] as number;
    const last = first + (out.entryCount[v] as number);
    for (let e = first; e < last; e++) if (out.tagOf[e] === tag) return e;
    if (this.#used === this.#capacity) this.#grow();
    const slot = this.#used++;
    out.entryCount[v] = (out.entryCount[v] as number) + 1;
    out.tagOf[slot] = tag;
    out.owner[slot] = v;
    out.late[2 * slot] = Number.NEGATIVE_INFINITY;
    out.late[2 * slot + 1] = Number.NEGATIVE_INFINITY;
    out.early[2 * slot] = Number.POSITIVE_INFINITY;
    out.early[2 * slot + 1] = Number.POSITIVE_INFINITY;
    return slot;
  }

  #grow(): void {
    const out = this.#out;
    this.#capacity *= 2;
    const n = this.#capacity;
    out.tagOf = grownInts(out.tagOf, n);
    out.owner = grownInts(out.owner, n);
    out.late = grownFloats(out.late, 2 * n);
    out.early = grownFloats(out.early, 2 * n);
    out.lateArc = grownInts(out.lateArc, 2 * n);
    out.lateEntry = grownInts(out.lateEntry, 2 * n);
    out.earlyArc = grownInts(out.earlyArc, 2 * n);
    out.earlyEntry = grownInts(out.earlyEntry, 2 * n);
  }
}

function grownInts(from: Int32Array, length: number): Int32Array {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}

function grownFloats(from: Float64Array, length: number): Float64Array {
  const to = new Float64Array(length);
  to.set(from);
  return to;
}
