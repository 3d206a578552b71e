/**
 * Expressions: from the syntax tree to the IR, by the two passes of IEEE 1364-2005 5.4 and 5.5 (1800-2012 11.6 to 11.8).
 * `analyse` finds width and sign from below; an operand is then built for the context that comes from above.
 */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { assigned } from './assigned.ts';
import { bits, concat, constant, convert, fitted, replicate, vector } from './build.ts';
import { callOperand, symbolOperand } from './call.ts';
import { constantIndex } from './constant.ts';
import { maskOf, vectorOf } from './constant-ops.ts';
import { lookup } from './lookup.ts';
import {
  articleType,
  attempt,
  capitalType,
  type Env,
  fail,
  isIntegral,
  leaf,
  notSupported,
  type Operand,
  plain,
  stopped,
} from './lowering.ts';
import { procedureTarget } from './lvalue.ts';
import { methodOperand } from './methods.ts';
import {
  asReal,
  asString,
  binaryOperator,
  castValue,
  conditionalOperator,
  insideOperator,
  signCast,
  sizeCast,
  unaryOperator,
} from './operators.ts';
import { listOperand, patternOperand } from './patterns.ts';
import { placeOperand, refer } from './reference.ts';
import type { Context, DataType, Scope } from './symbols.ts';
import { describeType, resolveType, toIr } from './types.ts';

export interface LowerOptions {
  /** Reports nothing: answers whether it can be done. */
  quiet?: boolean;
}

/** An expression by itself: its width and sign are its own. Undefined: it was reported. */
export function lowerExpr(expr: ast.Expr, scope: Scope, ctx: Context, options?: LowerOptions): ir.Expr | undefined {
  return attempt(() => analyse(expr, { scope, ctx, quiet: options?.quiet }).build());
}

/**
 * An expression as the right side of an assignment to something of type `target`: as wide as the wider of both, then
 * brought to the target's type. Undefined: it was reported.
 */
export function lowerAssigned(expr: ast.Expr, target: DataType, scope: Scope, ctx: Context): ir.Expr | undefined {
  return attempt(() => lowerTo(expr, target, { scope, ctx }));
}

/** The type that an expression has by itself: `$bits`, `type(...)`, the type of a port. Undefined: it was reported. */
export function typeOfExpr(expr: ast.Expr, scope: Scope, ctx: Context): DataType | undefined {
  return attempt(() => analyse(expr, { scope, ctx }).type);
}

/** As assigned to a type. */
export function lowerTo(expr: ast.Expr, target: DataType, env: Env): ir.Expr {
  return assigned(analyse(expr, env, target), target, env);
}

/** What an expression is by itself. `target`: the type that it is assigned to, for what takes its shape from there (patterns, `new[]`, lists). */
export function analyse(expr: ast.Expr, env: Env, target?: DataType): Operand {
  switch (expr.kind) {
    case 'number':
      return numberOperand(expr);
    case 'real':
      return leaf(expr, { kind: 'real', short: false }, () => constant({ kind: 'real', value: expr.value }));
    case 'time': {
      const value = scaledTime(expr, env);
      return leaf(expr, { kind: 'real', short: false }, () => constant({ kind: 'real', value }));
    }
    case 'string':
      return stringOperand(expr);
    case 'name':
    case 'member':
    case 'scoped':
    case 'index':
    case 'range':
      return nameOperand(expr, env);
    case 'concat':
      return target && (target.kind === 'list' || target.kind === 'array')
        ? listOperand(expr, expr.parts, target, env)
        : concatOperand(expr, env);
    case 'replicate':
      return replicateOperand(expr, env);
    case 'stream':
      return streamOperand(expr, env);
    case 'unary':
      return unaryOperator(expr, analyse(expr.operand, env), env);
    case 'binary':
      return binaryChain(expr, env);
    case 'conditional': {
      const condition = analyse(expr.condition, env);
      return conditionalOperator(
        expr,
        condition,
        analyse(expr.then, env, target),
        analyse(expr.else, env, target),
        env,
      );
    }
    case 'call':
      return callOperand(expr, env);
    case 'cast':
      return castOperand(expr, env);
    case 'increment':
      return incrementOperand(expr, env);
    case 'assign':
      return assignOperand(expr, env);
    case 'inside': {
      const items = expr.items.map((item): Operand | [Operand | undefined, Operand | undefined] =>
        item.kind === 'value-range' ? [bound(item.left, env), bound(item.right, env)] : analyse(item, env),
      );
      return insideOperator(expr, analyse(expr.operand, env), items, env);
    }
    case 'mintypmax':
      return analyse(expr[{ min: 'min', typ: 'typ', max: 'max' }[env.ctx.delays] as 'min'], env, target);
    case 'pattern':
      return patternOperand(expr, target, env);
    case 'new':
      return newOperand(expr, target, env);
    case 'dollar': {
      const { dollar } = env;
      if (!dollar) return fail(env, 'dollar', "'$' has a meaning in the index of a queue only.", expr);
      return leaf(expr, plain(32, true, false), () => dollar);
    }
    case 'type':
      return fail(env, 'type-value', 'A data type is not a value.', expr);
    case 'null':
      return notSupported(env, "'null'", expr);
    case 'error':
      throw stopped;
  }
}

