import type { Problem } from '../../core/result.ts';
import type { GateNetlist } from '../gates/types.ts';
import type { Constraints, TimingPoint } from '../timing/types.ts';
import { type Annotation, annotate } from './annotate.ts';
import { probabilityOf } from './bit-function.ts';
import { markClockNetwork } from './clock-network.ts';
import { type Async, type Network, networkOf, slotsRead } from './network.ts';
import { PASSES, propagate, type Slots } from './propagate.ts';
import { type ActivitySummary, type NetActivities, ORIGIN, type Recording } from './types.ts';

export interface ActivityOptions {
  mode: ActivitySummary['mode'];
  /** Changes of an input in a cycle of its clock (mode default: of every data net). */
  inputToggles: number;
  /** Share of the time that an input is 1 (mode default: every data net). */
  inputProbability: number;
  /** Mode recorded. */
  recording?: Recording;
  /** Recorded toggles are as many in a cycle of the constraints' clock as in one of the recorded clock; else as many in a ns. Default: true. */
  perCycle?: boolean;
}

type Power = Pick<Constraints, 'clocks' | 'inputDelays' | 'caseValues'>;

/**
 * What every net does: constants and clocks by the constraints, inputs as stated or recorded, all else by one rate (default), by propagation
 * (vectorless), or as recorded and by propagation from there.
 */
export function activitiesOf(design: GateNetlist, constraints: Power, options: ActivityOptions): NetActivities {
  return new Finder(design, constraints, options).run();
}

class Finder {
  private readonly network: Network;
  private readonly slots: Slots;
  private readonly origin: Uint8Array;
  private readonly problems: Problem[];
  private readonly design: GateNetlist;
  private readonly constraints: Power;
  private readonly options: ActivityOptions;

  constructor(design: GateNetlist, constraints: Power, options: ActivityOptions) {
    this.design = design;
    this.constraints = constraints;
    this.options = options;
    this.network = networkOf(design, constraints.caseValues);
    const { slots, openSlot } = this.network;
    this.slots = {
      probability: new Float64Array(slots).fill(0.5),
      toggles: new Float64Array(slots),
      fixed: new Uint8Array(slots),
      clock: new Uint8Array(slots),
      rate: new Float64Array(slots),
    };
    this.origin = new Uint8Array(slots).fill(ORIGIN.propagated);
    this.slots.fixed[openSlot] = 1;
    this.problems = [...this.network.problems];
  }

  run(): NetActivities {
    const { design, network, slots, origin, options } = this;
    const points = this.pointNets();
    this.holdCases(points);
    this.startClocks(points);
    markClockNetwork(network, slots);
    this.startRates();
    const annotation = options.mode === 'recorded' ? this.annotate() : undefined;
    this.startInputs();
    this.startUndriven();
    if (options.mode === 'default') this.oneRate();
    const left = propagate(network, slots);
    if (left > 0) {
      this.problems.push({
        code: 'power-not-settled',
        severity: 'note',
        what: `${left === 1 ? 'A loop' : `${left} loops`} of the design had not settled after ${PASSES} passes; activities in it are those of the last pass.`,
      });
    }

    const count = design.nets.length;
    let nets = 0;
    for (let net = 0; net < count; net++) {
      if (origin[net] === ORIGIN.propagated && slots.clock[net]) origin[net] = ORIGIN.clock;
      if (this.isConstant(net)) origin[net] = ORIGIN.constant;
      else nets++;
    }
    const annotated = annotation
      ? [...annotation.byNet.keys()].filter((net) => origin[net] !== ORIGIN.constant).length
      : 0;
    return {
      probability: slots.probability.slice(0, count),
      togglesPerNs: slots.toggles.slice(0, count),
      origin: origin.slice(0, count),
      clockNetwork: slots.clock.slice(0, count),
      summary: {
        mode: options.mode,
        annotatedPercent: nets > 0 ? (100 * annotated) / nets : 0,
        nets,
        annotatedNets: annotated,
        unmatched: annotation?.unmatched ?? [],
      },
      problems: this.problems,
    };
  }

  private fix(slot: number, probability: number, toggles: number, origin: number): void {
    this.slots.probability[slot] = probability;
    this.slots.toggles[slot] = toggles;
    this.slots.fixed[slot] = 1;
    this.origin[slot] = origin;
  }

