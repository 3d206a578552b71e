import { createRandom } from '../../core/random.ts';
import { float32, graphOf, int, ints, node } from '../../onnx/graph.fixture.ts';
import type { RunLayer } from '../../onnx/run/types.ts';
import type { Model } from '../../onnx/types.ts';

const random = createRandom(7);
const numbers = (count: number, spread = 1): number[] =>
  Array.from({ length: count }, () => Math.fround(random.normal() * spread));

const kernel = numbers(64 * 32 * 9, 0.1);
const gain = numbers(64).map((value) => Math.fround(1 + 0.1 * value));
const shift = numbers(64);
const mean = numbers(64);
const variance = numbers(64).map((value) => Math.fround(0.5 + value * value));
const hidden = numbers(48 * 64, 0.2);
const hiddenBias = numbers(48);
const last = numbers(48 * 10, 0.2);
const lastBias = numbers(10);
const odd = numbers(10 * 7, 0.3);

/** Convolution with a normalisation, a Gemm, a MatMul with its bias added after it, and one with rows of 10: 32 x 5 x 5 in, 7 out. */
export function smallModel(opset = 17): Model {
  const graph = graphOf(
    { x: ['N', 32, 5, 5] },
    [
      node('Conv', ['x', 'conv.weight'], ['c'], { pads: ints(1, 1, 1, 1), kernel_shape: ints(3, 3) }),
      node('BatchNormalization', ['c', 'bn.gain', 'bn.shift', 'bn.mean', 'bn.variance'], ['n'], {
        epsilon: { kind: 'float', value: 1e-5 },
      }),
      node('Relu', ['n'], ['r']),
      node('GlobalAveragePool', ['r'], ['p']),
      node('Flatten', ['p'], ['f'], { axis: int(1) }),
      node('Gemm', ['f', 'hidden.weight', 'hidden.bias'], ['h'], { transB: int(1) }),
      node('Relu', ['h'], ['g']),
      node('MatMul', ['g', 'last.weight'], ['m']),
      node('Add', ['m', 'last.bias'], ['a']),
      node('MatMul', ['a', 'odd.weight'], ['y']),
    ],
    [
      float32('conv.weight', kernel, [64, 32, 3, 3]),
      float32('bn.gain', gain),
      float32('bn.shift', shift),
      float32('bn.mean', mean),
      float32('bn.variance', variance),
      float32('hidden.weight', hidden, [48, 64]),
      float32('hidden.bias', hiddenBias),
      float32('last.weight', last, [48, 10]),
      float32('last.bias', lastBias),
      float32('odd.weight', odd, [10, 7]),
    ],
  );
  return { graph, irVersion: 8, opsets: { '': opset }, producer: 'test' };
}

/** Its layers, folded here by the definition of BatchNormalization and of the matrix of `RunLayer`. */
export function smallLayers(): RunLayer[] {
  const factor = gain.map((value, o) => value / Math.sqrt((variance[o] ?? 0) + 1e-5));
  const weights = new Float32Array(kernel.length);
  for (let o = 0; o < 64; o += 1) {
    for (let i = 0; i < 32; i += 1) {
      for (let place = 0; place < 9; place += 1) {
        weights[o * 288 + place * 32 + i] = (kernel[(o * 32 + i) * 9 + place] ?? 0) * (factor[o] ?? 0);
      }
    }
  }
  const bias = Float32Array.from(shift, (value, o) => value - (mean[o] ?? 0) * (factor[o] ?? 0));
  return [
    layer('conv', 'conv', 64, 288, 32, weights, [64, 32, 3, 3], ['Conv_c', 'BatchNormalization_n'], bias),
    layer('hidden', 'fc', 48, 64, 64, Float32Array.from(hidden), [64, 48], ['Gemm_h'], Float32Array.from(hiddenBias)),
    layer('last', 'fc', 10, 48, 48, turned(last, 48, 10), [48, 10], ['MatMul_m', 'Add_a'], Float32Array.from(lastBias)),
    layer('odd', 'fc', 7, 10, 10, turned(odd, 10, 7), [10, 7], ['MatMul_y']),
  ];
}

function turned(values: number[], inputs: number, outputs: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < inputs; i += 1) {
    for (let o = 0; o < outputs; o += 1) result[o * inputs + i] = values[i * outputs + o] ?? 0;
  }
  return result;
}

function layer(
  name: string,
  op: RunLayer['op'],
  rows: number,
  rowLength: number,
  channels: number,
  weights: Float32Array,
  weightShape: number[],
  nodes: string[],
  bias?: Float32Array,
): RunLayer {
  const shapes = { inputShape: [1, rowLength], outputShape: [1, rows] };
  const layer: RunLayer = {
    name,
    op,
    weights,
    rows,
    rowLength,
    channels,
    weightShape,
    weightName: `${name}.weight`,
    nodes,
    ...shapes,
    macs: rows * rowLength,
    consumers: [],
  };
  return bias ? { ...layer, bias } : layer;
}
