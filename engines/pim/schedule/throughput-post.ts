import type { Layer } from '../../onnx/network.ts';
import { Op, type OpCode, Stage } from '../program/types.ts';
import { type Emitter, emitActivation } from './common-emit.ts';
import { elementsOf } from './common-regions.ts';
import { alignedStrides, denseStrides, reshape, type View } from './common-views.ts';
import { repeat, type Scratch, VectorWalk } from './throughput-fetch.ts';
import { instanceJob, reduceJob } from './throughput-gathering.ts';
import { finish, type PostContext, type PostJob, RECIPROCAL, SQRT } from './throughput-job.ts';
import { matmulJob } from './throughput-matmul.ts';
import { emitPool } from './throughput-pool.ts';

/** Channels of a pixel are shared out in pieces of no fewer than these: a step of the vector unit (facts 1.7). */
const LEAST_CHANNELS = 32;

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
  const region = layout.regions[layer.index]!;
  return {
    layer,
    units: pixels * perPixel,
    volume: elementsOf(layer.inputShapes[0]!) + elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      if (perPixel === 1) {
        emitPool(out, scratch, layer, kind, input, region, { from, to, first: 0, last: channels });
        return;
      }
      for (let unit = from; unit < to; unit++) {
        const pixel = Math.floor(unit / perPixel);
        const first = (unit % perPixel) * width;
        const range = { from: pixel, to: pixel + 1, first, last: Math.min(channels, first + width) };
        emitPool(out, scratch, layer, kind, input, region, range);
      }
    },
  };
}

/** Axes of a layer in the order of its region. */
function lastAxes(layer: Layer, { layout }: PostContext): number[] {
  return layout.axes[layer.index]!;
}

/** The same, with one axis moved to the inside. */
function withInner(axes: readonly number[], axis: number): number[] {
  const inner = axis < 0 ? axis + axes.length : axis;
  return [...axes.filter((it) => it !== inner), inner];
}

function inputWalk(layer: Layer, { layout }: PostContext, operand: number, axes: readonly number[]): VectorWalk {
  const view = layout.views[layer.inputs[operand]!]!;
  return new VectorWalk(view, layer.outputShape, alignedStrides(view, layer.outputShape), axes);
}

function outputWalk(layer: Layer, { layout }: PostContext, axes: readonly number[]): VectorWalk {
  const view = layout.views[layer.index]!;
  return new VectorWalk(view, layer.outputShape, view.strides, axes);
}

