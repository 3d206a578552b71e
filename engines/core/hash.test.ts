import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hashValue, Sha256, sha256Hex } from './hash.ts';

describe('SHA-256', () => {
  it('is that of FIPS 180-4, at once and in pieces', () => {
    const abc = new TextEncoder().encode('abc');
    expect(sha256Hex(abc)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (pieces) => {
        const hash = new Sha256();
        for (const piece of pieces) hash.update(piece);
        expect(hash.hex()).toBe(createHash('sha256').update(Buffer.concat(pieces)).digest('hex'));
      }),
    );
  });
});

describe('hashValue', () => {
  it('does not see the order of keys, and sees everything else', () => {
    expect(hashValue({ a: 1, b: { c: 2, d: undefined } })).toBe(hashValue({ b: { c: 2 }, a: 1 }));
    const values = [{}, [], null, 0, '', false, { a: 1 }, { a: '1' }, { a: [1] }, [1, 2], [2, 1], Number.NaN, [null]];
    expect(new Set(values.map(hashValue)).size).toBe(values.length);
  });

  it('writes plain JSON that parses to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: [1, { z: 'é', a: null }], a: true })).toBe('{"a":true,"b":[1,{"a":null,"z":"é"}]}');
  });

  it('tells typed arrays apart by kind and content', () => {
    const values = [Uint8Array.of(1, 2), Int8Array.of(1, 2), Uint8Array.of(1, 3), [1, 2], Float32Array.of(1, 2)];
    expect(new Set(values.map(hashValue)).size).toBe(values.length);
    expect(hashValue(Float32Array.of(9, 1, 2).subarray(1))).toBe(hashValue(Float32Array.of(1, 2)));
  });
});
