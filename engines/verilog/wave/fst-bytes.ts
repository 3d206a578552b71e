import { gunzipSync, unzlibSync } from 'fflate';
import { UnpackError } from './lz.ts';
import { WORD } from './types.ts';

/** No packing of these formats shrinks by more. */
const MOST_RATIO = 1100;

/** Reads numbers and texts from bytes, one after the other; past the end it throws. */
export class Cursor {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new UnpackError('The data end too early.');
    return value;
  }

  /** Eight bytes, the highest first. Past 2^53 it is rounded. */
  long(): number {
    let value = 0;
    for (let count = 0; count < 8; count++) value = value * 256 + this.byte();
    return value;
  }

  /** Groups of seven bits, the lowest first; the top bit says that more follow. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new UnpackError('A number has no end.');
  }

  /** The same with a sign: bit 6 of the last group. */
  signedVarint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return byte & 64 ? value - scale : value;
    }
    throw new UnpackError('A number has no end.');
  }

  take(length: number): Uint8Array {
    if (length < 0 || length > this.left) throw new UnpackError('The data end too early.');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Bytes up to a zero. */
  text(): Uint8Array {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new UnpackError('A name has no end.');
    const text = this.bytes.subarray(this.at, end);
    this.at = end + 1;
    return text;
  }

  double(little: boolean): number {
    const bytes = this.take(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, little);
  }
}

/** Zlib data, except where both sizes are equal: then the bytes are as they are. */
export function inflateUnlessPlain(packed: Uint8Array, size: number): Uint8Array {
  return packed.length === size ? packed : inflate(packed, size);
}

/** Zlib or gzip data of a size that is known beforehand. */
export function inflate(packed: Uint8Array, size: number): Uint8Array {
  checkSize(packed, size);
  let out: Uint8Array;
  try {
    out =
      packed[0] === 31 && packed[1] === 139 ? gunzipSync(packed) : unzlibSync(packed, { out: new Uint8Array(size) });
  } catch {
    throw new UnpackError('The zlib data are broken.');
  }
  if (out.length < size) throw new UnpackError(`The zlib data hold ${out.length} bytes, where ${size} were announced.`);
  return out.subarray(0, size);
}

/** A file that announces gigabytes in a few bytes is refused before room is made for them. */
export function checkSize(packed: Uint8Array, size: number): void {
  if (size > packed.length * MOST_RATIO + 64 || size >= WORD) {
    throw new UnpackError(`${packed.length} bytes cannot hold the ${size} that were announced.`);
  }
}
