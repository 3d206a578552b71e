/** Truth values: comparisons, reductions, logical operators. */

import type { Expr, ExprOf } from '../../ir/types.ts';
import { wordsOf } from '../../ir/words.ts';
import type { Context, Truth, Val } from './context.ts';
import { bitsOf, isKnown, Uncompilable, unknownBits } from './context.ts';
import { emit, vectorType } from './expression.ts';
import {
  and,
  andNot,
  bit,
  bothTrue,
  constant,
  eitherTrue,
  isZero,
  literal,
  nonZero,
  not,
  notTrue,
  ones,
  or,
  signed,
  unsigned,
  xor,
} from './js.ts';

const sure = (one: string): Truth => ({ one, unknown: 'false' });

export function truthValue(truth: Truth, width: number, c: Context): Val {
  const words = Array.from({ length: wordsOf(width) }, () => ({ a: '0', b: '0' }));
  if (truth.unknown === 'false') words[0] = { a: bit(truth.one), b: '0' };
  else {
    const unknown = c.bindTruth(truth.unknown);
    words[0] = { a: bit(eitherTrue(truth.one, unknown)), b: bit(unknown) };
  }
  return { width, words };
}

/** 'any bit 1' is true, all bits 0 false. */
export function truthOf(value: Val, c: Context): Truth {
  if (isKnown(value)) return sure(nonZero(value.words.reduce((sum, w) => or(sum, w.a), '0')));
  const v = c.cheapAll(value);
  const one = c.bindTruth(nonZero(v.words.reduce((sum, w) => or(sum, andNot(w.a, w.b)), '0')));
  return { one, unknown: bothTrue(notTrue(one), nonZero(unknownBits(v))) };
}

function negate(truth: Truth, c: Context): Truth {
  if (truth.unknown === 'false') return sure(notTrue(truth.one));
  const unknown = c.bindTruth(truth.unknown);
  return { one: bothTrue(notTrue(truth.one), notTrue(unknown)), unknown };
}

export function emitTruth(e: Expr, c: Context): Truth {
  if (e.op === 'unary') {
    switch (e.operator) {
      case 'lnot':
        return negate(emitTruth(e.operand, c), c);
      case 'and':
      case 'nand':
        return reduceAnd(emit(e.operand, c), e.operator === 'nand', c);
      case 'or':
        return truthOf(emit(e.operand, c), c);
      case 'nor':
        return negate(truthOf(emit(e.operand, c), c), c);
      case 'xor':
      case 'xnor': {
        const v = emit(e.operand, c);
        const known = isKnown(v);
        const parity = `parity(${v.words.reduce((sum, w) => xor(sum, w.a), '0')})`;
        const one = `(${parity} ${e.operator === 'xor' ? '!==' : '==='} 0)`;
        if (known) return sure(one);
        const unknown = c.bindTruth(nonZero(unknownBits(v)));
        return { one: bothTrue(notTrue(unknown), one), unknown };
      }
      default:
    }
  }
  if (e.op === 'binary') {
    switch (e.operator) {
      case 'land':
      case 'lor':
      case 'implies':
      case 'equiv':
      case 'eq':
      case 'ne':
      case 'ceq':
      case 'cne':
      case 'weq':
      case 'wne':
      case 'casez-eq':
      case 'casex-eq':
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
        return compare(e, c);
      default:
    }
  }
  // The lengthening of a vector does not change whether it has a 1.
  if (e.op === 'resize' && vectorType(e).fourState && vectorType(e).width >= vectorType(e.operand).width) {
    return emitTruth(e.operand, c);
  }
  return truthOf(emit(e, c), c);
}

function reduceAnd(value: Val, inverted: boolean, c: Context): Truth {
  const known = isKnown(value);
  const v = known ? value : c.cheapAll(value);
  const all = v.words.reduce((sum, w, k) => {
    const bits = bitsOf(v.width, k);
    return bothTrue(sum, sameText(or(w.a, w.b), literal(ones(bits))));
  }, 'true');
  if (known) return sure(inverted ? notTrue(`(${all})`) : all);
  const notLow = c.bindTruth(all);
  const unknown = c.bindTruth(bothTrue(notLow, nonZero(unknownBits(v))));
  return { one: inverted ? notTrue(notLow) : bothTrue(notLow, notTrue(unknown)), unknown };
}

function sameText(x: string, y: string): string {
  const p = constant(x);
  const q = constant(y);
  if (p !== undefined && q !== undefined) return String(p === q);
  return `(${x} === ${y})`;
}

export function compare(e: ExprOf<'binary'>, c: Context): Truth {
  switch (e.operator) {
    case 'land':
    case 'lor':
    case 'implies': {
      const first = emitTruth(e.left, c);
      const left = e.operator === 'implies' ? negate(first, c) : first;
      const right = emitTruth(e.right, c);
      if (left.unknown === 'false' && right.unknown === 'false') {
        return sure(e.operator === 'land' ? bothTrue(left.one, right.one) : eitherTrue(left.one, right.one));
      }
      const l = { one: c.bindTruth(left.one), unknown: c.bindTruth(left.unknown) };
      const r = { one: c.bindTruth(right.one), unknown: c.bindTruth(right.unknown) };
      if (e.operator === 'land') {
        const possible = bothTrue(eitherTrue(l.one, l.unknown), eitherTrue(r.one, r.unknown));
        return { one: bothTrue(l.one, r.one), unknown: bothTrue(possible, eitherTrue(l.unknown, r.unknown)) };
      }
      const one = c.bindTruth(eitherTrue(l.one, r.one));
      return { one, unknown: bothTrue(notTrue(one), eitherTrue(l.unknown, r.unknown)) };
    }
    case 'equiv': {
      const l = emitTruth(e.left, c);
      const r = emitTruth(e.right, c);
      const unknown = c.bindTruth(eitherTrue(l.unknown, r.unknown));
      return { one: bothTrue(notTrue(unknown), `(${l.one} === ${r.one})`), unknown };
    }
    default:
  }
  const type = vectorType(e.left);
  const left = emit(e.left, c);
  const right = emit(e.right, c);
  return compareValues(e.operator, left, right, type.signed, c);
}

