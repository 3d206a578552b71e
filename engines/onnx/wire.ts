import type { ByteSource } from '../core/byte-source.ts';

/** Bytes that are no protobuf message, or not the one expected: thrown by the reader, caught where reading began. */
export class Malformed extends Error {
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(what: string, options: { code?: string; remedy?: string } = {}) {
    super(what);
    this.code = options.code ?? 'onnx.malformed';
    this.remedy = options.remedy;
  }
}

export type WireType = 'varint' | 'fixed64' | 'bytes' | 'fixed32';

/** One field of a message. `start` and `length` are those of its content in the file; `length` is set for all types. */
export interface Field {
  number: number;
  type: WireType;
  start: number;
  length: number;
  /** Varints only: as a signed 64-bit integer, exact up to 2^53. */
  value: number;
}

const smallestWindow = 4 * 1024;
const largestWindow = 256 * 1024;
/** A tag and a length, or a tag and a number: at most 10 bytes each. */
const longestHeader = 20;
/** What a file may make the reader keep: its structure, not its weights. */
const mostKeptBytes = 256 * 2 ** 20;
const mostMessages = 4_000_000;

const wireTypes: readonly (WireType | undefined)[] = ['varint', 'fixed64', 'bytes', undefined, undefined, 'fixed32'];

const decoder = new TextDecoder();

/**
 * Reads protobuf fields through a window over a file (Protocol Buffers, "Encoding"). The window grows while reading goes
 * on from place to place and is small after a jump, so that skipping weights costs a few kilobytes each.
 */
