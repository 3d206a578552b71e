import { describe, expect, it } from 'vitest';
import { estimateBytes, keyOf, ResultCache } from './cache.ts';

describe('the key of a run', () => {
  const run = { engineVersion: '1', entry: 'rtl/check' as const, spec: { a: 1, b: [1, 2] }, seed: 7 };

  it('is the same for the same run, however its fields are ordered', async () => {
    expect(await keyOf({ ...run, spec: { b: [1, 2], a: 1 } })).toBe(await keyOf(run));
  });

  it('differs when anything that can change the result differs', async () => {
    const keys = await Promise.all(
      [
        run,
        { ...run, engineVersion: '2' },
        { ...run, entry: 'rtl/synthesise' as const },
        { ...run, seed: 8 },
        { ...run, seed: undefined },
        { ...run, spec: { a: 1, b: [2, 1] } },
      ].map(keyOf),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the results kept', () => {
  it('are those used last, within the bytes', () => {
    const cache = new ResultCache(300);
    cache.set('a', 'A', 100);
    cache.set('b', 'B', 100);
    cache.set('c', 'C', 100);
    expect(cache.get('a')).toBe('A');
    cache.set('d', 'D', 150);
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.get('d')]).toEqual(['A', undefined, undefined, 'D']);
    expect(cache.bytes).toBe(250);
  });

  it('do not include one that is larger than all the room, nor count one twice', () => {
    const cache = new ResultCache(300);
    cache.set('a', 'A', 100);
    cache.set('big', 'B', 301);
    expect([cache.get('a'), cache.get('big')]).toEqual(['A', undefined]);
    cache.set('a', 'A again', 50);
    expect(cache.bytes).toBe(50);
  });
});

describe('the estimate of bytes', () => {
  it('counts buffers whole and text by its characters', () => {
    expect(estimateBytes(new Float32Array(1000))).toBeGreaterThanOrEqual(4000);
    expect(estimateBytes('x'.repeat(1000))).toBeGreaterThanOrEqual(2000);
    expect(estimateBytes({ text: 'x'.repeat(1000), list: [new Uint8Array(500)] })).toBeGreaterThanOrEqual(2500);
  });

  it('comes near for large things of like elements, though it looks at few', () => {
    const one = estimateBytes({ name: 'cell', bits: [1, 2, 3] });
    const cells = Array.from({ length: 20_000 }, () => ({ name: 'cell', bits: [1, 2, 3] }));
    const estimate = estimateBytes(cells);
    expect(estimate).toBeGreaterThan(0.9 * 20_000 * one);
    expect(estimate).toBeLessThan(1.3 * 20_000 * one);
    const byName = Object.fromEntries(cells.map((cell, index) => [`c${index}`, cell]));
    expect(estimateBytes(byName)).toBeGreaterThan(0.9 * 20_000 * one);
  });
});
