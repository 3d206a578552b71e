/*
 * GGUF, the file format of llama.cpp and ggml (docs/gguf.md of ggml, version 3): a header, typed metadata, a table of
 * tensors, and their data, everything little endian and aligned.
 */

/** Types of tensors that are written, with their number in `ggml_type`, the elements of a block and its bytes. */
export const ggufTensorTypes = {
  F32: { number: 0, block: 1, bytes: 4 },
  F16: { number: 1, block: 1, bytes: 2 },
  BF16: { number: 30, block: 1, bytes: 2 },
  Q4_0: { number: 2, block: 32, bytes: 18 },
  Q4_1: { number: 3, block: 32, bytes: 20 },
  Q5_0: { number: 6, block: 32, bytes: 22 },
  Q5_1: { number: 7, block: 32, bytes: 24 },
  Q8_0: { number: 8, block: 32, bytes: 34 },
  Q2_K: { number: 10, block: 256, bytes: 84 },
  Q3_K: { number: 11, block: 256, bytes: 110 },
  Q4_K: { number: 12, block: 256, bytes: 144 },
  Q5_K: { number: 13, block: 256, bytes: 176 },
  Q6_K: { number: 14, block: 256, bytes: 210 },
} as const;

export type GgufTensorType = keyof typeof ggufTensorTypes;

export interface GgufTensor {
  /** At most 64 bytes. */
  name: string;
  type: GgufTensorType;
  /** Sizes from the outermost to the innermost, as ONNX and NumPy have them; the file has them the other way round. */
  shape: number[];
  bytes: Uint8Array;
}

/** Metadata: text as it is; whole numbers are written as uint32. */
export type GgufMetadata = Record<string, string | number>;

/** Where data of tensors may begin: what readers assume that find no `general.alignment`. */
export const ggufAlignment = 32;

const version = 3;
const typeUint32 = 4;
const typeString = 8;

/** How many bytes of data a tensor has: rows must be whole blocks. */
export function ggufBytes(type: GgufTensorType, shape: readonly number[]): number {
  const { block, bytes } = ggufTensorTypes[type];
  return (shape.reduce((product, size) => product * size, 1) / block) * bytes;
}

/**
 * A GGUF file.
 * @throws RangeError where a tensor's data does not have the size that its type and shape need, or a name is too long:
 * a defect of the caller.
 */
export function writeGguf(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Uint8Array {
  const head = new Bytes();
  head.raw(new TextEncoder().encode('GGUF')).uint32(version).uint64(tensors.length);
  const entries = Object.entries({ ...metadata, 'general.alignment': ggufAlignment });
  head.uint64(entries.length);
  for (const [key, value] of entries) {
    head.text(key);
    if (typeof value === 'string') head.uint32(typeString).text(value);
    else head.uint32(typeUint32).uint32(value);
  }
  let offset = 0;
  for (const { name, type, shape, bytes } of tensors) {
    check(name, type, shape, bytes);
    head.text(name).uint32(shape.length);
    for (const size of shape.toReversed()) head.uint64(size);
    head.uint32(ggufTensorTypes[type].number).uint64(offset);
    offset += aligned(bytes.length);
  }
  const start = aligned(head.length);
  const file = new Uint8Array(start + offset);
  file.set(head.finish());
  let at = start;
  for (const { bytes } of tensors) {
    file.set(bytes, at);
    at += aligned(bytes.length);
  }
  return file;
}

function check(name: string, type: GgufTensorType, shape: readonly number[], bytes: Uint8Array): void {
  const { block } = ggufTensorTypes[type];
  if ((shape.at(-1) ?? 1) % block !== 0) {
    throw new RangeError(`Rows of "${name}" have ${shape.at(-1)} elements, ${type} needs whole blocks of ${block}.`);
  }
  if (bytes.length !== ggufBytes(type, shape)) {
    throw new RangeError(`"${name}" has ${bytes.length} bytes, its shape needs ${ggufBytes(type, shape)}.`);
  }
  if (new TextEncoder().encode(name).length > 64) throw new RangeError(`The name "${name}" has more than 64 bytes.`);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ggufAlignment) * ggufAlignment;
}

/** A growing row of bytes, little endian. */
class Bytes {
  #held = new Uint8Array(4096);
  length = 0;

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#held.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  uint32(value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return this.raw(bytes);
  }

  uint64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
    return this.raw(bytes);
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.uint64(bytes.length).raw(bytes);
  }

  finish(): Uint8Array {
    return this.#held.subarray(0, this.length);
  }

  #room(bytes: number): void {
    if (this.length + bytes <= this.#held.length) return;
    const wider = new Uint8Array(2 * (this.length + bytes));
    wider.set(this.#held.subarray(0, this.length));
    this.#held = wider;
  }
}
