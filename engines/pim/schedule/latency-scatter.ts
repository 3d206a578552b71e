import type { Conv, Layer } from '../../onnx/network.ts';
import type { Need, Parts } from './latency-types.ts';
import { WindowPixels } from './windows.ts';

/** The products of a convolution that has kernel positions in its columns, and what becomes of them. */
export interface Products {
  /** As a map: one pixel a product, its channels the columns. */
  shape: number[];
  need: Need;
  parts: Parts;
  /** By output pixel, the products that it is a sum of. */
  sums: Need;
}

/**
 * TCAD, Table IV: with `halfColumns` ((I*K, O*K, 1)) a product reads the kernel's columns in one input row, and its own
 * columns are the kernel's rows; otherwise ((I, O*K^2, 1)) it reads one input pixel, and its columns are all positions.
 */
export function productsOf(layer: Layer, kind: Conv, halfColumns: boolean): Products {
  const [batch = 1, , rows = 1, columns = 1] = layer.inputShapes[0]!;
  const [, outputs = 1, outputRows = 1, outputColumns = 1] = layer.outputShape;
  const { kernel, stride, pads, dilation } = kind;
  const across = halfColumns ? outputColumns : columns;
  const positions = halfColumns ? kernel[0] : kernel[0] * kernel[1];
  const read = halfColumns
    ? { kernel: [1, kernel[1]] as [number, number], stride: [1, stride[1]] as [number, number] }
    : { kernel: [1, 1] as [number, number], stride: [1, 1] as [number, number] };
  const padding: [number, number, number, number] = halfColumns ? [0, pads[1], 0, pads[3]] : [0, 0, 0, 0];
  const window = { ...read, pads: padding, dilation: [1, dilation[1]] as [number, number] };
  const pixels = new WindowPixels(window, { rows, columns }, { rows, columns: across });
  const start = new Int32Array(batch * rows * across + 1);
  const target: number[] = [];
  const from: number[] = [];
  for (let product = 0; product < batch * rows * across; product++) {
    const sample = Math.floor(product / (rows * across));
    const y = Math.floor(product / across) % rows;
    const x = product % across;
    for (let position = 0; position < positions; position++) {
      const [i, j] = halfColumns ? [position, 0] : [Math.floor(position / kernel[1]), position % kernel[1]];
      const row = (y + pads[0] - i * dilation[0]) / stride[0];
      const column = halfColumns ? x : (x + pads[1] - j * dilation[1]) / stride[1];
      const isOutput = Number.isInteger(row) && Number.isInteger(column);
      if (!isOutput || row < 0 || row >= outputRows || column < 0 || column >= outputColumns) continue;
      target.push((sample * outputRows + row) * outputColumns + column);
      from.push(position * outputs);
    }
    start[product + 1] = target.length;
  }
  const parts = { start, window: Int32Array.from(target), from: Int32Array.from(from) };
  return {
    shape: [batch, outputs * positions, rows, across],
    need: { how: 'window', pixels },
    parts,
    sums: sumsOf(parts, batch * outputRows * outputColumns),
  };
}

function sumsOf({ start, window: sumOf }: Parts, windows: number): Need {
  const first = new Int32Array(windows + 1);
  for (const one of sumOf) first[one + 1]!++;
  for (let at = 0; at < windows; at++) first[at + 1]! += first[at]!;
  const next = first.slice();
  const pixel = new Int32Array(sumOf.length);
  for (let product = 0; product + 1 < start.length; product++) {
    for (let at = start[product]!; at < start[product + 1]!; at++) pixel[next[sumOf[at]!]!++] = product;
  }
  return { how: 'listed', start: first, pixel };
}
