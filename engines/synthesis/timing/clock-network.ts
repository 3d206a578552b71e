import { type EdgeArc, RISE, ROLE } from './edge-arcs.ts';
import type { TimingGraph, VertexNames } from './graph.ts';
import type { Clock, MinMaxEdges } from './types.ts';

/** Which clocks reach which vertices through wires and logic. */
export interface ClockNetwork {
  clocks: readonly Clock[];
  /** Number of a set of clocks by vertex; 0: none. */
  setOf: Int32Array;
  sets: number[][];
  /** Clocks that begin at a vertex. */
  sourcesAt: Map<number, number[]>;
  /** Names in `Clock.sources` that the design does not have, by clock. */
  missing: { clock: number; name: string }[];
}

/** A clock ends where another one begins. */
export function clockNetwork(
  graph: TimingGraph,
  clocks: readonly Clock[],
  names: VertexNames,
  disabled: Uint8Array,
): ClockNetwork {
  const network: ClockNetwork = {
    clocks,
    setOf: new Int32Array(graph.vertices),
    sets: [[]],
    sourcesAt: new Map(),
    missing: [],
  };
  clocks.forEach((clock, i) => {
    for (const source of clock.sources) {
      const v = names.point(source);
      if (v === undefined) {
        network.missing.push({
          clock: i,
          name: source.kind === 'port' ? source.name : `${source.instance}/${source.pin}`,
        });
        continue;
      }
      network.sourcesAt.set(v, [...(network.sourcesAt.get(v) ?? []), i]);
    }
  });
  if (network.sourcesAt.size === 0) return network;
  const known = new Map<string, number>([['', 0]]);
  const intern = (members: number[]) => {
    const key = members.join(' ');
    let set = known.get(key);
    if (set === undefined) {
      set = network.sets.push(members) - 1;
      known.set(key, set);
    }
    return set;
  };
  const join = (a: number, b: number) => {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    return intern(
      [...new Set([...(network.sets[a] as number[]), ...(network.sets[b] as number[])])].sort((x, y) => x - y),
    );
  };
  const { order, drives, netOf, instanceOf, pinBase, timing, arcBase, broken } = graph;
  const { setOf } = network;
  for (let k = 0; k < order.length; k++) {
    const v = order[k] as number;
    const begins = network.sourcesAt.get(v);
    if (begins) {
      setOf[v] = intern([...begins].sort((a, b) => a - b));
      continue;
    }
    let set = 0;
    if (drives[v] === 0) {
      const net = netOf[v] as number;
      if (net < 0) continue;
      const end = graph.driverStart[net + 1] as number;
      for (let d = graph.driverStart[net] as number; d < end; d++) {
        set = join(set, setOf[graph.drivers[d] as number] as number);
      }
    } else {
      const instance = instanceOf[v] as number;
      if (instance < 0) continue;
      const of = timing[instance];
      if (!of || of.untimed) continue;
      const base = pinBase[instance] as number;
      const cut = broken.get(v);
      const end = of.start[v - base + 1] as number;
      for (let a = of.start[v - base] as number; a < end; a++) {
        const arc: EdgeArc | undefined = of.arcs[a];
        if (!arc || arc.role !== ROLE.gate) continue;
        const from = base + arc.fromPin;
        if (setOf[from] === 0 || disabled[(arcBase[instance] as number) + a] === 1 || cut?.has(from)) continue;
        set = join(set, setOf[from] as number);
      }
    }
    setOf[v] = set;
  }
  return network;
}

/** Whether an ideal clock arrives at a vertex. */
export function isIdeal(network: ClockNetwork, v: number): boolean {
  const set = network.setOf[v] as number;
  if (set === 0) return false;
  return (network.sets[set] as number[]).some((clock) => !network.clocks[clock]?.propagated);
}

/** Slew of the ideal clocks at a vertex: the greatest of them late, the least early. */
export function idealSlew(network: ClockNetwork, v: number, edge: number, late: boolean): number {
  let found = late ? 0 : Number.POSITIVE_INFINITY;
  for (const clock of network.sets[network.setOf[v] as number] as number[]) {
    const of = network.clocks[clock] as Clock;
    if (of.propagated) continue;
    const slew = pick(of.transitionNs, edge, late);
    found = late ? Math.max(found, slew) : Math.min(found, slew);
  }
  return found === Number.POSITIVE_INFINITY ? 0 : found;
}

export function pick(of: MinMaxEdges, edge: number, late: boolean): number {
  if (late) return edge === RISE ? of.maxRise : of.maxFall;
  return edge === RISE ? of.minRise : of.minFall;
}
