import { createTrainMath, type Product } from '../../tensor/train-kernels.ts';
import type { Net, NetValue, Step } from './net.ts';

/** What a plan does to numbers on their way through a network; each writes over what it is given. Absent: nothing. */
export interface Rounding {
  /** The input of a layer, as the layer reads it: height, width, channels. */
  input?(layer: string, values: Float32Array, shape: NetValue): void;
  /** The output of a layer, its ReLU done. */
  output?(layer: string, values: Float32Array, shape: NetValue): void;
}

/** A network in memory: samples go forward and backward one by one, gradients add up. */
export interface Passes {
  readonly net: Net;
  /** By parameter, in the order of `net.parameters`. To be written by whoever trains, then `weightsChanged` called. */
  readonly weights: readonly Float32Array[];
  /** What forward and backward multiply with: the weights, or their rounded forms. Written by `weightsChanged`. */
  readonly used: readonly Float32Array[];
  /** Sums over the samples that went backward since `clearGradients`. */
  readonly gradients: readonly Float32Array[];
  /** The values of the sample that went forward last. */
  readonly values: readonly Float32Array[];
  /** Takes `weights` over, by `round` where a plan rounds them. */
  weightsChanged(round?: (parameter: number, weights: Float32Array, used: Float32Array) => void): void;
  /** The outputs of one sample. Shared: the next sample overwrites them. */
  forward(sample: ArrayLike<number>, rounding?: Rounding): Float32Array;
  /**
   * Adds the gradients of the sample that went forward last, from those of its outputs. `onInput` is shown the gradient of
   * each layer's input as far as it comes through that layer (shared, to be read at once).
   */
  backward(outputGradient: ArrayLike<number>, onInput?: OnInput): void;
  clearGradients(): void;
}

type OnInput = (layer: string, gradient: Float32Array) => void;

const sizeOf = ({ height, width, channels }: NetValue): number => height * width * channels;

