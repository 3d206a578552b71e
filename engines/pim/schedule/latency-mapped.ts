import { Op, Stage } from '../program/types.ts';
import type { AgTable, MappedLayer } from '../types.ts';
import { loadPixel } from './latency-copies.ts';
import type { LatencyMachine } from './latency-machine.ts';
import { type Segments, segmentsOf } from './latency-segments.ts';
import type { Need, Unit } from './latency-types.ts';
import { pointwise } from './latency-vector.ts';

export interface MappedOptions {
  /** Each array group keeps its buffers for the whole run (released); otherwise they are given back after each window. */
  keepBuffers: boolean;
  /** A product reads its inputs where they lie if they lie one behind the other; otherwise they are always copied. */
  direct: boolean;
}

/** One window of one replica while it is written. */
export interface WindowJob {
  runner: MappedRunner;
  replica: number;
  window: number;
  /** Local address of the result in its home core, -1 as long as it has none. */
  out: number;
  /** By shape: where the array group's inputs and its result are. */
  inputs: Int32Array;
  results: Int32Array;
  /** By shape: whether the inputs are read where they lie. */
  direct: Uint8Array;
  /** Blocks to give back at the end: core, address, elements, and so on. */
  blocks: number[];
}

/**
 * A convolution or FC layer: its replicas take windows in turn (window w belongs to replica w mod R), each the next of its
 * own in every round. Array groups of one replica that share columns are summed in each core, then in the core of the
 * first, which is the home of the pixel.
 */
export class MappedRunner {
  readonly unit: Unit;
  readonly replicas: number;
  /** Array groups of one replica. */
  readonly shapes: number;
  private readonly machine: LatencyMachine;
  private readonly options: MappedOptions;
  private readonly ags: AgTable;
  private readonly first: number;
  private readonly segments: Segments;
  private readonly positions: number;
  /** Pixels under the kernel in the window at hand. */
  private readonly under: Int32Array;
  /** By array group of the layer: the first one of its replica, core and columns; itself where it is that one. */
  private readonly lead: Int32Array;
  /** By leading array group in another core: the first of those whose columns follow each other, sent as one. */
  private readonly run: Int32Array;
  /** By first of a run: columns that are sent. */
  private readonly runColumns: Int32Array;
  /** By leading array group: nothing else of the replica computes its columns before it. */
  private readonly fresh: Uint8Array;
  private readonly keptInputs: Int32Array;
  private readonly keptResults: Int32Array;
  /** Local address of the bias by core, -1 where it is not loaded. */
  private readonly bias: Int32Array;
  /** Global address of the bias; -1: none. */
  private readonly biasFrom: number;
  private readonly next: Int32Array;
  private left: number;

  constructor(
    machine: LatencyMachine,
    unit: Unit,
    layer: MappedLayer,
    ags: AgTable,
    first: number,
    options: MappedOptions,
  ) {
    this.machine = machine;
    this.unit = unit;
    // What column parts make of an output must stand together, for which kept buffers have no place.
    this.options = layer.columnParts > 1 ? { ...options, keepBuffers: false } : options;
    this.ags = ags;
    this.first = first;
    const hasBias = unit.work.do === 'mapped' && unit.work.bias;
    this.biasFrom = hasBias ? machine.layout.constants[unit.layer]! : -1;
    this.replicas = layer.replication;
    this.shapes = layer.columnParts * layer.agsPerReplica;
    const { from, need } = unit.operands[0]!;
    this.positions = positionsOf(need, from.pixels);
    this.under = new Int32Array(this.positions);
    if (need.how === 'all') for (let pixel = 0; pixel < from.pixels; pixel++) this.under[pixel] = pixel;
    this.segments = segmentsOf(layer, ags, first, this.shapes, from.channels);
    const count = this.replicas * this.shapes;
    this.lead = new Int32Array(count);
    this.run = new Int32Array(count).fill(-1);
    this.runColumns = new Int32Array(count);
    this.fresh = new Uint8Array(count);
    for (let replica = 0; replica < this.replicas; replica++) this.planSums(replica);
    this.keptInputs = new Int32Array(this.options.keepBuffers ? count : 0).fill(-1);
    this.keptResults = new Int32Array(this.options.keepBuffers ? count : 0).fill(-1);
    this.bias = new Int32Array(machine.heaps.length).fill(-1);
    this.next = Int32Array.from({ length: this.replicas }, (_, replica) => replica);
    this.left = unit.pixels;
    for (let window = 0; window < unit.pixels; window++) {
      unit.home[window] = this.coreOf((window % this.replicas) * this.shapes);
    }
  }

