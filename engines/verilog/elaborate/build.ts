/** Makers of IR expressions. Operators on constants are worked out at once, and steps that change nothing are left out. */
import type * as ir from '../ir/types.ts';
import { applyBinary, applyUnary, converted, integerOf, selected, truthOf, vectorOf } from './constant-ops.ts';

export interface Shape {
  width: number;
  signed: boolean;
}

export const bitType: ir.VectorType = { kind: 'vector', width: 1, signed: false, fourState: true };
export function vector(width: number, signed: boolean, fourState = true): ir.VectorType {
  return { kind: 'vector', width, signed, fourState };
}

export function constant(value: ir.Constant): ir.ExprOf<'const'> {
  switch (value.kind) {
    case 'vector':
      return { op: 'const', value, type: vector(value.width, value.signed) };
    default:
      return { op: 'const', value, type: { kind: value.kind } };
  }
}

/** A 32 bit signed constant, or wider where the value asks for it. */
export function integer(value: number): ir.Expr {
  const width = Math.abs(value) < 2 ** 31 ? 32 : 64;
  return constant(vectorOf({ width, signed: true }, BigInt(value)));
}

export function bits(value: bigint, width: number, signed = false): ir.Expr {
  return constant(vectorOf({ width, signed }, value));
}

/** The type of a vector expression. */
export function vectorTypeOf(expr: ir.Expr): ir.VectorType {
  if (expr.type.kind !== 'vector') throw new Error(`A vector was expected, not ${expr.type.kind}.`);
  return expr.type;
}

/** To a width and sign, as operands are brought to their context: first the sign of the context, then its width (1364-2005 5.5.2). */
export function fitted(expr: ir.Expr, to: Shape): ir.Expr {
  const from = vectorTypeOf(expr);
  if (from.width === to.width && from.signed === to.signed) return expr;
  let result = expr;
  if (from.signed && !to.signed && to.width > from.width) {
    result = resize(result, vector(from.width, false, from.fourState));
  }
  return resize(result, vector(to.width, to.signed, from.fourState));
}

/** As an assignment does: extended by its own sign, then of the type's sign. */
export function resize(expr: ir.Expr, type: ir.VectorType): ir.Expr {
  const from = vectorTypeOf(expr);
  if (from.width === type.width && from.signed === type.signed && (type.fourState || !from.fourState)) return expr;
  if (expr.op === 'const') {
    const value = converted(expr.value, type);
    if (value) return { ...constant(value), type };
  }
  return { op: 'resize', operand: expr, type };
}

/** Between kinds. Vectors to vectors are resized. */
export function convert(expr: ir.Expr, type: ir.ScalarType): ir.Expr {
  if (type.kind === 'vector' && expr.type.kind === 'vector') return resize(expr, type);
  if (type.kind === expr.type.kind && (type.kind !== 'real' || !type.short)) return expr;
  if (expr.op === 'const') {
    const value = converted(expr.value, type);
    if (value) return { op: 'const', value, type };
  }
  return { op: 'convert', operand: expr, type };
}

export function unary(operator: ir.UnaryOp, operand: ir.Expr, type: ir.IrType): ir.Expr {
  if (operand.op === 'const') {
    const value = applyUnary(operator, operand.value, type);
    if (value) return { op: 'const', value, type };
  }
  return { op: 'unary', operator, operand, type };
}

export function binary(operator: ir.BinaryOp, left: ir.Expr, right: ir.Expr, type: ir.IrType): ir.Expr {
  if (left.op === 'const' && right.op === 'const') {
    const value = applyBinary(operator, left.value, right.value, type);
    if (value) return { op: 'const', value, type };
  }
  return { op: 'binary', operator, left, right, type };
}

export function conditional(condition: ir.Expr, then: ir.Expr, otherwise: ir.Expr, type: ir.IrType): ir.Expr {
  if (condition.op === 'const') {
    const truth = truthOf(condition.value);
    if (truth !== undefined) return truth ? then : otherwise;
  }
  return { op: 'cond', condition, then, else: otherwise, type };
}

/** Bits `width` from `offset` on, unsigned. */
export function select(base: ir.Expr, offset: ir.Expr, width: number): ir.Expr {
  const from = vectorTypeOf(base);
  const type = vector(width, false, from.fourState);
  if (offset.op === 'const' && offset.value.kind === 'vector') {
    if (base.op === 'const' && base.value.kind === 'vector') {
      return { op: 'const', value: selected(base.value, offset.value, width, from.fourState), type };
    }
    if (width === from.width && offset.value.b === 0n && integerOf(offset.value) === 0n) return resize(base, type);
  }
  return { op: 'select', base, offset, width, type };
}

export function concat(parts: ir.Expr[]): ir.Expr {
  let width = 0;
  let fourState = false;
  for (const part of parts) {
    const type = vectorTypeOf(part);
    width += type.width;
    fourState ||= type.fourState;
  }
  const type = vector(width, false, fourState);
  if (parts.length === 1) return resize(parts[0]!, type);
  if (parts.every((part) => part.op === 'const')) {
    let a = 0n;
    let b = 0n;
    for (const part of parts) {
      const { value } = part as ir.ExprOf<'const'>;
      if (value.kind !== 'vector') continue;
      a = (a << BigInt(value.width)) | value.a;
      b = (b << BigInt(value.width)) | value.b;
    }
    return { ...constant(vectorOf(type, a, b)), type };
  }
  return { op: 'concat', parts, type };
}

export function replicate(count: number, part: ir.Expr): ir.Expr {
  const from = vectorTypeOf(part);
  const type = vector(count * from.width, false, from.fourState);
  if (count === 1) return resize(part, type);
  if (part.op === 'const' && part.value.kind === 'vector' && type.width <= 1 << 16) {
    let a = 0n;
    let b = 0n;
    const { value } = part;
    for (let i = 0; i < count; i++) {
      a = (a << BigInt(value.width)) | value.a;
      b = (b << BigInt(value.width)) | value.b;
    }
    return { ...constant(vectorOf(type, a, b)), type };
  }
  return { op: 'replicate', count, part, type };
}
