import type { Layer } from '../../onnx/network.ts';
import { Op, type OpCode, Stage } from '../program/types.ts';
import { type Emitter, emitActivation } from './common-emit.ts';
import { elementsOf } from './common-regions.ts';
import { pixelStride } from './common-views.ts';
import { repeat, type Scratch, VectorWalk } from './throughput-fetch.ts';
import { instanceJob, reduceJob } from './throughput-gathering.ts';
import {
  finish,
  inputWalk,
  inStretches,
  lastAxes,
  outputWalk,
  type PostContext,
  type PostJob,
  RECIPROCAL,
  SQRT,
  withInner,
} from './throughput-job.ts';
import { matmulJob } from './throughput-matmul.ts';
import { concatJobs, moveJobs, resizeJob } from './throughput-moves.ts';
import { emitPool } from './throughput-pool.ts';

/** Channels of a pixel are shared out in pieces of no fewer than these: a step of the vector unit (facts 1.7). */
const LEAST_CHANNELS = 32;

/** Output rows of a pool that one core had better do, since neighbouring ones share input. */
const ROWS_TOGETHER = 4;

/** The jobs of a layer; none where nothing is to be done, undefined where it cannot be. */
export function postJobs(layer: Layer, context: PostContext): PostJob[] | undefined {
  const { kind } = layer;
  switch (kind.op) {
    case 'input':
    case 'conv':
    case 'fc':
      return [];
    case 'pool':
      return [poolJob(layer, context)];
    case 'eltwise':
      return eltwiseJob(layer, context);
    case 'activation':
      return [
        mapJob(layer, context, lastAxes(layer, context), (out, at, elements, scratch) => {
          const { how, min, max, alpha } = kind;
          emitActivation(out, Stage.POST, { how, min, max, alpha }, at, at, elements, scratch.take(elements));
        }),
      ];
    case 'softmax':
      return [
        rowJob(layer, context, kind.axis, (out, at, length) => out.put(Op.VSOFTMAX, Stage.POST, at, at, -1, length)),
      ];
    case 'normalise':
      return kind.how === 'instance' ? [instanceJob(layer, context)] : [normaliseJob(layer, context)];
    case 'concat':
      return concatJobs(layer, context);
    case 'move':
      return moveJobs(layer, context);
    case 'resize':
      return kind.method === 'nearest' ? [resizeJob(layer, context)] : undefined;
    case 'matmul':
      return [matmulJob(layer, context)];
    case 'reduce':
      return kind.how === 'argmax' ? undefined : [reduceJob(layer, context)];
    default:
      return undefined;
  }
}

function poolJob(layer: Layer, { layout, cores }: PostContext): PostJob {
  const { kind } = layer;
  if (kind.op !== 'pool') throw new Error(`layer ${layer.name} is no pool`);
  const [batch = 1, channels = 1, rows = 1, columns = 1] = layer.outputShape;
  const pixels = batch * rows * columns;
  const pieces = Math.max(1, Math.min(Math.floor(cores / pixels), Math.floor(channels / LEAST_CHANNELS)));
  const width = Math.ceil(channels / pieces);
  const perPixel = Math.ceil(channels / width);
  const input = layout.views[layer.inputs[0]!]!;
  const output = layout.views[layer.index]!;
  const target = { at: output.at, stride: pixelStride(output) };
  return {
    layer,
    units: pixels * perPixel,
    // Rows that overlap, where windows do.
    grain: !kind.global && kind.kernel[0] > kind.stride[0] ? ROWS_TOGETHER * columns * perPixel : 1,
    volume: elementsOf(layer.inputShapes[0]!) + elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      if (perPixel === 1) {
        emitPool(out, scratch, layer, kind, input, target, { from, to, first: 0, last: channels });
        return;
      }
      for (let unit = from; unit < to; unit++) {
        const pixel = Math.floor(unit / perPixel);
        const first = (unit % perPixel) * width;
        const range = { from: pixel, to: pixel + 1, first, last: Math.min(channels, first + width) };
        emitPool(out, scratch, layer, kind, input, target, range);
      }
    },
  };
}

/** A layer that changes its one operand element by element, in place. */
function mapJob(
  layer: Layer,
  context: PostContext,
  axes: readonly number[],
  change: (out: Emitter, at: number, elements: number, scratch: Scratch) => void,
): PostJob {
  const input = inputWalk(layer, context, 0, axes);
  const output = outputWalk(layer, context, axes);
  return {
    layer,
    units: output.count,
    volume: 2 * elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      inStretches(scratch, output.length, 2, from, to, (start, end) => {
        const elements = (end - start) * output.length;
        const at = scratch.take(elements);
        out.window = start;
        input.load(out, scratch, start, end, at);
        change(out, at, elements, scratch);
        finish(out, layer, at, elements, scratch);
        output.store(out, start, end, at);
      });
    },
  };
}

/** A layer that computes each vector along one axis by itself. */
function rowJob(
  layer: Layer,
  context: PostContext,
  axis: number,
  row: (out: Emitter, at: number, length: number, scratch: Scratch) => void,
): PostJob {
  const axes = withInner(lastAxes(layer, context), axis);
  const length = layer.outputShape.at(axis)!;
  return mapJob(layer, context, axes, (out, at, elements, scratch) => {
    for (let start = 0; start < elements; start += length) row(out, at + start, length, scratch);
  });
}

const BINARY: Record<string, OpCode> = {
  add: Op.VVADD,
  sub: Op.VVSUB,
  mul: Op.VVMUL,
  div: Op.VVDIV,
  max: Op.VVMAX,
  min: Op.VVMIN,
};

