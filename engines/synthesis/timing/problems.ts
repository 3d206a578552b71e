import type { Problem } from '../../core/result.ts';
import type { Library } from '../liberty/types.ts';
import type { Arrivals } from './arrivals.ts';
import type { ClockNetwork } from './clock-network.ts';
import type { Delays } from './delays.ts';
import { ROLE } from './edge-arcs.ts';
import type { Endpoints } from './endpoints.ts';
import type { Exceptions } from './exceptions.ts';
import { type TimingGraph, type VertexNames, vertexName } from './graph.ts';
import { wireModel } from './loads.ts';
import { FARTHEST_PERIODS } from './relation.ts';
import { placeOf } from './trace.ts';
import type { Constraints, ExceptionPoints } from './types.ts';

interface Analysed {
  graph: TimingGraph;
  library: Library;
  constraints: Constraints;
  network: ClockNetwork;
  delays: Delays;
  exceptions: Exceptions;
  arrivals: Arrivals;
  endpoints: Endpoints;
  names: VertexNames;
  unknownCases: string[];
}

const SDC = 'constraints.sdc';
/** Names listed in one problem. */
const LISTED = 8;

/** What the analysis left out, took from outside of tables, or could not apply. */
export function findProblems(of: Analysed): Problem[] {
  return [...untimed(of), ...tables(of), ...unapplied(of)];
}

function untimed(of: Analysed): Problem[] {
  const { graph, endpoints, arrivals } = of;
  const found: Problem[] = [];
  const kinds = { latch: [] as number[], unread: [] as number[], empty: [] as number[] };
  graph.timing.forEach((timing, i) => {
    if (timing.untimed) kinds[timing.untimed].push(i);
    else if (
      timing.arcs.every(({ role }) => role === ROLE.cut) &&
      timing.cell.pins.some(({ direction }) => direction === 'output') &&
      timing.cell.pins.some(({ direction }) => direction === 'input')
    ) {
      kinds.empty.push(i);
    }
  });
  const behind = (bits: number) =>
    endpoints.list
      .filter(({ vertex }) => ((arrivals.taint[vertex] as number) & bits) !== 0)
      .map(({ vertex }) => vertexName(graph, vertex));
  const report = (code: string, list: number[], what: (names: string, count: number) => string, remedy: string) => {
    const [first] = list;
    if (first === undefined) return;
    const instances = list.map((i) => `${graph.design.instances[i]?.name} (${graph.timing[i]?.cell.name})`);
    found.push({
      code,
      severity: 'warning',
      what: what(listed(instances), list.length),
      where: graph.design.instances[first]?.where,
      remedy,
    });
  };
  report(
    'timing-latch',
    kinds.latch,
    (names, count) => `${count === 1 ? 'A latch is' : `${count} latches are`} not timed: ${names}. ${not(behind(1))}`,
    'Use registers instead of latches where timing matters.',
  );
  report(
    'timing-unread',
    kinds.unread,
    (names) => `Cells with parts the studio does not read are not timed: ${names}. ${not(behind(4))}`,
    'Choose a library without such cells, or mark them as not to be used.',
  );
  report(
    'timing-no-arcs',
    kinds.empty,
    (names) => `The library gives no delays for ${names}; no path goes through.`,
    'Choose a library that has the delays of these cells.',
  );
  for (const { from, to, through } of graph.loops) {
    const around = [...through].map((v) => vertexName(graph, v));
    found.push({
      code: 'timing-loop',
      severity: 'warning',
      what: `A combinational loop runs through ${listed(around)}; it is broken between ${vertexName(graph, from)} and ${vertexName(graph, to)}. ${not(behind(2))}`,
      where: through.map((v) => placeOf(graph, v)).find((place) => place !== undefined),
      remedy: 'Break the loop with a register, or by set_case_analysis.',
    });
  }
  const gated = gatedByLogic(of);
  if (gated.length > 0) {
    found.push({
      code: 'timing-gated-clock',
      severity: 'warning',
      what: `A clock is gated or chosen by plain logic at ${listed(gated.map((v) => vertexName(graph, v)))}; whether the signal there may change at that time is not checked.`,
      where: placeOf(graph, gated[0] as number),
      remedy: 'Use a clock-gate cell, or check by hand that the signal changes only while the clock holds the output.',
    });
  }
  const inout = graph.design.ports.filter(({ direction }) => direction === 'inout').map(({ name }) => name);
  if (inout.length > 0) {
    found.push({
      code: 'timing-inout',
      severity: 'warning',
      what: `Ports of both directions are timed as outputs only: ${listed(inout)}.`,
    });
  }
  return found;
}

/** Inputs with data of gates that pass a clock on. */
function gatedByLogic({ graph, network, arrivals }: Analysed): number[] {
  const found: number[] = [];
  if (network.sourcesAt.size === 0) return found;
  const { entryStart, entryCount, tagOf, tags } = arrivals;
  graph.timing.forEach(({ cell, arcs }, i) => {
    if (cell.clockGate !== undefined) return;
    const base = graph.pinBase[i] as number;
    for (const { fromPin, toPin, role } of arcs) {
      const v = base + fromPin;
      if (role !== ROLE.gate || network.setOf[base + toPin] === 0 || network.setOf[v] !== 0 || found.includes(v))
        continue;
      const first = entryStart[v] as number;
      for (let e = first; e < first + (entryCount[v] as number); e++) {
        if (tags.isClock[tagOf[e] as number]) continue;
        found.push(v);
        break;
      }
    }
  });
  return found;
}

