/** Sums, products, quotients and shifts: any x or z in an operand makes the whole result x. */

import type { Expr, VectorType } from '../../ir/types.ts';
import { wordsOf } from '../../ir/words.ts';
import type { Context, Val, Word } from './context.ts';
import { bitsOf, filled, isKnown, unknownBits } from './context.ts';
import { emit, vectorType } from './expression.ts';
import { and, choose, constant, eitherTrue, literal, mask, nonZero, ones, or, signed, spread, unsigned } from './js.ts';

type Operator = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'neg';

export function arithmetic(operator: Operator, type: VectorType, left: Val, right: Val | undefined, c: Context): Val {
  const known = isKnown(left) && (right === undefined || isKnown(right));
  const l = left;
  const r = right;
  let unknown = known ? 'false' : nonZero(or(unknownBits(l), r === undefined ? '0' : unknownBits(r)));
  let a: string[];
  if (operator === 'div' || operator === 'mod') {
    const x = c.cheapAll(l);
    const y = c.cheapAll(r!);
    const zero = `(${y.words.reduce((sum, w) => or(sum, w.a), '0')}) === 0`;
    const fixed = y.words.every((w) => constant(w.a) !== undefined);
    const isNought = y.words.every((w) => w.a === '0');
    const noughtTruth = fixed ? String(isNought) : c.bind(zero);
    if (!c.doubtTruth(noughtTruth)) unknown = eitherTrue(unknown, noughtTruth);
    a = quotient(operator, type, x, y, c);
  } else a = plain(operator, type, l, r, c);
  if (unknown === 'false') return { width: type.width, words: a.map((text) => ({ a: text, b: '0' })) };
  if (unknown === 'true') return filled(type.width, 'x');
  const all = c.bind(spread(unknown));
  return {
    width: type.width,
    words: a.map((text, k) => {
      const bits = bitsOf(type.width, k);
      return { a: mask(or(text, all), bits), b: mask(all, bits) };
    }),
  };
}

function plain(
  operator: Exclude<Operator, 'div' | 'mod'>,
  type: VectorType,
  l: Val,
  r: Val | undefined,
  c: Context,
): string[] {
  const n = l.words.length;
  const width = type.width;
  if (n === 1) {
    const x = l.words[0]!.a;
    const y = r?.words[0]?.a ?? '0';
    const p = constant(x);
    const q = constant(y);
    switch (operator) {
      case 'neg':
        return [p !== undefined ? mask(literal(-p), width) : trim(`(-${x})`, width)];
      case 'add':
        if (p !== undefined && q !== undefined) return [mask(literal(p + q), width)];
        return [q === 0 ? x : p === 0 ? y : trim(`(${x} + ${y})`, width)];
      case 'sub':
        return [q === 0 ? x : trim(`(${x} - ${y})`, width)];
      case 'mul':
        if (p !== undefined && q !== undefined) return [mask(literal(Math.imul(p, q)), width)];
        if (q === 1) return [x];
        return [mask(`Math.imul(${x}, ${y})`, width)];
      default:
        return [mask(`power(${x}, ${unsigned(y, r!.width)})`, width)];
    }
  }
  const x = c.cheapAll(l);
  if (operator === 'add' || operator === 'sub' || operator === 'neg') {
    const out: string[] = [];
    let carry = operator === 'add' ? '0' : '1';
    for (let k = 0; k < n; k++) {
      const bits = bitsOf(width, k);
      let first = unsigned(operator === 'neg' ? '0' : x.words[k]!.a, 32);
      const second =
        operator === 'add' ? r!.words[k]!.a : operator === 'neg' ? `(~${x.words[k]!.a})` : `(~${r!.words[k]!.a})`;
      if (first === '0' && operator === 'neg') first = '0';
      const sum = `${first} + ${unsigned(second, 32)}${carry === '0' ? '' : ` + ${carry}`}`;
      if (k === n - 1) {
        out.push(c.bind(mask(`(${sum} | 0)`, bits)));
        break;
      }
      const total = c.bind(sum);
      out.push(c.bind(`${total} | 0`));
      carry = c.bind(`${total} > 4294967295 ? 1 : 0`);
    }
    return out;
  }
  if (operator === 'mul') {
    const y = c.cheapAll(r!);
    if (n === 2) {
      const [x0, x1] = [x.words[0]!.a, x.words[1]!.a];
      const [y0, y1] = [y.words[0]!.a, y.words[1]!.a];
      const cross = [
        x1 === '0' ? '' : ` + Math.imul(${x1}, ${y0})`,
        y1 === '0' ? '' : ` + Math.imul(${x0}, ${y1})`,
      ].join('');
      return [c.bind(`Math.imul(${x0}, ${y0})`), c.bind(mask(`((high(${x0}, ${y0})${cross}) | 0)`, bitsOf(width, 1)))];
    }
  }
  const y = c.cheapAll(r!);
  const at = c.env.scratch(n);
  const one = toScratch(x, c);
  const two = toScratch(y, c);
  const name = operator === 'mul' ? 'mulWide' : 'powWide';
  c.lines.push(`${name}(T, ${at}, ${one}, ${two}, ${n}, ${y.words.length});`);
  return fromScratch(at, width, c);
}

