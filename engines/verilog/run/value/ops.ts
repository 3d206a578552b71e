/** Operators on four-state vectors, as IEEE 1364-2005 section 5.1 and 1800-2012 section 11.4 define them. */

import type { BinaryOp, UnaryOp } from '../../ir/types.ts';
import { topMask } from '../../ir/words.ts';
import type { Vec } from '../machine.ts';
import { add, compare, divide, multiply, negate, power, subtract } from './arithmetic.ts';
import { bit, blank, isKnown, ONE, toInteger, trim, unknown, X, ZERO } from './vector.ts';

/** Whether any bit is 1; undefined: none is, and some bit is x or z. */
export function truth({ a, b }: Vec): boolean | undefined {
  let doubt = 0;
  for (let i = 0; i < a.length; i++) {
    if ((a[i]! & ~b[i]!) !== 0) return true;
    doubt |= b[i]!;
  }
  return doubt === 0 ? false : undefined;
}

/** To `width` bits: cut, or extended with zeros or, where `signed`, with copies of the highest bit. */
export function resize(vec: Vec, width: number, signed: boolean): Vec {
  if (vec.width === width) return vec;
  const result = blank(width);
  const words = Math.min(vec.a.length, result.a.length);
  result.a.set(vec.a.subarray(0, words));
  result.b.set(vec.b.subarray(0, words));
  if (width > vec.width && signed && vec.width > 0) {
    const top = vec.width - 1;
    const word = top >>> 5;
    const rest = vec.width & 31;
    const above = rest === 0 ? 0 : -1 << rest;
    for (const plane of [result.a, result.b]) {
      if (((plane[word]! >>> (top & 31)) & 1) === 0) continue;
      plane[word]! |= above;
      plane.fill(-1, word + 1);
    }
  }
  return trim(result);
}

/** x and z become 0. */
export function twoState(vec: Vec): Vec {
  if (isKnown(vec)) return vec;
  const result = blank(vec.width);
  for (let i = 0; i < result.a.length; i++) result.a[i] = vec.a[i]! & ~vec.b[i]!;
  return result;
}

export function unary(op: UnaryOp, vec: Vec): Vec {
  switch (op) {
    case 'neg':
      return isKnown(vec) ? negate(vec) : unknown(vec.width);
    case 'not': {
      const result = blank(vec.width);
      for (let i = 0; i < result.a.length; i++) {
        result.a[i] = ~vec.a[i]! | vec.b[i]!;
        result.b[i] = vec.b[i]!;
      }
      return trim(result);
    }
    case 'lnot':
      return not1(bit(truth(vec)));
    case 'and':
    case 'nand': {
      const mask = topMask(vec.width);
      const last = vec.a.length - 1;
      let doubt = false;
      for (let i = 0; i <= last; i++) {
        const all = i === last ? mask : -1;
        if ((~(vec.a[i]! | vec.b[i]!) & all) !== 0) return bit(op === 'nand');
        if (vec.b[i] !== 0) doubt = true;
      }
      return doubt ? X : bit(op === 'and');
    }
    case 'or':
    case 'nor': {
      const any = truth(vec);
      return any === undefined ? X : bit(any === (op === 'or'));
    }
    case 'xor':
    case 'xnor': {
      if (!isKnown(vec)) return X;
      let folded = 0;
      for (const word of vec.a) folded ^= word;
      for (const shift of [16, 8, 4, 2, 1]) folded ^= folded >>> shift;
      return bit(((folded & 1) === 1) === (op === 'xor'));
    }
  }
}

const not1 = (vec: Vec): Vec => (vec === X ? X : vec === ONE ? ZERO : ONE);

/**
 * Both operands have one width where the rules of `ir.Expr` say so; `signed` is how comparisons, division, power and sshr take them.
 * For shifts and pow the right operand has a width of its own; `rightSigned` is its sign in pow.
 */
