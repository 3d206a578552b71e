/** What generated code calls: arithmetic on words in memory, least significant first. */

/** 32 bits of the `n` words at `at` from bit `from` on (which may be negative); bits outside are zero. */
export function pick(words: Int32Array, at: number, n: number, from: number): number {
  const k = from >> 5;
  const by = from & 31;
  const low = k >= 0 && k < n ? words[at + k]! : 0;
  if (by === 0) return low;
  const high = k >= -1 && k < n - 1 ? words[at + k + 1]! : 0;
  return (low >>> by) | (high << (32 - by));
}

/** The same with bits above those of the highest word's sign. */
export function pickSigned(words: Int32Array, at: number, n: number, from: number): number {
  const k = from >> 5;
  const by = from & 31;
  const fill = words[at + n - 1]! >> 31;
  const low = k < n ? words[at + k]! : fill;
  if (by === 0) return low;
  const high = k < n - 1 ? words[at + k + 1]! : fill;
  return (low >>> by) | (high << (32 - by));
}

/** Of one word. */
export function pick1(word: number, from: number): number {
  if (from <= -32 || from >= 32) return 0;
  return from < 0 ? word << -from : (word >>> from) | 0;
}

/** Which of the 32 bits from `from` on lie in a vector of `width` bits. */
export function inside(width: number, from: number): number {
  const first = from < 0 ? -from : 0;
  const end = Math.min(32, width - from);
  if (first >= 32 || end <= first) return 0;
  const upTo = end >= 32 ? -1 : (1 << end) - 1;
  return upTo & (-1 << first);
}

export function parity(word: number): number {
  let x = word ^ (word >>> 16);
  x ^= x >>> 8;
  x ^= x >>> 4;
  return (0x6996 >> (x & 15)) & 1;
}

/** High word of the product of two words from zero on. */
export function high(x: number, y: number): number {
  const x0 = x & 0xffff;
  const x1 = x >>> 16;
  const y0 = y & 0xffff;
  const y1 = y >>> 16;
  const low = x0 * y0;
  const mid = x1 * y0 + (low >>> 16);
  const more = x0 * y1 + (mid % 65536);
  return (x1 * y1 + Math.floor(mid / 65536) + Math.floor(more / 65536)) | 0;
}

/** To the power, by the low 32 bits. */
export function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

function product(into: Int32Array, to: number, words: Int32Array, x: number, y: number, n: number, m: number): void {
  // Digits of 16 bits: a column's sum stays a safe integer.
  const digit = (at: number, i: number): number =>
    i & 1 ? words[at + (i >> 1)]! >>> 16 : words[at + (i >> 1)]! & 0xffff;
  let carry = 0;
  let low = 0;
  for (let k = 0; k < 2 * n; k++) {
    let sum = carry;
    for (let i = Math.max(0, k - 2 * m + 1); i <= k && i < 2 * n; i++) sum += digit(x, i) * digit(y, k - i);
    const part = sum % 65536;
    carry = Math.floor(sum / 65536);
    if (k & 1) into[to + (k >> 1)] = low | (part << 16);
    else low = part;
  }
}

/** Product of vectors of `n` and `m` words, cut to `n`. */
export function mulWide(words: Int32Array, to: number, x: number, y: number, n: number, m: number): void {
  product(words, to, words, x, y, n, m);
}

/** `n` words to the power of `m` words, cut to `n`. */
export function powWide(words: Int32Array, to: number, x: number, y: number, n: number, m: number): void {
  let result: Int32Array = new Int32Array(n);
  result[0] = 1;
  let square: Int32Array = words.slice(x, x + n);
  let bits = 32 * m;
  while (bits > 0 && ((words[y + ((bits - 1) >> 5)]! >>> ((bits - 1) & 31)) & 1) === 0) bits--;
  const times = (p: Int32Array, q: Int32Array): Int32Array => {
    const both = new Int32Array(2 * n);
    both.set(p);
    both.set(q, n);
    const out = new Int32Array(n);
    product(out, 0, both, 0, n, n, n);
    return out;
  };
  for (let i = 0; i < bits; i++) {
    if ((words[y + (i >> 5)]! >>> (i & 31)) & 1) result = times(result, square);
    square = times(square, square);
  }
  words.set(result, to);
}

const toBig = (words: Int32Array, at: number, n: number, width: number, signed: boolean): bigint => {
  let value = 0n;
  for (let k = n - 1; k >= 0; k--) value = (value << 32n) | BigInt(words[at + k]! >>> 0);
  return signed ? BigInt.asIntN(width, value) : value;
};

/** Quotient or remainder of vectors of `n` words. By zero: anything. */
export function divWide(
  words: Int32Array,
  to: number,
  x: number,
  y: number,
  n: number,
  width: number,
  signed: boolean,
  remainder: boolean,
): void {
  if (n === 2 && !signed) {
    const xHigh = words[x + 1]! >>> 0;
    const yHigh = words[y + 1]! >>> 0;
    if (xHigh < 0x200000 && yHigh < 0x200000) {
      const p = xHigh * 4294967296 + (words[x]! >>> 0);
      const q = yHigh * 4294967296 + (words[y]! >>> 0);
      if (q === 0) return;
      const rest = p % q;
      const value = remainder ? rest : (p - rest) / q;
      words[to] = value % 4294967296;
      words[to + 1] = Math.floor(value / 4294967296);
      return;
    }
  }
  const p = toBig(words, x, n, width, signed);
  const q = toBig(words, y, n, width, signed);
  if (q === 0n) return;
  let value = BigInt.asUintN(32 * n, remainder ? p % q : p / q);
  for (let k = 0; k < n; k++) {
    words[to + k] = Number(value & 0xffffffffn);
    value >>= 32n;
  }
}

/**
 * Puts `width` bits from the words at `from` of `source` into the vector of `total` bits at `at`, from bit `bit` on (which may be
 * negative); bits that fall outside are dropped. True: something changed.
 */
export function put(
  words: Int32Array,
  at: number,
  total: number,
  bit: number,
  width: number,
  source: Int32Array,
  from: number,
): boolean {
  let differs = 0;
  const first = bit < 0 ? -bit : 0;
  const end = Math.min(width, total - bit);
  for (let i = first; i < end; ) {
    const to = bit + i;
    const shift = to & 31;
    const count = Math.min(32 - shift, end - i);
    const bits = count === 32 ? -1 : ((1 << count) - 1) << shift;
    const k = at + (to >> 5);
    const was = words[k]!;
    const value = pick(source, from, (width + 31) >>> 5, i) << shift;
    const now = (was & ~bits) | (value & bits);
    differs |= was ^ now;
    words[k] = now;
    i += count;
  }
  return differs !== 0;
}

export const helpers = {
  put,
  pick,
  pickSigned,
  pick1,
  inside,
  parity,
  high,
  power,
  mulWide,
  powWide,
  divWide,
};