function bound(expr: ast.Expr, env: Env): Operand | undefined {
  return expr.kind === 'dollar' ? undefined : analyse(expr, env);
}

/** Long chains of left-associative operators are analysed without recursion. */
function binaryChain(expr: ast.BinaryExpr, env: Env): Operand {
  const chain: ast.BinaryExpr[] = [];
  let first: ast.Expr = expr;
  while (first.kind === 'binary') {
    chain.push(first);
    first = first.left;
  }
  let left = analyse(first, env);
  for (let i = chain.length - 1; i >= 0; i--) {
    const node = chain[i]!;
    left = binaryOperator(node, node.op, left, analyse(node.right, env), env);
  }
  return left;
}

// ------------------------------------------------------------------------------------------------------- Literals

function numberOperand(expr: ast.NumberExpr): Operand {
  const { fill, extend } = expr;
  if (fill !== undefined) {
    return {
      node: expr,
      type: plain(1, false),
      build(to) {
        const width = to?.width ?? 1;
        const mask = maskOf(width);
        const a = fill === '1' || fill === 'x' ? mask : 0n;
        const b = fill === 'x' || fill === 'z' ? mask : 0n;
        return constant(vectorOf({ width, signed: to?.signed ?? false }, a, b));
      },
    };
  }
  const type = plain(expr.width ?? 32, expr.signed);
  const own = constant(vectorOf(type, expr.a, expr.b));
  return {
    node: expr,
    type,
    unsized: expr.width === undefined,
    build(to) {
      if (!to) return own;
      if (extend === undefined || to.width <= type.width) return fitted(own, to);
      const above = maskOf(to.width) ^ maskOf(type.width);
      return constant(vectorOf(to, expr.a | (extend === 'x' ? above : 0n), expr.b | above));
    },
  };
}

function stringOperand(expr: ast.StringExpr): Operand {
  const width = Math.max(8, 8 * expr.value.length);
  let value = 0n;
  for (let i = 0; i < expr.value.length; i++) value = (value << 8n) | BigInt(expr.value.charCodeAt(i) & 255);
  return { ...leaf(expr, plain(width, false), () => bits(value, width)), text: expr.value };
}

/** A time with its own unit, in the unit of the scope, rounded to its precision (1800-2012 5.8). */
function scaledTime(expr: ast.TimeExpr, env: Env): number {
  const { unit, precision } = env.scope.ir;
  const ticks = Math.round(scaled(expr.value, expr.unit - precision));
  return scaled(ticks, precision - unit);
}

function scaled(value: number, power: number): number {
  return power >= 0 ? value * 10 ** power : value / 10 ** -power;
}

// ---------------------------------------------------------------------------------------------------------- Names

