import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteSource } from '../core/byte-source.ts';
import { int64, weight } from './graph.fixture.ts';
import * as proto from './proto.fixture.ts';
import { readElements } from './read-elements.ts';
import { asElement, decodeRaw, float8ToNumber, halfToNumber, packedToRaw } from './tensors.ts';
import type { Tensor } from './types.ts';

describe('elements of tensors', () => {
  it('decodes halves of every kind', () => {
    const halves = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000, 0x3555];
    expect(halves.map(halfToNumber)).toEqual([1, -2, 2 ** -24, 65504, Number.POSITIVE_INFINITY, -0, 0.333251953125]);
    expect(halfToNumber(0x7e00)).toBeNaN();
  });

  it('rounds to halves and back without loss', () => {
    for (let bits = 0; bits < 0x7c00; bits += 7) {
      const value = halfToNumber(bits);
      expect(asElement(value, 'float16')).toBe(value);
    }
    // Halfway between two halves: the even one.
    expect(asElement(2049, 'float16')).toBe(2048);
    expect(asElement(2051, 'float16')).toBe(2052);
    expect(asElement(70000, 'float16')).toBe(Number.POSITIVE_INFINITY);
    expect(asElement(1.00390625, 'bfloat16')).toBe(1);
    expect(Object.is(asElement(-0.5, 'int64'), 0)).toBe(true);
  });

  it('decodes 8-bit floats by the tables of the OCP specification', () => {
    expect([0x08, 0x7e, 0x01, 0xb8].map((bits) => float8ToNumber(bits, 'float8e4m3fn'))).toEqual([
      2 ** -6,
      448,
      2 ** -9,
      -1,
    ]);
    expect([0x04, 0x7b, 0x01].map((bits) => float8ToNumber(bits, 'float8e5m2'))).toEqual([2 ** -14, 57344, 2 ** -16]);
    expect(float8ToNumber(0x7f, 'float8e4m3fnuz')).toBe(240);
    expect(float8ToNumber(0x80, 'float8e5m2fnuz')).toBeNaN();
  });

  it('decodes 4-bit integers, the low half of a byte first', () => {
    expect([...(decodeRaw('int4', Uint8Array.of(0x8f, 0x07), 3) ?? [])]).toEqual([-1, -8, 7]);
    expect([...(decodeRaw('uint4', Uint8Array.of(0x8f, 0x07), 3) ?? [])]).toEqual([15, 8, 7]);
    expect([...(decodeRaw('float4e2m1', Uint8Array.of(0x97), 2) ?? [])]).toEqual([6, -0.5]);
    expect(decodeRaw('int4', Uint8Array.of(1), 3)).toBeUndefined();
  });

  it('unpacks varints of any 64-bit integer', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n })), (values) => {
        const bytes = Uint8Array.from(values.flatMap((value) => proto.varint(value)));
        const raw = packedToRaw('int64', { packed: 'varint', bytes }, values.length);
        expect([...(decodeRaw('int64', raw ?? bytes, values.length) ?? [])]).toEqual(values.map(Number));
      }),
    );
    const greatest = Uint8Array.from(proto.varint(2n ** 63n - 1n));
    expect(packedToRaw('int64', { packed: 'varint', bytes: greatest }, 1)).toEqual(
      new Uint8Array(BigInt64Array.of(2n ** 63n - 1n).buffer),
    );
    expect(packedToRaw('int64', { packed: 'varint', bytes: greatest.subarray(0, 5) }, 1)).toBeUndefined();
    expect(packedToRaw('float32', { packed: 'varint', bytes: greatest }, 1)).toBeUndefined();
  });

  it('fetches a range from where the elements are', async () => {
    const file = new Uint8Array(100);
    file.set([0x21, 0x43, 0x65], 10);
    const nibbles: Tensor = {
      name: 'w',
      type: 'uint4',
      shape: [2, 3],
      data: { in: 'file', offset: 10, bytes: 3, packed: 'raw' },
    };
    const source = byteSource(file);
    const all = await readElements(nibbles, { model: source });
    expect(all.ok && [...all.value]).toEqual([1, 2, 3, 4, 5, 6]);
    const some = await readElements(nibbles, { model: source }, { start: 3, count: 2 });
    expect(some.ok && [...some.value]).toEqual([4, 5]);
    const memory = await readElements(int64('s', [7, 8, 9]), {}, { start: 1 });
    expect(memory.ok && [...memory.value]).toEqual([8, 9]);
    const outside: Tensor = { ...nibbles, data: { in: 'external', location: 'weights.bin', offset: 10 } };
    const beside = await readElements(outside, { beside: new Map([['weights.bin', source]]) });
    expect(beside.ok && [...beside.value]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('says which file is missing, and what is not there', async () => {
    const outside: Tensor = {
      name: 'w',
      type: 'int8',
      shape: [4],
      data: { in: 'external', location: 'big.bin', offset: 0 },
    };
    const code = async (...given: Parameters<typeof readElements>): Promise<string> => {
      const result = await readElements(...given);
      return result.ok ? 'ok' : `${result.problems[0]?.code}: ${result.problems[0]?.what}`;
    };
    expect(await code(outside)).toMatch(/^onnx.external-missing: .*"big.bin"/);
    const short = new Map([['big.bin', byteSource(new Uint8Array(3))]]);
    expect(await code(outside, { beside: short })).toMatch(/^onnx.tensor-size/);
    expect(await code(weight('w', [3]))).toMatch(/^onnx.no-weights/);
    expect(await code(weight('w', [3], 'string'))).toMatch(/^onnx.no-numbers/);
    const gone = { bytes: 9, read: () => Promise.reject(new DOMException('gone', 'NotReadableError')) };
    expect(await code(outside, { beside: new Map([['big.bin', gone]]) })).toMatch(/^onnx.unreadable: .*gone/);
  });
});