/** A sum of int32s brought back to so many bits. */
const trim = (text: string, bits: number): string => (bits >= 32 ? `(${text} | 0)` : and(text, literal(ones(bits))));

function toScratch(value: Val, c: Context): number {
  const at = c.env.scratch(value.words.length);
  value.words.forEach((w, k) => {
    c.lines.push(`T[${at + k}] = ${w.a};`);
  });
  return at;
}
function fromScratch(at: number, width: number, c: Context): string[] {
  return Array.from({ length: wordsOf(width) }, (_, k) => c.bind(mask(`T[${at + k}]`, bitsOf(width, k))));
}

function quotient(operator: 'div' | 'mod', type: VectorType, x: Val, y: Val, c: Context): string[] {
  const width = type.width;
  if (x.words.length === 1) {
    const read = (w: string) => (type.signed ? signed(w, width) : unsigned(w, width));
    const sign = operator === 'div' ? '/' : '%';
    return [c.bind(mask(`((${read(x.words[0]!.a)} ${sign} ${read(y.words[0]!.a)}) | 0)`, width))];
  }
  const n = x.words.length;
  const at = c.env.scratch(n);
  const one = toScratch(x, c);
  const two = toScratch(y, c);
  c.lines.push(`divWide(T, ${at}, ${one}, ${two}, ${n}, ${width}, ${type.signed}, ${operator === 'mod'});`);
  return fromScratch(at, width, c);
}

