import { createRandom } from '../../core/random.ts';
import { parseFormat } from './text.ts';
import type { NumberFormat } from './types.ts';

/** A format from its short form; a wrong one is a defect of the test. */
export function format(text: string): NumberFormat {
  const result = parseFormat(text);
  if (!result.ok) throw new Error(result.problems[0]!.what);
  return result.value;
}

const ROUNDED = [
  ...['bfp2/4', 'bfp3/32', 'bfp4e5/16', 'bfp6/7', 'bfp8/row', 'bfp14/tensor', 'bfp5/3x5', 'bfp12e6/8', 'bfp7/8'],
  ...['mxfp8e4m3', 'mxfp8e5m2', 'mxfp6e3m2', 'mxfp6e2m3', 'mxfp4', 'mxint8', 'mxint4', 'mxfp4/2x8', 'nvfp4'],
  ...['minifloat-e2m5/32', 'minifloat-e4m3/8', 'minifloat-e5m10/16', 'minifloat-e1m1/4x4'],
  ...['int4/64', 'int2/8', 'int8/row', 'uint4/32', 'uint8/3x7', 'uint2/5', 'int8/tensor'],
];

/** Every family with blocks of every kind, in every rounding; llama.cpp's types apart. */
export const FORMATS = [...ROUNDED.flatMap((text) => [text, `${text}^`, `${text}~`]), 'fp32', 'fp16', 'bf16'];

export const GGUF = ['q4_0', 'q4_1', 'q5_0', 'q5_1', 'q8_0', 'q2_k', 'q3_k', 'q4_k', 'q5_k', 'q6_k'] as const;

export const ROW = 37;

/** 48 rows of 37 with magnitudes of every kind: usual ones, all binades of float32, ties, zeros of both signs, NaN. */
export function tensor(seed: number): Float32Array<ArrayBuffer> {
  const random = createRandom(seed);
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  const values = new Float32Array(ROW * 48);
  for (let row = 0; row < 48; row += 1) {
    for (let column = 0; column < ROW; column += 1) {
      bits[0] = random.bits();
      let x = random.normal();
      if (row % 6 === 1) x = Math.round(x * 8) / 8;
      else if (row % 6 === 2) x = Math.abs(float[0]!) < 3e38 ? float[0]! : 0;
      else if (row % 6 === 3) x *= 2 ** (-149 + random.int(30));
      else if (row % 6 === 4) x = x * 0.02 + (column === 5 ? 900 : 0);
      if (random.int(40) === 0) x = random.int(2) === 0 ? 0 : -0;
      if (row === 9 && column === 11) x = Number.NaN;
      if (row === 10 && column === 30) x = Number.NEGATIVE_INFINITY;
      if (row === 24) x = 0;
      values[row * ROW + column] = x;
    }
  }
  return values;
}

/** Bits of float32 numbers, NaN always the same. */
export function bitsOf(values: Float32Array<ArrayBuffer>): Uint32Array {
  const bits = new Uint32Array(values.slice().buffer);
  values.forEach((x, i) => {
    if (Number.isNaN(x)) bits[i] = 0x7fc00000;
  });
  return bits;
}

/** The first elements in which two tensors differ by a bit (NaN equals NaN); a long list is quicker than `toEqual`. */
export function differences(left: Float32Array<ArrayBuffer>, right: Float32Array<ArrayBuffer>) {
  const [a, b] = [bitsOf(left), bitsOf(right)];
  const found: { i: number; left: number | undefined; right: number | undefined }[] = [];
  for (let i = 0; i < Math.max(a.length, b.length) && found.length < 5; i += 1) {
    if (a[i] !== b[i]) found.push({ i, left: left[i], right: right[i] });
  }
  return found;
}
