import { lookupDelay } from '../liberty/table.ts';
import type { Library, Table } from '../liberty/types.ts';
import { type ClockNetwork, idealSlew, isIdeal, pick } from './clock-network.ts';
import { type CellTiming, cellTiming, FALL, RISE, ROLE } from './edge-arcs.ts';
import type { TimingGraph } from './graph.ts';
import type { Loads } from './loads.ts';
import type { Constraints, TimingOptions } from './types.ts';

export interface Delays {
  /** Of each edge arc of each instance (`TimingGraph.arcBase`), in ns; NaN where it was not computed. */
  arcNs: Float64Array;
  /** By vertex, rise then fall. */
  slewNs: Float64Array;
  /** Added at an input port by its driving cell, beyond that cell's delay without a load; by vertex and edge. */
  driverNs: Map<number, [number, number]>;
  /** Lookups outside of the tables: past the greatest, before the least slew or load. */
  above: number;
  below: number;
  /** Where the first one past the greatest was: vertex. */
  firstAbove: number;
  /** Driving cells that the library lacks, or that have no such arc, by port. */
  badDrivers: string[];
}

/**
 * Delays and slews of all arcs, every vertex after those it depends on. The slew of an output is the worst (greatest) of its arcs',
 * early and late paths have the same delays.
 */
export function computeDelays(
  graph: TimingGraph,
  library: Library,
  loads: Loads,
  network: ClockNetwork,
  constraints: Constraints,
  options: TimingOptions,
  disabled: Uint8Array,
): Delays {
  const { order, drives, netOf, instanceOf, pinBase, timing, arcBase, broken, design } = graph;
  const arcNs = new Float64Array(arcBase[design.instances.length] as number).fill(Number.NaN);
  const slewNs = new Float64Array(2 * graph.vertices);
  const delays: Delays = {
    arcNs,
    slewNs,
    driverNs: new Map(),
    above: 0,
    below: 0,
    firstAbove: -1,
    badDrivers: [],
  };
  const clocked = network.sourcesAt.size > 0;
  const portBase = pinBase[design.instances.length] as number;
  const count = (table: Table, slew: number, load: number, v: number) => {
    const past = outside(table, slew, load);
    if (past > 0) {
      if (delays.above++ === 0) delays.firstAbove = v;
    } else if (past < 0) delays.below++;
  };
  const later: number[] = [];
  for (let k = 0; k < order.length; k++) {
    const v = order[k] as number;
    const instance = instanceOf[v] as number;
    const net = netOf[v] as number;
    if (drives[v] === 0) {
      if (net < 0) continue;
      const end = graph.driverStart[net + 1] as number;
      let up = 0;
      let down = 0;
      for (let d = graph.driverStart[net] as number; d < end; d++) {
        const from = graph.drivers[d] as number;
        up = Math.max(up, slewNs[2 * from] as number);
        down = Math.max(down, slewNs[2 * from + 1] as number);
      }
      slewNs[2 * v] = up;
      slewNs[2 * v + 1] = down;
      continue;
    }
    const riseLoad = net >= 0 ? (loads.rise[net] as number) : 0;
    const fallLoad = net >= 0 ? (loads.fall[net] as number) : 0;
    if (instance < 0) {
      const name = design.ports[v - portBase]?.name ?? '';
      inputSlew(delays, v, name, [riseLoad, fallLoad], library, constraints, options);
      continue;
    }
    const of = timing[instance] as CellTiming;
    const base = pinBase[instance] as number;
    const first = arcBase[instance] as number;
    const cut = broken.get(v);
    const end = of.start[v - base + 1] as number;
    let up = 0;
    let down = 0;
    for (let a = of.start[v - base] as number; a < end; a++) {
      const arc = of.arcs[a] as CellTiming['arcs'][number];
      const from = base + arc.fromPin;
      if (arc.role === ROLE.cut || cut?.has(from)) {
        later.push(v, instance, a);
        continue;
      }
      const slew =
        clocked && arc.role === ROLE.launch && isIdeal(network, from)
          ? idealSlew(network, from, arc.fromEdge, true)
          : (slewNs[2 * from + arc.fromEdge] as number);
      const load = arc.toEdge === RISE ? riseLoad : fallLoad;
      count(arc.delay, slew, load, v);
      arcNs[first + a] = lookupDelay(arc.delay, slew, load);
      if (disabled[first + a] === 1 || !arc.slew) continue;
      const out = lookupDelay(arc.slew, slew, load);
      if (arc.toEdge === RISE) {
        if (out > up) up = out;
      } else if (out > down) down = out;
    }
    slewNs[2 * v] = up;
    slewNs[2 * v + 1] = down;
  }
  for (let k = 0; k < later.length; k += 3) {
    const [v, instance, a] = [later[k] as number, later[k + 1] as number, later[k + 2] as number];
    const arc = timing[instance]?.arcs[a];
    if (!arc) continue;
    const net = netOf[v] as number;
    const load = net < 0 ? 0 : ((arc.toEdge === RISE ? loads.rise : loads.fall)[net] as number);
    const slew = slewNs[2 * ((pinBase[instance] as number) + arc.fromPin) + arc.fromEdge] as number;
    arcNs[(arcBase[instance] as number) + a] = lookupDelay(arc.delay, slew, load);
  }
  return delays;
}

