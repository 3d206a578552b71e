import { describe, expect, it } from 'vitest';
import { describeBlock } from './anatomy.ts';
import { decodeFloat, decodeFloat8, encodeFloat, encodeFloat8, toFloat8 } from './codes.ts';
import { MX_FLOATS } from './elements.ts';
import { format } from './quantizer.fixture.ts';
import { quantizeReference } from './reference.ts';

/** The vectors of the collected facts (section 3.2): computed from the rules of each format. */
const V = [0.1, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0.0078125, 7, -0.6, 0.03125];

function quantize(values: number[], text: string): number[] {
  // Codes with a sign keep -0; the vectors do not tell zeros apart.
  return [...quantizeReference(Float32Array.from(values), values.length, format(text))].map((x) => x + 0);
}

describe('golden vectors', () => {
  it.each([
    ['mxint8', 129, [0.125, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0, 7, -0.625, 0]],
    ['mxint4', 129, [0, 0, 0, 1, -2, 2, 3, -5, 0, 7, -1, 0]],
    ['mxfp8e4m3', 121, [0.1015625, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0.0078125, 7, -0.625, 0.03125]],
    ['mxfp8e5m2', 114, [0.09375, -0.25, 0.375, 1, -1.5, 2, 3, -5, 0.0078125, 7, -0.625, 0.03125]],
    ['mxfp6e3m2', 125, [0.09375, -0.25, 0.375, 1, -1.5, 2, 3, -5, 0, 7, -0.625, 0.03125]],
    ['mxfp6e2m3', 127, [0.125, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0, 7, -0.625, 0]],
    ['mxfp4', 127, [0, 0, 0.5, 1, -1.5, 2, 3, -4, 0, 6, -0.5, 0]],
  ])('%s with E8M0 code %i', (text, code, expected) => {
    expect(quantize(V, text)).toEqual(expected);
    const { scaleBits } = describeBlock(Float32Array.from(V), format(text));
    expect(Number.parseInt(scaleBits, 2)).toBe(code);
  });

  it.each([
    ['bfp3/12', 2, [0, 0, 0, 0, -2, 2, 4, -4, 0, 6, 0, 0]],
    ['bfp4/12', 1, [0, 0, 0, 1, -2, 2, 3, -5, 0, 7, -1, 0]],
    ['bfp5/12', 0.5, [0, 0, 0.5, 1, -1.5, 2, 3, -5, 0, 7, -0.5, 0]],
    ['bfp6/12', 0.25, [0, -0.25, 0.5, 1, -1.5, 2.25, 3, -5, 0, 7, -0.5, 0]],
    ['bfp8/12', 0.0625, [0.125, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0, 7, -0.625, 0]],
  ])('%s in steps of %f', (text, step, expected) => {
    expect(quantize(V, text)).toEqual(expected);
    expect(describeBlock(Float32Array.from(V), format(text)).step).toBe(step);
  });

  it.each([
    ['minifloat-e2m5/12', [0.09375, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0, 7, -0.59375, 0.03125]],
    ['minifloat-e2m3/12', [0.125, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0, 7, -0.625, 0]],
    ['minifloat-e2m1/12', [0, 0, 0.5, 1, -1.5, 2, 3, -4, 0, 6, -0.5, 0]],
    ['minifloat-e4m3/12', [0.1015625, -0.25, 0.375, 1, -1.5, 2.25, 3, -5, 0.0078125, 7, -0.625, 0.03125]],
  ])('BitQ, %s', (text, expected) => {
    expect(quantize(V, text)).toEqual(expected);
  });

  it('ties of E2M1 in both roundings', () => {
    expect(quantize([5, 2.5, 1.75, 0.25, 0.75, 4], 'mxfp4')).toEqual([4, 2, 2, 0, 1, 4]);
    expect(quantize([5, 2.5, 1.75, 0.25, 0.75, 4], 'mxfp4^')).toEqual([6, 3, 2, 0.5, 1, 4]);
    const middles = [0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5];
    expect(quantize(middles, 'mxfp4')).toEqual([0, 1, 1, 2, 2, 4, 4]);
    expect(quantize(middles, 'mxfp4^')).toEqual([0.5, 1, 1.5, 2, 3, 4, 6]);
    expect(quantize([4, 0.25000006], 'mxfp4')).toEqual([4, 0.5]);
  });

  it('microxcaling: the lowest code of INT4 and INT8 is not used', () => {
    expect(quantize([-1, -1.75, -1.99, 1.99], 'mxint4/row^')).toEqual([-1, -1.75, -1.75, 1.75]);
    const rising = [1.015625, 1.0234375, 1.03125, 1.0390625, 1.25, 1.2578125, 1.9375, 1.9453125, 1.984375, 1.9921875];
    expect(quantize(rising, 'mxint8/10^')).toEqual([
      1.015625, 1.03125, 1.03125, 1.046875, 1.25, 1.265625, 1.9375, 1.953125, 1.984375, 1.984375,
    ]);
    const falling = [
      1.99609375, 1.98828125, 0, 0.00390625, 0.0078125, 0.01171875, -0.015625, -0.01171875, -0.0078125, -0.00390625,
    ];
    expect(quantize(falling, 'mxint8/10^')).toEqual([
      1.984375, 1.984375, 0, 0, 0.015625, 0.015625, -0.015625, -0.015625, -0.015625, 0,
    ]);
  });

  it('a block of zeros stays zero, and has a scale', () => {
    for (const text of ['bfp6/4', 'mxfp4', 'minifloat-e2m5/4', 'int4/4', 'uint4/4', 'nvfp4', 'q4_0', 'q6_k']) {
      expect(quantize([0, 0, 0, 0], text)).toEqual([0, 0, 0, 0]);
      expect(describeBlock(new Float32Array(4), format(text)).elements.every(({ error }) => error === 0)).toBe(true);
    }
  });
});

