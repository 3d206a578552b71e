import type { GateNetlist } from '../gates/types.ts';
import { lookupCheck } from '../liberty/table.ts';
import type { Library, TimingArc } from '../liberty/types.ts';
import { type InputSeed, latency, propagateArrivals } from './arrivals.ts';
import { type ClockNetwork, clockNetwork, idealSlew, isIdeal } from './clock-network.ts';
import { findConstants } from './constants.ts';
import { computeDelays } from './delays.ts';
import { FALL, RISE } from './edge-arcs.ts';
import { checkEndpoints } from './endpoints.ts';
import { Exceptions } from './exceptions.ts';
import { type TimingGraph, timingGraph, VertexNames } from './graph.ts';
import { netLoads } from './loads.ts';
import { findProblems } from './problems.ts';
import { makeReport } from './report.ts';
import type { Clock, Constraints, Edge, TimingOptions, TimingReport } from './types.ts';

/** Delay of one edge through one arc of an instance. */
export interface ArcDelay {
  arc: TimingArc;
  fromPin: string;
  fromEdge: Edge;
  toPin: string;
  toEdge: Edge;
  delayNs: number;
}

/** A check of an instance with its times, for a rising and a falling data pin; null: that edge is not checked. */
export interface ArcCheck {
  arc: TimingArc;
  role: 'setup' | 'hold' | 'recovery' | 'removal';
  clockPin: string;
  clockEdge: Edge;
  dataPin: string;
  riseNs: number | null;
  fallNs: number | null;
}

export interface TimingResult {
  report: TimingReport;
  /** By net: the mean of what a rising and a falling edge load its driver with; pins, ports and wire. */
  loadsPf: Float64Array;
  loadsRisePf: Float64Array;
  loadsFallPf: Float64Array;
  /** By net at its driver; of several drivers the worst. */
  slewNs: { rise: Float64Array; fall: Float64Array };
  /** By instance pin (numbered through all instances in order, `pinBase[i] + pin`): rise at 2 n, fall at 2 n + 1. */
  pinSlewNs: Float64Array;
  pinBase: Int32Array;
  /** 0, 1, or 2 for what is not constant, by instance pin as above. */
  constants: Uint8Array;
  /** By instance pin as above, whether a clock arrives as a clock. */
  onClock: (instance: number, pin: number) => boolean;
  arcsOf: (instance: number) => ArcDelay[];
  checksOf: (instance: number) => ArcCheck[];
}

/**
 * Static timing of a mapped netlist before layout: early and late arrivals, setup, hold, recovery and removal at every endpoint.
 * Nothing throws: what constraints say of things the design lacks, what cannot be timed and what is out of the tables is in
 * `report.problems`.
 */
export function analyseTiming(
  design: GateNetlist,
  library: Library,
  constraints: Constraints,
  options: TimingOptions,
): TimingResult {
  const graph = timingGraph(design);
  const names = new VertexNames(graph);
  const { clocks } = constraints;
  const given = new Map<number, 0 | 1>();
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(constraints.caseValues)) {
    const v = names.name(name);
    if (v === undefined) unknown.push(name);
    else given.set(v, value);
  }
  const { value: constant, disabled } = findConstants(graph, given);
  const network = clockNetwork(graph, clocks, names, disabled);
  const loads = netLoads(graph, library, constraints, options);
  const delays = computeDelays({ graph, library, loads, network, constraints, options, disabled });
  const exceptions = new Exceptions(graph, names, clocks, constraints.exceptions);
  const seeds = inputSeeds(graph, network, constraints);
  const arrivals = propagateArrivals(graph, loads, delays, network, exceptions, seeds, disabled, constant);
  const endpoints = checkEndpoints(graph, delays, network, exceptions, arrivals, constraints, constant);
  const problems = findProblems({
    graph,
    library,
    constraints,
    network,
    delays,
    exceptions,
    arrivals,
    endpoints,
    names,
    unknownCases: unknown,
  });
  const traced = { graph, loads, delays, network, arrivals };
  const report = makeReport(traced, endpoints, options, problems);
  const nets = design.nets.length;
  const rise = new Float64Array(nets);
  const fall = new Float64Array(nets);
  const loadsPf = new Float64Array(nets);
  for (let net = 0; net < nets; net++) {
    loadsPf[net] = ((loads.rise[net] as number) + (loads.fall[net] as number)) / 2;
    const end = graph.driverStart[net + 1] as number;
    for (let d = graph.driverStart[net] as number; d < end; d++) {
      const v = graph.drivers[d] as number;
      rise[net] = Math.max(rise[net] as number, delays.late.slewNs[2 * v] as number);
      fall[net] = Math.max(fall[net] as number, delays.late.slewNs[2 * v + 1] as number);
    }
  }
  return {
    report,
    loadsPf,
    loadsRisePf: loads.rise,
    loadsFallPf: loads.fall,
    slewNs: { rise, fall },
    pinSlewNs: delays.late.slewNs,
    pinBase: graph.pinBase,
    constants: constant,
    onClock: (instance, pin) => network.setOf[(graph.pinBase[instance] as number) + pin] !== 0,
    arcsOf: (instance) => arcsOf(graph, delays.late.arcNs, instance),
    checksOf: (instance) => checksOf(graph, network, delays.late.slewNs, instance),
  };
}

