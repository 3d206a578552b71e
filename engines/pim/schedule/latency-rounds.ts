import type { Network } from '../../onnx/network.ts';
import type { Hardware } from '../hardware.ts';
import { type Program, Stage } from '../program/types.ts';
import type { Mapping } from '../types.ts';
import { place } from './latency-copies.ts';
import { FoldRunner, folds } from './latency-fold.ts';
import { chooseHomes } from './latency-homes.ts';
import type { LatencyMachine } from './latency-machine.ts';
import { MappedRunner, type WindowJob } from './latency-mapped.ts';
import { PostRunner } from './latency-post.ts';
import { Readiness } from './latency-ready.ts';
import type { Store, Unit } from './latency-types.ts';

export interface RoundOptions {
  /**
   * As the released program writes it: copies, product and sum of one array group after the other. Otherwise all copies of
   * a round come first, then all products, then all sums (TCAD, section IV-E), so that products overlap.
   */
  released: boolean;
  transferRounds: number;
}

/** A pixel that was made and has to travel. */
interface Made {
  unit: Unit;
  window: number;
  core: number;
  address: number;
}

/** Runs the units round by round. */
export class LatencyRounds {
  private readonly machine: LatencyMachine;
  private readonly units: readonly Unit[];
  private readonly options: RoundOptions;
  private readonly runners: (MappedRunner | PostRunner | FoldRunner | undefined)[] = [];
  private readonly readiness: Readiness;
  private made: Made[] = [];
  private left = 0;
  private readonly total: number;

  constructor(machine: LatencyMachine, units: readonly Unit[], mapping: Mapping, options: RoundOptions) {
    this.machine = machine;
    this.units = units;
    this.options = options;
    const firstAg = firstAgs(mapping);
    for (const unit of units) {
      const { work } = unit;
      if (work.do === 'source') {
        this.runners.push(undefined);
        continue;
      }
      if (work.do !== 'mapped' && unit.home[0] === -1) chooseHomes(unit, machine.heaps.length);
      const runner =
        work.do === 'mapped'
          ? new MappedRunner(machine, unit, mapping.layers[work.mapped]!, mapping.ags, firstAg[work.mapped]!, {
              keepBuffers: options.released,
              direct: !options.released,
            })
          : !options.released && folds(unit)
            ? new FoldRunner(machine, unit)
            : new PostRunner(machine, unit, options.released);
      runner.countUses();
      this.runners.push(runner);
      this.left += unit.pixels;
    }
    this.total = this.left;
    for (const unit of units) for (const store of unit.stores) store.seal();
    this.readiness = new Readiness(units, {
      ready: (unit, window) => {
        const runner = this.runners[unit.id];
        if (runner instanceof PostRunner) runner.ready.push(window);
      },
      arrived: (unit, pixel) => {
        const runner = this.runners[unit.id];
        if (!(runner instanceof FoldRunner)) return false;
        runner.arrive(pixel);
        return true;
      },
    });
    if (options.released) this.loadBiases(mapping);
  }

  get done(): boolean {
    return this.left === 0;
  }

  get fraction(): number {
    return 1 - this.left / this.total;
  }

  /** Writes one round. */
  next(): void {
    const { machine, options } = this;
    const before = this.left;
    if (!options.released) this.sortedRound();
    else {
      for (const runner of this.runners) {
        if (runner instanceof MappedRunner) this.multiply(runner);
        else if (runner) this.post(runner);
      }
    }
    const stuck = this.left === before;
    if (stuck && this.made.length === 0) throw new Error('the latency schedule stands still');
    const flush = options.transferRounds > 0 && (stuck || (machine.round + 1) % options.transferRounds === 0);
    // What is left in the queue when the last pixel is made, nobody reads.
    if (flush && this.left > 0) this.flush();
    machine.round++;
  }

  finish(network: Network, hardware: Hardware): Program {
    const { machine } = this;
    const isKept = new Set(
      this.units.filter((unit) => unit.isResult || unit.work.do === 'source').map((unit) => unit.layer),
    );
    return machine.builder.finish({
      groups: machine.round,
      elementBytes: Math.ceil(hardware.activationBits / 8),
      regions: machine.layout.regions.map((address, layer) => (isKept.has(layer) ? address : -1)),
      constants: machine.layout.constants,
      globalElements: machine.layout.elements,
      localElements: Int32Array.from(machine.heaps, (heap) => heap.peak),
      samples: network.layers.length > 0 ? 1 : 0,
      order: 'as-is',
    });
  }

  private multiply(runner: MappedRunner): void {
    if (runner.done) return;
    for (let replica = 0; replica < runner.replicas; replica++) {
      if (!this.isReady(runner, replica)) continue;
      const job = runner.begin(replica);
      for (let shape = 0; shape < runner.shapes; shape++) {
        runner.prepare(job, shape);
        runner.multiply(job, shape);
        runner.sum(job, shape);
      }
      this.pixelMade({ unit: runner.unit, window: job.window, core: runner.finish(job), address: job.out });
    }
  }

