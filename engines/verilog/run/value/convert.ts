/** Between vectors, reals and strings. */
import type { Vec } from '../machine.ts';
import { blank, fromBigInt, fromInteger, unknown } from './vector.ts';

/** Rounds half away from zero (1364-2005 section 4.8.2), modulo 2**width; infinities and NaN have no value: x. */
export function fromReal(value: number, width: number): Vec {
  if (!Number.isFinite(value)) return unknown(width);
  const rounded = roundAway(value);
  return Number.isSafeInteger(rounded) ? fromInteger(width, rounded) : fromBigInt(width, BigInt(rounded));
}

export function roundAway(value: number): number {
  const down = Math.floor(Math.abs(value));
  // Not floor(|v| + 0.5): adding rounds by itself just below a half.
  const size = Math.abs(value) - down >= 0.5 ? down + 1 : down;
  return value < 0 ? -size : size;
}

/** Eight bits a character, the last one lowest; cut or filled with zeros on the left. */
export function fromText(text: string, width: number): Vec {
  const vec = blank(width);
  for (let i = 0; i < text.length && i * 8 < width; i++) {
    const code = text.charCodeAt(text.length - 1 - i) & 0xff;
    vec.a[i >>> 2]! |= code << ((i & 3) * 8);
  }
  const rest = width & 31;
  if (rest !== 0) vec.a[vec.a.length - 1]! &= (1 << rest) - 1;
  return vec;
}

/** Eight bits a character; bits x and z count as 0, zero bytes are left out (1800-2012 section 6.16). */
export function toText(vec: Vec): string {
  let text = '';
  for (let i = Math.ceil(vec.width / 8) - 1; i >= 0; i--) {
    const word = i >>> 2;
    const code = ((vec.a[word]! & ~vec.b[word]!) >>> ((i & 3) * 8)) & 0xff;
    if (code !== 0) text += String.fromCharCode(code);
  }
  return text;
}
