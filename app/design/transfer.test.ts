import { strToU8, zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../engines/core/hash.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import { memoryBrowser, type ToySlice, toyDocument, toySlice } from './desk.fixture.ts';
import type { Desk } from './desk.ts';
import { fileName, importFile, packDesign, plainDesign } from './files.ts';
import { LONGEST_LINK, newDesign, openExample, openLink, shareLink } from './links.ts';
import { provideSlices } from './slices.ts';

const BASE = 'https://studio.example/app/';
const open = (desk: Desk) => desk.store.getState().design;
const codes = (desk: Desk) => desk.store.getState().notices.map(({ code }) => code);
const retitle = (desk: Desk, title: string) => desk.editDocument('Title', (document) => ({ ...document, title }));
const file = (bytes: Uint8Array | string, name = 'x.crossbar.zip') => new File([bytes as BlobPart], name);

let desk: Desk;
let blobs: Blobs;

function another(): { desk: Desk; blobs: Blobs } {
  const tab = memoryBrowser().tab();
  return { desk: tab, blobs: createBlobs(tab) };
}

beforeEach(() => {
  provideSlices(async (id) => (id === 'toy' ? toySlice : undefined));
  ({ desk, blobs } = another());
});

async function payload(): Promise<string> {
  const share = await shareLink(desk, BASE);
  const found = /^https:\/\/studio\.example\/app\/#\/toy\?d=(.+)$/.exec(share?.url ?? '');
  return decodeURIComponent(found?.[1] ?? '');
}

it('keeps a File as it is, and gives its bytes', async () => {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => index * 7);
  const ref = await blobs.putBlob('net.onnx', file(bytes, 'net.onnx'));
  expect(ref).toEqual({ name: 'net.onnx', bytes: bytes.length, sha256: sha256Hex(bytes) });
  expect(await blobs.readContent(ref.sha256)).toBeInstanceOf(Blob);
  expect(sha256Hex((await blobs.readBlob(ref.sha256))!)).toBe(ref.sha256);
});

