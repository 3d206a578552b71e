import type { Place } from '../../core/result.ts';
import { NET_0, NET_1 } from '../gates/types.ts';
import { type Arrivals, latency, SEED, WIRE } from './arrivals.ts';
import type { ClockNetwork } from './clock-network.ts';
import type { Delays } from './delays.ts';
import { type CellTiming, type EdgeArc, RISE, ROLE } from './edge-arcs.ts';
import type { Candidate } from './endpoints.ts';
import { type TimingGraph, vertexName } from './graph.ts';
import type { Loads } from './loads.ts';
import { edgesOf } from './relation.ts';
import type { Clock, Edge, PathPoint, TimingPath } from './types.ts';

/** All that a path is traced in. */
export interface Traced {
  graph: TimingGraph;
  loads: Loads;
  delays: Delays;
  network: ClockNetwork;
  arrivals: Arrivals;
}

interface Hop {
  v: number;
  edge: number;
  /** Since the launching edge. */
  atNs: number;
  slewNs: number;
  step: PathPoint['step'];
}

/** The path behind a slack, point by point. Times count from time 0, at which the clocks' first periods begin. */
export function tracePath(of: Traced, found: Candidate): TimingPath {
  const { graph, arrivals, network } = of;
  const { tags, tagOf } = arrivals;
  const tag = tagOf[found.entry] as number;
  const launch = network.clocks[tags.clock[tag] as number];
  const capture = network.clocks[found.clock];
  const launchEdge = tags.edge[tag] as number;
  const { hops, clockPin, idealAt } = walk(of, found);
  const times =
    launch && capture && found.exception?.kind !== 'max-delay' && found.exception?.kind !== 'min-delay'
      ? edgesOf(launch, launchEdge, capture, found.clockEdge, found.apartNs - found.movedNs)
      : { launchNs: launch?.waveformNs[launchEdge] ?? 0, captureNs: 0 };
  const points: PathPoint[] = [];
  let clockNs = times.launchNs;
  if (launch) {
    points.push(clockPoint(launch.name, launchEdge, times.launchNs, times.launchNs, 'clock'));
    const said = idealAt ?? startLatency(of, found, launch, launchEdge);
    points.push(clockPoint(launch.name, launchEdge, said, times.launchNs + said, 'latency'));
    clockNs += said;
  }
  let before = clockNs;
  for (const hop of hops) {
    const atNs = times.launchNs + hop.atNs;
    points.push(pathPoint(of, hop, atNs - before, atNs));
    before = atNs;
  }
  const start = clockPin === undefined ? (hops[0] as Hop).v : clockPin.v;
  const arrivalNs = before;
  const required = requiredTime(found, times, launch, capture);
  const requiredNs = required[required.length - 1]?.atNs ?? null;
  return {
    check: found.kind,
    type: found.late ? 'max' : 'min',
    start: { name: vertexName(graph, start), kind: startKind(of, start, clockPin, launch) },
    end: { name: vertexName(graph, found.vertex), kind: endKind(of, found, capture) },
    launchClock: launch?.name,
    captureClock: capture?.name,
    slackNs: found.slackNs,
    arrivalNs,
    requiredNs,
    points,
    required,
  };
}

function walk({ graph, delays, network, arrivals }: Traced, found: Candidate) {
  const { owner, late, early, lateArc, earlyArc, lateEntry, earlyEntry, tagOf, tags } = arrivals;
  const { arcNs, slewNs: slews, driverNs } = found.late ? delays.late : delays.early;
  const at = found.late ? late : early;
  const arcOf = found.late ? lateArc : earlyArc;
  const entryOf = found.late ? lateEntry : earlyEntry;
  const hops: Hop[] = [];
  let v = found.vertex;
  let entry = found.entry;
  let edge = found.dataEdge;
  let clockPin: { v: number; edge: number } | undefined;
  let idealAt: number | undefined;
  for (;;) {
    const atNs = at[2 * entry + edge] as number;
    const slewNs = slews[2 * v + edge] as number;
    if (owner[entry] !== v) {
      hops.push({ v, edge, atNs, slewNs, step: 'net' });
      v = owner[entry] as number;
      continue;
    }
    const number = arcOf[2 * entry + edge] as number;
    const before = entryOf[2 * entry + edge] as number;
    if (number === SEED) {
      const isClock = tags.isClock[tagOf[entry] as number] as boolean;
      hops.push({ v, edge, atNs, slewNs, step: isClock ? 'clock' : 'input-delay' });
      break;
    }
    if (number === WIRE) {
      const from = owner[before] as number;
      hops.push({ v, edge, atNs, slewNs, step: driverNs.has(from) ? 'driver' : 'net' });
      v = from;
      entry = before;
      continue;
    }
    hops.push({ v, edge, atNs, slewNs, step: 'cell' });
    const instance = graph.instanceOf[v] as number;
    const of = graph.timing[instance] as CellTiming;
    const arc = of.arcs[number - (graph.arcBase[instance] as number)] as EdgeArc;
    const delay = arcNs[number] as number;
    v = (graph.pinBase[instance] as number) + arc.fromPin;
    edge = arc.fromEdge;
    if (arc.role === ROLE.launch) {
      clockPin = { v, edge };
      const clock = before < 0 ? undefined : network.clocks[tags.clock[tagOf[before] as number] as number];
      if (before < 0 || !clock?.propagated) {
        idealAt = atNs - delay;
        hops.push({ v, edge, atNs: idealAt, slewNs: slews[2 * v + edge] as number, step: 'net' });
        break;
      }
    }
    entry = before;
  }
  hops.reverse();
  return { hops, clockPin, idealAt };
}

