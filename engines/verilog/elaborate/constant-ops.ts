/**
 * What operators make of constants (IEEE 1364-2005 section 5.1): four-state vectors as two planes of bits,
 * (a,b) = (0,0) 0, (1,0) 1, (0,1) z, (1,1) x, and reals and strings. Types are final here: widths and signs were settled.
 */
import { math } from '../../core/index.ts';
import type * as ir from '../ir/types.ts';

export type VectorConstant = Extract<ir.Constant, { kind: 'vector' }>;

export function maskOf(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

export function vectorOf(type: { width: number; signed: boolean }, a: bigint, b = 0n): VectorConstant {
  const mask = maskOf(type.width);
  return { kind: 'vector', width: type.width, signed: type.signed, a: a & mask, b: b & mask };
}

export function unknownOf(type: { width: number; signed: boolean }): VectorConstant {
  const mask = maskOf(type.width);
  return { kind: 'vector', width: type.width, signed: type.signed, a: mask, b: mask };
}

/** The whole number that a vector without x and z stands for. */
export function integerOf(value: VectorConstant): bigint {
  return value.signed ? BigInt.asIntN(value.width, value.a) : value.a;
}

const bit = (value: boolean | undefined): VectorConstant =>
  value === undefined ? unknownOf({ width: 1, signed: false }) : vectorOf({ width: 1, signed: false }, value ? 1n : 0n);

/** Whether a value counts as true: any bit 1. Undefined: it may be, there is x or z. */
export function truthOf(value: ir.Constant): boolean | undefined {
  if (value.kind === 'real') return value.value !== 0;
  if (value.kind === 'string') return value.value !== '';
  if ((value.a & ~value.b) !== 0n) return true;
  return value.b === 0n ? false : undefined;
}

/** To another width and sign: extended by its own sign, x and z copied; `fourState` false turns x and z to 0. */
export function resized(value: VectorConstant, type: ir.VectorType): VectorConstant {
  let { a, b } = value;
  if (value.signed && type.width > value.width) {
    a = BigInt.asIntN(value.width, a);
    b = BigInt.asIntN(value.width, b);
  }
  if (!type.fourState) {
    a &= ~b;
    b = 0n;
  }
  return vectorOf(type, a, b);
}

/** Round half away from zero (1364-2005 4.8.2); infinite and NaN have no whole number. */
export function roundReal(value: number): bigint | undefined {
  if (!Number.isFinite(value)) return undefined;
  const rounded = value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5);
  // Halves are exact below 2^52; above, every number is whole.
  return BigInt(Math.abs(value) >= 2 ** 52 ? value : rounded);
}

function stringToBits(text: string): { width: number; bits: bigint } {
  let bits = 0n;
  for (let i = 0; i < text.length; i++) bits = (bits << 8n) | BigInt(text.charCodeAt(i) & 255);
  return { width: Math.max(8, 8 * text.length), bits };
}

/** The vector that a string literal is: 8 bits a character, the first leftmost; an empty one is 8 bits of 0. */
export function stringVector(text: string): VectorConstant {
  const { width, bits } = stringToBits(text);
  return { kind: 'vector', width, signed: false, a: bits, b: 0n };
}

/** The characters of a vector, without zero bytes (1800-2012 6.16). */
export function vectorString(value: VectorConstant): string {
  let text = '';
  for (let bits = value.a & ~value.b; bits > 0n; bits >>= 8n) {
    const code = Number(bits & 255n);
    if (code !== 0) text = String.fromCharCode(code) + text;
  }
  return text;
}

export function toReal(value: ir.Constant): number {
  if (value.kind === 'real') return value.value;
  if (value.kind === 'string') return 0;
  const known = value.a & ~value.b;
  return Number(value.signed ? BigInt.asIntN(value.width, known) : known);
}

/** Between kinds and to another width: what `resize` and `convert` do. */
export function converted(value: ir.Constant, type: ir.IrType): ir.Constant | undefined {
  switch (type.kind) {
    case 'vector':
      if (value.kind === 'vector') return resized(value, type);
      if (value.kind === 'real') {
        const rounded = roundReal(value.value);
        return rounded === undefined
          ? type.fourState
            ? unknownOf(type)
            : vectorOf(type, 0n)
          : vectorOf(type, rounded);
      }
      return resized(stringVector(value.value), type);
    case 'real': {
      const real = toReal(value);
      return { kind: 'real', value: type.short ? Math.fround(real) : real };
    }
    case 'string':
      if (value.kind === 'string') return value;
      return value.kind === 'vector' ? { kind: 'string', value: vectorString(value) } : undefined;
    default:
      return undefined;
  }
}

