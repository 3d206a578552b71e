/** Arithmetic on vectors without x and z, modulo 2**width. Words for addition and multiplication; division by words too where the divisor is one. */
import type { Vec } from '../machine.ts';
import { blank, fromBigInt, toBigInt, trim, unknown } from './vector.ts';

export function add(left: Vec, right: Vec): Vec {
  return sum(left, right.a, 0, 0);
}

export function subtract(left: Vec, right: Vec): Vec {
  return sum(left, right.a, -1, 1);
}

export function negate(vec: Vec): Vec {
  return sum(blank(vec.width), vec.a, -1, 1);
}

/** left + (right ^ flip) + carry. */
function sum(left: Vec, right: Int32Array, flip: number, carry: number): Vec {
  const result = blank(left.width);
  let over = carry;
  for (let i = 0; i < result.a.length; i++) {
    const total = (left.a[i]! >>> 0) + ((right[i]! ^ flip) >>> 0) + over;
    result.a[i] = total | 0;
    over = total > 0xffffffff ? 1 : 0;
  }
  return trim(result);
}

export function multiply(left: Vec, right: Vec): Vec {
  const result = blank(left.width);
  const words = result.a.length;
  if (words === 1) {
    result.a[0] = Math.imul(left.a[0]!, right.a[0]!);
    return trim(result);
  }
  // Halves of words, so that products and carries stay exact.
  const x = halves(left.a);
  const y = halves(right.a);
  const total = new Uint32Array(2 * words);
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    let carry = 0;
    for (let j = 0; i + j < total.length; j++) {
      const product = x[i]! * y[j]! + total[i + j]! + carry;
      total[i + j] = product & 0xffff;
      carry = Math.floor(product / 65536);
    }
  }
  for (let i = 0; i < words; i++) result.a[i] = total[2 * i]! | (total[2 * i + 1]! << 16);
  return trim(result);
}

function halves(words: Int32Array): Uint32Array {
  const result = new Uint32Array(words.length * 2);
  for (let i = 0; i < words.length; i++) {
    result[2 * i] = words[i]! & 0xffff;
    result[2 * i + 1] = words[i]! >>> 16;
  }
  return result;
}

/** Towards zero; the remainder has the sign of the dividend. The divisor is not zero. */
export function divide(left: Vec, right: Vec, signed: boolean): { quotient: Vec; remainder: Vec } {
  const { width } = left;
  if (width <= 32) {
    const shift = 32 - width;
    const [n, d] = signed
      ? [(left.a[0]! << shift) >> shift, (right.a[0]! << shift) >> shift]
      : [left.a[0]! >>> 0, right.a[0]! >>> 0];
    return { quotient: word(width, Math.trunc(n / d)), remainder: word(width, n % d) };
  }
  let [n, d] = [toBigInt(left), toBigInt(right)];
  if (signed) [n, d] = [BigInt.asIntN(width, n), BigInt.asIntN(width, d)];
  return { quotient: fromBigInt(width, n / d), remainder: fromBigInt(width, n % d) };
}

function word(width: number, value: number): Vec {
  const result = blank(width);
  result.a[0] = value | 0;
  return trim(result);
}

/** 1364-2005 table 5-6: 0 ** negative is x, other negative powers are 0 but for 1 and -1. */
export function power(base: Vec, exponent: Vec, signed: boolean, exponentSigned: boolean): Vec {
  const { width } = base;
  let n = toBigInt(exponent);
  if (exponentSigned) n = BigInt.asIntN(exponent.width, n);
  const value = signed ? BigInt.asIntN(width, toBigInt(base)) : toBigInt(base);
  if (n < 0n) {
    if (value === 0n) return unknown(width);
    if (value === 1n) return fromBigInt(width, 1n);
    if (value === -1n) return fromBigInt(width, n % 2n === 0n ? 1n : -1n);
    return blank(width);
  }
  let result = fromBigInt(width, 1n);
  let square = base;
  while (n > 0n) {
    if ((n & 1n) === 1n) result = multiply(result, square);
    n >>= 1n;
    if (n > 0n) square = multiply(square, square);
  }
  return result;
}

/** Negative, zero, positive. */
export function compare(left: Vec, right: Vec, signed: boolean): number {
  const last = left.a.length - 1;
  if (signed) {
    const bit = (left.width - 1) & 31;
    const [l, r] = [(left.a[last]! >>> bit) & 1, (right.a[last]! >>> bit) & 1];
    if (l !== r) return r - l;
  }
  for (let i = last; i >= 0; i--) {
    const [l, r] = [left.a[i]! >>> 0, right.a[i]! >>> 0];
    if (l !== r) return l < r ? -1 : 1;
  }
  return 0;
}
