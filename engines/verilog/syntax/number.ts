/** What a number's text says. Planes: (a,b) = (0,0) 0, (1,0) 1, (0,1) z, (1,1) x. */
export interface DecodedNumber {
  /**
   * Bits. Undefined: unsized and it fits 32 bits. An unsized number whose digits ask for more has its width here, as
   * Icarus Verilog counts it: the bits of its digits, or of its value and sign where it is decimal.
   */
  width?: number;
  signed: boolean;
  a: bigint;
  b: bigint;
  /** `'0`, `'1`, `'x`, `'z`: as wide as its context. */
  fill?: '0' | '1' | 'x' | 'z';
  /** Unsized, and its leftmost digit is x or z: a context wider than the planes is filled with it (IEEE 1364-2005 3.5.1). */
  extend?: 'x' | 'z';
  /** It has more digits than its width: those on the left were dropped. */
  truncated?: boolean;
}

/** Wider ones are taken for a slip. */
const MAX_WIDTH = 1 << 24;
const UNSIZED_WIDTH = 32;

const BITS: Record<string, number> = { b: 1, o: 3, h: 4 };
const BASE_NAMES: Record<string, string> = { b: 'binary', o: 'octal', h: 'hexadecimal', d: 'decimal' };
const PREFIXES: Record<string, string> = { b: '0b', o: '0o', h: '0x' };
const DIGITS: Record<string, RegExp> = {
  b: /^[01xz?][01xz?_]*$/i,
  o: /^[0-7xz?][0-7xz?_]*$/i,
  h: /^[0-9a-fxz?][0-9a-fxz?_]*$/i,
  d: /^(?:[0-9][0-9_]*|[xz?]_*)$/i,
};

/**
 * Reads a number as a number token has it (IEEE 1364-2005 3.5.1, IEEE 1800-2012 5.7.1): `12`, `8'hFx`, `'sd3`, `'1`.
 * Answers with a whole sentence where the text is no number.
 */
export function decodeNumber(text: string): DecodedNumber | string {
  const quote = text.indexOf("'");
  if (quote === -1) {
    if (!DIGITS.d!.test(text)) return `'${text}' is not a number.`;
    return decimal(BigInt(text.replaceAll('_', '')), undefined, true);
  }
  const parts = /^([0-9][0-9_]*)?'([sS]?)([bBoOdDhH])(.*)$/.exec(text);
  if (!parts) return fillOf(text);
  const [, size, sign, baseLetter, written] = parts;
  const base = baseLetter!.toLowerCase();
  const digits = written!.toLowerCase();
  if (!DIGITS[base]!.test(digits)) return badDigits(text, base, digits);
  let width: number | undefined;
  if (size !== undefined) {
    width = Number(size.replaceAll('_', ''));
    if (width === 0) return `The number '${text}' has the width 0; a number has at least one bit.`;
    if (width > MAX_WIDTH) return `The number '${text}' is wider than ${MAX_WIDTH} bits.`;
  }
  const signed = sign !== '';
  const plain = digits.includes('_') ? digits.replaceAll('_', '') : digits;
  if (base === 'd') {
    if (plain === 'x' || plain === 'z' || plain === '?') return unknown(plain === 'x' ? 'x' : 'z', width, signed);
    return decimal(BigInt(plain), width, signed);
  }
  return based(plain, base, width, signed);
}

function fillOf(text: string): DecodedNumber | string {
  const digit = text.slice(1).toLowerCase();
  switch (text.length === 2 && text.startsWith("'") ? digit : '') {
    case '0':
      return { signed: false, a: 0n, b: 0n, fill: '0' };
    case '1':
      return { signed: false, a: 1n, b: 0n, fill: '1' };
    case 'x':
      return { signed: false, a: 1n, b: 1n, fill: 'x' };
    case 'z':
    case '?':
      return { signed: false, a: 0n, b: 1n, fill: 'z' };
    default:
      return `'${text}' is not a number.`;
  }
}

function badDigits(text: string, base: string, digits: string): string {
  if (digits === '') return `The number '${text}' has no digits after its base.`;
  if (digits.startsWith('_')) return `The digits of the number '${text}' begin with an underscore.`;
  if (base === 'd' && /^[0-9xz?_]*$/.test(digits)) {
    return `The decimal number '${text}' mixes digits with x or z; a decimal number is one x or one z as a whole.`;
  }
  const allowed = base === 'd' ? /[0-9_]/ : new RegExp(DIGITS[base]!.source.slice(1, -1).replace(/.*(\[.*\])\*/, '$1'));
  const wrong = [...digits].find((digit) => !allowed.test(digit)) ?? digits;
  return `'${wrong}' is not a ${BASE_NAMES[base]} digit, in the number '${text}'.`;
}

const ones = (width: number) => (1n << BigInt(width)) - 1n;
const bitLength = (value: bigint) => (value === 0n ? 0 : value.toString(2).length);

function decimal(value: bigint, width: number | undefined, signed: boolean): DecodedNumber {
  if (width !== undefined) {
    const a = value & ones(width);
    return a === value ? { width, signed, a, b: 0n } : { width, signed, a, b: 0n, truncated: true };
  }
  const needed = bitLength(value) + (signed ? 1 : 0);
  if (needed > UNSIZED_WIDTH) return { width: needed, signed, a: value, b: 0n };
  return { signed, a: value, b: 0n };
}

function unknown(digit: 'x' | 'z', width: number | undefined, signed: boolean): DecodedNumber {
  const b = ones(width ?? UNSIZED_WIDTH);
  const a = digit === 'x' ? b : 0n;
  return width === undefined ? { signed, a, b, extend: digit } : { width, signed, a, b };
}

/** Whether the digits above the width say nothing: 0 or, after an x or z, more of the same. */
function isFilledAbove(a: bigint, b: bigint, width: number, count: number): boolean {
  const top = BigInt(width - 1);
  const rest = ones(count - width);
  const isUnknown = ((b >> top) & 1n) === 1n;
  const isX = isUnknown && ((a >> top) & 1n) === 1n;
  const above = BigInt(width);
  const isZero = (a | b) >> above === 0n;
  return isZero || (isUnknown && b >> above === rest && a >> above === (isX ? rest : 0n));
}

function based(digits: string, base: string, size: number | undefined, signed: boolean): DecodedNumber {
  const bits = BITS[base]!;
  const count = digits.length * bits;
  let a: bigint;
  let b = 0n;
  if (/[xz?]/.test(digits)) {
    const last = base === 'o' ? '7' : base === 'h' ? 'f' : '1';
    a = BigInt(PREFIXES[base]! + digits.replaceAll('x', last).replace(/[z?]/g, '0'));
    b = BigInt(PREFIXES[base]! + digits.replace(/[^xz?]/g, '0').replace(/[xz?]/g, last));
  } else {
    a = BigInt(PREFIXES[base]! + digits);
  }
  const width = size ?? Math.max(UNSIZED_WIDTH, count);
  const left = digits[0]!;
  const leftmost = left === 'x' ? 'x' : left === 'z' || left === '?' ? 'z' : undefined;
  if (leftmost && width > count) {
    const above = ones(width) ^ ones(count);
    b |= above;
    if (leftmost === 'x') a |= above;
  }
  const number: DecodedNumber = { signed, a, b };
  if (size !== undefined || count > UNSIZED_WIDTH) number.width = width;
  if (size === undefined && leftmost) number.extend = leftmost;
  if (width < count) {
    const kept = ones(width);
    if (!isFilledAbove(a, b, width, count)) number.truncated = true;
    number.a = a & kept;
    number.b = b & kept;
  }
  return number;
}