  get done(): boolean {
    return this.left === 0;
  }

  /** The replica's next window, -1 when it has none left. */
  nextWindow(replica: number): number {
    const window = this.next[replica]!;
    return window < this.unit.pixels ? window : -1;
  }

  /** Counts how often each core reads each pixel, and which of its channels. */
  countUses(): void {
    const { unit, replicas, shapes, segments, positions } = this;
    const { store } = unit.operands[0]!;
    const counts = new Map<number, { counts: Int32Array; low: number; high: number }>();
    for (let replica = 0; replica < replicas; replica++) {
      counts.clear();
      for (let shape = 0; shape < shapes; shape++) {
        const core = this.coreOf(replica * shapes + shape);
        let own = counts.get(core);
        if (!own) {
          own = { counts: new Int32Array(positions), low: Number.MAX_SAFE_INTEGER, high: 0 };
          counts.set(core, own);
        }
        for (let at = segments.start[shape]!; at < segments.start[shape + 1]!; at++) {
          own.counts[segments.position[at]!]!++;
          own.low = Math.min(own.low, segments.channel[at]!);
          own.high = Math.max(own.high, segments.channel[at]! + segments.length[at]!);
        }
      }
      for (const [core, own] of counts) {
        const wide = store.keepsWhole ? own : { low: 0, high: store.from.channels };
        const uses = store.uses[store.slot(core, wide.low, wide.high)]!;
        for (let window = replica; window < unit.pixels; window += replicas) {
          this.lookUnder(window);
          for (let position = 0; position < positions; position++) {
            const pixel = this.under[position]!;
            if (pixel >= 0) uses[pixel] = uses[pixel]! + own.counts[position]!;
          }
        }
      }
    }
  }

  /** Loads the bias into a core; once only. */
  loadBias(core: number): void {
    if (this.biasFrom < 0 || this.bias[core]! >= 0) return;
    const { machine, unit } = this;
    const address = machine.heaps[core]!.allocate(unit.channels);
    this.bias[core] = address;
    machine.load(core, Stage.BIAS, unit.layer, address, this.biasFrom, unit.channels);
  }

  /** Takes the replica's next window. Its steps follow in order: prepare, multiply and sum by shape, then finish. */
  begin(replica: number): WindowJob {
    const window = this.next[replica]!;
    this.next[replica] = window + this.replicas;
    this.left--;
    return {
      runner: this,
      replica,
      window,
      out: -1,
      inputs: new Int32Array(this.shapes),
      results: new Int32Array(this.shapes),
      direct: new Uint8Array(this.shapes),
      blocks: [],
    };
  }

  /** Brings the inputs of one array group together. */
  prepare(job: WindowJob, shape: number): void {
    if (shape === 0) this.lookUnder(job.window);
    const ag = job.replica * this.shapes + shape;
    const core = this.coreOf(ag);
    const heap = this.machine.heaps[core]!;
    if (this.options.keepBuffers) {
      if (shape === 0) this.loadEverywhere();
      if (this.keptResults[ag]! < 0) this.keptResults[ag] = heap.allocate(this.columnsOf(ag));
      if (this.keptInputs[ag]! < 0) this.keptInputs[ag] = heap.allocate(this.rowsOf(ag));
      job.results[shape] = this.keptResults[ag]!;
      job.inputs[shape] = this.keptInputs[ag]!;
      if (shape === 0) job.out = job.results[0]!;
      this.copyInputs(shape, core, job.inputs[shape]!);
      return;
    }
    this.placeResult(job, shape, ag, core);
    this.loadHere(shape, core);
    const lies = this.options.direct ? this.whereItLies(shape, core) : -1;
    if (lies >= 0) {
      job.inputs[shape] = lies;
      job.direct[shape] = 1;
      return;
    }
    job.inputs[shape] = this.block(job, core, this.rowsOf(ag));
    this.copyInputs(shape, core, job.inputs[shape]!);
  }

  multiply(job: WindowJob, shape: number): void {
    const { machine, unit } = this;
    const ag = job.replica * this.shapes + shape;
    const core = this.coreOf(ag);
    const result = job.results[shape]!;
    const rows = this.rowsOf(ag);
    machine.product(core, unit.layer, job.replica, this.first + ag, job.window, result, job.inputs[shape]!, rows);
    if (job.direct[shape]) this.inputsUsed(job, shape, core);
    if (this.options.keepBuffers && shape === 0) this.addBias(job, core);
  }

