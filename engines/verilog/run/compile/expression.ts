/** Expressions of the IR as JavaScript text: words of both planes (see context.ts). 1364-2005 section 5. */

import type { Expr, ExprOf, Index, VectorType } from '../../ir/types.ts';
import { wordsOf } from '../../ir/words.ts';
import { arithmetic, shift } from './arithmetic.ts';
import { compare, emitTruth, truthValue } from './compare.ts';
import type { Context, Val, Word } from './context.ts';
import { bitsOf, extract, filled, fromBig, isKnown, place, Uncompilable, unknownBits } from './context.ts';
import {
  and,
  andNot,
  choose,
  constant,
  eitherTrue,
  literal,
  mask,
  nonZero,
  not,
  notMask,
  ones,
  or,
  sar,
  signed,
  xor,
} from './js.ts';

/** Wider ones are left to the interpreter: their text would be too long. */
export const widest = 1024;

export function vectorType(e: Expr): VectorType {
  if (e.type.kind !== 'vector' || e.type.width > widest) throw new Uncompilable(e.type.kind);
  return e.type;
}

export function emit(e: Expr, c: Context): Val {
  const type = vectorType(e);
  switch (e.op) {
    case 'const':
      if (e.value.kind !== 'vector') throw new Uncompilable('constant');
      return fromBig(e.value.width, e.value.a, e.value.b);
    case 'signal':
      return readSignal(e.signal, type.width, c);
    case 'element':
      return readElement(e, type, c);
    case 'select':
      return select(e, c);
    case 'concat': {
      const words: Word[] = filled(type.width, 'zero').words;
      let at = type.width;
      for (const part of e.parts) {
        const value = c.cheapAll(emit(part, c));
        at -= value.width;
        place(words, value, at);
      }
      return { width: type.width, words };
    }
    case 'replicate':
      return replicate(e, c);
    case 'unary':
      return unary(e, c);
    case 'binary':
      return binary(e, c);
    case 'cond':
      return conditional(e, c);
    case 'resize':
      return resize(emit(e.operand, c), vectorType(e.operand), type, c);
    case 'call':
      return call(e, c);
    default:
      throw new Uncompilable(e.op);
  }
}

function readSignal(signal: number, width: number, c: Context): Val {
  const at = c.env.place(signal);
  const known = c.known.has(c.env.canon(signal));
  const words: Word[] = [];
  for (let k = 0; k < wordsOf(width); k++) {
    if (at.kind === 'locals')
      words.push({ a: at.a[k]!, b: known || !c.env.fourState(signal) ? '0' : c.doubt(at.b[k]!) });
    else {
      const b = `M[${at.offset + at.plane + k}]`;
      words.push({ a: `M[${at.offset + k}]`, b: known || at.plane === 0 ? '0' : c.doubt(b) });
    }
  }
  return { width, words };
}

/** A signed number, and the truth that it is no number or out of an int32. */
export function emitIndex(e: Expr, c: Context): { value: string; bad: string } {
  const type = vectorType(e);
  const v = c.cheapAll(emit(e, c));
  const n = v.words.length;
  let bad = nonZero(unknownBits(v));
  if (c.doubtTruth(bad)) bad = 'false';
  const low = v.words[0]!.a;
  if (n === 1) {
    if (type.signed) return { value: signed(low, type.width), bad };
    return { value: low, bad: type.width === 32 ? eitherTrue(bad, `(${low} < 0)`) : bad };
  }
  const top = v.words[n - 1]!.a;
  const fill = type.signed ? sar(low, 31) : '0';
  let differs = type.signed ? 'false' : `(${low} < 0)`;
  for (let k = 1; k < n; k++) {
    const word = k === n - 1 && type.signed ? signed(top, bitsOf(type.width, k)) : v.words[k]!.a;
    differs = eitherTrue(differs, `(${word} !== ${fill})`);
  }
  if (constant(low) !== undefined && v.words.every((w) => constant(w.a) !== undefined)) {
    const value = Number.parseInt(low, 10);
    const ok = v.words.every((w, k) => {
      const word = Number.parseInt(w.a, 10);
      const wide =
        k === n - 1 && type.signed ? (word << (32 - bitsOf(type.width, k))) >> (32 - bitsOf(type.width, k)) : word;
      return k === 0 ? type.signed || value >= 0 : wide === (type.signed ? value >> 31 : 0);
    });
    return { value: low, bad: ok ? bad : 'true' };
  }
  return { value: low, bad: eitherTrue(bad, differs) };
}

