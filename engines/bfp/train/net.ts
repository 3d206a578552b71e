import { error, fail, ok, type Result } from '../../core/result.ts';
import { int, ints } from '../../onnx/attributes.ts';
import { inferShapes } from '../../onnx/infer.ts';
import { type ElementFiles, readElements } from '../../onnx/read-elements.ts';
import type { GraphNode, Model, Tensor } from '../../onnx/types.ts';
import type { Patches, Pooling } from '../../tensor/train-kernels.ts';

/** A value between steps, of one sample: height, width, channels, or 1, 1, features. */
export interface NetValue {
  name: string;
  height: number;
  width: number;
  channels: number;
}

/** A learned array, in the order in which training holds it. */
export interface Parameter {
  /** Its name in the model. */
  name: string;
  kind: 'weight' | 'bias';
  /** Weights: outputs x length; a row holds kernel height, kernel width, input channel (or the inputs of an FC layer). */
  rows: number;
  rowLength: number;
  /** Weights of convolutions: O, I, Kh, Kw, the order of the file. */
  conv?: [outputs: number, inputs: number, height: number, width: number];
}

interface Between {
  /** Places in `Net.values`. */
  input: number;
  output: number;
}

/** A layer with weights: places in `Net.parameters`. */
interface Learned extends Between {
  name: string;
  weight: number;
  bias: number;
  relu: boolean;
}

export type Step =
  | ({ op: 'conv'; patches: Patches } & Learned)
  | ({ op: 'fc' } & Learned)
  | ({ op: 'max-pool'; pooling: Pooling } & Between)
  /** The mean of each channel. */
  | ({ op: 'mean' } & Between)
  /** From height, width, channel to channel, height, width: the order of the file's flatten. */
  | ({ op: 'flatten' } & Between)
  | ({ op: 'add'; other: number; relu: boolean } & Between);

/** A network that can be trained: its steps in order, with what they pass on. The first value is the sample. */
export interface Net {
  values: NetValue[];
  parameters: Parameter[];
  steps: Step[];
  output: number;
}

/**
 * The steps of a model that is a chain of convolutions, fully connected layers, ReLU, largest-value pooling, means and
 * additions (as the digit networks are). Any other operator, or form of one, is a problem that names its node.
 */
export function netOf({ graph }: Model): Result<Net> {
  const inferred = inferShapes(graph, { symbols: { batch: 1 } });
  if (!inferred.ok) return inferred;
  const known = inferred.value.graph;
  const reading = new Reading((name) => {
    const all = [...known.inputs, ...known.outputs];
    return (known.values[name] ?? all.find((value) => value.name === name))?.shape;
  }, graph.weights);
  try {
    for (const input of graph.inputs) if (!Object.hasOwn(graph.weights, input.name)) reading.value(input.name);
    for (const node of graph.nodes) reading.read(node, readersOf(graph.nodes, node.outputs[0]!));
    return ok({ ...reading.net, output: reading.place(graph.outputs[0]!.name) });
  } catch (reason) {
    if (!(reason instanceof NotTrainable)) throw reason;
    return fail(
      error('train.operator', reason.message, 'Train one of the digit networks, or measure without training.'),
    );
  }
}

class NotTrainable extends Error {}

function readersOf(nodes: readonly GraphNode[], value: string): GraphNode[] {
  return nodes.filter(({ inputs }) => inputs.includes(value));
}

class Reading {
  readonly net: Omit<Net, 'output'> = { values: [], parameters: [], steps: [] };
  readonly #shape: (name: string) => readonly (number | string)[] | undefined;
  readonly #weights: Record<string, Tensor>;
  /** Places of values by name. A value and its ReLU, where it has one, are one. */
  readonly #places = new Map<string, number>();

  constructor(shape: (name: string) => readonly (number | string)[] | undefined, weights: Record<string, Tensor>) {
    this.#shape = shape;
    this.#weights = weights;
  }

  place(name: string): number {
    const found = this.#places.get(name);
    if (found === undefined) throw new NotTrainable(`Training does not know the value "${name}".`);
    return found;
  }