function nameOperand(expr: ast.Expr, env: Env): Operand {
  const reference = refer(expr, env);
  if (!reference) return fail(env, 'value', 'This has no value.', expr);
  if (reference.kind === 'symbol') return symbolOperand(reference.symbol, reference.node, env);
  if (reference.method) return methodOperand(expr, reference.place, reference.method, [], undefined, env);
  const { place } = reference;
  if (place.type.kind === 'event') {
    return fail(env, 'event-value', 'A named event has no value.', expr, 'Wait for it with @, or use .triggered.');
  }
  return placeOperand(place, env);
}

// -------------------------------------------------------------------------------------------------- Concatenation

function concatOperand(expr: ast.ConcatExpr, env: Env): Operand {
  if (expr.parts.length === 0) return fail(env, 'empty', 'A concatenation needs at least one part.', expr);
  const operands: Operand[] = [];
  for (const part of expr.parts) {
    operands.push(analyse(part, env));
  }
  return joined(expr, operands, env);
}

function joined(node: ast.Expr, all: Operand[], env: Env): Operand {
  // Replications of zero times are left out.
  const operands = all.filter((operand) => !isIntegral(operand) || operand.type.width > 0);
  if (operands.length === 0) return fail(env, 'replicate-zero', 'A concatenation has at least one bit.', node);
  if (operands.some((operand) => operand.type.kind === 'string')) {
    const parts = operands.map((operand) => asString(operand, env));
    return leaf(node, { kind: 'string' }, () => ({ op: 'concat', parts, type: { kind: 'string' } }));
  }
  let width = 0;
  let fourState = false;
  for (const [i, operand] of operands.entries()) {
    if (!isIntegral(operand)) {
      return fail(
        env,
        'concat-type',
        `${capitalType(operand.type)} cannot be part of a concatenation.`,
        operand.node,
        operand.type.kind === 'real' ? 'Convert it with $rtoi or $realtobits.' : undefined,
      );
    }
    if (operand.unsized) {
      return fail(
        env,
        'concat-unsized',
        `Concatenation operand ${i + 1} has an indefinite width.`,
        operand.node,
        "Give the number a width, as in 8'd1.",
      );
    }
    width += operand.type.width;
    fourState ||= operand.type.fourState;
  }
  const text = operands.every((operand) => operand.text !== undefined)
    ? operands.map((operand) => operand.text).join('')
    : undefined;
  const made = leaf(node, plain(width, false, fourState), () => concat(operands.map((operand) => operand.build())));
  return text === undefined ? made : { ...made, text };
}

function replicateOperand(expr: ast.ReplicateExpr, env: Env): Operand {
  const parts = expr.parts.map((part) => analyse(part, env));
  const strings = parts.some((operand) => operand.type.kind === 'string');
  const known = attempt(() => constantIndex(expr.count, { ...env, quiet: true }));
  if (known === undefined && strings) {
    return notSupported(env, 'A replication of strings with a variable count', expr.count);
  }
  const count = known ?? constantIndex(expr.count, env);
  if (count < 0) return fail(env, 'replicate', `A replication cannot be made ${count} times.`, expr.count);
  const inner = joined(expr, parts, env);
  if (inner.type.kind === 'string') {
    const part = inner.build();
    if (count === 0) return leaf(expr, { kind: 'string' }, () => constant({ kind: 'string', value: '' }));
    return leaf(expr, { kind: 'string' }, () => ({ op: 'replicate', count, part, type: { kind: 'string' } }));
  }
  if (!isIntegral(inner)) return inner;
  const width = inner.type.width * count;
  if (width > 1 << 24) return fail(env, 'too-wide', `This replication is ${width} bits wide, which is too much.`, expr);
  if (count === 0) {
    // Has no bits: only a concatenation can have such a part (1364-2005 5.1.14).
    return {
      node: expr,
      type: { ...plain(0, false), dims: [] },
      build: () => fail(env, 'replicate-zero', 'A replication of zero times can only stand in a concatenation.', expr),
    };
  }
  const made = leaf(expr, plain(width, false, inner.type.fourState), () => replicate(count, inner.build()));
  return inner.text === undefined ? made : { ...made, text: inner.text.repeat(count) };
}

