import type { Network } from '../../onnx/network.ts';
import { releasedUnits } from '../schedule/latency-released.ts';
import type { Operand, Unit } from '../schedule/latency-types.ts';
import { Clock, type Costs, Step } from './clock.ts';
import type { Genome } from './genome.ts';
import type { ModelSettings, ModelTimes } from './model.ts';
import type { LayerShape } from './shapes.ts';

/** What one array group of a layer copies together for a window: runs of channels of pixels. */
interface Segments {
  /** Kernel position, or (FC layers) pixel. */
  position: Int32Array;
  length: Int32Array;
  /** All of it copied, nothing of it padding, in ns. */
  copyNs: number;
}

/** Where a mapping puts a layer with weights. */
interface Placed {
  cores: readonly number[];
  replicas: number;
  /** Next window by replica; windows are dealt in turn. */
  next: Int32Array;
  /** Number of the layer's first array group in the mapping. */
  firstAg: number;
  left: number;
}

/** The cores that read the pixels of an operand: by slot, then pixel, whether the core needs it. */
interface Readers {
  cores: number[];
  needed: Uint8Array;
}

/** A pixel that was made and waits to be sent. */
interface Made {
  unit: Unit;
  pixel: number;
  core: number;
}

/**
 * Latency mode as a fitness: the rounds of facts 1.5 (every replica whose window has its inputs computes one; pixels travel
 * when the round ends), timed by the released evaluator's clock, without making a program: no addresses, no memory, copies
 * of a window added up. Layers without weights run where the released style puts them.
 */
export class LatencyModel {
  private readonly units: Unit[];
  private readonly shapeOf: Map<number, LayerShape>;
  private readonly segments = new Map<LayerShape, Segments[]>();
  /** By unit: pixels that each window waits for, and those that all wait for. */
  private readonly missing: Int32Array[];
  private readonly missingForAll: number[];
  private readonly under: Int32Array[];

  constructor(
    network: Network,
    private readonly shapes: readonly LayerShape[],
    private readonly settings: ModelSettings,
  ) {
    this.shapeOf = new Map(shapes.map((shape) => [shape.index, shape]));
    const mappedOf = new Map(shapes.map((shape) => [shape.layer, shape.index]));
    this.units = releasedUnits(network, mappedOf, settings.chip.cores);
    this.missing = this.units.map((unit) => new Int32Array(unit.pixels));
    this.missingForAll = this.units.map(() => 0);
    this.under = this.units.map(({ operands: [first] }) => {
      const need = first?.need;
      return new Int32Array(need?.how === 'window' ? need.pixels.positions : 0);
    });
    for (const unit of this.units) {
      this.expect(unit);
      const shape = this.shapeUnder(unit);
      if (shape) this.segments.set(shape, segmentsOf(shape, unit.operands[0]!.from, settings.costs));
    }
  }

  times(genome: Genome): ModelTimes {
    return new LatencyRun(genome, this.shapes, this.settings, this.units, this.segments, {
      missing: this.missing.map((counts) => counts.slice()),
      missingForAll: [...this.missingForAll],
      under: this.under,
    }).times();
  }

  private shapeUnder(unit: Unit): LayerShape | undefined {
    return unit.work.do === 'mapped' ? this.shapeOf.get(unit.work.mapped) : undefined;
  }

  private expect(unit: Unit): void {
    const missing = this.missing[unit.id]!;
    const under = this.under[unit.id]!;
    for (const { from, need } of unit.operands) {
      if (from.work.do === 'source') continue;
      if (need.how === 'all') this.missingForAll[unit.id]! += from.pixels;
      else if (need.how === 'same') for (let window = 0; window < unit.pixels; window++) missing[window]!++;
      else if (need.how === 'listed') {
        for (let window = 0; window < unit.pixels; window++)
          missing[window]! += need.start[window + 1]! - need.start[window]!;
      } else {
        for (let window = 0; window < unit.pixels; window++) {
          need.pixels.pixelsOf(window, under);
          for (const pixel of under) if (pixel >= 0) missing[window]!++;
        }
      }
    }
  }
}

interface Waiting {
  missing: Int32Array[];
  missingForAll: number[];
  under: Int32Array[];
}

/** One run of the model. */
class LatencyRun {
  private readonly clock: Clock;
  private readonly costs: Costs;
  private readonly placed: (Placed | undefined)[];
  private readonly readers = new Map<Operand, Readers>();
  /** By post unit: windows whose inputs came since the last round. */
  private readonly ready: number[][];
  private readonly countDown: ((window: number) => void)[];
  private made: Made[] = [];
  private left = 0;
  /** Pixels of the network's input: by core, the last that was loaded in a row, and all that were. */
  private readonly loaded = new Map<Unit, Set<number>>();
  private readonly lastLoaded: Int32Array;

