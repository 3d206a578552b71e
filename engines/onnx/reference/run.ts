import { math } from '../../core/index.ts';
import type { Layer, Network } from '../network.ts';
import { aroundAxis, type NumberArray, positiveAxis, sizeOf, stridesOf, zeros } from './arrays.ts';
import { activate, combine } from './pointwise.ts';
import { convolve, pool } from './windows.ts';

/** The learned numbers of a network, by layer. */
export interface LayerNumbers {
  /** Convolution: O x I/groups x Kh x Kw. FC: outputs x inputs. Normalisation: scale. Gather: the table. */
  weight?: Float64Array;
  /** Convolution and FC: one an output. Normalisation: shift. */
  bias?: Float64Array;
  /** The constant operand of an element-wise layer. */
  constant?: NumberArray;
}

export type NetworkNumbers = (layer: Layer) => LayerNumbers;

/** Layers of a network that the reference cannot compute, with the reason. Empty: it computes it all. */
export function notComputed(network: Network): { layer: Layer; why: string }[] {
  return network.layers.flatMap((layer) => {
    const { kind } = layer;
    if (kind.op === 'unknown') return [{ layer, why: `the operator ${kind.onnxOp} is not known` }];
    if (kind.op === 'move' && (kind.how === 'expand' || (kind.how === 'slice' && !kind.slice)))
      return [{ layer, why: `a ${kind.how} is not computed` }];
    if (kind.op === 'resize' && kind.method !== 'nearest') return [{ layer, why: 'only nearest resizing is computed' }];
    return [];
  });
}

/**
 * Runs a network directly, layer by layer, in double precision, by the definitions of the operators and nothing else: what
 * compiled programs are compared with. Answers with the output of every layer, in N, C, H, W order.
 * `inputs` stand in the order of the network's input layers.
 */
export function runNetwork(network: Network, numbers: NetworkNumbers, inputs: readonly NumberArray[]): NumberArray[] {
  const outputs: NumberArray[] = [];
  let nextInput = 0;
  for (const layer of network.layers) {
    const operands = layer.inputs.map((index) => outputs[index]!);
    const raw = layer.kind.op === 'input' ? inputs[nextInput++]! : compute(layer, operands, numbers(layer));
    const { activation } = layer;
    outputs.push(activation ? map(raw, (x) => activate(activation.how, x, activation)) : raw);
  }
  return outputs;
}

function map({ shape, data }: NumberArray, each: (value: number) => number): NumberArray {
  return { shape, data: data.map(each) };
}

function compute(layer: Layer, operands: NumberArray[], numbers: LayerNumbers): NumberArray {
  const { kind, outputShape } = layer;
  const input = operands[0]!;
  switch (kind.op) {
    case 'conv':
      return convolve(kind, input, numbers.weight!, numbers.bias, outputShape);
    case 'fc':
      return multiply(kind, input, numbers, outputShape);
    case 'pool':
      return pool(kind, input, outputShape);
    case 'matmul':
      return product(kind, input, operands[1]!, outputShape);
    case 'eltwise':
      return combineAll(layer, operands, numbers);
    case 'concat':
      return concat(operands, kind.axis, outputShape);
    case 'activation':
      return map(input, (x) => activate(kind.how, x, kind));
    case 'softmax':
      return softmax(input, kind.axis);
    case 'normalise':
      return normalise(layer, input, numbers);
    case 'move':
      return move(layer, input);
    case 'resize':
      return resize(input, outputShape);
    case 'gather':
      return gather(kind.table[1], input, numbers.weight!, outputShape);
    case 'reduce':
      return reduce(kind, input, outputShape);
    default:
      throw new Error(`The reference cannot compute layer ${layer.name}.`);
  }
}

function multiply(
  kind: { inputs: number; outputs: number },
  input: NumberArray,
  { weight, bias }: LayerNumbers,
  outputShape: readonly number[],
): NumberArray {
  const output = zeros(outputShape);
  const rows = input.data.length / kind.inputs;
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < kind.outputs; o++) {
      let sum = bias?.[o] ?? 0;
      for (let i = 0; i < kind.inputs; i++) sum += input.data[row * kind.inputs + i]! * weight![o * kind.inputs + i]!;
      output.data[row * kind.outputs + o] = sum;
    }
  }
  return output;
}

