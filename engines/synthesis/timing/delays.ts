import { lookupDelay } from '../liberty/table.ts';
import type { Library, Table } from '../liberty/types.ts';
import { type ClockNetwork, idealSlew, isIdeal, pick } from './clock-network.ts';
import { type CellTiming, cellTiming, type EdgeArc, FALL, RISE, ROLE } from './edge-arcs.ts';
import type { TimingGraph } from './graph.ts';
import type { Loads } from './loads.ts';
import type { Constraints, TimingOptions } from './types.ts';

/** Delays and slews of one side. */
export interface SideDelays {
  /** Of each edge arc of each instance (`TimingGraph.arcBase`), in ns; NaN where it was not computed. */
  arcNs: Float64Array;
  /** By vertex, rise then fall. */
  slewNs: Float64Array;
  /** Added at an input port by its driving cell, beyond that cell's delay without a load; by vertex and edge. */
  driverNs: Map<number, [number, number]>;
}

export interface Delays {
  late: SideDelays;
  early: SideDelays;
  /** Late lookups outside of the tables: past the greatest, before the least slew or load. */
  above: number;
  below: number;
  /** Where the first one past the greatest was: vertex. */
  firstAbove: number;
  /** Driving cells that the library lacks, or that have no such arc, by port. */
  badDrivers: string[];
}

/** What delays are computed from. */
export interface DelayInputs {
  graph: TimingGraph;
  library: Library;
  loads: Loads;
  network: ClockNetwork;
  constraints: Constraints;
  options: TimingOptions;
  disabled: Uint8Array;
}

/**
 * Delays and slews of all arcs, every vertex after those it depends on, once for late paths and once for early ones. The slew of an
 * output is the worst of its arcs', also for paths along the others: late the greatest, early the least.
 */
export function computeDelays(of: DelayInputs): Delays {
  const counts = { above: 0, below: 0, firstAbove: -1 };
  const badDrivers: string[] = [];
  const late = computeSide(of, true, counts, badDrivers);
  const early = computeSide(of, false, undefined, []);
  return { late, early, ...counts, badDrivers };
}

function computeSide(
  of: DelayInputs,
  late: boolean,
  counts: { above: number; below: number; firstAbove: number } | undefined,
  badDrivers: string[],
): SideDelays {
  const { graph, loads, network, disabled } = of;
  const { order, drives, netOf, instanceOf, pinBase, timing, arcBase, broken, design } = graph;
  const arcNs = new Float64Array(arcBase[design.instances.length] as number).fill(Number.NaN);
  const slewNs = new Float64Array(2 * graph.vertices);
  const side: SideDelays = { arcNs, slewNs, driverNs: new Map() };
  const clocked = network.sourcesAt.size > 0;
  const portBase = pinBase[design.instances.length] as number;
  const none = late ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const later: number[] = [];
  for (let k = 0; k < order.length; k++) {
    const v = order[k] as number;
    const instance = instanceOf[v] as number;
    const net = netOf[v] as number;
    let up = none;
    let down = none;
    if (drives[v] === 0) {
      if (net < 0) continue;
      const end = graph.driverStart[net + 1] as number;
      for (let d = graph.driverStart[net] as number; d < end; d++) {
        const from = graph.drivers[d] as number;
        const rise = slewNs[2 * from] as number;
        const fall = slewNs[2 * from + 1] as number;
        if (late ? rise > up : rise < up) up = rise;
        if (late ? fall > down : fall < down) down = fall;
      }
      slewNs[2 * v] = up === none ? 0 : up;
      slewNs[2 * v + 1] = down === none ? 0 : down;
      continue;
    }
    const riseLoad = net >= 0 ? (loads.rise[net] as number) : 0;
    const fallLoad = net >= 0 ? (loads.fall[net] as number) : 0;
    if (instance < 0) {
      const name = design.ports[v - portBase]?.name ?? '';
      if (!inputSlew(of, side, late, v, name, [riseLoad, fallLoad])) badDrivers.push(name);
      continue;
    }
    const cell = timing[instance] as CellTiming;
    const base = pinBase[instance] as number;
    const first = arcBase[instance] as number;
    const cut = broken.get(v);
    const end = cell.start[v - base + 1] as number;
    for (let a = cell.start[v - base] as number; a < end; a++) {
      const arc = cell.arcs[a] as EdgeArc;
      const from = base + arc.fromPin;
      if (arc.role === ROLE.cut || cut?.has(from)) {
        later.push(v, instance, a);
        continue;
      }
      const slew =
        clocked && arc.role === ROLE.launch && isIdeal(network, from)
          ? idealSlew(network, from, arc.fromEdge, late)
          : (slewNs[2 * from + arc.fromEdge] as number);
      const load = arc.toEdge === RISE ? riseLoad : fallLoad;
      arcNs[first + a] = lookupDelay(arc.delay, slew, load);
      if (disabled[first + a] === 1) continue;
      if (counts) {
        const past = outside(arc.delay, slew, load);
        if (past > 0) {
          if (counts.above++ === 0) counts.firstAbove = v;
        } else if (past < 0) counts.below++;
      }
      const out = arc.slew ? lookupDelay(arc.slew, slew, load) : 0;
      if (arc.toEdge === RISE) {
        if (late ? out > up : out < up) up = out;
      } else if (late ? out > down : out < down) down = out;
    }
    slewNs[2 * v] = up === none ? 0 : up;
    slewNs[2 * v + 1] = down === none ? 0 : down;
  }
  // What no path follows: the slews before it are all known by now.
  for (let k = 0; k < later.length; k += 3) {
    const [v, instance, a] = [later[k] as number, later[k + 1] as number, later[k + 2] as number];
    const arc = timing[instance]?.arcs[a];
    if (!arc) continue;
    const net = netOf[v] as number;
    const load = net < 0 ? 0 : ((arc.toEdge === RISE ? loads.rise : loads.fall)[net] as number);
    const slew = slewNs[2 * ((pinBase[instance] as number) + arc.fromPin) + arc.fromEdge] as number;
    arcNs[(arcBase[instance] as number) + a] = lookupDelay(arc.delay, slew, load);
  }
  return side;
}

