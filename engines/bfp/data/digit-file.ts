import { deflateSync, inflateSync } from 'fflate';
import { sha256 } from '../../core/hash.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';

/** Handwritten digits with what they are. */
export interface Digits {
  count: number;
  /** Pixels of a side. */
  side: number;
  /** 0 (paper) to 255 (ink), line by line, one digit after the other. */
  pixels: Uint8Array;
  /** 0 to 9. */
  labels: Uint8Array;
}

export type DigitSet = 'train' | 'search' | 'test';

/*
 * A file of digits: "DIGITS01", SHA-256 of the contents (32 bytes), their length (4 bytes, little-endian), the contents
 * deflated. Contents: number of sets; for each the length of its name, its name, its side, its count (4 bytes), its labels,
 * its pixels.
 */
const MAGIC = 'DIGITS01';
const HEADER = MAGIC.length + 32 + 4;

/** More than this is no file of digits, whatever its header says. */
const MOST_BYTES = 64e6;

export function encodeDigits(sets: Partial<Record<DigitSet, Digits>>): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(Object.keys(sets).length)];
  for (const [name, { count, side, labels, pixels }] of Object.entries(sets)) {
    parts.push(Uint8Array.of(name.length, ...ascii(name), side), fourBytes(count), labels, pixels);
  }
  const contents = join(parts);
  return join([ascii(MAGIC), sha256(contents), fourBytes(contents.length), deflateSync(contents, { level: 9 })]);
}

/** Reads a file of digits. A file that is none, or damaged, is a problem that names it. */
export function decodeDigits(bytes: Uint8Array, file: string): Result<Partial<Record<DigitSet, Digits>>> {
  const damaged = (how: string): Result<never> =>
    fail(error('digits.damaged', `The file "${file}" of the digits ${how}.`, 'Install the studio again.', { file }));
  if (bytes.length < HEADER || !ascii(MAGIC).every((code, at) => bytes[at] === code)) return damaged('is none');
  const hash = bytes.subarray(MAGIC.length, MAGIC.length + 32);
  const length = numberAt(bytes, MAGIC.length + 32);
  if (length > MOST_BYTES) return damaged('is damaged');
  const contents = new Uint8Array(length);
  try {
    if (inflateSync(bytes.subarray(HEADER), { out: contents }).length !== length) return damaged('is cut off');
  } catch {
    return damaged('is damaged');
  }
  if (!sha256(contents).every((byte, at) => byte === hash[at])) return damaged('is damaged');
  return ok(readSets(contents));
}

/** The contents are what was written: their hash says so. */
function readSets(contents: Uint8Array): Partial<Record<DigitSet, Digits>> {
  let at = 1;
  const take = (length: number): Uint8Array => {
    at += length;
    return contents.subarray(at - length, at);
  };
  const sets: Partial<Record<DigitSet, Digits>> = {};
  for (let left = contents[0]!; left > 0; left--) {
    const name = String.fromCharCode(...take(take(1)[0]!)) as DigitSet;
    const side = take(1)[0]!;
    const count = numberAt(take(4), 0);
    sets[name] = { count, side, labels: take(count), pixels: take(count * side * side) };
  }
  return sets;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function fourBytes(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

function numberAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
