import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { readNpy, readNpz, writeNpz } from './npy.ts';

/** A file as NumPy writes it: magic, version, header padded to 64 bytes, elements. */
function npy(descr: string, shape: string, bytes: Uint8Array, { fortran = false, version = 1 } = {}): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }`;
  const length = Math.ceil((start + dictionary.length + 1) / 64) * 64 - start;
  const file = new Uint8Array(start + length + bytes.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, length & 255, length >> 8]);
  file.set(new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`), start);
  file.set(bytes, start + length);
  return file;
}

function bytesOf(size: number, count: number, write: (view: DataView, at: number, index: number) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * count));
  for (let index = 0; index < count; index++) write(view, index * size, index);
  return new Uint8Array(view.buffer);
}

function values(file: Uint8Array): number[] {
  const read = readNpy(file, 'x.npy');
  if (!read.ok) throw new Error(read.problems[0]!.what);
  return [...read.value.values];
}

function problem(file: Uint8Array): string {
  const read = readNpy(file, 'x.npy');
  return read.ok ? 'none' : read.problems[0]!.what;
}

describe('readNpy', () => {
  it('reads every type in both byte orders', () => {
    const numbers = [1, -2, 100];
    const cases: [string, number, (view: DataView, at: number, value: number, little: boolean) => void][] = [
      ['f4', 4, (view, at, value, little) => view.setFloat32(at, value, little)],
      ['f8', 8, (view, at, value, little) => view.setFloat64(at, value, little)],
      ['i2', 2, (view, at, value, little) => view.setInt16(at, value, little)],
      ['i4', 4, (view, at, value, little) => view.setInt32(at, value, little)],
      ['i8', 8, (view, at, value, little) => view.setBigInt64(at, BigInt(value), little)],
      ['i1', 1, (view, at, value) => view.setInt8(at, value)],
    ];
    for (const [type, size, write] of cases) {
      for (const order of ['<', '>']) {
        const bytes = bytesOf(size, 3, (view, at, index) => write(view, at, numbers[index]!, order === '<'));
        expect(values(npy(`${order}${type}`, '3,', bytes)), `${order}${type}`).toEqual(numbers);
      }
    }
    expect(values(npy('>u2', '2,', Uint8Array.of(1, 2, 255, 255)))).toEqual([258, 65535]);
    expect(values(npy('|u1', '2,', Uint8Array.of(7, 255)))).toEqual([7, 255]);
    expect(values(npy('|b1', '2,', Uint8Array.of(1, 0)))).toEqual([1, 0]);
    expect(
      values(
        npy(
          '<f4',
          '1,',
          bytesOf(4, 1, (view, at) => view.setFloat32(at, 0.1, true)),
          { version: 2 },
        ),
      ),
    ).toEqual([Math.fround(0.1)]);
  });

  it('turns columns first into rows first', () => {
    // numpy: asfortranarray(arange(24).reshape(2, 3, 4)) lies in memory as 0, 12, 4, 16, 8, 20, 1, 13 ...
    const order: number[] = [];
    for (let c = 0; c < 4; c++) for (let b = 0; b < 3; b++) for (let a = 0; a < 2; a++) order.push((a * 3 + b) * 4 + c);
    expect(order.slice(0, 8)).toEqual([0, 12, 4, 16, 8, 20, 1, 13]);
    const file = npy('|u1', '2, 3, 4', Uint8Array.from(order), { fortran: true });
    expect(values(file)).toEqual(Array.from({ length: 24 }, (_, index) => index));
  });

  it('says what is wrong with a file', () => {
    const good = npy('<f4', '2, 2', new Uint8Array(16));
    expect(problem(new Uint8Array(64))).toMatch(/no NPY file/);
    expect(problem(good.subarray(0, 40))).toMatch(/within its header/);
    expect(problem(good.subarray(0, good.length - 1))).toMatch(/2 x 2 elements of 4 bytes/);
    expect(problem(npy('<U7', '1,', new Uint8Array(28)))).toMatch(/not plain numbers/);
    expect(problem(npy('<c8', '1,', new Uint8Array(8)))).toMatch(/not plain numbers/);
    expect(problem(npy('<f4', '99999999, 99999999', new Uint8Array(4)))).toMatch(/elements, more than/);
  });

  it('answers with values or problems, whatever the bytes', () => {
    const good = npy('<i4', '5,', new Uint8Array(20));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, end) => {
        const broken = good.slice();
        broken[at] = byte;
        const read = readNpy(broken.subarray(0, end), 'x.npy');
        if (read.ok) expect(read.value.values.length).toBe(read.value.shape.reduce((all, size) => all * size, 1));
        else expect(read.problems[0]!.what).toMatch(/"x\.npy"/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('NPZ files', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it('are read as they were written, and are the same for the same arrays, wherever written', () => {
    const write = () =>
      writeNpz({
        x: { shape: [2, 1, 2], bytes: Uint8Array.of(1, 2, 3, 4) },
        y: { shape: [2], bytes: Uint8Array.of(0, 1) },
      });
    const here = write();
    for (const elsewhere of ['America/Los_Angeles', 'Asia/Tokyo', 'UTC']) {
      process.env.TZ = elsewhere;
      expect(write()).toEqual(here);
    }
    const read = readNpz(write(), 'own.npz');
    if (!read.ok) throw new Error(read.problems[0]!.what);
    expect([...read.value.keys()]).toEqual(['x', 'y']);
    expect(read.value.get('x')).toEqual({ shape: [2, 1, 2], type: 'u1', values: Float64Array.of(1, 2, 3, 4) });
  });

  it('that are none, or hold a broken array, are told', () => {
    const none = readNpz(new TextEncoder().encode('no zip at all'), 'own.npz');
    expect(!none.ok && none.problems[0]!.what).toMatch(/"own\.npz" is no NPZ file/);
    const broken = readNpz(zipSync({ 'x.npy': new Uint8Array(20) }), 'own.npz');
    expect(!broken.ok && broken.problems[0]!.what).toMatch(/"own\.npz: x\.npy" is no NPY file/);
  });
});
