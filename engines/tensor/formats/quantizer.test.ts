import { describe, expect, it } from 'vitest';
import { loadKernel } from '../load-kernel.ts';
import { kernelParameters } from './kernel-parameters.ts';
import { formatError, measureReference } from './measure.ts';
import { differences, FORMATS, format, GGUF, ROW, tensor } from './quantizer.fixture.ts';
import { loadQuantizer } from './quantizer.ts';
import { quantizeReference } from './reference.ts';

describe.each([
  ['plain', false],
  ['SIMD', true],
])('the %s kernel', (_name, simd) => {
  it.each(FORMATS)('is equal to the reference bit for bit: %s', async (text) => {
    const quantizer = await loadQuantizer({ simd });
    const values = tensor(1);
    const reference = quantizeReference(values, ROW, format(text), 7);
    expect(differences(quantizer.rows(values, ROW, format(text), 7), reference)).toEqual([]);
    const measured = quantizer.measure(values, ROW, format(text), { seed: 7, bins: 20 });
    expect(differences(measured.quantized, reference)).toEqual([]);
    expect(measured.error).toEqual(formatError(values, reference, ROW, format(text)));
    expect(measured.spread).toEqual(measureReference(values, reference, 20).spread);
  });

  // 222: whole blocks of 32 and one of 30; one of 256 that is short.
  it.each(GGUF)("is equal to the reference bit for bit: llama.cpp's %s", async (type) => {
    const quantizer = await loadQuantizer({ simd });
    for (const values of [tensor(1), tensor(2).map((x) => (Math.abs(x) < 1000 ? x : 0))]) {
      const reference = quantizeReference(values, 6 * ROW, format(type));
      expect(differences(quantizer.rows(values, 6 * ROW, format(type)), reference)).toEqual([]);
      const { quantized, error } = quantizer.measure(values, 6 * ROW, format(type));
      expect(differences(quantized, reference)).toEqual([]);
      expect(error).toEqual(formatError(values, reference, 6 * ROW, format(type)));
    }
  });
});

describe('the quantizer', () => {
  it('refuses what are not whole rows', async () => {
    const quantizer = await loadQuantizer();
    expect(() => quantizer.rows(new Float32Array(10), 3, format('bfp6/32'))).toThrow(RangeError);
    expect(() => quantizer.rows(new Float32Array(10), 0, format('q4_0'))).toThrow(RangeError);
  });

  it('takes empty tensors', async () => {
    const quantizer = await loadQuantizer();
    for (const text of ['bfp6/32', 'nvfp4', 'uint4/row', 'fp16', 'q4_k']) {
      expect(quantizer.rows(new Float32Array(0), 8, format(text))).toEqual(new Float32Array(0));
      const { error } = quantizer.measure(new Float32Array(0), 8, format(text));
      expect(error).toMatchObject({ meanSquaredError: 0, maxAbsError: 0, saturated: 0, notFinite: 0 });
      expect(error.signalToNoiseDb).toBeUndefined();
    }
  });

  it('keeps what it was given, and grows its memory', async () => {
    const quantizer = await loadQuantizer();
    const values = new Float32Array(300_000).fill(0.3);
    const first = quantizer.rows(values, 1000, format('bfp4/10'));
    expect(values.every((x) => x === Math.fround(0.3))).toBe(true);
    quantizer.rows(new Float32Array(300_000).fill(5), 1000, format('bfp4/10'));
    // Step 2^(-2 - 2): 0.3 is code 4.8.
    expect(first.every((x) => x === 0.3125)).toBe(true);
    const into = new Float32Array(300_000);
    expect(quantizer.rows(values, 1000, format('bfp4/10'), 0, into)).toBe(into);
    expect(into.every((x) => x === 0.3125)).toBe(true);
  });
});

describe('stochastic rounding', () => {
  it('goes by the place in the tensor where the kernel is given a part of it', async () => {
    interface Exports {
      heapBase(): number;
      quantizeTiles(...numbers: number[]): void;
    }
    const { exports } = (await loadKernel<Exports>('quantize'))!;
    const values = tensor(6)
      .subarray(0, 6 * ROW)
      .map((x) => (Number.isFinite(x) ? x : 0));
    const [at, rows] = [exports.heapBase(), 6];
    exports.memory.grow(1);
    const numbers = new Float32Array(exports.memory.buffer, at, values.length);
    numbers.set(values);
    const { blockRows, block, family, mantissaBits, exponentBits, rounding } = kernelParameters(format('bfp4/8~'))!;
    for (let row = 0; row < rows; row += 1) {
      const from = at + 4 * ROW * row;
      const first = ROW * row;
      exports.quantizeTiles(
        from,
        from,
        1,
        ROW,
        blockRows,
        block,
        family,
        mantissaBits,
        exponentBits,
        rounding,
        9,
        first,
      );
    }
    expect(differences(numbers.slice(), quantizeReference(values, ROW, format('bfp4/8~'), 9))).toEqual([]);
  });

  it('does not depend on how a tensor is cut into blocks or rows', () => {
    // The same step everywhere, so that blocks make no difference but for the cut.
    const values = Float32Array.from({ length: 240 }, (_, i) => (i % 4 === 0 ? 1.9 : ((i * 37) % 100) / 60));
    const whole = quantizeReference(values, 240, format('bfp5/tensor~'), 3);
    expect(quantizeReference(values, 240, format('bfp5/4~'), 3)).toEqual(whole);
    expect(quantizeReference(values, 24, format('bfp5/2x8~'), 3)).toEqual(whole);
    expect(quantizeReference(values, 240, format('bfp5/tensor~'), 4)).not.toEqual(whole);
  });

  it('takes one of the two neighbours, and is right on average', () => {
    const values = new Float32Array(20_000).fill(0.3);
    values[0] = 1;
    const quantized = quantizeReference(values, values.length, format('bfp4/tensor~'), 11);
    // Step 0.25: 0.3 lies a fifth of the way from 0.25 to 0.5.
    expect([...new Set(quantized.subarray(1))].sort()).toEqual([0.25, 0.5]);
    const mean = quantized.subarray(1).reduce((sum, x) => sum + x, 0) / (values.length - 1);
    // Five standard deviations of the mean of 20,000 draws.
    expect(Math.abs(mean - 0.3)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / 20_000) * 0.25);
  });

  it('leaves codes as they are', () => {
    const codes = Float32Array.of(0, 0.25, -0.5, 1.75, -1.75, 1);
    for (let seed = 0; seed < 50; seed += 1) {
      expect(quantizeReference(codes, 6, format('bfp4/6~'), seed)).toEqual(codes);
    }
  });
});
