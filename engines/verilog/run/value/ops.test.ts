import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinaryOp, UnaryOp } from '../../ir/types.ts';
import type { Vec } from '../machine.ts';
import { binary, concat, insert, merge, resize, select, truth, unary } from './ops.ts';
import { fromBigInt, fromBits, isKnown, toBigInt, toBits } from './vector.ts';

const bits = (letters: string[], min = 1, max = 130) =>
  fc.array(fc.constantFrom(...letters), { minLength: min, maxLength: max }).map((digits) => digits.join(''));
const known = bits(['0', '1']);
const four = bits(['0', '1', 'x', 'z']);
/** Two of one width. */
const pair = (one: fc.Arbitrary<string>) =>
  fc.tuple(one, one).map(([a, b]) => [a, b.repeat(Math.ceil(a.length / b.length)).slice(0, a.length)] as const);

const signedOf = (text: string) => BigInt.asIntN(text.length, BigInt(`0b${text}`));
const unsignedOf = (text: string) => BigInt(`0b${text}`);
const cut = (width: number, value: bigint) => BigInt.asUintN(width, value).toString(2).padStart(width, '0');

/** The same operators on whole numbers: the independent reference. */
const numbers: Record<string, (l: bigint, r: bigint) => bigint | undefined> = {
  add: (l, r) => l + r,
  sub: (l, r) => l - r,
  mul: (l, r) => l * r,
  div: (l, r) => (r === 0n ? undefined : l / r),
  mod: (l, r) => (r === 0n ? undefined : l % r),
  and: (l, r) => l & r,
  or: (l, r) => l | r,
  xor: (l, r) => l ^ r,
  xnor: (l, r) => ~(l ^ r),
};
const orders: Record<string, (l: bigint, r: bigint) => boolean> = {
  eq: (l, r) => l === r,
  ne: (l, r) => l !== r,
  lt: (l, r) => l < r,
  le: (l, r) => l <= r,
  gt: (l, r) => l > r,
  ge: (l, r) => l >= r,
};

