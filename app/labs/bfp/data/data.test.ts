import { describe, expect, it } from 'vitest';
import { readNpz } from '../../../../engines/bfp/data/npy.ts';
import { imagesByClass } from './classes.ts';
import { packImages, packPair, planesOf } from './pack.ts';

const file = new Blob(['x']);
const files = (...paths: string[]) => paths.map((path) => ({ path, file }));

function classesOf(...paths: string[]) {
  const found = imagesByClass(files(...paths));
  if (!found.ok) return found.problems[0]!.what;
  return { names: found.value.names, of: found.value.images.map(({ path, label }) => `${label} ${path}`) };
}

describe('images in folders', () => {
  it('are numbered by the sorted names of their folders, other files left out', () => {
    expect(
      classesOf(
        'pets/dog/2.png',
        'pets/cat/1.JPG',
        'pets/dog/1.webp',
        'pets/notes.txt',
        'pets/dog/.DS_Store',
        '__MACOSX/dog/1.png',
      ),
    ).toEqual({ names: ['cat', 'dog'], of: ['0 pets/cat/1.JPG', '1 pets/dog/1.webp', '1 pets/dog/2.png'] });
  });

  it('of folders that are numbers have these as classes, though some are missing', () => {
    expect(classesOf('d/10/a.png', 'd/2/a.png')).toEqual({
      names: Array.from({ length: 11 }, (_, index) => `${index}`),
      of: ['2 d/2/a.png', '10 d/10/a.png'],
    });
  });

  it('are told where they are none, or in no folder, or of too many classes', () => {
    expect(classesOf('a/readme.md')).toMatch(/no images/);
    expect(classesOf('a/b.png', 'c.png')).toMatch(/c\.png lies in no folder/);
    expect(classesOf('d/500/a.png')).toMatch(/501 classes/);
  });

  it('become planes: grey by the eye, or red, green and blue', () => {
    const rgba = Uint8ClampedArray.of(255, 0, 0, 255, 10, 20, 30, 255);
    expect([...planesOf(rgba, 1)]).toEqual([76, 18]);
    expect([...planesOf(rgba, 3)]).toEqual([255, 10, 0, 20, 0, 30]);
  });

  it('do not go with a model that takes no pictures', async () => {
    const packed = await packImages(files('a/b.png'), [1, 784], () => {});
    expect(!packed.ok && packed.problems[0]!.what).toMatch(/takes 784, which is no picture/);
  });
});

describe('two NPY files', () => {
  it('are told apart by their names', async () => {
    const npy = (value: number) => {
      const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }\n";
      return new Blob([
        Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0),
        header,
        Uint8Array.of(value),
      ]);
    };
    const packed = await packPair([
      { path: 'train_y.npy', file: npy(1) },
      { path: 'display.npy', file: npy(7) },
    ]);
    const read = packed.ok ? readNpz(packed.value, 'own.npz') : undefined;
    if (!read?.ok) throw new Error('not read');
    expect([...read.value].map(([name, { values }]) => [name, values[0]])).toEqual([
      ['x', 7],
      ['y', 1],
    ]);
    const unclear = await packPair([
      { path: 'one.npy', file },
      { path: 'two.npy', file },
    ]);
    expect(!unclear.ok && unclear.problems[0]!.code).toBe('npy-pair');
  });
});
