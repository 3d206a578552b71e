import { lookupCheck } from '../liberty/table.ts';
import { type Arrivals, latency } from './arrivals.ts';
import { type ClockNetwork, idealSlew, isIdeal } from './clock-network.ts';
import { possible, UNKNOWN } from './constants.ts';
import type { Delays } from './delays.ts';
import { type CellTiming, type EdgeCheck, FALL, RISE } from './edge-arcs.ts';
import type { Exceptions } from './exceptions.ts';
import type { TimingGraph } from './graph.ts';
import { behind, behindClock, whyNoArrival, whyUnchecked } from './reasons.ts';
import { cutPairs, type Relation, relation } from './relation.ts';
import type { CheckKind, Clock, Constraints, PortDelay, TimingException } from './types.ts';

/** A path group that is checked at an endpoint: the worst of its side. */
export interface Candidate {
  slackNs: number;
  kind: CheckKind;
  vertex: number;
  entry: number;
  dataEdge: number;
  late: boolean;
  /** From the launching edge to the capturing edge, multicycles counted; of a max or min delay its value. */
  apartNs: number;
  /** What multicycles added to it. */
  movedNs: number;
  /** Clock that captures; -1: none. */
  clock: number;
  clockEdge: number;
  /** Entry of a propagated clock at the clock pin; -1: ideal, or of a port. */
  clockEntry: number;
  clockVertex: number;
  latencyNs: number;
  uncertaintyNs: number;
  /** Time of the library's check, or the output delay. */
  checkNs: number;
  exception?: TimingException;
}

export interface Endpoint {
  vertex: number;
  kind: CheckKind;
  setup: Candidate | null;
  hold: Candidate | null;
  /** Why there is no setup check of a path. */
  why?: string;
}

export interface Endpoints {
  list: Endpoint[];
  /** Longest arrival with its check, constrained or not. */
  criticalNs: number | null;
  /** By clock: the least period over the present one that its paths would allow; null: it captures none. */
  leastPeriod: (number | null)[];
  /** Pairs of clocks without a common period within reach. */
  incommensurate: Set<string>;
  /** Clock pins of registers, by clock. */
  registers: number[];
}

interface Data {
  v: number;
  entry: number;
  edge: number;
}

export function checkEndpoints(
  graph: TimingGraph,
  delays: Delays,
  network: ClockNetwork,
  exceptions: Exceptions,
  arrivals: Arrivals,
  constraints: Constraints,
  constant: Uint8Array,
): Endpoints {
  return new Checking(graph, delays, network, exceptions, arrivals, constraints, constant).run();
}

class Checking {
  readonly #graph: TimingGraph;
  readonly #delays: Delays;
  readonly #network: ClockNetwork;
  readonly #exceptions: Exceptions;
  readonly #arrivals: Arrivals;
  readonly #constraints: Constraints;
  readonly #constant: Uint8Array;
  readonly #relations: (Relation | undefined)[] = [];
  readonly #cut: Uint8Array;
  readonly #between = new Map<string, { setup?: number; hold?: number }>();
  readonly #out: Endpoints;

