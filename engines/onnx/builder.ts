import { constantTensor } from './constants.ts';
import { Symbols } from './symbols.ts';
import type { Attribute, Dim, ElementType, Graph, GraphNode } from './types.ts';

/** A value of the graph being built: its name and what its builder knows of its shape. */
export interface Value {
  name: string;
  shape: Dim[];
}

export interface ConvOptions {
  /** Side of a square window, or height and width. */
  kernel: number | [number, number];
  stride?: number;
  /** On every side; or height and width; or top, left, bottom, right. */
  pads?: number | [number, number] | [number, number, number, number];
  groups?: number;
  bias?: boolean;
}

export interface PoolOptions {
  kernel: number | [number, number];
  stride?: number;
  pads?: number | [number, number] | [number, number, number, number];
  countPadding?: boolean;
}

type AttributeValue = number | string | number[] | { float: number } | Attribute;

/**
 * Builds an ONNX graph node by node, weights declared by shape alone. Names follow the structure: inside
 * `scope('stage1', ...)` a node is "stage1/conv1". Shapes are carried along because weights depend on them; dimensions may
 * be names.
 */
export class GraphBuilder {
  readonly graph: Graph;
  readonly symbols = new Symbols();
  readonly #scopes: string[] = [];
  readonly #counts = new Map<string, number>();

  constructor(name: string) {
    this.graph = { name, inputs: [], outputs: [], nodes: [], weights: {}, values: {} };
  }

  input(name: string, shape: Dim[], type: ElementType = 'float32'): Value {
    this.graph.inputs.push({ name, type, shape });
    return { name, shape };
  }

