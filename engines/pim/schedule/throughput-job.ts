import type { Layer, Network } from '../../onnx/network.ts';
import { FUNCTIONS, Stage } from '../program/types.ts';
import { type Emitter, emitActivation } from './common-emit.ts';
import { alignedStrides, type GlobalViews } from './common-views.ts';
import { type Scratch, VectorWalk } from './throughput-fetch.ts';

/** Work of a layer without weights, in units that any core can do by themselves. */
export interface PostJob {
  layer: Layer;
  units: number;
  /** Elements that all units read and write, for sharing the work out. */
  volume: number;
  /** Units in a row that share most of what they load: better left to one core, where that has the time. */
  grain?: number;
  /** Writes the instructions of units `from` to `to` - 1. */
  emit(out: Emitter, scratch: Scratch, from: number, to: number): void;
}

export interface PostContext {
  network: Network;
  layout: GlobalViews;
  cores: number;
}

/** The activation that was fused into a layer. */
export function finish(out: Emitter, layer: Layer, at: number, elements: number, scratch: Scratch): void {
  if (!layer.activation) return;
  const mark = scratch.mark();
  emitActivation(out, Stage.POST, layer.activation, at, at, elements, scratch.take(elements));
  scratch.back(mark);
}

/** Places in `FUNCTIONS`. */
export const SQRT = FUNCTIONS.indexOf('sqrt');
export const RECIPROCAL = FUNCTIONS.indexOf('reciprocal');

/** Axes of a layer in the order of its region. */
export function lastAxes(layer: Layer, { layout }: PostContext): number[] {
  return layout.axes[layer.index]!;
}

/** The same, with one axis moved to the inside. */
export function withInner(axes: readonly number[], axis: number): number[] {
  const inner = axis < 0 ? axis + axes.length : axis;
  return [...axes.filter((it) => it !== inner), inner];
}

export function inputWalk(layer: Layer, { layout }: PostContext, operand: number, axes: readonly number[]): VectorWalk {
  const view = layout.views[layer.inputs[operand]!]!;
  return new VectorWalk(view, layer.outputShape, alignedStrides(view, layer.outputShape), axes);
}

export function outputWalk(layer: Layer, { layout }: PostContext, axes: readonly number[]): VectorWalk {
  const view = layout.views[layer.index]!;
  return new VectorWalk(view, layer.outputShape, view.strides, axes);
}

/** Elements of local memory that a stretch takes at most: longer ones are no faster. */
const STRETCH = 8192;

/** Calls `each` with stretches of vectors of which `buffers` copies fit into memory. */
export function inStretches(
  scratch: Scratch,
  length: number,
  buffers: number,
  from: number,
  to: number,
  each: (start: number, end: number) => void,
): void {
  const step = Math.max(1, Math.floor(Math.min(scratch.room / 2, STRETCH) / (length * buffers)));
  for (let start = from; start < to; start += step) {
    scratch.clear();
    each(start, Math.min(to, start + step));
  }
}