  constructor(
    graph: TimingGraph,
    delays: Delays,
    network: ClockNetwork,
    exceptions: Exceptions,
    arrivals: Arrivals,
    constraints: Constraints,
    constant: Uint8Array,
  ) {
    this.#graph = graph;
    this.#delays = delays;
    this.#network = network;
    this.#exceptions = exceptions;
    this.#arrivals = arrivals;
    this.#constraints = constraints;
    this.#constant = constant;
    this.#cut = cutPairs(constraints);
    for (const { from, to, setup, hold } of constraints.interClockUncertaintyNs) {
      const known = this.#between.get(`${from} ${to}`) ?? {};
      this.#between.set(`${from} ${to}`, { setup: setup ?? known.setup, hold: hold ?? known.hold });
    }
    this.#out = {
      list: [],
      criticalNs: null,
      leastPeriod: network.clocks.map(() => null),
      incommensurate: new Set(),
      registers: network.clocks.map(() => 0),
    };
  }

  run(): Endpoints {
    const { design, pinBase, timing } = this.#graph;
    for (let i = 0; i < design.instances.length; i++) {
      const of = timing[i] as CellTiming;
      if (of.checks.length === 0) continue;
      this.#countRegisters(i, of);
      const seen: number[] = [];
      for (const { dataPin } of of.checks) {
        if (seen.includes(dataPin)) continue;
        seen.push(dataPin);
        this.#pin(i, of, dataPin);
      }
    }
    const byPort = new Map<string, PortDelay[]>();
    for (const one of this.#constraints.outputDelays) byPort.set(one.port, [...(byPort.get(one.port) ?? []), one]);
    const base = pinBase[design.instances.length] as number;
    design.ports.forEach(({ name, direction }, i) => {
      if (direction !== 'input') this.#port(base + i, byPort.get(name) ?? []);
    });
    return this.#out;
  }

  #countRegisters(instance: number, of: CellTiming): void {
    if (of.cell.sequential?.kind !== 'ff') return;
    const pins = new Set(of.checks.map(({ clockPin }) => clockPin));
    const clocks = new Set<number>();
    for (const pin of pins) {
      const v = (this.#graph.pinBase[instance] as number) + pin;
      for (const clock of this.#network.sets[this.#network.setOf[v] as number] as number[]) clocks.add(clock);
    }
    for (const clock of clocks) this.#out.registers[clock] = (this.#out.registers[clock] as number) + 1;
  }

  #pin(instance: number, of: CellTiming, pin: number): void {
    const base = this.#graph.pinBase[instance] as number;
    const v = base + pin;
    const checks = of.checks.filter(({ dataPin }) => dataPin === pin);
    const recovery = checks.every(({ role }) => role === 'recovery' || role === 'removal');
    const endpoint: Endpoint = { vertex: v, kind: recovery ? 'recovery' : 'setup', setup: null, hold: null };
    this.#out.list.push(endpoint);
    if (of.untimed) {
      endpoint.why =
        of.untimed === 'latch'
          ? `${of.cell.name} is a latch; paths to latches are not timed.`
          : `${of.cell.name} has parts the studio does not read (${of.cell.unread.join(', ')}); it is not timed.`;
      return;
    }
    if (this.#constant[v] !== UNKNOWN) {
      endpoint.why = `It is constant ${this.#constant[v]}.`;
      return;
    }
    const tainted = behind(this.#graph, this.#arrivals, v) ?? behindClock(this.#graph, this.#arrivals, base, checks);
    if (tainted !== undefined) {
      endpoint.why = tainted;
      return;
    }
    let clocked = false;
    for (const check of checks) {
      if (!possible(check.arc.when, of.cell, base, this.#constant)) continue;
      if (this.#check(endpoint, base + check.clockPin, check)) clocked = true;
    }
    if (endpoint.setup === null)
      endpoint.why = whyUnchecked(
        this.#graph,
        this.#arrivals,
        v,
        clocked ? undefined : checks[0] && base + checks[0].clockPin,
      );
  }

  /** Returns whether a clock reaches the check. */
  #check(endpoint: Endpoint, clockVertex: number, check: EdgeCheck): boolean {
    const { entryStart, entryCount, tagOf, tags, late, early } = this.#arrivals;
    const v = endpoint.vertex;
    const setup = check.role === 'setup' || check.role === 'recovery';
    const { slewNs } = setup ? this.#delays.late : this.#delays.early;
    // What captures comes early for setup, late for hold.
    const captureSlewNs = (setup ? this.#delays.early : this.#delays.late).slewNs;
    const ideal = isIdeal(this.#network, clockVertex);
    const clockSlew = ideal
      ? idealSlew(this.#network, clockVertex, check.clockEdge, !setup)
      : (captureSlewNs[2 * clockVertex + check.clockEdge] as number);
    const firstClock = entryStart[clockVertex] as number;
    const lastClock = firstClock + (entryCount[clockVertex] as number);
    const first = entryStart[v] as number;
    const last = first + (entryCount[v] as number);
    let clocked = false;
    for (let edge = RISE; edge <= FALL; edge++) {
      const table = edge === RISE ? check.rise : check.fall;
      if (!table) continue;
      const checkNs = lookupCheck(table, clockSlew, slewNs[2 * v + edge] as number);
      for (let entry = first; entry < last; entry++) {
        const arrival = (setup ? late : early)[2 * entry + edge] as number;
        if (!Number.isFinite(arrival)) continue;
        if (setup) this.#critical(arrival + checkNs);
        const data = { v, entry, edge };
        const unlaunched = (tags.clock[tagOf[entry] as number] as number) < 0;
        if (unlaunched) this.#delayOnly(endpoint, data, setup, checkNs);
        for (let c = firstClock; c < lastClock; c++) {
          const clockTag = tagOf[c] as number;
          if (!tags.isClock[clockTag] || late[2 * c + check.clockEdge] === Number.NEGATIVE_INFINITY) continue;
          clocked = true;
          if (unlaunched) continue;
          const number = tags.clock[clockTag] as number;
          const clockEdge = tags.edge[clockTag] as number;
          const clock = this.#network.clocks[number] as Clock;
          const latencyNs = clock.propagated
            ? ((setup ? early : late)[2 * c + check.clockEdge] as number)
            : this.#idealLatency(number, clockEdge, !setup);
          this.#judge(endpoint, data, setup, check.role, checkNs, {
            number,
            edge: clockEdge,
            entry: clock.propagated ? c : -1,
            vertex: clockVertex,
            latencyNs,
          });
        }
      }
    }
    if (first === last) {
      for (let c = firstClock; c < lastClock; c++) if (tags.isClock[tagOf[c] as number]) clocked = true;
    }
    return clocked;
  }

  #idealLatency(number: number, edge: number, late: boolean): number {
    const own = this.#arrivals.insertion.get(number);
    return (
      latency(this.#network.clocks[number] as Clock, edge, late) + ((late ? own?.late[edge] : own?.early[edge]) ?? 0)
    );
  }

  #judge(
    endpoint: Endpoint,
    { v, entry, edge }: Data,
    setup: boolean,
    kind: CheckKind,
    checkNs: number,
    capture: { number: number; edge: number; entry: number; vertex: number; latencyNs: number },
  ): void {
    const { tagOf, tags, late, early } = this.#arrivals;
    const { clocks } = this.#network;
    const tag = tagOf[entry] as number;
    const launch = { clock: tags.clock[tag] as number, edge: tags.edge[tag] as number };
    if (this.#cut[launch.clock * clocks.length + capture.number] === 1) return;
    const by = { clock: capture.number, edge: capture.edge };
    const launching = clocks[launch.clock] as Clock;
    const capturing = clocks[capture.number] as Clock;
    let exception: TimingException | null = null;
    let movedNs = 0;
    let fixedNs: number | undefined;
    if (this.#exceptions.any) {
      const state = tags.state[tag] as number;
      exception = this.#exceptions.resolve(state, launch, by, v, edge, setup ? 'setup' : 'hold');
      if (exception?.kind === 'false-path') return;
      if (exception?.kind === (setup ? 'max-delay' : 'min-delay')) fixedNs = exception.value;
      else {
        const cycles = setup ? exception : this.#exceptions.resolve(state, launch, by, v, edge, 'setup');
        if (cycles?.kind === 'multicycle') {
          movedNs = (cycles.value - 1) * (cycles.start ? launching.periodNs : capturing.periodNs);
        }
        // Without -setup or -hold a multicycle is one of setup, and leaves hold at its edge.
        if (!setup && exception?.kind === 'multicycle' && !exception.setup) {
          movedNs -= exception.value * (exception.start === false ? capturing.periodNs : launching.periodNs);
        }
      }
    }
    const between = this.#between.get(`${launching.name} ${capturing.name}`);
    const uncertaintyNs = setup
      ? (between?.setup ?? capturing.uncertaintyNs.setup)
      : (between?.hold ?? capturing.uncertaintyNs.hold);
    const lies = this.#relation(launch.clock, launch.edge, capture.number, capture.edge);
    const apartNs = fixedNs ?? (setup ? lies.setupNs : lies.holdNs) + movedNs;
    const slackNs = setup
      ? apartNs + capture.latencyNs - uncertaintyNs - checkNs - (late[2 * entry + edge] as number)
      : (early[2 * entry + edge] as number) - (apartNs + capture.latencyNs + uncertaintyNs + checkNs);
    if (setup && fixedNs === undefined && apartNs > 0) {
      const least = (apartNs - slackNs) / apartNs;
      const known = this.#out.leastPeriod[capture.number] ?? Number.NEGATIVE_INFINITY;
      if (least > known) this.#out.leastPeriod[capture.number] = least;
    }
    const best = setup ? endpoint.setup : endpoint.hold;
    if (best !== null && best.slackNs <= slackNs) return;
    const found: Candidate = {
      slackNs,
      kind: fixedNs === undefined ? kind : setup ? 'max-delay' : 'min-delay',
      vertex: v,
      entry,
      dataEdge: edge,
      late: setup,
      apartNs,
      movedNs,
      clock: capture.number,
      clockEdge: capture.edge,
      clockEntry: capture.entry,
      clockVertex: capture.vertex,
      latencyNs: capture.latencyNs,
      uncertaintyNs,
      checkNs,
      exception: exception ?? undefined,
    };
    if (setup) endpoint.setup = found;
    else endpoint.hold = found;
  }

  /** A path that no clock captures, or none launches, has a slack by max_delay and min_delay only. */
  #delayOnly(endpoint: Endpoint, { v, entry, edge }: Data, setup: boolean, checkNs: number): void {
    if (!this.#exceptions.any) return;
    const { tagOf, tags, late, early } = this.#arrivals;
    const tag = tagOf[entry] as number;
    const exception = this.#exceptions.resolve(
      tags.state[tag] as number,
      { clock: tags.clock[tag] as number, edge: tags.edge[tag] as number },
      { clock: -1, edge: 0 },
      v,
      edge,
      setup ? 'setup' : 'hold',
    );
    if (exception?.kind !== (setup ? 'max-delay' : 'min-delay')) return;
    const slackNs = setup
      ? exception.value - checkNs - (late[2 * entry + edge] as number)
      : (early[2 * entry + edge] as number) - (exception.value + checkNs);
    const best = setup ? endpoint.setup : endpoint.hold;
    if (best !== null && best.slackNs <= slackNs) return;
    const found: Candidate = {
      slackNs,
      kind: exception.kind,
      vertex: v,
      entry,
      dataEdge: edge,
      late: setup,
      apartNs: exception.value,
      movedNs: 0,
      clock: -1,
      clockEdge: 0,
      clockEntry: -1,
      clockVertex: -1,
      latencyNs: 0,
      uncertaintyNs: 0,
      checkNs,
      exception,
    };
    if (setup) endpoint.setup = found;
    else endpoint.hold = found;
  }

  #port(v: number, given: PortDelay[]): void {
    const { entryStart, entryCount, tagOf, tags, late, early } = this.#arrivals;
    const endpoint: Endpoint = { vertex: v, kind: 'output', setup: null, hold: null };
    this.#out.list.push(endpoint);
    if (this.#constant[v] !== UNKNOWN) {
      endpoint.why = `It is constant ${this.#constant[v]}.`;
      return;
    }
    const tainted = behind(this.#graph, this.#arrivals, v);
    if (tainted !== undefined) {
      endpoint.why = tainted;
      return;
    }
    const first = entryStart[v] as number;
    const last = first + (entryCount[v] as number);
    for (let entry = first; entry < last; entry++) {
      const launched = tags.clock[tagOf[entry] as number] as number;
      for (let edge = RISE; edge <= FALL; edge++) {
        if (late[2 * entry + edge] === Number.NEGATIVE_INFINITY) continue;
        this.#critical(late[2 * entry + edge] as number);
        const data = { v, entry, edge };
        let captured = false;
        let outside = { max: 0, min: 0 };
        for (const { clock, clockEdge, delayNs } of given) {
          const max = edge === RISE ? delayNs.maxRise : delayNs.maxFall;
          const min = edge === RISE ? delayNs.minRise : delayNs.minFall;
          const number = this.#network.clocks.findIndex(({ name }) => name === clock);
          if (number < 0 || launched < 0) {
            outside = { max: Math.max(outside.max, max), min: Math.min(outside.min, min) };
            continue;
          }
          captured = true;
          const by = clockEdge === 'rise' ? RISE : FALL;
          const capture = { number, edge: by, entry: -1, vertex: -1, latencyNs: 0 };
          if (!Number.isNaN(max)) {
            const setupBy = { ...capture, latencyNs: this.#idealLatency(number, by, false) };
            this.#judge(endpoint, data, true, 'output', max, setupBy);
          }
          if (!Number.isNaN(min) && Number.isFinite(early[2 * entry + edge])) {
            const holdBy = { ...capture, latencyNs: this.#idealLatency(number, by, true) };
            this.#judge(endpoint, data, false, 'output', -min, holdBy);
          }
        }
        if (!captured) {
          this.#delayOnly(endpoint, data, true, outside.max);
          this.#delayOnly(endpoint, data, false, -outside.min);
        }
      }
    }
    if (endpoint.setup !== null) return;
    if (first === last) endpoint.why = whyNoArrival(this.#graph, v);
    else if (given.every(({ clock }) => clock === undefined)) endpoint.why = 'It has no output delay.';
    else endpoint.why = whyUnchecked(this.#graph, this.#arrivals, v, undefined);
  }

  #critical(ns: number): void {
    if (this.#out.criticalNs === null || ns > this.#out.criticalNs) this.#out.criticalNs = ns;
  }

  #relation(launch: number, launchEdge: number, capture: number, captureEdge: number): Relation {
    const { clocks } = this.#network;
    const key = ((launch * clocks.length + capture) * 2 + launchEdge) * 2 + captureEdge;
    let found = this.#relations[key];
    if (!found) {
      const a = clocks[launch] as Clock;
      const b = clocks[capture] as Clock;
      found = relation(a, launchEdge, b, captureEdge);
      if (found.incommensurate) this.#out.incommensurate.add(`${a.name} and ${b.name}`);
      this.#relations[key] = found;
    }
    return found;
  }
}