/** `{>>{...}}` is a concatenation, `{<<n{...}}` turns it around in slices of n bits. */
function streamOperand(expr: ast.StreamExpr, env: Env): Operand {
  const parts = expr.parts.map((part) => {
    const operand = analyse(part, env);
    if (!isIntegral(operand)) return notSupported(env, `Streaming ${articleType(operand.type)}`, part);
    return operand;
  });
  const whole = joined(expr, parts, env);
  if (expr.direction === '>>' || !isIntegral(whole)) return whole;
  let slice = 1;
  if (expr.slice) {
    slice =
      'packed' in expr.slice
        ? bitsOf(resolveType(expr.slice as ast.TypeRef, env.scope, env.ctx), env, expr)
        : constantIndex(expr.slice as ast.Expr, env);
  }
  if (slice <= 0) return fail(env, 'slice', 'The slices of a streaming concatenation have at least one bit.', expr);
  const { width } = whole.type;
  return leaf(expr, plain(width, false, whole.type.fourState), () => {
    const base = whole.build();
    const turned: ir.Expr[] = [];
    for (let from = 0; from < width; from += slice) {
      const size = Math.min(slice, width - from);
      turned.push({
        op: 'select',
        base,
        offset: bits(BigInt(from), 32, true),
        width: size,
        type: vector(size, false, whole.type.fourState),
      });
    }
    return concat(turned);
  });
}

/** Bits of a type of fixed size. */
export function bitsOf(type: DataType, env: Env, node: ast.Node): number {
  switch (type.kind) {
    case 'integral':
      return type.width;
    case 'array':
      return bitsOf(type.element, env, node) * (Math.abs(type.left - type.right) + 1);
    case 'real':
      return type.short ? 32 : 64;
    case 'unpacked-struct':
      return type.fields.reduce((sum, field) => sum + bitsOf(field.type, env, node), 0);
    default:
      return fail(env, 'bits', `${capitalType(type)} has no fixed number of bits.`, node);
  }
}

// ---------------------------------------------------------------------------------------------------------- Casts

function castOperand(expr: ast.CastExpr, env: Env): Operand {
  const { to } = expr;
  switch (to.kind) {
    case 'sign':
      return { ...signCast(expr, analyse(expr.operand, env), to.signed, env), node: expr };
    case 'const':
      return analyse(expr.operand, env);
    case 'size':
      return sizeCast(expr, analyse(expr.operand, env), castWidth(to.size, env), env);
    case 'type': {
      const { type } = to;
      // A name before the quote may be that of a constant: a size.
      if (type.kind === 'named' && type.packed.length === 0 && isSize(type, env)) {
        const size: ast.Expr = type.scope
          ? { kind: 'scoped', scope: type.scope, name: type.name, first: type.first, last: type.last }
          : { kind: 'name', name: type.name.name, first: type.first, last: type.last };
        return sizeCast(expr, analyse(expr.operand, env), castWidth(size, env), env);
      }
      const target = resolveType(type, env.scope, env.ctx);
      return typeCast(expr, target, env);
    }
  }
}

function isSize(type: ast.TypeRef & { kind: 'named' }, env: Env): boolean {
  const scope = type.scope ? env.ctx.packages.get(type.scope.name) : env.scope;
  const symbol = scope && lookup(scope, type.name.name);
  return symbol?.kind === 'param' || symbol?.kind === 'enum-member';
}

function castWidth(size: ast.Expr, env: Env): number {
  const width = constantIndex(size, env);
  if (width > 0 && width <= 1 << 24) return width;
  return fail(env, 'cast-width', `A cast to ${width} bits is not possible.`, size);
}

function typeCast(expr: ast.CastExpr, target: DataType, env: Env): Operand {
  const operand = analyse(expr.operand, env, target);
  if (target.kind === 'void') return { ...operand, type: target };
  const stored = toIr(target);
  if (!stored) return notSupported(env, `A cast to ${describeType(target)}`, expr);
  if (target.kind === 'integral') {
    // Enumerations are cast to freely.
    const to = target.enum ? { ...target, enum: undefined } : target;
    if (operand.type.kind === 'string')
      return castValue(expr, target, () => convert(operand.build(), stored as ir.ScalarType));
    // As Icarus has it: worked out as wide as the type, like what is assigned to it.
    return castValue(expr, target, () => assigned(operand, to, env));
  }
  return { node: expr, type: target, build: () => castTo(operand, target, env) };
}

