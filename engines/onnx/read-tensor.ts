import type { ByteSource } from '../core/byte-source.ts';
import { elementTypeOf } from './ops/element-types.ts';
import { greatestRank } from './ops/facts.ts';
import { packedToRaw, packingFits, rawBytes } from './tensors.ts';
import type { ElementType, Tensor, TensorData } from './types.ts';
import { type Field, Malformed, type WireReader } from './wire.ts';

/** Tensors up to this size are read at once: shapes, axes and scales among them decide the shapes of others. */
const smallBytes = 1024;
/** Data in several pieces is put together up to this size. */
const mostPieces = 64 * 1024;

type Packing = Extract<TensorData, { in: 'file' }>['packed'];

/** Fields of TensorProto that hold elements (onnx.proto). */
const packings: Readonly<Record<number, Packing>> = {
  4: 'float',
  5: 'varint',
  6: 'strings',
  7: 'varint',
  9: 'raw',
  10: 'double',
  11: 'varint',
};

interface Piece {
  packed: Packing;
  start: number;
  length: number;
  /** Varints written one by one: their value. */
  value?: number;
}

/** Files that lie beside the model and hold its external data, by the location that the model names. */
export type Beside = ReadonlyMap<string, ByteSource>;

/** A TensorProto, of which only dimensions, type, name and small data are read: the rest is named by its place. */
export async function readTensor(wire: WireReader, field: Field, what: string, beside: Beside): Promise<Tensor> {
  wire.expect(field, 'bytes', what);
  const shape: number[] = [];
  const pieces: Piece[] = [];
  const external: Record<string, string> = Object.create(null);
  let name = '';
  let number = 0;
  let isExternal = false;
  await wire.message(field.start, field.start + field.length, (part) => {
    const packed = packings[part.number];
    if (packed) {
      const last = pieces.at(-1);
      // Strings are a field each: together they are one region, read when they are wanted.
      if (packed === 'strings' && last?.packed === 'strings') last.length = part.start + part.length - last.start;
      else if (pieces.length < mostPieces) {
        pieces.push({
          packed,
          start: part.start,
          length: part.length,
          value: part.type === 'varint' ? part.value : undefined,
        });
      } else throw new Malformed(`At byte ${part.start}, ${what} has its data in more than ${mostPieces} pieces.`);
      return undefined;
    }
    switch (part.number) {
      case 1:
        return wire.numbers(part, `a dimension of ${what}`, 10 * greatestRank).then((sizes) => {
          shape.push(...sizes);
          if (shape.length > greatestRank)
            throw new Malformed(`At byte ${part.start}, ${what} has a rank over ${greatestRank}.`);
        });
      case 2:
        number = wire.number(part, `the type of ${what}`);
        return undefined;
      case 8:
        return wire.text(part, `the name of ${what}`).then((text) => {
          name = text;
        });
      case 13:
        return readEntry(wire, part, external);
      case 14:
        isExternal = wire.number(part, `the data location of ${what}`) === 1;
        return undefined;
      default:
        return undefined;
    }
  });
  const title = name ? `The tensor "${name}"` : `The tensor at byte ${field.start}`;
  const type = elementTypeOf(number);
  if (!type) {
    throw new Malformed(`${title} has elements of kind ${number}, which is none of ONNX.`, {
      code: 'onnx.element-type',
    });
  }
  let count = 1;
  for (const size of shape) {
    if (!(Number.isSafeInteger(size) && size >= 0))
      throw new Malformed(`${title} has a size of ${size}.`, { code: 'onnx.size' });
    count *= size;
  }
  if (!Number.isSafeInteger(count))
    throw new Malformed(`${title} has ${count} elements, more than can be.`, { code: 'onnx.size' });
  const tensor = { name, type, shape };
  if (isExternal) return { ...tensor, data: await readExternal(external, type, count, title, beside) };
  return { ...tensor, data: await readData(wire, pieces, type, count, title) };
}

async function readEntry(wire: WireReader, field: Field, into: Record<string, string>): Promise<void> {
  wire.expect(field, 'bytes', 'an entry of external data');
  let key = '';
  let value = '';
  await wire.message(field.start, field.start + field.length, (part) =>
    part.number === 1 || part.number === 2
      ? wire.text(part, 'an entry of external data').then((text) => {
          if (part.number === 1) key = text;
          else value = text;
        })
      : undefined,
  );
  into[key] = value;
}

async function readExternal(
  entries: Record<string, string>,
  type: ElementType,
  count: number,
  title: string,
  beside: Beside,
): Promise<TensorData> {
  const location = entries.location ?? '';
  const offset = Number(entries.offset ?? 0);
  const bytes = entries.length === undefined ? undefined : Number(entries.length);
  if (!location)
    throw new Malformed(`${title} has its data in another file and does not say which.`, { code: 'onnx.external' });
  if (!isSize(offset) || (bytes !== undefined && !isSize(bytes))) {
    throw new Malformed(`${title} has its data in "${location}" at an offset or of a length that is no number.`, {
      code: 'onnx.external',
    });
  }
  const wanted = rawBytes(type, count);
  const source = beside.get(location);
  if (source && type !== 'string' && wanted <= smallBytes && offset + wanted <= source.bytes) {
    return { in: 'memory', bytes: (await source.read(offset, wanted)).slice() };
  }
  return { in: 'external', location, offset, bytes };
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

async function readData(
  wire: WireReader,
  pieces: readonly Piece[],
  type: ElementType,
  count: number,
  title: string,
): Promise<TensorData> {
  const [first] = pieces;
  if (!first || (pieces.length === 1 && first.length === 0)) {
    return count === 0 ? { in: 'memory', bytes: new Uint8Array(0) } : { in: 'nowhere' };
  }
  if (pieces.some(({ packed }) => packed !== first.packed))
    throw new Malformed(`${title} has its data twice, in two forms.`);
  const { packed } = first;
  if (!packingFits(type, packed)) throw new Malformed(`${title} has ${type} elements written as ${packed}.`);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const wanted = rawBytes(type, count);
  if (packed !== 'varint' && packed !== 'strings' && length !== wanted) {
    throw new Malformed(`${title} needs ${wanted} bytes of data for its shape and has ${length}.`, {
      code: 'onnx.tensor-size',
      remedy: 'Export the model again: its weights are damaged.',
    });
  }
  if (pieces.length === 1 && first.value === undefined && (length > smallBytes || packed === 'strings')) {
    return { in: 'file', offset: first.start, bytes: length, packed };
  }
  if (length > mostPieces) throw new Malformed(`${title} has its data in ${pieces.length} pieces.`);
  const bytes = new Uint8Array(length);
  const values: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    if (piece.value !== undefined) values.push(piece.value);
    else {
      bytes.set(await wire.take(piece.start, piece.length), at);
      at += piece.length;
    }
  }
  const raw = values.length > 0 ? packedToRaw(type, values, count) : packedToRaw(type, { packed, bytes }, count);
  if (!raw)
    throw new Malformed(`${title} has data for another number of elements than its shape has (${count}).`, {
      code: 'onnx.tensor-size',
    });
  return { in: 'memory', bytes: raw };
}