  private sortedRound(): void {
    const jobs: WindowJob[] = [];
    for (const runner of this.runners) {
      if (!(runner instanceof MappedRunner) || runner.done) continue;
      for (let replica = 0; replica < runner.replicas; replica++)
        if (this.isReady(runner, replica)) jobs.push(runner.begin(replica));
    }
    for (const step of ['prepare', 'multiply', 'sum'] as const) {
      for (const job of jobs) for (let shape = 0; shape < job.runner.shapes; shape++) job.runner[step](job, shape);
    }
    for (const job of jobs) {
      const { runner } = job;
      this.pixelMade({ unit: runner.unit, window: job.window, core: runner.finish(job), address: job.out });
    }
    for (const runner of this.runners) if (runner && !(runner instanceof MappedRunner)) this.post(runner);
  }

  private isReady(runner: MappedRunner, replica: number): boolean {
    const window = runner.nextWindow(replica);
    return window >= 0 && this.readiness.isReady(runner.unit, window);
  }

  private post(runner: PostRunner | FoldRunner): void {
    const { unit } = runner;
    if (runner instanceof FoldRunner) {
      runner.fold((window, core, address) => this.pixelMade({ unit, window, core, address }));
      return;
    }
    if (runner.ready.length === 0) return;
    const ready = runner.ready.sort((a, b) => a - b);
    runner.ready = [];
    for (const window of ready) {
      const address = runner.make(window);
      this.pixelMade({ unit, window, core: unit.home[window]!, address });
    }
  }

  private pixelMade(made: Made): void {
    const { machine, options } = this;
    const { unit, window, core, address } = made;
    this.left--;
    if (unit.isResult) {
      const to = machine.layout.regions[unit.layer]! + window * unit.channels;
      machine.store(core, unit.layer, window, to, address, unit.channels);
    }
    if (options.transferRounds === 0) this.deliver(made);
    else this.made.push(made);
  }

  private flush(): void {
    const { made, options } = this;
    this.made = [];
    if (!options.released) {
      for (const one of made) this.deliver(one);
      return;
    }
    for (const phase of [0, 1]) {
      for (const one of made) {
        for (const store of one.unit.stores) if (store.phase === phase) this.send(store, one);
      }
    }
    for (const { unit, core, address } of made)
      if (unit.work.do !== 'mapped') this.machine.heaps[core]!.free(address, unit.channels);
  }

  private deliver(made: Made): void {
    let kept = false;
    for (const store of made.unit.stores) kept = this.send(store, made) || kept;
    if (!kept) this.machine.heaps[made.core]!.free(made.address, made.unit.channels);
  }

  /** Brings a pixel to the cores that read it; true: its own core keeps it where it is. */
  private send(store: Store, { unit, window, core, address }: Made): boolean {
    const { machine } = this;
    const layer = store.consumers[0]!.unit.layer;
    let kept = false;
    for (let slot = 0; slot < store.cores.length; slot++) {
      // The released program sends its pools even what no window of theirs reads.
      if (store.uses[slot]![window]! === 0 && store.phase === 0) continue;
      const to = store.cores[slot]!;
      const low = store.low[slot]!;
      const elements = store.high[slot]! - low;
      if (to === core && store.keepsWhole) {
        store.address[slot]![window] = address + low;
        kept = true;
        continue;
      }
      const dst = place(machine, store, slot, window, elements);
      if (to === core) machine.copy(core, Stage.POST, layer, dst, address + low, elements, false);
      else {
        const from = { core, layer: unit.layer };
        machine.transfer(Stage.POST, from, { core: to, layer }, window, dst, address + low, elements);
      }
    }
    for (const { unit: consumer, operand } of store.consumers) this.readiness.arrived(consumer, operand, window);
    return kept;
  }

  /** The released program loads every bias into every core that has array groups of the layer, before anything else. */
  private loadBiases(mapping: Mapping): void {
    const { ags } = mapping;
    const byMapped = new Map<number, MappedRunner>();
    for (const runner of this.runners) {
      if (runner instanceof MappedRunner && runner.unit.work.do === 'mapped')
        byMapped.set(runner.unit.work.mapped, runner);
    }
    for (let ag = 0; ag < ags.count; ag++) byMapped.get(ags.mapped[ag]!)!.loadBias(ags.core[ag]!);
  }
}

function firstAgs({ layers, ags }: Mapping): Int32Array {
  const first = new Int32Array(layers.length).fill(-1);
  for (let ag = ags.count - 1; ag >= 0; ag--) first[ags.mapped[ag]!] = ag;
  return first;
}
