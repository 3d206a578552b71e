import type { Window } from '../../onnx/network.ts';

/** Height and width of a map. */
export interface Extent {
  rows: number;
  columns: number;
}

/**
 * The last input row or column that the window at `index` reads, all counted from 0: TCAD's
 * rd = min(H_in, K + s * (r - 1) - p), which counts from 1, with dilation.
 */
export function lastInput(
  index: number,
  size: number,
  kernel: number,
  stride: number,
  pad: number,
  dilation = 1,
): number {
  return Math.min(size - 1, index * stride - pad + (kernel - 1) * dilation);
}

/** Writes which input pixels windows over H and W need. Pixels are numbered sample by sample, row by row. */
export class WindowPixels {
  /** Positions of the kernel. */
  readonly positions: number;
  private readonly window: Window;
  private readonly input: Extent;
  private readonly output: Extent;

  constructor(frame: Window, input: Extent, output: Extent) {
    this.window = frame;
    this.input = input;
    this.output = output;
    this.positions = frame.kernel[0] * frame.kernel[1];
  }

  /** Fills `into`, by position of the kernel (row by row), with the input pixel under it; -1 where it lies in the padding. */
  pixelsOf(output: number, into: Int32Array): void {
    const { kernel, stride, pads, dilation } = this.window;
    const { rows, columns } = this.input;
    const area = this.output.rows * this.output.columns;
    const sample = Math.floor(output / area);
    const within = output - sample * area;
    const row = Math.floor(within / this.output.columns);
    const top = row * stride[0] - pads[0];
    const left = (within - row * this.output.columns) * stride[1] - pads[1];
    const base = sample * rows * columns;
    let at = 0;
    for (let i = 0; i < kernel[0]; i++) {
      const y = top + i * dilation[0];
      const inRows = y >= 0 && y < rows;
      for (let j = 0; j < kernel[1]; j++) {
        const x = left + j * dilation[1];
        into[at++] = inRows && x >= 0 && x < columns ? base + y * columns + x : -1;
      }
    }
  }

  /** Calls with every window that reads the input pixel, ascending. */
  windowsOf(pixel: number, each: (output: number) => void): void {
    const { kernel, stride, pads, dilation } = this.window;
    const { rows, columns } = this.input;
    const sample = Math.floor(pixel / (rows * columns));
    const within = pixel - sample * rows * columns;
    const y = Math.floor(within / columns);
    const x = within - y * columns;
    const base = sample * this.output.rows * this.output.columns;
    const lastRow = Math.min(this.output.rows - 1, Math.floor((y + pads[0]) / stride[0]));
    const lastColumn = Math.min(this.output.columns - 1, Math.floor((x + pads[1]) / stride[1]));
    const firstRow = Math.max(0, Math.ceil((y + pads[0] - (kernel[0] - 1) * dilation[0]) / stride[0]));
    const firstColumn = Math.max(0, Math.ceil((x + pads[1] - (kernel[1] - 1) * dilation[1]) / stride[1]));
    for (let row = firstRow; row <= lastRow; row++) {
      if ((y + pads[0] - row * stride[0]) % dilation[0] !== 0) continue;
      for (let column = firstColumn; column <= lastColumn; column++) {
        if ((x + pads[1] - column * stride[1]) % dilation[1] !== 0) continue;
        each(base + row * this.output.columns + column);
      }
    }
  }
}
