import { breathe } from '../../core/abort.ts';
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import type { Hardware } from '../hardware.ts';
import { ProgramBuilder } from '../program/builder.ts';
import { orderForInOrder } from '../program/in-order.ts';
import { recordReceiveAddresses } from '../program/receive-addresses.ts';
import type { Program } from '../program/types.ts';
import type { Mapping } from '../types.ts';
import { windowsIn } from './common-deal.ts';
import { Emitter } from './common-emit.ts';
import { elementsOf, inputRegion } from './common-regions.ts';
import type { GlobalViews } from './common-views.ts';
import { attentionJobs } from './throughput-attention.ts';
import { Scratch } from './throughput-fetch.ts';
import type { PostJob } from './throughput-job.ts';
import { gatherLoads } from './throughput-loads.ts';
import { type ThroughputOptions, ThroughputPlan } from './throughput-plan.ts';
import { postJobs } from './throughput-post.ts';
import { ThroughputProducts } from './throughput-products.ts';
import { type Portion, shareOut } from './throughput-share.ts';
import { workLayers } from './throughput-work.ts';

export type { ThroughputOptions };

/** Elements of local memory that work without weights can count on, whatever the products leave. */
const LEAST_ROOM = 4096;
/** Cores whose programs are made between two looks at the signal. */
const CORES_AT_ONCE = 8;

/**
 * Stage 3 in throughput mode (TCAD, Alg. 1; DAC'23, Alg. 1): one pipeline cycle, in which every layer works on a sample of
 * its own. In each round (instruction group) every replica with windows left runs one: load its input from global memory,
 * fire the array groups, add their products inside the core, send partial sums to the core of the replica's first array
 * group, activate there, store. A core with nothing left to do simply ends earlier.
 *
 * Layers without weights, where the style has them, follow the rounds of their core, each in a group of its own, spread
 * over all cores; with layer groups they come in the round in which their operands are there.
 *
 * Transfers cannot deadlock: in a round every core sends and receives in the order of the sending cores. What a layer reads
 * from global memory another one stored in an earlier cycle, or, in a group of layers, in an earlier round: rounds are
 * assumed to keep step (the instructions have no barrier).
 *
 * For in-order cores the program is put in order by `orderForInOrder`; for asynchronous communication sends carry the
 * address they are received at. The released style does neither, as the released program.
 *
 * Fails where a layer cannot be scheduled and its shape is not known either. Layers of known shape that cannot be scheduled
 * are left out; `notScheduled` names them.
 */
export async function scheduleThroughput(
  network: Network,
  mapping: Mapping,
  hardware: Hardware,
  options: ThroughputOptions,
  signal: AbortSignal,
): Promise<Result<Program>> {
  const unknown = network.layers.filter((layer) => layer.outputShape.some((size) => !(size >= 0)));
  if (unknown.length > 0) return fail(shapeless(unknown[0]!));
  const schedule = new ThroughputSchedule(network, mapping, hardware, options);
  for (let core = 0; core < schedule.plan.cores; core++) {
    if (core % CORES_AT_ONCE === CORES_AT_ONCE - 1) await breathe(signal);
    schedule.emitCore(core);
  }
  const program = schedule.finish();
  if (!schedule.plan.released && hardware.communication === 'asynchronous') recordReceiveAddresses(program);
  if (!schedule.plan.inOrder) return ok(program);
  await breathe(signal);
  return ok(orderForInOrder(program, mapping.ags));
}

function shapeless({ name, kind }: Layer): Problem {
  const op = kind.op === 'unknown' ? kind.onnxOp : kind.op;
  const what = `Layer "${name}" (${op}) has an output of unknown shape, so what reads it cannot be scheduled.`;
  return error('unknown-shape', what, "Give sizes to the model's symbolic dimensions, or take the operator out.");
}

/** Elements that go through global memory if each layer loads its operands once and stores its output. */
function moved({ layers }: Network): number {
  return layers.reduce((sum, { inputShapes, outputShape }) => {
    return sum + elementsOf(outputShape) + inputShapes.reduce((all, shape) => all + elementsOf(shape), 0);
  }, 0);
}

class ThroughputSchedule {
  readonly plan: ThroughputPlan;
  private readonly products: ThroughputProducts;
  private readonly jobs: PostJob[] = [];
  /** By job: its instruction group. */
  private readonly jobGroups: number[];
  private readonly portions: Portion[][];
  private readonly groups: number;
  private readonly builder: ProgramBuilder;
  private readonly localElements: Int32Array;
  private readonly localRoom: number;