export function binary(op: BinaryOp, left: Vec, right: Vec, signed: boolean, rightSigned = signed): Vec {
  switch (op) {
    case 'add':
      return known(left, right) ? add(left, right) : unknown(left.width);
    case 'sub':
      return known(left, right) ? subtract(left, right) : unknown(left.width);
    case 'mul':
      return known(left, right) ? multiply(left, right) : unknown(left.width);
    case 'div':
    case 'mod': {
      if (!known(left, right) || truth(right) === false) return unknown(left.width);
      const { quotient, remainder } = divide(left, right, signed);
      return op === 'div' ? quotient : remainder;
    }
    case 'pow':
      return known(left, right) ? power(left, right, signed, rightSigned) : unknown(left.width);
    case 'and':
    case 'or':
    case 'xor':
    case 'xnor':
      return bitwise(op, left, right);
    case 'shl':
    case 'shr':
    case 'sshr':
      return shift(op, left, right, signed);
    case 'eq':
      return bit(equal(left, right));
    case 'ne':
      return not1(bit(equal(left, right)));
    case 'ceq':
      return bit(identical(left, right));
    case 'cne':
      return bit(!identical(left, right));
    case 'weq':
      return bit(wildcard(left, right));
    case 'wne':
      return not1(bit(wildcard(left, right)));
    case 'casez-eq':
      return bit(matches(left, right, false));
    case 'casex-eq':
      return bit(matches(left, right, true));
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      if (!known(left, right)) return X;
      const order = compare(left, right, signed);
      return bit(op === 'lt' ? order < 0 : op === 'le' ? order <= 0 : op === 'gt' ? order > 0 : order >= 0);
    }
    case 'land':
      return and1(truth(left), truth(right));
    case 'lor':
      return or1(truth(left), truth(right));
    case 'implies': {
      const from = truth(left);
      return or1(from === undefined ? undefined : !from, truth(right));
    }
    case 'equiv': {
      const [one, other] = [truth(left), truth(right)];
      return one === undefined || other === undefined ? X : bit(one === other);
    }
  }
}

function and1(one: boolean | undefined, other: boolean | undefined): Vec {
  if (one === false || other === false) return ZERO;
  return one === undefined || other === undefined ? X : ONE;
}

function or1(one: boolean | undefined, other: boolean | undefined): Vec {
  if (one === true || other === true) return ONE;
  return one === undefined || other === undefined ? X : ZERO;
}

function known(left: Vec, right: Vec): boolean {
  return isKnown(left) && isKnown(right);
}

function bitwise(op: 'and' | 'or' | 'xor' | 'xnor', left: Vec, right: Vec): Vec {
  const result = blank(left.width);
  for (let i = 0; i < result.a.length; i++) {
    const [la, lb, ra, rb] = [left.a[i]!, left.b[i]!, right.a[i]!, right.b[i]!];
    if (op === 'and') {
      // 0 wins; what is neither 0 nor two ones is x.
      const zeros = ~(la | lb) | ~(ra | rb);
      const doubt = (lb | rb) & ~zeros;
      result.a[i] = (la & ra & ~zeros) | doubt;
      result.b[i] = doubt;
    } else if (op === 'or') {
      const ones = (la & ~lb) | (ra & ~rb);
      const doubt = (lb | rb) & ~ones;
      result.a[i] = ones | doubt;
      result.b[i] = doubt;
    } else {
      const doubt = lb | rb;
      const value = op === 'xor' ? la ^ ra : ~(la ^ ra);
      result.a[i] = value | doubt;
      result.b[i] = doubt;
    }
  }
  return trim(result);
}

/** `==`: false as soon as two known bits differ, else x where any is unknown. */
function equal(left: Vec, right: Vec): boolean | undefined {
  let doubt = 0;
  for (let i = 0; i < left.a.length; i++) {
    const open = left.b[i]! | right.b[i]!;
    if (((left.a[i]! ^ right.a[i]!) & ~open) !== 0) return false;
    doubt |= open;
  }
  return doubt === 0 ? true : undefined;
}

function identical(left: Vec, right: Vec): boolean {
  for (let i = 0; i < left.a.length; i++) if (left.a[i] !== right.a[i] || left.b[i] !== right.b[i]) return false;
  return true;
}

/** `==?`: bits that are x or z on the right are not compared. */
function wildcard(left: Vec, right: Vec): boolean | undefined {
  let doubt = 0;
  for (let i = 0; i < left.a.length; i++) {
    const care = ~right.b[i]!;
    if (((left.a[i]! ^ right.a[i]!) & care & ~left.b[i]!) !== 0) return false;
    doubt |= left.b[i]! & care;
  }
  return doubt === 0 ? true : undefined;
}

/** casez: z on either side is not compared; casex: x neither. What is compared must be identical. */
function matches(left: Vec, right: Vec, xToo: boolean): boolean {
  for (let i = 0; i < left.a.length; i++) {
    const skip = xToo ? left.b[i]! | right.b[i]! : (left.b[i]! & ~left.a[i]!) | (right.b[i]! & ~right.a[i]!);
    if ((((left.a[i]! ^ right.a[i]!) | (left.b[i]! ^ right.b[i]!)) & ~skip) !== 0) return false;
  }
  return true;
}

function shift(op: 'shl' | 'shr' | 'sshr', left: Vec, right: Vec, signed: boolean): Vec {
  if (!isKnown(right)) return unknown(left.width);
  const { width } = left;
  const distance = Math.min(toInteger(right, false) ?? width, width);
  if (distance === 0) return left;
  if (op === 'shl') return placed(left, distance, width);
  const moved = slice(left, distance, width);
  if (op === 'shr' || !signed) return moved;
  return resize(distance >= width ? topBit(left) : slice(left, distance, width - distance), width, true);
}

