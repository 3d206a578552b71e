import type { Conv, Layer, Network } from '../../onnx/network.ts';
import type { RunLayer } from '../../onnx/run/types.ts';
import type { LoopLayer } from './types.ts';

/** Layers with weights, as the data-movement model sees them: convolutions (groups as repeats) and products with weights. */
export function layersOf(from: Network | readonly RunLayer[]): LoopLayer[] {
  if ('layers' in from) return from.layers.flatMap(networkLayer);
  return from.map(({ name, conv, rowLength, rows, outputShape }) =>
    conv ? convLayer(name, conv, sizesLast(outputShape)) : productLayer(name, vectorsOf(outputShape), rowLength, rows),
  );
}

function networkLayer({ name, kind, outputShape }: Layer): LoopLayer[] {
  if (kind.op === 'fc') return [productLayer(name, kind.rows, kind.inputs, kind.outputs)];
  if (kind.op !== 'conv') return [];
  const [b = 1, , y = 1, x = 1] = outputShape;
  return [convLayer(name, kind, { b, x, y })];
}

/** Channels last: N, H, W, C. */
function sizesLast(shape: readonly number[]): { b: number; x: number; y: number } {
  const [b = 1, y = 1, x = 1] = shape;
  return { b, x, y };
}

function vectorsOf(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}

function convLayer(name: string, conv: Conv, { b, x, y }: { b: number; x: number; y: number }): LoopLayer {
  const { inputChannels, outputChannels, groups, kernel, stride } = conv;
  const [h, w] = kernel;
  return {
    name,
    sizes: { b, f: outputChannels / groups, x, y, c: inputChannels / groups, w, h },
    stride: [stride[1], stride[0]],
    repeats: groups,
  };
}

function productLayer(name: string, rows: number, inputs: number, outputs: number): LoopLayer {
  return { name, sizes: { b: rows, f: outputs, x: 1, y: 1, c: inputs, w: 1, h: 1 }, stride: [1, 1], repeats: 1 };
}
