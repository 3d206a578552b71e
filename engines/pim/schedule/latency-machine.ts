import { LocalHeap } from '../memory/latency-heap.ts';
import { type CoreProgram, ProgramBuilder } from '../program/builder.ts';
import { Op, type OpCode, Stage, type StageCode } from '../program/types.ts';
import type { GlobalLayout } from './common-regions.ts';
import type { Store } from './latency-types.ts';

/** The cores while their programs are written: a memory and a growing program each. */
export class LatencyMachine {
  readonly builder: ProgramBuilder;
  readonly programs: CoreProgram[];
  readonly heaps: LocalHeap[];
  readonly layout: GlobalLayout;
  /** The round that is being written: the instruction group. */
  round = 0;
  /** Instructions written, for progress and pauses. */
  written = 0;

  constructor(cores: number, layout: GlobalLayout, reuse: boolean) {
    this.layout = layout;
    this.builder = new ProgramBuilder(cores);
    this.programs = this.builder.cores;
    this.heaps = Array.from({ length: cores }, () => new LocalHeap(reuse));
  }

  private add(
    core: number,
    op: OpCode,
    stage: StageCode,
    layer: number,
    dst: number,
    src1: number,
    src2: number,
    n: number,
  ): number {
    this.written++;
    return this.programs[core]!.append(op, stage, this.round, layer, dst, src1, src2, n);
  }

  /** A load from global memory; one that goes on where the load before it ended is made one with it. */
  load(core: number, stage: StageCode, layer: number, dst: number, src: number, n: number): void {
    if (stage === Stage.INPUT && this.extends(core, Op.LD, stage, dst, src)) this.lengthen(core, n);
    else this.add(core, Op.LD, stage, layer, dst, src, -1, n);
  }

  store(core: number, layer: number, window: number, dst: number, src: number, n: number): void {
    const at = this.add(core, Op.ST, Stage.OUTPUT, layer, dst, src, -1, n);
    this.programs[core]!.columns.window[at] = window;
  }

  /** A local copy; `joins`: it may be made one with a copy before it that ends where it starts. */
  copy(core: number, stage: StageCode, layer: number, dst: number, src: number, n: number, joins: boolean): void {
    const last = this.programs[core]!;
    // What the copy before it wrote may be what this one reads: then they stay apart.
    const apart = () => Math.abs(dst - src) >= last.columns.elements[last.length - 1]! + n;
    if (joins && this.extends(core, Op.LMV, stage, dst, src) && apart()) this.lengthen(core, n);
    else this.add(core, Op.LMV, stage, layer, dst, src, -1, n);
  }

  /** `repeats` runs of `n` elements, `stride` apart, copied one behind the other. */
  gather(
    core: number,
    stage: StageCode,
    layer: number,
    dst: number,
    src: number,
    n: number,
    stride: number,
    repeats: number,
  ): void {
    if (repeats === 1) {
      this.copy(core, stage, layer, dst, src, n, true);
      return;
    }
    const at = this.add(core, Op.LMV, stage, layer, dst, src, -1, n);
    const { columns } = this.programs[core]!;
    columns.stride[at] = stride;
    columns.repeats[at] = repeats;
  }

  fill(core: number, stage: StageCode, layer: number, dst: number, n: number, value: number, joins: boolean): void {
    const program = this.programs[core]!;
    const last = program.length - 1;
    const { columns } = program;
    if (
      joins &&
      last >= 0 &&
      columns.op[last] === Op.LLDI &&
      columns.group[last] === this.round &&
      columns.immediate[last] === Math.fround(value) &&
      columns.dst[last]! + columns.elements[last]! === dst
    ) {
      this.lengthen(core, n);
      return;
    }
    const at = this.add(core, Op.LLDI, stage, layer, dst, -1, -1, n);
    this.programs[core]!.columns.immediate[at] = value;
  }

  product(
    core: number,
    layer: number,
    replica: number,
    ag: number,
    window: number,
    dst: number,
    src: number,
    n: number,
  ): void {
    const at = this.add(core, Op.MVMUL, Stage.MAIN, layer, dst, src, -1, n);
    const { columns } = this.programs[core]!;
    columns.replica[at] = replica;
    columns.ag[at] = ag;
    columns.window[at] = window;
  }

  vector(
    core: number,
    op: OpCode,
    stage: StageCode,
    layer: number,
    window: number,
    dst: number,
    src1: number,
    src2: number,
    n: number,
    immediate = 0,
  ): void {
    const at = this.add(core, op, stage, layer, dst, src1, src2, n);
    const { columns } = this.programs[core]!;
    columns.window[at] = window;
    columns.immediate[at] = immediate;
  }

  /** Row times columns: `dst[j] <- src1 . src2[j * stride ..]`, `n` long, for `repeats` columns. */
  dot(
    core: number,
    layer: number,
    window: number,
    dst: number,
    src1: number,
    src2: number,
    n: number,
    stride: number,
    repeats: number,
  ): void {
    const at = this.add(core, Op.VDOT, Stage.POST, layer, dst, src1, src2, n);
    const { columns } = this.programs[core]!;
    columns.window[at] = window;
    columns.stride[at] = stride;
    columns.repeats[at] = repeats;
  }

  transfer(
    stage: StageCode,
    from: { core: number; layer: number },
    to: { core: number; layer: number },
    window: number,
    dst: number,
    src: number,
    n: number,
  ): void {
    const pair = this.builder.pairs++;
    const sent = this.add(from.core, Op.SEND, stage, from.layer, -1, src, -1, n);
    const sender = this.programs[from.core]!.columns;
    sender.pair[sent] = pair;
    sender.peer[sent] = to.core;
    sender.window[sent] = window;
    const received = this.add(to.core, Op.RECV, stage, to.layer, dst, -1, -1, n);
    const receiver = this.programs[to.core]!.columns;
    receiver.pair[received] = pair;
    receiver.peer[received] = from.core;
    receiver.window[received] = window;
  }

  /** One use of a copy is over; after the last its memory is given back. */
  used(store: Store, slot: number, pixel: number): void {
    const uses = store.uses[slot]!;
    const left = uses[pixel]! - 1;
    uses[pixel] = left;
    if (left > 0) return;
    const address = store.address[slot]!;
    const at = address[pixel]!;
    const core = store.cores[slot]!;
    const low = store.low[slot]!;
    if (store.keepsWhole && store.from.home[pixel] === core) this.heaps[core]!.free(at - low, store.from.channels);
    else this.heaps[core]!.free(at, store.high[slot]! - low);
    address[pixel] = -1;
  }

  private extends(core: number, op: OpCode, stage: StageCode, dst: number, src: number): boolean {
    const program = this.programs[core]!;
    const last = program.length - 1;
    if (last < 0) return false;
    const { columns } = program;
    const n = columns.elements[last]!;
    return (
      columns.op[last] === op &&
      columns.group[last] === this.round &&
      columns.stage[last] === stage &&
      columns.repeats[last] === 1 &&
      columns.src1[last]! + n === src &&
      columns.dst[last]! + n === dst
    );
  }

  private lengthen(core: number, n: number): void {
    const program = this.programs[core]!;
    program.columns.elements[program.length - 1]! += n;
  }
}