  /** Nets of ports and of the pins of instances, by name ("clk", "u1/_2_/Q"). */
  private pointNets(): (name: string) => { net: number; drives: boolean } | undefined {
    const ports = new Map(
      this.design.ports.map(({ name, net, direction }) => [name, { net, drives: direction !== 'output' }]),
    );
    let instances: Map<string, GateNetlist['instances'][number]> | undefined;
    return (name) => {
      const port = ports.get(name);
      if (port) return port;
      instances ??= new Map(this.design.instances.map((instance) => [instance.name, instance]));
      const slash = name.lastIndexOf('/');
      const instance = instances.get(name.slice(0, slash));
      const at = instance?.cell.pinIndex.get(name.slice(slash + 1));
      return instance && at !== undefined
        ? { net: instance.pins[at]!, drives: instance.cell.pins[at]!.direction === 'output' }
        : undefined;
    };
  }

  /** Held ports and outputs hold their nets; held input pins are constants of their instances (see `networkOf`). */
  private holdCases(points: ReturnType<Finder['pointNets']>): void {
    for (const [name, value] of Object.entries(this.constraints.caseValues)) {
      const point = points(name);
      if (point?.drives && point.net >= 0) this.fix(point.net, value, 0, ORIGIN.constant);
    }
  }

  private startClocks(points: ReturnType<Finder['pointNets']>): void {
    const { slots } = this;
    for (const { name, periodNs, waveformNs, sources } of this.constraints.clocks) {
      if (!(periodNs > 0)) continue;
      for (const source of sources) {
        const net = points(pointName(source))?.net ?? -1;
        if (net < 0 || (slots.fixed[net] && this.origin[net] === ORIGIN.constant)) continue;
        const rate = 1 / periodNs;
        if (slots.clock[net]) {
          this.problems.push({
            code: 'power-several-clocks',
            severity: 'note',
            what: `Several clocks enter at '${pointName(source)}'; power counts the fastest, and '${name}' is one of them.`,
          });
          if (slots.rate[net]! >= rate) continue;
        }
        let high = 0;
        for (let i = 0; i + 1 < waveformNs.length; i += 2) high += waveformNs[i + 1]! - waveformNs[i]!;
        const edges = waveformNs.length > 0 ? waveformNs.length : 2;
        this.fix(net, waveformNs.length > 0 ? high / periodNs : 0.5, edges / periodNs, ORIGIN.clock);
        slots.clock[net] = 1;
        slots.rate[net] = rate;
      }
    }
  }

  /** Cycles of the fastest clock that launches each slot: registers by their clock pins, inputs by their delays' clocks, the rest by what they read. */
  private startRates(): void {
    const { rate, clock, fixed } = this.slots;
    const { clocks, inputDelays } = this.constraints;
    const rates = new Map(
      clocks.filter(({ periodNs }) => periodNs > 0).map(({ name, periodNs }) => [name, 1 / periodNs]),
    );
    const fastest = Math.max(0, ...rates.values());
    if (fastest === 0) {
      this.problems.push({
        code: 'power-no-clock',
        severity: 'warning',
        what: 'The constraints have no clock, so nothing tells how often inputs change: only leakage is counted.',
        remedy: 'Write create_clock; a clock without a port serves a design that has none.',
      });
    }
    const given = new Map<string, number>();
    for (const { port, clock: name } of inputDelays) {
      const of = name === undefined ? undefined : rates.get(name);
      if (of !== undefined) given.set(port, Math.max(of, given.get(port) ?? 0));
    }
    for (const { name, direction, net } of this.design.ports) {
      if (direction === 'output' || net < 0 || clock[net]) continue;
      rate[net] = Math.max(rate[net]!, given.get(name) ?? fastest);
    }
    for (const { net } of this.network.unknownDrivers) if (!clock[net]) rate[net] = fastest;
    const isSource = (slot: number) => fixed[slot] && clock[slot];
    const reads = this.network.nodes.map((node) =>
      node.kind === 'flip-flop'
        ? [...node.clock.slots]
        : node.kind === 'latch'
          ? [...(node.enable?.slots ?? []), ...(node.data?.slots ?? [])]
          : node.kind === 'clock-gate'
            ? [node.clock]
            : slotsRead(node),
    );
    // Rates only grow, and there are few: this ends.
    for (let moved = true; moved; ) {
      moved = false;
      for (const [at, { out }] of this.network.nodes.entries()) {
        if (isSource(out)) continue;
        for (const slot of reads[at]!) {
          if (rate[slot]! <= rate[out]!) continue;
          rate[out] = rate[slot]!;
          moved = true;
        }
      }
    }
  }