describe('a share link', () => {
  it('opens in another browser as a new design with the same choices', async () => {
    await desk.createDesign(toyDocument('Mine', 'module mine; endmodule\n'));
    desk.setView('tab', 'log');
    const link = await payload();
    const other = another().desk;
    const opened = await openLink(other, 'toy', link);
    const { view: _, ...choices } = open(desk)!.document;
    expect(opened).toEqual({ ok: true, value: open(other)?.id });
    expect(open(other)?.document).toEqual(choices);
  });

  it('takes pending text with it', async () => {
    await desk.createDesign(toyDocument());
    const stop = desk.registerFlush(() => {
      stop();
      retitle(desk, 'Typed');
    });
    const other = another().desk;
    await openLink(other, 'toy', await payload());
    expect(open(other)?.document.title).toBe('Typed');
  });

  it('opened twice gives the untouched design again, and a new one once it was edited', async () => {
    await desk.createDesign(toyDocument());
    const link = await payload();
    const other = another().desk;
    await openLink(other, 'toy', link);
    const first = open(other)?.id;
    other.setView('tab', 'log');
    await other.closeDesign();
    await openLink(other, 'toy', link);
    expect(open(other)?.id).toBe(first);
    retitle(other, 'Edited');
    await openLink(other, 'toy', link);
    expect(open(other)?.id).not.toBe(first);
    expect((await other.listDesigns()).map(({ title }) => title).sort()).toEqual(['Edited', 'Toy']);
  });

  it('of an example is short, and stays so with an edit', async () => {
    await openExample(desk, 'toy', 'adder');
    expect(open(desk)?.origin).toEqual({ id: 'adder', version: 1 });
    const plain = await payload();
    desk.editSlice<ToySlice>('toy', 'Widen', (slice) => ({ ...slice, parameters: { width: 16 } }));
    const edited = await payload();
    const other = another().desk;
    await openLink(other, 'toy', edited);
    expect(open(other)?.document.slices.toy).toEqual(open(desk)?.document.slices.toy);
    expect(open(other)?.origin).toEqual({ id: 'adder', version: 1 });
    expect(edited.length).toBeLessThan(plain.length + 120);
  });

  it('is refused above eight kilobytes, with the file as the way out', async () => {
    let noise = '';
    for (let index = 0, seed = 1; index < 12_000; index++) {
      seed = (seed * 16_807) % 2_147_483_647;
      noise += String.fromCharCode(33 + (seed % 90));
    }
    await desk.createDesign(toyDocument('Long', noise));
    const share = await shareLink(desk, BASE);
    expect(share?.url).toBeUndefined();
    expect(share?.length).toBeGreaterThan(LONGEST_LINK);
    expect(share?.problem).toMatchObject({ code: 'link-too-long' });
    expect(share?.problem?.remedy).toContain('file');
  });

  it('that is cut off or changed is explained, and the open design stays', async () => {
    const id = await desk.createDesign(toyDocument());
    const link = await payload();
    for (const broken of [link.slice(0, -20), `${link.slice(0, 30)}A${link.slice(31)}`, 'nonsense']) {
      expect((await openLink(desk, 'toy', broken)).ok).toBe(false);
    }
    expect(open(desk)?.id).toBe(id);
    expect(desk.store.getState().notices.every(({ remedy }) => remedy)).toBe(true);
    expect(await desk.listDesigns()).toHaveLength(1);
  });

  it('of a newer version opens read-only, and travels on unchanged', async () => {
    const newer = { ...toyDocument('Future'), version: 99, extra: { of: 'a later time' } };
    await importFile(desk, blobs, file(JSON.stringify(newer)));
    const link = await payload();
    const other = another();
    expect((await openLink(other.desk, 'toy', link)).ok).toBe(true);
    expect(open(other.desk)).toMatchObject({ readOnly: { code: 'newer-version' }, document: { title: 'Future' } });
    const exported = await packDesign(other.desk, other.blobs, open(other.desk)!.id);
    expect(JSON.parse(new TextDecoder().decode(exported?.bytes))).toEqual(newer);
  });

  it('names the files that it cannot carry; they are asked for and checked', async () => {
    const ref = await blobs.putBlob('scene.bin', new Uint8Array(2_000_000).fill(7));
    await desk.createDesign({ ...toyDocument(), slices: { toy: { files: [], parameters: {}, blob: ref } } });
    const share = await shareLink(desk, BASE);
    expect(share?.problem).toMatchObject({ code: 'link-lacks-files' });
    const other = another();
    await openLink(other.desk, 'toy', await payload());
    const document = open(other.desk)!.document;
    expect(await other.blobs.missingBlobs(document)).toEqual([ref]);
    expect(await other.blobs.provideBlob(ref, new Uint8Array(2_000_000).fill(8))).toBe(false);
    expect(await other.blobs.missingBlobs(document)).toEqual([ref]);
    expect(await other.blobs.provideBlob(ref, new Uint8Array(2_000_000).fill(7))).toBe(true);
    expect(await other.blobs.missingBlobs(document)).toEqual([]);
  });
});

describe('an example', () => {
  it('opened twice is one design until it is edited', async () => {
    await Promise.all([openExample(desk, 'toy', 'adder'), openExample(desk, 'toy', 'adder')]);
    await openExample(desk, 'toy', 'adder');
    expect(await desk.listDesigns()).toHaveLength(1);
    retitle(desk, 'My adder');
    await openExample(desk, 'toy', 'adder');
    expect((await desk.listDesigns()).map(({ title }) => title)).toEqual(['Adder', 'My adder']);
  });

  it('that is not there is said not to be', async () => {
    expect((await openExample(desk, 'toy', 'nothing')).ok).toBe(false);
    expect((await newDesign(desk, 'nowhere', 'X')).ok).toBe(false);
    expect(codes(desk)).toEqual(['example-missing', 'lab-missing']);
    expect((await newDesign(desk, 'toy', 'New')).ok).toBe(true);
    expect(open(desk)?.document).toMatchObject({ title: 'New', slices: { toy: toySlice.defaults } });
  });
});

