import { describe, expect, it } from 'vitest';
import { describeBlock } from './anatomy.ts';
import { blockAround, blockOf } from './blocks.ts';
import { formatError } from './measure.ts';
import { FORMATS, format, GGUF, ROW, tensor } from './quantizer.fixture.ts';
import { largestFinite, quantizeReference } from './reference.ts';
import { blockShapeQuantize } from './shapes.ts';
import type { ElementAnatomy } from './types.ts';

const V = [0.1, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0.0078125, 7, -0.6, 0.03125];

function codes(text: string): string[] {
  const { elements } = describeBlock(Float32Array.from(V), format(text));
  return elements.map(({ sign, exponent, mantissa }) => [sign, exponent, mantissa].join('.'));
}

/** A two's complement code. */
function integerOf({ sign, mantissa }: ElementAnatomy): number {
  return Number.parseInt(mantissa, 2) - (sign === '1' ? 2 ** mantissa.length : 0);
}

describe('a block under the microscope', () => {
  it('BFP: two complement codes times the step are the numbers', () => {
    const block = describeBlock(Float32Array.from(V), format('bfp6/12'));
    expect(block).toMatchObject({ scale: 4, scaleBits: '00000010', step: 0.25 });
    for (const element of block.elements) expect(integerOf(element) * block.step).toBe(element.quantized);
    expect(block.elements[7]).toMatchObject({ sign: '1', mantissa: '01100', note: 'code -20', quantized: -5 });
    expect(block.elements[0]!.note).toBe('zero');
  });

  it('BFP: says what lies beyond the largest code', () => {
    const { elements } = describeBlock(Float32Array.of(7.9, 1), format('bfp4/2'));
    expect(elements[0]).toMatchObject({ quantized: 7, note: 'code 7, saturated' });
    expect(describeBlock(Float32Array.of(1e9), format('bfp4e5/1'))).toMatchObject({ scaleBits: '01111' });
  });

  it('MX: exponent fields are biased, and subnormal where they are zero', () => {
    expect(codes('mxfp4').slice(2, 6)).toEqual(['0.00.1', '0.01.0', '1.01.1', '0.10.0']);
    expect(codes('mxfp8e4m3')[9]).toBe('0.1111.110');
    const { elements } = describeBlock(Float32Array.from(V), format('mxfp4'));
    expect(elements.map(({ note }) => note).slice(0, 3)).toEqual(['zero', 'zero', 'subnormal']);
    expect(elements[9]).toMatchObject({ quantized: 6, error: 1, note: 'saturated' });
  });

  it('integers with a zero point store codes above zero', () => {
    const block = describeBlock(Float32Array.of(-1, 2, 0, 0.3), format('uint4/4'));
    expect(block.elements.map(({ mantissa }) => Number.parseInt(mantissa, 2))).toEqual([0, 15, 5, 7]);
    expect(block.scaleBits).toHaveLength(20);
    expect(Number.parseInt(block.scaleBits.slice(16), 2)).toBe(5);
  });

  it('llama.cpp: codes and scales are those of the bytes', () => {
    const block = describeBlock(Float32Array.from(V), format('q4_0'));
    // 7 is the extreme: the scale is 7 / -8, and 7 itself is code -8.
    expect(block).toMatchObject({ scale: -0.875, step: 0.875 });
    expect(block.elements[9]).toMatchObject({ mantissa: '0000', note: 'code -8', quantized: 7 });
    const super_ = describeBlock(
      Float32Array.from({ length: 256 }, (_, i) => i / 256),
      format('q4_k'),
    );
    expect(super_.elements[255]!.note).toMatch(/^code 15 in block 7 \(scale 63, minimum \d+\)$/);
  });

  it('float16: each number has an exponent of its own', () => {
    const block = describeBlock(Float32Array.of(1, -(2 ** -24), 1e6), format('fp16'));
    expect(block.scaleBits).toBe('');
    expect(block.elements[0]).toMatchObject({ sign: '0', exponent: '01111', mantissa: '0000000000' });
    expect(block.elements[1]).toMatchObject({ sign: '1', exponent: '00000', note: 'subnormal' });
    expect(block.elements[2]!.note).toBe('infinite, saturated');
  });

  it('says that NaN spoils a block, without NaN in its figures', () => {
    const block = describeBlock(Float32Array.of(1, Number.NaN), format('mxfp4'));
    expect(block).toMatchObject({ scale: 0, scaleBits: '11111111', step: 0, meanSquaredError: 0 });
    expect(block.elements[0]!.note).toBe('not a number');
  });

  it.each([...FORMATS, ...GGUF])('shows the numbers that the format gives, and as many bits: %s', (text) => {
    const values = tensor(3);
    const quantized = quantizeReference(values, ROW, format(text), 5);
    for (const index of [7, 40, 80, 120, 24 * ROW + 3, 36 * ROW + 36]) {
      const places = blockAround(blockOf(format(text)) ?? 32, 48, ROW, index);
      expect(places).toContain(index);
      const block = Float32Array.from(places, (place) => values[place]!);
      const { elements } = describeBlock(block, format(text), { places, tensorMax: largestFinite(values), seed: 5 });
      expect(elements.map((element) => element.quantized)).toEqual(
        places.slice(0, 256).map((place) => quantized[place]),
      );
      const lengths = new Set(elements.map(({ sign, exponent, mantissa }) => (sign + exponent + mantissa).length));
      expect(lengths.size).toBeLessThanOrEqual(1);
    }
  });
});

