import type { ElementType } from '../types.ts';

/** TensorProto.DataType by number; onnx.proto of ONNX 1.20. */
const byNumber: readonly (ElementType | undefined)[] = [
  undefined,
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
];

export function elementTypeOf(number: number): ElementType | undefined {
  return byNumber[number];
}

export function numberOfElementType(type: ElementType | undefined): number {
  return type === undefined ? 0 : byNumber.indexOf(type);
}

const bits: Record<ElementType, number> = {
  float32: 32,
  float64: 64,
  float16: 16,
  bfloat16: 16,
  int4: 4,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint4: 4,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
  bool: 8,
  string: 0,
  complex64: 64,
  complex128: 128,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  float4e2m1: 4,
};

/** Bits of one element in raw data; 0 for strings, which have no fixed size. */
export function bitsOf(type: ElementType): number {
  return bits[type];
}

export function isWhole(type: ElementType | undefined): boolean {
  return type !== undefined && (/^u?int/.test(type) || type === 'bool');
}