  constructor(
    genome: Genome,
    private readonly shapes: readonly LayerShape[],
    settings: ModelSettings,
    private readonly units: readonly Unit[],
    private readonly segments: ReadonlyMap<LayerShape, Segments[]>,
    private readonly waiting: Waiting,
  ) {
    this.costs = settings.costs;
    let ags = 0;
    const firstAg = shapes.map((shape) => {
      const first = ags;
      ags += genome.cores[shape.index]!.length;
      return first;
    });
    this.clock = new Clock(settings.chip.cores, ags, settings.mvmNs, settings.intervalNs);
    this.lastLoaded = new Int32Array(settings.chip.cores).fill(-2);
    this.ready = units.map(() => []);
    this.countDown = units.map((unit) => (window) => this.oneLess(unit, window));
    this.placed = units.map((unit) => {
      if (unit.work.do !== 'source') this.left += unit.pixels;
      if (unit.work.do !== 'mapped') return undefined;
      const shape = shapes[unit.work.mapped]!;
      const cores = genome.cores[shape.index]!;
      const replicas = cores.length / shape.slices.length;
      const next = Int32Array.from({ length: replicas }, (_, replica) => replica);
      return { cores, replicas, next, firstAg: firstAg[shape.index]!, left: unit.pixels };
    });
    for (const unit of units) {
      for (const operand of unit.operands) this.readers.set(operand, this.readersOf(unit, operand));
      this.announce(unit);
    }
    this.loadBiases();
  }

  times(): ModelTimes {
    const { clock } = this;
    while (this.left > 0) {
      const before = this.left;
      for (const unit of this.units) {
        if (unit.work.do === 'mapped') this.multiply(unit, this.placed[unit.id]!);
        else if (unit.work.do !== 'source') this.post(unit);
      }
      if (this.left === before && this.made.length === 0) throw new Error('the latency model stands still');
      if (this.left > 0) this.flush();
      this.lastLoaded.fill(-2);
      clock.runGroup();
    }
    const { memorySlots, steps } = clock;
    return { timeNs: clock.timeNs, coreNs: clock.now, memorySlots, steps };
  }

  private multiply(unit: Unit, placed: Placed): void {
    if (placed.left === 0) return;
    const missing = this.waiting.missing[unit.id]!;
    if (this.waiting.missingForAll[unit.id]! > 0) return;
    const { next, replicas } = placed;
    for (let replica = 0; replica < replicas; replica++) {
      const window = next[replica]!;
      if (window >= unit.pixels || missing[window]! > 0) continue;
      next[replica] = window + replicas;
      placed.left--;
      this.window(unit, placed, replica, window);
    }
  }

  private window(unit: Unit, placed: Placed, replica: number, window: number): void {
    const { clock, costs } = this;
    const shape = this.shapes[(unit.work as { mapped: number }).mapped]!;
    const { slices } = shape;
    const base = replica * slices.length;
    const home = placed.cores[base]!;
    const padded = this.lookUnder(unit, window);
    const under = this.waiting.under[unit.id]!;
    if (unit.operands[0]!.from.work.do === 'source') this.loadWindow(unit, under);
    const segments = this.segments.get(shape)!;
    for (let slice = 0; slice < slices.length; slice++) {
      const core = placed.cores[base + slice]!;
      const of = segments[slice]!;
      clock.push(core, Step.PREPARE, padded ? this.prepareNs(of, under) : of.copyNs);
      clock.push(core, Step.MVM, placed.firstAg + base + slice);
      if (slice === 0 && shape.bias) clock.push(core, Step.VECTOR, costs.vectorNs(unit.channels));
      if (this.leadOf(shape, placed, base, slice) !== slice)
        clock.push(core, Step.VECTOR, costs.vectorNs(slices[slice]!.outputs));
    }
    for (let slice = 1; slice < slices.length; slice++) {
      const core = placed.cores[base + slice]!;
      if (core === home || this.leadOf(shape, placed, base, slice) !== slice) continue;
      const { outputs } = slices[slice]!;
      clock.transfer(core, home, costs.transferSlots(outputs));
      clock.push(home, Step.ADD_RECEIVED, costs.vectorNs(outputs));
    }
    if (shape.activated) clock.push(home, Step.VECTOR, costs.vectorNs(unit.channels));
    this.pixelMade(unit, window, home);
  }

