import { twoTo } from '../../core/words.ts';
import type { EnumInfo } from '../ir/types.ts';
import type { TraceData } from './trace.ts';
import { WORD } from './types.ts';

/** How a value is written. `name`: by the names of its enumeration; `float`: as IEEE 754 of its 16, 32 or 64 bits. */
export type Radix = 'binary' | 'octal' | 'hex' | 'unsigned' | 'signed' | 'ascii' | 'name' | 'float';
export const RADICES: readonly Radix[] = ['binary', 'octal', 'hex', 'unsigned', 'signed', 'ascii', 'name', 'float'];

/** A value of some bits in four states: words of plane a and b, least significant first, nothing above the width. */
export interface BitsValue {
  width: number;
  a: Int32Array;
  b: Int32Array;
}

export function bitsAt(data: TraceData, entry: number): BitsValue {
  const a = new Int32Array(data.words);
  const b = new Int32Array(data.words);
  const unknown = data.unknownAt(entry) >= 0;
  for (let word = 0; word < data.words; word++) {
    a[word] = data.word(entry, word);
    if (unknown) b[word] = data.wordB(entry, word);
  }
  return { width: data.width, a, b };
}

export function bitsOf(text: string): BitsValue {
  const words = (text.length + 31) >>> 5;
  const value: BitsValue = { width: text.length, a: new Int32Array(words), b: new Int32Array(words) };
  for (let place = 0; place < text.length; place++) {
    const bit = text.length - 1 - place;
    const sign = text[place];
    if (sign === '1' || sign === 'x') value.a[bit >> 5]! |= 1 << (bit & 31);
    if (sign === 'x' || sign === 'z') value.b[bit >> 5]! |= 1 << (bit & 31);
  }
  return value;
}

/** `01xz`, the highest bit first. */
export function binaryText({ width, a, b }: BitsValue): string {
  let text = '';
  for (let bit = width - 1; bit >= 0; bit--) {
    const word = bit >> 5;
    const place = bit & 31;
    text += '01zx'[((a[word]! >>> place) & 1) | (((b[word]! >>> place) & 1) << 1)];
  }
  return text;
}

/** Undefined where any bit is x or z. */
export function bigOf({ width, a, b }: BitsValue, signed: boolean): bigint | undefined {
  let value = 0n;
  for (let word = a.length - 1; word >= 0; word--) {
    if (b[word] !== 0) return undefined;
    value = (value << 32n) | BigInt(a[word]! >>> 0);
  }
  return signed ? BigInt.asIntN(width, value) : value;
}

/** The value as a number to draw: undefined where any bit is x or z. Past 53 bits it is rounded. */
export function numberAt(data: TraceData, entry: number, how: 'unsigned' | 'signed' | 'float'): number | undefined {
  if (data.type === 'real') {
    const value = data.real(entry);
    return Number.isNaN(value) ? undefined : value;
  }
  if (data.type !== 'bits' || data.unknownAt(entry) >= 0) return undefined;
  if (how === 'float') {
    const value = floatOf(bitsAt(data, entry));
    return value === undefined || !Number.isFinite(value) ? undefined : value;
  }
  const { width, words } = data;
  if (words === 1) {
    const word = data.word(entry, 0);
    if (how === 'unsigned') return word >>> 0;
    return width === 32 ? word : word & (1 << (width - 1)) ? word - twoTo(width) : word;
  }
  let value = 0;
  for (let word = words - 1; word >= 0; word--) value = value * WORD + (data.word(entry, word) >>> 0);
  const top = (data.word(entry, words - 1) >>> ((width - 1) & 31)) & 1;
  if (how === 'unsigned' || top === 0) return value;
  return Number(bigOf(bitsAt(data, entry), true));
}

/** Of 16, 32 or 64 bits; undefined for other widths, and where a bit is x or z. */
function floatOf({ width, a, b }: BitsValue): number | undefined {
  if (b.some((word) => word !== 0)) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, a[0] ?? 0, true);
  view.setInt32(4, a[1] ?? 0, true);
  if (width === 64) return view.getFloat64(0, true);
  if (width === 32) return view.getFloat32(0, true);
  if (width !== 16) return undefined;
  const sign = a[0]! & 0x8000 ? -1 : 1;
  const exponent = (a[0]! >> 10) & 31;
  const fraction = a[0]! & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * twoTo(-24) : sign * (1024 + fraction) * twoTo(exponent - 25);
}

