import { byteSource } from '../../core/byte-source.ts';
import { math } from '../../core/index.ts';
import { float, int, ints } from '../attributes.ts';
import { inferShapes } from '../infer.ts';
import { readElements } from '../read-elements.ts';
import { aroundAxis, type NumberArray, sizeOf, stridesOf, zeros } from '../reference/arrays.ts';
import { combine } from '../reference/pointwise.ts';
import { convolve, pool } from '../reference/windows.ts';
import { windowOf } from '../to-network-windows.ts';
import type { GraphNode, Model } from '../types.ts';

/** What is done to the operands of a product before it, by name of its node: the other half of quantized running. */
export type Operands = (node: GraphNode, input: NumberArray, weight: NumberArray) => [NumberArray, NumberArray];

/**
 * A graph run in double precision, node by node as ONNX defines them, N, C, H, W, with nothing folded, fused or blocked:
 * independent of what it is compared with but for shape inference and the definitions in `reference`.
 */
export async function runSlowly(
  { graph, opsets }: Model,
  symbols: Record<string, number>,
  file: Uint8Array | undefined,
  input: NumberArray,
  operands: Operands = (_, x, w) => [x, w],
): Promise<NumberArray> {
  const inferred = inferShapes(graph, { symbols });
  if (!inferred.ok) throw new Error(inferred.problems[0]?.what);
  const { graph: sized, facts } = inferred.value;
  const files = file ? { model: byteSource(file) } : {};
  const values = new Map<string, NumberArray>();
  for (const tensor of Object.values(sized.weights)) {
    const read = await readElements(tensor, files);
    if (read.ok) values.set(tensor.name, { shape: tensor.shape, data: read.value });
  }
  values.set(sized.inputs.find(({ name }) => !values.has(name))!.name, input);
  for (const node of sized.nodes) {
    const [name = ''] = node.outputs;
    const fact = facts.get(name)!;
    const shape = fact.shape as number[];
    const constant = node.op === 'Constant' ? node.attributes.value : undefined;
    if (constant?.kind === 'tensor') {
      const read = await readElements(constant.value, files);
      if (read.ok) values.set(name, { shape, data: read.value });
    } else if (fact.elements?.every((element) => typeof element === 'number')) {
      values.set(name, { shape, data: Float64Array.from(fact.elements as number[]) });
    } else
      values.set(
        name,
        compute(node, shape, (index) => values.get(node.inputs[index] ?? ''), operands, opsets[''] ?? 1),
      );
  }
  return values.get(sized.outputs[0]!.name)!;
}

type Read = (index: number) => NumberArray | undefined;