  /** The first array group of the same column part in the same core. */
  private leadOf(shape: LayerShape, placed: Placed, base: number, slice: number): number {
    const perPart = shape.slices.length / shape.parts;
    const core = placed.cores[base + slice]!;
    for (let before = slice - (slice % perPart); before < slice; before++)
      if (placed.cores[base + before] === core) return before;
    return slice;
  }

  private lookUnder(unit: Unit, window: number): boolean {
    const { need } = unit.operands[0]!;
    if (need.how !== 'window') return false;
    const under = this.waiting.under[unit.id]!;
    need.pixels.pixelsOf(window, under);
    return under.includes(-1);
  }

  private prepareNs(segments: Segments, under: Int32Array): number {
    let ns = 0;
    for (let at = 0; at < segments.position.length; at++) {
      const length = segments.length[at]!;
      ns += under[segments.position[at]!]! < 0 ? this.costs.fillNs(length) : this.costs.copyNs(length);
    }
    return ns;
  }

  /** Pixels of the network's input go to all cores that will ever need them, when the first window does. */
  private loadWindow(unit: Unit, under: Int32Array): void {
    const operand = unit.operands[0]!;
    const { from } = operand;
    const { cores, needed } = this.readers.get(operand)!;
    let seen = this.loaded.get(unit);
    if (!seen) {
      seen = new Set();
      this.loaded.set(unit, seen);
    }
    for (const pixel of under) {
      if (pixel < 0 || seen.has(pixel)) continue;
      seen.add(pixel);
      for (let slot = 0; slot < cores.length; slot++) {
        if (!needed[slot * from.pixels + pixel]) continue;
        this.clock.push(cores[slot]!, Step.LOAD, this.costs.loadSlots(from.channels));
      }
    }
  }

  private post(unit: Unit): void {
    const windows = this.ready[unit.id]!;
    if (windows.length === 0) return;
    windows.sort((a, b) => a - b);
    this.ready[unit.id] = [];
    for (const window of windows) {
      const core = unit.home[window]!;
      const ns = postNs(unit, this.inputsOf(unit, window), this.costs);
      if (ns > 0) this.clock.push(core, Step.VECTOR, ns);
      this.pixelMade(unit, window, core);
    }
  }

  private inputsOf(unit: Unit, window: number): number {
    const need = unit.operands[0]?.need;
    if (need?.how === 'all') return unit.operands[0]!.from.pixels;
    if (need?.how === 'listed') return need.start[window + 1]! - need.start[window]!;
    if (need?.how !== 'window') return 1;
    const under = this.waiting.under[unit.id]!;
    need.pixels.pixelsOf(window, under);
    let count = 0;
    for (const pixel of under) if (pixel >= 0) count++;
    return count;
  }

  private pixelMade(unit: Unit, pixel: number, core: number): void {
    this.left--;
    if (unit.isResult) this.clock.push(core, Step.STORE, this.costs.loadSlots(unit.channels));
    this.made.push({ unit, pixel, core });
  }

  private flush(): void {
    const { made } = this;
    this.made = [];
    for (const phase of [0, 1]) {
      for (const { unit, pixel, core } of made) {
        for (const store of unit.stores) {
          if (store.phase !== phase) continue;
          for (const { unit: consumer, operand } of store.consumers) this.send(consumer, operand, pixel, core);
        }
      }
    }
  }

  private send(consumer: Unit, index: number, pixel: number, core: number): void {
    const { clock, costs } = this;
    const operand = consumer.operands[index]!;
    const { channels, pixels } = operand.from;
    const { cores, needed } = this.readers.get(operand)!;
    for (let slot = 0; slot < cores.length; slot++) {
      if (!needed[slot * pixels + pixel]) continue;
      const to = cores[slot]!;
      if (to === core) clock.push(core, Step.VECTOR, costs.copyNs(channels));
      else clock.transfer(core, to, costs.transferSlots(channels));
    }
    this.arrived(consumer, index, pixel);
  }

  private arrived(unit: Unit, index: number, pixel: number): void {
    const { need } = unit.operands[index]!;
    if (need.how === 'same') this.oneLess(unit, pixel);
    else if (need.how === 'window') need.pixels.windowsOf(pixel, this.countDown[unit.id]!);
    else if (need.how === 'all') {
      this.waiting.missingForAll[unit.id]!--;
      if (this.waiting.missingForAll[unit.id] === 0) this.announce(unit);
    } else {
      for (let window = 0; window < unit.pixels; window++) {
        for (let at = need.start[window]!; at < need.start[window + 1]!; at++)
          if (need.pixel[at] === pixel) this.oneLess(unit, window);
      }
    }
  }