function not(names: string[]): string {
  if (names.length === 0) return 'No endpoint is behind.';
  return `${names.length === 1 ? 'The endpoint' : `${names.length} endpoints`} behind ${names.length === 1 ? 'is' : 'are'} not timed: ${listed(names)}.`;
}

function tables({ graph, delays }: Analysed): Problem[] {
  const found: Problem[] = [];
  if (delays.above > 0) {
    found.push({
      code: 'timing-extrapolated',
      severity: 'warning',
      what: `${delays.above} delays lie past the greatest slew or load of the library's tables and are extrapolated, the first at ${vertexName(graph, delays.firstAbove)}.`,
      where: placeOf(graph, delays.firstAbove),
      remedy: 'Use a stronger driver, less load, or a buffer there.',
    });
  }
  if (delays.below > 0) {
    found.push({
      code: 'timing-extrapolated-below',
      severity: 'note',
      what: `${delays.below} delays lie before the least slew or load of the library's tables (slews of ideal clocks and inputs are 0 unless set) and are extrapolated.`,
    });
  }
  return found;
}

function unapplied({
  graph,
  library,
  constraints,
  network,
  delays,
  exceptions,
  endpoints,
  names,
  unknownCases,
}: Analysed): Problem[] {
  const found: Problem[] = [];
  const warn = (code: string, what: string, line?: number, remedy?: string) =>
    found.push({ code, severity: 'warning', what, where: { file: SDC, line }, remedy });
  for (const { clock, name } of network.missing) {
    const of = network.clocks[clock];
    warn('timing-clock-source', `The design has no ${name}, where the clock ${of?.name} begins.`, of?.line);
  }
  for (const clock of constraints.clocks) {
    if (clock.waveformNs.length !== 2) {
      warn(
        'timing-waveform',
        `The clock ${clock.name} has ${clock.waveformNs.length} edges in a period; the first two are timed.`,
        clock.line,
        'Describe it by a rising and a falling edge in a period.',
      );
    }
    const { generated } = clock;
    if (!generated) continue;
    const master = constraints.clocks.find(({ name }) => name === generated.master);
    if (!master) {
      warn(
        'timing-master',
        `The generated clock ${clock.name} has no master: there is no clock ${generated.master}.`,
        clock.line,
      );
    }
  }
  for (const pair of endpoints.incommensurate) {
    warn(
      'timing-periods',
      `The periods of ${pair} have no common multiple within ${FARTHEST_PERIODS} periods; their closest edges are taken all the same.`,
      undefined,
      'Declare them asynchronous with set_clock_groups, or give them periods that fit.',
    );
  }
  for (const name of unknownCases) warn('timing-case', `The design has no ${name} for set_case_analysis.`);
  for (const name of delays.badDrivers) {
    warn(
      'timing-driving-cell',
      `The driving cell of ${name} is not in the library, or has no such arc; its delay is left out.`,
    );
  }
  if (constraints.wireLoad !== undefined && !wireModel(library, constraints)) {
    warn('timing-wire-load', `The library has no wire-load model ${constraints.wireLoad}; the load by fanout is used.`);
  }
  for (const { index, name } of exceptions.missing) {
    const of = constraints.exceptions[index];
    warn('timing-exception', `The ${of?.kind} names ${name}, which the design does not have.`, of?.line);
  }
  const isEnd = new Set(endpoints.list.map(({ vertex }) => vertex));
  for (const exception of constraints.exceptions) {
    const notEnds = wrong(graph, names, exception.to, (v) => isEnd.has(v));
    if (notEnds.length > 0) {
      warn(
        'timing-exception-end',
        `No path ends at ${listed(notEnds)}; the ${exception.kind} does not apply there.`,
        exception.line,
        'Name a data pin of a register or an output, or use -through.',
      );
    }
    const notStarts = wrong(graph, names, exception.from, (v) => starts(graph, v));
    if (notStarts.length > 0) {
      warn(
        'timing-exception-start',
        `No path starts at ${listed(notStarts)}; the ${exception.kind} does not apply there.`,
        exception.line,
        'Name a clock pin of a register or an input, or use -through.',
      );
    }
  }
  return found;
}

/** Of the named points and instances those that have no vertex of the wanted kind. */
function wrong(
  graph: TimingGraph,
  names: VertexNames,
  points: ExceptionPoints | undefined,
  fits: (v: number) => boolean,
): string[] {
  const found: string[] = [];
  for (const point of points?.points ?? []) {
    const v = names.point(point);
    if (v !== undefined && !fits(v)) found.push(vertexName(graph, v));
  }
  for (const name of points?.instances ?? []) {
    const i = names.instance(name);
    if (i === undefined) continue;
    let any = false;
    for (let v = graph.pinBase[i] as number; v < (graph.pinBase[i + 1] as number); v++) any ||= fits(v);
    if (!any) found.push(name);
  }
  return found;
}

/** A path starts at an input, at the clock pin of a register, and at its output. */
function starts(graph: TimingGraph, v: number): boolean {
  const instance = graph.instanceOf[v] as number;
  if (instance < 0) return graph.drives[v] === 1;
  const pin = v - (graph.pinBase[instance] as number);
  return (
    graph.timing[instance]?.arcs.some(
      ({ role, fromPin, toPin }) => role === ROLE.launch && (fromPin === pin || toPin === pin),
    ) ?? false
  );
}

function listed(names: string[]): string {
  return names.length <= LISTED
    ? names.join(', ')
    : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
}
