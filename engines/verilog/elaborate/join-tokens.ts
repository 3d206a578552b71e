/** Several compilation units as one: their tokens one after the other, their nodes moved. */
import type { Node } from '../syntax/ast.ts';
import type { TokenStream } from '../syntax/tokens.ts';

function joined<T extends Uint8Array | Int32Array>(
  make: (length: number) => T,
  a: T,
  b: T,
  aCount: number,
  bCount: number,
): T {
  const all = make(aCount + bCount);
  all.set(a.subarray(0, aCount));
  all.set(b.subarray(0, bCount), aCount);
  return all;
}

const bytes = (length: number) => new Uint8Array(length);
const ints = (length: number) => new Int32Array(length);

/** A new stream with the tokens of `a`, then those of `b`. Directives, comments and macros are those of `a`. */
export function joinTokens(a: TokenStream, b: TokenStream): TokenStream {
  const files = a.files.length;
  const file = joined(ints, a.file, b.file, a.count, b.count);
  for (let i = a.count; i < a.count + b.count; i++) file[i]! += files;
  const reported = new Map(a.reported);
  for (const [token, path] of b.reported) reported.set(token + a.count, path);
  return {
    files: [...a.files, ...b.files],
    count: a.count + b.count,
    kinds: joined(bytes, a.kinds, b.kinds, a.count, b.count),
    texts: [...a.texts.slice(0, a.count), ...b.texts.slice(0, b.count)],
    file,
    offset: joined(ints, a.offset, b.offset, a.count, b.count),
    length: joined(ints, a.length, b.length, a.count, b.count),
    line: joined(ints, a.line, b.line, a.count, b.count),
    column: joined(ints, a.column, b.column, a.count, b.count),
    reported,
    fromMacro: joined(bytes, a.fromMacro, b.fromMacro, a.count, b.count),
    directives: a.directives,
    comments: a.comments,
    macros: a.macros,
  };
}

/** A copy of a tree of nodes whose tokens come `by` later. */
export function moved<T extends Node>(node: T, by: number): T {
  return copy(node, by) as T;
}

function copy(value: unknown, by: number): unknown {
  if (Array.isArray(value)) return value.map((item) => copy(item, by));
  if (typeof value !== 'object' || value === null) return value;
  const made: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const isToken = (key === 'first' || key === 'last') && typeof inner === 'number';
    made[key] = isToken ? (inner as number) + by : copy(inner, by);
  }
  return made;
}