/** Of a path from a port, or along a propagated clock: what lies before its first point. */
function startLatency({ arrivals }: Traced, found: Candidate, clock: Clock, edge: number): number {
  const own = arrivals.insertion.get(arrivals.tags.clock[arrivals.tagOf[found.entry] as number] as number);
  return latency(clock, edge, found.late) + ((found.late ? own?.late[edge] : own?.early[edge]) ?? 0);
}

function clockPoint(
  name: string,
  edge: number,
  delayNs: number,
  arrivalNs: number,
  step: PathPoint['step'],
): PathPoint {
  return { pin: name, net: name, edge: edgeName(edge), delayNs, arrivalNs, slewNs: 0, loadPf: 0, fanout: 0, step };
}

function pathPoint({ graph, loads }: Traced, { v, edge, slewNs, step }: Hop, delayNs: number, arrivalNs: number) {
  const instance = graph.design.instances[graph.instanceOf[v] as number];
  const net = graph.netOf[v] as number;
  const drives = graph.drives[v] === 1 && net >= 0;
  const point: PathPoint = {
    pin: vertexName(graph, v),
    cell: instance?.cell.name,
    net: net >= 0 ? (graph.design.nets[net]?.name ?? '') : net === NET_0 ? '0' : net === NET_1 ? '1' : '',
    edge: edgeName(edge),
    delayNs,
    arrivalNs,
    slewNs,
    loadPf: drives ? ((edge === RISE ? loads.rise : loads.fall)[net] as number) : 0,
    fanout: drives ? (loads.fanout[net] as number) : 0,
    step,
    where: placeOf(graph, v),
  };
  return point;
}

export function placeOf(graph: TimingGraph, v: number): Place | undefined {
  return graph.design.instances[graph.instanceOf[v] as number]?.where;
}

function edgeName(edge: number): Edge {
  return edge === RISE ? 'rise' : 'fall';
}

function startKind({ graph }: Traced, v: number, clockPin: { edge: number } | undefined, clock: Clock | undefined) {
  const by = clock ? ` clocked by ${clock.name}` : '';
  if (clockPin) return `${clockPin.edge === RISE ? 'rising' : 'falling'} edge-triggered flip-flop${by}`;
  if ((graph.instanceOf[v] as number) < 0) return `input port${by}`;
  return `clock source${clock ? ` '${clock.name}'` : ''}`;
}

function endKind({ graph }: Traced, found: Candidate, clock: Clock | undefined): string {
  const by = clock ? ` clocked by ${clock.name}` : '';
  const instance = graph.instanceOf[found.vertex] as number;
  if (instance < 0) return `output port${by}`;
  const of = graph.timing[instance] as CellTiming;
  const pin = found.vertex - (graph.pinBase[instance] as number);
  const check = of.checks.find(({ dataPin, clockPin }) => {
    return (
      dataPin === pin && (found.clockVertex < 0 || clockPin + (graph.pinBase[instance] as number) === found.clockVertex)
    );
  });
  const edge = check?.clockEdge === RISE ? 'rising' : 'falling';
  if (found.kind === 'recovery' || found.kind === 'removal') {
    return `${found.kind} check against ${edge}-edge clock${clock ? ` ${clock.name}` : ''}`;
  }
  if (of.cell.sequential?.kind === 'ff') return `${edge} edge-triggered flip-flop${by}`;
  return `${of.cell.clockGate === undefined ? of.cell.name : 'clock gate'}${by}`;
}

function requiredTime(
  found: Candidate,
  { launchNs, captureNs }: { launchNs: number; captureNs: number },
  launch: Clock | undefined,
  capture: Clock | undefined,
): TimingPath['required'] {
  const steps: TimingPath['required'] = [];
  let at = 0;
  const add = (what: string, valueNs: number) => {
    at += valueNs;
    steps.push({ what, valueNs, atNs: at });
  };
  const side = found.late ? -1 : 1;
  if (found.kind === 'max-delay' || found.kind === 'min-delay') {
    if (launch) add(`clock ${launch.name} (${edgeName(edgeOf(launch, launchNs))} edge)`, launchNs);
    add(found.kind === 'max-delay' ? 'maximum delay' : 'minimum delay', found.apartNs);
  } else if (capture) {
    add(`clock ${capture.name} (${edgeName(found.clockEdge)} edge)`, captureNs);
    if (found.movedNs !== 0) add('multicycle path', found.movedNs);
  }
  if (capture) {
    add(`clock network delay (${capture.propagated ? 'propagated' : 'ideal'})`, found.latencyNs);
    if (found.uncertaintyNs !== 0) add('clock uncertainty', side * found.uncertaintyNs);
  }
  const what =
    found.clockVertex < 0
      ? 'output external delay'
      : `library ${found.kind === 'max-delay' ? 'setup' : found.kind === 'min-delay' ? 'hold' : found.kind} time`;
  add(what, side * found.checkNs);
  return steps;
}

function edgeOf(clock: Clock, timeNs: number): number {
  return clock.waveformNs[1] === timeNs ? 1 : RISE;
}
