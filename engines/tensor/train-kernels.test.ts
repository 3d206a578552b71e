import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { createTrainMath, type Patches, type TrainMath } from './train-kernels.ts';

const SIZE = 40_000;

async function filled(build: 'reference' | 'plain' | 'simd'): Promise<TrainMath> {
  const it = await createTrainMath(SIZE, build);
  const random = createRandom(3);
  for (let at = 0; at < SIZE; at++) it.heap[at] = random.normal();
  return it;
}

/** The heap after `work`, by each build. */
async function byEachBuild(work: (kernels: TrainMath) => void): Promise<Uint32Array[]> {
  const heaps: Uint32Array[] = [];
  for (const build of ['reference', 'plain', 'simd'] as const) {
    const kernels = await filled(build);
    work(kernels);
    heaps.push(new Uint32Array(kernels.heap.slice().buffer));
  }
  return heaps;
}

const WINDOWS: Patches[] = [
  { height: 7, width: 6, channels: 5, kernel: [3, 3], stride: 1, pads: [1, 1], outHeight: 7, outWidth: 6 },
  { height: 8, width: 8, channels: 8, kernel: [3, 2], stride: 2, pads: [1, 0], outHeight: 4, outWidth: 4 },
  { height: 5, width: 5, channels: 4, kernel: [1, 1], stride: 2, pads: [0, 0], outHeight: 3, outWidth: 3 },
];

describe('kernels of training', () => {
  it('give the bits of the reference in every build, ragged sizes included', async () => {
    const [reference, ...others] = await byEachBuild((kernels) => {
      for (const [m, n, k] of [
        [9, 21, 13],
        [4, 8, 1],
        [1, 3, 50],
        [13, 10, 7],
      ] as const) {
        kernels.gemm({ a: 0, b: 3000, c: 9000, m, n, k, aRow: k, aStep: 1, bRow: n, add: false });
        kernels.gemm({ a: 0, b: 3000, c: 9001, m, n, k, aRow: 1, aStep: m, bRow: n, add: true });
      }
      for (const shape of WINDOWS) {
        kernels.im2col(0, 12_000, shape);
        kernels.col2im(4000, 20_000, shape);
      }
      kernels.addBias(30_000, 100, 11, 13, true);
      kernels.addBias(31_000, 100, 11, 13, false);
      kernels.reluBackward(32_000, 33_000, 101);
      kernels.addRows(34_000, 35_000, 17, 19);
      for (const [channels, kernel, stride] of [
        [5, 2, 2],
        [8, 3, 1],
      ] as const) {
        const shape = { width: 9, channels, kernel, stride, outHeight: 4, outWidth: 4 };
        kernels.maxPool(36_000, 37_000, shape);
        kernels.maxPoolBackward(36_000, 38_000, 39_000, shape);
      }
    });
    for (const heap of others) expect(heap).toEqual(reference);
  });

  it('multiply as matrices are multiplied', async () => {
    const kernels = await filled('simd');
    const [m, n, k] = [6, 11, 40];
    const [a, b] = [kernels.heap.slice(0, m * k), kernels.heap.slice(1000, 1000 + k * n)];
    kernels.gemm({ a: 0, b: 1000, c: 5000, m, n, k, aRow: k, aStep: 1, bRow: n, add: false });
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let exact = 0;
        for (let step = 0; step < k; step++) exact += a[i * k + step]! * b[step * n + j]!;
        expect(kernels.heap[5000 + i * n + j]).toBeCloseTo(exact, 4);
      }
    }
  });

  it('take windows apart and back so that a product with them moves over: <im2col(x), p> = <x, col2im(p)>', async () => {
    for (const shape of WINDOWS) {
      const kernels = await filled('simd');
      const pixels = shape.height * shape.width * shape.channels;
      const length = shape.outHeight * shape.outWidth * shape.kernel[0] * shape.kernel[1] * shape.channels;
      const x = kernels.heap.slice(0, pixels);
      const p = kernels.heap.slice(20_000, 20_000 + length);
      kernels.im2col(0, 10_000, shape);
      kernels.heap.fill(0, 5000, 5000 + pixels);
      kernels.col2im(5000, 20_000, shape);
      let [taken, put] = [0, 0];
      for (let at = 0; at < length; at++) taken += kernels.heap[10_000 + at]! * p[at]!;
      for (let at = 0; at < pixels; at++) put += x[at]! * kernels.heap[5000 + at]!;
      expect(put).toBeCloseTo(taken, 3);
    }
  });
});
