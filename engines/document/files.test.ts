import { describe, expect, it } from 'vitest';
import { resolveFiles } from './files.ts';

const disk: Record<string, string | Uint8Array> = {
  'top.v': 'module top;\n',
  'bom.v': Uint8Array.of(0xef, 0xbb, 0xbf, 0x61),
  'binary.v': Uint8Array.of(0x61, 0x00),
  'latin.v': Uint8Array.of(0xe4),
};

async function read(path: string): Promise<string | Uint8Array> {
  const content = disk[path];
  if (content === undefined) throw new Error('no such file');
  return content;
}

const keep = async (name: string, content: Uint8Array) => ({
  name,
  bytes: content.length,
  sha256: `hash of ${content}`,
});

describe('resolveFiles', () => {
  it('makes a reference of a file that stands alone, whatever it holds', async () => {
    const slices = { pim: { model: { onnx: { file: 'nets/binary.v' } }, other: { file: 7 } } };
    disk['nets/binary.v'] = Uint8Array.of(0x61, 0x00);
    expect(await resolveFiles({ slices }, read, keep)).toEqual({
      ok: true,
      value: {
        slices: {
          pim: { model: { onnx: { name: 'binary.v', bytes: 2, sha256: 'hash of 97,0' } }, other: { file: 7 } },
        },
      },
    });
  });

  it('puts the text where a file is named, anywhere in the slices and nowhere else', async () => {
    const files = [
      { path: 'a.v', file: 'top.v' },
      { path: 'b.v', text: 'x' },
      { file: 'bom.v', deep: [{ path: 'c.v', file: 'top.v' }] },
    ];
    const document = { lab: 'rtl', file: 'top.v', slices: { rtl: { files, file: 3 } }, view: { file: 'top.v' } };
    expect(await resolveFiles(document, read, keep)).toEqual({
      ok: true,
      value: {
        ...document,
        slices: {
          rtl: {
            files: [
              { path: 'a.v', text: 'module top;\n' },
              { path: 'b.v', text: 'x' },
              { text: 'a', deep: [{ path: 'c.v', text: 'module top;\n' }] },
            ],
            file: 3,
          },
        },
      },
    });
  });

  it('reports every file that cannot be read, at its place', async () => {
    const files = [{ file: 'gone.v' }, { path: 'b', file: 'binary.v' }, { path: 'l', file: 'latin.v' }];
    const result = await resolveFiles({ slices: { rtl: { files } } }, read, keep);
    expect(result.ok ? [] : result.problems).toMatchObject([
      {
        code: 'file-unreadable',
        what: expect.stringContaining('no such file'),
        where: { path: 'slices.rtl.files.0.file' },
      },
      { code: 'file-not-text', where: { path: 'slices.rtl.files.1.file' } },
      { code: 'file-not-text', where: { path: 'slices.rtl.files.2.file' } },
    ]);
  });

  it('leaves to restore what is no document', async () => {
    for (const value of [null, 3, [], { slices: 4 }])
      expect(await resolveFiles(value, read, keep)).toEqual({ ok: true, value });
  });
});