  value(name: string): number {
    const shape = this.#shape(name);
    if (!shape?.every((size) => typeof size === 'number')) {
      throw new NotTrainable(`Training cannot tell the size of "${name}".`);
    }
    const [, channels = 1, height = 1, width = 1] = shape;
    this.#places.set(name, this.net.values.length);
    return this.net.values.push({ name, height, width, channels }) - 1;
  }

  read(node: GraphNode, readers: readonly GraphNode[]): void {
    const { op, inputs, outputs } = node;
    const [output = ''] = outputs;
    const relu = readers.length === 1 && readers[0]?.op === 'Relu';
    const between = (): Between => ({ input: this.place(inputs[0]!), output: this.value(output) });
    if (op === 'Conv') this.#conv(node, relu);
    else if (op === 'Gemm') this.#gemm(node, relu);
    else if (op === 'Relu') this.#relu(node);
    else if (op === 'MaxPool') this.#maxPool(node, between());
    else if (op === 'GlobalAveragePool') this.net.steps.push({ op: 'mean', ...between() });
    else if (op === 'Flatten' && int(node.attributes, 'axis', 1) === 1) {
      this.net.steps.push({ op: 'flatten', ...between() });
    } else if (op === 'Add') this.net.steps.push({ op: 'add', ...between(), other: this.place(inputs[1]!), relu });
    else throw new NotTrainable(`Training does not know the operator ${op} of node "${node.name}".`);
  }

  /** The step before it has done it. */
  #relu({ name, inputs, outputs }: GraphNode): void {
    const place = this.place(inputs[0]!);
    const made = this.net.steps.find((step) => step.output === place);
    if (!made || !('relu' in made && made.relu)) {
      throw new NotTrainable(`Training takes a ReLU only after a layer or an addition, unlike node "${name}".`);
    }
    this.#places.set(outputs[0]!, place);
  }

  #conv({ name, inputs, outputs, attributes }: GraphNode, relu: boolean): void {
    const [x = '', weight = '', bias = ''] = inputs;
    const input = this.place(x);
    const tensor = this.#weight(weight, name);
    const [rows = 0, channels = 0, height = 0, width = 0] = tensor.shape;
    const strides = ints(attributes, 'strides') ?? [1, 1];
    const pads = ints(attributes, 'pads') ?? [0, 0, 0, 0];
    const dilations = ints(attributes, 'dilations') ?? [1, 1];
    const plain = int(attributes, 'group', 1) === 1 && strides[0] === strides[1] && dilations.every((by) => by === 1);
    if (!plain || bias === '') {
      throw new NotTrainable(`Training takes dense convolutions with a bias only, unlike node "${name}".`);
    }
    const output = this.value(outputs[0]!);
    const [from, to] = [this.net.values[input]!, this.net.values[output]!];
    const conv: Parameter['conv'] = [rows, channels, height, width];
    this.net.steps.push({
      op: 'conv',
      ...{ name, input, output, relu },
      patches: {
        ...{ height: from.height, width: from.width, channels, kernel: [height, width], stride: strides[0]! },
        ...{ pads: [pads[0]!, pads[1]!], outHeight: to.height, outWidth: to.width },
      },
      weight: this.#parameter(tensor, 'weight', rows, channels * height * width, conv),
      bias: this.#parameter(this.#weight(bias, name), 'bias', 1, rows),
    });
  }

  #gemm({ name, inputs, outputs, attributes }: GraphNode, relu: boolean): void {
    const [x = '', weight = '', bias = ''] = inputs;
    if (int(attributes, 'transB', 0) !== 1 || int(attributes, 'transA', 0) !== 0 || bias === '') {
      throw new NotTrainable(`Training takes "Gemm" with transposed weights and a bias only, unlike node "${name}".`);
    }
    const tensor = this.#weight(weight, name);
    const [rows = 0, rowLength = 0] = tensor.shape;
    this.net.steps.push({
      op: 'fc',
      ...{ name, input: this.place(x), output: this.value(outputs[0]!), relu },
      weight: this.#parameter(tensor, 'weight', rows, rowLength),
      bias: this.#parameter(this.#weight(bias, name), 'bias', 1, rows),
    });
  }

  #maxPool(node: GraphNode, { input, output }: Between): void {
    const { kernel, stride } = squarePool(node);
    const { width, channels } = this.net.values[input]!;
    const { height: outHeight, width: outWidth } = this.net.values[output]!;
    const pooling = { width, channels, kernel, stride, outHeight, outWidth };
    this.net.steps.push({ op: 'max-pool', input, output, pooling });
  }

  #weight(name: string, node: string): Tensor {
    const tensor = Object.hasOwn(this.#weights, name) ? this.#weights[name] : undefined;
    if (tensor?.type !== 'float32') throw new NotTrainable(`Training finds no float32 weights for node "${node}".`);
    return tensor;
  }

  #parameter(
    tensor: Tensor,
    kind: Parameter['kind'],
    rows: number,
    rowLength: number,
    conv?: Parameter['conv'],
  ): number {
    return this.net.parameters.push({ name: tensor.name, kind, rows, rowLength, ...(conv && { conv }) }) - 1;
  }
}

