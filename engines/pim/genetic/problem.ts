import type { Job } from '../../core/job.ts';
import type { Random } from '../../core/random.ts';
import type { Species } from '../../search/types.ts';
import { evaluate, type Prepared, schedule } from '../build.ts';
import { agTable } from '../partition-ags.ts';
import { firstFit } from '../place-first-fit.ts';
import { replicateAndPlace } from '../place-fitting.ts';
import type { Mapping, PimSlice } from '../types.ts';
import { costsOf } from './clock.ts';
import { type Genome, genomeOf, keyOf, mappingOf, replicasOf } from './genome.ts';
import { LatencyModel } from './latency-model.ts';
import type { ModelSettings, ModelTimes } from './model.ts';
import type { MoveNotes } from './moves.ts';
import { constructedSeeds, drawnSeed } from './seeds.ts';
import { chipOf, type LayerShape, layerShapes } from './shapes.ts';
import { throughputTimes } from './throughput-model.ts';
import { varied } from './vary.ts';

/** Steps of the models' clock between two looks at the signal: about 50 ms. */
const STEPS_AT_ONCE = 800_000;

/** One child in so many is constructed anew. */
const FRESH = 6;

/**
 * The mapping problem for the genetic algorithm: the cheap fitness is a model of the mode (schedule and clock without a
 * program), the cost that counts is the time of the real program by the design's own evaluator.
 */
export class MappingProblem implements Species<Genome, MoveNotes> {
  breathEvery = 1;
  private readonly shapes: LayerShape[];
  private readonly settings: ModelSettings;
  private readonly latency?: LatencyModel;
  /** Replication is given by a heuristic: only places are searched. */
  private readonly fixedReplicas?: number[];

  constructor(
    private readonly prepared: Prepared,
    private readonly slice: PimSlice,
    public signal: AbortSignal,
  ) {
    const { network, layers, hardware, style } = prepared;
    this.shapes = layerShapes(network, layers, hardware, style);
    this.settings = {
      chip: chipOf(hardware),
      costs: costsOf(hardware),
      mvmNs: hardware.mvmLatencyNs,
      intervalNs: hardware.mvmIntervalNs,
    };
    if (slice.mode === 'latency') this.latency = new LatencyModel(network, this.shapes, this.settings, style);
    if (slice.replication !== 'genetic') {
      const given = this.heuristic(slice.replication);
      if (given) this.fixedReplicas = this.shapes.map((shape) => replicasOf(given, shape));
    }
  }

  assess(genome: Genome): { cost: number; notes: MoveNotes } {
    const times = this.times(genome);
    this.breathEvery = Math.max(1, Math.floor(STEPS_AT_ONCE / (times.steps + 1)));
    const coreNs = [...times.coreNs];
    const mean = coreNs.reduce((sum, ns) => sum + ns, 0) / coreNs.length;
    // Of two mappings that take the same time, the one with less to do leads further.
    return { cost: times.timeNs + 0.05 * mean + 0.05 * times.memorySlots, notes: { coreNs } };
  }

  vary(member: { genome: Genome; notes: MoveNotes }, random: Random): Genome | undefined {
    const { chip, costs, intervalNs } = this.settings;
    const genome =
      random.int(FRESH) === 0
        ? drawnSeed(this.shapes, chip, costs, intervalNs, random, this.fixedReplicas)
        : varied(member.genome, member.notes, this.shapes, chip, this.slice.mode, random);
    if (!genome) return undefined;
    if (this.fixedReplicas?.some((count, layer) => replicasOf(genome, this.shapes[layer]!) !== count)) return undefined;
    return this.slice.mapping === 'genetic' ? genome : this.firstFitOf(genome);
  }

  async exact(genome: Genome): Promise<number> {
    const { prepared, slice, signal } = this;
    const job: Pick<Job, 'signal' | 'progress'> = { signal, progress: () => {} };
    const mapping = this.mappingOf(genome, '');
    const program = await schedule(prepared, mapping, slice, job);
    if (!program.ok) return Number.MAX_VALUE;
    return (await evaluate(slice.evaluator, prepared, mapping, program.value, job)).timeNs;
  }

  key(genome: Genome): string {
    return keyOf(genome);
  }

  /** The time of a mapping by the model. */
  times(genome: Genome): ModelTimes {
    return this.latency?.times(genome) ?? throughputTimes(genome, this.shapes, this.settings);
  }

  mappingOf(genome: Genome, method: string): Mapping {
    return mappingOf(genome, this.prepared.layers, this.prepared.hardware, method);
  }

  /** The heuristics that come out on this chip, and constructed mappings. */
  seeds(): { named: Genome[]; further: Genome[] } {
    const { chip, costs, intervalNs } = this.settings;
    const { replication } = this.slice;
    const methods = replication === 'genetic' ? (['balance', 'w0h0', 'uniform'] as const) : [replication];
    const named = methods.map((method) => this.heuristic(method)).filter((genome) => genome !== undefined);
    // Where no heuristic comes out, one copy of each layer may.
    if (named.length === 0) named.push(...[this.heuristic('manual')].filter((genome) => genome !== undefined));
    const constructed = constructedSeeds(this.shapes, chip, this.slice.mode, costs, intervalNs, this.fixedReplicas);
    if (this.slice.mapping === 'genetic') return { named, further: constructed };
    return { named, further: constructed.map((it) => this.firstFitOf(it)).filter((it) => it !== undefined) };
  }

  private heuristic(method: 'balance' | 'w0h0' | 'uniform' | 'manual'): Genome | undefined {
    const { network, layers, hardware, style } = this.prepared;
    const given = this.slice.replication === 'genetic' ? {} : this.slice.replicas;
    const mapping = replicateAndPlace(layers, network, hardware, { style, method, replicas: given });
    return mapping.ok ? genomeOf(mapping.value) : undefined;
  }

  /** Where mapping is first fit, only the replication of a genome counts. */
  private firstFitOf(genome: Genome): Genome | undefined {
    const { layers, hardware } = this.prepared;
    const replicated = layers.map((layer, index) => ({
      ...layer,
      replication: replicasOf(genome, this.shapes[index]!),
    }));
    const ags = agTable(replicated, hardware);
    const fits = firstFit(ags, hardware.crossbar.perCore, this.settings.chip.cores);
    return fits ? genomeOf({ layers: replicated, ags, method: '' }) : undefined;
  }
}