describe('four-state vectors', () => {
  it('compute as whole numbers do, where every bit is known', () => {
    fc.assert(
      fc.property(pair(known), fc.boolean(), ([left, right], signed) => {
        const value = signed ? signedOf : unsignedOf;
        const [l, r] = [value(left), value(right)];
        const [lv, rv] = [fromBits(left), fromBits(right)];
        for (const [op, of] of Object.entries(numbers)) {
          const wanted = of(l, r);
          const got = toBits(binary(op as BinaryOp, lv, rv, signed));
          expect([op, got]).toEqual([op, wanted === undefined ? 'x'.repeat(left.length) : cut(left.length, wanted)]);
        }
        for (const [op, of] of Object.entries(orders))
          expect([op, toBits(binary(op as BinaryOp, lv, rv, signed))]).toEqual([op, of(l, r) ? '1' : '0']);
      }),
      { numRuns: 150 },
    );
  });

  it('shift, extend and negate as whole numbers do', () => {
    fc.assert(
      fc.property(
        known,
        fc.integer({ min: 0, max: 140 }),
        fc.integer({ min: 1, max: 140 }),
        (text, distance, width) => {
          const vec = fromBits(text);
          const by = fromBigInt(9, BigInt(distance));
          const n = text.length;
          expect(toBits(binary('shl', vec, by, false))).toBe(cut(n, unsignedOf(text) << BigInt(distance)));
          expect(toBits(binary('shr', vec, by, true))).toBe(cut(n, unsignedOf(text) >> BigInt(distance)));
          expect(toBits(binary('sshr', vec, by, true))).toBe(cut(n, signedOf(text) >> BigInt(distance)));
          expect(toBits(unary('neg', vec))).toBe(cut(n, -signedOf(text)));
          expect(toBits(resize(vec, width, true))).toBe(cut(width, signedOf(text)));
          expect(toBits(resize(vec, width, false))).toBe(cut(width, unsignedOf(text)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('raise to powers modulo the width', () => {
    fc.assert(
      fc.property(bits(['0', '1'], 1, 70), fc.integer({ min: 0, max: 40 }), (text, exponent) => {
        const got = binary('pow', fromBits(text), fromBigInt(8, BigInt(exponent)), false, false);
        expect(toBits(got)).toBe(cut(text.length, unsignedOf(text) ** BigInt(exponent)));
      }),
      { numRuns: 100 },
    );
    expect(toBits(binary('pow', fromBits('0000'), fromBits('1111'), true, true))).toBe('xxxx');
    expect(toBits(binary('pow', fromBits('1111'), fromBits('1101'), true, true))).toBe('1111');
    expect(toBits(binary('pow', fromBits('0011'), fromBits('1111'), true, true))).toBe('0000');
  });

  // 1364-2005 tables 5-13 to 5-16, bit by bit.
  it('know what x and z make of bitwise operators', () => {
    const rule: Record<string, (l: string, r: string) => string> = {
      and: (l, r) => (l === '0' || r === '0' ? '0' : l === '1' && r === '1' ? '1' : 'x'),
      or: (l, r) => (l === '1' || r === '1' ? '1' : l === '0' && r === '0' ? '0' : 'x'),
      xor: (l, r) => (/[xz]/.test(l + r) ? 'x' : l === r ? '0' : '1'),
      xnor: (l, r) => (/[xz]/.test(l + r) ? 'x' : l === r ? '1' : '0'),
    };
    fc.assert(
      fc.property(pair(four), ([left, right]) => {
        for (const [op, of] of Object.entries(rule)) {
          const wanted = [...left].map((letter, index) => of(letter, right[index]!)).join('');
          expect([op, toBits(binary(op as BinaryOp, fromBits(left), fromBits(right), false))]).toEqual([op, wanted]);
        }
        const inverted = left.replace(/[01xz]/g, (letter) => ({ 0: '1', 1: '0' })[letter] ?? 'x');
        expect(toBits(unary('not', fromBits(left)))).toBe(inverted);
        const merged = [...left]
          .map((letter, index) => (letter === right[index] && /[01]/.test(letter) ? letter : 'x'))
          .join('');
        expect(toBits(merge(fromBits(left), fromBits(right)))).toBe(merged);
      }),
      { numRuns: 150 },
    );
  });

  it('reduce, compare and decide as single bits do', () => {
    fc.assert(
      fc.property(pair(four), ([left, right]) => {
        const vec = fromBits(left);
        const reduce: Record<string, string> = {
          and: left.includes('0') ? '0' : /[xz]/.test(left) ? 'x' : '1',
          or: left.includes('1') ? '1' : /[xz]/.test(left) ? 'x' : '0',
          xor: /[xz]/.test(left) ? 'x' : String([...left].filter((letter) => letter === '1').length % 2),
        };
        for (const [op, wanted] of Object.entries(reduce))
          expect([op, toBits(unary(op as UnaryOp, vec))]).toEqual([op, wanted]);
        expect(truth(vec)).toBe(left.includes('1') ? true : /[xz]/.test(left) ? undefined : false);
        const other = fromBits(right);
        const clash = [...left].some(
          (letter, index) => /[01]/.test(letter) && /[01]/.test(right[index]!) && letter !== right[index],
        );
        const doubt = /[xz]/.test(left + right);
        expect(toBits(binary('eq', vec, other, false))).toBe(clash ? '0' : doubt ? 'x' : '1');
        expect(toBits(binary('ceq', vec, other, false))).toBe(left === right ? '1' : '0');
        const z = [...left].every((letter, index) => letter === 'z' || right[index] === 'z' || letter === right[index]);
        expect(toBits(binary('casez-eq', vec, other, false))).toBe(z ? '1' : '0');
        const x = [...left].every((letter, index) => /[xz]/.test(letter + right[index]!) || letter === right[index]);
        expect(toBits(binary('casex-eq', vec, other, false))).toBe(x ? '1' : '0');
        for (const op of ['add', 'sub', 'mul', 'div', 'lt'] as const) {
          if (doubt) expect(toBits(binary(op, vec, other, false))).toMatch(/^x+$/);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('take parts and put them back', () => {
    fc.assert(
      fc.property(
        four,
        fc.integer({ min: -20, max: 140 }),
        fc.integer({ min: 1, max: 70 }),
        four,
        (text, offset, width, part) => {
          const vec = fromBits(text);
          const at = (index: number) => (index >= 0 && index < text.length ? text[text.length - 1 - index]! : 'x');
          const wanted = Array.from({ length: width }, (_, index) => at(offset + width - 1 - index)).join('');
          expect(toBits(select(vec, offset, width))).toBe(wanted);
          expect(toBits(select(vec, undefined, width))).toBe('x'.repeat(width));
          const put = [...text].map((letter, place) => {
            const index = text.length - 1 - place - offset;
            return index >= 0 && index < part.length ? part[part.length - 1 - index]! : letter;
          });
          expect(toBits(insert(vec, offset, fromBits(part)))).toBe(put.join(''));
          expect(toBits(concat([vec, fromBits(part), vec]))).toBe(text + part + text);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keep bits above the width at zero', () => {
    fc.assert(
      fc.property(pair(four), ([left, right]) => {
        const results: Vec[] = [
          unary('not', fromBits(left)),
          unary('neg', fromBits(left)),
          binary('xnor', fromBits(left), fromBits(right), false),
        ];
        for (const vec of results) {
          expect(toBigInt(vec) >> BigInt(vec.width)).toBe(0n);
          if (isKnown(vec)) expect(toBits(vec)).toMatch(/^[01]+$/);
        }
      }),
    );
  });
});
