import type { GateNetlist } from '../gates/types.ts';
import type { LibraryCell } from '../liberty/types.ts';
import { type CellTiming, cellTiming, ROLE } from './edge-arcs.ts';
import type { TimingPoint } from './types.ts';

/**
 * The pins of a design as vertices of a graph: first those of the instances in their order, then the ports. Edges are not stored: a
 * net's are its drivers times its loads, an instance's are those of its cell.
 */
export interface TimingGraph {
  design: GateNetlist;
  vertices: number;
  /** Vertex of the first pin of each instance; of the first port at the end. */
  pinBase: Int32Array;
  /** Instance of a vertex; -1 for ports. */
  instanceOf: Int32Array;
  netOf: Int32Array;
  /** Of each instance. */
  timing: CellTiming[];
  /** Number of the first edge arc of each instance; one more at the end. */
  arcBase: Int32Array;
  /** Vertices that drive a net, and that it feeds, net by net. */
  driverStart: Int32Array;
  drivers: Int32Array;
  loadStart: Int32Array;
  loads: Int32Array;
  /** 1: drives its net (an output pin, an input port); 0: is fed by it. */
  drives: Uint8Array;
  /** Every vertex after all those that it depends on. */
  order: Int32Array;
  loops: Loop[];
  /** Sources of a vertex that are not followed, because they close a loop. */
  broken: Map<number, Set<number>>;
}

/** A loop of logic, broken on the way from one vertex to the next. */
export interface Loop {
  from: number;
  to: number;
  /** The vertices of the loop, from `to` to `from`. */
  through: number[];
}

export function timingGraph(design: GateNetlist): TimingGraph {
  const { instances, ports, nets } = design;
  const byCell = new Map<LibraryCell, CellTiming>();
  const timing: CellTiming[] = [];
  const pinBase = new Int32Array(instances.length + 1);
  const arcBase = new Int32Array(instances.length + 1);
  let pins = 0;
  let arcs = 0;
  instances.forEach(({ cell }, i) => {
    let of = byCell.get(cell);
    if (!of) {
      of = cellTiming(cell);
      byCell.set(cell, of);
    }
    timing.push(of);
    pinBase[i] = pins;
    arcBase[i] = arcs;
    pins += cell.pins.length;
    arcs += of.arcs.length;
  });
  pinBase[instances.length] = pins;
  arcBase[instances.length] = arcs;
  const vertices = pins + ports.length;
  const instanceOf = new Int32Array(vertices).fill(-1);
  const netOf = new Int32Array(vertices);
  const drives = new Uint8Array(vertices);
  instances.forEach(({ cell, pins: connected }, i) => {
    const base = pinBase[i] as number;
    for (let pin = 0; pin < connected.length; pin++) {
      instanceOf[base + pin] = i;
      netOf[base + pin] = connected[pin] as number;
      drives[base + pin] = cell.pins[pin]?.direction === 'input' ? 0 : 1;
    }
  });
  ports.forEach(({ net, direction }, i) => {
    netOf[pins + i] = net;
    drives[pins + i] = direction === 'input' ? 1 : 0;
  });
  const [driverStart, drivers] = byNet(nets.length, netOf, drives, 1);
  const [loadStart, loads] = byNet(nets.length, netOf, drives, 0);
  const graph: TimingGraph = {
    design,
    vertices,
    pinBase,
    instanceOf,
    netOf,
    timing,
    arcBase,
    driverStart,
    drivers,
    loadStart,
    loads,
    drives,
    order: new Int32Array(vertices),
    loops: [],
    broken: new Map(),
  };
  sort(graph);
  return graph;
}

function byNet(nets: number, netOf: Int32Array, drives: Uint8Array, which: number): [Int32Array, Int32Array] {
  const start = new Int32Array(nets + 1);
  for (let v = 0; v < netOf.length; v++) {
    const net = netOf[v] as number;
    if (net >= 0 && drives[v] === which) start[net + 1] = (start[net + 1] as number) + 1;
  }
  for (let net = 0; net < nets; net++) start[net + 1] = (start[net + 1] as number) + (start[net] as number);
  const list = new Int32Array(start[nets] as number);
  const next = start.slice();
  for (let v = 0; v < netOf.length; v++) {
    const net = netOf[v] as number;
    if (net < 0 || drives[v] !== which) continue;
    const at = next[net] as number;
    list[at] = v;
    next[net] = at + 1;
  }
  return [start, list];
}

