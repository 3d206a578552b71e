import { breathe } from '../../core/abort.ts';
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import { coreCount, type Hardware } from '../hardware.ts';
import { biasWidth, ThroughputMemory } from '../memory/throughput.ts';
import { ProgramBuilder } from '../program/builder.ts';
import { Op, type Program, Stage } from '../program/types.ts';
import type { CompileStyle } from '../style.ts';
import type { Mapping, MemoryPolicy } from '../types.ts';
import { dealWindows, type Share, windowsIn } from './common-deal.ts';
import { Emitter, emitActivation } from './common-emit.ts';
import { elementsOf, type GlobalLayout, hasBias, inputRegion, layOutGlobal } from './common-regions.ts';
import { collectRuns, type PartialSum, type Run, type Runs, type Span } from './common-runs.ts';
import { type GlobalViews, layOutViews } from './common-views.ts';
import { ColumnsPlan } from './throughput-columns.ts';
import { Scratch, VectorWalk } from './throughput-fetch.ts';
import { ConvInputs, type RowRange } from './throughput-inputs.ts';
import type { PostJob } from './throughput-job.ts';
import { gatherLoads } from './throughput-loads.ts';
import { postJobs } from './throughput-post.ts';
import { type Portion, shareOut } from './throughput-share.ts';
import { type PipelineStages, pipelineStages } from './throughput-stages.ts';
import { workLayers } from './throughput-work.ts';

export interface ThroughputOptions {
  style: CompileStyle;
  memory: MemoryPolicy;
  /** Layers that depend on each other work on the same sample of a cycle, one after the other, where they fit. */
  layerGroups?: boolean;
}

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
  for (let core = 0; core < schedule.cores; core++) {
    if (core % CORES_AT_ONCE === CORES_AT_ONCE - 1) await breathe(signal);
    schedule.emitCore(core);
  }
  return ok(schedule.finish());
}

function shapeless({ name, kind }: Layer): Problem {
  const op = kind.op === 'unknown' ? kind.onnxOp : kind.op;
  const what = `Layer "${name}" (${op}) has an output of unknown shape, so what reads it cannot be scheduled.`;
  return error('unknown-shape', what, "Give sizes to the model's symbolic dimensions, or take the operator out.");
}

/** What a core does in a round after its products: sends to, or receives from, another core. */
interface Exchange {
  sender: PartialSum;
  sends: boolean;
}

class ThroughputSchedule {
  readonly cores: number;
  private readonly network: Network;
  private readonly mapping: Mapping;
  private readonly options: ThroughputOptions;
  private readonly layout: GlobalLayout;
  /** Where every operand lies, if all layers are scheduled. */
  private readonly views: GlobalViews | undefined;
  private readonly jobs: PostJob[] = [];
  private readonly portions: Portion[][];
  private readonly groups: number;
  private readonly shares: Share[][];
  private readonly runs: Runs;
  private readonly memory: ThroughputMemory;
  private readonly builder: ProgramBuilder;
  private readonly inputs: (ConvInputs | undefined)[];
  /** Layers with columns for kernel positions (Table IV). */
  private readonly columns: (ColumnsPlan | undefined)[];
  /** First number of a sender's transfers. */
  private readonly pairs: Int32Array;
  private readonly exchanges: Exchange[][];
  private readonly released: boolean;
  private readonly elementBytes: number;
  private readonly localElements: Int32Array;
  private readonly localRoom: number;
  /** Rounds of products, from the first layer's to the last one's. */
  private readonly rounds: number;
  private readonly stages: PipelineStages;
  private readonly grouped: boolean;
  /** By job: its instruction group. */
  private readonly jobGroups: number[];