/** What starts at the inputs: by their delays; an input with none that is no clock starts paths of no clock at 0. */
function inputSeeds(graph: TimingGraph, network: ClockNetwork, { inputDelays }: Constraints): Map<number, InputSeed[]> {
  const seeds = new Map<number, InputSeed[]>();
  const byPort = new Map<string, typeof inputDelays>();
  for (const delay of inputDelays) byPort.set(delay.port, [...(byPort.get(delay.port) ?? []), delay]);
  const base = graph.pinBase[graph.design.instances.length] as number;
  graph.design.ports.forEach(({ name, direction }, i) => {
    if (direction !== 'input') return;
    const given = byPort.get(name);
    if (!given) {
      if (!network.sourcesAt.has(base + i)) {
        seeds.set(base + i, [{ clock: -1, clockEdge: RISE, late: [0, 0], early: [0, 0] }]);
      }
      return;
    }
    const found = given.map(({ clock, clockEdge, delayNs }): InputSeed => {
      const number = network.clocks.findIndex((one) => one.name === clock);
      const edge = clockEdge === 'rise' ? RISE : FALL;
      const of = network.clocks[number] as Clock | undefined;
      const late = of ? latency(of, edge, true) : 0;
      const early = of ? latency(of, edge, false) : 0;
      return {
        clock: number,
        clockEdge: edge,
        late: [late + delayNs.maxRise, late + delayNs.maxFall],
        early: [early + delayNs.minRise, early + delayNs.minFall],
      };
    });
    seeds.set(base + i, found);
  });
  return seeds;
}

function edgeName(edge: number): Edge {
  return edge === RISE ? 'rise' : 'fall';
}

function arcsOf({ timing, arcBase }: TimingGraph, arcNs: Float64Array, instance: number): ArcDelay[] {
  const of = timing[instance];
  const base = arcBase[instance] as number;
  return (of?.arcs ?? []).map(({ arc, fromPin, fromEdge, toPin, toEdge }, i) => ({
    arc,
    fromPin: of?.cell.pins[fromPin]?.name ?? '',
    fromEdge: edgeName(fromEdge),
    toPin: of?.cell.pins[toPin]?.name ?? '',
    toEdge: edgeName(toEdge),
    delayNs: arcNs[base + i] as number,
  }));
}

function checksOf({ timing, pinBase }: TimingGraph, network: ClockNetwork, slewNs: Float64Array, instance: number) {
  const of = timing[instance];
  const base = pinBase[instance] as number;
  return (of?.checks ?? []).map(({ arc, role, clockPin, clockEdge, dataPin, rise, fall }): ArcCheck => {
    const at = base + clockPin;
    const clockSlew = isIdeal(network, at)
      ? idealSlew(network, at, clockEdge, true)
      : (slewNs[2 * at + clockEdge] as number);
    const data = 2 * (base + dataPin);
    return {
      arc,
      role,
      clockPin: of?.cell.pins[clockPin]?.name ?? '',
      clockEdge: edgeName(clockEdge),
      dataPin: of?.cell.pins[dataPin]?.name ?? '',
      riseNs: rise ? lookupCheck(rise, clockSlew, slewNs[data] as number) : null,
      fallNs: fall ? lookupCheck(fall, clockSlew, slewNs[data + 1] as number) : null,
    };
  });
}
