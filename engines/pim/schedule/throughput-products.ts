import type { Layer } from '../../onnx/network.ts';
import { biasWidth } from '../memory/throughput.ts';
import { Op, Stage } from '../program/types.ts';
import { type Emitter, emitActivation } from './common-emit.ts';
import { hasBias, inputRegion } from './common-regions.ts';
import type { PartialSum, Run, Span } from './common-runs.ts';
import { VectorWalk } from './throughput-fetch.ts';
import type { ThroughputPlan } from './throughput-plan.ts';

/** What `emitProducts` is to write, as bits. */
const PRODUCTS = 1;
const SUMS = 2;

/** Writes what the layers with weights do, round by round. */
export class ThroughputProducts {
  private readonly plan: ThroughputPlan;

  constructor(plan: ThroughputPlan) {
    this.plan = plan;
  }

  emitBiases(out: Emitter, runs: readonly Run[]): void {
    const loaded = new Set<number>();
    out.group = 0;
    out.replica = -1;
    out.ag = -1;
    out.window = -1;
    for (const run of runs) {
      const layer = this.plan.network.layers[run.layer.layer]!;
      if (!hasBias(layer, this.plan.options.style)) continue;
      out.layer = layer.index;
      for (const span of run.spans) {
        const at = this.plan.memory.bias(span);
        if (loaded.has(at)) continue;
        loaded.add(at);
        const source = this.plan.layout.constants[layer.index]! + span.columnStart;
        out.put(Op.LD, Stage.BIAS, at, source, -1, biasWidth(layer, span));
      }
    }
  }

  emitRound(out: Emitter, core: number, runs: readonly Run[], round: number): void {
    // With a buffer for each product all of a round can run before the first sum, which would wait for its product.
    const apart = !this.plan.released && this.plan.memory.apart[core]!;
    const passes = apart ? [PRODUCTS, SUMS] : [PRODUCTS | SUMS];
    for (const pass of passes) {
      for (const run of runs) {
        const step = this.plan.stepOf(run, round);
        if (step < 0) continue;
        this.begin(out, run, this.plan.windowOf(run, step));
        this.emitProducts(out, run, step, pass);
        if (this.plan.columns[run.mapped] || (pass & SUMS) === 0) continue;
        for (const span of run.spans) {
          if (span.heads.every((head) => head.senders.length === 0)) this.emitActivation(out, span);
        }
      }
    }
    this.emitExchanges(out, core, round);
    for (const run of runs) {
      const step = this.plan.stepOf(run, round);
      if (step < 0) continue;
      const window = this.plan.windowOf(run, step);
      this.begin(out, run, window);
      for (const span of run.spans) {
        if (this.plan.columns[run.mapped]) this.emitColumns(out, run, span, step);
        else this.emitStore(out, run, span, window);
      }
    }
  }

  private emitColumns(out: Emitter, run: Run, span: Span, step: number): void {
    this.plan.columns[run.mapped]!.emit(out, run.replica, step, {
      products: this.plan.memory.result(span),
      sums: this.plan.memory.accumulatorsAt(run),
      bias: this.plan.memory.bias(span),
      scratch: this.plan.memory.scratchAt[run.core]!,
      target: this.plan.outputs[run.mapped]!,
    });
  }

  private begin(out: Emitter, run: Run, window: number): void {
    out.layer = run.layer.layer;
    out.replica = run.replica;
    out.ag = -1;
    out.window = window;
  }

  private emitProducts(out: Emitter, run: Run, step: number, pass: number): void {
    const { memory } = this.plan;
    const two = this.plan.twoInputs(run) && !memory.lineAt[run.core]!.has(run.mapped);
    const loaded = new Map<number, number>();
    for (const sum of run.sums) {
      const width = sum.columnEnd - sum.columnStart;
      for (const [index, ag] of sum.ags.entries()) {
        out.ag = ag;
        if ((pass & PRODUCTS) !== 0) this.emitProduct(out, run, step, ag, two, loaded);
        if ((pass & SUMS) === 0) continue;
        if (index > 0) {
          const before = memory.sum(sum, index - 1);
          out.put(Op.VVADD, Stage.MAIN_A, memory.sum(sum, index), before, memory.outputAt[ag]!, width);
        } else if (run.spans.length > 0 && sum.head === sum) this.emitBias(out, run, sum);
      }
    }
    out.ag = -1;
  }

