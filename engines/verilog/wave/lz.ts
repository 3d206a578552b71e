/** What was packed is broken. */
export class UnpackError extends Error {}

/**
 * LZ4's block format (the public description of the format): runs of literal bytes and copies of what came before, from up
 * to 65,535 bytes back.
 * @param size of the result, which is known beforehand
 * @throws {UnpackError}
 */
export function unpackLz4(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let from = 0;
  let to = 0;
  const lengthOf = (short: number) => {
    let length = short;
    if (short === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= packed.length) throw new UnpackError('The LZ4 data end within a length.');
        more = packed[from++]!;
        length += more;
      }
    }
    return length;
  };
  while (from < packed.length && to < size) {
    const token = packed[from++]!;
    const literals = lengthOf(token >> 4);
    if (from + literals > packed.length || to + literals > size)
      throw new UnpackError('LZ4 literals run over the end.');
    out.set(packed.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (to === size || from >= packed.length) break;
    const distance = packed[from]! | (packed[from + 1]! << 8);
    from += 2;
    if (distance === 0 || distance > to) throw new UnpackError('An LZ4 copy reaches before the start.');
    to = copyBack(out, to, distance, Math.min(lengthOf(token & 15) + 4, size - to));
  }
  if (to !== size) throw new UnpackError(`The LZ4 data hold ${to} bytes, where ${size} were announced.`);
  return out;
}

/** Furthest distance of the short form of FastLZ's second level. */
const FAR = 8191;

/**
 * FastLZ in both levels (the public description of the format): the first byte's upper three bits tell which.
 * @param size of the result, which is known beforehand
 * @throws {UnpackError}
 */
export function unpackFastLz(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  const second = packed[0]! >> 5 === 1;
  let from = 0;
  let to = 0;
  let control = packed[from++]! & 31;
  for (;;) {
    if (control < 32) {
      const literals = control + 1;
      if (from + literals > packed.length || to + literals > size)
        throw new UnpackError('FastLZ literals run over the end.');
      out.set(packed.subarray(from, from + literals), to);
      from += literals;
      to += literals;
    } else {
      let length = (control >> 5) - 1;
      const high = (control & 31) << 8;
      if (length === 6) {
        let more = packed[from++]!;
        length += more;
        while (second && more === 255) {
          more = packed[from++]!;
          length += more;
        }
      }
      const low = packed[from++]!;
      let distance = high + low + 1;
      if (second && low === 255 && high === 31 << 8) {
        distance = ((packed[from]! << 8) | packed[from + 1]!) + FAR + 1;
        from += 2;
      }
      if (!(distance <= to) || from > packed.length) throw new UnpackError('A FastLZ copy reaches before the start.');
      if (to + length + 3 > size) throw new UnpackError('A FastLZ copy runs over the end.');
      to = copyBack(out, to, distance, length + 3);
    }
    if (from >= packed.length) break;
    control = packed[from++]!;
  }
  if (to !== size) throw new UnpackError(`The FastLZ data hold ${to} bytes, where ${size} were announced.`);
  return out;
}

/** Copies within `out`, also onto itself: a distance of 1 repeats one byte. */
function copyBack(out: Uint8Array, to: number, distance: number, length: number): number {
  if (distance >= length) out.copyWithin(to, to - distance, to - distance + length);
  else for (let at = to; at < to + length; at++) out[at] = out[at - distance]!;
  return to + length;
}
