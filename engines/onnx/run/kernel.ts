import type { QuantizeTiles } from '../../tensor/formats/index.ts';
import { loadKernel } from '../../tensor/load-kernel.ts';
import { referenceKernel } from './kernel-reference.ts';

/**
 * What a network computes with: the exports of `engines/tensor/kernels/network.as.ts`, where every function and the fields
 * of its parameters are explained. Addresses are bytes of `memory`.
 */
export interface NetworkKernel {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  convolve(parameters: number): void;
  depthwise(parameters: number): void;
  pool(parameters: number): void;
  packPanels(from: number, to: number, columns: number, inner: number, columnStride: number, innerStride: number): void;
  binary(
    op: number,
    a: number,
    b: number,
    to: number,
    outer: number,
    inner: number,
    aOuter: number,
    aInner: number,
    bOuter: number,
    bInner: number,
  ): void;
  unary(op: number, from: number, to: number, count: number, alpha: number, beta: number): void;
  copy(
    from: number,
    to: number,
    a: number,
    b: number,
    c: number,
    fromA: number,
    fromB: number,
    fromC: number,
    toA: number,
    toB: number,
    toC: number,
  ): void;
  reduce(
    op: number,
    from: number,
    to: number,
    outer: number,
    count: number,
    inner: number,
    outerStride: number,
    countStride: number,
    innerStride: number,
  ): void;
  softmax(from: number, to: number, rows: number, count: number): void;
  /** Absent: formats are computed by their reference. */
  quantizeTiles?: QuantizeTiles;
}

/** The SIMD kernel where it runs, else the plain one; where no WebAssembly does, the reference: the same bits. */
export async function loadNetworkKernel(options?: { simd?: boolean }): Promise<NetworkKernel> {
  return (await loadKernel<Omit<NetworkKernel, 'memory'>>('network', options))?.exports ?? referenceKernel();
}

/** Codes of `binary`. */
export const BINARY = { add: 0, sub: 1, mul: 2, div: 3, max: 4, min: 5 } as const;

/** Codes of `unary`. */
export const UNARY = {
  clip: 0,
  hardSigmoid: 1,
  hardSwish: 2,
  sigmoid: 3,
  silu: 4,
  sqrt: 5,
  leakyRelu: 6,
  affine: 7,
  abs: 8,
} as const;

/** Codes of `reduce`. */
export const REDUCE = { sum: 0, mean: 1, max: 2, min: 3, argmax: 4, prod: 5, argmin: 6 } as const;

/** Bits of what is done to a sum of products before it is stored. */
export const FINISH = { clip: 1, hardSwish: 2, affine: 4 } as const;
