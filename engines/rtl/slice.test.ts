import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { slice } from './slice.ts';

const accepts = (value: unknown) => z.safeParse(slice.schema, value).success;

describe('the slice of the RTL lab', () => {
  it('accepts its defaults and its gallery', async () => {
    expect(accepts(slice.defaults)).toBe(true);
    for (const example of await slice.examples())
      expect([example.id, accepts(example.slice)]).toEqual([example.id, true]);
  });

  it('accepts files as text and as blobs', () => {
    const blob = { name: 'top.v', bytes: 3, sha256: '0'.repeat(64) };
    expect(accepts({ ...slice.defaults, files: [{ path: 'top.v', blob }] })).toBe(true);
    expect(accepts({ ...slice.defaults, files: [{ path: 'top.v', blob: { ...blob, sha256: 'abc' } }] })).toBe(false);
    expect(accepts({ ...slice.defaults, files: [{ path: 'top.v' }] })).toBe(false);
    expect(accepts({ ...slice.defaults, files: [{ path: '', text: '' }] })).toBe(false);
  });

  it('refuses what it does not know', () => {
    expect(accepts({ ...slice.defaults, flaten: true })).toBe(false);
    expect(accepts({ ...slice.defaults, task: 'pray' })).toBe(false);
    expect(accepts({ ...slice.defaults, parameters: { N: true } })).toBe(false);
  });
});