function product(
  { batch, rows, inner, columns }: { batch: number; rows: number; inner: number; columns: number },
  a: NumberArray,
  b: NumberArray,
  outputShape: readonly number[],
): NumberArray {
  const output = zeros(outputShape);
  // Operands with fewer matrices than the product are used again (grouped queries, broadcasting).
  const matrices = [a.data.length / (rows * inner), b.data.length / (inner * columns)];
  for (let n = 0; n < batch; n++) {
    const first = Math.floor((n * matrices[0]!) / batch) * rows * inner;
    const second = Math.floor((n * matrices[1]!) / batch) * inner * columns;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += a.data[first + i * inner + k]! * b.data[second + k * columns + j]!;
        output.data[(n * rows + i) * columns + j] = sum;
      }
    }
  }
  return output;
}

function combineAll({ kind, outputShape }: Layer, operands: NumberArray[], { constant }: LayerNumbers): NumberArray {
  if (kind.op !== 'eltwise') throw new Error('Not element-wise.');
  const fixed = typeof kind.constant === 'number' ? { shape: [], data: Float64Array.of(kind.constant) } : constant;
  const all = fixed ? [...operands, fixed] : operands;
  return all.slice(1).reduce((sum, next) => combine(kind.how, sum, next, outputShape), all[0]!);
}

function concat(operands: readonly NumberArray[], axis: number, outputShape: readonly number[]): NumberArray {
  const output = zeros(outputShape);
  const [before, along, after] = aroundAxis(outputShape, axis);
  let offset = 0;
  for (const operand of operands) {
    const own = aroundAxis(operand.shape, axis)[1] * after;
    for (let i = 0; i < before; i++) {
      output.data.set(operand.data.subarray(i * own, (i + 1) * own), i * along * after + offset);
    }
    offset += own;
  }
  return output;
}

function softmax(input: NumberArray, axis: number): NumberArray {
  const output = zeros(input.shape);
  const [before, along, after] = aroundAxis(input.shape, axis);
  for (let i = 0; i < before; i++) {
    for (let k = 0; k < after; k++) {
      const at = (j: number) => (i * along + j) * after + k;
      let largest = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < along; j++) largest = Math.max(largest, input.data[at(j)]!);
      let sum = 0;
      for (let j = 0; j < along; j++) {
        output.data[at(j)] = math.exp(input.data[at(j)]! - largest);
        sum += output.data[at(j)]!;
      }
      for (let j = 0; j < along; j++) output.data[at(j)]! /= sum;
    }
  }
  return output;
}

const LRN = { size: 5, alpha: 1e-4, beta: 0.75, bias: 1 };

function normalise({ kind }: Layer, input: NumberArray, { weight, bias }: LayerNumbers): NumberArray {
  if (kind.op !== 'normalise') throw new Error('Not a normalisation.');
  const output = zeros(input.shape);
  const { data } = input;
  const epsilon = kind.epsilon ?? 1e-5;
  if (kind.how === 'layer' || kind.how === 'rms' || kind.how === 'l2') {
    const length = input.shape.at(-1)!;
    for (let at = 0; at < data.length; at += length) {
      let mean = 0;
      let squares = 0;
      if (kind.how === 'layer') for (let i = 0; i < length; i++) mean += data[at + i]! / length;
      for (let i = 0; i < length; i++) squares += (data[at + i]! - mean) ** 2;
      const divisor = Math.sqrt(kind.how === 'l2' ? squares : squares / length + epsilon);
      for (let i = 0; i < length; i++) {
        output.data[at + i] = ((data[at + i]! - mean) / divisor) * (weight?.[i] ?? 1) + (bias?.[i] ?? 0);
      }
    }
    return output;
  }
  const [batch = 1, channels = 1, ...rest] = input.shape;
  const area = sizeOf(rest);
  if (kind.how === 'lrn') {
    const { size, alpha, beta, bias: add } = kind.lrn ?? LRN;
    for (let at = 0; at < data.length; at++) {
      const c = Math.floor(at / area) % channels;
      let squares = 0;
      for (
        let k = Math.max(0, c - Math.floor((size - 1) / 2));
        k <= Math.min(channels - 1, c + Math.ceil((size - 1) / 2));
        k++
      )
        squares += data[at + (k - c) * area]! ** 2;
      output.data[at] = data[at]! / math.pow(add + (alpha / size) * squares, beta);
    }
    return output;
  }
  for (let plane = 0; plane < batch * channels; plane++) {
    const c = plane % channels;
    const own = data.subarray(plane * area, (plane + 1) * area);
    // Batch normalisation comes with its statistics folded into scale and shift.
    const mean = kind.how === 'instance' ? own.reduce((sum, value) => sum + value, 0) / area : 0;
    const variance = kind.how === 'instance' ? own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / area : 1;
    const scale = (weight?.[c] ?? 1) / (kind.how === 'instance' ? Math.sqrt(variance + epsilon) : 1);
    for (let i = 0; i < area; i++) output.data[plane * area + i] = (own[i]! - mean) * scale + (bias?.[c] ?? 0);
  }
  return output;
}

