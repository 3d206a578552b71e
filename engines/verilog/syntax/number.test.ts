import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNumber } from './number.ts';

/** As a string of 0, 1, x and z, most significant first. */
function bits(text: string, width?: number): string {
  const number = decodeNumber(text);
  if (typeof number === 'string') throw new Error(number);
  const count = width ?? number.width ?? 32;
  let shown = '';
  for (let bit = count - 1; bit >= 0; bit--) {
    const at = BigInt(bit);
    shown += '01zx'[Number((number.a >> at) & 1n) + 2 * Number((number.b >> at) & 1n)];
  }
  return shown;
}

describe('decodeNumber', () => {
  it('reads sizes, bases and signs', () => {
    expect(decodeNumber('12')).toEqual({ signed: true, a: 12n, b: 0n });
    expect(decodeNumber("8'hF_f")).toEqual({ width: 8, signed: false, a: 255n, b: 0n });
    expect(decodeNumber("4'sb1010")).toEqual({ width: 4, signed: true, a: 10n, b: 0n });
    expect(decodeNumber("'sd7")).toEqual({ signed: true, a: 7n, b: 0n });
    expect(decodeNumber("'o17")).toEqual({ signed: false, a: 15n, b: 0n });
    expect(decodeNumber("'1")).toEqual({ signed: false, a: 1n, b: 0n, fill: '1' });
    expect(decodeNumber("'Z")).toEqual({ signed: false, a: 0n, b: 1n, fill: 'z' });
  });

  it('fills with the leftmost digit when it is x or z, and else with 0', () => {
    expect(bits("8'bx01")).toBe('xxxxxx01');
    expect(bits("8'bz1")).toBe('zzzzzzz1');
    expect(bits("8'b1z")).toBe('0000001z');
    expect(bits("12'hx")).toBe('xxxxxxxxxxxx');
    expect(bits("8'h?3")).toBe('zzzz0011');
    expect(bits("6'oz7")).toBe('zzz111');
    expect(bits("3'dx")).toBe('xxx');
    expect(decodeNumber("'bz1")).toMatchObject({ extend: 'z' });
    expect(decodeNumber("'bz1")).not.toHaveProperty('width');
    expect(bits("'bz1")).toBe(`${'z'.repeat(31)}1`);
    expect(decodeNumber("4'bz1")).not.toHaveProperty('extend');
  });

  it('drops digits that a width has no room for, and says so', () => {
    expect(decodeNumber("4'd20")).toEqual({ width: 4, signed: false, a: 4n, b: 0n, truncated: true });
    expect(decodeNumber("8'o777")).toMatchObject({ a: 255n, truncated: true });
    expect(decodeNumber("8'o377")).not.toHaveProperty('truncated');
    expect(decodeNumber("5'hxx")).toEqual({ width: 5, signed: false, a: 31n, b: 31n });
    expect(decodeNumber("4'hz0")).toMatchObject({ truncated: true });
    expect(decodeNumber("2'bx01")).toMatchObject({ a: 1n, b: 0n, truncated: true });
  });

  it('gives unsized numbers the bits that Icarus Verilog gives them', () => {
    const widths = {
      "'h123456789": 36,
      "'h0123456789": 40,
      '5000000000': 34,
      '4294967295': 33,
      '2147483648': 33,
      '2147483647': undefined,
      "'d4294967295": undefined,
      "'d4294967296": 33,
      "'sh80000000": undefined,
      "'o77777777777": 33,
    };
    for (const [text, width] of Object.entries(widths)) {
      expect([text, (decodeNumber(text) as { width?: number }).width]).toEqual([text, width]);
    }
  });

  it('answers with a sentence where there is no number', () => {
    for (const text of ["8'h", "0'd1", "4'b012", "8'hfg", "8'd1x", "8'h_f", "'q", "99999999'h0", "8'bxy", "4'dxx"]) {
      expect([text, decodeNumber(text)]).toEqual([text, expect.stringMatching(/^.*\.$/)]);
    }
    expect(decodeNumber("4'b012")).toContain("'2' is not a binary digit");
    expect(decodeNumber("8'hfg")).toContain("'g' is not a hexadecimal digit");
  });

  it('reads each base as a digit after digit does', () => {
    const digit = fc.constantFrom(...'0123456789abcdefxz');
    const base = fc.constantFrom<[string, number]>(['b', 1], ['o', 3], ['h', 4]);
    fc.assert(
      fc.property(
        base,
        fc.array(digit, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 90 }),
        (...given) => {
          const [[letter, size], all, width] = given;
          const digits = all.filter((each) => 'xz'.includes(each) || Number.parseInt(each, 16) < 1 << size);
          fc.pre(digits.length > 0);
          const each = digits.map((one) =>
            'xz'.includes(one) ? one.repeat(size) : Number.parseInt(one, 16).toString(2).padStart(size, '0'),
          );
          const left = 'xz'.includes(digits[0]!) ? digits[0]! : '0';
          const expected = each.join('').padStart(width, left).slice(-width);
          expect(bits(`${width}'${letter}${digits.join('_')}`)).toBe(expected);
        },
      ),
    );
  });
});
