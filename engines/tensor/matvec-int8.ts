import { loadKernel } from './load-kernel.ts';

/**
 * y = W x, for `weights` of rows x columns int8, row by row, and `x` of columns int8; y is int32 and wraps around past
 * 2^31 as two's complement does (not before 131,072 columns). Integer-exact: every build gives the same y.
 */
export type MatvecInt8 = (weights: Int8Array, x: Int8Array) => Int32Array<ArrayBuffer>;

/** @throws RangeError when the weights are not whole rows. */
function rowsOf(weights: Int8Array, x: Int8Array): number {
  if (x.length === 0 || weights.length % x.length !== 0) {
    throw new RangeError(`A matrix of ${weights.length} weights does not fit a vector of ${x.length}.`);
  }
  return weights.length / x.length;
}

export const matvecInt8Reference: MatvecInt8 = (weights, x) => {
  const y = new Int32Array(rowsOf(weights, x));
  for (let row = 0, at = 0; row < y.length; row += 1) {
    let sum = 0;
    for (let column = 0; column < x.length; column += 1, at += 1) sum = (sum + weights[at]! * x[column]!) | 0;
    y[row] = sum;
  }
  return y;
};

interface Exports {
  heapBase(): number;
  matvec(weights: number, x: number, y: number, rows: number, columns: number): void;
}

const PAGE = 65_536;
const align = (address: number) => (address + 15) & ~15;

/** The WASM kernel: `simd` false asks for the plain build. Undefined where it cannot be had. */
export async function loadMatvecInt8(options?: { simd?: boolean }): Promise<MatvecInt8 | undefined> {
  const kernel = await loadKernel<Exports>('matvec-int8', options);
  if (!kernel) return undefined;
  const { memory, heapBase, matvec } = kernel.exports;
  return (weights, x) => {
    const rows = rowsOf(weights, x);
    const weightsAt = align(heapBase());
    const xAt = align(weightsAt + weights.length);
    const yAt = align(xAt + x.length);
    const missing = yAt + 4 * rows - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    const bytes = new Int8Array(memory.buffer);
    bytes.set(weights, weightsAt);
    bytes.set(x, xAt);
    matvec(weightsAt, xAt, yAt, rows, x.length);
    return new Int32Array(memory.buffer, yAt, rows).slice();
  };
}

/** The fastest form that runs here. */
export async function createMatvecInt8(): Promise<MatvecInt8> {
  return (await loadMatvecInt8()) ?? matvecInt8Reference;
}