/** The value of a unary operator; `type` is the result's. */
export function applyUnary(op: ir.UnaryOp, value: ir.Constant, type: ir.IrType): ir.Constant | undefined {
  if (op === 'lnot') {
    const truth = truthOf(value);
    return bit(truth === undefined ? undefined : !truth);
  }
  if (value.kind === 'real') return op === 'neg' ? { kind: 'real', value: -value.value } : undefined;
  if (value.kind !== 'vector' || type.kind !== 'vector') return undefined;
  const mask = maskOf(value.width);
  const zeros = ~value.a & ~value.b & mask;
  const ones = value.a & ~value.b;
  switch (op) {
    case 'neg':
      return value.b !== 0n ? unknownOf(type) : vectorOf(type, -value.a);
    case 'not':
      return vectorOf(type, ~value.a | value.b, value.b);
    case 'and':
      return bit(zeros !== 0n ? false : value.b !== 0n ? undefined : true);
    case 'nand':
      return bit(zeros !== 0n ? true : value.b !== 0n ? undefined : false);
    case 'or':
      return bit(ones !== 0n ? true : value.b !== 0n ? undefined : false);
    case 'nor':
      return bit(ones !== 0n ? false : value.b !== 0n ? undefined : true);
    default:
      if (value.b !== 0n) return bit(undefined);
      return bit(oddOnes(value.a) === (op === 'xor'));
  }
}

function oddOnes(bits: bigint): boolean {
  let odd = false;
  for (const digit of bits.toString(16)) odd = odd !== ODD_DIGITS.has(digit);
  return odd;
}
const ODD_DIGITS = new Set(['1', '2', '4', '7', '8', 'b', 'd', 'e']);

/** The value of a binary operator; `type` is the result's. Undefined: the operator does not apply to such operands. */
export function applyBinary(
  op: ir.BinaryOp,
  left: ir.Constant,
  right: ir.Constant,
  type: ir.IrType,
): ir.Constant | undefined {
  switch (op) {
    case 'land':
    case 'lor':
    case 'implies':
    case 'equiv':
      return logical(op, truthOf(left), truthOf(right));
  }
  if (left.kind === 'string' && right.kind === 'string') return compareValues(op, left.value, right.value);
  if (left.kind === 'real' || right.kind === 'real') return applyReal(op, toReal(left), toReal(right));
  if (left.kind !== 'vector' || right.kind !== 'vector' || type.kind !== 'vector') return undefined;
  return applyVector(op, left, right, type);
}

function logical(op: string, left: boolean | undefined, right: boolean | undefined): VectorConstant {
  switch (op) {
    case 'land':
      return bit(left === false || right === false ? false : left && right);
    case 'lor':
      return bit(left || right ? true : left === false && right === false ? false : undefined);
    case 'implies':
      return bit(left === false || right ? true : left && right === false ? false : undefined);
    default:
      return bit(left === undefined || right === undefined ? undefined : left === right);
  }
}

function compareValues<T extends number | string>(op: ir.BinaryOp, left: T, right: T): VectorConstant | undefined {
  switch (op) {
    case 'eq':
    case 'ceq':
    case 'weq':
    case 'casez-eq':
    case 'casex-eq':
      return bit(left === right);
    case 'ne':
    case 'cne':
    case 'wne':
      return bit(left !== right);
    case 'lt':
      return bit(left < right);
    case 'le':
      return bit(left <= right);
    case 'gt':
      return bit(left > right);
    case 'ge':
      return bit(left >= right);
    default:
      return undefined;
  }
}

function applyReal(op: ir.BinaryOp, left: number, right: number): ir.Constant | undefined {
  const real = (value: number): ir.Constant => ({ kind: 'real', value });
  switch (op) {
    case 'add':
      return real(left + right);
    case 'sub':
      return real(left - right);
    case 'mul':
      return real(left * right);
    case 'div':
      return real(left / right);
    case 'mod':
      return real(left % right);
    case 'pow':
      return real(math.pow(left, right));
    default:
      return compareValues(op, left, right);
  }
}

