import type { Layer } from '../../onnx/network.ts';

/*
 * What the vector unit does, on whole numbers. The rules are ours, simple, and the same in the program and in the reference:
 * a run proves what happens around them.
 */

/** Whole numbers of the activations' bits. */
export type Values = Int32Array;

export function clip(value: number, most: number): number {
  return Math.max(-most - 1, Math.min(most, value));
}

/** Sums to activations: shifted right, rounded half up, the layer's function, clipped. */
export function requantise(sum: number, shift: number, most: number, layer: Layer): number {
  const rounded = shift > 0 ? Math.floor(sum / 2 ** shift + 0.5) : sum;
  return clip(layer.activation ? activate(layer.activation.how, rounded) : rounded, most);
}

/** Functions that keep whole numbers whole; those that bend are taken as their straight parts. */
function activate(how: NonNullable<Layer['activation']>['how'], value: number): number {
  switch (how) {
    case 'tanh':
    case 'sigmoid':
    case 'hard-sigmoid':
      return Math.trunc(value / 2);
    case 'leaky-relu':
      return value < 0 ? Math.trunc(value / 8) : value;
    default:
      return Math.max(0, value);
  }
}

const DONE = new Set([
  'input',
  'conv',
  'fc',
  'matmul',
  'pool',
  'eltwise',
  'concat',
  'activation',
  'softmax',
  'normalise',
]);
const MOVES = new Set(['flatten', 'reshape', 'squeeze', 'identity', 'transpose']);

export function canCompute({ kind, inputs }: Layer): boolean {
  if (kind.op === 'move') return MOVES.has(kind.how);
  if (kind.op === 'eltwise') return kind.constant !== 'tensor' && (kind.constant !== undefined || inputs.length === 2);
  if (kind.op === 'reduce') return kind.how === 'mean' || kind.how === 'sum';
  return DONE.has(kind.op);
}

/** The result of a layer without products. */
export function compute(layer: Layer, inputs: readonly Values[], most: number): Values {
  const { kind, outputShape, inputShapes } = layer;
  const size = outputShape.reduce((all, each) => all * each, 1);
  const result = new Int32Array(size);
  const [first = new Int32Array(0)] = inputs;
  switch (kind.op) {
    case 'pool':
      return pool(layer, first, result);
    case 'eltwise': {
      const by = typeof kind.constant === 'number' ? kind.constant : undefined;
      for (let at = 0; at < size; at++) {
        const [a, b] = [first[at % first.length]!, by ?? inputs[1]![at % inputs[1]!.length]!];
        result[at] = clip(eltwise(kind.how, a, b, by === undefined), most);
      }
      return result;
    }
    case 'concat': {
      const axis = (kind.axis + outputShape.length) % outputShape.length;
      const inner = outputShape.slice(axis + 1).reduce((all, each) => all * each, 1);
      const outer = outputShape.slice(0, axis).reduce((all, each) => all * each, 1);
      let to = 0;
      for (let row = 0; row < outer; row++) {
        for (const [at, input] of inputs.entries()) {
          const length = inputShapes[at]![axis]! * inner;
          result.set(input.subarray(row * length, (row + 1) * length), to);
          to += length;
        }
      }
      return result;
    }
    case 'activation':
      for (let at = 0; at < size; at++) result[at] = clip(activate(kind.how, first[at]!), most);
      return result;
    case 'softmax':
      return byRow(first, outputShape.at(-1)!, result, softmaxRow(most));
    case 'normalise':
      return byRow(first, outputShape.at(-1)!, result, normaliseRow(most));
    case 'reduce':
      return reduce(layer, first, result, most);
    case 'move':
      return kind.how === 'transpose' && kind.order
        ? transpose(first, inputShapes[0]!, kind.order, result)
        : first.slice();
    default:
      return first.slice();
  }
}

/** A product of two computed values is halved by the bits of one, so that it stays in range. */
function eltwise(how: string, a: number, b: number, both: boolean): number {
  switch (how) {
    case 'add':
      return Math.trunc(a + b);
    case 'sub':
      return Math.trunc(a - b);
    case 'mul':
      return both ? Math.floor((a * b) / 64 + 0.5) : Math.floor(a * b + 0.5);
    case 'div':
      return b === 0 ? 0 : Math.trunc(a / b);
    case 'max':
      return Math.trunc(Math.max(a, b));
    case 'min':
      return Math.trunc(Math.min(a, b));
    default:
      return a;
  }
}