  private annotate(): Annotation | undefined {
    const { recording } = this.options;
    if (!recording || !(recording.durationNs > 0)) {
      this.problems.push({
        code: 'power-no-recording',
        severity: 'warning',
        what: 'No activity was recorded; all of it is propagated from the inputs.',
        remedy: 'Give the design a bench, or name a SAIF file.',
      });
      return undefined;
    }
    const found = annotate(this.design, recording);
    this.problems.push(...found.problems);
    const { fixed, clock } = this.slots;
    const scale = this.scaleOf(found, recording);
    for (const [net, bit] of found.byNet) {
      if (fixed[net]) continue;
      const known = bit.highNs + bit.lowNs;
      this.fix(net, Math.min(1, bit.highNs / known), (scale * bit.toggles) / recording.durationNs, ORIGIN.recorded);
    }
    // A register whose output was recorded has that state: its other output follows.
    for (const node of this.network.nodes) {
      if (node.kind !== 'gate' || this.origin[node.out] !== ORIGIN.recorded || node.of.slots.length !== 1) continue;
      const state = node.of.slots[0]!;
      if (state <= this.network.openSlot || fixed[state] || clock[state]) continue;
      const p = this.slots.probability[node.out]!;
      this.fix(state, node.of.table[1] === 1 ? p : 1 - p, this.slots.toggles[node.out]!, ORIGIN.recorded);
    }
    return found;
  }

  /** How much faster the constraints' clock is than the recorded one. */
  private scaleOf({ byNet }: Annotation, { durationNs }: Recording): number {
    if (this.options.perCycle === false) return 1;
    const { slots, origin } = this;
    let best: { net: number; ratio: number; rate: number } | undefined;
    const ratios: number[] = [];
    for (const [net, { toggles }] of byNet) {
      if (origin[net] !== ORIGIN.clock || !slots.fixed[net] || toggles === 0) continue;
      const ratio = (slots.toggles[net]! * durationNs) / toggles;
      ratios.push(ratio);
      if (!best || slots.rate[net]! > best.rate) best = { net, ratio, rate: slots.rate[net]! };
    }
    if (!best) {
      this.problems.push({
        code: 'power-clock-not-recorded',
        severity: 'note',
        what: 'The recording does not have the clock, so its activities are taken as they are in time, whatever clock the constraints ask for.',
      });
      return 1;
    }
    const { ratio, net } = best;
    if (Math.abs(ratio - 1) > 0.02) {
      const { name } = this.design.nets[net]!;
      const wanted = 2 / slots.toggles[net]!;
      this.problems.push({
        code: 'power-recorded-clock',
        severity: 'note',
        what: `'${name}' was recorded with a period of ${short(wanted * ratio)} ns, and is ${short(wanted)} ns in the constraints: activities are scaled, so that each cycle has as many toggles as were recorded.`,
      });
    }
    if (ratios.some((one) => Math.abs(one / ratio - 1) > 0.02)) {
      this.problems.push({
        code: 'power-recorded-clocks-differ',
        severity: 'warning',
        what: 'The recorded clocks do not stand to each other as those of the constraints do; all activities are scaled by the fastest clock.',
      });
    }
    return ratio;
  }

  private startInputs(): void {
    const { fixed, rate, toggles } = this.slots;
    const { inputToggles, inputProbability } = this.options;
    const driven = (net: number) => this.network.driver[net]! >= 0;
    const released = this.releasedResets();
    for (const { direction, net } of this.design.ports) {
      if (direction === 'output' || net < 0 || fixed[net]) continue;
      // An inout port that the design drives is taken as never driven from outside.
      if (direction === 'inout' && driven(net)) continue;
      const release = released.get(net);
      if (release !== undefined) this.fix(net, release, 0, ORIGIN.default);
      else this.fix(net, inputProbability, inputToggles * rate[net]!, ORIGIN.default);
    }
    const cells = new Set<string>();
    for (const { net, cell } of this.network.unknownDrivers) {
      if (fixed[net]) continue;
      cells.add(cell);
      this.fix(net, inputProbability, inputToggles * rate[net]!, ORIGIN.default);
    }
    if (cells.size > 0) {
      this.problems.push({
        code: 'power-unknown-function',
        severity: 'warning',
        what: `What these cells do the library does not tell: ${[...cells].slice(0, 8).join(', ')}. Their outputs are given the activity of inputs.`,
      });
    }
    if ((inputProbability <= 0 || inputProbability >= 1) && inputToggles > 0 && toggles.some((rate) => rate > 0)) {
      this.problems.push({
        code: 'power-constant-input',
        severity: 'warning',
        what: `Inputs that are ${inputProbability <= 0 ? '0' : '1'} all of the time cannot toggle; their toggles are counted as stated.`,
      });
    }
  }

