import { blockAround, blockExtent, blockOf, lineLength } from '../../tensor/formats/blocks.ts';
import { encodeGguf } from '../../tensor/formats/gguf.ts';
import { decodeHalf } from '../../tensor/formats/half.ts';
import { scaleOf } from '../../tensor/formats/reference.ts';
import { GGUF_BLOCK_BYTES } from '../../tensor/formats/stored-bits.ts';
import type { NumberFormat } from '../../tensor/formats/types.ts';

/**
 * Numbers of a matrix as integer codes, exactly: (code - zero) times scale, in float32, is the number itself.
 */
export interface Codes {
  bits: number;
  /** Elements of a row that share a scale; the last group of a row may be shorter. */
  group: number;
  /** 0 to 2^bits - 1, rows x rowLength. */
  codes: Uint8Array;
  /** rows x groups of a row. */
  scales: Float32Array;
  /** The code of 0, rows x groups of a row. */
  zeros: Uint8Array;
  /** Every zero is 2^(bits - 1): codes are signed numbers with an offset. */
  symmetric: boolean;
}

/** A layer's weights in their format, and what they were before. */
export interface QuantizedMatrix {
  format: NumberFormat;
  /** In the format: rows x rowLength. */
  values: Float32Array;
  /** In float32. */
  original: Float32Array;
  rows: number;
  rowLength: number;
  /** Length of the lines that blocks are laid along. */
  line: number;
}

export function lineOf(layer: { channels: number; rowLength: number }, format: NumberFormat): number {
  return lineLength(layer.channels, layer.rowLength, blockOf(format));
}

/**
 * The numbers as codes of `bits` 2..8 with one scale for each `group` neighbours in a row, or undefined where they are not
 * exactly that. Integers, and llama.cpp's types without
 * a minimum, have the scales of their format. Of all others the scale is the largest power of two of which a
 * whole group are multiples, so that BFP, MXINT, and every format whose elements span few enough binades fits.
 */
export function codesOf(matrix: QuantizedMatrix, group: number, bits: number): Codes | undefined {
  const { values, rows, rowLength, format } = matrix;
  const scaleAt = format.kind === 'int' ? integerScales(matrix) : ggufScales(matrix);
  const perRow = Math.ceil(rowLength / group);
  const codes = new Uint8Array(values.length);
  const scales = new Float32Array(rows * perRow);
  const zeros = new Uint8Array(rows * perRow);
  const middle = 2 ** (bits - 1);
  let symmetric = true;
  for (let row = 0; row < rows; row += 1) {
    for (let place = 0; place < perRow; place += 1) {
      const column = place * group;
      const from = row * rowLength + column;
      const to = row * rowLength + Math.min(rowLength, column + group);
      const own = scaleAt?.(row, column) ?? { scale: commonStep(values, from, to), zero: undefined };
      // A group of zeros has any scale.
      const scale = own.scale === 0 ? 1 : own.scale;
      const zero = own.zero ?? middle;
      if (!Number.isFinite(scale)) return undefined;
      scales[row * perRow + place] = scale;
      zeros[row * perRow + place] = zero;
      symmetric &&= zero === middle;
      for (let index = from; index < to; index += 1) {
        const signed = Math.round((values[index] as number) / scale);
        const code = signed + zero;
        if (!(code >= 0 && code < 2 * middle) || Math.fround(signed * scale) !== values[index]) return undefined;
        codes[index] = code;
      }
    }
  }
  return { bits, group, codes, scales, zeros, symmetric };
}

/** The first of some ways to write the numbers that holds them exactly. */
export function firstCodes(
  matrix: QuantizedMatrix,
  ways: readonly (readonly [bits: number, group: number])[],
): Codes | undefined {
  for (const [bits, group] of ways) {
    const codes = codesOf(matrix, group, bits);
    if (codes) return codes;
  }
  return undefined;
}

type Scale = { scale: number; zero: number | undefined };

