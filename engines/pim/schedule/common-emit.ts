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

/** Slopes that the functions of the vector unit have built in. */
const LEAKY = 0.01;
const HARD_SIGMOID = 1 / 6;

type Activating = NonNullable<Layer['activation']>;

/** Whether an activation takes a buffer of its own besides source and target. */
export function needsScratch({ how, alpha }: Activating): boolean {
  return how === 'leaky-relu' && alpha !== undefined && alpha !== LEAKY;
}

/**
 * An activation from `src` to `dst`, which may be the same. ReLU, tanh and sigmoid have instructions of their own; a clip is
 * one for each bound that it has. `scratch`: as many elements, where `needsScratch` says so.
 */
export function emitActivation(
  out: Emitter,
  stage: StageCode,
  activation: Activating,
  dst: number,
  src: number,
  elements: number,
  scratch: number,
): void {
  const { how, alpha } = activation;
  if (how === 'relu') out.put(Op.VRELU, stage, dst, src, -1, elements);
  else if (how === 'tanh') out.put(Op.VTANH, stage, dst, src, -1, elements);
  else if (how === 'sigmoid') out.put(Op.VSIGM, stage, dst, src, -1, elements);
  else if (how === 'clip') emitClip(out, stage, activation, dst, src, elements);
  else if (needsScratch(activation)) {
    out.immediate(Op.VMULI, stage, scratch, src, elements, alpha!);
    out.put(alpha! <= 1 ? Op.VVMAX : Op.VVMIN, stage, dst, src, scratch, elements);
  } else if (how === 'hard-sigmoid' && alpha !== undefined && alpha !== HARD_SIGMOID) {
    out.immediate(Op.VMULI, stage, dst, src, elements, alpha);
    out.immediate(Op.VADDI, stage, dst, dst, elements, 0.5);
    emitClip(out, stage, { how: 'clip', min: 0, max: 1 }, dst, dst, elements);
  } else out.immediate(Op.VFUN, stage, dst, src, elements, FUNCTIONS.indexOf(how));
}

function emitClip(
  out: Emitter,
  stage: StageCode,
  { min, max }: Activating,
  dst: number,
  src: number,
  elements: number,
): void {
  let from = src;
  if (max !== undefined && Number.isFinite(max)) {
    out.immediate(Op.VRSU, stage, dst, from, elements, max);
    from = dst;
  }
  if (min !== undefined && Number.isFinite(min)) {
    out.immediate(Op.VRSL, stage, dst, from, elements, min);
    from = dst;
  }
  if (from !== dst) out.put(Op.LMV, stage, dst, from, -1, elements);
}
