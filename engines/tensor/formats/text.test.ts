import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockCount, lineLength } from './blocks.ts';
import { format } from './quantizer.fixture.ts';
import { storedBits } from './stored-bits.ts';
import { formatText, GGUF_TYPES, parseFormat } from './text.ts';
import type { Block, NumberFormat, Rounding } from './types.ts';

const rounding = fc.constantFrom<Rounding>('even', 'away', 'stochastic');
const block = fc.oneof(
  fc.integer({ min: 1, max: 4096 }),
  fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 })),
  fc.constantFrom<Block>('row', 'tensor'),
);
const formats: fc.Arbitrary<NumberFormat> = fc.oneof(
  fc.record({
    kind: fc.constant('bfp' as const),
    mantissaBits: fc.integer({ min: 2, max: 14 }),
    exponentBits: fc.integer({ min: 5, max: 8 }),
    block,
    rounding,
  }),
  fc.record({
    kind: fc.constant('block-minifloat' as const),
    exponentBits: fc.integer({ min: 1, max: 5 }),
    mantissaBits: fc.integer({ min: 1, max: 10 }),
    block,
    rounding,
  }),
  fc.record({
    kind: fc.constant('mx' as const),
    element: fc.constantFrom('e5m2', 'e4m3', 'e3m2', 'e2m3', 'e2m1', 'int8', 'int4'),
    block,
    rounding,
  }),
  fc.record({ kind: fc.constant('nvfp4' as const), rounding }),
  fc.record({
    kind: fc.constant('int' as const),
    bits: fc.integer({ min: 2, max: 8 }),
    symmetric: fc.boolean(),
    block,
    rounding,
  }),
  fc.record({ kind: fc.constant('gguf' as const), type: fc.constantFrom(...GGUF_TYPES) }),
  fc.constantFrom<NumberFormat>({ kind: 'float32' }, { kind: 'float16' }, { kind: 'bfloat16' }),
);

describe('short forms', () => {
  it('say everything: each format is read back as it was', () => {
    fc.assert(
      fc.property(formats, (wanted) => {
        expect(format(formatText(wanted))).toEqual(wanted);
      }),
    );
  });

  it('are those of the documentation', () => {
    expect(format('bfp6/32')).toEqual({
      kind: 'bfp',
      mantissaBits: 6,
      exponentBits: 8,
      block: 32,
      rounding: 'even',
    });
    expect(format('bfp6e5/4x8~')).toMatchObject({ exponentBits: 5, block: [4, 8], rounding: 'stochastic' });
    expect(format(' MXFP4^ ')).toEqual({ kind: 'mx', element: 'e2m1', block: 32, rounding: 'away' });
    expect(format('mxfp8e4m3/row')).toMatchObject({ element: 'e4m3', block: 'row' });
    expect(format('uint4/64')).toMatchObject({ kind: 'int', bits: 4, symmetric: false, block: 64 });
    expect(format('Q4_K')).toEqual({ kind: 'gguf', type: 'q4_k' });
    expect(format('float16')).toEqual({ kind: 'float16' });
  });

  it.each([
    ['bfp6', 'format-block'],
    ['bfp6/', 'format-block'],
    ['bfp6/3x', 'format-block'],
    ['bfp6/0', 'format-range'],
    ['bfp6/4x0', 'format-range'],
    ['bfp1/32', 'format-range'],
    ['bfp15/32', 'format-range'],
    ['bfp6e9/32', 'format-range'],
    ['int9/32', 'format-range'],
    ['minifloat-e0m3/32', 'format-range'],
    ['fp16/32', 'format-fixed'],
    ['fp16~', 'format-fixed'],
    ['q4_0~', 'format-fixed'],
    ['nvfp4/32', 'format-fixed'],
    ['mxfp8', 'format-unknown'],
    ['bfp6/32/32', 'format-block'],
    ['', 'format-unknown'],
    ['~', 'format-unknown'],
    ['constructor', 'format-unknown'],
    ['fp8', 'format-unknown'],
  ])('%j is refused with a remedy', (text, code) => {
    const result = parseFormat(text);
    expect(result.ok ? 'taken' : result.problems[0]!.code).toBe(code);
    expect(!result.ok && result.problems[0]!.remedy).toMatch(/\.$/);
  });
});

describe('stored bits', () => {
  it.each([
    ['fp32', 32],
    ['bf16', 16],
    ['bfp6/32', 6 + 8 / 32],
    ['bfp6e5/16', 6 + 5 / 16],
    ['bfp4/4x8', 4 + 8 / 32],
    ['minifloat-e2m5/32', 8 + 8 / 32],
    ['mxfp8e4m3', 8.25],
    ['mxfp6e3m2', 6.25],
    ['mxfp4', 4.25],
    ['mxint8', 8.25],
    ['int4/64', 4 + 16 / 64],
    ['uint4/64', 4 + 20 / 64],
    ['q4_0', 4.5],
    ['q4_1', 5],
    ['q5_0', 5.5],
    ['q5_1', 6],
    ['q8_0', 8.5],
    ['q2_k', 2.625],
    ['q3_k', 3.4375],
    ['q4_k', 4.5],
    ['q5_k', 5.5],
    ['q6_k', 6.5625],
  ])('%s: %f a number', (text, perElement) => {
    expect(storedBits(64, 512, format(text))).toEqual({ elements: 32_768, bits: 32_768 * perElement, perElement });
  });

  it('count the float32 that NVFP4 keeps for the tensor', () => {
    expect(storedBits(4, 64, format('nvfp4')).bits).toBe(256 * 4.5 + 32);
  });

  it('count whole scales for short blocks', () => {
    expect(storedBits(2, 33, format('bfp4/32')).bits).toBe(66 * 4 + 4 * 8);
    expect(storedBits(2, 33, format('q4_0')).bits).toBe(4 * 18 * 8);
    expect(storedBits(5, 10, format('bfp4/row')).bits).toBe(50 * 4 + 5 * 8);
    expect(storedBits(5, 10, format('bfp4/tensor')).bits).toBe(50 * 4 + 8);
  });

  it('of nothing are nothing', () => {
    expect(storedBits(0, 16, format('nvfp4'))).toEqual({ elements: 0, bits: 0, perElement: 0 });
    expect(storedBits(3, 0, format('bfp4/tensor'))).toEqual({ elements: 0, bits: 0, perElement: 0 });
  });
});

describe('blocks', () => {
  it('are counted with the short ones', () => {
    expect(blockCount([2, 4], 5, 9)).toBe(9);
    expect(blockCount(32, 3, 32)).toBe(3);
  });

  it('lie along channels where those fill one, else along the line', () => {
    expect(lineLength(64, 576, 32)).toBe(64);
    expect(lineLength(16, 144, 32)).toBe(144);
    expect(lineLength(32, 288, [4, 32])).toBe(32);
    expect(lineLength(3, 27, 'row')).toBe(27);
    expect(lineLength(64, 576, 'tensor')).toBe(576);
    expect(lineLength(64, 576, undefined)).toBe(576);
  });
});
