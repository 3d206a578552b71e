import { chooseHomes } from '../schedule/latency-homes.ts';
import type { Operand, Store, Unit } from '../schedule/latency-types.ts';
import { Clock, type Costs, Step } from './clock.ts';
import type { Genome } from './genome.ts';
import { postNs, type Segments, type Windows } from './latency-plan.ts';
import type { ModelSettings, ModelTimes } from './model.ts';
import type { LayerShape } from './shapes.ts';

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

/** A pixel that was made and waits to be sent. */
interface Made {
  unit: Unit;
  pixel: number;
  core: number;
}

/** What the run counts down, and the plan that it reads. */
export interface Waiting {
  released: boolean;
  missing: Int32Array[];
  missingForAll: number[];
  windows: readonly (Windows | undefined)[];
}

/** One run of the latency model: one mapping. */
export class LatencyRun {
  private readonly clock: Clock;
  private readonly costs: Costs;
  private readonly placed: (Placed | undefined)[];
  /** The cores that read the pixels of a store: by pixel, one bit a core. */
  private readonly readers = new Map<Store, Int32Array>();
  /** Words of one pixel's bits. */
  private readonly words: number;
  /** By post unit: windows whose inputs came since the last round. */
  private readonly ready: number[][];
  private made: Made[] = [];
  private left = 0;
  /** By unit that reads the network's input: the pixels that were loaded. */
  private readonly loaded = new Map<Unit, Uint8Array>();
  /** By core: the pixel that would go on its last load, that load's place in the core's stream, and its elements. */
  private readonly runs: { next: number; at: number; elements: number }[];

  constructor(
    genome: Genome,
    private readonly shapes: readonly LayerShape[],
    private readonly settings: ModelSettings,
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
    this.runs = Array.from({ length: settings.chip.cores }, () => ({ next: -1, at: -1, elements: 0 }));
    this.ready = units.map(() => []);
    this.words = Math.ceil(settings.chip.cores / 32);
    this.placed = units.map((unit) => {
      if (unit.work.do !== 'source') this.left += unit.pixels;
      if (unit.work.do !== 'mapped') return undefined;
      const shape = shapes[unit.work.mapped]!;
      const cores = genome.cores[shape.index]!;
      const replicas = cores.length / shape.slices.length;
      const next = Int32Array.from({ length: replicas }, (_, replica) => replica);
      return { cores, replicas, next, firstAg: firstAg[shape.index]!, left: unit.pixels };
    });
    if (!waiting.released) this.chooseHomes();
    for (const unit of units) {
      for (const operand of unit.operands) {
        let readers = this.readers.get(operand.store);
        if (!readers) {
          readers = new Int32Array(operand.from.pixels * this.words);
          this.readers.set(operand.store, readers);
        }
        this.addReaders(unit, operand, readers);
      }
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
      clock.runGroup();
      for (const run of this.runs) run.next = -1;
    }
    const { memorySlots, steps } = clock;
    return { timeNs: clock.timeNs, coreNs: clock.now, memorySlots, steps };
  }

