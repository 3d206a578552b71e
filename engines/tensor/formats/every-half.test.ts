import { describe, expect, it } from 'vitest';
import { decodeHalf, encodeHalf } from './half.ts';
import { differences, format } from './quantizer.fixture.ts';
import { loadQuantizer } from './quantizer.ts';
import { quantizeReference } from './reference.ts';

/*
 * All 65,536 float16 inputs through every element format, in blocks of 31 that follow each other and an anchor. The
 * answer is found without any rounding: all magnitudes that the format has are listed, and the nearest is looked up.
 * Inputs, magnitudes and their differences are multiples of 2^-60 below 2^40 with few bits, so doubles hold them exactly.
 */

const ALL = Float32Array.from({ length: 65_536 }, (_, code) => decodeHalf(code));

/** Rows of 31 finite inputs and `anchor`. */
function rowsWith(anchor: number): Float32Array<ArrayBuffer> {
  const finite = ALL.filter(Number.isFinite);
  const rows = new Float32Array(Math.ceil(finite.length / 31) * 32);
  for (const [i, x] of finite.entries()) rows[Math.floor(i / 31) * 32 + (i % 31)] = x;
  for (let i = 31; i < rows.length; i += 32) rows[i] = anchor;
  return rows;
}

/** Largest e with 2^e <= x, by comparing. */
function binadeOf(x: number): number {
  let e = 0;
  while (2 ** e > x) e -= 1;
  while (2 ** (e + 1) <= x) e += 1;
  return e;
}

interface Element {
  /** Magnitudes in rising order; place in the list is the code without its sign. */
  magnitudes: number[];
  /** The block's exponent is that of its largest number, less this. */
  top: number;
}

/** Sign, e exponent bits, m mantissa bits, as fields: 0 is subnormal. `codes` are used of them. */
function floatElement(e: number, m: number, minExponent: number, top: number, codes = 2 ** (e + m)): Element {
  const magnitudes: number[] = [];
  for (let code = 0; code < codes; code += 1) {
    const [field, fraction] = [Math.floor(code / 2 ** m), (code % 2 ** m) / 2 ** m];
    magnitudes.push(field === 0 ? fraction * 2 ** minExponent : (1 + fraction) * 2 ** (minExponent + field - 1));
  }
  return { magnitudes, top };
}

/** Whole multiples of the step, up to the largest code. */
function fixedElement(bits: number): Element {
  const step = 2 ** -(bits - 2);
  return { magnitudes: Array.from({ length: 2 ** (bits - 1) }, (_, code) => code * step), top: 0 };
}

const ELEMENTS: Record<string, Element> = {
  mxfp8e5m2: floatElement(5, 2, -14, 15, 124),
  mxfp8e4m3: floatElement(4, 3, -6, 8, 127),
  mxfp6e3m2: floatElement(3, 2, -2, 4),
  mxfp6e2m3: floatElement(2, 3, 0, 2),
  mxfp4: floatElement(2, 1, 0, 2),
  mxint8: fixedElement(8),
  mxint4: fixedElement(4),
  'minifloat-e2m5/32': floatElement(2, 5, -1, 1),
  'minifloat-e4m3/32': floatElement(4, 3, -7, 7),
  'minifloat-e3m4/32': floatElement(3, 4, -3, 3),
  ...Object.fromEntries([2, 3, 4, 6, 8, 14].map((bits) => [`bfp${bits}/32`, fixedElement(bits)])),
};

/** By element: the magnitudes next to it (below or equal, above), the lower one's code, and their unit. */
interface Neighbours {
  below: Float64Array;
  above: Float64Array;
  code: Int32Array;
  unit: Float64Array;
}

