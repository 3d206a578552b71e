import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { math } from '../../core/index.ts';
import { BINARY, loadNetworkKernel, type NetworkKernel, REDUCE, UNARY } from './kernel.ts';
import { referenceKernel } from './kernel-reference.ts';

const kernels = {
  SIMD: await loadNetworkKernel({ simd: true }),
  plain: await loadNetworkKernel({ simd: false }),
  reference: referenceKernel(),
};

/** Where tests lay their arrays, beyond what a kernel keeps for itself. */
const at = 16_384;
const result = at + 8192;

const special = fc.constantFrom(
  0,
  -0,
  1,
  -1,
  3,
  6,
  1e-40,
  3.4e38,
  -3.4e38,
  Infinity,
  -Infinity,
  Number.NaN,
  88.4,
  -87.4,
);
const values = fc.array(fc.oneof({ weight: 5, arbitrary: fc.float({ min: -8, max: 8 }) }, special), {
  minLength: 24,
  maxLength: 24,
});

/** What a call leaves at `result`, as bits: one NaN is as good as another. */
function bitsAfter(
  kernel: NetworkKernel,
  numbers: readonly number[],
  count: number,
  call: (kernel: NetworkKernel) => void,
) {
  const floats = new Float32Array(kernel.memory.buffer);
  floats.set(numbers, at / 4);
  floats.fill(7, result / 4, result / 4 + count + 4);
  call(kernel);
  const found = floats.slice(result / 4, result / 4 + count + 4);
  return [...new Int32Array(found.map((value) => (Number.isNaN(value) ? Number.NaN : value)).buffer)];
}

function agree(numbers: readonly number[], count: number, call: (kernel: NetworkKernel) => void): void {
  const expected = bitsAfter(kernels.reference, numbers, count, call);
  for (const name of ['SIMD', 'plain'] as const) {
    expect({ name, bits: bitsAfter(kernels[name], numbers, count, call) }).toEqual({ name, bits: expected });
  }
}

describe('the builds of the kernel and its reference', () => {
  const counts = fc.integer({ min: 1, max: 24 });

  it.each(Object.entries(UNARY))('agree on %s, bit for bit, on any number', (_, op) => {
    fc.assert(
      fc.property(values, counts, fc.float({ min: -2, max: 2, noNaN: true }), (numbers, count, alpha) =>
        agree(numbers, count, (kernel) => kernel.unary(op, at, result, count, alpha, alpha + 1)),
      ),
      { numRuns: 40 },
    );
  });

  it.each(Object.entries(BINARY))('agree on %s of rows, columns and single numbers', (_, op) => {
    const stride = fc.constantFrom(0, 1, 2);
    fc.assert(
      fc.property(values, fc.tuple(stride, stride, stride, stride), ([...numbers], [aOuter, aInner, bOuter, bInner]) =>
        agree(numbers, 14, (kernel) =>
          kernel.binary(op, at, at + 20, result, 2, 7, 3 * aOuter, aInner, 3 * bOuter, bInner),
        ),
      ),
      { numRuns: 40 },
    );
  });

  it.each(Object.entries(REDUCE))('agree on the %s along any axis', (_, op) => {
    fc.assert(
      fc.property(values, (numbers) => {
        // 2 x 2 x 6: over the last, the middle and the first axis.
        agree(numbers, 4, (kernel) => kernel.reduce(op, at, result, 4, 6, 1, 6, 1, 0));
        agree(numbers, 12, (kernel) => kernel.reduce(op, at, result, 2, 2, 6, 12, 6, 1));
        agree(numbers, 12, (kernel) => kernel.reduce(op, at, result, 1, 2, 12, 0, 12, 1));
      }),
      { numRuns: 40 },
    );
  });

  it('agree on softmax', () => {
    fc.assert(
      fc.property(values, counts, (numbers, count) =>
        agree(numbers, count, (kernel) => kernel.softmax(at, result, 1, count)),
      ),
      { numRuns: 60 },
    );
  });

  it('agree on mean pools whose padding counts', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 1), fc.constantFrom(0, 1), (numbers, mean, countPads) =>
        agree(numbers, 30, (kernel) => {
          // One image of 2 x 2 pixels with 5 channels, windows of 2 x 2 with a pad of 1 on every side but the right.
          const fields = [at, result, 1, 3, 2, 2, 2, 5, 2, 2, 1, 1, 1, 1, 1, 1, mean, countPads, 1, 0];
          new Int32Array(kernel.memory.buffer).set(fields, at / 4 + 64);
          kernel.pool(at + 256);
        }),
      ),
      { numRuns: 40 },
    );
  });
});

describe('the exponential function', () => {
  it('is within two units in the last place of float32', () => {
    const { reference } = kernels;
    const floats = new Float32Array(reference.memory.buffer);
    for (let x = -30; x <= 30; x += 0.37) {
      // Two numbers of which the larger is 0: the softmax of the smaller one is e^x / (1 + e^x).
      floats.set([Math.fround(-Math.abs(x)), 0], at / 4);
      reference.softmax(at, result, 1, 2);
      const power = math.exp(Math.fround(-Math.abs(x)));
      expect(Math.abs(floats[result / 4]! / (power / (1 + power)) - 1)).toBeLessThan(4 * 2 ** -24);
    }
  });
});
