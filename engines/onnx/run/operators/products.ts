import { float, int } from '../../attributes.ts';
import type { Conv } from '../../network.ts';
import { windowOf } from '../../to-network-windows.ts';
import type { GraphNode } from '../../types.ts';
import { CannotRun } from '../cannot-run.ts';
import type { Context } from '../context.ts';
import { type Finish, type Fused, PLAIN } from '../fuse.ts';
import { LearnedLayer, type Packing, quantizeSamples } from '../learned.ts';
import type { Program } from '../program.ts';
import type { RunLayer } from '../types.ts';
import { broadcast, channelsLast, denseStrides, range, sizeOf, transposed, type View } from '../views.ts';

/** A block of rows is read again for every panel of 8 outputs: it stays in the nearer caches. */
const BLOCK_BYTES = 128 * 1024;
/** With fewer channels than this, rows are copied together first. */
const LEAST_CHANNELS = 12;

/** Convolution or product as the kernel takes it. */
interface Geometry {
  rows: number;
  output: [height: number, width: number];
  input: [height: number, width: number];
  /** Elements from a pixel to the next, of the input and of the output. */
  pixel: number;
  outputPixel: number;
  kernel: [number, number];
  stride: [number, number];
  pads: [top: number, left: number];
  dilation: [number, number];
  channels: number;
  groups: number;
  outputs: number;
}

interface Addresses {
  panels: number;
  bias: number;
}

function product(rows: number, inner: number, outputs: number, pixel = inner): Geometry {
  return {
    rows,
    output: [1, rows],
    input: [1, rows],
    pixel,
    outputPixel: outputs,
    kernel: [1, 1],
    stride: [1, 1],
    pads: [0, 0],
    dilation: [1, 1],
    channels: inner,
    groups: 1,
    outputs,
  };
}

/** Lays the parameters of `convolve` down and answers with their address; input (0) and output (3) are set by steps. */
function parametersOf(
  program: Program,
  geometry: Geometry,
  { panels, bias }: Addresses,
  zeros: number,
  finish: Finish,
): number {
  const { memory } = program;
  const { kernel, channels, rows } = geometry;
  const places = kernel[0] * kernel[1];
  const inner = places * channels;
  const gathered = places > 1 && channels < LEAST_CHANNELS;
  const wanted = 6 * Math.max(1, Math.floor(BLOCK_BYTES / (24 * inner)));
  const block = Math.min(wanted, 6 * Math.ceil(rows / 6));
  const tableBytes = 4 * block * (gathered ? 1 : places);
  program.scratch(tableBytes + (gathered ? 4 * block * inner : 0));
  const at = memory.take(4 * 32);
  const fields = [
    0,
    panels,
    bias,
    0,
    0,
    0,
    zeros,
    rows,
    ...geometry.output,
    ...geometry.input,
    geometry.pixel,
    ...kernel,
    ...geometry.stride,
    ...geometry.pads,
    ...geometry.dilation,
    channels,
    geometry.groups,
    geometry.outputs,
    geometry.outputPixel,
    block,
    gathered ? 1 : 0,
  ];
  memory.words.set(fields, at / 4);
  setFinish(program, at / 4 + 27, finish);
  program.whenPlaced(() => memory.words.set([program.scratchAt, program.scratchAt + tableBytes], at / 4 + 4));
  return at;
}

function setFinish({ memory }: Program, word: number, { mode, low, high, scale, shift }: Finish): void {
  memory.words[word] = mode;
  memory.floats.set([low, high, scale, shift], word + 1);
}

/** Runs a layer: its input put into its format, the kernel, its output put into its format; and shows both. */
function runLearned(
  context: Context,
  learned: LearnedLayer,
  input: View,
  output: View,
  kernel: (input: number, output: number) => void,
): void {
  const { program, shared } = context;
  const { memory, observer } = shared;
  const count = sizeOf(input.shape);
  const outputs = sizeOf(output.shape);
  if (count === 0 || outputs === 0) return;
  const quantized = program.quantized(count);
  context.step(() => {
    let from = program.address(input);
    const to = program.address(output);
    observer.now?.(learned.layer, 'input', program.elements(input));
    if (learned.inputs) {
      const formatted = quantized();
      quantizeSamples(memory, learned.inputs, from, formatted, count, program.samples);
      from = formatted;
    }
    kernel(from, to);
    if (learned.outputs) quantizeSamples(memory, learned.outputs, to, to, outputs, program.samples);
    observer.now?.(learned.layer, 'output', program.elements(output));
  });
}

