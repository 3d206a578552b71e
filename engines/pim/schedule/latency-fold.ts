import { Op, type OpCode, Stage } from '../program/types.ts';
import type { LatencyMachine } from './latency-machine.ts';
import type { Parts, Unit } from './latency-types.ts';
import { pointwise } from './latency-vector.ts';

/** Windows of fewer pixels are computed at once. */
const LEAST = 10;

/** What has been folded of one window in one core. */
interface Partial {
  window: number;
  core: number;
  /** Pixels to come. */
  left: number;
  /** Local address, -1 before the first pixel. */
  address: number;
}

/**
 * A sum, mean or maximum over many pixels of which each is read once (global pooling, reductions): every core folds the
 * pixels that it makes as they arise and sends what came of them, so that they neither travel nor wait one by one.
 */
export class FoldRunner {
  readonly unit: Unit;
  left: number;
  private readonly machine: LatencyMachine;
  private readonly op: OpCode;
  private readonly isMean: boolean;
  private readonly countPadding: number;
  private readonly parts: Parts;
  /** By window: parts that it is made of. */
  private readonly partsIn: Int32Array;
  /** Local address of the bias by core, -1 where it is not loaded; only sums of products have one. */
  private readonly bias: Int32Array;
  private readonly partials: Map<number, Partial>[];
  private readonly partialsLeft: Int32Array;
  private arrived: number[] = [];

  constructor(machine: LatencyMachine, unit: Unit) {
    this.machine = machine;
    this.unit = unit;
    this.left = unit.pixels;
    const { work } = unit;
    const how = work.do === 'pool' ? work.kind.method : work.do === 'reduce' ? work.how : 'sum';
    this.op = how === 'max' ? Op.VVMAX : how === 'min' ? Op.VVMIN : Op.VVADD;
    this.isMean = how === 'average' || how === 'mean';
    this.countPadding = work.do === 'pool' && work.kind.countPadding ? work.kind.kernel[0] * work.kind.kernel[1] : 0;
    const { from } = unit.operands[0]!;
    this.parts = work.do === 'scatter' ? work.parts : partsOf(windowOfPixels(unit)!);
    this.partsIn = new Int32Array(unit.pixels);
    this.bias = new Int32Array(machine.heaps.length).fill(-1);
    this.partials = Array.from({ length: unit.pixels }, () => new Map());
    for (let pixel = 0; pixel < from.pixels; pixel++) {
      const core = from.home[pixel]!;
      for (let at = this.parts.start[pixel]!; at < this.parts.start[pixel + 1]!; at++) {
        const window = this.parts.window[at]!;
        this.partsIn[window]!++;
        const partial = this.partials[window]!.get(core);
        if (partial) partial.left++;
        else this.partials[window]!.set(core, { window, core, left: 1, address: -1 });
      }
    }
    this.partialsLeft = Int32Array.from(this.partials, (partials) => partials.size);
  }

  countUses(): void {
    const { store, from } = this.unit.operands[0]!;
    for (let pixel = 0; pixel < from.pixels; pixel++) {
      const parts = this.parts.start[pixel + 1]! - this.parts.start[pixel]!;
      if (parts === 0) continue;
      const uses = store.uses[store.slot(from.home[pixel]!, 0, from.channels)]!;
      uses[pixel] = uses[pixel]! + parts;
    }
  }

  arrive(pixel: number): void {
    this.arrived.push(pixel);
  }

  /** Folds what has arrived; calls with each window that is finished. */
  fold(made: (window: number, core: number, address: number) => void): void {
    const arrived = this.arrived.sort((a, b) => a - b);
    this.arrived = [];
    for (const pixel of arrived) {
      const core = this.unit.operands[0]!.from.home[pixel]!;
      for (let at = this.parts.start[pixel]!; at < this.parts.start[pixel + 1]!; at++) {
        const window = this.parts.window[at]!;
        const partial = this.partials[window]!.get(core)!;
        this.take(partial, pixel, this.parts.from[at]!);
        if (partial.left > 0) continue;
        this.partialsLeft[window]!--;
        if (this.partialsLeft[window] === 0) this.finish(window, made);
      }
    }
  }