/** Returns whether the driving cell, if there is one, could be used. */
function inputSlew(
  { library, constraints, options }: DelayInputs,
  { slewNs, driverNs }: SideDelays,
  late: boolean,
  v: number,
  name: string,
  loads: [number, number],
): boolean {
  const given = constraints.inputTransitionNs[name];
  slewNs[2 * v] = given ? pick(given, RISE, late) : options.inputSlewNs;
  slewNs[2 * v + 1] = given ? pick(given, FALL, late) : options.inputSlewNs;
  const driving = constraints.drivingCells[name];
  if (!driving || given) return true;
  const cell = library.cells.get(driving.cell);
  const outputs = cell?.pins.filter(({ direction }) => direction === 'output') ?? [];
  const to = cell?.pinIndex.get(driving.pin ?? outputs[0]?.name ?? '');
  const of = cell && cellTiming(cell);
  if (!of || to === undefined) return false;
  const arcs = of.arcs.slice(of.start[to], of.start[to + 1]).filter((arc) => arc.role !== ROLE.cut);
  const from = driving.fromPin ?? arcs[0]?.arc.relatedPin;
  const added: [number, number] = [Number.NaN, Number.NaN];
  const out: [number, number] = [Number.NaN, Number.NaN];
  const worse = (a: number, b: number) => (Number.isNaN(a) ? b : late ? Math.max(a, b) : Math.min(a, b));
  for (const arc of arcs) {
    if (arc.arc.relatedPin !== from) continue;
    const slew = arc.fromEdge === RISE ? driving.inputTransitionNs.rise : driving.inputTransitionNs.fall;
    const load = loads[arc.toEdge] as number;
    const delay = lookupDelay(arc.delay, slew, load) - lookupDelay(arc.delay, slew, 0);
    added[arc.toEdge] = worse(added[arc.toEdge] as number, delay);
    if (arc.slew) out[arc.toEdge] = worse(out[arc.toEdge] as number, lookupDelay(arc.slew, slew, load));
  }
  if (Number.isNaN(added[RISE]) && Number.isNaN(added[FALL])) return false;
  slewNs[2 * v] = out[RISE] || 0;
  slewNs[2 * v + 1] = out[FALL] || 0;
  driverNs.set(v, [added[RISE] || 0, added[FALL] || 0]);
  return true;
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
