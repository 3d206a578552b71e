import type { Layer, Pool } from '../../onnx/network.ts';
import { Op, Stage } from '../program/types.ts';
import { type Emitter, emitActivation } from './common-emit.ts';
import type { View } from './common-views.ts';
import { joinLoad, type Scratch } from './throughput-fetch.ts';

/** Input rows and columns under one window along one axis, padding left out. */
function span(index: number, size: number, kernel: number, stride: number, pad: number, dilation: number): number[] {
  const inside: number[] = [];
  for (let k = 0; k < kernel; k++) {
    const at = index * stride - pad + k * dilation;
    if (at >= 0 && at < size) inside.push(at);
  }
  return inside;
}

/**
 * Pools output pixels `from` to `to` - 1 of a layer, channels `first` to `last` - 1: loads what is under a window, takes the
 * largest or the sum pixel by pixel, multiplies a sum by one over its count. What neighbouring windows share is loaded once
 * for a stretch of a row, as long as the stretch fits.
 */
export function emitPool(
  out: Emitter,
  scratch: Scratch,
  layer: Layer,
  kind: Pool,
  input: View,
  target: { at: number; stride: number },
  range: { from: number; to: number; first: number; last: number },
): void {
  const [, channels = 1, rows = 1, columns = 1] = layer.inputShapes[0]!;
  const [, , outputRows = 1, outputColumns = 1] = layer.outputShape;
  const [kernelRows, kernelColumns] = kind.global ? [rows, columns] : kind.kernel;
  const [top, left] = kind.global ? [0, 0] : kind.pads;
  const [strideRows, strideColumns] = kind.global ? [1, 1] : kind.stride;
  const [stepRows, stepColumns] = kind.global ? [1, 1] : kind.dilation;
  const width = range.last - range.first;
  const combine = kind.method === 'max' ? Op.VVMAX : Op.VVADD;
  const area = outputRows * outputColumns;
  // One row of inputs at a time goes into memory, so that also a window over a whole map fits.
  const mostPixels = Math.max(1, Math.floor(scratch.room / 2 / width) - 2);
  for (let pixel = range.from; pixel < range.to; ) {
    const sample = Math.floor(pixel / area);
    const row = Math.floor((pixel % area) / outputColumns);
    const firstColumn = pixel % outputColumns;
    const here = Math.min(
      range.to - pixel,
      outputColumns - firstColumn,
      Math.max(1, Math.floor(mostPixels / (strideColumns + 1))),
    );
    const inRows = span(row, rows, kernelRows, strideRows, top, stepRows);
    const under = Array.from({ length: here }, (_, index) =>
      span(firstColumn + index, columns, kernelColumns, strideColumns, left, stepColumns),
    );
    scratch.clear();
    const sums = scratch.take(here * width);
    const begin = Math.min(...under.flat(), columns);
    const end = Math.max(...under.flat(), -1) + 1;
    const begun = new Uint8Array(here);
    for (const inRow of inRows) {
      for (let start = begin; start < end; start += mostPixels) {
        const stop = Math.min(end, start + mostPixels);
        const mark = scratch.mark();
        const line = scratch.take((stop - start) * width);
        let last = -1;
        for (let x = start; x < stop; x++) {
          const source = input.at + ((sample * rows + inRow) * columns + x) * channels + range.first;
          last = joinLoad(out, source, line + (x - start) * width, width, last);
        }
        for (const [index, inColumns] of under.entries()) {
          out.window = pixel + index;
          const sum = sums + index * width;
          for (const x of inColumns) {
            if (x < start || x >= stop) continue;
            const source = line + (x - start) * width;
            if (begun[index]) out.put(combine, Stage.POST, sum, sum, source, width);
            else out.put(Op.LMV, Stage.POST, sum, source, -1, width);
            begun[index] = 1;
          }
        }
        scratch.back(mark);
      }
    }
    for (const [index, inColumns] of under.entries()) {
      const count = inRows.length * inColumns.length;
      out.window = pixel + index;
      const sum = sums + index * width;
      if (count === 0) out.immediate(Op.LLDI, Stage.POST, sum, -1, width, 0);
      else if (kind.method === 'average') {
        const divisor = kind.countPadding ? kernelRows * kernelColumns : count;
        if (divisor !== 1) out.immediate(Op.VMULI, Stage.POST, sum, sum, width, 1 / divisor);
      }
    }
    out.window = pixel;
    if (layer.activation)
      emitActivation(out, Stage.POST, layer.activation, sums, sums, here * width, scratch.take(here * width));
    storePixels(out, target, range.first, width, pixel, here, sums);
    pixel += here;
  }
}

/** Stores a part of the channels of pixels that follow one another. */
function storePixels(
  out: Emitter,
  { at, stride }: { at: number; stride: number },
  first: number,
  width: number,
  pixel: number,
  count: number,
  src: number,
): void {
  if (width === stride) {
    out.put(Op.ST, Stage.OUTPUT, at + pixel * stride, src, -1, count * stride);
    return;
  }
  for (let index = 0; index < count; index++) {
    const target = at + (pixel + index) * stride + first;
    out.put(Op.ST, Stage.OUTPUT, target, src + index * width, -1, width);
  }
}
