import { breathe } from '../../core/abort.ts';
import { ok, type Result } from '../../core/result.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import { coreCount, type Hardware } from '../hardware.ts';
import { ThroughputMemory } from '../memory/throughput.ts';
import { ProgramBuilder } from '../program/builder.ts';
import { Op, type Program, Stage } from '../program/types.ts';
import type { CompileStyle } from '../style.ts';
import type { Mapping, MemoryPolicy } from '../types.ts';
import { dealWindows, type Share, windowsIn } from './common-deal.ts';
import { Emitter, emitActivation } from './common-emit.ts';
import { elementsOf, type GlobalLayout, hasBias, inputRegion, layOutGlobal } from './common-regions.ts';
import { collectRuns, type PartialSum, type Run, type Runs, type Span } from './common-runs.ts';
import { type GlobalViews, layOutViews } from './common-views.ts';
import { Scratch, VectorWalk } from './throughput-fetch.ts';
import { ConvInputs, type RowRange } from './throughput-inputs.ts';
import type { PostJob } from './throughput-job.ts';
import { gatherLoads } from './throughput-loads.ts';
import { postJobs } from './throughput-post.ts';
import { type Portion, shareOut } from './throughput-share.ts';

export interface ThroughputOptions {
  style: CompileStyle;
  memory: MemoryPolicy;
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
 * Transfers cannot deadlock: in a round every core sends and receives in the order of the sending cores.
 */
export async function scheduleThroughput(
  network: Network,
  mapping: Mapping,
  hardware: Hardware,
  options: ThroughputOptions,
  signal: AbortSignal,
): Promise<Result<Program>> {
  const schedule = new ThroughputSchedule(network, mapping, hardware, options);
  for (let core = 0; core < schedule.cores; core++) {
    if (core % CORES_AT_ONCE === CORES_AT_ONCE - 1) await breathe(signal);
    schedule.emitCore(core);
  }
  return ok(schedule.finish());
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
  private readonly postLayers: number[];
  private readonly shares: Share[][];
  private readonly runs: Runs;
  private readonly memory: ThroughputMemory;
  private readonly builder: ProgramBuilder;
  private readonly inputs: (ConvInputs | undefined)[];
  /** First number of a sender's transfers. */
  private readonly pairs: Int32Array;
  private readonly exchanges: Exchange[][];
  private readonly released: boolean;
  private readonly elementBytes: number;
  private readonly localElements: Int32Array;
  private readonly localRoom: number;
  private readonly rounds: number;

  constructor(network: Network, mapping: Mapping, hardware: Hardware, options: ThroughputOptions) {
    this.network = network;
    this.mapping = mapping;
    this.options = options;
    this.released = options.style.id === 'released';
    this.elementBytes = Math.ceil(hardware.activationBits / 8);
    this.cores = coreCount(hardware);
    this.views = options.style.postOperations ? layOutViews(network, options.style) : undefined;
    this.layout = this.views ?? layOutGlobal(network, options.style);
    this.shares = dealWindows(mapping, this.cores);
    this.runs = collectRuns(mapping, this.cores, options.memory !== 'naive');
    this.memory = new ThroughputMemory(this.runs, mapping.ags, network, {
      style: options.style,
      policy: options.memory,
      twoInputs: (run) => this.twoInputs(run),
    });
    this.localElements = this.memory.used.slice();
    this.localRoom = Math.floor(hardware.localMemory.bytes / this.elementBytes);
    this.builder = new ProgramBuilder(this.cores);
    this.inputs = mapping.layers.map((_, mapped) => this.convInputs(mapped));
    this.pairs = this.numberPairs();
    this.exchanges = this.collectExchanges();
    this.rounds = this.shares.flat().reduce((most, share) => Math.max(most, windowsIn(share)), 0);
    if (this.views) {
      const context = { network, layout: this.views, cores: this.cores };
      for (const layer of network.layers) this.jobs.push(...(postJobs(layer, context) ?? []));
    }
    this.postLayers = [...new Set(this.jobs.map((job) => job.layer.index))];
    const nsPerElement = (hardware.vector.stepNs * this.elementBytes) / hardware.vector.bytesPerStep;
    this.portions = shareOut(this.jobs, this.busy(hardware), nsPerElement);
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
      groups: this.rounds + this.postLayers.length,
      elementBytes: this.elementBytes,
      regions,
      constants,
      globalElements: elements,
      localElements: this.localElements,
      samples: 1,
      order: 'pipelined',
    });
  }

  emitCore(core: number): void {
    const runs = this.runs.byCore[core]!;
    const out = new Emitter(this.builder.cores[core]!);
    const rounds = runs.reduce((most, run) => Math.max(most, windowsIn(this.shareOf(run))), 0);
    for (const mapped of new Set(runs.map((run) => run.mapped))) this.inputs[mapped]?.forget();
    if (rounds > 0) this.emitBiases(out, runs);
    for (let round = 0; round < rounds; round++) {
      const start = out.to.length;
      out.group = round;
      this.emitRound(out, core, runs, round);
      if (this.released) this.gather(out, core, start);
    }
    this.emitPortions(out, core);
  }

  private emitPortions(out: Emitter, core: number): void {
    const used = this.memory.used[core]!;
    const scratch = new Scratch(used, Math.max(LEAST_ROOM, this.localRoom - used));
    out.replica = -1;
    out.ag = -1;
    for (const { job, from, to } of this.portions[core]!) {
      const { layer, emit } = this.jobs[job]!;
      out.layer = layer.index;
      out.group = this.rounds + this.postLayers.indexOf(layer.index);
      scratch.clear();
      emit(out, scratch, from, to);
    }
    this.localElements[core] = Math.max(this.localElements[core]!, scratch.most);
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
    return new ConvInputs(node, layer, slices, base, options);
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
        out.put(Op.LD, Stage.BIAS, at, source, -1, span.columnEnd - span.columnStart);
      }
    }
  }

  private emitRound(out: Emitter, core: number, runs: readonly Run[], round: number): void {
    for (const run of runs) {
      const share = this.shareOf(run);
      if (round >= windowsIn(share)) continue;
      this.begin(out, run, share.start + round * share.step);
      this.emitProducts(out, run, round);
      for (const span of run.spans) {
        if (span.heads.every((head) => head.senders.length === 0)) this.emitActivation(out, span);
      }
    }
    this.emitExchanges(out, core, round);
    for (const run of runs) {
      const share = this.shareOf(run);
      if (round >= windowsIn(share)) continue;
      const window = share.start + round * share.step;
      this.begin(out, run, window);
      for (const span of run.spans) this.emitStore(out, run, span, window);
    }
  }

  private begin(out: Emitter, run: Run, window: number): void {
    out.layer = run.layer.layer;
    out.replica = run.replica;
    out.ag = -1;
    out.window = window;
  }

  private emitProducts(out: Emitter, run: Run, round: number): void {
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
        const at = memory.inputAt[ag]! + (two && round % 2 === 1 ? rows : 0);
        out.ag = ag;
        if (!loaded.has(at)) {
          loaded.add(at);
          if (inputs) inputs.load(out, slice[ag]!, out.window, at, round, two ? round + 1 : round);
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
    if (!span) return;
    const bias = this.memory.bias(span);
    if (bias < 0) return;
    const at = this.memory.sum(span.heads[0]!, 0);
    out.put(Op.VVADD, Stage.MAIN_B, at, at, bias, span.columnEnd - span.columnStart);
  }

  private emitActivation(out: Emitter, span: Span): void {
    const { activation } = this.network.layers[out.layer]!;
    if (!activation) return;
    const at = this.memory.result(span);
    const scratch = this.memory.scratchAt[span.heads[0]!.core]!;
    emitActivation(out, Stage.MAIN, activation, at, at, span.columnEnd - span.columnStart, scratch);
  }

  private emitExchanges(out: Emitter, core: number, round: number): void {
    const { memory } = this;
    for (const { sender, sends } of this.exchanges[core]!) {
      const share = this.shareOf(sender.run);
      if (round >= windowsIn(share)) continue;
      this.begin(out, sender.run, share.start + round * share.step);
      out.ag = sender.ags[0]!;
      const { head } = sender;
      const width = sender.columnEnd - sender.columnStart;
      const pair = this.pairs[sender.sender]! + round;
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