/** The linear index of an element, and the truth that there is none such. */
export function emitIndices(indices: readonly Index[], c: Context): { value: string; bad: string } {
  let bad = 'false';
  let linear = '';
  for (const index of indices) {
    const type = vectorType(index.value);
    const at = emitIndex(index.value, c);
    bad = eitherTrue(bad, at.bad);
    const value = c.cheap(at.value);
    const number = constant(value);
    if (number !== undefined) {
      if (number < 0 || number >= index.size) bad = 'true';
    } else if (type.signed || type.width > 31 || 2 ** type.width > index.size) {
      const width = 2 ** Math.min(type.width, 32) > index.size || type.signed;
      if (width) bad = eitherTrue(bad, `(${value} >>> 0) >= ${index.size}`);
    }
    linear = linear === '' ? value : `(Math.imul(${linear}, ${index.size}) + ${value})`;
  }
  return { value: c.cheap(linear), bad: bad === 'true' || bad === 'false' ? bad : c.bind(bad) };
}

function readElement(e: ExprOf<'element'>, type: VectorType, c: Context): Val {
  const at = c.env.place(e.signal);
  if (at.kind !== 'words') throw new Uncompilable('element');
  const n = wordsOf(type.width);
  const index = emitIndices(e.indices, c);
  const outside = filled(type.width, type.fourState ? 'x' : 'zero');
  if (index.bad === 'true') return outside;
  const sure = index.bad === 'false' || c.doubtTruth(index.bad);
  const number = constant(index.value);
  const base =
    number !== undefined ? String(at.offset + number * 2 * n) : c.bind(`${at.offset} + ${index.value} * ${2 * n}`);
  const cell = (k: number) =>
    number !== undefined ? `M[${Number(base) + k}]` : k === 0 ? `M[${base}]` : `M[${base} + ${k}]`;
  const words = outside.words.map((x, k) => {
    const a = c.bind(sure ? cell(k) : choose(index.bad, x.a, cell(k)));
    const b = type.fourState ? c.bind(sure ? cell(n + k) : choose(index.bad, x.b, cell(n + k))) : '0';
    return { a, b: c.doubt(b) };
  });
  return { width: type.width, words };
}

function select(e: ExprOf<'select'>, c: Context): Val {
  const type = vectorType(e);
  const baseType = vectorType(e.base);
  const outside = baseType.fourState ? 'x' : 'zero';
  const base = emit(e.base, c);
  const index = emitIndex(e.offset, c);
  if (index.bad === 'true') return filled(e.width, outside);
  const from = constant(index.value);
  if (from !== undefined && index.bad === 'false') {
    if (from > baseType.width || from < -widest) return filled(e.width, outside);
    return extract(c.cheapAll(base), from, e.width, outside);
  }
  const offsetType = vectorType(e.offset);
  const at = c.cheap(index.value);
  const inside = !offsetType.signed && offsetType.width < 31 && 2 ** offsetType.width - 1 + e.width <= baseType.width;
  let out = index.bad;
  if (!inside) {
    out = eitherTrue(
      out,
      e.width === 1 ? `(${at} >>> 0) >= ${baseType.width}` : `(${at} < 0 || ${at} > ${baseType.width - e.width})`,
    );
  }
  if (out !== 'false') out = c.bind(out);
  const sure = out === 'false' || c.doubtTruth(out);
  const source = base.words.length === 1 ? undefined : inMemory(base, c);
  const words: Word[] = [];
  for (let k = 0; k < wordsOf(e.width); k++) {
    const bits = bitsOf(e.width, k);
    const here = k === 0 ? at : `(${at} + ${32 * k})`;
    const pick = (p: 'a' | 'b'): string => {
      const single = base.words[0]![p];
      if (base.words.every((w) => w[p] === '0')) return '0';
      if (source === undefined)
        return sure
          ? mask(bits >= 32 ? `((${single} >>> ${at}) | 0)` : `(${single} >>> ${at})`, bits)
          : mask(`pick1(${single}, ${here})`, bits);
      const address = p === 'a' ? source.a : source.b;
      if (sure && bits === 1) return `((${source.array}[${address} + (${here} >>> 5)] >>> (${here} & 31)) & 1)`;
      return mask(`pick(${source.array}, ${address}, ${base.words.length}, ${here})`, bits);
    };
    if (sure) {
      words.push({ a: c.bind(pick('a')), b: pick('b') === '0' ? '0' : c.bind(pick('b')) });
      continue;
    }
    // Which of the bits are there: all, where not out; none, where the offset is no number.
    const there = choose(
      index.bad,
      '0',
      choose(out, mask(`inside(${baseType.width}, ${here})`, bits), literal(ones(bits))),
    );
    const lost = outside === 'zero' ? '0' : c.bind(notMask(there, bits));
    const kept = (text: string): string => (text === '0' ? '0' : choose(index.bad, '0', text));
    words.push({ a: c.bind(or(kept(pick('a')), lost)), b: c.bind(or(kept(pick('b')), lost)) });
  }
  return { width: type.width, words };
}