function pool({ kind, inputShapes, outputShape }: Layer, input: Values, result: Values): Values {
  if (kind.op !== 'pool') return result;
  const [, channels = 1, height = 1, width = 1] = inputShapes[0]!;
  const [, , outHeight = 1, outWidth = 1] = outputShape;
  const [kernelY, kernelX] = kind.global ? [height, width] : kind.kernel;
  const [strideY, strideX] = kind.global ? [1, 1] : kind.stride;
  const [padY, padX] = kind.global ? [0, 0] : [kind.pads[0], kind.pads[1]];
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        let best = Number.NEGATIVE_INFINITY;
        let sum = 0;
        let count = 0;
        for (let ky = 0; ky < kernelY; ky++) {
          for (let kx = 0; kx < kernelX; kx++) {
            const [iy, ix] = [y * strideY - padY + ky, x * strideX - padX + kx];
            if (iy < 0 || ix < 0 || iy >= height || ix >= width) continue;
            const value = input[(c * height + iy) * width + ix]!;
            best = Math.max(best, value);
            sum += value;
            count += 1;
          }
        }
        result[to++] = count === 0 ? 0 : kind.method === 'max' ? best : Math.floor(sum / count + 0.5);
      }
    }
  }
  return result;
}

type RowRule = (input: Values, from: number, length: number, result: Values) => void;

function byRow(input: Values, length: number, result: Values, rule: RowRule): Values {
  for (let from = 0; from < input.length; from += length) rule(input, from, length, result);
  return result;
}

/** Shares by powers of two below the largest: a softmax of whole numbers. */
function softmaxRow(most: number): RowRule {
  return (input, from, length, result) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < length; at++) largest = Math.max(largest, input[from + at]!);
    const share = (at: number) => 2 ** -Math.min(20, Math.trunc((largest - input[from + at]!) / 8));
    let sum = 0;
    for (let at = 0; at < length; at++) sum += share(at);
    for (let at = 0; at < length; at++) result[from + at] = Math.floor((share(at) / sum) * most);
  };
}

/** Mean taken off, then to a mean distance of a quarter of the range. */
function normaliseRow(most: number): RowRule {
  return (input, from, length, result) => {
    let sum = 0;
    for (let at = 0; at < length; at++) sum += input[from + at]!;
    const mean = Math.floor(sum / length + 0.5);
    let distance = 0;
    for (let at = 0; at < length; at++) distance += Math.abs(input[from + at]! - mean);
    const scale = Math.max(1, distance);
    for (let at = 0; at < length; at++) {
      result[from + at] = clip(Math.trunc(((input[from + at]! - mean) * length * (most >> 2)) / scale), most);
    }
  };
}

function reduce({ kind, inputShapes }: Layer, input: Values, result: Values, most: number): Values {
  if (kind.op !== 'reduce') return result;
  const shape = inputShapes[0]!;
  const axes = new Set(kind.axes.map((axis) => (axis + shape.length) % shape.length));
  const sums = new Float64Array(result.length);
  const counts = new Float64Array(result.length);
  for (let at = 0; at < input.length; at++) {
    let rest = at;
    let place = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const own = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (axes.has(axis)) continue;
      place += own * stride;
      stride *= shape[axis]!;
    }
    sums[place]! += input[at]!;
    counts[place]! += 1;
  }
  for (let at = 0; at < result.length; at++) {
    result[at] = clip(kind.how === 'mean' ? Math.floor(sums[at]! / counts[at]! + 0.5) : sums[at]!, most);
  }
  return result;
}

function transpose(input: Values, shape: readonly number[], order: readonly number[], result: Values): Values {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((all, each) => all * each, 1));
  const outShape = order.map((axis) => shape[axis]!);
  for (let at = 0; at < result.length; at++) {
    let rest = at;
    let from = 0;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      from += (rest % outShape[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / outShape[axis]!);
    }
    result[at] = input[from]!;
  }
  return result;
}
