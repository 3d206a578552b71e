import { describe, expect, it } from 'vitest';
import { transferList } from './transfer.ts';

const big = 1 << 16;

describe('transferList', () => {
  it('finds large buffers wherever they are, each once', () => {
    const pixels = new Float32Array(big);
    const raw = new ArrayBuffer(big);
    const inMap = new Uint8Array(big);
    const value = { a: [1, { pixels, again: pixels.subarray(0) }], raw, map: new Map([['k', inMap]]) };
    expect(new Set(transferList(value))).toEqual(new Set([pixels.buffer, raw, inMap.buffer]));
    expect(transferList(value)).toHaveLength(3);
  });

  it('leaves small buffers, views on a part, and shared memory to be copied', () => {
    const memory = new Uint8Array(4 * big);
    const value = [new Uint8Array(100), memory.subarray(0, 2 * big), new Uint8Array(new SharedArrayBuffer(big))];
    expect(transferList(value)).toEqual([]);
  });

  it('ends on cycles and takes plain values', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(transferList(loop)).toEqual([]);
    for (const value of [undefined, null, 1, 'text']) expect(transferList(value)).toEqual([]);
  });
});