function inputSlew(
  delays: Delays,
  v: number,
  name: string,
  loads: [number, number],
  library: Library,
  { inputTransitionNs, drivingCells }: Constraints,
  options: TimingOptions,
): void {
  const { slewNs } = delays;
  const given = inputTransitionNs[name];
  slewNs[2 * v] = given ? pick(given, RISE, true) : options.inputSlewNs;
  slewNs[2 * v + 1] = given ? pick(given, FALL, true) : options.inputSlewNs;
  const driving = drivingCells[name];
  if (!driving || given) return;
  const cell = library.cells.get(driving.cell);
  const outputs = cell?.pins.filter(({ direction }) => direction === 'output') ?? [];
  const pin = driving.pin ?? outputs[0]?.name ?? '';
  const to = cell?.pinIndex.get(pin);
  const of = cell && cellTiming(cell);
  if (!of || to === undefined) {
    delays.badDrivers.push(name);
    return;
  }
  const arcs = of.arcs.slice(of.start[to], of.start[to + 1]).filter((arc) => arc.role !== ROLE.cut);
  const from = driving.fromPin ?? arcs[0]?.arc.relatedPin;
  const added: [number, number] = [0, 0];
  const out: [number, number] = [0, 0];
  let found = false;
  for (const arc of arcs) {
    if (arc.arc.relatedPin !== from) continue;
    found = true;
    const slew = arc.fromEdge === RISE ? driving.inputTransitionNs.rise : driving.inputTransitionNs.fall;
    const load = loads[arc.toEdge] as number;
    const delay = lookupDelay(arc.delay, slew, load) - lookupDelay(arc.delay, slew, 0);
    added[arc.toEdge] = Math.max(added[arc.toEdge] as number, delay);
    if (arc.slew) out[arc.toEdge] = Math.max(out[arc.toEdge] as number, lookupDelay(arc.slew, slew, load));
  }
  if (!found) {
    delays.badDrivers.push(name);
    return;
  }
  slewNs[2 * v] = out[RISE];
  slewNs[2 * v + 1] = out[FALL];
  delays.driverNs.set(v, added);
}

/** 1: past the end of an axis; -1: before its beginning; 0: within. */
function outside({ axes, variables }: Table, slew: number, load: number): number {
  let before = 0;
  for (let i = 0; i < axes.length; i++) {
    const axis = axes[i] as Float64Array;
    if (axis.length < 2) continue;
    const at = variables[i] === 'output-load' ? load : slew;
    if (at > (axis[axis.length - 1] as number)) return 1;
    if (at < (axis[0] as number)) before = -1;
  }
  return before;
}