  private take(partial: Partial, pixel: number, channel: number): void {
    const { machine, unit } = this;
    const { core, window } = partial;
    const { store } = unit.operands[0]!;
    const slot = store.slotOf[core]!;
    const from = store.address[slot]![pixel]! - store.low[slot]! + channel;
    const n = unit.channels;
    if (partial.address < 0) {
      partial.address = machine.heaps[core]!.allocate(n);
      machine.copy(core, Stage.POST, unit.layer, partial.address, from, n, false);
    } else machine.vector(core, this.op, Stage.POST, unit.layer, window, partial.address, partial.address, from, n);
    partial.left--;
    machine.used(store, slot, pixel);
  }

  private finish(window: number, made: (window: number, core: number, address: number) => void): void {
    const { machine, unit } = this;
    const n = unit.channels;
    const home = unit.home[window]!;
    const at = { core: home, layer: unit.layer };
    const own = this.partials[window]!.get(home)!;
    for (const { core, address } of [...this.partials[window]!.values()].sort((a, b) => a.core - b.core)) {
      if (core === home) continue;
      const received = machine.heaps[home]!.allocate(n);
      machine.transfer(Stage.POST, { core, layer: unit.layer }, at, window, received, address, n);
      machine.vector(home, this.op, Stage.POST, unit.layer, window, own.address, own.address, received, n);
      machine.heaps[home]!.free(received, n);
      machine.heaps[core]!.free(address, n);
    }
    const out = own.address;
    if (this.isMean) {
      const factor = 1 / (this.countPadding || this.partsIn[window]!);
      machine.vector(home, Op.VMULI, Stage.POST, unit.layer, window, out, out, -1, n, factor);
    }
    if (unit.work.do === 'scatter') this.addBias(window, home, out);
    if (unit.activation) pointwise(machine, { ...at, stage: Stage.POST, window }, unit.activation, out, out, n);
    this.partials[window]!.clear();
    this.left--;
    made(window, home, out);
  }

  private addBias(window: number, core: number, out: number): void {
    const { machine, unit } = this;
    const source = machine.layout.constants[unit.layer]!;
    if (source < 0) return;
    if (this.bias[core]! < 0) {
      this.bias[core] = machine.heaps[core]!.allocate(unit.channels);
      machine.load(core, Stage.BIAS, unit.layer, this.bias[core]!, source, unit.channels);
    }
    machine.vector(core, Op.VVADD, Stage.MAIN_B, unit.layer, window, out, out, this.bias[core]!, unit.channels);
  }
}

/** Whether a unit is computed by folding: sums of scattered products, and pools and reductions over many pixels. */
export function folds(unit: Unit): boolean {
  return unit.work.do === 'scatter' || foldsPixels(unit);
}

/** Whether a unit is such a sum: no pixel is read by two windows, and windows read many. */
function foldsPixels(unit: Unit): boolean {
  const { work, operands } = unit;
  const isFold = work.do === 'pool' || (work.do === 'reduce' && work.across === 'pixels');
  if (!isFold || operands[0]!.from.work.do === 'source') return false;
  return operands[0]!.from.pixels >= LEAST * unit.pixels && windowOfPixels(unit) !== undefined;
}

function partsOf(windowOf: Int32Array): Parts {
  const start = new Int32Array(windowOf.length + 1);
  for (let pixel = 0; pixel < windowOf.length; pixel++)
    start[pixel + 1] = start[pixel]! + (windowOf[pixel]! < 0 ? 0 : 1);
  const kept = windowOf.filter((at) => at >= 0);
  return { start, window: kept, from: new Int32Array(kept.length) };
}

function windowOfPixels(unit: Unit): Int32Array | undefined {
  const { need, from } = unit.operands[0]!;
  const windowOf = new Int32Array(from.pixels).fill(-1);
  let shared = false;
  const read = (pixel: number, window: number) => {
    if (windowOf[pixel] !== -1) shared = true;
    windowOf[pixel] = window;
  };
  let empty = false;
  if (need.how === 'window') {
    const under = new Int32Array(need.pixels.positions);
    for (let window = 0; window < unit.pixels && !shared; window++) {
      need.pixels.pixelsOf(window, under);
      for (const pixel of under) if (pixel >= 0) read(pixel, window);
      empty ||= under.every((pixel) => pixel < 0);
    }
  } else if (need.how === 'listed') {
    for (let window = 0; window < unit.pixels; window++) {
      for (let at = need.start[window]!; at < need.start[window + 1]!; at++) read(need.pixel[at]!, window);
      empty ||= need.start[window] === need.start[window + 1];
    }
  } else return undefined;
  return shared || empty ? undefined : windowOf;
}
