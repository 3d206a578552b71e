import fc from 'fast-check';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../core/hash.ts';
import { blobsOf } from './blobs.ts';
import { pack, unpack } from './pack.ts';
import type { BlobRef, DesignDocument } from './types.ts';

const weights = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
const scene = strToU8('scene');

function refOf(name: string, bytes: Uint8Array): BlobRef {
  return { name, bytes: bytes.length, sha256: sha256Hex(bytes) };
}

const refs = { weights: refOf('w.bin', weights), scene: refOf('scene.txt', scene) };
const document: DesignDocument = {
  version: 1,
  madeWith: 'x',
  title: 'Ünit',
  seed: 1,
  lab: 'toy',
  slices: { toy: { model: refs.weights, files: [{ path: 's', blob: refs.scene }] }, other: { again: refs.weights } },
};
const store = new Map([
  [refs.weights.sha256, weights],
  [refs.scene.sha256, scene],
]);
const readBlob = async (sha256: string) => store.get(sha256);

function problemOf(bytes: Uint8Array): string | undefined {
  const result = unpack(bytes);
  return result.ok ? undefined : result.problems[0]?.code;
}

describe('pack and unpack', () => {
  it('carry a design and each of its blobs once', async () => {
    const bytes = await pack(document, readBlob);
    expect(Object.keys(unzipSync(bytes)).sort()).toEqual(
      ['design.json', `blobs/${refs.weights.sha256}`, `blobs/${refs.scene.sha256}`].sort(),
    );
    expect(unpack(bytes)).toEqual({
      ok: true,
      value: {
        document,
        blobs: [
          { ref: refs.weights, bytes: weights },
          { ref: refs.scene, bytes: scene },
        ],
        missing: [],
      },
    });
  });

  it('give the same bytes for the same design, whatever the order of its keys', async () => {
    const { slices, ...rest } = document;
    const turned = { slices: { other: slices.other, toy: slices.toy }, ...rest } as DesignDocument;
    expect(await pack(turned, readBlob)).toEqual(await pack(document, readBlob));
  });

  it('export a design whose blob is not there, and name it on opening', async () => {
    const bytes = await pack(document, async (sha256) => (sha256 === refs.scene.sha256 ? scene : undefined));
    const result = unpack(bytes);
    expect(result.ok && result.value.missing).toEqual([refs.weights]);
    expect(result.ok && result.value.blobs).toHaveLength(1);
  });

  it('refuse a blob that is not what its hash says', () => {
    const json = strToU8(JSON.stringify(document));
    const forged = zipSync({ 'design.json': json, [`blobs/${refs.scene.sha256}`]: strToU8('SCENE') });
    expect(problemOf(forged)).toBe('blob-damaged');
  });

  it('read plain JSON as a design without blobs', () => {
    const result = unpack(strToU8(JSON.stringify({ lab: 'toy', slices: {} })));
    expect(result).toEqual({ ok: true, value: { document: { lab: 'toy', slices: {} }, blobs: [], missing: [] } });
  });

  it('name what is wrong with a file that is none of these', async () => {
    const bytes = await pack(document, readBlob);
    expect(problemOf(bytes.subarray(0, bytes.length - 30))).toBe('pack-broken');
    expect(problemOf(zipSync({ 'top.v': strToU8('module') }))).toBe('not-a-pack');
    expect(problemOf(Uint8Array.of(0x89, 0x50, 0x00, 0xff))).toBe('not-a-pack');
    const result = unpack(strToU8('{\n  "lab": "rtl",\n  oops\n}'));
    expect(result.ok ? [] : result.problems).toMatchObject([{ code: 'not-json', where: { line: 3, column: 3 } }]);
    expect(problemOf(strToU8('{"a":'))).toBe('not-json');
  });

  it('refuse a bomb before it is inflated', () => {
    const bomb = zipSync({ 'design.json': new Uint8Array(2 ** 26 + 1) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(problemOf(bomb)).toBe('pack-too-large');
  });

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, asZip) => {
        unpack(asZip ? Uint8Array.of(0x50, 0x4b, ...bytes) : bytes);
      }),
    );
  });
});

describe('blobsOf', () => {
  it('takes exactly the form of a blob for one', () => {
    const near = [
      { ...refs.scene, extra: 1 },
      { name: 'x', bytes: -1, sha256: refs.scene.sha256 },
      { name: 'x', bytes: 1 },
    ];
    expect(blobsOf({ ...document, slices: { toy: near } })).toEqual([]);
  });
});
