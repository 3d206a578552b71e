import { breathe } from '../../core/abort.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import type { Numbers } from './numbers.ts';
import { compute, requantise, type Values } from './vector-unit.ts';

/** The network computed directly, layer by layer, without arrays, parts or addresses: what a program must agree with. */
export async function runReference({ layers }: Network, numbers: Numbers, signal: AbortSignal): Promise<Values[]> {
  const results: Values[] = [];
  for (const layer of layers) {
    const inputs = layer.inputs.map((each) => results[each]!);
    results.push(
      numbers.inputs[layer.index] ?? product(layer, inputs, numbers) ?? compute(layer, inputs, numbers.most),
    );
    await breathe(signal);
  }
  return results;
}

function product(layer: Layer, inputs: readonly Values[], numbers: Numbers): Values | undefined {
  const sums = sumsOf(layer, inputs, numbers.weights[layer.index]);
  const shift = numbers.shifts[layer.index]!;
  return sums && Int32Array.from(sums, (sum) => requantise(sum, shift, numbers.most, layer));
}

function sumsOf(
  { kind, inputShapes, outputShape }: Layer,
  [a, b]: readonly Values[],
  weights: Values | undefined,
): Float64Array | undefined {
  const sums = new Float64Array(outputShape.reduce((all, each) => all * each, 1));
  if (kind.op === 'fc') {
    for (let row = 0; row < kind.rows; row++) {
      for (let out = 0; out < kind.outputs; out++) {
        let sum = 0;
        for (let at = 0; at < kind.inputs; at++) sum += a![row * kind.inputs + at]! * weights![out * kind.inputs + at]!;
        sums[row * kind.outputs + out] = sum;
      }
    }
    return sums;
  }
  if (kind.op === 'matmul') {
    const { batch, rows, inner, columns } = kind;
    for (let each = 0; each < batch; each++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let at = 0; at < inner; at++) {
            sum += a![(each * rows + row) * inner + at]! * b![(each * inner + at) * columns + column]!;
          }
          sums[(each * rows + row) * columns + column] = sum;
        }
      }
    }
    return sums;
  }
  if (kind.op !== 'conv') return undefined;
  const [, channels = 1, height = 1, width = 1] = inputShapes[0]!;
  const [, outputs = 1, outHeight = 1, outWidth = 1] = outputShape;
  const [perIn, perOut] = [channels / kind.groups, outputs / kind.groups];
  let to = 0;
  for (let out = 0; out < outputs; out++) {
    const firstIn = Math.floor(out / perOut) * perIn;
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        let sum = 0;
        for (let c = 0; c < perIn; c++) {
          for (let ky = 0; ky < kind.kernel[0]; ky++) {
            const iy = y * kind.stride[0] - kind.pads[0] + ky * kind.dilation[0];
            if (iy < 0 || iy >= height) continue;
            for (let kx = 0; kx < kind.kernel[1]; kx++) {
              const ix = x * kind.stride[1] - kind.pads[1] + kx * kind.dilation[1];
              if (ix < 0 || ix >= width) continue;
              const weight = weights![((out * perIn + c) * kind.kernel[0] + ky) * kind.kernel[1] + kx]!;
              sum += a![((firstIn + c) * height + iy) * width + ix]! * weight;
            }
          }
        }
        sums[to++] = sum;
      }
    }
  }
  return sums;
}