describe('errors of a tensor', () => {
  it('are means, decibels and counts', () => {
    const values = Float32Array.of(4, 0.1, -7.9, 3, Number.NaN, 0);
    const quantized = Float32Array.of(4, 0, -7, 3, Number.NaN, 0);
    // Blocks of 4 and 2: the second holds NaN.
    const error = formatError(values, quantized, 6, format('bfp4/4'));
    expect(error).toMatchObject({ flushedToZero: 1, saturated: 1, notFinite: 1 });
    expect(error.maxAbsError).toBeCloseTo(0.9, 6);
    expect(error.meanSquaredError).toBeCloseTo((0.01 + 0.81) / 5, 6);
    expect(error.signalToNoiseDb).toBeCloseTo(10 * Math.log10((16 + 0.01 + 62.41 + 9) / 0.82), 4);
  });

  it('fall by about 6 dB a bit of mantissa', () => {
    const values = tensor(4).subarray(0, ROW);
    const decibels = [6, 7, 8, 9, 10].map((bits) => {
      const wanted = format(`bfp${bits}/row`);
      return formatError(values, quantizeReference(values, ROW, wanted), ROW, wanted).signalToNoiseDb!;
    });
    for (let i = 1; i < decibels.length; i += 1) expect(decibels[i]! - decibels[i - 1]!).toBeGreaterThan(3);
    const slope = (decibels[4]! - decibels[0]!) / 4;
    expect(slope).toBeGreaterThan(5);
    expect(slope).toBeLessThan(7);
  });
});

describe('blocks of any shape', () => {
  const values = tensor(5).slice(0, 24 * 36);

  it('in two dimensions are the rectangles of a matrix', () => {
    for (const text of ['bfp5/5x7', 'mxfp4/5x7^', 'uint4/5x7', 'bfp5/5x7~']) {
      expect(blockShapeQuantize(values, [24, 36], [5, 7], format(text), 2)).toEqual(
        quantizeReference(values, 36, format(text), 2),
      );
    }
  });

  it('in four dimensions take whole kernel windows', () => {
    // 4 outputs x 6 inputs x 6 x 6: tiles of 2 outputs x 3 inputs with the whole window, gathered by hand.
    const quantized = blockShapeQuantize(values, [4, 6, 6, 6], [2, 3, 0, 0], format('bfp4/1'));
    const tile: number[] = [];
    for (const output of [2, 3]) {
      for (const input of [3, 4, 5]) for (let k = 0; k < 36; k += 1) tile.push((output * 6 + input) * 36 + k);
    }
    const gathered = Float32Array.from(tile, (at) => values[at]!);
    expect(Float32Array.from(tile, (at) => quantized[at]!)).toEqual(
      quantizeReference(gathered, gathered.length, format('bfp4/row')),
    );
  });

  it('refuse shapes that do not fit, and formats with blocks of their own', () => {
    expect(() => blockShapeQuantize(values, [24, 35], [5, 7], format('bfp5/1'))).toThrow(RangeError);
    expect(() => blockShapeQuantize(values, [24, 36], [5], format('bfp5/1'))).toThrow(RangeError);
    expect(() => blockShapeQuantize(values, [24, 36], [5, 7], format('q4_0'))).toThrow(RangeError);
    expect(blockShapeQuantize(new Float32Array(0), [0, 3], [2, 2], format('bfp5/1')).length).toBe(0);
  });
});
