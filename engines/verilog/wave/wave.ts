import type { StructInfo } from '../ir/types.ts';
import type { WaveSignal, WaveType } from './types.ts';

/** What a name in the list of waves stands for: a signal, an element of a memory, a field of a struct, or bits of a vector. */
export interface Wave {
  path: string;
  /** The last part of the path: `q`, `[3]`, `.opcode`. */
  name: string;
  signal: WaveSignal;
  /** -1: a memory as a whole, which has no value of its own. */
  trace: number;
  type: WaveType;
  width: number;
  /** Its lowest bit within the trace. */
  low: number;
  signed: boolean;
  /** Packed dimensions that are left to index, outermost first. */
  ranges: readonly { left: number; right: number }[];
  enumType?: number;
  structType?: number;
  /** Dimensions of a memory that are left to index, and its elements. */
  dims: readonly { left: number; right: number }[];
  /** Of a memory: the trace of its first element here. */
  firstTrace: number;
}

interface Range {
  left: number;
  right: number;
}

export function pathOf(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

export function waveOf(signal: WaveSignal, path: string): Wave {
  const { array } = signal;
  return {
    path,
    name: signal.name,
    signal,
    trace: array ? -1 : signal.trace,
    type: signal.type,
    width: signal.width,
    low: 0,
    signed: signal.signed ?? false,
    ranges: signal.ranges,
    enumType: signal.enumType,
    structType: signal.structType,
    dims: array?.dims ?? [],
    firstTrace: signal.trace,
  };
}

/** How many parts a wave can be opened into: elements of a memory, fields of a struct, parts of a vector. */
export function childCount(wave: Wave, structs: readonly StructInfo[]): number {
  const dim = wave.dims[0];
  if (dim) return sizeOf(dim);
  const fields = fieldsOf(wave, structs);
  if (fields) return fields.length;
  return wave.type === 'bits' && wave.width > 1 ? sizeOf(indexRange(wave)) : 0;
}

/** Part `index`, counted from the left of the declaration. */
export function childAt(wave: Wave, index: number, structs: readonly StructInfo[]): Wave | undefined {
  if (index < 0 || index >= childCount(wave, structs)) return undefined;
  const dim = wave.dims[0];
  if (dim) return element(wave, dim, index);
  const field = fieldsOf(wave, structs)?.[index];
  if (field) {
    return {
      ...wave,
      path: `${wave.path}.${field.name}`,
      name: `.${field.name}`,
      width: field.width,
      low: wave.low + field.offset,
      signed: field.signed,
      ranges: [],
      enumType: field.enumType,
      structType: field.structType,
    };
  }
  const range = indexRange(wave);
  const name = `[${range.left + (range.left <= range.right ? index : -index)}]`;
  const width = wave.ranges.length > 1 ? wave.width / sizeOf(range) : 1;
  const part = bits(wave, name, wave.low + wave.width - (index + 1) * width, width, wave.ranges.slice(1));
  // An element of a packed array of structs is a struct.
  return wave.structType !== undefined && structWidth(structs[wave.structType]) === width
    ? { ...part, structType: wave.structType }
    : part;
}

/** The part that a name's rest stands for: `[3]`, `[7:4]` or `.field`. */
export function childOf(wave: Wave, rest: string, structs: readonly StructInfo[]): Wave | undefined {
  if (rest.startsWith('.')) {
    const place = fieldsOf(wave, structs)?.findIndex(({ name }) => `.${name}` === rest);
    return place === undefined ? undefined : childAt(wave, place, structs);
  }
  const match = /^\[(-?\d+)(?::(-?\d+))?\]$/.exec(rest);
  if (!match) return undefined;
  const left = Number(match[1]);
  const right = match[2] === undefined ? left : Number(match[2]);
  const dim = wave.dims[0];
  if (dim) return match[2] === undefined ? element(wave, dim, placeIn(dim, left)) : undefined;
  if (wave.type !== 'bits') return undefined;
  const range = indexRange(wave);
  if (match[2] !== undefined && wave.ranges.length <= 1 && sameRange(range, { left, right })) return wave;
  const [from, to] = [placeIn(range, left), placeIn(range, right)];
  if (from < 0 || to < from) return undefined;
  if (match[2] === undefined) return childAt(wave, from, structs);
  const each = wave.ranges.length > 1 ? wave.width / sizeOf(range) : 1;
  const inner = [{ left, right }, ...wave.ranges.slice(1)];
  return bits(wave, rest, wave.low + wave.width - (to + 1) * each, (to - from + 1) * each, inner);
}

/** `[7:0]`, all packed dimensions; nothing for a scalar. */
export function rangeText(wave: Wave): string {
  return wave.ranges.map(({ left, right }) => `[${left}:${right}]`).join('');
}

/** The fields of a struct; nothing for an array of structs, which is indexed first. */
function fieldsOf(wave: Wave, structs: readonly StructInfo[]): StructInfo['fields'] | undefined {
  const struct = wave.structType === undefined ? undefined : structs[wave.structType];
  return struct && structWidth(struct) >= wave.width ? struct.fields : undefined;
}

function structWidth(struct: StructInfo | undefined): number {
  return struct?.fields.reduce((most, { offset, width }) => Math.max(most, offset + width), 0) ?? 0;
}

function element(wave: Wave, dim: Range, index: number): Wave | undefined {
  if (index < 0 || index >= sizeOf(dim)) return undefined;
  const rest = wave.dims.slice(1);
  const each = rest.reduce((product, next) => product * sizeOf(next), 1);
  const name = `[${dim.left + (dim.left <= dim.right ? index : -index)}]`;
  const firstTrace = wave.firstTrace + index * each;
  return {
    ...wave,
    path: wave.path + name,
    name,
    dims: rest,
    firstTrace,
    trace: rest.length === 0 ? firstTrace : -1,
  };
}

function bits(wave: Wave, name: string, low: number, width: number, ranges: readonly Range[]): Wave {
  return {
    ...wave,
    path: wave.path + name,
    name,
    low,
    width,
    ranges,
    signed: false,
    enumType: undefined,
    structType: undefined,
  };
}

function indexRange(wave: Wave): Range {
  return wave.ranges[0] ?? { left: wave.width - 1, right: 0 };
}

function sameRange(one: Range, other: Range): boolean {
  return one.left === other.left && one.right === other.right;
}

/** How many from the left an index is; -1 outside. */
function placeIn(range: Range, index: number): number {
  const place = range.left <= range.right ? index - range.left : range.left - index;
  return place >= 0 && place < sizeOf(range) ? place : -1;
}

export function sizeOf({ left, right }: Range): number {
  return Math.abs(left - right) + 1;
}