  /** Adds the result of one array group to that of the first with its columns in the same core. */
  sum(job: WindowJob, shape: number): void {
    const base = job.replica * this.shapes;
    const lead = this.lead[base + shape]! - base;
    if (lead === shape) return;
    const core = this.coreOf(base + shape);
    const to = job.results[lead]!;
    const { unit } = this;
    const columns = this.columnsOf(base + shape);
    this.machine.vector(core, Op.VVADD, Stage.MAIN_A, unit.layer, job.window, to, to, job.results[shape]!, columns);
  }

  /** Sums over the cores, adds the bias, applies the activation; answers with the home core. */
  finish(job: WindowJob): number {
    const { machine, unit, options } = this;
    const base = job.replica * this.shapes;
    const home = this.coreOf(base);
    for (let shape = 1; shape < this.shapes; shape++) {
      const ag = base + shape;
      if (this.run[ag] !== ag) continue;
      this.receive(job, shape, ag, home);
    }
    if (!options.keepBuffers) this.addBias(job, home);
    if (unit.activation) {
      const at = { core: home, stage: Stage.MAIN, layer: unit.layer, window: job.window };
      pointwise(machine, at, unit.activation, job.out, job.out, unit.channels);
    }
    const { blocks } = job;
    for (let at = 0; at < blocks.length; at += 3) machine.heaps[blocks[at]!]!.free(blocks[at + 1]!, blocks[at + 2]!);
    return home;
  }

  private receive(job: WindowJob, shape: number, ag: number, home: number): void {
    const { machine, unit } = this;
    const columns = this.runColumns[ag]!;
    const to = job.out + this.ags.columnStart[this.first + ag]!;
    const from = { core: this.coreOf(ag), layer: unit.layer };
    const at = { core: home, layer: unit.layer };
    const source = job.results[shape]!;
    if (this.fresh[ag] && !this.options.keepBuffers) {
      machine.transfer(Stage.MAIN, from, at, job.window, to, source, columns);
      return;
    }
    const heap = machine.heaps[home]!;
    const received = heap.allocate(columns);
    machine.transfer(Stage.MAIN, from, at, job.window, received, source, columns);
    machine.vector(home, Op.VVADD, Stage.MAIN_C, unit.layer, job.window, to, to, received, columns);
    heap.free(received, columns);
  }

  private addBias(job: WindowJob, core: number): void {
    if (this.biasFrom < 0) return;
    this.loadBias(core);
    const { machine, unit } = this;
    const { out, window } = job;
    machine.vector(core, Op.VVADD, Stage.MAIN_B, unit.layer, window, out, out, this.bias[core]!, unit.channels);
  }

  private placeResult(job: WindowJob, shape: number, ag: number, core: number): void {
    const base = job.replica * this.shapes;
    const columnStart = this.ags.columnStart[this.first + ag]!;
    if (job.out < 0) job.out = this.machine.heaps[core]!.allocate(this.unit.channels);
    if (this.lead[ag] !== ag) job.results[shape] = this.block(job, core, this.columnsOf(ag));
    else if (core === this.coreOf(base)) job.results[shape] = job.out + columnStart;
    else if (this.run[ag] === ag) job.results[shape] = this.block(job, core, this.runColumns[ag]!);
    else {
      const first = this.run[ag]!;
      job.results[shape] = job.results[first - base]! + columnStart - this.ags.columnStart[this.first + first]!;
    }
  }

  private block(job: WindowJob, core: number, elements: number): number {
    const address = this.machine.heaps[core]!.allocate(elements);
    job.blocks.push(core, address, elements);
    return address;
  }

  /** Copies what lies under the kernel, then fills what lies in the padding. */
  private copyInputs(shape: number, core: number, into: number): void {
    const { machine, unit, segments, options } = this;
    const { store } = unit.operands[0]!;
    const slot = store.slotOf[core]!;
    const addresses = store.address[slot]!;
    const low = store.low[slot]!;
    const end = segments.start[shape + 1]!;
    let offset = 0;
    let lastChannel = -1;
    let padded = false;
    for (let at = segments.start[shape]!; at < end; at++) {
      const pixel = this.under[segments.position[at]!]!;
      const length = segments.length[at]!;
      if (pixel < 0) padded = true;
      else {
        const channel = segments.channel[at]!;
        const from = addresses[pixel]! + channel - low;
        const joins = lastChannel >= 0 && (!options.keepBuffers || channel === lastChannel);
        machine.copy(core, Stage.MAIN, unit.layer, into + offset, from, length, joins);
        lastChannel = channel;
        machine.used(store, slot, pixel);
      }
      offset += length;
    }
    if (!padded) return;
    offset = 0;
    for (let at = segments.start[shape]!; at < end; at++) {
      const length = segments.length[at]!;
      if (this.under[segments.position[at]!]! < 0)
        machine.fill(core, Stage.MAIN, unit.layer, into + offset, length, 0, true);
      offset += length;
    }
  }