describe('a file', () => {
  it('brings a design and its blobs into another browser', async () => {
    const bytes = new Uint8Array(7000).map((_, index) => index);
    const ref = await blobs.putBlob('scene.bin', bytes);
    const id = await desk.createDesign({
      ...toyDocument('A/B: c?'),
      slices: { toy: { files: [], parameters: {}, blob: ref } },
    });
    const exported = (await packDesign(desk, blobs, id))!;
    expect(exported.name).toBe('A-B- c.crossbar.zip');
    const other = another();
    await importFile(other.desk, other.blobs, file(exported.bytes, exported.name));
    expect(open(other.desk)?.document).toEqual(open(desk)?.document);
    expect(await other.blobs.readBlob(ref.sha256)).toEqual(bytes);
    expect(codes(other.desk)).toEqual([]);
  });

  it('may be plain JSON, as the command line has it', async () => {
    const id = await desk.createDesign(toyDocument());
    desk.setView('tab', 'log');
    const plain = (await plainDesign(desk, id))!;
    const other = another();
    await importFile(other.desk, other.blobs, file(plain.bytes, plain.name));
    const { view: _, ...choices } = open(desk)!.document;
    expect(open(other.desk)?.document).toEqual(choices);
  });

  it('may leave out what the command line lets out, the title too', async () => {
    const least = { slices: { toy: { files: [{ path: 'a.v', text: 'module a; endmodule\n' }] } } };
    expect((await importFile(desk, blobs, file(JSON.stringify(least), 'least.json'))).ok).toBe(true);
    expect(open(desk)?.document).toMatchObject({ title: 'Untitled', lab: 'toy', slices: { toy: { parameters: {} } } });
    const [listed] = await desk.listDesigns();
    expect(listed).toMatchObject({ title: 'Untitled', lab: 'toy' });
    expect((await importFile(desk, blobs, file(JSON.stringify({ ...least, version: 99 }), 'newer.json'))).ok).toBe(
      true,
    );
    expect((await desk.listDesigns())[0]).toMatchObject({ title: 'Design', lab: 'toy' });
  });

  it('with mistakes is repaired, and every repair is said once', async () => {
    await importFile(
      desk,
      blobs,
      file(JSON.stringify({ lab: 'toy', title: 'T', slices: { toy: { wdith: 1 } } }), 'x.json'),
    );
    expect(open(desk)?.document.slices.toy).toEqual({ files: [], parameters: {} });
    expect(desk.store.getState().notices.map(({ what }) => what.includes('wdith'))).toEqual([true]);
  });

  it('of a newer version can be looked at, and comes out as it came in', async () => {
    const newer = { ...toyDocument('Future'), version: 99, extra: { of: 'a later time' } };
    const bytes = zipSync({ 'design.json': strToU8(JSON.stringify(newer)) }, { mtime: new Date(2001, 1, 1) });
    await importFile(desk, blobs, file(bytes));
    expect(open(desk)).toMatchObject({ readOnly: { code: 'newer-version' }, document: { title: 'Future' } });
    const id = open(desk)!.id;
    await desk.closeDesign();
    expect((await packDesign(desk, blobs, id))?.bytes).toEqual(bytes);
    const copy = await desk.duplicateDesign(id);
    expect((await packDesign(desk, blobs, copy!))?.bytes).toEqual(bytes);
  });

  it('that is no design is refused with a remedy, and nothing is made of it', async () => {
    const whole = (await packDesign(desk, blobs, await desk.createDesign(toyDocument())))!.bytes;
    const broken = [
      file(whole.slice(0, 50)),
      file('module top;', 'top.v'),
      file(new Uint8Array([0, 255, 3])),
      file('[1]', 'a.json'),
    ];
    for (const each of broken) {
      expect((await importFile(desk, blobs, each)).ok).toBe(false);
      const notice = desk.store.getState().notices.at(-1);
      expect(notice?.severity).toBe('error');
      expect(notice?.remedy).toBeTruthy();
    }
    expect(await desk.listDesigns()).toHaveLength(1);
  });

  it('has a name that every system takes', () => {
    expect(fileName('..\u0000a<b>|c\n ')).toBe('a-b-c');
    expect(fileName('///')).toBe('design');
  });
});

describe('blobs', () => {
  it('that no design names go after a week, and not before', async () => {
    let now = 0;
    const browser = memoryBrowser();
    const tab = browser.tab();
    const kept = createBlobs({ ...tab, environment: { ...tab.environment, now: () => now } });
    const used = await kept.putBlob('used', new Uint8Array([1]));
    const loose = await kept.putBlob('loose', new Uint8Array([2]));
    await tab.createDesign({ ...toyDocument(), slices: { toy: { files: [], parameters: {}, blob: used } } });
    now = 6 * 24 * 3600 * 1000;
    await kept.sweepBlobs();
    expect(await kept.readBlob(loose.sha256)).toBeDefined();
    now = 8 * 24 * 3600 * 1000;
    await kept.sweepBlobs();
    expect(await kept.readBlob(loose.sha256)).toBeUndefined();
    expect(await kept.readBlob(used.sha256)).toEqual(new Uint8Array([1]));
  });
});
