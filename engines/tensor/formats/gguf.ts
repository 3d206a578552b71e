import { ggufBlock } from './blocks.ts';
import { isSuperBlock, packSuperBlock, unpackSuperBlock } from './gguf-super.ts';
import { decodeHalf, encodeHalf } from './half.ts';
import { GGUF_BLOCK_BYTES } from './stored-bits.ts';
import type { GgufType } from './types.ts';

/*
 * Block formats of llama.cpp, byte for byte: layouts of `ggml-common.h`, numbers as `quantize_row_*_ref` of `ggml-quants.c`
 * chooses them without an importance matrix, in float32 with every operation rounded on its own. Where that code leaves
 * the range of its integers (scales that underflow), codes are clamped here.
 */

export type FlatType = 'q4_0' | 'q4_1' | 'q5_0' | 'q5_1' | 'q8_0';

const f = Math.fround;

/**
 * A matrix as blocks of a type of llama.cpp, row by row. Blocks run along rows; a last one that is short is filled with
 * zeros (llama.cpp itself wants whole blocks). A block that holds NaN or infinity gets a scale that is NaN.
 */
export function encodeGguf(values: Float32Array, rowLength: number, type: GgufType): Uint8Array<ArrayBuffer> {
  const block = ggufBlock(type);
  const blocksPerRow = Math.ceil(rowLength / block);
  const rows = values.length === 0 ? 0 : values.length / rowLength;
  const bytes = new Uint8Array(rows * blocksPerRow * GGUF_BLOCK_BYTES[type]);
  const view = new DataView(bytes.buffer);
  const x = new Float32Array(block);
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let left = 0; left < rowLength; left += block) {
      x.fill(0);
      x.set(values.subarray(row * rowLength + left, row * rowLength + Math.min(left + block, rowLength)));
      encodeBlock(x, view, at, type);
      at += GGUF_BLOCK_BYTES[type];
    }
  }
  return bytes;
}

/** The numbers of `encodeGguf`: rows x rowLength. */
export function decodeGguf(
  bytes: Uint8Array,
  rows: number,
  rowLength: number,
  type: GgufType,
): Float32Array<ArrayBuffer> {
  const block = ggufBlock(type);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(rows * rowLength);
  const y = new Float32Array(block);
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let left = 0; left < rowLength; left += block) {
      decodeBlock(view, at, y, type);
      values.set(y.subarray(0, Math.min(block, rowLength - left)), row * rowLength + left);
      at += GGUF_BLOCK_BYTES[type];
    }
  }
  return values;
}

/** 32 or 256 numbers into the bytes of one block. */
export function encodeBlock(x: Float32Array, view: DataView, at: number, type: GgufType): void {
  const finite = x.every(Number.isFinite);
  const numbers = finite ? x : new Float32Array(x.length);
  if (isSuperBlock(type)) packSuperBlock(numbers, view, at, type);
  else packFlat(numbers, view, at, type);
  if (!finite) view.setUint16(at + scaleOffset(type), 0x7e00, true);
}

export function decodeBlock(view: DataView, at: number, y: Float32Array, type: GgufType): void {
  if (isSuperBlock(type)) unpackSuperBlock(view, at, y, type);
  else unpackFlat(view, at, y, type);
}

/** Bytes of a block that hold codes and no scales. */
const CODE_BYTES: Record<GgufType, [from: number, to: number][]> = {
  q4_0: [[2, 18]],
  q4_1: [[4, 20]],
  q5_0: [[2, 22]],
  q5_1: [[4, 24]],
  q8_0: [[2, 34]],
  q2_k: [[16, 80]],
  q3_k: [[0, 96]],
  q4_k: [[16, 144]],
  q5_k: [[16, 176]],
  q6_k: [[0, 192]],
};

/**
 * The smallest and the largest number that each element's block can hold: those of the lowest and the highest code.
 * `blocks`: of `encodeGguf`.
 */
export function ggufRange(
  blocks: Uint8Array,
  rows: number,
  rowLength: number,
  type: GgufType,
): [low: Float32Array, high: Float32Array] {
  const bytes = blocks.slice();
  const filled = (byte: number) => {
    for (let at = 0; at < bytes.length; at += GGUF_BLOCK_BYTES[type]) {
      for (const [start, end] of CODE_BYTES[type]) bytes.fill(byte, at + start, at + end);
    }
    return decodeGguf(bytes, rows, rowLength, type);
  };
  const [first, second] = type === 'q8_0' ? [filled(0x80), filled(0x7f)] : [filled(0), filled(0xff)];
  // A negative scale turns the codes around.
  return [first.map((v, i) => Math.min(v, second[i]!)), first.map((v, i) => Math.max(v, second[i]!))];
}