/** A value as text. An entry before the first change (-1) is the empty text. */
export function valueText(data: TraceData, entry: number, radix: Radix, names?: EnumInfo): string {
  if (entry < 0 || entry >= data.count) return '';
  if (data.type === 'real') return realText(data.real(entry));
  if (data.type === 'text') return data.text(entry);
  if (data.type === 'event') return '';
  return formatBits(bitsAt(data, entry), radix, names);
}

/**
 * As Verilog's own formats write it (IEEE 1364-2005, 17.1.1.4): a hexadecimal or octal digit of which all bits are x or z
 * is `x` or `z`, of which some are `X` or `Z`; a decimal number with any is one letter by the same rule.
 */
export function formatBits(value: BitsValue, radix: Radix, names?: EnumInfo): string {
  const { width } = value;
  if (width === 1 && radix !== 'name') return binaryText(value);
  switch (radix) {
    case 'binary':
      return binaryText(value);
    case 'octal':
      return digits(value, 3);
    case 'hex':
      return digits(value, 4);
    case 'unsigned':
    case 'signed':
      return bigOf(value, radix === 'signed')?.toString() ?? unknownLetter(value, 0, width);
    case 'float': {
      const number = floatOf(value);
      return number === undefined ? digits(value, 4) : realText(number);
    }
    case 'ascii':
      return asciiText(value);
    case 'name':
      return nameOf(value, names) ?? digits(value, 4);
  }
}

export function realText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  return text.length > 14 && Number.isFinite(value) ? String(Number(value.toPrecision(9))) : text;
}

/** The letter for bits `from` to before `to`, of which some are not known. */
function unknownLetter({ a, b }: BitsValue, from: number, to: number): string {
  let x = 0;
  let z = 0;
  for (let bit = from; bit < to; bit++) {
    if (((b[bit >> 5]! >>> (bit & 31)) & 1) === 0) continue;
    if ((a[bit >> 5]! >>> (bit & 31)) & 1) x++;
    else z++;
  }
  if (x === to - from) return 'x';
  if (z === to - from) return 'z';
  return x > 0 ? 'X' : 'Z';
}

function digits(value: BitsValue, size: number): string {
  const { width, a, b } = value;
  let text = '';
  for (let digit = Math.ceil(width / size) - 1; digit >= 0; digit--) {
    const from = digit * size;
    const to = Math.min(width, from + size);
    let bits = 0;
    let unknown = 0;
    for (let bit = to - 1; bit >= from; bit--) {
      bits = (bits << 1) | ((a[bit >> 5]! >>> (bit & 31)) & 1);
      unknown |= (b[bit >> 5]! >>> (bit & 31)) & 1;
    }
    text += unknown ? unknownLetter(value, from, to) : bits.toString(16);
  }
  return text;
}

/** Bytes from the highest on; leading zeros are passed over, what has no picture is a dot, as in a hex listing. */
function asciiText({ width, a, b }: BitsValue): string {
  let text = '';
  for (let byte = Math.ceil(width / 8) - 1; byte >= 0; byte--) {
    const word = (byte * 8) >> 5;
    const shift = (byte * 8) & 31;
    if ((b[word]! >>> shift) & 255) text += '?';
    else {
      const code = (a[word]! >>> shift) & 255;
      if (code === 0 && text === '') continue;
      text += code >= 32 && code < 127 ? String.fromCharCode(code) : '.';
    }
  }
  return text;
}

function nameOf({ a, b, width }: BitsValue, names: EnumInfo | undefined): string | undefined {
  if (!names) return undefined;
  let [planeA, planeB] = [0n, 0n];
  for (let word = a.length - 1; word >= 0; word--) {
    planeA = (planeA << 32n) | BigInt(a[word]! >>> 0);
    planeB = (planeB << 32n) | BigInt(b[word]! >>> 0);
  }
  // Members of a signed enumeration may have been kept with their sign.
  return names.members.find(
    (member) => BigInt.asUintN(width, member.a) === planeA && BigInt.asUintN(width, member.b) === planeB,
  )?.name;
}