  /** `loaded`: where inputs of this window already are, by their first row in the layer's matrix. */
  private emitProduct(
    out: Emitter,
    run: Run,
    step: number,
    ag: number,
    two: boolean,
    loaded: Map<number, number>,
  ): void {
    const { memory, network } = this.plan;
    const { rowStart, rowEnd, slice } = this.plan.mapping.ags;
    const rows = rowEnd[ag]! - rowStart[ag]!;
    let at = loaded.get(rowStart[ag]!);
    if (at === undefined) {
      at = memory.inputAt[ag]! + (two && step % 2 === 1 ? rows : 0);
      const inputs = this.plan.inputs[run.mapped];
      if (inputs) at = inputs.bring(out, slice[ag]!, out.window, at, step, two ? step + 1 : step);
      else this.loadRow(out, network.layers[run.layer.layer]!, rowStart[ag]!, rows, at);
      loaded.set(rowStart[ag]!, at);
    }
    out.put(Op.MVMUL, Stage.MAIN, memory.outputAt[ag]!, at, -1, rows);
  }

  private loadRow(out: Emitter, layer: Layer, rowStart: number, rows: number, at: number): void {
    if (layer.kind.op !== 'fc') throw new Error(`layer ${layer.name} has no weights`);
    const source = this.fcRow(layer, layer.kind.inputs, out.window) + rowStart;
    out.put(Op.LD, Stage.INPUT, at, source, -1, rows);
  }

  /** Global address of one row of an FC layer's input. */
  private fcRow(layer: Layer, inputs: number, row: number): number {
    const view = this.plan.views?.views[layer.inputs[0]!];
    if (view?.sizes.at(-1) !== inputs) return inputRegion(this.plan.layout, layer) + row * inputs;
    const inOrder = view.sizes.map((_, axis) => axis);
    return new VectorWalk(view, view.sizes, view.strides, inOrder).address(row);
  }

  /** The bias of a span is added once the first product of the last of its sums is there. */
  private emitBias(out: Emitter, run: Run, sum: PartialSum): void {
    const span = run.spans.find((it) => it.heads.at(-1) === sum);
    if (!span || this.plan.columns[run.mapped]) return;
    const bias = this.plan.memory.bias(span);
    if (bias < 0) return;
    const at = this.plan.memory.sum(span.heads[0]!, 0);
    out.put(Op.VVADD, Stage.MAIN_B, at, at, bias, span.columnEnd - span.columnStart);
  }

  private emitActivation(out: Emitter, span: Span): void {
    const { activation } = this.plan.network.layers[out.layer]!;
    if (!activation || this.plan.columns[span.heads[0]!.run.mapped]) return;
    const at = this.plan.memory.result(span);
    const scratch = this.plan.memory.scratchAt[span.heads[0]!.core]!;
    emitActivation(out, Stage.MAIN, activation, at, at, span.columnEnd - span.columnStart, scratch);
  }

  private emitExchanges(out: Emitter, core: number, round: number): void {
    const { memory } = this.plan;
    for (const { sender, sends } of this.plan.exchanges[core]!) {
      const step = this.plan.stepOf(sender.run, round);
      if (step < 0) continue;
      this.begin(out, sender.run, this.plan.windowOf(sender.run, step));
      out.ag = sender.ags[0]!;
      const { head } = sender;
      const width = sender.columnEnd - sender.columnStart;
      const pair = this.plan.pairs[sender.sender]! + step;
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
    const { at, stride } = this.plan.outputs[run.mapped]!;
    const target = at + window * stride + span.columnStart;
    const width = span.columnEnd - span.columnStart;
    out.put(Op.ST, Stage.OUTPUT, target, this.plan.memory.result(span), -1, width);
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
