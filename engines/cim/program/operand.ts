import type { Layer } from '../../onnx/network.ts';
import type { CimOperator } from '../types.ts';
import type { Values } from './vector-unit.ts';

/** A part of a layer: from where in it inner, columns and groups begin. */
export function originOf({ part }: CimOperator): { inner: number; column: number; group: number } {
  return { inner: part?.inner[0] ?? 0, column: part?.columns[0] ?? 0, group: part?.groups[0] ?? 0 };
}

/** The weight of an operator's group, column and place in the vector: from the layer's own, or from a computed operand. */
export function weightReader(
  operator: CimOperator,
  layer: Layer,
  from: Values,
): (g: number, k: number, n: number) => number {
  const origin = originOf(operator);
  const { kind } = layer;
  if (kind.op === 'matmul') {
    return (g, k, n) => from[((origin.group + g) * kind.inner + origin.inner + n) * kind.columns + origin.column + k]!;
  }
  if (kind.op === 'conv') {
    const perGroup = kind.outputChannels / kind.groups;
    const inner = (kind.kernel[0] * kind.kernel[1] * kind.inputChannels) / kind.groups;
    return (g, k, n) => from[((origin.group + g) * perGroup + origin.column + k) * inner + origin.inner + n]!;
  }
  const inputs = kind.op === 'fc' ? kind.inputs : 0;
  return (_, k, n) => from[(origin.column + k) * inputs + origin.inner + n]!;
}

/** Fills a vector of an operator's group: a window of a picture, a row, a row of a head. */
export function vectorReader(
  operator: CimOperator,
  layer: Layer,
  from: Values,
): (g: number, v: number, into: Int32Array) => void {
  const origin = originOf(operator);
  const { inner } = operator;
  const { kind, inputShapes, outputShape } = layer;
  if (kind.op === 'matmul' || kind.op === 'fc') {
    const [rows, length] = kind.op === 'fc' ? [0, kind.inputs] : [kind.rows, kind.inner];
    return (g, v, into) => {
      const start = ((origin.group + g) * rows + v) * length + origin.inner;
      for (let n = 0; n < inner; n++) into[n] = from[start + n]!;
    };
  }
  if (kind.op !== 'conv') throw new Error(`"${layer.name}" is no product.`);
  const [, channels = 1, height = 1, width = 1] = inputShapes[0]!;
  const outWidth = outputShape[3] ?? 1;
  const [kernelY, kernelX] = kind.kernel;
  const perGroup = channels / kind.groups;
  return (g, v, into) => {
    const [y, x] = [Math.floor(v / outWidth), v % outWidth];
    const firstChannel = (origin.group + g) * perGroup;
    for (let n = 0; n < inner; n++) {
      const flat = origin.inner + n;
      const [c, ky, kx] = [
        Math.floor(flat / (kernelY * kernelX)),
        Math.floor(flat / kernelX) % kernelY,
        flat % kernelX,
      ];
      const iy = y * kind.stride[0] - kind.pads[0] + ky * kind.dilation[0];
      const ix = x * kind.stride[1] - kind.pads[1] + kx * kind.dilation[1];
      const outside = iy < 0 || ix < 0 || iy >= height || ix >= width;
      into[n] = outside ? 0 : from[((firstChannel + c) * height + iy) * width + ix]!;
    }
  };
}

/** Where in its layer's result an operator's output belongs. */
export function placeReader(
  operator: CimOperator,
  { kind, outputShape }: Layer,
): (g: number, v: number, k: number) => number {
  const origin = originOf(operator);
  if (kind.op === 'matmul') {
    return (g, v, k) => ((origin.group + g) * kind.rows + v) * kind.columns + origin.column + k;
  }
  if (kind.op === 'conv') {
    const perGroup = kind.outputChannels / kind.groups;
    const pixels = outputShape.slice(2).reduce((all, each) => all * each, 1);
    return (g, v, k) => ((origin.group + g) * perGroup + origin.column + k) * pixels + v;
  }
  const outputs = kind.op === 'fc' ? kind.outputs : 1;
  return (_, v, k) => v * outputs + origin.column + k;
}