  /** An input that belongs to a part of the structure, named within the present scope. */
  scopedInput(name: string, shape: Dim[], type: ElementType = 'float32'): Value {
    return this.input(this.#path(name), shape, type);
  }

  output(...values: Value[]): Graph {
    for (const { name, shape } of values) this.graph.outputs.push({ name, type: 'float32', shape });
    return this.graph;
  }

  scope<T>(name: string, build: () => T): T {
    this.#scopes.push(name);
    try {
      return build();
    } finally {
      this.#scopes.pop();
    }
  }

  /** A learned tensor, named within the present scope. */
  weight(name: string, shape: number[]): Value {
    const full = this.#path(name);
    this.graph.weights[full] = { name: full, type: 'float32', shape, data: { in: 'nowhere' } };
    return { name: full, shape };
  }

  /** A constant with its elements: shapes, axes, bounds, scales. A list makes one dimension, a number none. */
  constant(name: string, type: 'int64' | 'float32', elements: number | number[]): Value {
    const full = this.#path(name);
    this.graph.weights[full] = constantTensor(full, type, elements);
    return { name: full, shape: this.graph.weights[full].shape };
  }

  /** Any operator; `shape` is that of its first output. The value is named as the node. */
  op(
    op: string,
    inputs: readonly (Value | undefined)[],
    shape: Dim[],
    attributes: Record<string, AttributeValue> = {},
    name?: string,
  ): Value {
    const full = this.#unique(name ?? op.toLowerCase());
    const node: GraphNode = {
      name: full,
      op,
      domain: '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: [full],
      attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attribute(value)])),
    };
    this.graph.nodes.push(node);
    this.graph.values[full] = { name: full, type: 'float32', shape };
    return { name: full, shape };
  }

  conv(
    x: Value,
    channels: number,
    { kernel, stride = 1, pads = 0, groups = 1, bias = true }: ConvOptions,
    name: string,
  ): Value {
    const [height, width] = pair(kernel);
    const sides = fourPads(pads);
    const inputChannels = size(x.shape[1]);
    const full = this.#peek(name);
    const weight = this.weight(`${full}.weight`, [channels, inputChannels / groups, height, width]);
    const inputs = [x, weight];
    if (bias) inputs.push(this.weight(`${full}.bias`, [channels]));
    const shape = [x.shape[0]!, channels, ...this.#windows(x, [height, width], stride, sides)];
    return this.op(
      'Conv',
      inputs,
      shape,
      { kernel_shape: [height, width], strides: [stride, stride], pads: sides, dilations: [1, 1], group: groups },
      name,
    );
  }

  batchNorm(x: Value, name: string, epsilon = 1e-5): Value {
    const channels = size(x.shape[1]);
    const full = this.#peek(name);
    const parts = ['scale', 'shift', 'mean', 'variance'].map((part) => this.weight(`${full}.${part}`, [channels]));
    return this.op('BatchNormalization', [x, ...parts], x.shape, { epsilon: { float: epsilon } }, name);
  }

  /** Convolution without bias, and batch normalisation. */
  convNorm(x: Value, channels: number, options: ConvOptions, name: string): Value {
    return this.batchNorm(this.conv(x, channels, { bias: false, ...options }, name), `${name}_norm`);
  }

  relu(x: Value, name = 'relu'): Value {
    return this.op('Relu', [x], x.shape, {}, name);
  }

  relu6(x: Value, name = 'relu6'): Value {
    const full = this.#peek(name);
    const bounds = [this.constant(`${full}.min`, 'float32', 0), this.constant(`${full}.max`, 'float32', 6)];
    return this.op('Clip', [x, ...bounds], x.shape, {}, name);
  }

  /** x times its own sigmoid (SiLU, swish), as exporters spell it. */
  silu(x: Value, name = 'swish'): Value {
    return this.mul(x, this.op('Sigmoid', [x], x.shape, {}, `${name}_sigmoid`), name);
  }

  unary(op: string, x: Value, name: string, attributes: Record<string, AttributeValue> = {}): Value {
    return this.op(op, [x], x.shape, attributes, name);
  }

  maxPool(x: Value, options: PoolOptions, name: string): Value {
    return this.#pool('MaxPool', x, options, name);
  }

  averagePool(x: Value, options: PoolOptions, name: string): Value {
    return this.#pool('AveragePool', x, options, name, { count_include_pad: options.countPadding ? 1 : 0 });
  }

  globalAveragePool(x: Value, name: string): Value {
    return this.op('GlobalAveragePool', [x], [x.shape[0]!, x.shape[1]!, 1, 1], {}, name);
  }

  flatten(x: Value, name = 'flatten'): Value {
    return this.op('Flatten', [x], [x.shape[0]!, this.symbols.product(x.shape.slice(1))], { axis: 1 }, name);
  }

  /** `to` as ONNX has it: 0 keeps a dimension, -1 takes what is left. `shape` is what comes out. */
  reshape(x: Value, to: number[], shape: Dim[], name: string): Value {
    const full = this.#peek(name);
    return this.op('Reshape', [x, this.constant(`${full}.shape`, 'int64', to)], shape, {}, name);
  }

  transpose(x: Value, order: number[], name: string): Value {
    return this.op(
      'Transpose',
      [x],
      order.map((axis) => x.shape[axis]!),
      { perm: order },
      name,
    );
  }

  /** A fully connected layer on (N, features). */
  gemm(x: Value, outputs: number, name: string): Value {
    const full = this.#peek(name);
    const weight = this.weight(`${full}.weight`, [outputs, size(x.shape[1])]);
    const bias = this.weight(`${full}.bias`, [outputs]);
    return this.op('Gemm', [x, weight, bias], [x.shape[0]!, outputs], { transB: 1 }, name);
  }

  /** A fully connected layer on the last of any number of dimensions. */
  linear(x: Value, outputs: number, name: string, bias = true): Value {
    const full = this.#peek(name);
    const weight = this.weight(`${full}.weight`, [size(x.shape.at(-1)), outputs]);
    const product = this.op('MatMul', [x, weight], [...x.shape.slice(0, -1), outputs], {}, name);
    return bias ? this.add(product, this.weight(`${full}.bias`, [outputs]), `${name}_bias`) : product;
  }

  /** Element by element, the second operand broadcast to the first (or the first to the second where it has fewer dimensions). */
  binary(op: string, a: Value, b: Value, name: string): Value {
    const wider = b.shape.length > a.shape.length ? b.shape : a.shape;
    return this.op(op, [a, b], wider, {}, name);
  }

  add(a: Value, b: Value, name: string): Value {
    return this.binary('Add', a, b, name);
  }

  mul(a: Value, b: Value, name: string): Value {
    return this.binary('Mul', a, b, name);
  }

  concat(values: readonly Value[], axis: number, name: string): Value {
    const shape = [...values[0]!.shape];
    shape[axis] = values.map((value) => value.shape[axis]!).reduce((sum, dim) => this.symbols.add(sum, dim));
    return this.op('Concat', values, shape, { axis }, name);
  }

  softmax(x: Value, axis: number, name: string): Value {
    return this.op('Softmax', [x], x.shape, { axis }, name);
  }

  dropout(x: Value, name: string): Value {
    return this.op('Dropout', [x], x.shape, {}, name);
  }

  lrn(x: Value, name: string): Value {
    return this.op(
      'LRN',
      [x],
      x.shape,
      { size: 5, alpha: { float: 1e-4 }, beta: { float: 0.75 }, bias: { float: 1 } },
      name,
    );
  }

  #pool(op: string, x: Value, { kernel, stride = 1, pads = 0 }: PoolOptions, name: string, more = {}): Value {
    const sides = fourPads(pads);
    const window = pair(kernel);
    const shape = [x.shape[0]!, x.shape[1]!, ...this.#windows(x, window, stride, sides)];
    return this.op(op, [x], shape, { kernel_shape: window, strides: [stride, stride], pads: sides, ...more }, name);
  }

  #windows(x: Value, [height, width]: [number, number], stride: number, pads: readonly number[]): [number, number] {
    const over = (from: Dim | undefined, window: number, before: number, after: number): number =>
      Math.floor((size(from) + before + after - window) / stride) + 1;
    return [over(x.shape[2], height, pads[0]!, pads[2]!), over(x.shape[3], width, pads[1]!, pads[3]!)];
  }

  #path(name: string): string {
    return [...this.#scopes, name].join('/');
  }

  /** The name, within the scope, that the next node of this name gets. */
  #peek(name: string): string {
    const count = this.#counts.get(this.#path(name)) ?? 0;
    return count === 0 ? name : `${name}_${count + 1}`;
  }

  #unique(name: string): string {
    const local = this.#peek(name);
    const path = this.#path(name);
    this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1);
    return this.#path(local);
  }
}

function attribute(value: AttributeValue): Attribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (Array.isArray(value)) return { kind: 'ints', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  return value;
}

function pair(value: number | [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

function fourPads(pads: NonNullable<ConvOptions['pads']>): [number, number, number, number] {
  if (typeof pads === 'number') return [pads, pads, pads, pads];
  return pads.length === 2 ? [pads[0], pads[1], pads[0], pads[1]] : pads;
}

/** Channels and sides of feature maps are numbers in every model of the zoo. */
function size(dim: Dim | undefined): number {
  if (typeof dim !== 'number') throw new Error(`A size is needed where the shape has ${dim}.`);
  return dim;
}