/** Lays a network out on one heap. `build` as in `createTrainMath`. */
export async function createPasses(net: Net, build?: Parameters<typeof createTrainMath>[1]): Promise<Passes> {
  let size = 0;
  const reserve = (elements: number): number => {
    const at = size;
    // Sixteen bytes, so that arrays of four lanes start whole.
    size += (elements + 3) & ~3;
    return at;
  };
  const lengths = net.parameters.map(({ rows, rowLength }) => rows * rowLength);
  const forEach = (): number[] => lengths.map(reserve);
  const [weightsAt, usedAt, turnedAt, gradientsAt] = [forEach(), forEach(), forEach(), forEach()];
  const valuesAt = net.values.map((value) => reserve(sizeOf(value)));
  const gradsAt = net.values.map((value) => reserve(sizeOf(value)));
  // Layers read rounded copies, because other steps may read the value as it is.
  const readAt = net.steps.map((step) => ('weight' in step ? reserve(sizeOf(net.values[step.input]!)) : 0));
  const patchElements = net.steps
    .map((step) => (step.op === 'conv' ? step.patches : undefined))
    .map(
      (patches) =>
        patches && patches.outHeight * patches.outWidth * patches.channels * patches.kernel[0] * patches.kernel[1],
    );
  const patchesAt = reserve(Math.max(0, ...patchElements.map((elements) => elements ?? 0)));
  const alone = reserve(Math.max(...net.values.map(sizeOf)));
  const run = await createTrainMath(size, build);
  const view = (at: number, length: number): Float32Array => run.heap.subarray(at, at + length);
  const views = (places: readonly number[]): Float32Array[] =>
    places.map((at, parameter) => view(at, lengths[parameter]!));
  const [weights, used, turned, gradients] = [views(weightsAt), views(usedAt), views(turnedAt), views(gradientsAt)];
  const values = net.values.map((value, index) => view(valuesAt[index]!, sizeOf(value)));
  const valueGradients = net.values.map((value, index) => view(gradsAt[index]!, sizeOf(value)));
  const rounded = new Set<number>();

  function weightsChanged(round?: (parameter: number, weights: Float32Array, used: Float32Array) => void): void {
    for (const [parameter, { kind, rows, rowLength }] of net.parameters.entries()) {
      if (round) round(parameter, weights[parameter]!, used[parameter]!);
      else used[parameter]!.set(weights[parameter]!);
      if (kind === 'weight') transpose(used[parameter]!, turned[parameter]!, rows, rowLength);
    }
  }

  /** outputs[pixel][row] = patches[pixel] . weights[row], and the bias. */
  function learned(step: Extract<Step, { weight: number }>, a: number, pixels: number): void {
    const { rows, rowLength } = net.parameters[step.weight]!;
    const product = { m: pixels, n: rows, k: rowLength, aRow: rowLength, aStep: 1, bRow: rows, add: false };
    run.gemm({ a, b: turnedAt[step.weight]!, c: valuesAt[step.output]!, ...product });
    run.addBias(valuesAt[step.output]!, usedAt[step.bias]!, pixels, rows, step.relu);
  }

  function inputOf(step: Extract<Step, { weight: number }>, index: number): number {
    return rounded.has(index) ? readAt[index]! : valuesAt[step.input]!;
  }

  function forward(sample: ArrayLike<number>, rounding: Rounding = {}): Float32Array {
    values[0]!.set(sample);
    rounded.clear();
    for (const [index, step] of net.steps.entries()) {
      if ('weight' in step && rounding.input) {
        const shape = net.values[step.input]!;
        const read = view(readAt[index]!, sizeOf(shape));
        read.set(values[step.input]!);
        rounding.input(step.name, read, shape);
        rounded.add(index);
      }
      if (step.op === 'conv') {
        run.im2col(inputOf(step, index), patchesAt, step.patches);
        learned(step, patchesAt, step.patches.outHeight * step.patches.outWidth);
      } else if (step.op === 'fc') learned(step, inputOf(step, index), 1);
      else if (step.op === 'max-pool') run.maxPool(valuesAt[step.input]!, valuesAt[step.output]!, step.pooling);
      else simpleForward(step, net, values);
      if ('weight' in step) rounding.output?.(step.name, values[step.output]!, net.values[step.output]!);
    }
    return values[net.output]!;
  }

  /** Gradients of a layer's weights, bias and (but for the first layer) input. */
  function learnedBackward(step: Extract<Step, { weight: number }>, index: number, onInput?: OnInput): void {
    const { rows, rowLength } = net.parameters[step.weight]!;
    const dy = gradsAt[step.output]!;
    const pixels = sizeOf(net.values[step.output]!) / rows;
    let a = inputOf(step, index);
    if (step.op === 'conv') {
      run.im2col(a, patchesAt, step.patches);
      a = patchesAt;
    }
    run.addRows(gradientsAt[step.bias]!, dy, pixels, rows);
    const weights: Product = {
      ...{ a: dy, b: a, c: gradientsAt[step.weight]! },
      ...{ m: rows, n: rowLength, k: pixels, aRow: 1, aStep: rows, bRow: rowLength, add: true },
    };
    run.gemm(weights);
    if (step.input === 0 && !onInput) return;
    const dx = onInput ? alone : gradsAt[step.input]!;
    const shown = view(alone, values[step.input]!.length);
    if (onInput) shown.fill(0);
    const inputs: Product = {
      ...{ a: dy, b: usedAt[step.weight]!, c: step.op === 'conv' ? patchesAt : dx },
      ...{ m: pixels, n: rowLength, k: rows, aRow: rows, aStep: 1, bRow: rowLength, add: step.op === 'fc' },
    };
    run.gemm(inputs);
    if (step.op === 'conv') run.col2im(dx, patchesAt, step.patches);
    if (!onInput) return;
    onInput(step.name, shown);
    run.addRows(gradsAt[step.input]!, alone, 1, shown.length);
  }

  function backward(outputGradient: ArrayLike<number>, onInput?: OnInput): void {
    run.heap.fill(0, gradsAt[0], gradsAt.at(-1)! + valueGradients.at(-1)!.length);
    valueGradients[net.output]!.set(outputGradient);
    for (let index = net.steps.length - 1; index >= 0; index--) {
      const step = net.steps[index]!;
      if ('relu' in step && step.relu) {
        run.reluBackward(gradsAt[step.output]!, valuesAt[step.output]!, values[step.output]!.length);
      }
      if ('weight' in step) learnedBackward(step, index, onInput);
      else if (step.op === 'max-pool') {
        run.maxPoolBackward(valuesAt[step.input]!, gradsAt[step.input]!, gradsAt[step.output]!, step.pooling);
      } else simpleBackward(step, net, valueGradients);
    }
  }

  function clearGradients(): void {
    for (const gradient of gradients) gradient.fill(0);
  }

  weightsChanged();
  return { net, weights, used, gradients, values, weightsChanged, forward, backward, clearGradients };
}

function transpose(from: Float32Array, to: Float32Array, rows: number, columns: number): void {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) to[column * rows + row] = from[at]!;
  }
}

type SimpleStep = Exclude<Step, { weight: number } | { op: 'max-pool' }>;
type Arrays = readonly Float32Array[];

function simpleForward(step: SimpleStep, net: Net, values: Arrays): void {
  const [x, y] = [values[step.input]!, values[step.output]!];
  const { height, width, channels } = net.values[step.input]!;
  if (step.op === 'add') {
    const other = values[step.other]!;
    for (let at = 0; at < y.length; at++) {
      const sum = Math.fround(x[at]! + other[at]!);
      y[at] = step.relu ? Math.max(sum, 0) : sum;
    }
  } else if (step.op === 'flatten') {
    const pixels = height * width;
    for (let pixel = 0, at = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++, at++) y[channel * pixels + pixel] = x[at]!;
    }
  } else {
    y.fill(0);
    for (let at = 0; at < x.length; at++) y[at % channels]! += x[at]!;
    for (let channel = 0; channel < channels; channel++) y[channel]! /= height * width;
  }
}

function simpleBackward(step: SimpleStep, net: Net, gradients: Arrays): void {
  const [dx, dy] = [gradients[step.input]!, gradients[step.output]!];
  const { height, width, channels } = net.values[step.input]!;
  const pixels = height * width;
  if (step.op === 'add') {
    const other = gradients[step.other]!;
    for (let at = 0; at < dy.length; at++) {
      dx[at]! += dy[at]!;
      other[at]! += dy[at]!;
    }
  } else if (step.op === 'flatten') {
    for (let pixel = 0, at = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++, at++) dx[at]! += dy[channel * pixels + pixel]!;
    }
  } else for (let at = 0; at < dx.length; at++) dx[at]! += dy[at % channels]! / pixels;
}