  constructor(network: Network, mapping: Mapping, hardware: Hardware, options: ThroughputOptions) {
    this.network = network;
    this.mapping = mapping;
    this.options = options;
    this.released = options.style.id === 'released';
    this.elementBytes = Math.ceil(hardware.activationBits / 8);
    this.cores = coreCount(hardware);
    this.views = options.style.postOperations ? layOutViews(network, options.style) : undefined;
    this.layout = this.views ?? layOutGlobal(network, options.style);
    this.columns = mapping.layers.map((layer) => {
      const plans = layer.unrolling === 'half-columns' || layer.unrolling === 'kernel-columns';
      return plans ? new ColumnsPlan(network.layers[layer.layer]!, layer) : undefined;
    });
    this.shares = dealWindows(mapping, this.cores).map((shares, mapped) => {
      const plan = this.columns[mapped];
      return plan ? shares.map((_, replica) => ({ start: 0, step: 1, end: plan.steps(replica) })) : shares;
    });
    this.runs = collectRuns(mapping, this.cores, options.memory !== 'naive');
    this.memory = new ThroughputMemory(this.runs, mapping.ags, network, {
      style: options.style,
      policy: options.memory,
      twoInputs: (run) => this.twoInputs(run),
      accumulators: (run) => this.columns[run.mapped]?.accumulators ?? 0,
    });
    this.localElements = this.memory.used.slice();
    this.localRoom = Math.floor(hardware.localMemory.bytes / this.elementBytes);
    this.builder = new ProgramBuilder(this.cores);
    this.inputs = mapping.layers.map((_, mapped) => this.convInputs(mapped));
    this.pairs = this.numberPairs();
    this.exchanges = this.collectExchanges();
    this.grouped = options.layerGroups === true;
    const rounds = this.shares.map((shares) => shares.reduce((most, share) => Math.max(most, windowsIn(share)), 0));
    this.stages = pipelineStages(network, mapping.layers, rounds, this.grouped);
    this.rounds = rounds.reduce((most, it) => Math.max(most, it), 0);
    if (this.views) {
      const context = { network, layout: this.views, cores: this.cores };
      for (const layer of workLayers(network, this.views)) this.jobs.push(...(postJobs(layer, context) ?? []));
    }
    const postLayers = [...new Set(this.jobs.map((job) => job.layer.index))];
    this.groups = this.rounds + (this.grouped ? (postLayers.length > 0 ? 1 : 0) : postLayers.length);
    this.jobGroups = this.jobs.map(({ layer }) =>
      this.grouped ? this.stages.start[layer.index]! : this.rounds + postLayers.indexOf(layer.index),
    );
    const nsPerElement = (hardware.vector.stepNs * this.elementBytes) / hardware.vector.bytesPerStep;
    this.portions = shareOut(this.jobs, this.busy(hardware), nsPerElement);
    for (const portions of this.portions) portions.sort((a, b) => this.jobGroups[a.job]! - this.jobGroups[b.job]!);
  }

  /** About how long the products of each core take. */
  private busy(hardware: Hardware): Float64Array {
    const busy = new Float64Array(this.cores);
    for (const [core, runs] of this.runs.byCore.entries()) {
      let rounds = 0;
      let products = 0;
      for (const run of runs) {
        const windows = windowsIn(this.shareOf(run));
        rounds = Math.max(rounds, windows);
        products += windows * run.sums.reduce((sum, it) => sum + it.ags.length, 0);
      }
      busy[core] = Math.max(rounds * hardware.mvmLatencyNs, products * hardware.mvmIntervalNs);
    }
    return busy;
  }