  /** The own style puts layers without weights where most of what they read is made. */
  private chooseHomes(): void {
    for (const unit of this.units) {
      const placed = this.placed[unit.id];
      if (placed) {
        const length = placed.cores.length / placed.replicas;
        for (let window = 0; window < unit.pixels; window++)
          unit.home[window] = placed.cores[(window % placed.replicas) * length]!;
      } else if (unit.work.do !== 'source') chooseHomes(unit, this.settings.chip.cores);
    }
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
    const windows = this.waiting.windows[unit.id];
    if (unit.operands[0]!.from.work.do === 'source') this.loadWindow(unit, window);
    const padded = windows && windows.present[window]! < windows.positions ? windows : undefined;
    const segments = this.segments.get(shape)!;
    for (let slice = 0; slice < slices.length; slice++) {
      const core = placed.cores[base + slice]!;
      const of = segments[slice]!;
      clock.push(core, Step.PREPARE, padded ? this.prepareNs(of, padded, window) : of.copyNs);
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

  private prepareNs(segments: Segments, { pixel, positions }: Windows, window: number): number {
    const base = window * positions;
    let ns = 0;
    for (let at = 0; at < segments.position.length; at++) {
      const length = segments.length[at]!;
      ns += pixel[base + segments.position[at]!]! < 0 ? this.costs.fillNs(length) : this.costs.copyNs(length);
    }
    return ns;
  }

  /** Pixels of the network's input go to all cores that will ever need them, when the first window does. */
  private loadWindow(unit: Unit, window: number): void {
    const operand = unit.operands[0]!;
    const { from } = operand;
    const readers = this.readers.get(operand.store)!;
    let seen = this.loaded.get(unit);
    if (!seen) {
      seen = new Uint8Array(from.pixels);
      this.loaded.set(unit, seen);
    }
    const windows = this.waiting.windows[unit.id];
    const count = windows ? windows.positions : operand.need.how === 'all' ? from.pixels : 1;
    for (let at = 0; at < count; at++) {
      const pixel = windows ? windows.pixel[window * count + at]! : operand.need.how === 'all' ? at : window;
      if (pixel < 0 || seen[pixel]) continue;
      seen[pixel] = 1;
      for (let word = 0; word < this.words; word++) {
        for (let bits = readers[pixel * this.words + word]!; bits !== 0; bits &= bits - 1)
          this.load(word * 32 + 31 - Math.clz32(bits & -bits), pixel, from.channels);
      }
    }
  }

  /** Loads a pixel; one that follows the core's last is taken with it. */
  private load(core: number, pixel: number, channels: number): void {
    const { clock, costs, runs } = this;
    const run = runs[core]!;
    if (run.next === pixel && run.at === clock.lengthOf(core)) {
      clock.lengthen(core, costs.loadSlots(run.elements + channels) - costs.loadSlots(run.elements));
      run.elements += channels;
    } else {
      clock.push(core, Step.LOAD, costs.loadSlots(channels));
      run.elements = channels;
    }
    run.next = pixel + 1;
    run.at = clock.lengthOf(core);
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
    return this.waiting.windows[unit.id]?.present[window] ?? 1;
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
          this.send(store, pixel, core);
        }
      }
    }
  }

  private send(store: Store, pixel: number, core: number): void {
    const { clock, costs } = this;
    const { channels } = store.from;
    const readers = this.readers.get(store)!;
    const slots = costs.transferSlots(channels);
    for (let word = 0; word < this.words; word++) {
      for (let bits = readers[pixel * this.words + word]!; bits !== 0; bits &= bits - 1) {
        const to = word * 32 + 31 - Math.clz32(bits & -bits);
        if (to !== core) clock.transfer(core, to, slots);
        else if (!store.keepsWhole) clock.push(core, Step.VECTOR, costs.copyNs(channels));
      }
    }
    for (const { unit, operand } of store.consumers) this.arrived(unit, operand, pixel);
  }

  private arrived(unit: Unit, index: number, pixel: number): void {
    const { need } = unit.operands[index]!;
    if (need.how === 'same') this.oneLess(unit, pixel);
    else if (need.how === 'window') {
      const { start, reader } = this.waiting.windows[unit.id]!;
      for (let at = start[pixel]!; at < start[pixel + 1]!; at++) this.oneLess(unit, reader[at]!);
    } else if (need.how === 'all') {
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

  private addReaders(unit: Unit, operand: Operand, readers: Int32Array): void {
    const { words } = this;
    const { need } = operand;
    const placed = this.placed[unit.id];
    if (!placed) {
      this.addHomes(unit, operand, readers);
      return;
    }
    const shape = this.shapes[(unit.work as { mapped: number }).mapped]!;
    const segments = this.segments.get(shape)!;
    const windows = this.waiting.windows[unit.id];
    const length = shape.slices.length;
    for (let replica = 0; replica < placed.replicas; replica++) {
      const positionsOf = new Map<number, Set<number>>();
      for (let slice = 0; slice < length; slice++) {
        const core = placed.cores[replica * length + slice]!;
        const known = positionsOf.get(core) ?? new Set();
        for (const position of segments[slice]!.position) known.add(position);
        positionsOf.set(core, known);
      }
      for (const [core, set] of positionsOf) {
        const word = core >> 5;
        const bit = 1 << (core & 31);
        if (need.how === 'all') for (const pixel of set) readers[pixel * words + word]! |= bit;
        else if (windows) {
          const positions = Int32Array.from(set);
          for (let window = replica; window < unit.pixels; window += placed.replicas) {
            const base = window * windows.positions;
            for (let at = 0; at < positions.length; at++) {
              const pixel = windows.pixel[base + positions[at]!]!;
              if (pixel >= 0) readers[pixel * words + word]! |= bit;
            }
          }
        } else
          for (let window = replica; window < unit.pixels; window += placed.replicas)
            readers[window * words + word]! |= bit;
      }
    }
  }

  /** Readers of a layer without weights: the homes of the windows that need a pixel. */
  private addHomes(unit: Unit, { from, need }: Operand, readers: Int32Array): void {
    const { words } = this;
    const windows = need.how === 'window' ? this.waiting.windows[unit.id] : undefined;
    const everyone = need.how === 'all' ? new Set(unit.home) : undefined;
    for (let pixel = 0; pixel < from.pixels; pixel++) {
      const add = (core: number) => {
        readers[pixel * words + (core >> 5)]! |= 1 << (core & 31);
      };
      if (windows) {
        for (let at = windows.start[pixel]!; at < windows.start[pixel + 1]!; at++) add(unit.home[windows.reader[at]!]!);
      } else if (everyone) for (const core of everyone) add(core);
      else if (need.how === 'same') add(unit.home[pixel]!);
    }
    if (need.how !== 'listed') return;
    for (let window = 0; window < unit.pixels; window++) {
      const core = unit.home[window]!;
      for (let at = need.start[window]!; at < need.start[window + 1]!; at++)
        readers[need.pixel[at]! * words + (core >> 5)]! |= 1 << (core & 31);
    }
  }

  private loadBiases(): void {
    for (const unit of this.units) {
      const placed = this.placed[unit.id];
      if (!placed || !this.shapes[(unit.work as { mapped: number }).mapped]!.bias) continue;
      for (const core of new Set(placed.cores)) this.clock.push(core, Step.LOAD, this.costs.loadSlots(unit.channels));
    }
  }
}