type Described = Omit<RunLayer, 'name' | 'weights' | 'bias' | 'nodes' | 'consumers'>;

/** The layer that programs share; made at first. `weights`: rows x rowLength, as they come from the file. */
function learnedLayer(
  { shared, node }: Context,
  fused: Fused,
  described: Described,
  weights: () => Float64Array,
  bias: ((row: number) => number) | undefined,
  packing: Packing,
): LearnedLayer {
  const known = shared.layers.get(node.name);
  if (known) return known;
  const matrix = weights();
  const { rows, rowLength } = described;
  const biases = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const scale = fused.scale[row]!;
    biases[row] = scale * (bias?.(row) ?? 0) + fused.shift[row]!;
    for (let k = 0; k < rowLength; k += 1) matrix[row * rowLength + k]! *= scale;
  }
  const learnedNames = [described.weightName, node.inputs[2], ...fused.learned];
  const layer: RunLayer = {
    name: node.name,
    weights: Float32Array.from(matrix),
    bias: biases,
    nodes: fused.nodes.slice(0, fused.folded).map(({ name }) => name),
    consumers: [],
    ...described,
  };
  if (!layer.weights.every(Number.isFinite) || !biases.every(Number.isFinite)) {
    const guilty = learnedNames.find((name) => name && !shared.constants.get(name)?.data.every(Number.isFinite));
    throw new CannotRun(
      guilty
        ? `has a weight "${guilty}" that holds NaN or infinity`
        : 'has weights that are not finite once its normalisation is folded in',
      'Export the model again from a training state that is whole.',
    );
  }
  const learned = new LearnedLayer(shared.memory, layer, biases, packing);
  shared.layers.set(node.name, learned);
  return learned;
}

/** Zeros enough for one pixel or a row of biases. */
function zerosFor({ shared }: Context, floats: number): number {
  if (floats > shared.zeros.floats) {
    shared.zeros = { at: shared.memory.take(4 * floats), floats };
  }
  return shared.zeros.at;
}

function finishNodes(context: Context, fused: Fused, view: View): GraphNode[] {
  context.define(fused.output, view);
  return fused.nodes;
}

