import type { Layer } from '../../onnx/network.ts';
import { Op, Stage } from '../program/types.ts';
import { elementsOf } from './common-regions.ts';
import { denseStrides, reshape, type View } from './common-views.ts';
import { VectorWalk } from './throughput-fetch.ts';
import {
  finish,
  inputWalk,
  inStretches,
  lastAxes,
  outputWalk,
  type PostContext,
  type PostJob,
  withInner,
} from './throughput-job.ts';

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

export function concatJobs(layer: Layer, { layout }: PostContext): PostJob[] {
  const { kind } = layer;
  if (kind.op !== 'concat') return [];
  const whole = layout.views[layer.index]!;
  const axis = kind.axis < 0 ? kind.axis + layer.outputShape.length : kind.axis;
  let offset = 0;
  return layer.inputs.flatMap((index, operand) => {
    const view = layout.views[index]!;
    const shape = layer.inputShapes[operand]!;
    const at = whole.at + offset * whole.strides[axis]!;
    offset += shape[axis]!;
    // What made it has stored it here.
    if (layout.regions[index]! < 0 && view.owner === layer.index) return [];
    return [copyJob(layer, view, { ...whole, at, sizes: shape }, shape, layout.axes[layer.index]!)];
  });
}

export function moveJobs(layer: Layer, context: PostContext): PostJob[] | undefined {
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
export function resizeJob(layer: Layer, { layout }: PostContext): PostJob {
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
