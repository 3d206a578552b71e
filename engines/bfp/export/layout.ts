import type { RunLayer } from '../../onnx/run/types.ts';

/** Sizes of a kernel's window in the order of ONNX: Kh, Kw, or one, or three. */
function places(layer: RunLayer): number {
  return layer.op === 'fc' ? 1 : layer.weightShape.slice(2).reduce((product, size) => product * size, 1);
}

/**
 * The weights of a convolution as ONNX has them (O, I / groups, kernel places) from the matrix of the runner (rows are
 * outputs; in a row kernel place, then input channel).
 */
export function toChannelsFirst(layer: RunLayer, matrix: Float32Array): Float32Array {
  const window = places(layer);
  const channels = layer.rowLength / window;
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < layer.rows; row += 1) {
    const from = row * layer.rowLength;
    for (let place = 0; place < window; place += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        result[from + channel * window + place] = matrix[from + place * channels + channel] as number;
      }
    }
  }
  return result;
}

/** A matrix of rows x columns as one of columns x rows. */
export function transposed<T extends Float32Array | Int8Array>(matrix: T, rows: number, columns: number): T {
  const result = matrix.slice() as T;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      result[column * rows + row] = matrix[row * columns + column] as number;
    }
  }
  return result;
}
