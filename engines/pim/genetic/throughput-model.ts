import { Clock, type Costs, Step } from './clock.ts';
import type { Genome } from './genome.ts';
import { LayerInputs } from './layer-inputs.ts';
import type { ModelSettings, ModelTimes } from './model.ts';
import type { Chip, LayerShape } from './shapes.ts';

/** What one core holds of one replica (of one column part of it). */
interface Portion {
  shape: LayerShape;
  core: number;
  /** Number of the replica's first array group in the whole mapping. */
  firstAg: number;
  /** Indices in `shape.slices`, ascending. */
  slices: number[];
  /** Elements of its sum. */
  outputs: number;
  /** The core of the part's first array group, where its sums meet. */
  home: number;
  /** Whether other cores hold some of the part. */
  spread: boolean;
  /** Whether it is, in the order of sending, the last that its home waits for. */
  last: boolean;
  /** The window of round g is `from + g * step`, as long as that is below `end`. */
  from: number;
  step: number;
  end: number;
}

/**
 * Throughput mode as a fitness: one pipeline cycle of the schedule of facts 1.5 and 1.7 (each round, every replica with
 * windows left runs one: load what this core has not loaded in this round, multiply, add, send to the core of its first
 * array group, activate, store), timed by the released evaluator's clock, without making a program. Layers without weights
 * are left out, as in the released style.
 */
export function throughputTimes(
  genome: Genome,
  shapes: readonly LayerShape[],
  { chip, costs, mvmNs, intervalNs }: ModelSettings,
): ModelTimes {
  const { byCore, ags, rounds } = portionsOf(genome, shapes, chip);
  const clock = new Clock(chip.cores, ags, mvmNs, intervalNs);
  const inputs = shapes.map((shape) => new LayerInputs(shape, clock, costs));
  const sending = byCore.flat().filter((portion) => !isHome(portion));
  loadBiases(clock, byCore, costs);
  for (let round = 0; round < rounds; round++) {
    for (const portions of byCore) {
      let before: LayerInputs | undefined;
      for (const portion of portions) {
        const window = windowOf(portion, round);
        if (window < 0) continue;
        const of = inputs[portion.shape.index]!;
        if (of !== before) {
          before?.end();
          of.begin(portion.core);
          before = of;
        }
        multiply(of, portion, window, costs);
      }
      before?.end();
    }
    for (const portion of sending) {
      if (windowOf(portion, round) < 0) continue;
      clock.transfer(portion.core, portion.home, costs.transferSlots(portion.outputs));
      clock.push(portion.home, Step.ADD_RECEIVED, costs.vectorNs(portion.outputs));
      if (portion.last && portion.shape.activated)
        clock.push(portion.home, Step.VECTOR, costs.vectorNs(portion.outputs));
    }
    for (const portions of byCore) {
      for (const portion of portions) {
        if (isHome(portion) && windowOf(portion, round) >= 0)
          clock.push(portion.core, Step.STORE, costs.loadSlots(portion.outputs));
      }
    }
    clock.runGroup();
  }
  return { timeNs: clock.timeNs, coreNs: clock.now, memorySlots: clock.memorySlots, steps: clock.steps };
}

function isHome(portion: Portion): boolean {
  return portion.shape.slices[portion.slices[0]!]!.first;
}

function windowOf(portion: Portion, round: number): number {
  const window = portion.from + round * portion.step;
  return window < portion.end ? window : -1;
}

function loadBiases(clock: Clock, byCore: readonly Portion[][], costs: Costs): void {
  for (const [core, portions] of byCore.entries()) {
    const seen = new Set<number>();
    for (const portion of portions) {
      const { shape, outputs } = portion;
      if (!shape.bias || !isHome(portion) || seen.has(shape.index)) continue;
      seen.add(shape.index);
      clock.push(core, Step.LOAD, costs.loadSlots(outputs));
    }
  }
}

/** A portion's part of one window: inputs, products, the sum inside the core. */
function multiply(inputs: LayerInputs, portion: Portion, window: number, costs: Costs): void {
  const { shape, slices } = portion;
  const addNs = costs.vectorNs(portion.outputs);
  const home = isHome(portion);
  for (let at = 0; at < slices.length; at++) {
    inputs.multiply(portion.firstAg + slices[at]!, slices[at]!, window);
    if (at > 0 || (home && shape.bias)) inputs.vector(addNs);
  }
  if (home && !portion.spread && shape.activated) inputs.vector(addNs);
}

/**
 * The portions by core, in the order of the mapping's table, each with its windows. A layer's windows go to the cores in
 * proportion to the replicas that have their home there; replicas of one core take them in turn, so that neighbours share
 * their inputs (TCAD, computation-storage mapping). Single precision as in the released program.
 */
function portionsOf(
  genome: Genome,
  shapes: readonly LayerShape[],
  chip: Chip,
): { byCore: Portion[][]; ags: number; rounds: number } {
  const byCore: Portion[][] = Array.from({ length: chip.cores }, () => []);
  let ags = 0;
  let rounds = 0;
  for (const shape of shapes) {
    const cores = genome.cores[shape.index]!;
    const perReplica = shape.slices.length;
    const perPart = perReplica / shape.parts;
    const replicas = cores.length / perReplica;
    const windows = dealWindows(shape, cores, replicas, chip.cores);
    for (let replica = 0; replica < replicas; replica++) {
      const firstAg = ags + replica * perReplica;
      for (let part = 0; part < shape.parts; part++) {
        const base = replica * perReplica + part * perPart;
        const home = cores[base]!;
        const found = new Map<number, Portion>();
        for (let at = 0; at < perPart; at++) {
          const core = cores[base + at]!;
          const slice = part * perPart + at;
          const known = found.get(core);
          if (known) known.slices.push(slice);
          else {
            const { outputs } = shape.slices[slice]!;
            const portion: Portion = {
              ...{ shape, core, firstAg, slices: [slice], outputs, home, spread: false, last: false },
              ...windows[replica]!,
            };
            found.set(core, portion);
            byCore[core]!.push(portion);
          }
        }
        let last: Portion | undefined;
        for (const portion of found.values()) {
          portion.spread = found.size > 1;
          if (portion.core !== home && portion.core > (last?.core ?? -1)) last = portion;
        }
        if (last) last.last = true;
      }
      const { from, step, end } = windows[replica]!;
      rounds = Math.max(rounds, Math.ceil((end - from) / step));
    }
    ags += cores.length;
  }
  return { byCore, ags, rounds };
}

function dealWindows(
  shape: LayerShape,
  cores: readonly number[],
  replicas: number,
  coreCount: number,
): Pick<Portion, 'from' | 'step' | 'end'>[] {
  const perReplica = shape.slices.length;
  const here = new Int32Array(coreCount);
  for (let replica = 0; replica < replicas; replica++) here[cores[replica * perReplica]!]!++;
  const each = Math.fround(Math.fround(shape.windows) / Math.fround(replicas));
  const starts = new Int32Array(coreCount);
  const ends = new Int32Array(coreCount);
  let dealt = 0;
  for (let core = 0; core < coreCount; core++) {
    starts[core] = dealt;
    dealt = Math.min(shape.windows, dealt + Math.ceil(Math.fround(each * here[core]!)));
    ends[core] = dealt;
  }
  const turn = new Int32Array(coreCount);
  return Array.from({ length: replicas }, (_, replica) => {
    const core = cores[replica * perReplica]!;
    return { from: starts[core]! + turn[core]!++, step: here[core]!, end: ends[core]! };
  });
}
