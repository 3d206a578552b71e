/** Moving runs of bits between vectors of 32-bit words, least significant word first. */

/** Up to 32 bits of a plane that starts at word `base` and has `limit` words, from bit `from` (0 or more) on. Past its end are zeros. */
export function readBits(words: Int32Array, base: number, limit: number, from: number): number {
  const word = from >>> 5;
  const shift = from & 31;
  if (word >= limit) return 0;
  const low = words[base + word]!;
  if (shift === 0) return low;
  const high = word + 1 < limit ? words[base + word + 1]! : 0;
  return (low >>> shift) | (high << (32 - shift));
}

/** Copies `width` bits from one plane to another; both lie within their planes. True: something changed. */
export function copyBits(
  to: Int32Array,
  toBase: number,
  toBit: number,
  from: Int32Array,
  fromBase: number,
  fromLimit: number,
  fromBit: number,
  width: number,
): boolean {
  let differs = 0;
  let done = 0;
  while (done < width) {
    const bit = toBit + done;
    const shift = bit & 31;
    const count = Math.min(32 - shift, width - done);
    const mask = count === 32 ? -1 : ((1 << count) - 1) << shift;
    const at = toBase + (bit >>> 5);
    const was = to[at]!;
    const now = (was & ~mask) | ((readBits(from, fromBase, fromLimit, fromBit + done) << shift) & mask);
    differs |= was ^ now;
    to[at] = now;
    done += count;
  }
  return differs !== 0;
}

export function getBit(words: Int32Array, base: number, bit: number): number {
  return (words[base + (bit >>> 5)]! >>> (bit & 31)) & 1;
}

export function setBit(words: Int32Array, base: number, bit: number, value: number): void {
  const at = base + (bit >>> 5);
  const mask = 1 << (bit & 31);
  words[at] = value === 0 ? words[at]! & ~mask : words[at]! | mask;
}