function compute(node: GraphNode, shape: number[], read: Read, operands: Operands, opset: number): NumberArray {
  const { attributes, op } = node;
  const x = read(0)!;
  const each = (apply: (value: number) => number): NumberArray => ({ shape, data: x.data.map(apply) });
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  switch (op) {
    case 'Conv': {
      const [input, weight] = operands(node, x, read(1)!);
      const window = windowOf({ ...node, covers: [] }, weight.shape.slice(2), x.shape, shape)!;
      const groups = int(attributes, 'group', 1);
      const kind = { op: 'conv', ...window, inputChannels: x.shape[1]!, outputChannels: shape[1]!, groups } as const;
      return convolve(kind, input, weight.data, read(2)?.data, shape);
    }
    case 'AveragePool':
    case 'MaxPool': {
      const window = windowOf({ ...node, covers: [] }, ints(attributes, 'kernel_shape')!, x.shape, shape)!;
      const method = op === 'MaxPool' ? 'max' : 'average';
      return pool({ op: 'pool', ...window, method, global: false, countPadding: false }, x, shape);
    }
    case 'GlobalAveragePool':
    case 'ReduceMean': {
      const axes = op === 'ReduceMean' ? (ints(attributes, 'axes') ?? [...read(1)!.data]) : [2, 3];
      return mean(x, axes, shape);
    }
    case 'BatchNormalization': {
      const [scale, shift, average, variance] = [1, 2, 3, 4].map((index) => read(index)!.data);
      const epsilon = float(attributes, 'epsilon', 1e-5);
      const area = sizeOf(shape.slice(2));
      return {
        shape,
        data: x.data.map((value, at) => {
          const c = Math.floor(at / area) % shape[1]!;
          return ((value - average![c]!) / Math.sqrt(variance![c]! + epsilon)) * scale![c]! + shift![c]!;
        }),
      };
    }
    case 'Relu':
      return each((value) => Math.max(value, 0));
    case 'Clip': {
      const low = read(1)?.data[0] ?? float(attributes, 'min', Number.NEGATIVE_INFINITY);
      const high = read(2)?.data[0] ?? float(attributes, 'max', Number.POSITIVE_INFINITY);
      return each((value) => clamp(value, low, high));
    }
    case 'HardSigmoid':
      return each((v) => clamp(float(attributes, 'alpha', 0.2) * v + float(attributes, 'beta', 0.5), 0, 1));
    case 'HardSwish':
      return each((value) => value * clamp(value / 6 + 0.5, 0, 1));
    case 'Sigmoid':
      return each((value) => 1 / (1 + math.exp(-value)));
    case 'Sqrt':
      return each(Math.sqrt);
    case 'Add':
      return combine('add', x, read(1)!, shape);
    case 'Sub':
      return combine('sub', x, read(1)!, shape);
    case 'Mul':
      return combine('mul', x, read(1)!, shape);
    case 'Div':
      return combine('div', x, read(1)!, shape);
    case 'Pow':
      return combine('pow', x, read(1)!, shape);
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Flatten':
    case 'Identity':
      return { shape, data: x.data };
    case 'Transpose':
      return picked(x, shape, (at, strides) =>
        ints(attributes, 'perm')!.reduce((sum, axis, to) => sum + at[to]! * strides[axis]!, 0),
      );
    case 'Slice': {
      const axes = ints(attributes, 'axes') ?? [...(read(3)?.data ?? [])];
      const starts = ints(attributes, 'starts') ?? [...read(1)!.data];
      const from = new Array<number>(shape.length).fill(0);
      for (const [index, axis] of axes.entries())
        from[axis] = starts[index]! + (starts[index]! < 0 ? x.shape[axis]! : 0);
      return picked(x, shape, (at, strides) =>
        at.reduce((sum, place, axis) => sum + (place + from[axis]!) * strides[axis]!, 0),
      );
    }
    case 'Concat': {
      const axis = int(attributes, 'axis', 0);
      const output = zeros(shape);
      const [before, along, after] = aroundAxis(shape, axis);
      let offset = 0;
      for (const [index] of node.inputs.entries()) {
        const part = read(index)!;
        const own = aroundAxis(part.shape, axis)[1] * after;
        for (let i = 0; i < before; i += 1) {
          output.data.set(part.data.subarray(i * own, (i + 1) * own), i * along * after + offset);
        }
        offset += own;
      }
      return output;
    }
    case 'Gemm': {
      const turned = int(attributes, 'transB', 0) === 1;
      const given = read(1)!;
      const [rows, columns] = given.shape as [number, number];
      const b = turned ? picked(given, [columns, rows], ([i, j]) => j! * columns + i!) : given;
      const [input, weight] = operands(node, x, b);
      const result = product(input, weight, shape);
      return read(2) ? combine('add', result, read(2)!, shape) : result;
    }
    case 'MatMul':
      return product(...operands(node, x, read(1)!), shape);
    case 'Softmax': {
      const axis = int(attributes, 'axis', opset < 13 ? 1 : -1);
      const [, , after] = aroundAxis(shape, axis);
      if (after !== 1) throw new Error('Only over the last axis.');
      const width = shape.at(-1)!;
      const output = zeros(shape);
      for (let start = 0; start < x.data.length; start += width) {
        const row = x.data.subarray(start, start + width);
        const top = row.reduce((best, value) => Math.max(best, value));
        const powers = row.map((value) => math.exp(value - top));
        const sum = powers.reduce((total, value) => total + value, 0);
        output.data.set(
          powers.map((value) => value / sum),
          start,
        );
      }
      return output;
    }
    default:
      throw new Error(`No ${op} here.`);
  }
}

function picked(x: NumberArray, shape: number[], source: (at: number[], strides: number[]) => number): NumberArray {
  const output = zeros(shape);
  const strides = stridesOf(x.shape);
  const to = stridesOf(shape);
  for (let index = 0; index < output.data.length; index += 1) {
    const at = to.map((stride, axis) => Math.floor(index / stride) % shape[axis]!);
    output.data[index] = x.data[source(at, strides)]!;
  }
  return output;
}

function mean(x: NumberArray, axes: number[], shape: number[]): NumberArray {
  const gone = new Set(axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
  const output = zeros(shape);
  const strides = stridesOf(x.shape);
  const kept = x.shape.map((size, axis) => (gone.has(axis) ? 1 : size));
  const to = stridesOf(kept);
  const count = x.data.length / output.data.length;
  for (const [index, value] of x.data.entries()) {
    const place = strides.reduce(
      (sum, stride, axis) => sum + (gone.has(axis) ? 0 : (Math.floor(index / stride) % x.shape[axis]!) * to[axis]!),
      0,
    );
    output.data[place]! += value / count;
  }
  return output;
}

function product(a: NumberArray, b: NumberArray, shape: number[]): NumberArray {
  const output = zeros(shape);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const inner = a.shape.at(-1)!;
  const stacks = output.data.length / (rows * columns);
  for (let n = 0; n < stacks; n += 1) {
    const first = n * rows * inner;
    const second = b.shape.length > 2 ? n * inner * columns : 0;
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        let sum = 0;
        for (let k = 0; k < inner; k += 1) sum += a.data[first + i * inner + k]! * b.data[second + k * columns + j]!;
        output.data[(n * rows + i) * columns + j] = sum;
      }
    }
  }
  return output;
}
