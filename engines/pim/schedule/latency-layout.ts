import type { Layer } from '../../onnx/network.ts';
import { elementsOf } from './common-regions.ts';
import type { Piece } from './latency-types.ts';

/** Which axes of a tensor number its pixels and which the channels of a pixel, outermost first. */
export interface Layout {
  pixelAxes: number[];
  channelAxes: number[];
}

/** As feature maps lie in global memory: N x H x W pixels of C channels; other tensors by their last axis. */
export function canonical(shape: readonly number[]): Layout {
  return shape.length === 4 ? { pixelAxes: [0, 2, 3], channelAxes: [1] } : byLastAxis(shape.length);
}

export function byLastAxis(rank: number): Layout {
  return byAxis(rank, rank - 1);
}

export function byAxis(rank: number, axis: number): Layout {
  const pixelAxes = Array.from({ length: Math.max(rank, 1) }, (_, at) => at).filter((at) => at !== axis && at < rank);
  return { pixelAxes, channelAxes: rank === 0 ? [] : [axis] };
}

/** The rows of a batch of matrices: one pixel holds its row of every matrix. */
export function byRow(rank: number): Layout {
  if (rank < 2) return byLastAxis(rank);
  const batch = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return { pixelAxes: [rank - 2], channelAxes: [...batch, rank - 1] };
}

export function sameLayout(a: Layout, b: Layout): boolean {
  return a.pixelAxes.join() === b.pixelAxes.join() && a.channelAxes.join() === b.channelAxes.join();
}

export function countsOf(shape: readonly number[], layout: Layout): { pixels: number; channels: number } {
  const size = (axes: readonly number[]) => elementsOf(axes.map((axis) => shape[axis]!));
  return { pixels: size(layout.pixelAxes), channels: size(layout.channelAxes) };
}

/** By place in the layout (pixel by pixel), the place in row-major order. */
export function orderOf(shape: readonly number[], layout: Layout): Int32Array {
  const axes = [...layout.pixelAxes, ...layout.channelAxes];
  const strides = stridesOf(shape);
  return spread(
    axes.map((axis) => shape[axis]!),
    axes.map((axis) => strides[axis]!),
  );
}

/** The inverse of a permutation. */
export function inverse(order: Int32Array): Int32Array {
  const back = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) back[order[at]!] = at;
  return back;
}

/** Row by row over `sizes`, the sum of index times step. */
function spread(sizes: readonly number[], steps: readonly number[], first = 0): Int32Array {
  let places = Int32Array.of(first);
  for (const [axis, size] of sizes.entries()) {
    const wider = new Int32Array(places.length * size);
    let to = 0;
    for (const place of places) for (let index = 0; index < size; index++) wider[to++] = place + index * steps[axis]!;
    places = wider;
  }
  return places;
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/**
 * Where a layer that only moves elements takes each from: by row-major place of its output, the row-major place in its
 * input. 'same': each stays where it is. Undefined: it does more than move, or the network does not say how it moves.
 */
export function movesOf(layer: Layer): Int32Array | 'same' | undefined {
  const { kind, outputShape } = layer;
  const inputShape = layer.inputShapes[0] ?? [];
  if (kind.op === 'resize') return kind.method === 'nearest' ? nearest(inputShape, outputShape) : undefined;
  if (kind.op !== 'move') return undefined;
  const strides = stridesOf(inputShape);
  switch (kind.how) {
    case 'flatten':
    case 'reshape':
    case 'squeeze':
    case 'identity':
      return 'same';
    case 'transpose': {
      const rank = inputShape.length;
      const order = kind.order?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? [...inputShape.keys()].reverse();
      return spread(
        outputShape,
        order.map((axis) => strides[axis]!),
      );
    }
    case 'slice':
    case 'split': {
      if (!kind.slice) return undefined;
      const { axis, start, step } = kind.slice;
      const at = axis < 0 ? axis + inputShape.length : axis;
      const steps = strides.map((stride, index) => (index === at ? stride * step : stride));
      // A single entry of the axis may have been taken and the axis dropped.
      const sizes = inputShape.map((size, index) => (index === at ? 1 : size));
      sizes[at] = elementsOf(outputShape) / elementsOf(sizes);
      return spread(sizes, steps, start * strides[at]!);
    }
    case 'shuffle': {
      const [batch = 1, channels = 1, ...rest] = inputShape;
      const area = elementsOf(rest);
      const groups = kind.groups ?? 1;
      const each = channels / groups;
      return spread([batch, each, groups, area], [channels * area, area, each * area, 1]);
    }
    case 'expand':
      return broadcast(inputShape, outputShape);
    default:
      return undefined;
  }
}

/** For each element of the output, the element of the input it repeats; undefined where the shapes do not allow that. */
export function broadcast(inputShape: readonly number[], outputShape: readonly number[]): Int32Array | undefined {
  const missing = outputShape.length - inputShape.length;
  if (missing < 0) return undefined;
  const strides = stridesOf(inputShape);
  const steps: number[] = [];
  for (const [axis, size] of outputShape.entries()) {
    const own = axis < missing ? 1 : inputShape[axis - missing]!;
    if (own !== 1 && own !== size) return undefined;
    steps.push(own === 1 ? 0 : strides[axis - missing]!);
  }
  return spread(outputShape, steps);
}

function nearest(inputShape: readonly number[], outputShape: readonly number[]): Int32Array {
  const strides = stridesOf(inputShape);
  let places = Int32Array.of(0);
  for (const [axis, size] of outputShape.entries()) {
    const wider = new Int32Array(places.length * size);
    let to = 0;
    for (const place of places) {
      for (let index = 0; index < size; index++)
        wider[to++] = place + Math.floor((index * inputShape[axis]!) / size) * strides[axis]!;
    }
    places = wider;
  }
  return places;
}

/**
 * Puts together elements `from .. to` of a list of places (pixel by pixel, -1 for zeros) out of as few copies as are found:
 * runs inside a pixel, and runs of equal length at equal distances.
 */
export function piecesOf(places: Int32Array, from: number, to: number, channels: number): Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  while (at < to) {
    const first = places[at]!;
    const pixel = first < 0 ? -1 : Math.floor(first / channels);
    const length = runLength(places, at, to, channels);
    let repeats = 1;
    let stride = 0;
    const next = places[at + length];
    if (
      pixel >= 0 &&
      at + 2 * length <= to &&
      next !== undefined &&
      next > first &&
      Math.floor(next / channels) === pixel
    ) {
      stride = next - first;
      while (repeatsAt(places, at, at + repeats * length, to, length, repeats * stride, (pixel + 1) * channels))
        repeats++;
      if (repeats === 1) stride = 0;
    }
    pieces.push({ pixel, from: pixel < 0 ? 0 : first - pixel * channels, length, stride, repeats });
    at += length * repeats;
  }
  return pieces;
}

function runLength(places: Int32Array, at: number, to: number, channels: number): number {
  const first = places[at]!;
  const end = first < 0 ? to : Math.min(to, at + channels - (first % channels));
  let next = at + 1;
  while (next < end && places[next] === (first < 0 ? -1 : first + next - at)) next++;
  return next - at;
}

function repeatsAt(
  places: Int32Array,
  first: number,
  at: number,
  to: number,
  length: number,
  shift: number,
  end: number,
): boolean {
  if (at + length > to) return false;
  for (let index = 0; index < length; index++) {
    const place = places[at + index]!;
    if (place !== places[first + index]! + shift || place >= end) return false;
  }
  return true;
}