  finish(): Program {
    const { regions, constants, elements } = this.layout;
    this.builder.pairs = this.pairs.at(-1)!;
    return this.builder.finish({
      groups: this.groups,
      elementBytes: this.elementBytes,
      regions,
      ...(this.views && { rowMajor: this.rowMajor(this.views) }),
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

  emitCore(core: number): void {
    const runs = this.runs.byCore[core]!;
    const out = new Emitter(this.builder.cores[core]!);
    for (const mapped of new Set(runs.map((run) => run.mapped))) this.inputs[mapped]?.forget();
    this.emitBiases(
      out,
      runs.filter((run) => windowsIn(this.shareOf(run)) > 0),
    );
    const ends = runs.map((run) => this.startOf(run) + windowsIn(this.shareOf(run)));
    const rounds = ends.reduce((most, end) => Math.max(most, end), 0);
    const portions = this.portions[core]!;
    const scratch = this.scratchFor(core);
    let next = 0;
    for (let round = 0; round < rounds; round++) {
      while (next < portions.length && this.jobGroups[portions[next]!.job]! <= round)
        this.emitPortion(out, scratch, portions[next++]!);
      const start = out.to.length;
      out.group = round;
      this.emitRound(out, core, runs, round);
      if (this.released) this.gather(out, core, start);
    }
    while (next < portions.length) this.emitPortion(out, scratch, portions[next++]!);
    this.localElements[core] = Math.max(this.localElements[core]!, scratch.most);
  }

  private scratchFor(core: number): Scratch {
    const used = this.memory.used[core]!;
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

  /** The round in which a run does its first window. */
  private startOf(run: Run): number {
    return this.grouped ? this.stages.start[run.layer.layer]! : 0;
  }

  /** The number of the window that a run does in a round, or -1. */
  private stepOf(run: Run, round: number): number {
    const step = round - this.startOf(run);
    return step < 0 || step >= windowsIn(this.shareOf(run)) ? -1 : step;
  }

  private gather(out: Emitter, core: number, start: number): void {
    const inputEnd = (layer: number) => {
      const it = this.network.layers[layer]!;
      return inputRegion(this.layout, it) + elementsOf(it.inputShapes[0]!);
    };
    const staging = gatherLoads(out.to, start, inputEnd, this.memory.used[core]!);
    this.localElements[core] = Math.max(this.localElements[core]!, this.memory.used[core]! + staging);
  }

  private shareOf(run: Run): Share {
    return this.shares[run.mapped]![run.replica]!;
  }

  /** Whether a replica's next window shares input with this one, so that both must lie in local memory at once. */
  private twoInputs(run: Run): boolean {
    const { kind } = this.network.layers[run.layer.layer]!;
    if (this.released || kind.op !== 'conv' || windowsIn(this.shareOf(run)) < 2) return false;
    if (this.columns[run.mapped]) return false;
    return this.shareOf(run).step * kind.stride[1] < (kind.kernel[1] - 1) * kind.dilation[1] + 1;
  }

  private convInputs(mapped: number): ConvInputs | undefined {
    const layer = this.mapping.layers[mapped]!;
    const node = this.network.layers[layer.layer]!;
    if (node.kind.op !== 'conv') return undefined;
    const { ags } = this.mapping;
    const first = ags.mapped.indexOf(mapped);
    const slices: RowRange[] = Array.from({ length: layer.agsPerReplica }, (_, slice) => ({
      rowStart: ags.rowStart[first + slice]!,
      rowEnd: ags.rowEnd[first + slice]!,
    }));
    const options = { exact: this.released, elementBytes: this.elementBytes };
    const base = this.views ? this.views.views[node.inputs[0]!]!.at : inputRegion(this.layout, node);
    const plan = this.columns[mapped];
    const [, , rows = 1, columns = 1] = node.outputShape;
    const windows = plan
      ? { kind: plan.stepKind, extent: plan.stepExtent }
      : { kind: node.kind, extent: { rows, columns } };
    return new ConvInputs(node, layer, slices, base, windows, options);
  }

  private numberPairs(): Int32Array {
    const { senders } = this.runs;
    const pairs = new Int32Array(senders.length + 1);
    for (const [index, sender] of senders.entries())
      pairs[index + 1] = pairs[index]! + windowsIn(this.shareOf(sender.run));
    return pairs;
  }

  /** Senders are numbered core by core, so every core meets its exchanges in the same order. */
  private collectExchanges(): Exchange[][] {
    const exchanges: Exchange[][] = Array.from({ length: this.cores }, () => []);
    for (const sender of this.runs.senders) {
      exchanges[sender.core]!.push({ sender, sends: true });
      exchanges[sender.head.core]!.push({ sender, sends: false });
    }
    return exchanges;
  }

  private emitBiases(out: Emitter, runs: readonly Run[]): void {
    const loaded = new Set<number>();
    out.group = 0;
    out.replica = -1;
    out.ag = -1;
    out.window = -1;
    for (const run of runs) {
      const layer = this.network.layers[run.layer.layer]!;
      if (!hasBias(layer, this.options.style)) continue;
      out.layer = layer.index;
      for (const span of run.spans) {
        const at = this.memory.bias(span);
        if (loaded.has(at)) continue;
        loaded.add(at);
        const source = this.layout.constants[layer.index]! + span.columnStart;
        out.put(Op.LD, Stage.BIAS, at, source, -1, biasWidth(layer, span));
      }
    }
  }

  private emitRound(out: Emitter, core: number, runs: readonly Run[], round: number): void {
    for (const run of runs) {
      const step = this.stepOf(run, round);
      if (step < 0) continue;
      this.begin(out, run, this.windowOf(run, step));
      this.emitProducts(out, run, step);
      if (this.columns[run.mapped]) continue;
      for (const span of run.spans) {
        if (span.heads.every((head) => head.senders.length === 0)) this.emitActivation(out, span);
      }
    }
    this.emitExchanges(out, core, round);
    for (const run of runs) {
      const step = this.stepOf(run, round);
      if (step < 0) continue;
      const window = this.windowOf(run, step);
      this.begin(out, run, window);
      for (const span of run.spans) {
        if (this.columns[run.mapped]) this.emitColumns(out, run, span, step);
        else this.emitStore(out, run, span, window);
      }
    }
  }

  private windowOf(run: Run, step: number): number {
    const plan = this.columns[run.mapped];
    if (plan) return plan.window(run.replica, step);
    const share = this.shareOf(run);
    return share.start + step * share.step;
  }

  private emitColumns(out: Emitter, run: Run, span: Span, step: number): void {
    this.columns[run.mapped]!.emit(out, run.replica, step, {
      products: this.memory.result(span),
      sums: this.memory.accumulatorsAt(run),
      bias: this.memory.bias(span),
      scratch: this.memory.scratchAt[run.core]!,
      region: this.layout.regions[out.layer]!,
    });
  }

  private begin(out: Emitter, run: Run, window: number): void {
    out.layer = run.layer.layer;
    out.replica = run.replica;
    out.ag = -1;
    out.window = window;
  }

  private emitProducts(out: Emitter, run: Run, step: number): void {
    const { memory } = this;
    const { rowStart, rowEnd, slice } = this.mapping.ags;
    const layer = this.network.layers[run.layer.layer]!;
    const inputs = this.inputs[run.mapped];
    const two = this.twoInputs(run);
    const loaded = new Set<number>();
    for (const sum of run.sums) {
      const width = sum.columnEnd - sum.columnStart;
      for (const [index, ag] of sum.ags.entries()) {
        const rows = rowEnd[ag]! - rowStart[ag]!;
        const at = memory.inputAt[ag]! + (two && step % 2 === 1 ? rows : 0);
        out.ag = ag;
        if (!loaded.has(at)) {
          loaded.add(at);
          if (inputs) inputs.load(out, slice[ag]!, out.window, at, step, two ? step + 1 : step);
          else this.loadRow(out, layer, rowStart[ag]!, rows, at);
        }
        out.put(Op.MVMUL, Stage.MAIN, memory.outputAt[ag]!, at, -1, rows);
        if (index > 0) {
          const before = memory.sum(sum, index - 1);
          out.put(Op.VVADD, Stage.MAIN_A, memory.sum(sum, index), before, memory.outputAt[ag]!, width);
        } else if (run.spans.length > 0 && sum.head === sum) this.emitBias(out, run, sum);
      }
    }
    out.ag = -1;
  }

  private loadRow(out: Emitter, layer: Layer, rowStart: number, rows: number, at: number): void {
    if (layer.kind.op !== 'fc') throw new Error(`layer ${layer.name} has no weights`);
    const source = this.fcRow(layer, layer.kind.inputs, out.window) + rowStart;
    out.put(Op.LD, Stage.INPUT, at, source, -1, rows);
  }

  /** Global address of one row of an FC layer's input. */
  private fcRow(layer: Layer, inputs: number, row: number): number {
    const view = this.views?.views[layer.inputs[0]!];
    if (view?.sizes.at(-1) !== inputs) return inputRegion(this.layout, layer) + row * inputs;
    const inOrder = view.sizes.map((_, axis) => axis);
    return new VectorWalk(view, view.sizes, view.strides, inOrder).address(row);
  }

  /** The bias of a span is added once the first product of the last of its sums is there. */
  private emitBias(out: Emitter, run: Run, sum: PartialSum): void {
    const span = run.spans.find((it) => it.heads.at(-1) === sum);
    if (!span || this.columns[run.mapped]) return;
    const bias = this.memory.bias(span);
    if (bias < 0) return;
    const at = this.memory.sum(span.heads[0]!, 0);
    out.put(Op.VVADD, Stage.MAIN_B, at, at, bias, span.columnEnd - span.columnStart);
  }

  private emitActivation(out: Emitter, span: Span): void {
    const { activation } = this.network.layers[out.layer]!;
    if (!activation || this.columns[span.heads[0]!.run.mapped]) return;
    const at = this.memory.result(span);
    const scratch = this.memory.scratchAt[span.heads[0]!.core]!;
    emitActivation(out, Stage.MAIN, activation, at, at, span.columnEnd - span.columnStart, scratch);
  }

  private emitExchanges(out: Emitter, core: number, round: number): void {
    const { memory } = this;
    for (const { sender, sends } of this.exchanges[core]!) {
      const step = this.stepOf(sender.run, round);
      if (step < 0) continue;
      this.begin(out, sender.run, this.windowOf(sender.run, step));
      out.ag = sender.ags[0]!;
      const { head } = sender;
      const width = sender.columnEnd - sender.columnStart;
      const pair = this.pairs[sender.sender]! + step;
      if (sends) {
        out.transfer(Op.SEND, Stage.MAIN, memory.sum(sender, sender.ags.length - 1), width, pair, head.core);
        continue;
      }
      const place = memory.receivedAt[sender.sender]!;
      out.transfer(Op.RECV, Stage.MAIN, place, width, pair, sender.core);
      const before = head.ags.length - 1 + head.senders.indexOf(sender);
      out.put(Op.VVADD, Stage.MAIN_C, memory.sum(head, before + 1), memory.sum(head, before), place, width);
      const span = head.run.spans.find((it) => it.heads.includes(head))!;
      if (head.senders.at(-1) === sender && lastReceiver(span) === head) this.emitActivation(out, span);
    }
  }

  private emitStore(out: Emitter, run: Run, span: Span, window: number): void {
    const layer = this.network.layers[run.layer.layer]!;
    const outputs = layer.kind.op === 'conv' ? layer.kind.outputChannels : run.layer.width;
    const target = this.layout.regions[layer.index]! + window * outputs + span.columnStart;
    const width = span.columnEnd - span.columnStart;
    out.put(Op.ST, Stage.OUTPUT, target, this.memory.result(span), -1, width);
  }
}

/** The sum of a span that receives last. */
function lastReceiver(span: Span): PartialSum | undefined {
  let last: PartialSum | undefined;
  for (const head of span.heads) {
    const sender = head.senders.at(-1);
    if (sender && (!last || sender.sender > last.senders.at(-1)!.sender)) last = head;
  }
  return last;
}