export class WireReader {
  readonly #source: ByteSource;
  #held: Uint8Array = new Uint8Array(0);
  #start = 0;
  #size = smallestWindow;
  #kept = 0;
  #messages = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get bytes(): number {
    return this.#source.bytes;
  }

  /** Goes through the fields of the message between two places. The handler leaves out what it does not read. */
  async message(start: number, end: number, handle: (field: Field) => Promise<void> | undefined): Promise<void> {
    this.#messages += 1;
    if (this.#messages > mostMessages) {
      throw new Malformed(`The file has more than ${mostMessages} parts.`, { code: 'onnx.too-large' });
    }
    let at = start;
    while (at < end) {
      const header = Math.min(longestHeader, end - at);
      if (!this.#covers(at, header)) await this.#load(at, header);
      const field = this.#header(at, end);
      const handled = handle(field);
      if (handled) await handled;
      at = field.start + field.length;
    }
  }

  /** Bytes of the file, copied out of the window. */
  async take(start: number, length: number): Promise<Uint8Array> {
    this.#kept += length;
    if (this.#kept > mostKeptBytes) {
      throw new Malformed('The structure of the file takes more than 256 MB.', { code: 'onnx.too-large' });
    }
    if (!this.#covers(start, length)) await this.#load(start, length);
    return this.#held.slice(start - this.#start, start - this.#start + length);
  }

  /** Text of a field. @throws Malformed for one that is no text field or is unreasonably long. */
  async text(field: Field, what: string, longest = 64 * 1024): Promise<string> {
    this.expect(field, 'bytes', what);
    if (field.length > longest) {
      throw new Malformed(
        `At byte ${field.start}, ${what} is ${field.length} bytes long; at most ${longest} make sense.`,
      );
    }
    return decoder.decode(await this.take(field.start, field.length));
  }

  expect(field: Field, type: WireType, what: string): void {
    if (field.type !== type) {
      throw new Malformed(`At byte ${field.start}, ${what} is written as ${field.type} and not as ${type}.`);
    }
  }

  number(field: Field, what: string): number {
    this.expect(field, 'varint', what);
    return field.value;
  }

  /** Whole numbers of a repeated field, packed or one by one. */
  async numbers(field: Field, what: string, most: number): Promise<number[]> {
    if (field.type === 'varint') return [field.value];
    this.expect(field, 'bytes', what);
    if (field.length > most) throw new Malformed(`At byte ${field.start}, ${what} has more than ${most} numbers.`);
    const values = unpackVarints(await this.take(field.start, field.length));
    if (!values) throw new Malformed(`At byte ${field.start}, ${what} ends in the middle of a number.`);
    return values;
  }

  #covers(start: number, length: number): boolean {
    return start >= this.#start && start + length <= this.#start + this.#held.length;
  }

  async #load(start: number, length: number): Promise<void> {
    if (start + length > this.#source.bytes) {
      throw new Malformed(
        `The file ends at byte ${this.#source.bytes}, where its content goes on to byte ${start + length}: it is cut off.`,
        { code: 'onnx.truncated', remedy: 'Copy or download the file again.' },
      );
    }
    const end = this.#start + this.#held.length;
    const goesOn = start >= this.#start && start <= end + this.#size;
    this.#size = goesOn ? Math.min(2 * this.#size, largestWindow) : smallestWindow;
    const wanted = Math.min(Math.max(length, this.#size), this.#source.bytes - start);
    this.#held = await this.#source.read(start, wanted);
    this.#start = start;
    if (this.#held.length < length) {
      throw new Malformed(
        `The file is shorter than it was: ${this.#held.length} of ${length} bytes at byte ${start}.`,
        {
          code: 'onnx.unreadable',
          remedy: 'Open the file again.',
        },
      );
    }
  }

  #header(at: number, end: number): Field {
    const limit = Math.min(end, this.#start + this.#held.length) - this.#start;
    const tag = readVarint(this.#held, at - this.#start, limit);
    if (!tag || tag.value <= 7 || tag.value > 2 ** 32)
      throw new Malformed(`At byte ${at} there is no field of a message.`);
    const number = Math.floor(tag.value / 8);
    const type = wireTypes[tag.value % 8];
    if (!type) throw new Malformed(`At byte ${at} a field has the kind ${tag.value % 8}, which ONNX does not use.`);
    const start = this.#start + tag.next;
    if (type === 'varint') {
      const value = readVarint(this.#held, tag.next, limit);
      if (!value) throw new Malformed(`At byte ${start} a number is cut off or too long.`);
      return { number, type, start, length: value.next - tag.next, value: value.value };
    }
    if (type === 'bytes') {
      const length = readVarint(this.#held, tag.next, limit);
      if (!length) throw new Malformed(`At byte ${start} a length is cut off or too long.`);
      const content = this.#start + length.next;
      this.#mustEnd(content, length.value, end);
      return { number, type, start: content, length: length.value, value: 0 };
    }
    const length = type === 'fixed32' ? 4 : 8;
    this.#mustEnd(start, length, end);
    return { number, type, start, length, value: 0 };
  }

  #mustEnd(start: number, length: number, end: number): void {
    if (length >= 0 && start + length <= end) return;
    if (length >= 0 && end === this.#source.bytes) {
      throw new Malformed(
        `At byte ${start}, ${length} bytes should follow, and the file has ${end - start} more: it is cut off.`,
        { code: 'onnx.truncated', remedy: 'Copy or download the file again.' },
      );
    }
    throw new Malformed(
      `At byte ${start} a part of ${length} bytes goes beyond the part around it, which ends at byte ${end}.`,
    );
  }
}

/** A varint as a signed 64-bit integer (exact up to 2^53) and the place after it; undefined if cut off or over 10 bytes. */
export function readVarint(bytes: Uint8Array, at: number, end: number): { value: number; next: number } | undefined {
  let low = 0;
  let high = 0;
  for (let index = 0; index < 10 && at + index < end; index += 1) {
    const byte = bytes[at + index] ?? 0;
    const part = byte & 0x7f;
    if (index < 4) low += part * 2 ** (7 * index);
    else high += part * 2 ** (7 * (index - 4));
    if (byte < 0x80) {
      // Ten bytes hold 70 bits, of which 64 count; the top one is the sign.
      const upper = high % 2 ** 36;
      const signed = upper >= 2 ** 35 ? upper - 2 ** 36 : upper;
      return { value: signed * 2 ** 28 + low, next: at + index + 1 };
    }
  }
  return undefined;
}

/** All varints of a packed field; undefined if the last one is cut off. */
export function unpackVarints(bytes: Uint8Array): number[] | undefined {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const read = readVarint(bytes, at, bytes.length);
    if (!read) return undefined;
    values.push(read.value);
    at = read.next;
  }
  return values;
}