function conv(context: Context): GraphNode[] {
  const { node, program } = context;
  const [name = '', weightName = '', biasName] = node.inputs;
  const shape = context.shapeOf(name);
  const weightShape = context.shapeOf(weightName);
  const outputShape = context.outputShape();
  const weight = context.constant(weightName);
  const biasData = biasName ? context.constant(biasName)?.data : undefined;
  if (!weight || (biasName && !biasData)) throw new CannotRun('has weights that are computed, not constant');
  const window = windowOf({ ...node, covers: [] }, weightShape.slice(2), shape, outputShape);
  if (!window) {
    throw new CannotRun(
      `has ${shape.length - 2} spatial axes`,
      'Use a model on images or sequences (1 or 2 spatial axes).',
    );
  }
  const groups = int(node.attributes, 'group', 1);
  const [batch = 1, inputChannels = 1] = shape;
  const outputChannels = outputShape[1]!;
  const channels = inputChannels / groups;
  const outputs = outputChannels / groups;
  const places = window.kernel[0] * window.kernel[1];
  const depthwise = groups > 1 && channels === 1 && outputs === 1;
  const input = context.dense(asImage(context.input()), channelsLast(4));
  const [height, width] = [input.shape[2]!, input.shape[3]!];
  const [outHeight, outWidth] = [outputShape.at(-2)!, outputShape.at(-1)!];
  const outSize: [number, number] = shape.length === 3 ? [1, outWidth] : [outHeight, outWidth];
  const fused = context.fuse({ channels: outputChannels, axis: 1, rank: outputShape.length });
  const output = context.tensor([batch, outputChannels, ...outSize], channelsLast(4));
  const kind: Conv = { op: 'conv', ...window, inputChannels, outputChannels, groups };
  const learned = learnedLayer(
    context,
    fused,
    {
      op: depthwise ? 'depthwise' : 'conv',
      rows: outputChannels,
      rowLength: places * channels,
      channels,
      weightShape: [...weight.shape],
      weightName,
      conv: kind,
      inputShape: [1, height, width, inputChannels],
      outputShape: [1, ...outSize, outputChannels],
      macs: outputChannels * outSize[0] * outSize[1] * places * channels,
    },
    () => {
      const matrix = new Float64Array(weight.data.length);
      for (let row = 0; row < outputChannels; row += 1) {
        for (let c = 0; c < channels; c += 1) {
          for (let place = 0; place < places; place += 1) {
            matrix[(row * places + place) * channels + c] = weight.data[(row * channels + c) * places + place]!;
          }
        }
      }
      return matrix;
    },
    biasData && ((row) => biasData[row]!),
    depthwise ? { how: 'depthwise' } : { how: 'panels', groups },
  );
  context.work += batch * learned.layer.macs;
  const { kernel } = context.shared.memory;
  const [top, left] = window.pads;
  const addresses = { panels: learned.panelsAt, bias: learned.biasAt };
  if (depthwise) {
    const { memory } = program;
    const at = memory.take(4 * 23);
    const sizes = [batch, ...outSize, height, width, inputChannels];
    const moves = [...window.kernel, ...window.stride, top, left, ...window.dilation];
    memory.words.set([0, addresses.panels, addresses.bias, 0, ...sizes, ...moves], at / 4);
    setFinish(program, at / 4 + 18, fused.finish);
    runLearned(context, learned, input, output, (from, to) => {
      memory.words[at / 4] = from;
      memory.words[at / 4 + 3] = to;
      kernel.depthwise(at);
    });
  } else {
    const flat =
      places === 1 &&
      window.stride.every((step) => step === 1) &&
      window.pads.every((pad) => pad === 0) &&
      groups === 1;
    const geometry: Geometry = flat
      ? product(batch * height * width, inputChannels, outputChannels)
      : {
          rows: batch * outSize[0] * outSize[1],
          output: outSize,
          input: [height, width],
          pixel: inputChannels,
          outputPixel: outputChannels,
          kernel: window.kernel,
          stride: window.stride,
          pads: [top, left],
          dilation: window.dilation,
          channels,
          groups,
          outputs,
        };
    const at = parametersOf(program, geometry, addresses, zerosFor(context, channels), fused.finish);
    runLearned(context, learned, input, output, (from, to) => runAt(context, at, from, to));
  }
  const { strides } = output;
  const result =
    shape.length === 3 ? { ...output, shape: outputShape, strides: [strides[0]!, strides[1]!, strides[3]!] } : output;
  return finishNodes(context, fused, result);
}

function runAt({ shared }: Context, at: number, from: number, to: number): void {
  const { memory } = shared;
  memory.words[at / 4] = from;
  memory.words[at / 4 + 3] = to;
  memory.kernel.convolve(at);
}

/** A sequence N, C, W as an image of one line. */
export function asImage(view: View): View {
  if (view.shape.length !== 3) return view;
  const [n, c, w] = view.shape as [number, number, number];
  const [byN, byC, byW] = view.strides as [number, number, number];
  return { ...view, shape: [n, c, 1, w], strides: [byN, byC, 0, byW] };
}

/** y = x W (+ bias): `weight` with the strides of its inputs and outputs. */
interface Linear {
  weightName: string;
  inputs: number;
  outputs: number;
  byInput: number;
  byOutput: number;
  factor: number;
  bias?: (output: number) => number;
}