  /** Inputs that lead, through inverters and buffers at most, to clears and presets alone: with the value at which those are released. */
  private releasedResets(): Map<number, number> {
    const { nodes } = this.network;
    const { fixed } = this.slots;
    const readers = new Map<number, { node: number; async: boolean }[]>();
    for (const [at, node] of nodes.entries()) {
      const asynchronous: Partial<Async> = node.kind === 'flip-flop' || node.kind === 'latch' ? node.async : {};
      const resets = new Set<number>([...(asynchronous.clear?.slots ?? []), ...(asynchronous.preset?.slots ?? [])]);
      const others =
        node.kind === 'flip-flop'
          ? [...node.clock.slots, ...node.next.slots]
          : node.kind === 'latch'
            ? [...(node.enable?.slots ?? []), ...(node.data?.slots ?? [])]
            : slotsRead(node);
      for (const slot of resets) if (!others.includes(slot)) note(slot, at, true);
      for (const slot of others) note(slot, at, false);
    }
    function note(slot: number, node: number, async: boolean): void {
      const list = readers.get(slot) ?? [];
      list.push({ node, async });
      readers.set(slot, list);
    }
    const found = new Map<number, number>();
    for (const { direction, net } of this.design.ports) {
      if (direction !== 'input' || net < 0 || fixed[net]) continue;
      const chain = [{ net, inverted: false }];
      const active = [0, 0];
      let only = readers.has(net);
      for (let i = 0; i < chain.length && only; i++) {
        const { net: slot, inverted } = chain[i]!;
        for (const { node: at, async } of readers.get(slot) ?? []) {
          const node = nodes[at]!;
          if (async && (node.kind === 'flip-flop' || node.kind === 'latch')) {
            const assume = this.slots.probability.slice();
            for (const value of [0, 1] as const) {
              assume[slot] = inverted ? 1 - value : value;
              for (const of of [node.async.clear, node.async.preset]) {
                if (of?.slots.includes(slot)) active[value]! += probabilityOf(of, assume);
              }
            }
          } else if (node.kind === 'gate' && node.of.slots.length === 1 && !node.off) {
            chain.push({ net: node.out, inverted: inverted !== (node.of.table[0] === 1) });
          } else only = false;
        }
      }
      if (only && active[0] !== active[1]) found.set(net, active[0]! < active[1]! ? 0 : 1);
    }
    return found;
  }

  private startUndriven(): void {
    const { fixed } = this.slots;
    const { nets, instances, ports } = this.design;
    const read = new Set(ports.map(({ net }) => net));
    for (const { cell, pins } of instances) {
      for (const [at, { direction }] of cell.pins.entries()) if (direction !== 'output') read.add(pins[at]!);
    }
    const found: string[] = [];
    for (const [net, { name }] of nets.entries()) {
      if (fixed[net] || this.network.driver[net]! >= 0) continue;
      this.fix(net, 0.5, 0, ORIGIN.constant);
      // Mapping leaves names of signals that it did away with.
      if (read.has(net)) found.push(name);
    }
    if (found.length === 0) return;
    this.problems.push({
      code: 'power-undriven',
      severity: 'note',
      what: `Nothing drives ${found.length === 1 ? 'net' : `${found.length} nets:`} ${found.slice(0, 8).join(', ')}${found.length > 8 ? ' ...' : ''}. It is counted as never changing, 0 or 1 alike.`,
    });
  }

  /** Mode default: all data nets and states that are not constants of the design. */
  private oneRate(): void {
    const { fixed, clock, rate } = this.slots;
    const { inputToggles, inputProbability } = this.options;
    for (const { out, ...node } of this.network.nodes) {
      if (fixed[out] || clock[out] || (node.kind === 'gate' && node.of.slots.length === 0)) continue;
      this.fix(out, inputProbability, inputToggles * rate[out]!, ORIGIN.default);
    }
  }

  private isConstant(net: number): boolean {
    if (this.origin[net] === ORIGIN.constant) return true;
    const node = this.network.nodes[this.network.driver[net]!];
    return node?.kind === 'gate' && node.of.slots.length === 0;
  }
}

function pointName(point: TimingPoint): string {
  return point.kind === 'port' ? point.name : `${point.instance}/${point.pin}`;
}

function short(value: number): string {
  return String(Math.round(value * 1e4) / 1e4);
}