export function shift(
  operator: 'shl' | 'shr' | 'sshr',
  type: VectorType,
  leftType: VectorType,
  left: Val,
  right: Expr,
  c: Context,
): Val {
  const width = type.width;
  const n = left.words.length;
  const arithmeticShift = operator === 'sshr' && leftType.signed;
  const amountType = vectorType(right);
  const amount = c.cheapAll(emit(right, c));
  const unknown = nonZero(unknownBits(amount));
  const fixed = amount.words.every((w) => constant(w.a) !== undefined);
  const value = c.cheapAll(left);
  let words: Word[];
  if (fixed && unknown === 'false') {
    const tooFar = amount.words.some((w, k) => k > 0 && w.a !== '0') || constant(amount.words[0]!.a)! >>> 0 >= width;
    const by = tooFar ? width : constant(amount.words[0]!.a)! >>> 0;
    words = shiftBy(operator, value, by, width, arithmeticShift, c);
    return { width, words };
  }
  // An amount from 2^31 on is as far as any.
  const low = amount.words[0]!.a;
  let far = amountType.width >= 32 ? `(${low} < 0)` : 'false';
  for (let k = 1; k < amount.words.length; k++) far = eitherTrue(far, nonZero(amount.words[k]!.a));
  const limit = n * 32;
  const small = amountType.width < 31 && 2 ** amountType.width <= limit;
  const by = small ? low : c.bind(choose(eitherTrue(far, `${low} >= ${limit}`), String(limit), low));
  if (n === 1) {
    const safe = amountType.width <= 5;
    const one = (text: string): string => {
      if (text === '0') return '0';
      if (operator === 'shl') return mask(safe ? `(${text} << ${by})` : `(${by} > 31 ? 0 : ${text} << ${by})`, width);
      if (arithmeticShift) {
        const wide = signed(text, width);
        return mask(safe ? `(${wide} >> ${by})` : `(${wide} >> (${by} > 31 ? 31 : ${by}))`, width);
      }
      return safe ? trimmed(`(${text} >>> ${by})`, width) : trimmed(`(${by} > 31 ? 0 : ${text} >>> ${by})`, width);
    };
    words = [{ a: one(value.words[0]!.a), b: one(value.words[0]!.b) }];
  } else {
    const plane = (p: 'a' | 'b'): string[] => {
      if (value.words.every((w) => w[p] === '0')) return value.words.map(() => '0');
      const at = c.env.scratch(n);
      value.words.forEach((w, k) => {
        const bits = bitsOf(width, k);
        c.lines.push(`T[${at + k}] = ${arithmeticShift ? signed(w[p], bits) : w[p]};`);
      });
      return value.words.map((_, k) => {
        const bits = bitsOf(width, k);
        if (operator === 'shl') return c.bind(mask(`pick(T, ${at}, ${n}, ${32 * k} - ${by})`, bits));
        const name = arithmeticShift ? 'pickSigned' : 'pick';
        return c.bind(mask(`${name}(T, ${at}, ${n}, ${32 * k} + ${by})`, bits));
      });
    };
    const a = plane('a');
    const b = plane('b');
    words = a.map((text, k) => ({ a: text, b: b[k]! }));
  }
  if (unknown === 'false') return { width, words };
  const all = c.bind(spread(unknown));
  return {
    width,
    words: words.map((w, k) => ({
      a: mask(or(w.a, all), bitsOf(width, k)),
      b: mask(or(w.b, all), bitsOf(width, k)),
    })),
  };
}

/** `>>>` gives a number from zero on; words are int32. */
const trimmed = (text: string, bits: number): string => (bits >= 32 ? `(${text} | 0)` : text);

function shiftBy(
  operator: 'shl' | 'shr' | 'sshr',
  value: Val,
  by: number,
  width: number,
  arithmeticShift: boolean,
  c: Context,
): Word[] {
  const n = value.words.length;
  const top = value.words[n - 1]!;
  const bits = bitsOf(width, n - 1);
  const fill = (p: 'a' | 'b'): string => (arithmeticShift ? c.cheap(`(${signed(top[p], bits)} >> 31)`) : '0');
  const fills = { a: top.a === '0' ? '0' : fill('a'), b: top.b === '0' ? '0' : fill('b') };
  const plane = (p: 'a' | 'b'): string[] =>
    value.words.map((_, k) => {
      const start = operator === 'shl' ? 32 * k - by : 32 * k + by;
      const index = Math.floor(start / 32);
      const inner = start - 32 * index;
      const word = (i: number): string => {
        if (i < 0) return '0';
        if (i >= n) return fills[p];
        return i === n - 1 && arithmeticShift ? signed(value.words[i]![p], bits) : value.words[i]![p];
      };
      const lowWord = word(index);
      const text =
        inner === 0 ? lowWord : or(shiftText(lowWord, '>>>', inner), shiftText(word(index + 1), '<<', 32 - inner));
      return mask(text, bitsOf(width, k));
    });
  const a = plane('a');
  const b = plane('b');
  return a.map((text, k) => ({ a: text, b: b[k]! }));
}

function shiftText(x: string, operator: '<<' | '>>>', by: number): string {
  const p = constant(x);
  if (p !== undefined) return literal(operator === '<<' ? p << by : p >>> by);
  return `(${x} ${operator} ${by})`;
}
