/**
 * Small pieces of JavaScript text, put together with constants folded. Every text is an expression of an int32, in parentheses where it is not
 * an atom, so that texts can be combined without looking at precedence. Only numbers and names made here go in: no text of the user's.
 */

/** The value, where the text is a constant. */
export const constant = (text: string): number | undefined =>
  /^-?\d+$/.test(text) ? Number.parseInt(text, 10) : undefined;
export const literal = (value: number): string => String(value | 0);
/** Names, constants and words at constant addresses: as cheap to write twice as to keep. */
export const isAtom = (text: string): boolean => /^(-?\d+|\w+|[A-Z]\[\d+\])$/.test(text);
/** The low `bits` bits (1..32). */
export const ones = (bits: number): number => (bits >= 32 ? -1 : (1 << bits) - 1);

export function and(x: string, y: string): string {
  const p = constant(x);
  const q = constant(y);
  if (p !== undefined && q !== undefined) return literal(p & q);
  if (p === 0 || q === 0) return '0';
  if (p === -1) return y;
  if (q === -1 || x === y) return x;
  return `(${x} & ${y})`;
}
export function or(x: string, y: string): string {
  const p = constant(x);
  const q = constant(y);
  if (p !== undefined && q !== undefined) return literal(p | q);
  if (p === -1 || q === -1) return '-1';
  if (p === 0) return y;
  if (q === 0 || x === y) return x;
  return `(${x} | ${y})`;
}
export function xor(x: string, y: string): string {
  const p = constant(x);
  const q = constant(y);
  if (p !== undefined && q !== undefined) return literal(p ^ q);
  if (p === 0) return y;
  if (q === 0) return x;
  return `(${x} ^ ${y})`;
}
export function not(x: string): string {
  const p = constant(x);
  return p !== undefined ? literal(~p) : `(~${x})`;
}
/** Not, of a vector of so many bits: those above stay zero. */
export const notMask = (x: string, bits: number): string => (bits >= 32 ? not(x) : xor(x, literal(ones(bits))));
export const andNot = (x: string, y: string): string => (constant(y) === 0 ? x : and(x, not(y)));
export function shl(x: string, by: number): string {
  const p = constant(x);
  if (p !== undefined) return literal(p << by);
  return by === 0 ? x : `(${x} << ${by})`;
}
export function shr(x: string, by: number): string {
  const p = constant(x);
  if (p !== undefined) return literal(p >>> by);
  return by === 0 ? x : `(${x} >>> ${by})`;
}
export function sar(x: string, by: number): string {
  const p = constant(x);
  if (p !== undefined) return literal(p >> by);
  return by === 0 ? x : `(${x} >> ${by})`;
}
export const mask = (x: string, bits: number): string => (bits >= 32 ? x : and(x, literal(ones(bits))));
/** As a signed number, of a vector of so many bits. */
export const signed = (x: string, bits: number): string => (bits >= 32 ? x : sar(shl(x, 32 - bits), 32 - bits));
/** As a number from zero on. */
export function unsigned(x: string, bits: number): string {
  if (bits < 32) return x;
  const p = constant(x);
  return p !== undefined ? String(p >>> 0) : `(${x} >>> 0)`;
}
/** -1 where the truth value holds, else 0. */
export const spread = (truth: string): string =>
  truth === 'true' ? '-1' : truth === 'false' ? '0' : `(${truth} ? -1 : 0)`;
export function isZero(x: string): string {
  const p = constant(x);
  return p !== undefined ? String(p === 0) : `(${x} === 0)`;
}
export function nonZero(x: string): string {
  const p = constant(x);
  return p !== undefined ? String(p !== 0) : `(${x} !== 0)`;
}
/** 0 or 1. */
export const bit = (truth: string): string => (truth === 'true' ? '1' : truth === 'false' ? '0' : `(${truth} ? 1 : 0)`);
export function bothTrue(x: string, y: string): string {
  if (x === 'false' || y === 'false') return 'false';
  if (x === 'true') return y;
  return y === 'true' ? x : `(${x} && ${y})`;
}
export const notTrue = (x: string): string => (x === 'true' ? 'false' : x === 'false' ? 'true' : `!${x}`);
export function choose(truth: string, x: string, y: string): string {
  if (truth === 'true' || x === y) return x;
  if (truth === 'false') return y;
  if (x === '1' && y === '0') return bit(truth);
  return `(${truth} ? ${x} : ${y})`;
}
export function eitherTrue(x: string, y: string): string {
  if (x === 'true' || y === 'true') return 'true';
  if (x === 'false') return y;
  return y === 'false' ? x : `(${x} || ${y})`;
}
