import type { Layer, Network } from '../../onnx/network.ts';
import { needsScratch } from '../schedule/common-emit.ts';
import { hasBias } from '../schedule/common-regions.ts';
import type { PartialSum, Run, Runs, Span } from '../schedule/common-runs.ts';
import type { CompileStyle } from '../style.ts';
import type { AgTable, MemoryPolicy } from '../types.ts';

/** Array groups of a replica that take turns on as many output buffers (the released program's number). */
const TURNS = 3;

export interface MemoryOptions {
  style: CompileStyle;
  policy: MemoryPolicy;
  /** Two input buffers an array group, used in turn, so that a round can take from what the one before loaded. */
  twoInputs(run: Run): boolean;
  /** Elements in which a replica adds up output pixels that later steps go on with (columns for kernel positions). */
  accumulators(run: Run): number;
  /** Elements of local memory: how far what is only good for speed may fill it. */
  room: number;
  /** Whether every product is to have a buffer of its own whatever the policy: those that share one wait for its sums. */
  apart: boolean;
  /** By core and mapped layer: elements for input pixels that are kept from window to window. */
  lines: readonly ReadonlyMap<number, number>[];
  /** Whether an array group's input is one piece of one pixel, and can be read where that is kept. */
  onePiece(ag: number): boolean;
}

/**
 * Where everything of a throughput program lies in the local memories, in elements (facts 1.5; DAC'23, Fig. 7). The same in
 * every round. A core's memory holds, from address 0: the biases of its layers; then, array group by array group, inputs
 * and outputs; then what it receives; what schedulers need beyond that follows from `used` on.
 *
 * - naive: every product, every sum and everything received has a buffer of its own.
 * - add-reuse: sums accumulate in the buffer of the first product.
 * - ag-reuse: moreover the products of a replica's other array groups take turns on three buffers, and what a replica
 *   receives goes into one.
 */
export class ThroughputMemory {
  /** By array group. With two input buffers the second follows after the group's rows. */
  readonly inputAt: Int32Array;
  /** Where the product of an array group goes. */
  readonly outputAt: Int32Array;
  /** By number of the sender, in its head's core. */
  readonly receivedAt: Int32Array;
  /** Room for activations that take a buffer besides their operand, by core. */
  readonly scratchAt: Int32Array;
  /** By core: whether every product has a buffer of its own. */
  readonly apart: boolean[];
  /** By core and mapped layer: where input pixels are kept, if they are. */
  readonly lineAt: Map<number, number>[];
  /** Elements in use, by core. */
  readonly used: Int32Array;
  private readonly spanAt = new Map<Span, number>();
  /** Naive policy: where the sum is after each addition. */
  private readonly steps = new Map<PartialSum, number[]>();
  private readonly biasAt = new Map<Span, number>();
  private readonly openAt = new Map<Run, number>();
  private readonly options: MemoryOptions;
  private readonly ags: AgTable;

  constructor(runs: Runs, ags: AgTable, network: Network, options: MemoryOptions) {
    this.options = options;
    this.ags = ags;
    this.inputAt = new Int32Array(ags.count).fill(-1);
    this.outputAt = new Int32Array(ags.count).fill(-1);
    this.receivedAt = new Int32Array(runs.senders.length).fill(-1);
    this.used = new Int32Array(runs.byCore.length);
    this.scratchAt = new Int32Array(runs.byCore.length);
    this.lineAt = runs.byCore.map(() => new Map());
    this.apart = runs.byCore.map(() => options.policy !== 'ag-reuse');
    for (const [core, ofCore] of runs.byCore.entries()) {
      const all = [...(options.lines[core] ?? [])].sort(([, a], [, b]) => b - a);
      for (const apart of options.apart ? [true, false] : [false]) {
        let dropped = 0;
        do this.placeCore(core, ofCore, network, apart, all.slice(dropped));
        while (this.used[core]! > options.room && dropped++ < all.length);
        if (this.used[core]! <= options.room) break;
      }
    }
  }

  private placeCore(
    core: number,
    runs: readonly Run[],
    network: Network,
    apart: boolean,
    lines: readonly (readonly [mapped: number, elements: number])[],
  ): void {
    this.used[core] = 0;
    this.apart[core] = apart || this.options.policy !== 'ag-reuse';
    this.lineAt[core]!.clear();
    for (const [mapped, elements] of lines) this.lineAt[core]!.set(mapped, this.take(core, elements));
    const biases = new Map<string, number>();
    for (const run of runs) this.placeBiases(core, run, network, biases);
    for (const run of runs) this.placeBuffers(core, run, apart);
    for (const run of runs) this.placeReceived(core, run, apart);
    this.scratchAt[core] = this.take(core, scratchOf(runs, network));
  }