function eltwiseJob(layer: Layer, context: PostContext): PostJob[] | undefined {
  const { kind } = layer;
  if (kind.op !== 'eltwise') return undefined;
  const axes = lastAxes(layer, context);
  if (typeof kind.constant === 'number') return withNumber(layer, context, kind.how, kind.constant);
  const code = BINARY[kind.how];
  if (code === undefined) return undefined;
  const output = outputWalk(layer, context, axes);
  const operands = layer.inputs.map((_, operand) => inputWalk(layer, context, operand, axes));
  if (kind.constant === 'tensor') operands.push(featureWalk(layer, context, axes));
  const buffers = operands.length + 2;
  const job: PostJob = {
    layer,
    units: output.count,
    volume: (operands.length + 1) * elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      inStretches(scratch, output.length, buffers, from, to, (start, end) => {
        const { length } = output;
        const elements = (end - start) * length;
        out.window = start;
        const places = operands.map((operand) => {
          const count = operand.constant ? 1 : end - start;
          const at = scratch.take(count * length);
          operand.load(out, scratch, start, start + count, at);
          return { at, step: operand.constant && end - start > 1 ? 0 : length };
        });
        const result = scratch.take(elements);
        let before = places[0]!;
        for (const next of places.slice(1)) {
          if (before.step > 0 && next.step > 0) out.put(code, Stage.POST, result, before.at, next.at, elements);
          else {
            for (let index = 0; index < end - start; index++) {
              const [one, other] = [before.at + index * before.step, next.at + index * next.step];
              out.put(code, Stage.POST, result + index * length, one, other, length);
            }
          }
          before = { at: result, step: length };
        }
        finish(out, layer, result, elements, scratch);
        output.store(out, start, end, result);
      });
    },
  };
  return [job];
}

/** A constant operand: one number a feature (channels of a map, the last axis otherwise), wherever the axes put them. */
function featureWalk(layer: Layer, { layout }: PostContext, axes: readonly number[]): VectorWalk {
  const feature = layer.outputShape.length === 4 ? 1 : layer.outputShape.length - 1;
  const strides = layer.outputShape.map((_, axis) => (axis === feature ? 1 : 0));
  return new VectorWalk({ at: layout.constants[layer.index]! }, layer.outputShape, strides, axes);
}

function withNumber(layer: Layer, context: PostContext, how: string, value: number): PostJob[] | undefined {
  const one = (op: OpCode, immediate: number) =>
    mapJob(layer, context, lastAxes(layer, context), (out, at, elements) =>
      out.immediate(op, Stage.POST, at, at, elements, immediate),
    );
  if (how === 'add') return [one(Op.VADDI, value)];
  if (how === 'sub') return [one(Op.VADDI, -value)];
  if (how === 'mul') return [one(Op.VMULI, value)];
  if (how === 'div') return [one(Op.VMULI, 1 / value)];
  if (how === 'max') return [one(Op.VRSL, value)];
  if (how === 'min') return [one(Op.VRSU, value)];
  if (value === 0.5) return [one(Op.VFUN, SQRT)];
  if (value === -1) return [one(Op.VFUN, RECIPROCAL)];
  if (value !== 2) return undefined;
  return [
    mapJob(layer, context, lastAxes(layer, context), (out, at, elements) => {
      out.put(Op.VVMUL, Stage.POST, at, at, at, elements);
    }),
  ];
}

function normaliseJob(layer: Layer, context: PostContext): PostJob {
  const { kind } = layer;
  if (kind.op !== 'normalise') throw new Error(`layer ${layer.name} is no normalisation`);
  const byChannel = kind.how === 'batch' || kind.how === 'lrn';
  const axis = byChannel ? 1 : layer.outputShape.length - 1;
  const length = layer.outputShape[axis]!;
  const epsilon = kind.epsilon ?? 1e-5;
  const constants = context.layout.constants[layer.index]!;
  const scaled = layer.parameters > 0;
  const shifted = scaled && kind.how !== 'rms';
  const axes = withInner(lastAxes(layer, context), axis);
  const job = mapJob(layer, context, axes, (out, at, elements, scratch) => {
    const scale = scaled ? load(out, scratch, constants, length) : -1;
    const shift = shifted ? load(out, scratch, constants + length, length) : -1;
    for (let row = at; row < at + elements; row += length) {
      if (kind.how === 'layer') out.immediate(Op.VNORM, Stage.POST, row, row, length, epsilon);
      else if (kind.how === 'rms') out.immediate(Op.VRMS, Stage.POST, row, row, length, epsilon);
      else if (kind.how === 'lrn') out.put(Op.VLRN, Stage.POST, row, row, -1, length);
      else if (kind.how === 'l2') divideByNorm(out, scratch, row, length);
      if (scale >= 0) out.put(Op.VVMUL, Stage.POST, row, row, scale, length);
      if (shift >= 0) out.put(Op.VVADD, Stage.POST, row, row, shift, length);
    }
  });
  return job;
}

function load(out: Emitter, scratch: Scratch, address: number, length: number): number {
  const at = scratch.take(length);
  out.put(Op.LD, Stage.INPUT, at, address, -1, length);
  return at;
}

function divideByNorm(out: Emitter, scratch: Scratch, row: number, length: number): void {
  const mark = scratch.mark();
  const norm = scratch.take(length);
  out.strided(Op.VDOT, Stage.POST, norm, row, row, length, length, 1);
  out.immediate(Op.VFUN, Stage.POST, norm, norm, 1, SQRT);
  repeat(out, norm, 1, length);
  out.put(Op.VVDIV, Stage.POST, row, row, norm, length);
  scratch.back(mark);
}