/** Byte of a block where its float16 scale begins. */
export function scaleOffset(type: GgufType): number {
  if (type === 'q2_k') return 80;
  if (type === 'q3_k') return 108;
  return type === 'q6_k' ? 208 : 0;
}

// --- 32 elements that share a scale and, q4_1 and q5_1, a minimum ---

/** Scale and codes of 32 numbers; `minimum` only of types that have one. */
function chooseFlat(x: Float32Array, type: FlatType): { scale: number; minimum: number; codes: number[] } {
  if (type === 'q8_0') {
    let most = 0;
    for (const v of x) most = Math.max(most, Math.abs(v));
    const scale = f(most / 127);
    const inverse = scale === 0 ? 0 : f(1 / scale);
    // C's roundf: halves away from zero.
    const codes = Array.from(x, (v) => bounded(Math.sign(v) * Math.floor(Math.abs(f(v * inverse)) + 0.5), -128, 127));
    return { scale, minimum: 0, codes };
  }
  const top = type === 'q4_0' || type === 'q4_1' ? 15 : 31;
  if (type === 'q4_0' || type === 'q5_0') {
    // The first number of the largest magnitude becomes the lowest code exactly.
    let most = 0;
    for (const v of x) if (Math.abs(v) > Math.abs(most)) most = v;
    const half = (top + 1) / 2;
    const scale = f(most / -half);
    const inverse = scale === 0 ? 0 : f(1 / scale);
    return { scale, minimum: 0, codes: Array.from(x, (v) => bounded(f(f(v * inverse) + (half + 0.5)), 0, top)) };
  }
  let [least, most] = [x[0]!, x[0]!];
  for (const v of x) [least, most] = [Math.min(least, v), Math.max(most, v)];
  const scale = f(f(most - least) / top);
  const inverse = scale === 0 ? 0 : f(1 / scale);
  const codes = Array.from(x, (v) => bounded(f(f(f(v - least) * inverse) + 0.5), 0, top));
  return { scale, minimum: least, codes };
}

function bounded(code: number, low: number, high: number): number {
  const whole = Number.isNaN(code) ? 0 : Math.trunc(code);
  return whole < low ? low : whole > high ? high : whole;
}

function packFlat(x: Float32Array, view: DataView, at: number, type: FlatType): void {
  const { scale, minimum, codes } = chooseFlat(x, type);
  view.setUint16(at, encodeHalf(scale), true);
  let to = at + 2;
  if (type === 'q8_0') {
    for (const [i, code] of codes.entries()) view.setInt8(to + i, code);
    return;
  }
  if (type === 'q4_1' || type === 'q5_1') {
    view.setUint16(to, encodeHalf(minimum), true);
    to += 2;
  }
  if (type === 'q5_0' || type === 'q5_1') {
    let fifth = 0;
    for (const [i, code] of codes.entries()) fifth |= (code >> 4) << i;
    view.setUint32(to, fifth >>> 0, true);
    to += 4;
  }
  for (let i = 0; i < 16; i += 1) view.setUint8(to + i, (codes[i]! & 15) | ((codes[i + 16]! & 15) << 4));
}

/** Writes the numbers of a block to `y`, and gives the codes that are stored for them. */
export function unpackFlat(view: DataView, at: number, y: Float32Array, type: FlatType): number[] {
  const codes: number[] = [];
  const scale = decodeHalf(view.getUint16(at, true));
  let start = at + 2;
  if (type === 'q8_0') {
    for (let i = 0; i < 32; i += 1) {
      codes.push(view.getInt8(start + i));
      y[i] = codes[i]! * scale + 0;
    }
    return codes;
  }
  const offset = type === 'q4_0' ? 8 : type === 'q5_0' ? 16 : 0;
  let minimum = 0;
  if (type === 'q4_1' || type === 'q5_1') {
    minimum = decodeHalf(view.getUint16(start, true));
    start += 2;
  }
  let fifth = 0;
  if (type === 'q5_0' || type === 'q5_1') {
    fifth = view.getUint32(start, true);
    start += 4;
  }
  for (let i = 0; i < 32; i += 1) {
    const byte = view.getUint8(start + (i & 15));
    const code = (i < 16 ? byte & 15 : byte >> 4) | (((fifth >>> i) & 1) << 4);
    codes.push(code);
    y[i] = f((code - offset) * scale) + minimum;
  }
  return codes;
}