function applyVector(
  op: ir.BinaryOp,
  left: VectorConstant,
  right: VectorConstant,
  type: ir.VectorType,
): VectorConstant | undefined {
  const unknown = left.b !== 0n || right.b !== 0n;
  const mask = maskOf(type.width);
  switch (op) {
    case 'add':
      return unknown ? unknownOf(type) : vectorOf(type, left.a + right.a);
    case 'sub':
      return unknown ? unknownOf(type) : vectorOf(type, left.a - right.a);
    case 'mul':
      return unknown ? unknownOf(type) : vectorOf(type, left.a * right.a);
    case 'div':
    case 'mod': {
      if (unknown || right.a === 0n) return unknownOf(type);
      const l = integerOf(left);
      const r = integerOf(right);
      return vectorOf(type, op === 'div' ? l / r : l % r);
    }
    case 'pow':
      return unknown ? unknownOf(type) : power(integerOf(left), integerOf(right), type);
    case 'and': {
      const zero = (~left.a & ~left.b) | (~right.a & ~right.b);
      const one = left.a & ~left.b & right.a & ~right.b;
      return vectorOf(type, ~zero, ~zero & ~one & mask);
    }
    case 'or': {
      const one = (left.a & ~left.b) | (right.a & ~right.b);
      const zero = ~left.a & ~left.b & ~right.a & ~right.b;
      return vectorOf(type, ~zero, ~zero & ~one & mask);
    }
    case 'xor':
      return vectorOf(type, (left.a ^ right.a) | left.b | right.b, left.b | right.b);
    case 'xnor':
      return vectorOf(type, ~(left.a ^ right.a) | left.b | right.b, left.b | right.b);
    case 'shl':
    case 'shr':
    case 'sshr':
      return shifted(op, left, right, type);
    case 'ceq':
      return bit(left.a === right.a && left.b === right.b);
    case 'cne':
      return bit(left.a !== right.a || left.b !== right.b);
    case 'eq':
    case 'ne':
    case 'weq':
    case 'wne': {
      const care = op === 'weq' || op === 'wne' ? ~right.b : -1n;
      const vague = (left.b | right.b) & care;
      const differ = (left.a ^ right.a) & care & ~vague;
      const equal = differ !== 0n ? false : vague !== 0n ? undefined : true;
      return bit(equal === undefined ? undefined : equal === (op === 'eq' || op === 'weq'));
    }
    case 'casez-eq': {
      const care = ~((left.b & ~left.a) | (right.b & ~right.a));
      return bit((((left.a ^ right.a) | (left.b ^ right.b)) & care & maskOf(left.width)) === 0n);
    }
    case 'casex-eq':
      return bit(((left.a ^ right.a) & ~(left.b | right.b)) === 0n);
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge': {
      if (unknown) return bit(undefined);
      const l = integerOf(left);
      const r = integerOf(right);
      return bit(op === 'lt' ? l < r : op === 'le' ? l <= r : op === 'gt' ? l > r : l >= r);
    }
    default:
      return undefined;
  }
}

function shifted(op: ir.BinaryOp, left: VectorConstant, right: VectorConstant, type: ir.VectorType): VectorConstant {
  if (right.b !== 0n) return unknownOf(type);
  const far = right.a >= BigInt(type.width);
  const by = far ? BigInt(type.width) : right.a;
  if (op === 'shl') return far ? vectorOf(type, 0n) : vectorOf(type, left.a << by, left.b << by);
  if (op === 'sshr' && type.signed) {
    return vectorOf(type, BigInt.asIntN(left.width, left.a) >> by, BigInt.asIntN(left.width, left.b) >> by);
  }
  return vectorOf(type, left.a >> by, left.b >> by);
}

/** 1364-2005 table 5-6, within the result's width. */
function power(base: bigint, exponent: bigint, type: ir.VectorType): VectorConstant {
  if (exponent < 0n) {
    if (base === 0n) return unknownOf(type);
    if (base === 1n) return vectorOf(type, 1n);
    if (base === -1n) return vectorOf(type, exponent % 2n === 0n ? 1n : -1n);
    return vectorOf(type, 0n);
  }
  const mask = maskOf(type.width);
  let result = 1n;
  let factor = base & mask;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) & mask;
    factor = (factor * factor) & mask;
  }
  return vectorOf(type, result);
}

/** `width` bits from `offset` on; bits outside are x (0 where `fourState` is false). */
export function selected(
  base: VectorConstant,
  offset: VectorConstant,
  width: number,
  fourState: boolean,
): VectorConstant {
  const type = { width, signed: false };
  const outside = fourState ? unknownOf(type) : vectorOf(type, 0n);
  if (offset.b !== 0n) return outside;
  const from = integerOf(offset);
  if (from >= BigInt(base.width) || from <= -BigInt(width)) return outside;
  const inside = maskOf(base.width);
  const shift = (bits: bigint) => (from >= 0n ? bits >> from : bits << -from);
  const covered = shift(inside) & maskOf(width);
  const fill = ~covered & maskOf(width);
  if (!fourState) return vectorOf(type, shift(base.a) & covered);
  return vectorOf(type, (shift(base.a) & covered) | fill, (shift(base.b) & covered) | fill);
}
