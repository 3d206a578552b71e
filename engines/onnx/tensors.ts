import { bitsOf, isWhole } from './ops/element-types.ts';
import type { ElementType, Tensor, TensorData } from './types.ts';
import { unpackVarints } from './wire.ts';

/** How many elements a tensor has. */
export function elementCount(tensor: Pick<Tensor, 'shape'>): number {
  return tensor.shape.reduce((count, size) => count * size, 1);
}

/** Bytes of raw data for so many elements: 4-bit types hold two in a byte. */
export function rawBytes(type: ElementType, count: number): number {
  return Math.ceil((count * bitsOf(type)) / 8);
}

/** A half: 1 sign, 5 exponent, 10 fraction bits (IEEE 754 binary16). */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The nearest number with so many fraction bits, ties to even, and no exponent below `smallest` (IEEE 754 rounding to a
 * shorter format): 10 and -14 for float16.
 */
function nearest(value: number, fractionBits: number, smallest: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const word = new DataView(new ArrayBuffer(8));
  word.setFloat64(0, value);
  const exponent = Math.max(((word.getUint16(0) >> 4) & 0x7ff) - 1023, smallest);
  const unit = 2 ** (exponent - fractionBits);
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return (floor + (up ? 1 : 0)) * unit;
}

/** A number as an element of the type holds it: floats rounded, whole types cut off. */
export function asElement(value: number, type: ElementType | undefined): number {
  if (type === 'float32') return Math.fround(value);
  if (type === 'float16') {
    const half = nearest(value, 10, -14);
    return Math.abs(half) > 65504 ? Math.sign(half) * Number.POSITIVE_INFINITY : half;
  }
  if (type === 'bfloat16') return nearest(Math.fround(value), 7, -126);
  // No negative zero among whole numbers.
  return isWhole(type) ? Math.trunc(value) + 0 : value;
}

/** An 8-bit float of the two OCP layouts; the "fnuz" forms have a bias one higher and no infinity or negative zero. */
export function float8ToNumber(bits: number, type: ElementType): number {
  const fractionBits = type.startsWith('float8e4m3') ? 3 : 2;
  const unsignedZero = type.endsWith('fnuz');
  const exponentBits = 7 - fractionBits;
  const bias = 2 ** (exponentBits - 1) - (unsignedZero ? 0 : 1);
  if (unsignedZero && bits === 0x80) return Number.NaN;
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits & 0x7f) >> fractionBits;
  const fraction = bits & (2 ** fractionBits - 1);
  if (type === 'float8e4m3fn' && (bits & 0x7f) === 0x7f) return Number.NaN;
  if (type === 'float8e5m2' && exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  const scale = 2 ** fractionBits;
  return exponent === 0
    ? sign * (fraction / scale) * 2 ** (1 - bias)
    : sign * (1 + fraction / scale) * 2 ** (exponent - bias);
}

const float4 = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

/**
 * Elements of raw little-endian data as numbers. 64-bit integers beyond 2^53 lose their last digits; complex numbers and
 * strings are none and give undefined.
 */
export function decodeRaw(type: ElementType, bytes: Uint8Array, count: number): Float64Array | undefined {
  if (type === 'string' || type.startsWith('complex')) return undefined;
  if (bytes.length < rawBytes(type, count)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readerOf(type, view);
  const values = new Float64Array(count);
  for (let index = 0; index < count; index += 1) values[index] = read(index);
  return values;
}

function readerOf(type: ElementType, view: DataView): (index: number) => number {
  const nibble = (index: number): number => (view.getUint8(index >> 1) >> (4 * (index & 1))) & 15;
  switch (type) {
    case 'float32':
      return (index) => view.getFloat32(4 * index, true);
    case 'float64':
      return (index) => view.getFloat64(8 * index, true);
    case 'float16':
      return (index) => halfToNumber(view.getUint16(2 * index, true));
    case 'bfloat16': {
      const word = new DataView(new ArrayBuffer(4));
      return (index) => {
        word.setUint32(0, view.getUint16(2 * index, true) << 16);
        return word.getFloat32(0);
      };
    }
    case 'int64':
      return (index) => Number(view.getBigInt64(8 * index, true));
    case 'uint64':
      return (index) => Number(view.getBigUint64(8 * index, true));
    case 'int32':
      return (index) => view.getInt32(4 * index, true);
    case 'uint32':
      return (index) => view.getUint32(4 * index, true);
    case 'int16':
      return (index) => view.getInt16(2 * index, true);
    case 'uint16':
      return (index) => view.getUint16(2 * index, true);
    case 'int8':
      return (index) => view.getInt8(index);
    case 'uint8':
      return (index) => view.getUint8(index);
    case 'bool':
      return (index) => (view.getUint8(index) ? 1 : 0);
    case 'int4':
      return (index) => (nibble(index) << 28) >> 28;
    case 'uint4':
      return nibble;
    case 'float4e2m1':
      return (index) => (nibble(index) & 8 ? -1 : 1) * (float4[nibble(index) & 7] ?? 0);
    default:
      return (index) => float8ToNumber(view.getUint8(index), type);
  }
}

/** Elements as protobuf packs them when they are not raw. */
export interface Packed {
  packed: Extract<TensorData, { in: 'file' }>['packed'];
  bytes: Uint8Array;
}

/** Whether elements of a type may be packed so: floats and doubles hold their own type and its complex form. */
export function packingFits(type: ElementType, packed: Packed['packed']): boolean {
  if (packed === 'float') return type === 'float32' || type === 'complex64';
  if (packed === 'double') return type === 'float64' || type === 'complex128';
  if (packed === 'strings') return type === 'string';
  return packed === 'raw' ? type !== 'string' : type !== 'string' && type !== 'float32' && type !== 'float64';
}

/**
 * Raw little-endian data from data packed otherwise, or from numbers read one by one; undefined where it is for another
 * number of elements. Varints hold small integers as such, and 16-bit floats and smaller types as their bits.
 */
export function packedToRaw(
  type: ElementType,
  data: Packed | readonly number[],
  count: number,
): Uint8Array | undefined {
  if ('packed' in data && !packingFits(type, data.packed)) return undefined;
  if ('packed' in data && data.packed !== 'varint') {
    return data.bytes.length === rawBytes(type, count) ? data.bytes : undefined;
  }
  const values = 'packed' in data ? unpackVarints(data.bytes) : data;
  // 4-bit elements come two in a number.
  const halves = bitsOf(type) === 4 ? 2 : 1;
  if (!values || values.length !== Math.ceil(count / halves) || type === 'string') return undefined;
  const width = Math.max(1, bitsOf(type) / 8);
  const raw = new Uint8Array(values.length * width);
  const view = new DataView(raw.buffer);
  for (const [index, value] of values.entries()) {
    // The greatest int64 has become 2^63 as a number.
    if (width === 8) view.setBigInt64(8 * index, value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value), true);
    else if (width === 4) view.setInt32(4 * index, value, true);
    else if (width === 2) view.setInt16(2 * index, value, true);
    else view.setInt8(index, value);
  }
  return raw;
}

/** Elements that are in memory; undefined for those of a file, which `readElements` fetches, and for strings. */
export function elementsAtHand(tensor: Tensor, most: number): number[] | undefined {
  const count = elementCount(tensor);
  if (tensor.data.in !== 'memory' || count > most) return undefined;
  const values = decodeRaw(tensor.type, tensor.data.bytes, count);
  return values && [...values];
}