/** The words of a value at constant addresses: where they are, if they are a signal's, else in scratch. */
function inMemory(value: Val, c: Context): { array: string; a: number; b: number } {
  const first = /^M\[(\d+)\]$/.exec(value.words[0]!.a);
  if (first) {
    const start = Number(first[1]);
    const n = value.words.length;
    if (value.words.every((w, k) => w.a === `M[${start + k}]` && (w.b === '0' || w.b === `M[${start + n + k}]`))) {
      return { array: 'M', a: start, b: start + n };
    }
  }
  const n = value.words.length;
  const at = c.env.scratch(2 * n);
  value.words.forEach((w, k) => {
    c.lines.push(`T[${at + k}] = ${w.a};`);
    if (!isKnown(value)) c.lines.push(`T[${at + n + k}] = ${w.b};`);
  });
  return { array: 'T', a: at, b: at + n };
}

function replicate(e: ExprOf<'replicate'>, c: Context): Val {
  const type = vectorType(e);
  const part = c.cheapAll(emit(e.part, c));
  if (part.width === 1) {
    const a = c.cheap(part.words[0]!.a === '0' ? '0' : `(-${part.words[0]!.a})`);
    const b = part.words[0]!.b === '0' ? '0' : c.cheap(`(-${part.words[0]!.b})`);
    return {
      width: type.width,
      words: Array.from({ length: wordsOf(type.width) }, (_, k) => ({
        a: mask(a, bitsOf(type.width, k)),
        b: mask(b, bitsOf(type.width, k)),
      })),
    };
  }
  const words = filled(type.width, 'zero').words;
  for (let i = 0; i < e.count; i++) place(words, part, i * part.width);
  return { width: type.width, words };
}

export function resize(value: Val, from: VectorType, to: VectorType, c: Context): Val {
  const n = wordsOf(to.width);
  let words: Word[];
  if (to.width <= from.width) {
    words = value.words
      .slice(0, n)
      .map((w, k) =>
        to.width === from.width || k < n - 1
          ? w
          : { a: mask(w.a, bitsOf(to.width, k)), b: mask(w.b, bitsOf(to.width, k)) },
      );
  } else if (from.signed) {
    const last = value.words.length - 1;
    const bits = bitsOf(from.width, last);
    const top = value.words[last]!;
    const a = n > last + 1 ? c.cheap(signed(top.a, bits)) : signed(top.a, bits);
    const b = n > last + 1 ? c.cheap(signed(top.b, bits)) : signed(top.b, bits);
    words = [...value.words.slice(0, last), { a: mask(a, bitsOf(to.width, last)), b: mask(b, bitsOf(to.width, last)) }];
    for (let k = last + 1; k < n; k++) {
      words.push({ a: mask(sar(a, 31), bitsOf(to.width, k)), b: mask(sar(b, 31), bitsOf(to.width, k)) });
    }
  } else {
    words = [...value.words];
    while (words.length < n) words.push({ a: '0', b: '0' });
  }
  if (!to.fourState && words.some((w) => w.b !== '0')) {
    words = words.map((w) => {
      const b = c.cheap(w.b);
      return { a: andNot(w.a, b), b: '0' };
    });
  }
  return { width: to.width, words };
}

function unary(e: ExprOf<'unary'>, c: Context): Val {
  const type = vectorType(e);
  if (e.operator === 'neg') return arithmetic('neg', type, emit(e.operand, c), undefined, c);
  if (e.operator !== 'not') return truthValue(emitTruth(e, c), type.width, c);
  const value = emit(e.operand, c);
  return {
    width: type.width,
    words: value.words.map((w, k) => {
      const bits = bitsOf(type.width, k);
      if (w.b === '0') return { a: notMask(w.a, bits), b: '0' };
      const b = c.cheap(w.b);
      return { a: or(notMask(w.a, bits), b), b };
    }),
  };
}

/** One word of a bit-parallel operator. */
function bitwise(operator: 'and' | 'or' | 'xor' | 'xnor', left: Word, right: Word, bits: number, c: Context): Word {
  if (left.b === '0' && right.b === '0') {
    if (operator === 'and') return { a: and(left.a, right.a), b: '0' };
    if (operator === 'or') return { a: or(left.a, right.a), b: '0' };
    const a = xor(left.a, right.a);
    return { a: operator === 'xor' ? a : notMask(a, bits), b: '0' };
  }
  const x = { a: c.cheap(left.a), b: c.cheap(left.b) };
  const y = { a: c.cheap(right.a), b: c.cheap(right.b) };
  const b = c.bind(or(x.b, y.b));
  if (operator === 'and') {
    const a = c.bind(and(or(x.a, x.b), or(y.a, y.b)));
    return { a, b: and(a, b) };
  }
  if (operator === 'or') {
    const one = or(andNot(x.a, x.b), andNot(y.a, y.b));
    return { a: or(or(x.a, y.a), b), b: c.bind(and(b, not(one))) };
  }
  const a = xor(x.a, y.a);
  return { a: or(operator === 'xor' ? a : notMask(a, bits), b), b };
}

