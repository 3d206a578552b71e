import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import { createRandom } from '../../core/random.ts';
import { decodeGguf, encodeGguf, ggufRange } from './gguf.ts';
import { GGUF } from './quantizer.fixture.ts';
import { GGUF_BLOCK_BYTES } from './stored-bits.ts';
import type { GgufType } from './types.ts';

/** 16 blocks of 256: ordinary weights, ties, zeros, one sign, outliers, small ones, constants. */
function weights(): Float32Array {
  const random = createRandom(1);
  const x = new Float32Array(256 * 16);
  for (let block = 0; block < 16; block += 1) {
    const kind = block % 8;
    for (let i = 0; i < 256; i += 1) {
      const n = random.normal();
      let v = n * 0.05;
      if (kind === 1) v = Math.round(n * 4) / 8;
      if (kind === 2) v = i % 64 < 32 ? 0 : n;
      if (kind === 3) v = Math.abs(n) * 0.3 + 0.1;
      if (kind === 4) v = i % 37 === 0 ? 40 * n : n * 0.01;
      if (kind === 5) v = n * 1e-4;
      if (kind === 6) v = -Math.abs(n);
      if (kind === 7) v = 0.25;
      x[256 * block + i] = v;
    }
  }
  return x;
}

/**
 * SHA-256 (first half) of the bytes that `quantize_row_*_ref` of ggml's `ggml-quants.c` (August 2026, compiled without fused
 * multiply-add) makes of these weights.
 */
const FROM_GGML: Record<GgufType, string> = {
  q4_0: '85c8b221b70bb3c263a630478eaa9aec',
  q4_1: '6b0eb0f57834a48f4b0daacf8b8c51a1',
  q5_0: '833e8da722af65e1f223c852fe7eb039',
  q5_1: '89001c9e4ea36eade2fe9b0888f1c371',
  q8_0: '9e7acb12bd310bfafa20af44ba7320ac',
  q2_k: 'f22cad6be710f90ba401aa4260f7de86',
  q3_k: '0424e6b9fd038ebd45a4e3a7bf9f4be4',
  q4_k: '269404b63d9b787e02362b2328c2fb57',
  q5_k: 'a29e7751bdea7696ef41758878a1e6d0',
  q6_k: 'ffc76405f9967b1f9b1d481b540ab6c5',
};

describe.each(GGUF)('%s', (type) => {
  const values = weights();
  const bytes = encodeGguf(values, values.length, type);

  it('has the bytes that ggml makes', () => {
    expect(sha256Hex(bytes).slice(0, 32)).toBe(FROM_GGML[type]);
  });

  it('lies within what its blocks can hold', () => {
    const [low, high] = ggufRange(bytes, 1, values.length, type);
    const numbers = decodeGguf(bytes, 1, values.length, type);
    expect([...numbers.keys()].filter((i) => !(numbers[i]! >= low[i]! && numbers[i]! <= high[i]!))).toEqual([]);
  });

  it('keeps rows apart, and fills short blocks', () => {
    const rows = encodeGguf(values.subarray(0, 600), 300, type);
    const blocks = type.endsWith('_k') ? 4 : 20;
    expect(rows.length).toBe(blocks * GGUF_BLOCK_BYTES[type]);
    const first = encodeGguf(values.subarray(0, 300), 300, type);
    expect(rows.subarray(0, first.length)).toEqual(first);
    expect(decodeGguf(rows, 2, 300, type).length).toBe(600);
  });

  it('turns a block with a number that is none into NaN, and no other', () => {
    const bad = values.slice(0, 512);
    bad[3] = Number.POSITIVE_INFINITY;
    const numbers = decodeGguf(encodeGguf(bad, 512, type), 1, 512, type);
    const block = type.endsWith('_k') ? 256 : 32;
    expect(numbers.subarray(0, block).every(Number.isNaN)).toBe(true);
    expect(numbers.subarray(block).every(Number.isFinite)).toBe(true);
  });
});

describe('blocks of 32', () => {
  it('hold what can be worked out by hand', () => {
    const values = Float32Array.from({ length: 32 }, (_, i) => (i === 5 ? -8 : i === 6 ? 3.5 : i === 21 ? 7.4 : 0));
    // q4_0: the extreme -8 sets the scale to 1 and is code 0; 3.5 + 8.5 is cut to 12: 4.
    const bytes = encodeGguf(values, 32, 'q4_0');
    expect([...bytes.subarray(0, 2)]).toEqual([0x00, 0x3c]);
    expect(bytes[2 + 5]).toBe(0xf0);
    const numbers = decodeGguf(bytes, 1, 32, 'q4_0');
    expect([numbers[5], numbers[6], numbers[21]]).toEqual([-8, 4, 7]);
  });
});