  private oneLess(unit: Unit, window: number): void {
    const missing = this.waiting.missing[unit.id]!;
    const left = missing[window]! - 1;
    missing[window] = left;
    if (left === 0 && this.waiting.missingForAll[unit.id] === 0) this.ready[unit.id]!.push(window);
  }

  private announce(unit: Unit): void {
    if (this.waiting.missingForAll[unit.id]! > 0) return;
    const missing = this.waiting.missing[unit.id]!;
    for (let window = 0; window < unit.pixels; window++) if (missing[window] === 0) this.ready[unit.id]!.push(window);
  }

  private readersOf(unit: Unit, operand: Operand): Readers {
    const { from, need } = operand;
    const placed = this.placed[unit.id];
    if (!placed) {
      const cores = [...new Set(unit.home)].sort((a, b) => a - b);
      return { cores, needed: new Uint8Array(cores.length * from.pixels).fill(1) };
    }
    const shape = this.shapes[(unit.work as { mapped: number }).mapped]!;
    const cores = [...new Set(placed.cores)].sort((a, b) => a - b);
    const slotOf = new Map(cores.map((core, slot) => [core, slot]));
    const needed = new Uint8Array(cores.length * from.pixels);
    const segments = this.segments.get(shape)!;
    const under = this.waiting.under[unit.id]!;
    const length = shape.slices.length;
    const whole = Array.from({ length: under.length }, (_, position) => position);
    for (let replica = 0; replica < placed.replicas; replica++) {
      const positionsOf = new Map<number, Set<number>>();
      for (let slice = 0; slice < length; slice++) {
        const core = placed.cores[replica * length + slice]!;
        const known = positionsOf.get(core) ?? new Set();
        for (const position of segments[slice]!.position) known.add(position);
        positionsOf.set(core, known);
      }
      for (const [core, set] of positionsOf) {
        const base = slotOf.get(core)! * from.pixels;
        if (need.how === 'all') for (const pixel of set) needed[base + pixel] = 1;
        else {
          const positions = set.size === whole.length ? whole : [...set];
          for (let window = replica; window < unit.pixels; window += placed.replicas) {
            if (need.how === 'same') needed[base + window] = 1;
            else if (need.how === 'window') {
              need.pixels.pixelsOf(window, under);
              for (const position of positions) if (under[position]! >= 0) needed[base + under[position]!] = 1;
            }
          }
        }
      }
    }
    return { cores, needed };
  }

  private loadBiases(): void {
    for (const unit of this.units) {
      const placed = this.placed[unit.id];
      if (!placed || !this.shapes[(unit.work as { mapped: number }).mapped]!.bias) continue;
      for (const core of new Set(placed.cores)) this.clock.push(core, Step.LOAD, this.costs.loadSlots(unit.channels));
    }
  }
}

function segmentsOf(shape: LayerShape, from: Unit, costs: Costs): Segments[] {
  return shape.slices.map(({ pieces, rowStart, rowEnd }): Segments => {
    const position: number[] = [];
    const length: number[] = [];
    if (shape.isConv) {
      for (let at = 0; at < pieces.length; at += 3) {
        position.push(pieces[at]!);
        length.push(pieces[at + 2]!);
      }
    } else {
      // FC layers read all pixels of a map, one behind the other.
      for (let row = rowStart; row < rowEnd; ) {
        const pixel = Math.min(Math.floor(row / from.channels), from.pixels - 1);
        const end = Math.max(row + 1, Math.min((pixel + 1) * from.channels, rowEnd));
        position.push(pixel);
        length.push(end - row);
        row = end;
      }
    }
    return {
      position: Int32Array.from(position),
      length: Int32Array.from(length),
      copyNs: length.reduce((sum, count) => sum + costs.copyNs(count), 0),
    };
  });
}

/** What a layer without weights takes for one window, in ns; `inputs`: pixels of its first operand. */
function postNs(unit: Unit, inputs: number, costs: Costs): number {
  const { work, channels } = unit;
  switch (work.do) {
    case 'pool': {
      const scale = work.kind.method === 'average' ? costs.fillNs(channels) : 0;
      return costs.copyNs(channels) + (inputs - 1) * costs.vectorNs(channels) + scale;
    }
    case 'eltwise':
      return costs.fillNs(channels) + (work.how === 'add' ? unit.operands.length : 1) * costs.vectorNs(channels);
    case 'concat':
      return unit.operands.reduce((sum, { from }) => sum + costs.copyNs(from.channels), 0);
    case 'activation':
      return work.spec.how === 'sigmoid' ? 0 : costs.vectorNs(channels);
    case 'shuffle':
      return channels * costs.copyNs(1);
    default:
      return costs.vectorNs(channels);
  }
}
