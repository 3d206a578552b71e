import { loadKernel } from './load-kernel.ts';
import { trainMathReference } from './train-kernels-reference.ts';

/** A product of matrices on the heap. Places and strides count elements. */
export interface Product {
  a: number;
  b: number;
  c: number;
  /** c is m x n, row by row; k products make one element. */
  m: number;
  n: number;
  k: number;
  /** a(i, k) is at a + i * aRow + k * aStep: a matrix or its transpose. */
  aRow: number;
  aStep: number;
  /** b(k, j) is at b + k * bRow + j. */
  bRow: number;
  /** c is added to, and not written over. */
  add: boolean;
}

/** Windows of one image, channels last. */
export interface Patches {
  height: number;
  width: number;
  channels: number;
  kernel: readonly [height: number, width: number];
  stride: number;
  pads: readonly [top: number, left: number];
  outHeight: number;
  outWidth: number;
}

/** Square windows without padding whose largest values are taken, channels last. */
export interface Pooling {
  width: number;
  channels: number;
  kernel: number;
  stride: number;
  outHeight: number;
  outWidth: number;
}

/**
 * The arithmetic of training on one heap of float32: no memory is copied between its operations. Every build gives the same
 * bits: an element is one sum, its products and additions rounded one by one, in a fixed order.
 */
export interface TrainMath {
  readonly heap: Float32Array<ArrayBuffer>;
  gemm(product: Product): void;
  /** Windows as rows (kernel height, kernel width, channel), zeros outside the image. */
  im2col(x: number, patches: number, shape: Patches): void;
  /** Adds what `im2col` would have taken back to its places. */
  col2im(x: number, patches: number, shape: Patches): void;
  /** y[i][j] += bias[j]; with `relu` the larger of it and 0. */
  addBias(y: number, bias: number, rows: number, columns: number, relu: boolean): void;
  /** dy is 0 where y is not above 0. */
  reluBackward(dy: number, y: number, count: number): void;
  /** sums[j] += the sum of dy[i][j] over i. */
  addRows(sums: number, dy: number, rows: number, columns: number): void;
  /** y: the largest value of each window of x, channel by channel. */
  maxPool(x: number, y: number, shape: Pooling): void;
  /** Adds dy to dx where the largest value of its window was (the first of equals). */
  maxPoolBackward(x: number, dx: number, dy: number, shape: Pooling): void;
}

type Windows = [
  x: number,
  patches: number,
  height: number,
  width: number,
  channels: number,
  kernelHeight: number,
  kernelWidth: number,
  stride: number,
  padTop: number,
  padLeft: number,
  outHeight: number,
  outWidth: number,
];

interface Exports {
  heapBase(): number;
  gemm(
    ...of: [
      a: number,
      b: number,
      c: number,
      m: number,
      n: number,
      k: number,
      aRow: number,
      aStep: number,
      bRow: number,
      add: boolean,
    ]
  ): void;
  im2col(...windows: Windows): void;
  col2im(...windows: Windows): void;
  addBias(y: number, bias: number, rows: number, columns: number, relu: boolean): void;
  reluBackward(dy: number, y: number, count: number): void;
  addRows(sums: number, dy: number, rows: number, columns: number): void;
  maxPool(x: number, y: number, ...shape: Six): void;
  maxPoolBackward(x: number, dx: number, dy: number, ...shape: Six): void;
}

/** Width, channels, kernel, stride, height and width of what comes out. */
type Six = [number, number, number, number, number, number];

const sixOf = ({ width, channels, kernel, stride, outHeight, outWidth }: Pooling): Six => {
  return [width, channels, kernel, stride, outHeight, outWidth];
};

const PAGE = 65_536;

/**
 * The kernels of training with a heap of `elements` zeros. `build` asks for one build; without it the fastest that runs
 * here is taken.
 */
export async function createTrainMath(elements: number, build?: 'reference' | 'plain' | 'simd'): Promise<TrainMath> {
  const kernel =
    build === 'reference'
      ? undefined
      : await loadKernel<Exports>('train', build === undefined ? {} : { simd: build === 'simd' });
  if (!kernel) return trainMathReference(new Float32Array(elements));
  const { memory, ...run } = kernel.exports;
  const base = (run.heapBase() + 15) & ~15;
  const missing = base + 4 * elements - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const at = (element: number): number => base + 4 * element;
  const windows = (x: number, patches: number, shape: Patches): Windows => {
    const { height, width, channels, kernel: sides, stride, pads, outHeight, outWidth } = shape;
    return [at(x), at(patches), height, width, channels, ...sides, stride, ...pads, outHeight, outWidth];
  };
  return {
    heap: new Float32Array(memory.buffer as ArrayBuffer, base, elements),
    gemm: ({ a, b, c, m, n, k, aRow, aStep, bRow, add }) => {
      run.gemm(at(a), at(b), at(c), m, n, k, aRow, aStep, bRow, add);
    },
    im2col: (x, patches, shape) => run.im2col(...windows(x, patches, shape)),
    col2im: (x, patches, shape) => run.col2im(...windows(x, patches, shape)),
    addBias: (y, bias, rows, columns, relu) => run.addBias(at(y), at(bias), rows, columns, relu),
    reluBackward: (dy, y, count) => run.reluBackward(at(dy), at(y), count),
    addRows: (sums, dy, rows, columns) => run.addRows(at(sums), at(dy), rows, columns),
    maxPool: (x, y, shape) => run.maxPool(at(x), at(y), ...sixOf(shape)),
    maxPoolBackward: (x, dx, dy, shape) => run.maxPoolBackward(at(x), at(dx), at(dy), ...sixOf(shape)),
  };
}