  /** The address of the inputs of an array group where they lie one behind the other in memory; otherwise -1. */
  private whereItLies(shape: number, core: number): number {
    const { unit, segments } = this;
    const { store } = unit.operands[0]!;
    const slot = store.slotOf[core]!;
    const addresses = store.address[slot]!;
    const low = store.low[slot]!;
    let first = -1;
    let next = -1;
    for (let at = segments.start[shape]!; at < segments.start[shape + 1]!; at++) {
      const pixel = this.under[segments.position[at]!]!;
      if (pixel < 0) return -1;
      const address = addresses[pixel]! + segments.channel[at]! - low;
      if (first < 0) first = address;
      else if (address !== next) return -1;
      next = address + segments.length[at]!;
    }
    return first;
  }

  private inputsUsed(job: WindowJob, shape: number, core: number): void {
    const { segments } = this;
    const { store } = this.unit.operands[0]!;
    const slot = store.slotOf[core]!;
    this.lookUnder(job.window);
    for (let at = segments.start[shape]!; at < segments.start[shape + 1]!; at++)
      this.machine.used(store, slot, this.under[segments.position[at]!]!);
  }

  /** Released style: the pixels under the kernel are loaded into all cores that will ever need them. */
  private loadEverywhere(): void {
    const { store, from } = this.unit.operands[0]!;
    if (from.work.do !== 'source') return;
    for (let position = 0; position < this.positions; position++) {
      const pixel = this.under[position]!;
      if (pixel < 0) continue;
      for (let slot = 0; slot < store.cores.length; slot++)
        loadPixel(this.machine, store, slot, pixel, this.unit.layer);
    }
  }

  private loadHere(shape: number, core: number): void {
    const { store, from } = this.unit.operands[0]!;
    if (from.work.do !== 'source') return;
    const { segments } = this;
    const slot = store.slotOf[core]!;
    for (let at = segments.start[shape]!; at < segments.start[shape + 1]!; at++) {
      const pixel = this.under[segments.position[at]!]!;
      if (pixel >= 0) loadPixel(this.machine, store, slot, pixel, this.unit.layer);
    }
  }

  private lookUnder(window: number): void {
    const { need } = this.unit.operands[0]!;
    if (need.how === 'window') need.pixels.pixelsOf(window, this.under);
    else if (need.how === 'same') this.under[0] = window;
    else if (need.how === 'listed') {
      const start = need.start[window]!;
      for (let position = 0; position < this.positions; position++)
        this.under[position] = need.pixel[start + position]!;
    }
  }

  private planSums(replica: number): void {
    const { ags, first, lead, run, runColumns, fresh, shapes } = this;
    const base = replica * shapes;
    const home = this.coreOf(base);
    for (let ag = base; ag < base + shapes; ag++) {
      let leader = ag;
      let isFresh = 1;
      for (let before = base; before < ag; before++) {
        if (ags.columnStart[first + before] !== ags.columnStart[first + ag]) continue;
        isFresh = 0;
        if (leader === ag && this.coreOf(before) === this.coreOf(ag)) leader = before;
      }
      lead[ag] = leader;
      if (leader !== ag || this.coreOf(ag) === home) continue;
      fresh[ag] = isFresh;
      run[ag] = ag;
      runColumns[ag] = this.columnsOf(ag);
      for (let before = base; before < ag; before++) {
        const end = ags.columnStart[first + before]! + runColumns[before]!;
        const follows = run[before] === before && end === ags.columnStart[first + ag];
        if (!follows || fresh[before] !== isFresh || this.coreOf(before) !== this.coreOf(ag)) continue;
        run[ag] = before;
        runColumns[before] = runColumns[before]! + this.columnsOf(ag);
        break;
      }
    }
  }

  private coreOf(ag: number): number {
    return this.ags.core[this.first + ag]!;
  }

  private rowsOf(ag: number): number {
    return this.ags.rowEnd[this.first + ag]! - this.ags.rowStart[this.first + ag]!;
  }

  private columnsOf(ag: number): number {
    return this.ags.columnEnd[this.first + ag]! - this.ags.columnStart[this.first + ag]!;
  }
}

function positionsOf(need: Need, pixels: number): number {
  if (need.how === 'window') return need.pixels.positions;
  if (need.how === 'all') return pixels;
  return need.how === 'listed' ? need.start[1]! - need.start[0]! : 1;
}
