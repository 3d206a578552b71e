import { unzipSync, zipSync } from 'fflate';
import { error, fail, ok, type Result } from '../../core/result.ts';

/** An array of numbers as NumPy writes them, row-major. */
export interface NpyArray {
  shape: number[];
  /** As in the file: "u1", "f4". */
  type: string;
  values: Float64Array;
}

const MAGIC = '\x93NUMPY';
/** More than this is beyond what a page can hold as numbers. */
const MOST_ELEMENTS = 2 ** 28;

/** By kind and bytes of an element; booleans are 0 and 1. */
const READERS: Record<string, (view: DataView, at: number, little: boolean) => number> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/**
 * A NPY file, versions 1 to 3 (NumPy, "The NPY format"): numbers and booleans of either byte order, rows or columns first.
 * 64-bit integers beyond 2^53 lose their last digits. Problems: no NPY file, element types that are no numbers, a file that
 * ends too soon.
 */
export function readNpy(bytes: Uint8Array, name: string): Result<NpyArray> {
  const bad = (what: string, remedy?: string) =>
    fail(error('npy.broken', `"${name}" ${what}.`, remedy, { file: name }));
  if (bytes.length < 12 || ascii(bytes, 0, 6) !== MAGIC) {
    return bad('is no NPY file', 'Write it with numpy.save or numpy.savez.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[6]! >= 2;
  const start = long ? 12 : 10;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > bytes.length) return bad('ends within its header', 'Copy it again: a part is missing.');
  const header = ascii(bytes, start, length);
  const type = /'descr'\s*:\s*'([<>|=])([a-zA-Z]\d+)'/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header);
  const sizes = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header);
  if (!sizes || !order) return bad('has a header that cannot be read', 'Write it with numpy.save or numpy.savez.');
  const read = type && READERS[type[2]!];
  if (!read) {
    const kinds = Object.keys(READERS).join(', ');
    return bad(
      'holds elements that are not plain numbers',
      `Convert it with astype; the types that are read are ${kinds}.`,
    );
  }
  const shape = sizes[1]!
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > MOST_ELEMENTS) return bad(`has ${count} elements, more than ${MOST_ELEMENTS}`, 'Take fewer samples.');
  const width = Number(type[2]!.slice(1));
  const from = start + length;
  if (from + count * width > bytes.length) {
    return bad(
      `ends too soon: ${shape.join(' x ')} elements of ${width} bytes do not fit`,
      'Copy it again: a part is missing.',
    );
  }
  const values = new Float64Array(count);
  const little = type[1] !== '>';
  for (let index = 0; index < count; index++) values[index] = read(view, from + index * width, little);
  return ok({ shape, type: type[2]!, values: order[1] === 'True' ? rowMajor(values, shape) : values });
}

/** Columns first to rows first. */
function rowMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  const turned = new Float64Array(values.length);
  const place = shape.map(() => 0);
  for (let index = 0; index < values.length; index++) {
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) at = at * shape[axis]! + place[axis]!;
    turned[index] = values[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]! += 1;
      if (place[axis]! < shape[axis]!) break;
      place[axis] = 0;
    }
  }
  return turned;
}

/** The arrays of an NPZ file by name. Problems: no zip file, entries that are no NPY files. */
export function readNpz(bytes: Uint8Array, name: string): Result<Map<string, NpyArray>> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, { filter: (file) => file.name.endsWith('.npy') });
  } catch {
    const what = `"${name}" is no NPZ file, or a part of it is missing.`;
    return fail(error('npz.broken', what, 'Write it with numpy.savez, and copy it whole.', { file: name }));
  }
  const arrays = new Map<string, NpyArray>();
  for (const [file, content] of Object.entries(files)) {
    const read = readNpy(content, `${name}: ${file}`);
    if (!read.ok) return read;
    arrays.set(file.slice(0, -'.npy'.length), read.value);
  }
  return ok(arrays);
}

/** An NPZ file of byte arrays, and of names as text, as `ownSamples` reads them. */
export function writeNpz(arrays: Record<string, { shape: number[]; bytes: Uint8Array }>): Uint8Array {
  const files = Object.entries(arrays).map(([name, { shape, bytes }]) => [`${name}.npy`, npy(shape, bytes)] as const);
  // One date for all, in the local time that zip files have: the same arrays give the same file, and so the same hash.
  return zipSync(Object.fromEntries(files), { level: 6, mtime: new Date(1980, 0, 1, 12) });
}

function npy(shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '|u1', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = `${dictionary.padEnd(length - 1)}\n`;
  const file = new Uint8Array(10 + length + bytes.length);
  file.set([0x93, ...[...'NUMPY'].map((letter) => letter.charCodeAt(0)), 1, 0, length % 256, Math.floor(length / 256)]);
  file.set(
    [...header].map((letter) => letter.charCodeAt(0)),
    10,
  );
  file.set(bytes, 10 + length);
  return file;
}

function ascii(bytes: Uint8Array, start: number, length: number): string {
  let text = '';
  for (const byte of bytes.subarray(start, start + length)) text += String.fromCharCode(byte);
  return text;
}
