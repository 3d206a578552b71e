import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSimd, loadKernel } from './load-kernel.ts';
import { createMatvecInt8, loadMatvecInt8, type MatvecInt8, matvecInt8Reference } from './matvec-int8.ts';

const int8 = fc.integer({ min: -128, max: 127 });
/** Up to 5 rows of up to 70 columns: several whole SIMD steps of 16 and every remainder. */
const problems = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 70 })).chain(([rows, columns]) =>
  fc.record({
    weights: fc.array(int8, { minLength: rows * columns, maxLength: rows * columns }),
    x: fc.array(int8, { minLength: columns, maxLength: columns }),
  }),
);

describe('the reference', () => {
  it('multiplies a matrix and a vector', () => {
    expect([...matvecInt8Reference(Int8Array.of(1, 2, 3, -4, -5, -6), Int8Array.of(10, 0, -1))]).toEqual([7, -34]);
  });

  it('refuses weights that are not whole rows, and an empty vector', () => {
    expect(() => matvecInt8Reference(new Int8Array(5), new Int8Array(2))).toThrow(RangeError);
    expect(() => matvecInt8Reference(new Int8Array(0), new Int8Array(0))).toThrow(RangeError);
  });
});

describe.each([
  ['plain', false],
  ['SIMD', true],
])('the %s build', (_name, simd) => {
  it('is there and agrees with the reference on any matrix, bit for bit', async () => {
    const matvec = (await loadMatvecInt8({ simd }))!;
    expect(matvec).toBeDefined();
    fc.assert(
      fc.property(problems, ({ weights, x }) => {
        const [w, v] = [Int8Array.from(weights), Int8Array.from(x)];
        expect(matvec(w, v)).toEqual(matvecInt8Reference(w, v));
      }),
      { numRuns: 300 },
    );
  });

  it('grows its memory for a large matrix and wraps around like the reference', async () => {
    const matvec = (await loadMatvecInt8({ simd }))!;
    const columns = 140_003;
    const weights = new Int8Array(3 * columns).fill(-128);
    weights.fill(127, columns, 2 * columns);
    const x = new Int8Array(columns).fill(-128);
    const expected = [(columns * 16_384) | 0, (columns * -16_256) | 0, (columns * 16_384) | 0];
    expect([...matvec(weights, x)]).toEqual(expected);
    expect([...matvecInt8Reference(weights, x)]).toEqual(expected);
  });

  it('refuses what the reference refuses', async () => {
    const matvec = (await loadMatvecInt8({ simd }))!;
    expect(() => matvec(new Int8Array(5), new Int8Array(2))).toThrow(RangeError);
  });
});

describe('the loader', () => {
  it('takes the SIMD build where SIMD is known', async () => {
    expect(hasSimd()).toBe(true);
    expect((await loadKernel('matvec-int8'))?.simd).toBe(true);
  });

  it('answers undefined for a kernel that was not built', async () => {
    expect(await loadKernel('nosuch')).toBeUndefined();
  });

  it('gives a form that computes in any case', async () => {
    const matvec: MatvecInt8 = await createMatvecInt8();
    expect([...matvec(Int8Array.of(1, 2, 3, 4), Int8Array.of(5, 6))]).toEqual([17, 39]);
  });
});