/** A product of rows with learned weights. `input`: ..., inputs; its result: ..., outputs. `fused` where it fuses. */
function linear(context: Context, input: View, weights: Linear, fused: Fused): View {
  const { program } = context;
  const { inputs, outputs, weightName } = weights;
  const rows = sizeOf(input.shape) / inputs;
  const each = Math.max(1, rows / program.samples);
  const data = context.constant(weightName)!.data;
  const output = context.tensor([...input.shape.slice(0, -1), outputs]);
  const learned = learnedLayer(
    context,
    fused,
    {
      op: 'fc',
      rows: outputs,
      rowLength: inputs,
      channels: inputs,
      weightShape: [inputs, outputs],
      weightName,
      inputShape: [each, inputs],
      outputShape: [each, outputs],
      macs: each * inputs * outputs,
    },
    () => {
      const matrix = new Float64Array(inputs * outputs);
      for (let row = 0; row < outputs; row += 1) {
        for (let k = 0; k < inputs; k += 1) {
          matrix[row * inputs + k] = weights.factor * data[row * weights.byOutput + k * weights.byInput]!;
        }
      }
      return matrix;
    },
    weights.bias,
    { how: 'panels', groups: 1 },
  );
  context.work += rows * inputs * outputs;
  const addresses = { panels: learned.panelsAt, bias: learned.biasAt };
  const at = parametersOf(program, product(rows, inputs, outputs), addresses, zerosFor(context, 8), fused.finish);
  runLearned(context, learned, input, output, (from, to) => runAt(context, at, from, to));
  return output;
}

function unfused(context: Context, channels: number): Fused {
  return {
    output: context.node.outputs[0]!,
    nodes: [context.node],
    folded: 1,
    scale: new Float64Array(channels).fill(1),
    shift: new Float64Array(channels),
    finish: PLAIN,
    learned: [],
  };
}

function gemm(context: Context): GraphNode[] {
  const { node } = context;
  const [aName = '', bName = '', cName] = node.inputs;
  const alpha = float(node.attributes, 'alpha', 1);
  const beta = float(node.attributes, 'beta', 1);
  const turnsA = int(node.attributes, 'transA', 0) === 1;
  const turnsB = int(node.attributes, 'transB', 0) === 1;
  const a = turnsA ? transposed(context.input(0), [1, 0]) : context.input(0);
  const [rows, outputs] = context.outputShape() as [number, number];
  const inputs = a.shape[1]!;
  const c = cName ? context.constant(cName) : undefined;
  const byRow = c && (c.data.length === 1 || (c.data.length === outputs && c.shape.at(-1) === outputs));
  if (context.isConstant(bName) && !context.isConstant(aName)) {
    const weights: Linear = {
      weightName: bName,
      inputs,
      outputs,
      byInput: turnsB ? 1 : outputs,
      byOutput: turnsB ? inputs : 1,
      factor: alpha,
      ...(byRow && { bias: (output: number) => beta * c.data[c.data.length === 1 ? 0 : output]! }),
    };
    const whole = !cName || byRow;
    const fused = whole ? context.fuse({ channels: outputs, axis: 1, rank: 2 }) : unfused(context, outputs);
    const result = linear(context, context.dense(a), weights, fused);
    if (!whole) addScaled(context, result, context.input(2), beta);
    return finishNodes(context, fused, result);
  }
  const b = turnsB ? transposed(context.input(1), [1, 0]) : context.input(1);
  const output = context.tensor([rows, outputs]);
  multiply(context, a, b, output);
  if (alpha !== 1) {
    const { kernel } = context.shared.memory;
    context.step(() => {
      const at = context.program.address(output);
      kernel.unary(7, at, at, rows * outputs, alpha, 0);
    });
  }
  if (cName) addScaled(context, output, context.input(2), beta);
  context.set(output);
  return [node];
}

/** output += beta x other, the other stretched to it. */
function addScaled(context: Context, output: View, other: View, beta: number): void {
  const { program } = context;
  const { kernel } = context.shared.memory;
  let plus = other;
  if (beta !== 1) {
    plus = context.tensor(other.shape);
    program.copy(other, plus);
    const target = plus;
    context.step(() =>
      kernel.unary(7, program.address(target), program.address(target), sizeOf(target.shape), beta, 0),
    );
  }
  const { shape } = output;
  const [rows = 1, columns = 1] = shape;
  const wide = broadcast(plus, shape);
  context.step(() => {
    const at = program.address(output);
    kernel.binary(0, at, program.address(wide), at, rows, columns, columns, 1, wide.strides[0]!, wide.strides[1]!);
  });
}

