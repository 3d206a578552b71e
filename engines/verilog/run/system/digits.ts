/** Vectors as digits: decimal, hexadecimal, octal, binary, with x and z as vvp writes them. */

import type { Vec } from '../machine.ts';
import { isKnown, toBigInt } from '../value/vector.ts';

/** Columns that the largest value of a vector takes. */
export function decimalWidth(width: number, signed: boolean): number {
  if (width <= 0) return 1;
  // Digits of 2**bits - 1, and of 2**(bits-1) with its sign.
  const largest = signed ? 1n << BigInt(width - 1) : (1n << BigInt(width)) - 1n;
  return largest.toString().length + (signed ? 1 : 0);
}

/** All bits x: `x`; all z: `z`; some x: `X`; some z and no x: `Z`; otherwise the number. */
export function decimal(vec: Vec, signed: boolean): string {
  if (!isKnown(vec)) return unknownLetter(vec, 0, vec.width);
  const value = toBigInt(vec);
  return (signed ? BigInt.asIntN(vec.width, value) : value).toString();
}

/** One digit for each `bits` bits, the highest one for what is left. */
export function digitsOf(vec: Vec, bits: 1 | 3 | 4): string {
  let text = '';
  for (let low = Math.floor((vec.width - 1) / bits) * bits; low >= 0; low -= bits) {
    const count = Math.min(bits, vec.width - low);
    const b = field(vec.b, low, count);
    text += b === 0 ? field(vec.a, low, count).toString(16) : unknownLetter(vec, low, count);
  }
  return text;
}

/** Without the zeros in front. */
export function stripped(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
}

function field(words: Int32Array, low: number, count: number): number {
  const word = low >>> 5;
  const by = low & 31;
  let value = words[word]! >>> by;
  if (by + count > 32) value |= words[word + 1]! << (32 - by);
  return value & ((1 << count) - 1);
}

function unknownLetter(vec: Vec, low: number, count: number): string {
  let xs = 0;
  let zs = 0;
  for (let i = low; i < low + count; i++) {
    if (((vec.b[i >>> 5]! >>> (i & 31)) & 1) === 0) continue;
    if (((vec.a[i >>> 5]! >>> (i & 31)) & 1) === 1) xs++;
    else zs++;
  }
  if (xs === count) return 'x';
  if (zs === count) return 'z';
  return xs > 0 ? 'X' : 'Z';
}
