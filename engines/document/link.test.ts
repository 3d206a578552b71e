import { deflateSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../core/hash.ts';
import { type Address, parseAddress } from './address.ts';
import { fromBase64Url, toBase64Url } from './bytes.ts';
import { decodeLink, encodeLink } from './link.ts';
import { createRegistry } from './registry.ts';
import { newDocument, restore } from './restore.ts';
import { TOY_DEFAULTS, type ToySlice, toyRegistry, toySlice } from './toy.fixture.ts';
import type { DesignDocument } from './types.ts';

const registry = toyRegistry();
const adder = { id: 'adder', version: 1 };

function linkOf(hash: string): Extract<Address, { kind: 'link' }> {
  const address = parseAddress(hash);
  if (address.kind !== 'link') throw new Error(`${hash} is no link`);
  return address;
}

async function decoded(hash: string) {
  const result = await decodeLink(linkOf(hash), registry);
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

async function problem(payload: string, lab = 'toy') {
  const result = await decodeLink({ kind: 'link', lab, payload }, registry);
  if (result.ok) throw new Error('The link decodes.');
  expect(result.problems[0]?.remedy).toMatch(/\.$/);
  return result.problems[0]!;
}

/** The document of an example as the app opens it. */
async function fromExample(version: number): Promise<DesignDocument> {
  const example = (await toySlice.examples()).find((one) => one.version === version)!;
  const document = { ...newDocument('toy', example.slice, { title: example.title }), version: example.format ?? 1 };
  const restored = restore(document, registry);
  if (!restored.ok) throw new Error('The example is not sound.');
  return restored.value.document;
}

/** A payload of the present codec around any JSON. */
function payloadOf(value: unknown): string {
  const deflated = deflateSync(strToU8(typeof value === 'string' ? value : JSON.stringify(value)));
  return `1${toBase64Url(new Uint8Array([...sha256(deflated).subarray(0, 3), ...deflated]))}`;
}

const own: DesignDocument = {
  version: 3,
  madeWith: 'x',
  title: 'Zähler \u{1f600}',
  seed: 9,
  lab: 'toy',
  slices: { toy: { ...TOY_DEFAULTS, width: 5 }, other: { kept: [1, null] } },
};

describe('links of whole documents', () => {
  it('decode to the document, without the view unless it was asked for', async () => {
    const viewed = { ...own, view: { tab: 'log' } };
    const hash = await encodeLink(viewed, registry);
    expect(hash).toMatch(/^#\/toy\?d=1[A-Za-z0-9_-]+$/);
    expect(await decoded(hash)).toEqual({ document: own, findings: [] });
    expect((await decoded(await encodeLink(viewed, registry, undefined, { view: true }))).document).toEqual(viewed);
  });

  it('are restored: an older document is lifted, a newer one refused', async () => {
    const older = await decoded(`#/toy?d=${payloadOf({ ...own, version: 1, slices: { toy: { size: 4 } } })}`);
    expect(older.document.slices.toy).toEqual({ ...TOY_DEFAULTS, width: 4, mode: 'fast' });
    expect((await problem(payloadOf({ ...own, version: 4 }))).code).toBe('newer-version');
  });
});

describe('links of examples', () => {
  it('name an unedited example and nothing else', async () => {
    const document = await fromExample(2);
    const hash = await encodeLink(document, registry, { id: 'adder', version: 2 });
    expect(hash.length).toBeLessThan(150);
    expect(await decoded(hash)).toEqual({ document, findings: [], origin: { id: 'adder', version: 2 } });
  });

  it('carry only what was changed, of an example of an older form too', async () => {
    for (const version of [1, 2]) {
      const document = await fromExample(version);
      const slice = structuredClone(document.slices.toy) as ToySlice;
      const edited: DesignDocument = {
        ...document,
        title: 'Mine',
        seed: 5,
        slices: {
          toy: { ...slice, files: slice.files.slice(0, 1), parameters: { W: 3 }, limits: { cells: 1, depth: 2 } },
        },
      };
      const file = (edited.slices.toy as ToySlice).files[0] as { text: string };
      file.text = file.text.replace('endmodule', '  // changed\nendmodule');
      const hash = await encodeLink(edited, registry, { id: 'adder', version });
      expect(await decoded(hash)).toEqual({ document: edited, findings: [], origin: { id: 'adder', version } });
      expect(hash.length).toBeLessThan((await encodeLink(edited, registry)).length + 60);
    }
  });

  it('of an older document version still decode after the form has changed twice', async () => {
    const delta = [
      ['s', ['slices', 'toy', 'size'], 16],
      ['t', ['slices', 'toy', 'files', 0, 'text'], [[17, 5, '[15:0]']]],
    ];
    const hash = `#/toy?d=${payloadOf({ version: 1, madeWith: 'old', lab: 'toy', example: adder, delta })}`;
    const { document, findings } = await decoded(hash);
    expect(findings).toEqual([]);
    expect(document.slices.toy).toMatchObject({ width: 16, mode: 'fast' });
    const { files } = document.slices.toy as ToySlice;
    expect(files[0]).toHaveProperty('text', expect.stringContaining('module top(input [15:0] a, b'));
  });

  it("of an older document version are applied to the example in that version's form", async () => {
    const older = createRegistry({ version: 3 });
    const example = { id: 'adder', version: 1, title: 'A', about: '', slice: { size: 12 } as unknown as ToySlice };
    older.register({ ...toySlice, examples: async () => [example] });
    const delta = [['r', ['slices', 'toy', 'size']]];
    const payload = payloadOf({ version: 1, madeWith: 'old', lab: 'toy', example: adder, delta });
    const result = await decodeLink({ kind: 'link', lab: 'toy', payload }, older);
    expect(result.ok && result.value.document.slices.toy).toMatchObject({ width: TOY_DEFAULTS.width });
  });

  it('travel whole when their example is not there', async () => {
    const hash = await encodeLink(own, registry, { id: 'adder', version: 9 });
    expect(await decoded(hash)).toEqual({ document: own, findings: [] });
  });

  it('keep an unknown slice beside the example', async () => {
    const document = await fromExample(1);
    document.slices.other = { x: 1 };
    expect((await decoded(await encodeLink(document, registry, adder))).document).toEqual(document);
  });

  it('stay under 8 kB for an edit in a file far larger than that', async () => {
    let state = 1;
    const lines = Array.from({ length: 4000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return `  assign w${state} = ${state % 977};\n`;
    });
    const large = createRegistry({ version: 3 });
    const files = [{ path: 'top.v', text: lines.join('') }];
    const slice = { ...TOY_DEFAULTS, files };
    large.register({
      ...toySlice,
      examples: async () => [{ id: 'large', version: 1, title: 'L', about: '', format: 3, slice }],
    });
    const text = lines.with(10, '  // first\n').with(3990, '  // last\n').join('');
    const edited = {
      ...newDocument('toy', { ...slice, files: [{ path: 'top.v', text }] }, { title: 'L' }),
      version: 3,
    };
    const hash = await encodeLink(edited, large, { id: 'large', version: 1 });
    expect((await encodeLink(edited, large)).length).toBeGreaterThan(30_000);
    expect(hash.length).toBeLessThan(300);
    const back = await decodeLink(linkOf(hash), large);
    expect(back.ok && back.value.document).toEqual(edited);
  });
});

describe('broken links', () => {
  it('that are cut off say so, wherever they are cut', async () => {
    const { payload } = linkOf(await encodeLink(own, registry));
    for (let length = 0; length < payload.length - 1; length++) {
      expect((await problem(payload.slice(0, length))).code).toBe('link-truncated');
    }
    expect(['link-truncated', 'link-changed']).toContain((await problem(payload.slice(0, -1))).code);
  });

  it('that were changed by hand say so, whichever character it was', async () => {
    const { payload } = linkOf(await encodeLink(own, registry));
    for (let at = 1; at < payload.length; at++) {
      const other = payload[at] === 'A' ? 'Q' : 'A';
      const text = payload.slice(0, at) + other + payload.slice(at + 1);
      const result = await decodeLink({ kind: 'link', lab: 'toy', payload: text }, registry);
      // The last digit may hold bits that are not used.
      if (result.ok) expect([at, result.value.document]).toEqual([payload.length - 1, own]);
      else expect(result.problems[0]?.code).toMatch(/^link-(changed|truncated|too-large)$/);
    }
    expect((await problem(`${payload}.`)).what).toContain(`a "." at place ${payload.length + 1}`);
  });

  it('that were broken into lines are mended', async () => {
    const { payload } = linkOf(await encodeLink(own, registry));
    const result = await decodeLink(
      { kind: 'link', lab: 'toy', payload: `${payload.slice(0, 40)}\r\n ${payload.slice(40)}` },
      registry,
    );
    expect(result.ok).toBe(true);
  });

  it('of another form, another content, or another example say so', async () => {
    expect((await problem('2abcdef')).code).toBe('link-unknown-form');
    expect((await problem(payloadOf('not JSON'))).code).toBe('link-changed');
    expect((await problem(payloadOf([1, 2]))).code).toBe('not-a-design');
    const missing = await problem(payloadOf({ version: 3, lab: 'toy', example: { id: 'adder', version: 7 } }));
    expect(missing).toMatchObject({ code: 'example-missing', what: expect.stringContaining('"adder", version 7') });
    const newer = await problem(payloadOf({ version: 4, lab: 'toy', example: { id: 'adder', version: 7 } }));
    expect(newer.code).toBe('newer-version');
    for (const delta of [3, [3], [['s', 'x', 1]], [['t', ['slices'], []]], [['r', ['slices', 'toy', 'files', 9]]]]) {
      expect((await problem(payloadOf({ version: 1, lab: 'toy', example: adder, delta }))).code).toBe('link-changed');
    }
  });

  it('that would grow beyond all measure are refused', async () => {
    const bomb = payloadOf(`"${'a'.repeat(50_000_000)}"`);
    expect(bomb.length).toBeLessThan(100_000);
    expect((await problem(bomb)).code).toBe('link-too-large');
  });
});

describe('base64url', () => {
  it('is that of RFC 4648', () => {
    const text = (bytes: number[]) => toBase64Url(new Uint8Array(bytes));
    expect([[], [0x66], [0x66, 0x6f], [0x66, 0x6f, 0x6f], [0xfb, 0xff]].map(text)).toEqual([
      '',
      'Zg',
      'Zm8',
      'Zm9v',
      '-_8',
    ]);
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 97 + length) & 0xff);
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    }
    expect(fromBase64Url('A')).toBeUndefined();
    expect(fromBase64Url('A+')).toBeUndefined();
  });
});