describe('numbers that no block can hold', () => {
  it.each(['bfp6/4', 'mxfp8e5m2/4', 'mxint8/4', 'minifloat-e2m5/4', 'int4/4', 'uint4/4'])(
    'make their block NaN and no other: %s',
    (text) => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const quantized = quantize([1, bad, 1, 1, 1, 1, 1, 1], text);
        expect(quantized.slice(0, 4)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
        expect(quantized.slice(4).every((x) => Math.abs(x - 1) < 0.05)).toBe(true);
      }
    },
  );

  it('do not set the scale that NVFP4 keeps for the whole tensor', () => {
    const values = Float32Array.from({ length: 32 }, (_, i) => (i === 20 ? Number.POSITIVE_INFINITY : i < 16 ? 3 : 5));
    const quantized = quantizeReference(values, 32, format('nvfp4'));
    const clean = quantizeReference(
      values.map((x) => (Number.isFinite(x) ? x : 5)),
      32,
      format('nvfp4'),
    );
    expect(quantized.subarray(0, 16)).toEqual(clean.subarray(0, 16));
    expect(quantized.subarray(16).every(Number.isNaN)).toBe(true);
  });

  it('stay what they are where nothing is shared', () => {
    expect(quantize([Number.NaN, Number.POSITIVE_INFINITY, 65_520, 65_519, 1e-8], 'fp16')).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      65_504,
      0,
    ]);
    expect(quantize([Number.NaN, Number.NEGATIVE_INFINITY, 3.4028e38], 'bf16')).toEqual([
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe('NVFP4', () => {
  it('scales a block by E4M3 and the tensor by its largest number', () => {
    // 2688 = 448 x 6 makes the tensor's scale 1, and a largest number of 6 x 1.625 an E4M3 scale of 1.625.
    const values = [2688, ...new Array(15).fill(0), 9.75, 0.8125, -1.625, 0.4, 3.3, ...new Array(11).fill(0)];
    const [second] = [quantize(values, 'nvfp4').slice(16, 21)];
    expect(second).toEqual([9.75, 0.8125, -1.625, 0, 3.25]);
    const { scaleBits, elements } = describeBlock(Float32Array.from(values.slice(16)), format('nvfp4'), {
      tensorMax: 2688,
    });
    expect(scaleBits).toBe('00111101');
    expect(elements[0]).toMatchObject({ sign: '0', exponent: '11', mantissa: '1', quantized: 9.75 });
    expect(elements[1]).toMatchObject({ exponent: '00', mantissa: '1', note: 'subnormal' });
  });

  it('never lets a block scale fall under the smallest normal E4M3', () => {
    const values = [2688, ...new Array(15).fill(0), 0.02, ...new Array(15).fill(0)];
    // 0.02 / 2^-6 = 1.28 is 1.5 of E2M1: 1.5 / 64.
    expect(quantize(values, 'nvfp4')[16]).toBe(1.5 / 64);
  });
});

describe('integers with a float16 scale', () => {
  it('symmetric: the largest magnitude is the largest code', () => {
    expect(quantize([7, -3.4, 1.5, 2.5, -0.2, 0.5], 'int4/8')).toEqual([7, -3, 2, 2, 0, 0]);
    expect(quantize([7, -3.4, 1.5, 2.5, -0.2, 0.5], 'int4/8^')).toEqual([7, -3, 2, 3, 0, 1]);
  });

  it('with a zero point: zero is exact, and the range is that of the group', () => {
    // 0.2 as float16 is 0.199951171875; 1 / 0.2 = 5.001: zero is code 5.
    const scale = 0.199951171875;
    expect(quantize([-1, 2, 0, 0.3], 'uint4/4')).toEqual([-5 * scale, 10 * scale, 0, 2 * scale]);
    expect(quantize([5, 6, 7.5], 'uint4/3')[2]).toBeCloseTo(7.5, 2);
  });

  it('scales beyond float16 saturate instead of becoming infinite', () => {
    expect(quantize([1e6, -3], 'int4/2')).toEqual([7 * 65_504, 0]);
    expect(quantize([1e-9, 0], 'int4/2')).toEqual([0, 0]);
  });
});

describe('codes', () => {
  it.each(Object.entries(MX_FLOATS))('of %s survive decoding and encoding', (_name, element) => {
    const codes = 2 ** (1 + element.exponentBits + element.mantissaBits);
    let checked = 0;
    for (let code = 0; code < codes; code += 1) {
      const value = decodeFloat(code, element);
      if (Math.abs(value) > element.max) continue;
      expect(encodeFloat(value, element)).toBe(code);
      checked += 1;
    }
    // FP8 keeps some: E4M3 NaN of both signs, E5M2 four above its largest exponent of both signs.
    expect(codes - checked).toBe(element.max === 448 ? 2 : element.max === 57_344 ? 8 : 0);
  });

  it.each(['e4m3', 'e5m2'] as const)('of FP8 %s with NaN and infinity survive too', (type) => {
    for (let code = 0; code < 256; code += 1) {
      const value = decodeFloat8(code, type);
      if (Number.isNaN(value)) expect(encodeFloat8(value, type, false)).toBe(0x7f);
      else expect(encodeFloat8(value, type, false)).toBe(code);
    }
  });

  it('of FP8 at the top, saturating and not', () => {
    expect([464, 465, -1e9].map((x) => toFloat8(x, 'e4m3', true))).toEqual([448, 448, -448]);
    expect([464, 465, -1e9].map((x) => toFloat8(x, 'e4m3', false))).toEqual([448, Number.NaN, Number.NaN]);
    expect([58_000, 61_440, -1e9].map((x) => toFloat8(x, 'e5m2', true))).toEqual([57_344, 57_344, -57_344]);
    expect([58_000, 61_440].map((x) => toFloat8(x, 'e5m2', false))).toEqual([57_344, Number.POSITIVE_INFINITY]);
    expect(toFloat8(Number.NEGATIVE_INFINITY, 'e5m2', false)).toBe(Number.NEGATIVE_INFINITY);
    expect(toFloat8(Number.NaN, 'e4m3', true)).toBeNaN();
  });
});