function squarePool({ name, attributes }: GraphNode): { kernel: number; stride: number } {
  const kernel = ints(attributes, 'kernel_shape') ?? [];
  const strides = ints(attributes, 'strides') ?? [1, 1];
  const plain =
    kernel.length === 2 &&
    kernel[0] === kernel[1] &&
    strides[0] === strides[1] &&
    int(attributes, 'ceil_mode', 0) === 0 &&
    (ints(attributes, 'pads') ?? []).every((pad) => pad === 0) &&
    (ints(attributes, 'dilations') ?? []).every((by) => by === 1);
  if (!plain) throw new NotTrainable(`Training takes square pooling without padding only, unlike node "${name}".`);
  return { kernel: kernel[0]!, stride: strides[0]! };
}

/** The learned numbers of a model, each array in the order of training. */
export async function readParameters(
  { graph }: Model,
  parameters: readonly Parameter[],
  files: ElementFiles,
): Promise<Result<Float32Array[]>> {
  const arrays: Float32Array[] = [];
  for (const { name, conv } of parameters) {
    const elements = await readElements(graph.weights[name]!, files);
    if (!elements.ok) return elements;
    arrays.push(conv ? channelsLast(elements.value, conv) : Float32Array.from(elements.value));
  }
  return ok(arrays);
}

function channelsLast(from: ArrayLike<number>, conv: NonNullable<Parameter['conv']>): Float32Array {
  const to = new Float32Array(from.length);
  eachWeight(conv, (fileAt, at) => {
    to[at] = from[fileAt]!;
  });
  return to;
}

/** Every weight of a convolution: its place in the file (O, I, Kh, Kw) and in training (O, Kh, Kw, I). */
function eachWeight(
  [outputs, inputs, height, width]: NonNullable<Parameter['conv']>,
  visit: (fileAt: number, at: number) => void,
): void {
  let at = 0;
  for (let output = 0; output < outputs; output++) {
    for (let place = 0; place < height * width; place++) {
      for (let input = 0; input < inputs; input++, at++) visit((output * inputs + input) * height * width + place, at);
    }
  }
}

/** The model with other weights: `values` in the order of `parameters`, each as training holds it. */
export function withParameters(model: Model, parameters: readonly Parameter[], values: readonly Float32Array[]): Model {
  const weights = { ...model.graph.weights };
  for (const [index, { name, conv }] of parameters.entries()) {
    const trained = values[index]!;
    const elements = conv ? new Float32Array(trained.length) : trained;
    if (conv) {
      eachWeight(conv, (fileAt, at) => {
        elements[fileAt] = trained[at]!;
      });
    }
    weights[name] = { ...weights[name]!, data: { in: 'memory', bytes: littleEndian(elements) } };
  }
  return { ...model, graph: { ...model.graph, weights } };
}

function littleEndian(elements: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * elements.length);
  const view = new DataView(bytes.buffer);
  for (const [index, element] of elements.entries()) view.setFloat32(4 * index, element, true);
  return bytes;
}