function neighboursOf(rows: Float32Array, { magnitudes, top }: Element): Neighbours {
  const [below, above, unit] = [0, 1, 2].map(() => new Float64Array(rows.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const code = new Int32Array(rows.length);
  let scale = 1;
  for (let i = 0; i < rows.length; i += 1) {
    if (i % 32 === 0) scale = 2 ** (binadeOf(Math.max(...rows.subarray(i, i + 32).map(Math.abs))) - top);
    const x = Math.abs(rows[i]!) / scale;
    let [low, high] = [0, magnitudes.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (magnitudes[middle]! <= x) low = middle;
      else high = middle - 1;
    }
    below[i] = magnitudes[low]!;
    // Beyond the largest there is none.
    above[i] = magnitudes[Math.min(low + 1, magnitudes.length - 1)]!;
    code[i] = low;
    unit[i] = scale;
  }
  return { below, above, code, unit };
}

function nearest(
  rows: Float32Array,
  { below, above, code, unit }: Neighbours,
  away: boolean,
): Float32Array<ArrayBuffer> {
  return rows.slice().map((x, i) => {
    const held = Math.abs(x) / unit[i]!;
    const [down, up] = [held - below[i]!, above[i]! - held];
    const upward = up < down || (up === down && (away || code[i]! % 2 === 1));
    return Math.sign(x) * (upward ? above[i]! : below[i]!) * unit[i]!;
  });
}

/** Without the sign of zeros. */
function plus(values: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (x) => x + 0);
}

describe.each(Object.entries(ELEMENTS))('every float16 in %s', (text, element) => {
  // 1: ordinary blocks. 2^-14: blocks whose exponent the inputs themselves set.
  it.each([1, 2 ** -14])(
    'is the nearest code, and one of two neighbours where chance rounds; anchor %f',
    async (anchor) => {
      const [plain, simd] = [await loadQuantizer({ simd: false }), await loadQuantizer({ simd: true })];
      const rows = rowsWith(anchor);
      const neighbours = neighboursOf(rows, element);
      for (const away of [false, true]) {
        const wanted = format(text + (away ? '^' : ''));
        const expected = plus(nearest(rows, neighbours, away));
        expect(differences(plus(quantizeReference(rows, 32, wanted)), expected)).toEqual([]);
        expect(differences(plus(plain.rows(rows, 32, wanted)), expected)).toEqual([]);
        expect(differences(plus(simd.rows(rows, 32, wanted)), expected)).toEqual([]);
      }
      const { below, above, unit } = neighbours;
      const drawn = simd.rows(rows, 32, format(`${text}~`), 5);
      const strays = drawn.filter((q, i) => {
        const [x, held] = [Math.abs(rows[i]!) / unit[i]!, Math.abs(q) / unit[i]!];
        return held !== below[i] && (held !== above[i] || below[i] === x);
      });
      expect([...strays]).toEqual([]);
    },
  );
});

describe('every float16', () => {
  it('survives decoding and encoding, NaN as one', () => {
    const wrong = [...ALL.keys()].filter((code) => {
      const back = encodeHalf(ALL[code]!);
      return Number.isNaN(ALL[code]!) ? back !== 0x7e00 : back !== code;
    });
    expect(wrong).toEqual([]);
  });

  it('is its own float16, and a bfloat16 of 8 significant bits', async () => {
    const simd = await loadQuantizer({ simd: true });
    expect(differences(simd.rows(ALL, 256, format('fp16')), ALL)).toEqual([]);
    const brains = simd.rows(ALL, 256, format('bf16'));
    expect(differences(brains, quantizeReference(ALL, 256, format('bf16')))).toEqual([]);
    const wrong = [...ALL.keys()].filter((i) => {
      const x = ALL[i]!;
      if (!Number.isFinite(x) || x === 0) return !Object.is(brains[i], x) && !Number.isNaN(x);
      const step = 2 ** (binadeOf(Math.abs(x)) - 7);
      const [below, rest] = [Math.floor(Math.abs(x) / step), (Math.abs(x) / step) % 1];
      const code = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
      return brains[i] !== Math.sign(x) * code * step;
    });
    expect(wrong).toEqual([]);
  });
});
