import { describe, expect, it } from 'vitest';
import type { BlobRef } from '../../../../engines/document/types.ts';
import { decodeText, FILE_LIMIT, settle, TEXT_LIMIT, takeIn } from './intake.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function store() {
  const kept = new Map<string, Uint8Array>();
  const put = async (name: string, data: Uint8Array): Promise<BlobRef> => {
    kept.set(name, data);
    return { name, bytes: data.length, sha256: `hash of ${name}` };
  };
  return { kept, put };
}

describe('files from outside', () => {
  it('are read as text, with Windows line ends made plain', async () => {
    const { files, added, problems } = await takeIn(
      [],
      [{ path: 'top.v', bytes: bytes('module m;\r\nendmodule\r\n') }],
      store().put,
    );
    expect(files).toEqual([{ path: 'top.v', text: 'module m;\nendmodule\n' }]);
    expect(added).toEqual(['top.v']);
    expect(problems).toEqual([]);
  });

  it('are refused when binary, and what was there stays', async () => {
    const present = [{ path: 'logo.v', text: 'module logo; endmodule' }];
    const png = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13]);
    const { files, added, problems } = await takeIn(present, [{ path: 'logo.v', bytes: png }], store().put);
    expect(files).toEqual(present);
    expect(added).toEqual([]);
    expect(problems.map((p) => [p.code, p.where?.file])).toEqual([['not-text', 'logo.v']]);
  });

  it('of an older encoding are read and said so', () => {
    expect(decodeText(new Uint8Array([47, 47, 32, 233]))).toEqual({ text: '// é', legacy: true });
    expect(decodeText(new Uint8Array([1, 2, 3, 4, 5]))).toBeUndefined();
    expect(decodeText(new Uint8Array(0))).toEqual({ text: '', legacy: false });
  });

  it('of 5 MB are kept beside the design', async () => {
    const { kept, put } = store();
    const large = bytes(`module m;\n${'// filler\n'.repeat(500_000)}endmodule\n`);
    const { files, problems } = await takeIn(
      [{ path: 'a.v', text: 'module a; endmodule' }],
      [{ path: 'big.v', bytes: large }],
      put,
    );
    expect(files[0]).toEqual({ path: 'a.v', text: 'module a; endmodule' });
    expect(files[1]).toEqual({ path: 'big.v', blob: { name: 'big.v', bytes: large.length, sha256: 'hash of big.v' } });
    expect(kept.get('big.v')?.length).toBe(large.length);
    expect(problems.map((p) => p.code)).toEqual(['kept-beside']);
  });

  it('past the limit are refused by name', async () => {
    const { files, problems } = await takeIn(
      [],
      [{ path: 'huge.v', bytes: new Uint8Array(FILE_LIMIT + 1).fill(32) }],
      store().put,
    );
    expect(files).toEqual([]);
    expect(problems[0]?.what).toMatch(/huge\.v.*33\.6 MB/);
  });

  it('replace a file of the same path and say that undo helps', async () => {
    const { files, problems } = await takeIn(
      [{ path: 'a.v', text: 'old' }],
      [{ path: 'a.v', bytes: bytes('new') }],
      store().put,
    );
    expect(files).toEqual([{ path: 'a.v', text: 'new' }]);
    expect(problems.map((p) => p.code)).toEqual(['file-replaced']);
  });

  it('with blanks in their name get one that a script can hold', async () => {
    const { files, problems } = await takeIn([], [{ path: 'my core/the alu.v', bytes: bytes('x') }], store().put);
    expect(files[0]?.path).toBe('my_core/the_alu.v');
    expect(problems.map((p) => p.code)).toEqual(['file-renamed']);
  });
});

describe('text above the limit', () => {
  it('moves out largest first, and only as much as it must', async () => {
    const half = 'x'.repeat(TEXT_LIMIT / 2);
    const files = [
      { path: 'small.v', text: 'y' },
      { path: 'one.v', text: half },
      { path: 'two.v', text: `${half}x` },
    ];
    const settled = await settle(files, store().put);
    expect(settled.map((file) => ('blob' in file ? 'blob' : 'text'))).toEqual(['text', 'text', 'blob']);
    const fits = files.slice(0, 1).concat({ path: 'b.v', text: 'x'.repeat(TEXT_LIMIT - 1) });
    expect(await settle(fits, store().put)).toEqual(fits);
  });
});
