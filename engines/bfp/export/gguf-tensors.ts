import { ggufBlock } from '../../tensor/formats/blocks.ts';
import { encodeGguf } from '../../tensor/formats/gguf.ts';
import { decodeHalf, encodeHalf } from '../../tensor/formats/half.ts';
import { type Codes, codesOf, type QuantizedMatrix } from './codes.ts';
import { type GgufTensorType, ggufBytes } from './gguf.ts';

/** Data of a tensor for GGUF, and in which of its types it is. */
export interface GgufData {
  type: GgufTensorType;
  bytes: Uint8Array;
}

/** Elements of a row that share a scale in Q4_0 and Q8_0. */
const BLOCK = 32;

/**
 * A matrix in the type of GGUF that its format is, else in the narrowest that holds its numbers exactly: Q4_0 or Q8_0 where rows are whole blocks of 32 and
 * a block's numbers are small integers times a float16 (int4/32, bfp4/64, mxint8 ...), else float16, else float32.
 */
export function ggufData(matrix: QuantizedMatrix): GgufData {
  const { format, original, line, rowLength } = matrix;
  if (format.kind === 'gguf' && line % ggufBlock(format.type) === 0) {
    const bytes = encodeGguf(original, line, format.type);
    return { type: format.type.toUpperCase() as GgufTensorType, bytes };
  }
  if (rowLength % BLOCK === 0) {
    for (const type of ['Q4_0', 'Q8_0'] as const) {
      const codes = codesOf(matrix, BLOCK, type === 'Q4_0' ? 4 : 8);
      const bytes = codes?.symmetric ? blocks(type, codes) : undefined;
      if (bytes) return { type, bytes };
    }
  }
  return floats(matrix.values);
}

/** Numbers as float16 where each is one, else as float32. */
export function floats(values: Float32Array): GgufData {
  const halves = new Uint8Array(2 * values.length);
  const view = new DataView(halves.buffer);
  for (const [index, value] of values.entries()) {
    const bits = encodeHalf(value);
    if (!Object.is(decodeHalf(bits), value)) return { type: 'F32', bytes: singles(values) };
    view.setUint16(2 * index, bits, true);
  }
  return { type: 'F16', bytes: halves };
}

export function singles(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  return bytes;
}

/**
 * Blocks of ggml: a float16 scale, then codes. Q8_0: 32 signed bytes. Q4_0: 16 bytes, byte j with code j + 8 in its low half
 * and code j + 16 in its high one. Undefined where a scale is no float16.
 */
function blocks(type: 'Q4_0' | 'Q8_0', { codes, scales }: Codes): Uint8Array | undefined {
  const bytes = new Uint8Array(ggufBytes(type, [codes.length]));
  const view = new DataView(bytes.buffer);
  const size = bytes.length / scales.length;
  for (const [block, scale] of scales.entries()) {
    const bits = encodeHalf(scale);
    if (decodeHalf(bits) !== scale) return undefined;
    const at = block * size;
    view.setUint16(at, bits, true);
    for (let j = 0; j < BLOCK; j += 1) {
      const code = codes[block * BLOCK + j] ?? 0;
      if (type === 'Q8_0') view.setInt8(at + 2 + j, code - 128);
      else bytes[at + 2 + (j % 16)] = (bytes[at + 2 + (j % 16)] ?? 0) | (code << (j < 16 ? 0 : 4));
    }
  }
  return bytes;
}