/** The n-th vertex that a vertex depends on; -1 past the last, -2 for an arc that is not followed. */
function source(graph: TimingGraph, v: number, n: number): number {
  if (graph.drives[v] === 0) {
    const net = graph.netOf[v] as number;
    if (net < 0) return -1;
    const at = (graph.driverStart[net] as number) + n;
    return at < (graph.driverStart[net + 1] as number) ? (graph.drivers[at] as number) : -1;
  }
  const instance = graph.instanceOf[v] as number;
  if (instance < 0) return -1;
  const { arcs, start } = graph.timing[instance] as CellTiming;
  const base = graph.pinBase[instance] as number;
  const at = (start[v - base] as number) + n;
  if (at >= (start[v - base + 1] as number)) return -1;
  const arc = arcs[at];
  return arc === undefined || arc.role === ROLE.cut ? -2 : base + arc.fromPin;
}

/** Orders the vertices depth first; a source that is being visited itself closes a loop. */
function sort(graph: TimingGraph): void {
  const { vertices, order } = graph;
  /** 0: not seen, 1: on the stack, 2: done. */
  const state = new Uint8Array(vertices);
  const stack = new Int32Array(vertices);
  const next = new Int32Array(vertices);
  let done = 0;
  for (let root = 0; root < vertices; root++) {
    if (state[root] !== 0) continue;
    let depth = 1;
    stack[0] = root;
    state[root] = 1;
    while (depth > 0) {
      const v = stack[depth - 1] as number;
      const from = source(graph, v, next[v] as number);
      if (from === -1) {
        state[v] = 2;
        order[done++] = v;
        depth--;
        continue;
      }
      next[v] = (next[v] as number) + 1;
      if (from === -2 || state[from] === 2) continue;
      if (state[from] === 0) {
        state[from] = 1;
        stack[depth++] = from;
        continue;
      }
      let of = graph.broken.get(v);
      if (!of) {
        of = new Set();
        graph.broken.set(v, of);
      }
      if (of.has(from)) continue;
      of.add(from);
      // The stack runs against the signals: from the loop's `from` down to `v`.
      const through: number[] = [];
      for (let at = depth - 1; at >= 0; at--) {
        through.push(stack[at] as number);
        if (stack[at] === from) break;
      }
      graph.loops.push({ from, to: v, through });
    }
  }
}

/** "u1/_12_/Y", "a[3]". */
export function vertexName(graph: TimingGraph, v: number): string {
  const instance = graph.instanceOf[v] as number;
  const { instances, ports } = graph.design;
  if (instance < 0) return ports[v - (graph.pinBase[instances.length] as number)]?.name ?? '';
  const found = instances[instance];
  return `${found?.name}/${found?.cell.pins[v - (graph.pinBase[instance] as number)]?.name}`;
}

/** Finds vertices by the names that constraints give them. */
export class VertexNames {
  readonly #graph: TimingGraph;
  readonly #instances = new Map<string, number>();
  readonly #ports = new Map<string, number>();

  constructor(graph: TimingGraph) {
    this.#graph = graph;
    graph.design.instances.forEach(({ name }, i) => {
      this.#instances.set(name, i);
    });
    const base = graph.pinBase[graph.design.instances.length] as number;
    graph.design.ports.forEach(({ name }, i) => {
      this.#ports.set(name, base + i);
    });
  }

  port(name: string): number | undefined {
    return this.#ports.get(name);
  }

  instance(name: string): number | undefined {
    return this.#instances.get(name);
  }

  pin(instance: string, pin: string): number | undefined {
    const i = this.#instances.get(instance);
    const at = i === undefined ? undefined : this.#graph.design.instances[i]?.cell.pinIndex.get(pin);
    return at === undefined || i === undefined ? undefined : (this.#graph.pinBase[i] as number) + at;
  }

  point(point: TimingPoint): number | undefined {
    return point.kind === 'port' ? this.port(point.name) : this.pin(point.instance, point.pin);
  }

  /** Of a port, or of a pin whose name ends in `/pin`. */
  name(name: string): number | undefined {
    const cut = name.lastIndexOf('/');
    return this.port(name) ?? (cut < 0 ? undefined : this.pin(name.slice(0, cut), name.slice(cut + 1)));
  }
}