/** Calls `each` with stretches of vectors of which `buffers` copies fit into memory. */
function inStretches(
  scratch: Scratch,
  length: number,
  buffers: number,
  from: number,
  to: number,
  each: (start: number, end: number) => void,
): void {
  const step = Math.max(1, Math.floor(scratch.room / 2 / (length * buffers)));
  for (let start = from; start < to; start += step) {
    scratch.clear();
    each(start, Math.min(to, start + step));
  }
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

/** A copy of elements from one view to another of the same sizes, in the order of `axes`. */
function copyJob(layer: Layer, from: View, to: View, shape: readonly number[], axes: readonly number[]): PostJob {
  const input = new VectorWalk(from, shape, from.strides, axes);
  const output = new VectorWalk(to, shape, to.strides, axes);
  return {
    layer,
    units: output.count,
    volume: 2 * elementsOf(shape),
    emit(out, scratch, start, end) {
      inStretches(scratch, output.length, 2, start, end, (first, last) => {
        const elements = (last - first) * output.length;
        const at = scratch.take(elements);
        out.window = first;
        input.load(out, scratch, first, last, at);
        finish(out, layer, at, elements, scratch);
        output.store(out, first, last, at);
      });
    },
  };
}

function concatJobs(layer: Layer, { layout }: PostContext): PostJob[] {
  const { kind } = layer;
  if (kind.op !== 'concat') return [];
  const whole = layout.views[layer.index]!;
  const axis = kind.axis < 0 ? kind.axis + layer.outputShape.length : kind.axis;
  let offset = 0;
  return layer.inputs.map((index, operand) => {
    const view = layout.views[index]!;
    const shape = layer.inputShapes[operand]!;
    const at = whole.at + offset * whole.strides[axis]!;
    offset += shape[axis]!;
    return copyJob(layer, view, { ...whole, at, sizes: shape }, shape, layout.axes[layer.index]!);
  });
}

function moveJobs(layer: Layer, context: PostContext): PostJob[] | undefined {
  const { kind } = layer;
  const { layout } = context;
  if (kind.op !== 'move') return undefined;
  if (!layout.copied.has(layer.index)) return [];
  const input = layout.views[layer.inputs[0]!]!;
  const whole = layout.views[layer.index]!;
  const axes = layout.axes[layer.index]!;
  if (kind.how === 'shuffle') return [shuffleJob(layer, context, kind.groups ?? 1)];
  if (kind.how === 'transpose') {
    const order = kind.order ?? input.sizes.map((_, axis) => input.sizes.length - 1 - axis);
    const strides = order.map((axis) => input.strides[axis < 0 ? axis + input.sizes.length : axis]!);
    return [copyJob(layer, { ...input, sizes: layer.outputShape, strides }, whole, layer.outputShape, axes)];
  }
  if (kind.how === 'slice' || kind.how === 'split') {
    if (!kind.slice) return undefined;
    const axis = kind.slice.axis < 0 ? kind.slice.axis + input.sizes.length : kind.slice.axis;
    const strides = input.strides.map((stride, index) => (index === axis ? stride * kind.slice!.step : stride));
    const at = input.at + kind.slice.start * input.strides[axis]!;
    return [copyJob(layer, { ...input, at, sizes: layer.outputShape, strides }, whole, layer.outputShape, axes)];
  }
  if (kind.how === 'pad' || elementsOf(input.sizes) !== elementsOf(layer.outputShape)) return undefined;
  const straight = reshape(input.sizes, input.strides, layer.outputShape);
  if (straight) {
    const from = { ...input, sizes: layer.outputShape, strides: straight };
    return [copyJob(layer, from, whole, layer.outputShape, axes)];
  }
  const backward = reshape(layer.outputShape, whole.strides, input.sizes);
  if (!backward) return undefined;
  const to = { ...whole, sizes: input.sizes, strides: backward };
  const inOrder = input.sizes.map((_, axis) => axis);
  return [copyJob(layer, input, to, input.sizes, inOrder)];
}

/** Channel shuffle: channel i * groups + g of the result is channel g * (channels / groups) + i of the input. */
function shuffleJob(layer: Layer, context: PostContext, groups: number): PostJob {
  const axes = withInner(lastAxes(layer, context), 1);
  const input = inputWalk(layer, context, 0, axes);
  const output = outputWalk(layer, context, axes);
  const each = output.length / groups;
  return {
    layer,
    units: output.count,
    volume: 2 * elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      inStretches(scratch, output.length, 3, from, to, (start, end) => {
        const elements = (end - start) * output.length;
        const [at, result] = [scratch.take(elements), scratch.take(elements)];
        input.load(out, scratch, start, end, at);
        for (let vector = 0; vector < end - start; vector++) {
          out.window = start + vector;
          const base = vector * output.length;
          for (let channel = 0; channel < each; channel++)
            out.strided(Op.LMV, Stage.POST, result + base + channel * groups, at + base + channel, -1, 1, each, groups);
        }
        finish(out, layer, result, elements, scratch);
        output.store(out, start, end, result);
      });
    },
  };
}

/** Nearest neighbour, asymmetric coordinates, rounded down. */
function resizeJob(layer: Layer, { layout }: PostContext): PostJob {
  const [batch = 1, channels = 1, rows = 1, columns = 1] = layer.outputShape;
  const [, , inputRows = 1, inputColumns = 1] = layer.inputShapes[0]!;
  const input = layout.views[layer.inputs[0]!]!;
  const strides = denseStrides([batch, inputRows, inputColumns], [0, 1, 2]);
  const region = layout.regions[layer.index]!;
  return {
    layer,
    units: batch * rows * columns,
    volume: 2 * elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      inStretches(scratch, channels, 2, from, to, (start, end) => {
        const at = scratch.take((end - start) * channels);
        out.window = start;
        let last = -1;
        for (let pixel = start; pixel < end; pixel++) {
          const sample = Math.floor(pixel / (rows * columns));
          const y = Math.floor(((Math.floor(pixel / columns) % rows) * inputRows) / rows);
          const x = Math.floor(((pixel % columns) * inputColumns) / columns);
          const source = sample * strides[0]! + y * strides[1]! + x;
          const target = at + (pixel - start) * channels;
          if (source === last) out.put(Op.LMV, Stage.POST, target, target - channels, -1, channels);
          else out.put(Op.LD, Stage.INPUT, target, input.at + source * channels, -1, channels);
          last = source;
        }
        finish(out, layer, at, (end - start) * channels, scratch);
        out.put(Op.ST, Stage.OUTPUT, region + start * channels, at, -1, (end - start) * channels);
      });
    },
  };
}