function castTo(operand: Operand, target: DataType, env: Env): ir.Expr {
  if (target.kind === 'string' && isIntegral(operand)) return convert(operand.build(), { kind: 'string' });
  if (target.kind === 'real')
    return convert(asReal(operand, env), target.short ? { kind: 'real', short: true } : { kind: 'real' });
  return assigned(operand, target, env);
}

// --------------------------------------------------------------------------------------- Assignments as expressions

/** The value of `left op right` as it is assigned to `left`. */
export function opAssigned(node: ast.Expr, op: ast.AssignOp, left: Operand, right: Operand, env: Env): Operand {
  return op === '=' ? right : binaryOperator(node, op.slice(0, -1) as ast.BinaryOp, left, right, env);
}

/** `i + 1` of `i++`. */
export function stepped(expr: ast.IncrementExpr, left: Operand, env: Env): Operand {
  const one: Operand =
    left.type.kind === 'real'
      ? leaf(expr, left.type, () => constant({ kind: 'real', value: 1 }))
      : leaf(expr, plain(isIntegral(left) ? left.type.width : 1, isIntegral(left) && left.type.signed, false), () =>
          bits(1n, isIntegral(left) ? left.type.width : 1, isIntegral(left) && left.type.signed),
        );
  return binaryOperator(expr, expr.op === '++' ? '+' : '-', left, one, env);
}

function withoutEnum(type: DataType): DataType {
  return type.kind === 'integral' && type.enum ? { ...type, enum: undefined } : type;
}

function incrementOperand(expr: ast.IncrementExpr, env: Env): Operand {
  const { target, type } = procedureTarget(expr.operand, env, 'procedural');
  const value = assigned(stepped(expr, analyse(expr.operand, env), env), withoutEnum(type), env);
  return leaf(expr, type, () => ({ op: 'assign', target, value, post: !expr.prefix, type: target.type }));
}

function assignOperand(expr: ast.AssignExpr, env: Env): Operand {
  const { target, type } = procedureTarget(expr.left, env, 'procedural');
  const right = analyse(expr.right, env, type);
  const whole = opAssigned(expr, expr.op, expr.op === '=' ? right : analyse(expr.left, env), right, env);
  const value = assigned(whole, expr.op === '=' ? type : withoutEnum(type), env);
  return leaf(expr, type, () => ({ op: 'assign', target, value, post: false, type: target.type }));
}

/** `new[n](value)`, as Icarus has it: every element gets the value. */
function filled(value: Operand, size: ir.Expr, target: Extract<DataType, { kind: 'list' }>, env: Env): ir.Expr {
  const type = toIr(target);
  if (!type || size.op !== 'const' || size.value.kind !== 'vector') {
    return notSupported(
      env,
      'One initial value for a variable number of elements',
      value.node,
      'Assign them in a loop.',
    );
  }
  const item = assigned(value, target.element, env);
  return { op: 'items', items: new Array<ir.Expr>(Number(size.value.a)).fill(item), type };
}

/** `new[n]`, `new[n](old)`. */
function newOperand(expr: ast.NewExpr, target: DataType | undefined, env: Env): Operand {
  if (!expr.size) return notSupported(env, 'Making an object with new', expr);
  if (target?.kind !== 'list') return fail(env, 'new', 'new[] makes the elements of a dynamic array only.', expr);
  const type = toIr(target);
  if (!type) return notSupported(env, `An array of ${describeType(target.element)}`, expr);
  const size = analyse(expr.size, env);
  if (!isIntegral(size)) return fail(env, 'new-size', 'The size of an array must be a whole number.', expr.size);
  const made: ir.Expr = { op: 'new-list', size: size.build(), type };
  const from = expr.args[0]?.value;
  if (from) {
    const given = analyse(from, env, from.kind === 'pattern' ? target : undefined);
    made.from =
      given.type.kind === 'list' || given.type.kind === 'array'
        ? assigned(given, target, env)
        : filled(given, made.size, target, env);
  }
  return { node: expr, type: target, build: () => made };
}