function topBit(vec: Vec): Vec {
  return slice(vec, vec.width - 1, 1);
}

/** Bits from `offset` (0..width) on, zeros where there are none. */
function slice(vec: Vec, offset: number, width: number): Vec {
  const result = blank(width);
  const skip = offset >>> 5;
  const by = offset & 31;
  for (let i = 0; i < result.a.length; i++) {
    const from = i + skip;
    if (from >= vec.a.length) break;
    result.a[i] = by === 0 ? vec.a[from]! : (vec.a[from]! >>> by) | ((vec.a[from + 1] ?? 0) << (32 - by));
    result.b[i] = by === 0 ? vec.b[from]! : (vec.b[from]! >>> by) | ((vec.b[from + 1] ?? 0) << (32 - by));
  }
  return trim(result);
}

/** The vector moved up by `offset` within `width` bits; zeros below. */
function placed(vec: Vec, offset: number, width: number): Vec {
  const result = blank(width);
  const skip = offset >>> 5;
  const by = offset & 31;
  for (let i = skip; i < result.a.length; i++) {
    const from = i - skip;
    const [a, b] = [vec.a[from] ?? 0, vec.b[from] ?? 0];
    if (by === 0) {
      result.a[i] = a;
      result.b[i] = b;
    } else {
      result.a[i] = (a << by) | (from > 0 ? vec.a[from - 1]! >>> (32 - by) : 0);
      result.b[i] = (b << by) | (from > 0 ? vec.b[from - 1]! >>> (32 - by) : 0);
    }
  }
  return trim(result);
}

/**
 * `width` bits from `offset` on; bits outside of the vector, and all where the offset is unknown (undefined), are x, or 0 for two-state
 * bases.
 */
export function select(vec: Vec, offset: number | undefined, width: number, fourState = true): Vec {
  if (offset === undefined || offset >= vec.width || offset + width <= 0)
    return fourState ? unknown(width) : blank(width);
  if (offset >= 0 && offset + width <= vec.width) return slice(vec, offset, width);
  const low = Math.max(offset, 0);
  const high = Math.min(offset + width, vec.width);
  const inside = slice(vec, low, high - low);
  return insert(fourState ? unknown(width) : blank(width), low - offset, inside);
}

/** `vec` with `part` from bit `offset` on; bits of the part outside of it are dropped, an unknown offset changes nothing. */
export function insert(vec: Vec, offset: number | undefined, part: Vec): Vec {
  if (offset === undefined || offset >= vec.width || offset + part.width <= 0) return vec;
  if (offset < 0) return insert(vec, 0, slice(part, -offset, part.width + offset));
  const width = Math.min(part.width, vec.width - offset);
  const body = placed(part.width === width ? part : slice(part, 0, width), offset, vec.width);
  const mask = placed(ones(width), offset, vec.width).a;
  const result = blank(vec.width);
  for (let i = 0; i < mask.length; i++) {
    result.a[i] = (vec.a[i]! & ~mask[i]!) | body.a[i]!;
    result.b[i] = (vec.b[i]! & ~mask[i]!) | body.b[i]!;
  }
  return result;
}

function ones(width: number): Vec {
  const vec = blank(width);
  vec.a.fill(-1);
  return trim(vec);
}

/** Most significant first. */
export function concat(parts: readonly Vec[]): Vec {
  let width = 0;
  for (const part of parts) width += part.width;
  const result = blank(width);
  let at = width;
  for (const part of parts) {
    at -= part.width;
    const skip = at >>> 5;
    const by = at & 31;
    for (let i = 0; i < part.a.length; i++) {
      result.a[skip + i]! |= part.a[i]! << by;
      result.b[skip + i]! |= part.b[i]! << by;
      if (by !== 0 && skip + i + 1 < result.a.length) {
        result.a[skip + i + 1]! |= part.a[i]! >>> (32 - by);
        result.b[skip + i + 1]! |= part.b[i]! >>> (32 - by);
      }
    }
  }
  return result;
}

export function replicate(count: number, part: Vec): Vec {
  return concat(Array.from({ length: count }, () => part));
}

/** `c ? t : e` with an unknown condition: bits that agree and are known stay, the others are x (1364-2005 section 5.1.13). */
export function merge(then: Vec, otherwise: Vec): Vec {
  const result = blank(then.width);
  for (let i = 0; i < result.a.length; i++) {
    const doubt = (then.a[i]! ^ otherwise.a[i]!) | then.b[i]! | otherwise.b[i]!;
    result.a[i] = then.a[i]! | doubt;
    result.b[i] = doubt;
  }
  return trim(result);
}