function move({ kind, outputShape }: Layer, input: NumberArray): NumberArray {
  if (kind.op !== 'move') throw new Error('Not a move.');
  if (kind.how === 'transpose')
    return transpose(input, kind.order ?? input.shape.map((_, axis) => -axis - 1), outputShape);
  if (kind.how === 'shuffle') {
    const [batch = 1, channels = 1, ...rest] = input.shape;
    const groups = kind.groups ?? 1;
    const split = { shape: [batch, groups, channels / groups, sizeOf(rest)], data: input.data };
    return {
      shape: [...outputShape],
      data: transpose(split, [0, 2, 1, 3], [batch, channels / groups, groups, sizeOf(rest)]).data,
    };
  }
  if (kind.how === 'slice' || kind.how === 'split') {
    const { axis, start, step } = kind.slice!;
    const output = zeros(outputShape);
    const [before, along, after] = aroundAxis(outputShape, axis);
    const from = aroundAxis(input.shape, axis)[1];
    for (let i = 0; i < before; i++)
      for (let j = 0; j < along; j++) {
        const source = (i * from + start + j * step) * after;
        output.data.set(input.data.subarray(source, source + after), (i * along + j) * after);
      }
    return output;
  }
  return { shape: [...outputShape], data: input.data };
}

function transpose(input: NumberArray, order: readonly number[], outputShape: readonly number[]): NumberArray {
  const output = zeros(outputShape);
  const from = stridesOf(input.shape);
  const to = stridesOf(outputShape);
  const steps = order.map((axis) => from[positiveAxis(axis, input.shape.length)]!);
  for (let at = 0; at < output.data.length; at++) {
    let rest = at;
    let source = 0;
    for (let axis = 0; axis < to.length; axis++) {
      const index = Math.floor(rest / to[axis]!);
      rest -= index * to[axis]!;
      source += index * steps[axis]!;
    }
    output.data[at] = input.data[source]!;
  }
  return output;
}

/** Nearest neighbour, asymmetric coordinates, rounding down. */
function resize(input: NumberArray, outputShape: readonly number[]): NumberArray {
  const output = zeros(outputShape);
  const from = stridesOf(input.shape);
  const to = stridesOf(outputShape);
  for (let at = 0; at < output.data.length; at++) {
    let rest = at;
    let source = 0;
    for (let axis = 0; axis < to.length; axis++) {
      const index = Math.floor(rest / to[axis]!);
      rest -= index * to[axis]!;
      source += Math.floor((index * input.shape[axis]!) / outputShape[axis]!) * from[axis]!;
    }
    output.data[at] = input.data[source]!;
  }
  return output;
}

function gather(width: number, indices: NumberArray, table: Float64Array, outputShape: readonly number[]): NumberArray {
  const output = zeros(outputShape);
  for (const [row, index] of indices.data.entries()) {
    output.data.set(table.subarray(index * width, (index + 1) * width), row * width);
  }
  return output;
}

function reduce(
  { how, axes }: { how: 'mean' | 'sum' | 'max' | 'min' | 'argmax'; axes: number[] },
  input: NumberArray,
  outputShape: readonly number[],
): NumberArray {
  const gone = new Set(axes.map((axis) => positiveAxis(axis, input.shape.length)));
  const kept = input.shape.map((size, axis) => (gone.has(axis) ? 1 : size));
  const from = stridesOf(input.shape);
  const to = stridesOf(kept);
  const output = zeros(outputShape);
  const best = new Float64Array(output.data.length).fill(
    how === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  );
  const count = input.data.length / output.data.length;
  for (let at = 0; at < input.data.length; at++) {
    let rest = at;
    let target = 0;
    let along = 0;
    for (let axis = 0; axis < from.length; axis++) {
      const index = Math.floor(rest / from[axis]!);
      rest -= index * from[axis]!;
      if (gone.has(axis)) along = along * input.shape[axis]! + index;
      else target += index * to[axis]!;
    }
    const value = input.data[at]!;
    if (how === 'mean') output.data[target]! += value / count;
    else if (how === 'sum') output.data[target]! += value;
    else if (how === 'min' ? value < best[target]! : value > best[target]!) {
      best[target] = value;
      output.data[target] = how === 'argmax' ? along : value;
    }
  }
  return output;
}
