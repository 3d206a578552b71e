import type { Conv, Pool } from '../network.ts';
import { type NumberArray, zeros } from './arrays.ts';

/** Direct convolution. `weight` is O x I/groups x Kh x Kw, `bias` has O entries. */
export function convolve(
  kind: Conv,
  input: NumberArray,
  weight: Float64Array,
  bias: Float64Array | undefined,
  outputShape: readonly number[],
): NumberArray {
  const [batch = 1, channels = 1, height = 1, width = 1] = input.shape;
  const [, outputs = 1, outHeight = 1, outWidth = 1] = outputShape;
  const [kernelHeight, kernelWidth] = kind.kernel;
  const [top, left] = kind.pads;
  const perGroup = channels / kind.groups;
  const outputsPerGroup = outputs / kind.groups;
  const output = zeros(outputShape);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const firstChannel = Math.floor(o / outputsPerGroup) * perGroup;
      for (let y = 0; y < outHeight; y++) {
        for (let x = 0; x < outWidth; x++) {
          let sum = bias?.[o] ?? 0;
          for (let c = 0; c < perGroup; c++) {
            for (let i = 0; i < kernelHeight; i++) {
              const row = y * kind.stride[0] - top + i * kind.dilation[0];
              if (row < 0 || row >= height) continue;
              for (let j = 0; j < kernelWidth; j++) {
                const column = x * kind.stride[1] - left + j * kind.dilation[1];
                if (column < 0 || column >= width) continue;
                const value = input.data[((n * channels + firstChannel + c) * height + row) * width + column]!;
                sum += value * weight[((o * perGroup + c) * kernelHeight + i) * kernelWidth + j]!;
              }
            }
          }
          output.data[at++] = sum;
        }
      }
    }
  }
  return output;
}

/** Largest or mean value of each window; a window that lies wholly in the padding gives 0. */
export function pool(kind: Pool, input: NumberArray, outputShape: readonly number[]): NumberArray {
  const [batch = 1, channels = 1, height = 1, width = 1] = input.shape;
  const [, , outHeight = 1, outWidth = 1] = outputShape;
  const [kernelHeight, kernelWidth] = kind.global ? [height, width] : kind.kernel;
  const [top, left] = kind.global ? [0, 0] : kind.pads;
  const output = zeros(outputShape);
  let at = 0;
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        let sum = 0;
        let largest = Number.NEGATIVE_INFINITY;
        let count = 0;
        for (let i = 0; i < kernelHeight; i++) {
          const row = y * kind.stride[0] - top + i * kind.dilation[0];
          if (row < 0 || row >= height) continue;
          for (let j = 0; j < kernelWidth; j++) {
            const column = x * kind.stride[1] - left + j * kind.dilation[1];
            if (column < 0 || column >= width) continue;
            const value = input.data[(plane * height + row) * width + column]!;
            sum += value;
            largest = Math.max(largest, value);
            count++;
          }
        }
        const divisor = kind.countPadding ? kernelHeight * kernelWidth : count;
        output.data[at++] = count === 0 ? 0 : kind.method === 'max' ? largest : sum / divisor;
      }
    }
  }
  return output;
}