  /** Address of a span's bias in the core's memory, -1 where it has none. */
  bias(span: Span): number {
    return this.biasAt.get(span) ?? -1;
  }

  /** Where a span is when it is done. */
  result(span: Span): number {
    return this.spanAt.get(span)!;
  }

  /** Where a replica's open output pixels are. */
  accumulatorsAt(run: Run): number {
    return this.openAt.get(run)!;
  }

  /** Where a sum is after so many additions. */
  sum(sum: PartialSum, additions: number): number {
    const steps = this.steps.get(sum);
    return steps ? steps[additions]! : this.outputAt[sum.ags[0]!]!;
  }

  private take(core: number, elements: number): number {
    const at = this.used[core]!;
    this.used[core] = at + elements;
    return at;
  }

  private placeBiases(core: number, run: Run, network: Network, known: Map<string, number>): void {
    const layer = network.layers[run.layer.layer]!;
    if (!hasBias(layer, this.options.style)) return;
    for (const span of run.spans) {
      const key = `${run.mapped}/${span.columnStart}/${span.columnEnd}`;
      const at = known.get(key) ?? this.take(core, biasWidth(layer, span));
      known.set(key, at);
      this.biasAt.set(span, at);
    }
  }

  private placeBuffers(core: number, run: Run, apart: boolean): void {
    const { policy } = this.options;
    const { rowStart, rowEnd } = this.ags;
    const inputs = new Map<number, number>();
    const kept = this.lineAt[core]!.has(run.mapped);
    const buffers = !kept && this.options.twoInputs(run) ? 2 : 1;
    for (const span of run.spans) this.spanAt.set(span, this.take(core, span.columnEnd - span.columnStart));
    if (run.spans.length > 0) this.openAt.set(run, this.take(core, this.options.accumulators(run)));
    const turns: { at: number; size: number }[] = [];
    let turn = 0;
    for (const sum of run.sums) {
      const width = sum.columnEnd - sum.columnStart;
      const home = run.spans.find((span) => span.heads.includes(sum));
      const final = home ? this.spanAt.get(home)! + sum.columnStart - home.columnStart : this.take(core, width);
      for (const [index, ag] of sum.ags.entries()) {
        // Column parts of the same rows in the same core read one input.
        const rows = kept && this.options.onePiece(ag) ? 0 : rowEnd[ag]! - rowStart[ag]!;
        const at = inputs.get(rowStart[ag]!) ?? this.take(core, buffers * rows);
        inputs.set(rowStart[ag]!, at);
        this.inputAt[ag] = at;
        if (index === 0) this.outputAt[ag] = final;
        else if (apart || policy !== 'ag-reuse') this.outputAt[ag] = this.take(core, width);
        else {
          const slot = turns[turn % TURNS];
          if (slot && slot.size >= width) this.outputAt[ag] = slot.at;
          else {
            this.outputAt[ag] = this.take(core, width);
            turns[turn % TURNS] = { at: this.outputAt[ag]!, size: width };
          }
          turn++;
        }
      }
      if (policy === 'naive') this.placeSteps(core, sum, final);
    }
  }

  /** A buffer for the first product and for every sum but the last, which is the result. */
  private placeSteps(core: number, sum: PartialSum, final: number): void {
    const additions = sum.ags.length - 1 + (sum.head === sum ? sum.senders.length : 0);
    const width = sum.columnEnd - sum.columnStart;
    const steps = Array.from({ length: additions }, () => this.take(core, width));
    steps.push(final);
    this.steps.set(sum, steps);
    this.outputAt[sum.ags[0]!] = steps[0]!;
  }

  private placeReceived(core: number, run: Run, apart: boolean): void {
    let shared: { at: number; size: number } | undefined;
    for (const sum of run.sums) {
      const width = sum.columnEnd - sum.columnStart;
      for (const sender of sum.head === sum ? sum.senders : []) {
        if (apart || this.options.policy !== 'ag-reuse') {
          this.receivedAt[sender.sender] = this.take(core, width);
          continue;
        }
        if (!shared || shared.size < width) shared = { at: this.take(core, width), size: width };
        this.receivedAt[sender.sender] = shared.at;
      }
    }
  }
}

/** Elements of a layer's bias that a span takes: not one for each of its columns where those stand for kernel positions. */
export function biasWidth({ kind }: Layer, span: Span): number {
  const width = span.columnEnd - span.columnStart;
  return kind.op === 'conv' ? Math.min(width, kind.outputChannels) : width;
}

function scratchOf(runs: readonly Run[], network: Network): number {
  let most = 0;
  for (const run of runs) {
    const { activation } = network.layers[run.layer.layer]!;
    if (!activation || !needsScratch(activation)) continue;
    for (const span of run.spans) most = Math.max(most, span.columnEnd - span.columnStart);
  }
  return most;
}