/** Both of one width. */
export function compareValues(operator: string, leftValue: Val, rightValue: Val, isSigned: boolean, c: Context): Truth {
  const width = leftValue.width;
  const known = isKnown(leftValue) && isKnown(rightValue);
  switch (operator) {
    case 'eq':
    case 'ne': {
      if (known) {
        if (leftValue.words.length === 1) {
          const same = sameText(leftValue.words[0]!.a, rightValue.words[0]!.a);
          return sure(operator === 'eq' ? same : same.includes(' === ') ? `!${same}` : notTrue(same));
        }
        const differs = leftValue.words.reduce((sum, w, k) => or(sum, xor(w.a, rightValue.words[k]!.a)), '0');
        return sure(operator === 'eq' ? isZero(differs) : nonZero(differs));
      }
      const l = c.cheapAll(leftValue);
      const r = c.cheapAll(rightValue);
      const surely = c.bindTruth(
        nonZero(l.words.reduce((sum, w, k) => or(sum, andNot(xor(w.a, r.words[k]!.a), or(w.b, r.words[k]!.b))), '0')),
      );
      const unknown = c.bindTruth(bothTrue(notTrue(surely), nonZero(or(unknownBits(l), unknownBits(r)))));
      return { one: operator === 'ne' ? surely : bothTrue(notTrue(surely), notTrue(unknown)), unknown };
    }
    case 'ceq':
    case 'cne': {
      if (known) return compareValues(operator === 'ceq' ? 'eq' : 'ne', leftValue, rightValue, false, c);
      const differs = leftValue.words.reduce((sum, w, k) => {
        const r = rightValue.words[k]!;
        return or(sum, or(xor(w.a, r.a), xor(w.b, r.b)));
      }, '0');
      return sure(operator === 'ceq' ? isZero(differs) : nonZero(differs));
    }
    case 'casez-eq':
    case 'casex-eq': {
      const l = c.cheapAll(leftValue);
      const r = c.cheapAll(rightValue);
      const differs = l.words.reduce((sum, w, k) => {
        const other = r.words[k]!;
        const free = operator === 'casex-eq' ? or(w.b, other.b) : or(andNot(w.b, w.a), andNot(other.b, other.a));
        return or(sum, and(or(xor(w.a, other.a), operator === 'casex-eq' ? '0' : xor(w.b, other.b)), not(free)));
      }, '0');
      return sure(isZero(differs));
    }
    case 'weq':
    case 'wne': {
      const l = c.cheapAll(leftValue);
      const r = c.cheapAll(rightValue);
      const surely = c.bindTruth(
        nonZero(l.words.reduce((sum, w, k) => or(sum, andNot(xor(w.a, r.words[k]!.a), or(w.b, r.words[k]!.b))), '0')),
      );
      const vague = nonZero(l.words.reduce((sum, w, k) => or(sum, andNot(w.b, r.words[k]!.b)), '0'));
      const unknown = vague === 'false' ? 'false' : c.bindTruth(bothTrue(notTrue(surely), vague));
      return { one: operator === 'wne' ? surely : bothTrue(notTrue(surely), notTrue(unknown)), unknown };
    }
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      const swap = operator === 'gt' || operator === 'le';
      const inverted = operator === 'ge' || operator === 'le';
      const single = leftValue.words.length === 1;
      const l = single ? leftValue : c.cheapAll(leftValue);
      const r = single ? rightValue : c.cheapAll(rightValue);
      let one: string;
      if (single) {
        const read = (x: string) => (isSigned ? signed(x, width) : unsigned(x, width));
        const sign = { lt: '<', le: '<=', gt: '>', ge: '>=' }[operator];
        one = `(${read(l.words[0]!.a)} ${sign} ${read(r.words[0]!.a)})`;
      } else {
        const [x, y] = swap ? [r, l] : [l, r];
        one = 'false';
        for (let k = 0; k < x.words.length; k++) {
          const bits = bitsOf(width, k);
          const top = k === x.words.length - 1;
          const read = (w: string) => (top && isSigned ? signed(w, bits) : unsigned(w, bits));
          const p = x.words[k]!.a;
          const q = y.words[k]!.a;
          const less = `${read(p)} < ${read(q)}`;
          one = k === 0 ? `(${less})` : `(${p} === ${q} ? ${one} : ${less})`;
        }
        if (inverted) one = `!${one}`;
      }
      if (known) return sure(one);
      const unknown = c.bindTruth(nonZero(or(unknownBits(l), unknownBits(r))));
      return { one: bothTrue(notTrue(unknown), one), unknown };
    }
    default:
      throw new Uncompilable(operator);
  }
}
