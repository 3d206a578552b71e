/**
 * Four-state vectors on their own: the reference that the compiled code is checked against, and what the interpreter and the system tasks
 * compute with. Words are little-endian, bits above the width are zero. (a,b): 0=(0,0) 1=(1,0) z=(0,1) x=(1,1).
 */

import type { Constant } from '../../ir/types.ts';
import { topMask, wordsOf } from '../../ir/words.ts';
import type { Value, Vec } from '../machine.ts';

/** All bits zero; to be filled by whoever makes it. */
export function blank(width: number): Vec {
  const words = wordsOf(width);
  return { width, a: new Int32Array(words), b: new Int32Array(words) };
}

/** Clears the bits above the width. */
export function trim(vec: Vec): Vec {
  const last = vec.a.length - 1;
  if (last >= 0) {
    const mask = topMask(vec.width);
    vec.a[last]! &= mask;
    vec.b[last]! &= mask;
  }
  return vec;
}

export function filled(width: number, a: 0 | 1, b: 0 | 1): Vec {
  const vec = blank(width);
  if (a) vec.a.fill(-1);
  if (b) vec.b.fill(-1);
  return trim(vec);
}

export const zero = (width: number): Vec => blank(width);
export const unknown = (width: number): Vec => filled(width, 1, 1);

/** One bit: 0, 1, or undefined for x. */
export function bit(value: boolean | undefined): Vec {
  return value === undefined ? X : value ? ONE : ZERO;
}
export const ZERO: Vec = zero(1);
export const ONE: Vec = filled(1, 1, 0);
export const X: Vec = unknown(1);

/** The low `width` bits of a bigint (two's complement), and of plane b. */
export function fromBigInt(width: number, a: bigint, b = 0n): Vec {
  const vec = blank(width);
  fill(vec.a, a);
  fill(vec.b, b);
  return trim(vec);
}

function fill(words: Int32Array, value: bigint): void {
  for (let i = 0; i < words.length; i++) {
    words[i] = Number(BigInt.asIntN(32, value));
    value >>= 32n;
  }
}

/** Plane a as an unsigned number. */
export function toBigInt(vec: Vec): bigint {
  return plane(vec.a);
}
export function planeB(vec: Vec): bigint {
  return plane(vec.b);
}
function plane(words: Int32Array): bigint {
  let value = 0n;
  for (let i = words.length - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[i]! >>> 0);
  return value;
}

/** Two's complement of an integer (|value| < 2**53). */
export function fromInteger(width: number, value: number): Vec {
  const vec = blank(width);
  let rest = value;
  for (let i = 0; i < vec.a.length; i++) {
    const low = rest - Math.floor(rest / 4294967296) * 4294967296;
    vec.a[i] = low | 0;
    rest = Math.floor(rest / 4294967296);
  }
  return trim(vec);
}

/** As an integer; undefined when a bit is x or z, or when it is no safe integer. */
export function toInteger(vec: Vec, signed: boolean): number | undefined {
  if (!isKnown(vec)) return undefined;
  const number = toNumber(vec, signed);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** As a double; bits that are x or z count as 0 (1364-2005 section 4.8.2). */
export function toNumber(vec: Vec, signed: boolean): number {
  const { a, b, width } = vec;
  const last = a.length - 1;
  if (last < 0) return 0;
  if (last === 0) {
    const word = a[0]! & ~b[0]!;
    if (!signed) return word >>> 0;
    return (word << (32 - width)) >> (32 - width);
  }
  const value = plane(a) & ~plane(b);
  return Number(signed ? BigInt.asIntN(width, value) : value);
}

export function isKnown({ b }: Vec): boolean {
  for (let i = 0; i < b.length; i++) if (b[i] !== 0) return false;
  return true;
}

export function getBit(vec: Vec, index: number): { a: number; b: number } {
  const word = index >>> 5;
  return { a: (vec.a[word]! >>> (index & 31)) & 1, b: (vec.b[word]! >>> (index & 31)) & 1 };
}

export function same(one: Vec, other: Vec): boolean {
  if (one.width !== other.width) return false;
  for (let i = 0; i < one.a.length; i++) if (one.a[i] !== other.a[i] || one.b[i] !== other.b[i]) return false;
  return true;
}

export function fromConstant(value: Constant): Vec | number | string {
  return value.kind === 'vector' ? fromBigInt(value.width, value.a, value.b) : value.value;
}

export function isVec(value: Value): value is Vec {
  return typeof value === 'object' && 'a' in value;
}

/** "1x0z", most significant first. */
export function toBits(vec: Vec): string {
  let text = '';
  for (let i = vec.width - 1; i >= 0; i--) {
    const { a, b } = getBit(vec, i);
    text += b ? (a ? 'x' : 'z') : a ? '1' : '0';
  }
  return text;
}

/** From "1x0z"; underscores are passed over. */
export function fromBits(text: string): Vec {
  const digits = text.replaceAll('_', '');
  const vec = blank(digits.length);
  for (let i = 0; i < digits.length; i++) {
    const at = digits.length - 1 - i;
    const digit = digits[i]!.toLowerCase();
    if (digit === '1' || digit === 'x') vec.a[at >>> 5]! |= 1 << (at & 31);
    if (digit === 'x' || digit === 'z' || digit === '?') vec.b[at >>> 5]! |= 1 << (at & 31);
  }
  return vec;
}
