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
import { ConvInputs, type RowRange } from './throughput-inputs.ts';
import { gatherLoads } from './throughput-loads.ts';

export interface ThroughputOptions {
  style: CompileStyle;
  memory: MemoryPolicy;
}

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
  private groups = 0;

  constructor(network: Network, mapping: Mapping, hardware: Hardware, options: ThroughputOptions) {
    this.network = network;
    this.mapping = mapping;
    this.options = options;
    this.released = options.style.id === 'released';
    this.elementBytes = Math.ceil(hardware.activationBits / 8);
    this.cores = coreCount(hardware);
    this.layout = layOutGlobal(network, options.style);
    this.shares = dealWindows(mapping, this.cores);
    this.runs = collectRuns(mapping, this.cores, options.memory !== 'naive');
    this.memory = new ThroughputMemory(this.runs, mapping.ags, network, {
      style: options.style,
      policy: options.memory,
      twoInputs: (run) => this.twoInputs(run),
    });
    this.localElements = this.memory.used.slice();
    this.builder = new ProgramBuilder(this.cores);
    this.inputs = mapping.layers.map((_, mapped) => this.convInputs(mapped));
    this.pairs = this.numberPairs();
    this.exchanges = this.collectExchanges();
  }

  finish(): Program {
    const { regions, constants, elements } = this.layout;
    this.builder.pairs = this.pairs.at(-1)!;
    return this.builder.finish({
      groups: this.groups,
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
    if (runs.length === 0) return;
    const out = new Emitter(this.builder.cores[core]!);
    const rounds = runs.reduce((most, run) => Math.max(most, windowsIn(this.shareOf(run))), 0);
    this.groups = Math.max(this.groups, rounds);
    for (const mapped of new Set(runs.map((run) => run.mapped))) this.inputs[mapped]?.forget();
    if (rounds > 0) this.emitBiases(out, runs);
    for (let round = 0; round < rounds; round++) {
      const start = out.to.length;
      out.group = round;
      this.emitRound(out, core, runs, round);
      if (this.released) this.gather(out, core, start);
    }
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
    return new ConvInputs(node, layer, slices, inputRegion(this.layout, node), options);
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
    const source = inputRegion(this.layout, layer) + out.window * layer.kind.inputs + rowStart;
    out.put(Op.LD, Stage.INPUT, at, source, -1, rows);
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
    emitActivation(out, Stage.MAIN, activation, at, at, span.columnEnd - span.columnStart);
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