/** Scales and zero points that the integer format gave to its blocks; symmetric ones take the middle of the codes. */
function integerScales(matrix: QuantizedMatrix): (row: number, column: number) => Scale {
  const { format, original, rows, rowLength, line } = matrix;
  const block = blockOf(format) ?? 'tensor';
  const lines = (rows * rowLength) / line;
  const [height, width] = blockExtent(block, lines, line);
  const across = Math.ceil(line / width);
  const known = new Map<number, Scale>();
  return (row, column) => {
    const at = row * rowLength + column;
    const blockRow = Math.floor(Math.floor(at / line) / height);
    const blockColumn = Math.floor((at % line) / width);
    const key = blockRow * across + blockColumn;
    const found = known.get(key);
    if (found) return found;
    const elements = blockAround(block, lines, line, at).map((index) => original[index] as number);
    const { scale, zero } = scaleOf(Float32Array.from(elements), format, 0);
    const made = { scale, zero: format.kind === 'int' && format.symmetric ? undefined : zero };
    known.set(key, made);
    return made;
  };
}

/** Scales of the blocks of llama.cpp's types that are whole numbers times one; undefined for all others. */
function ggufScales({
  format,
  original,
  rowLength,
  line,
}: QuantizedMatrix): ((row: number, column: number) => Scale) | undefined {
  if (format.kind !== 'gguf' || !['q4_0', 'q5_0', 'q8_0'].includes(format.type)) return undefined;
  const bytes = encodeGguf(original, line, format.type);
  const view = new DataView(bytes.buffer);
  const perLine = Math.ceil(line / 32);
  return (row, column) => {
    const at = row * rowLength + column;
    const block = Math.floor(at / line) * perLine + Math.floor((at % line) / 32);
    return { scale: decodeHalf(view.getUint16(block * GGUF_BLOCK_BYTES[format.type], true)), zero: undefined };
  };
}

const words = new DataView(new ArrayBuffer(4));

/** The largest power of two of which all numbers of a range are whole multiples; 0 where all are zero, NaN beside NaN. */
function commonStep(values: Float32Array, from: number, to: number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let index = from; index < to; index += 1) {
    const value = values[index] as number;
    if (value === 0) continue;
    if (!Number.isFinite(value)) return Number.NaN;
    smallest = Math.min(smallest, lowestBit(value));
  }
  return smallest === Number.POSITIVE_INFINITY ? 0 : smallest;
}

/** The value of the lowest bit that is set in a float32. */
function lowestBit(value: number): number {
  words.setFloat32(0, value);
  const word = words.getUint32(0);
  const exponent = (word >>> 23) & 0xff;
  const fraction = (word & 0x7fffff) | (exponent === 0 ? 0 : 0x800000);
  const place = 31 - Math.clz32(fraction & -fraction);
  return 2 ** (Math.max(exponent, 1) - 150 + place);
}

/**
 * Codes as bytes, row after row, each row filled up to whole groups with its last group's zero. 4-bit codes lie two in a
 * byte, the first in the low half (com.microsoft.MatMulNBits).
 */
export function packCodes({ codes, group, bits, zeros }: Codes, rows: number, rowLength: number): Uint8Array {
  const perRow = Math.ceil(rowLength / group);
  const padded = perRow * group;
  const packed = new Uint8Array((rows * padded * bits) / 8);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < padded; column += 1) {
      const code =
        (column < rowLength ? codes[row * rowLength + column] : zeros[row * perRow + Math.floor(column / group)]) ?? 0;
      put(packed, row * padded + column, code, bits);
    }
  }
  return packed;
}

/** Zero points of the groups, packed as the codes are, each row begun with a new byte. */
export function packZeros({ zeros, bits }: Codes, rows: number): Uint8Array {
  const perRow = zeros.length / rows;
  const rowBytes = Math.ceil((perRow * bits) / 8);
  const packed = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const part = packed.subarray(row * rowBytes, (row + 1) * rowBytes);
    for (let place = 0; place < perRow; place += 1) put(part, place, zeros[row * perRow + place] ?? 0, bits);
  }
  return packed;
}

function put(into: Uint8Array, index: number, code: number, bits: number): void {
  if (bits === 8) into[index] = code;
  else into[index >> 1] = (into[index >> 1] ?? 0) | (code << (4 * (index & 1)));
}
