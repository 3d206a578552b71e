import type { Layer } from '../../onnx/network.ts';
import { Op, Stage } from '../program/types.ts';
import type { Emitter } from './common-emit.ts';
import { elementsOf } from './common-regions.ts';
import { denseStrides } from './common-views.ts';
import { type Scratch, VectorWalk } from './throughput-fetch.ts';
import { finish, type PostContext, type PostJob, SQRT } from './throughput-job.ts';

/**
 * Sums, means and extremes over axes. Vectors along an axis that stays are combined one after the other; where the
 * innermost axis goes itself, the combined vector is then folded: by VDOT with ones, or by halves for extremes.
 */
export function reduceJob(layer: Layer, { layout }: PostContext): PostJob {
  const { kind } = layer;
  if (kind.op !== 'reduce') throw new Error(`layer ${layer.name} reduces nothing`);
  const view = layout.views[layer.inputs[0]!]!;
  const shape = layer.inputShapes[0]!;
  const gone = new Set(kind.axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  const order = shape.map((_, axis) => axis).sort((a, b) => view.strides[b]! - view.strides[a]! || a - b);
  const kept = order.filter((axis) => !gone.has(axis));
  const lost = order.filter((axis) => gone.has(axis));
  const inner = order.findLast((axis) => shape[axis]! > 1) ?? order.at(-1)!;
  const folds = gone.has(inner);
  const outerKept = folds ? kept : kept.filter((axis) => axis !== inner);
  const outerLost = folds ? lost.filter((axis) => axis !== inner) : lost;
  const walk = new VectorWalk(view, shape, view.strides, [...outerKept, ...outerLost, inner]);
  const each = elementsOf(outerLost.map((axis) => shape[axis]!));
  const keptShape = shape.map((size, axis) => (gone.has(axis) ? 1 : size));
  const output = layout.views[layer.index]!;
  // The result is dense in the order of its own axes, of which those that went are 1 or left out.
  const outputStrides = keptStrides(keptShape, gone, layer.outputShape, output.strides);
  const target = new VectorWalk(output, keptShape, outputStrides, [...outerKept, ...outerLost, inner]);
  const combine = kind.how === 'max' ? Op.VVMAX : kind.how === 'min' ? Op.VVMIN : Op.VVADD;
  const count = elementsOf(shape) / elementsOf(layer.outputShape);
  return {
    layer,
    units: walk.count / each,
    volume: elementsOf(shape) + elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      for (let unit = from; unit < to; unit++) {
        scratch.clear();
        out.window = unit;
        const [sum, next] = [scratch.take(walk.length), scratch.take(walk.length)];
        for (let index = 0; index < each; index++) {
          const vector = unit * each + index;
          walk.load(out, scratch, vector, vector + 1, index === 0 ? sum : next);
          if (index > 0) out.put(combine, Stage.POST, sum, sum, next, walk.length);
        }
        if (folds) fold(out, scratch, kind.how, sum, walk.length);
        const length = folds ? 1 : walk.length;
        if (kind.how === 'mean' && count !== 1) out.immediate(Op.VMULI, Stage.POST, sum, sum, length, 1 / count);
        finish(out, layer, sum, length, scratch);
        target.store(out, unit, unit + 1, sum);
      }
    },
  };
}

/** Strides of the result by the input's axes. */
function keptStrides(
  keptShape: readonly number[],
  gone: ReadonlySet<number>,
  outputShape: readonly number[],
  strides: readonly number[],
): number[] {
  if (outputShape.length === keptShape.length) return [...strides];
  let next = 0;
  return keptShape.map((_, axis) => (gone.has(axis) ? 0 : (strides[next++] ?? 0)));
}

function fold(out: Emitter, scratch: Scratch, how: string, at: number, length: number): void {
  if (length === 1) return;
  if (how === 'sum' || how === 'mean') {
    const ones = scratch.take(length);
    const result = scratch.take(1);
    out.immediate(Op.LLDI, Stage.POST, ones, -1, length, 1);
    out.strided(Op.VDOT, Stage.POST, result, at, ones, length, length, 1);
    out.put(Op.LMV, Stage.POST, at, result, -1, 1);
    return;
  }
  const combine = how === 'max' ? Op.VVMAX : Op.VVMIN;
  for (let left = length; left > 1; left = Math.ceil(left / 2)) {
    const half = Math.floor(left / 2);
    out.put(combine, Stage.POST, at, at, at + left - half, half);
  }
}

/**
 * Instance normalisation: mean and variance of every channel over its map, in three passes over the pixels. Unit: one
 * sample, all channels of which are vectors.
 */
export function instanceJob(layer: Layer, { layout }: PostContext): PostJob {
  const { kind } = layer;
  if (kind.op !== 'normalise') throw new Error(`layer ${layer.name} is no normalisation`);
  const [samples = 1, channels = 1, ...rest] = layer.outputShape;
  const pixels = elementsOf(rest);
  const shape = [samples, channels, pixels];
  const input = layout.views[layer.inputs[0]!]!;
  const strides = denseStrides(shape, [0, 2, 1]);
  const source = new VectorWalk(input, shape, strides, [0, 2, 1]);
  const target = new VectorWalk(layout.views[layer.index]!, shape, strides, [0, 2, 1]);
  const constants = layout.constants[layer.index]!;
  return {
    layer,
    units: samples,
    volume: 4 * elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      for (let sample = from; sample < to; sample++) {
        scratch.clear();
        out.window = sample;
        const [mean, deviation, next] = [scratch.take(channels), scratch.take(channels), scratch.take(channels)];
        const eachPixel = (visit: (vector: number) => void) => {
          for (let pixel = 0; pixel < pixels; pixel++) {
            const vector = sample * pixels + pixel;
            source.load(out, scratch, vector, vector + 1, next);
            visit(vector);
          }
        };
        out.immediate(Op.LLDI, Stage.POST, mean, -1, channels, 0);
        eachPixel(() => out.put(Op.VVADD, Stage.POST, mean, mean, next, channels));
        out.immediate(Op.VMULI, Stage.POST, mean, mean, channels, 1 / pixels);
        out.immediate(Op.LLDI, Stage.POST, deviation, -1, channels, 0);
        eachPixel(() => {
          out.put(Op.VVSUB, Stage.POST, next, next, mean, channels);
          out.put(Op.VVMUL, Stage.POST, next, next, next, channels);
          out.put(Op.VVADD, Stage.POST, deviation, deviation, next, channels);
        });
        out.immediate(Op.VMULI, Stage.POST, deviation, deviation, channels, 1 / pixels);
        out.immediate(Op.VADDI, Stage.POST, deviation, deviation, channels, kind.epsilon ?? 1e-5);
        out.immediate(Op.VFUN, Stage.POST, deviation, deviation, channels, SQRT);
        const scale = layer.parameters > 0 ? scratch.take(2 * channels) : -1;
        if (scale >= 0) out.put(Op.LD, Stage.INPUT, scale, constants, -1, 2 * channels);
        eachPixel((vector) => {
          out.put(Op.VVSUB, Stage.POST, next, next, mean, channels);
          out.put(Op.VVDIV, Stage.POST, next, next, deviation, channels);
          if (scale >= 0) out.put(Op.VVMUL, Stage.POST, next, next, scale, channels);
          if (scale >= 0) out.put(Op.VVADD, Stage.POST, next, next, scale + channels, channels);
          finish(out, layer, next, channels, scratch);
          target.store(out, vector, vector + 1, next);
        });
      }
    },
  };
}
