import type { Layer } from '../../onnx/network.ts';
import type { CoreProgram } from '../program/builder.ts';
import { FUNCTIONS, Op, type OpCode, type StageCode } from '../program/types.ts';

/** Appends instructions of one core; what they have in common is set once. */
export class Emitter {
  group = 0;
  layer = -1;
  replica = -1;
  ag = -1;
  window = -1;
  readonly to: CoreProgram;

  constructor(to: CoreProgram) {
    this.to = to;
  }

  put(op: OpCode, stage: StageCode, dst: number, src1: number, src2: number, elements: number): number {
    const at = this.to.append(op, stage, this.group, this.layer, dst, src1, src2, elements);
    const { columns } = this.to;
    columns.replica[at] = this.replica;
    columns.ag[at] = this.ag;
    columns.window[at] = this.window;
    return at;
  }

  transfer(op: OpCode, stage: StageCode, address: number, elements: number, pair: number, peer: number): void {
    const sends = op === Op.SEND;
    const at = this.put(op, stage, sends ? -1 : address, sends ? address : -1, -1, elements);
    this.to.columns.pair[at] = pair;
    this.to.columns.peer[at] = peer;
  }

  immediate(op: OpCode, stage: StageCode, dst: number, src1: number, elements: number, value: number): void {
    const at = this.put(op, stage, dst, src1, -1, elements);
    this.to.columns.immediate[at] = value;
  }

  /** `repeats` pieces, the source advancing by `stride`; for VDOT, as many columns of the second operand. */
  strided(
    op: OpCode,
    stage: StageCode,
    dst: number,
    src1: number,
    src2: number,
    elements: number,
    stride: number,
    repeats: number,
  ): void {
    const at = this.put(op, stage, dst, src1, src2, elements);
    this.to.columns.stride[at] = stride;
    this.to.columns.repeats[at] = repeats;
  }
}

/** Applies an activation in place. ReLU, tanh and sigmoid have instructions of their own; clip is two, either may be idle. */
export function emitActivation(
  out: Emitter,
  stage: StageCode,
  activation: NonNullable<Layer['activation']>,
  dst: number,
  src: number,
  elements: number,
): void {
  switch (activation.how) {
    case 'relu':
      out.put(Op.VRELU, stage, dst, src, -1, elements);
      return;
    case 'tanh':
      out.put(Op.VTANH, stage, dst, src, -1, elements);
      return;
    case 'sigmoid':
      out.put(Op.VSIGM, stage, dst, src, -1, elements);
      return;
    case 'clip': {
      const { min, max } = activation;
      let from = src;
      if (max !== undefined && Number.isFinite(max)) {
        out.immediate(Op.VRSU, stage, dst, from, elements, max);
        from = dst;
      }
      if (min !== undefined && Number.isFinite(min)) out.immediate(Op.VRSL, stage, dst, from, elements, min);
      return;
    }
    default:
      out.immediate(Op.VFUN, stage, dst, src, elements, FUNCTIONS.indexOf(activation.how));
  }
}