function binary(e: ExprOf<'binary'>, c: Context): Val {
  const type = vectorType(e);
  switch (e.operator) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
    case 'pow': {
      const right = vectorType(e.right);
      if (e.operator === 'pow' && (right.signed || right.width > 32)) throw new Uncompilable('pow');
      const left = emit(e.left, c);
      return arithmetic(e.operator, type, left, emit(e.right, c), c);
    }
    case 'shl':
    case 'shr':
    case 'sshr':
      return shift(e.operator, type, vectorType(e.left), emit(e.left, c), e.right, c);
    case 'and':
    case 'or':
    case 'xor':
    case 'xnor': {
      const left = emit(e.left, c);
      const right = emit(e.right, c);
      const operator = e.operator;
      return {
        width: type.width,
        words: left.words.map((w, k) => bitwise(operator, w, right.words[k]!, bitsOf(type.width, k), c)),
      };
    }
    default:
      return truthValue(compare(e, c), type.width, c);
  }
}

function conditional(e: ExprOf<'cond'>, c: Context): Val {
  const type = vectorType(e);
  const truth = emitTruth(e.condition, c);
  if (truth.one === 'true') return emit(e.then, c);
  if (truth.one === 'false' && truth.unknown === 'false') return emit(e.else, c);
  if (truth.unknown === 'false') {
    const yes = c.apart(() => emit(e.then, c));
    const no = c.apart(() => emit(e.else, c));
    if (yes.lines.length === 0 && no.lines.length === 0) {
      const one =
        yes.result.words.length > 1 || !isKnown(yes.result) || !isKnown(no.result) ? c.cheap(truth.one) : truth.one;
      return {
        width: type.width,
        words: yes.result.words.map((w, k) => ({
          a: choose(one, w.a, no.result.words[k]!.a),
          b: choose(one, w.b, no.result.words[k]!.b),
        })),
      };
    }
    const words = yes.result.words.map((w, k) => {
      const b = w.b === '0' && no.result.words[k]!.b === '0' ? '0' : c.env.fresh();
      return { a: c.env.fresh(), b };
    });
    c.lines.push(
      `let ${words
        .flatMap((w) => (w.b === '0' ? [w.a] : [w.a, w.b]))
        .map((name) => `${name} = 0`)
        .join(', ')};`,
    );
    const set = (value: Val) =>
      value.words.flatMap((w, k) => {
        const to = words[k]!;
        return to.b === '0' ? [`${to.a} = ${w.a};`] : [`${to.a} = ${w.a};`, `${to.b} = ${w.b};`];
      });
    c.lines.push(
      `if (${truth.one}) {`,
      ...yes.lines,
      ...set(yes.result),
      '} else {',
      ...no.lines,
      ...set(no.result),
      '}',
    );
    return { width: type.width, words };
  }
  const one = c.bindTruth(truth.one);
  const unknown = c.bindTruth(truth.unknown);
  const yes = c.bindAll(emit(e.then, c));
  const no = c.bindAll(emit(e.else, c));
  return {
    width: type.width,
    words: yes.words.map((w, k) => {
      const other = no.words[k]!;
      const differs = c.bind(or(or(w.b, other.b), xor(w.a, other.a)));
      return {
        a: choose(unknown, type.fourState ? or(w.a, differs) : andNot(w.a, differs), choose(one, w.a, other.a)),
        b: choose(unknown, type.fourState ? differs : '0', choose(one, w.b, other.b)),
      };
    }),
  };
}

function call(e: ExprOf<'call'>, c: Context): Val {
  const type = vectorType(e);
  const args = e.args.map((arg) => {
    if (!('op' in arg)) throw new Uncompilable('output argument');
    return emit(arg, c);
  });
  const known = args.every(isKnown);
  const target = c.env.subprogram(e.subprogram, known);
  const texts = args.flatMap((value) => value.words.flatMap((w) => (known ? [w.a] : [w.a, w.b])));
  const first = c.env.fresh();
  c.lines.push(`const ${first} = ${target.name}(${texts.join(', ')});`);
  const words: Word[] = [];
  for (let k = 0; k < wordsOf(type.width); k++) {
    words.push({
      a: k === 0 ? first : c.bind(`R[${2 * k}]`),
      b: target.known ? '0' : c.doubt(c.bind(`R[${2 * k + 1}]`)),
    });
  }
  return { width: type.width, words };
}