function matmul(context: Context): GraphNode[] {
  const { node } = context;
  const [aName = '', bName = ''] = node.inputs;
  const a = context.input(0);
  const b = context.input(1);
  const outputShape = context.outputShape();
  if (context.isConstant(bName) && !context.isConstant(aName) && b.shape.length === 2) {
    const [inputs, outputs] = b.shape as [number, number];
    const rank = outputShape.length;
    const weights = { weightName: bName, inputs, outputs, byInput: outputs, byOutput: 1, factor: 1 };
    const fused =
      a.shape.length > 1 ? context.fuse({ channels: outputs, axis: rank - 1, rank }) : unfused(context, outputs);
    const result = linear(context, context.dense(a), weights, fused);
    return finishNodes(context, fused, result);
  }
  if (context.isConstant(aName) && !context.isConstant(bName) && a.shape.length === 2 && b.shape.length >= 2) {
    // W x = (x^T W^T)^T, which only changes strides.
    const [outputs, inputs] = a.shape as [number, number];
    const rank = b.shape.length;
    const order = [...range(0, rank - 2), rank - 1, rank - 2];
    const weights = { weightName: aName, inputs, outputs, byInput: 1, byOutput: inputs, factor: 1 };
    const result = linear(context, context.dense(transposed(b, order)), weights, unfused(context, outputs));
    context.set(transposed(result, order));
    return [node];
  }
  const left = a.shape.length === 1 ? { ...a, shape: [1, ...a.shape], strides: [0, ...a.strides] } : a;
  const right = b.shape.length === 1 ? { ...b, shape: [...b.shape, 1], strides: [...b.strides, 0] } : b;
  const batch = outputShape.slice(0, outputShape.length - (a.shape.length > 1 ? 1 : 0) - (b.shape.length > 1 ? 1 : 0));
  const output = context.tensor([...batch, left.shape.at(-2)!, right.shape.at(-1)!]);
  multiply(context, left, right, output);
  context.set({ ...output, shape: outputShape, strides: denseStrides(outputShape) });
  return [node];
}

/** A product of two computed tensors (or stacks of them), into a dense one. */
export function multiply(context: Context, a: View, b: View, output: View): void {
  const { program } = context;
  const { memory } = program;
  const { kernel } = memory;
  if (sizeOf(output.shape) === 0) return;
  const inner = a.shape.at(-1)!;
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  // Rows are read where they are when their elements are neighbours.
  const left = inner === 1 || a.strides.at(-1) === 1 ? a : context.dense(a);
  const batch = output.shape.slice(0, -2);
  const wideLeft = broadcast(left, [...batch, rows, inner]);
  const wideRight = broadcast(b, [...batch, inner, columns]);
  const pixel = rows === 1 ? inner : left.strides.at(-2)!;
  const panels = context.tensor([8 * Math.ceil(columns / 8) * inner]);
  const zeros = zerosFor(context, 8 * Math.ceil(columns / 8));
  const at = parametersOf(program, product(rows, inner, columns, pixel), { panels: 0, bias: zeros }, zeros, PLAIN);
  const [byInner, byColumn] = wideRight.strides.slice(-2) as [number, number];
  const offsets: [number, number][] = [];
  for (let index = 0; index < sizeOf(batch); index += 1) {
    let rest = index;
    let first = 0;
    let second = 0;
    for (let axis = batch.length - 1; axis >= 0; axis -= 1) {
      const coordinate = rest % batch[axis]!;
      rest = (rest - coordinate) / batch[axis]!;
      first += coordinate * wideLeft.strides[axis]!;
      second += coordinate * wideRight.strides[axis]!;
    }
    offsets.push([4 * first, 4 * second]);
  }
  context.step(() => {
    const from = program.address(left);
    const other = program.address(b);
    const packed = program.address(panels);
    let to = program.address(output);
    let last = -1;
    memory.words[at / 4 + 1] = packed;
    for (const [first, second] of offsets) {
      if (second !== last) kernel.packPanels(other + second, packed, columns, inner, byColumn, byInner);
      last = second;
      runAt(context, at, from + first, to);
      to += 4 * rows * columns;
    }
  });
}

/** Nodes that were taken together with the product are given back by each. */
export const products: Record<string, (context: Context) => GraphNode[]> = { Conv: conv, Gemm: gemm, MatMul: matmul };
