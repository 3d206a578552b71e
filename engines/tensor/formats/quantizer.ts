import { type Kernel, loadKernel } from '../load-kernel.ts';
import { rowsOf } from './blocks.ts';
import { kernelParameters } from './kernel-parameters.ts';
import { quantizeReference } from './reference.ts';
import type { NumberFormat } from './types.ts';

/** Puts matrices into number formats. One is used by one caller at a time. */
export interface Quantizer {
  /**
   * The matrix in the format, as numbers: `quantizeReference` bit for bit, by the kernel where that knows the format.
   * @throws RangeError when the values are not whole rows.
   */
  rows(values: Float32Array, rowLength: number, format: NumberFormat, seed?: number): Float32Array<ArrayBuffer>;
}

interface Exports {
  heapBase(): number;
  quantizeTiles(
    from: number,
    to: number,
    rows: number,
    rowLength: number,
    blockRows: number,
    block: number,
    family: number,
    mantissaBits: number,
    exponentBits: number,
    rounding: number,
    seed: number,
    first: number,
  ): void;
}

const PAGE = 65_536;

/** The SIMD kernel where it runs (`simd` false: the plain one), the reference where no WebAssembly does: the same bits. */
export async function loadQuantizer(options?: { simd?: boolean }): Promise<Quantizer> {
  const kernel = await loadKernel<Exports>('quantize', options);
  return { rows: (values, rowLength, format, seed = 0) => quantize(kernel, values, rowLength, format, seed) };
}

function quantize(
  kernel: Kernel<Exports> | undefined,
  values: Float32Array,
  rowLength: number,
  format: NumberFormat,
  seed: number,
): Float32Array<ArrayBuffer> {
  const rows = rowsOf(values.length, rowLength);
  const parameters = kernelParameters(format);
  if (!kernel || !parameters) return quantizeReference(values, rowLength, format, seed);
  const { memory, heapBase, quantizeTiles } = kernel.exports;
  const at = (heapBase() + 15) & ~15;
  const missing = at + values.byteLength - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  new Float32Array(memory.buffer, at, values.length).set(values);
  const { blockRows, block, family, mantissaBits, exponentBits, rounding } = parameters;
  quantizeTiles(at, at, rows, rowLength, blockRows, block, family, mantissaBits, exponentBits, rounding, seed, 0);
  return new Float32Array(memory.buffer, at, values.length).slice();
}
