import type { Network } from '../../onnx/network.ts';
import { coreCount, type Hardware } from '../hardware.ts';
import { ThroughputMemory } from '../memory/throughput.ts';
import type { CompileStyle } from '../style.ts';
import type { MappedLayer, Mapping, MemoryPolicy } from '../types.ts';
import { dealWindows, type Share, windowsIn } from './common-deal.ts';
import { type GlobalLayout, inputRegion, layOutGlobal } from './common-regions.ts';
import { collectRuns, type PartialSum, type Run, type Runs } from './common-runs.ts';
import { type GlobalViews, layOutViews, pixelStride } from './common-views.ts';
import { ColumnsPlan } from './throughput-columns.ts';
import { ConvInputs, type RowRange } from './throughput-inputs.ts';
import { type LinePlan, lineElements } from './throughput-lines.ts';
import { type PipelineStages, pipelineStages } from './throughput-stages.ts';

export interface ThroughputOptions {
  style: CompileStyle;
  memory: MemoryPolicy;
  /** Layers that depend on each other work on the same sample of a cycle, one after the other, where they fit. */
  layerGroups?: boolean;
}

/** What a core does in a round after its products: sends to, or receives from, another core. */
export interface Exchange {
  sender: PartialSum;
  sends: boolean;
}

/** What is settled before the first instruction: who does which window when, and where everything lies. */
export class ThroughputPlan {
  readonly cores: number;
  readonly network: Network;
  readonly mapping: Mapping;
  readonly options: ThroughputOptions;
  readonly layout: GlobalLayout;
  /** Where every operand lies, if all layers are scheduled. */
  readonly views: GlobalViews | undefined;
  /** Layers with columns for kernel positions (Table IV). */
  readonly columns: (ColumnsPlan | undefined)[];
  readonly shares: Share[][];
  readonly runs: Runs;
  readonly memory: ThroughputMemory;
  /** By mapped layer: global address of the first window's result, and elements from one to the next. */
  readonly outputs: { at: number; stride: number }[];
  readonly inputs: (ConvInputs | undefined)[];
  /** By core and mapped layer: input pixels that the core could keep; `memory` says for which there is room. */
  readonly lines: Map<number, LinePlan>[];
  /** First number of a sender's transfers. */
  readonly pairs: Int32Array;
  /** By core, in the order in which it meets them in every round. */
  readonly exchanges: Exchange[][];
  readonly released: boolean;
  /** The program is to be ordered for cores that start instructions one after the other. */
  readonly inOrder: boolean;
  readonly elementBytes: number;
  readonly stages: PipelineStages;
  readonly grouped: boolean;
  /** Rounds of products, from the first layer's to the last one's. */
  readonly rounds: number;

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
    this.inOrder = !this.released && hardware.execution === 'in-order';
    this.outputs = mapping.layers.map((layer) => this.outputOf(layer));
    this.inputs = mapping.layers.map((_, mapped) => this.convInputs(mapped));
    this.lines = this.runs.byCore.map((runs) => this.planLines(runs));
    this.memory = new ThroughputMemory(this.runs, mapping.ags, network, {
      style: options.style,
      policy: options.memory,
      twoInputs: (run) => this.twoInputs(run),
      accumulators: (run) => this.columns[run.mapped]?.accumulators ?? 0,
      room: Math.floor(hardware.localMemory.bytes / this.elementBytes),
      apart: !this.released,
      lines: this.lines.map((lines) => new Map([...lines].map(([mapped, plan]) => [mapped, lineElements(plan)]))),
      onePiece: (ag) => this.inputs[mapping.ags.mapped[ag]!]?.isOnePiece(mapping.ags.slice[ag]!) === true,
    });
    this.pairs = this.numberPairs();
    this.exchanges = this.collectExchanges();
    this.grouped = options.layerGroups === true;
    const rounds = this.shares.map((shares) => shares.reduce((most, share) => Math.max(most, windowsIn(share)), 0));
    this.stages = pipelineStages(network, mapping.layers, rounds, this.grouped);
    this.rounds = rounds.reduce((most, it) => Math.max(most, it), 0);
  }

  /** The windows of a run's replica. */
  shareOf(run: Run): Share {
    return this.shares[run.mapped]![run.replica]!;
  }

  /** The round in which a run does its first window. */
  startOf(run: Run): number {
    return this.grouped ? this.stages.start[run.layer.layer]! : 0;
  }

  /** The number of the window that a run does in a round, or -1. */
  stepOf(run: Run, round: number): number {
    const step = round - this.startOf(run);
    return step < 0 || step >= windowsIn(this.shareOf(run)) ? -1 : step;
  }

  /** The window (or step, see `ColumnsPlan`) that a run does at a step of its own. */
  windowOf(run: Run, step: number): number {
    const plan = this.columns[run.mapped];
    if (plan) return plan.window(run.replica, step);
    const share = this.shareOf(run);
    return share.start + step * share.step;
  }

  private outputOf({ layer, width }: MappedLayer): { at: number; stride: number } {
    const view = this.views?.views[layer];
    const { kind } = this.network.layers[layer]!;
    const stride = kind.op === 'conv' ? kind.outputChannels : width;
    if (!view || kind.op !== 'conv') return { at: this.layout.regions[layer]!, stride };
    return { at: view.at, stride: pixelStride(view) };
  }

  private planLines(runs: readonly Run[]): Map<number, LinePlan> {
    const plans = new Map<number, LinePlan>();
    if (this.released || this.options.memory === 'naive') return plans;
    const { slice } = this.mapping.ags;
    for (const mapped of new Set(runs.map((run) => run.mapped))) {
      if (this.columns[mapped]) continue;
      const own = runs.filter((run) => run.mapped === mapped);
      const users = own.map((run) => ({
        share: this.shareOf(run),
        slices: run.sums.flatMap((sum) => sum.ags.map((ag) => slice[ag]!)),
      }));
      const plan = this.inputs[mapped]?.planLines(users);
      if (plan) plans.set(mapped, plan);
    }
    return plans;
  }

  /** Begins the program of a core: what is local in it, as far as inputs are concerned. */
  beginInputs(core: number): void {
    for (const mapped of new Set(this.runs.byCore[core]!.map((run) => run.mapped))) {
      const at = this.memory.lineAt[core]!.get(mapped);
      const plan = this.lines[core]!.get(mapped);
      this.inputs[mapped]?.begin(at !== undefined && plan ? { plan, at } : undefined);
    }
  }

  /** Whether a replica's next window shares input with this one, so that both must lie in local memory at once. */
  twoInputs(run: Run): boolean {
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
}