  constructor(network: Network, mapping: Mapping, hardware: Hardware, options: ThroughputOptions) {
    this.plan = new ThroughputPlan(network, mapping, hardware, options);
    this.products = new ThroughputProducts(this.plan);
    this.builder = new ProgramBuilder(this.plan.cores);
    this.localElements = this.plan.memory.used.slice();
    this.localRoom = Math.floor(hardware.localMemory.bytes / this.plan.elementBytes);
    if (this.plan.views) {
      const context = { network, layout: this.plan.views, cores: this.plan.cores };
      const attention = attentionJobs(network, this.plan.views, this.localRoom);
      for (const layer of workLayers(network, this.plan.views)) {
        const whole = attention.jobs.get(layer.index);
        if (whole) this.jobs.push(whole);
        else if (!attention.done.has(layer.index)) this.jobs.push(...(postJobs(layer, context) ?? []));
      }
    }
    const postLayers = [...new Set(this.jobs.map((job) => job.layer.index))];
    this.groups = this.plan.rounds + (this.plan.grouped ? (postLayers.length > 0 ? 1 : 0) : postLayers.length);
    this.jobGroups = this.jobs.map(({ layer }) =>
      this.plan.grouped ? this.plan.stages.start[layer.index]! : this.plan.rounds + postLayers.indexOf(layer.index),
    );
    const nsPerElement = (hardware.vector.stepNs * this.plan.elementBytes) / hardware.vector.bytesPerStep;
    const busOnceNs = (moved(network) * this.plan.elementBytes) / hardware.globalMemory.gbps;
    this.portions = shareOut(this.jobs, this.busy(hardware), nsPerElement, busOnceNs);
    for (const portions of this.portions) portions.sort((a, b) => this.jobGroups[a.job]! - this.jobGroups[b.job]!);
  }

  emitCore(core: number): void {
    const runs = this.plan.runs.byCore[core]!;
    const out = new Emitter(this.builder.cores[core]!);
    this.plan.beginInputs(core);
    // The released program loads the biases of idle replicas too.
    const busy = runs.filter((run) => this.plan.released || windowsIn(this.plan.shareOf(run)) > 0);
    this.products.emitBiases(out, busy);
    const ends = runs.map((run) => this.plan.startOf(run) + windowsIn(this.plan.shareOf(run)));
    const rounds = ends.reduce((most, end) => Math.max(most, end), 0);
    const portions = this.portions[core]!;
    const scratch = this.scratchFor(core);
    let next = 0;
    for (let round = 0; round < rounds; round++) {
      while (next < portions.length && this.jobGroups[portions[next]!.job]! <= round)
        this.emitPortion(out, scratch, portions[next++]!);
      const start = out.to.length;
      out.group = round;
      this.products.emitRound(out, core, runs, round);
      if (this.plan.released) this.gather(out, core, start);
    }
    while (next < portions.length) this.emitPortion(out, scratch, portions[next++]!);
    this.localElements[core] = Math.max(this.localElements[core]!, scratch.most);
  }

  finish(): Program {
    const { regions, constants, elements } = this.plan.layout;
    this.builder.pairs = this.plan.pairs.at(-1)!;
    return this.builder.finish({
      groups: this.groups,
      elementBytes: this.plan.elementBytes,
      regions,
      ...(this.plan.views && { rowMajor: this.rowMajor(this.plan.views) }),
      constants,
      globalElements: elements,
      localElements: this.localElements,
      samples: 1,
      order: 'pipelined',
    });
  }

  private rowMajor({ axes }: GlobalViews): number[] {
    return axes.flatMap((order, layer) => (order.length === 4 && order[1] === 1 ? [layer] : []));
  }

  private scratchFor(core: number): Scratch {
    const used = this.plan.memory.used[core]!;
    return new Scratch(used, Math.max(LEAST_ROOM, this.localRoom - used));
  }

  private emitPortion(out: Emitter, scratch: Scratch, { job, from, to }: Portion): void {
    const { layer, emit } = this.jobs[job]!;
    out.layer = layer.index;
    out.replica = -1;
    out.ag = -1;
    out.group = this.jobGroups[job]!;
    scratch.clear();
    emit(out, scratch, from, to);
  }

  private gather(out: Emitter, core: number, start: number): void {
    const inputEnd = (layer: number) => {
      const it = this.plan.network.layers[layer]!;
      return inputRegion(this.plan.layout, it) + elementsOf(it.inputShapes[0]!);
    };
    const staging = gatherLoads(out.to, start, inputEnd, this.plan.memory.used[core]!);
    this.localElements[core] = Math.max(this.localElements[core]!, this.plan.memory.used[core]! + staging);
  }

  /** About how long the products of each core take. */
  private busy(hardware: Hardware): Float64Array {
    const busy = new Float64Array(this.plan.cores);
    for (const [core, runs] of this.plan.runs.byCore.entries()) {
      let rounds = 0;
      let products = 0;
      for (const run of runs) {
        const windows = windowsIn(this.plan.shareOf(run));
        rounds = Math.max(rounds, windows);
        products += windows * run.sums.reduce((sum, it) => sum + it.ags.length, 0);
      }
      busy[core] = Math.max(rounds * hardware.mvmLatencyNs, products * hardware.mvmIntervalNs);
    }
    return busy;
  }
}
