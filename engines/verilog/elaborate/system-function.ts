/** System functions and the arguments of system tasks: those that speak of types are worked out here, the others are called when a design runs. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { assigned } from './assigned.ts';
import { binary, bits, bitType, constant, fitted, integer, vectorTypeOf } from './build.ts';
import { constantSystemCall } from './evaluate.ts';
import { eventOf } from './events.ts';
import { analyse, bitsOf } from './expression.ts';
import {
  articleType,
  attempt,
  type Env,
  fail,
  isIntegral,
  leaf,
  notSupported,
  type Operand,
  pathOf,
  plain,
  sourceText,
} from './lowering.ts';
import { procedureTarget } from './lvalue.ts';
import { signCast } from './operators.ts';
import { type Place, packedDimension, readPlace } from './place.ts';
import { refer } from './reference.ts';
import type { DataType, IntegralType } from './symbols.ts';
import { resolvedNames, systemFunction, systemTask } from './system-names.ts';
import { describeType, fromIr, resolveType } from './types.ts';

/** A call of a system function as a value. */
export function systemOperand(expr: ast.CallExpr, name: string, env: Env): Operand {
  if (resolvedNames.has(name)) return resolved(expr, name, env);
  const known = systemFunction(name);
  if (!known) {
    if (systemTask(name)) return fail(env, 'task-value', `The system task ${name}() has no value.`, expr);
    return fail(
      env,
      'unknown-system',
      `System function ${name}() is not defined.`,
      expr,
      'Mend its name; functions of one simulator alone are not known here.',
    );
  }
  const { count } = known;
  const given = expr.args.filter((arg, i) => arg.value || i < expr.args.length - 1 || i > 0).length;
  if (count && (given < count[0] || given > count[1])) {
    const wanted = count[0] === count[1] ? `${count[0]}` : `${count[0]} to ${count[1]}`;
    return fail(
      env,
      'argument-count',
      `${name}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${given}.`,
      expr,
    );
  }
  const args = given === 0 ? [] : systemArgs(expr.args, known, env);
  const type = fromIr(known.type);
  return leaf(expr, type, () => {
    const constants = args.map((arg) => (arg.kind === 'expr' && arg.expr.op === 'const' ? arg.expr.value : undefined));
    if (constants.every((value) => value !== undefined)) {
      const value = constantSystemCall(name, constants, known.type);
      if (value) return constant(value);
    }
    return { op: 'syscall', name, args, scope: env.scope.ir.id, at: env.ctx.at(expr), type: known.type };
  });
}

/** Arguments of a system task or function. */
export function systemArgs(
  args: readonly ast.Argument[],
  known: { outputs?: readonly number[]; outputsFrom?: number },
  env: Env,
): ir.SystemArg[] {
  return args.map((arg, i) => {
    if (arg.name) return fail(env, 'argument-name', 'Arguments of system tasks and functions have no names.', arg);
    const { value } = arg;
    if (!value) return { kind: 'empty' };
    const written = known.outputs?.includes(i) || (known.outputsFrom !== undefined && i >= known.outputsFrom);
    return written ? outputArg(value, env) : inputArg(value, env);
  });
}

function outputArg(value: ast.Expr, env: Env): ir.SystemArg {
  const { target } = procedureTarget(value, env, 'procedural');
  return { kind: 'lvalue', target, expr: outputValue(value, env), text: sourceText(value, env.ctx) };
}

function outputValue(value: ast.Expr, env: Env): ir.Expr {
  return analyse(value, env).build();
}

function inputArg(value: ast.Expr, env: Env): ir.SystemArg {
  const text = sourceText(value, env.ctx);
  if (value.kind === 'name' || value.kind === 'member' || value.kind === 'index' || value.kind === 'scoped') {
    const reference = refer(value, env);
    if (reference?.kind === 'symbol' && reference.symbol.kind === 'scope') {
      return { kind: 'scope', scope: reference.symbol.scope.ir.id, text };
    }
    if (
      reference?.kind === 'symbol' &&
      reference.symbol.kind === 'subprogram' &&
      (reference.symbol.subprogram.kind === 'task' || reference.symbol.subprogram.ports.length > 0)
    ) {
      return { kind: 'scope', scope: reference.symbol.subprogram.scope, text };
    }
    if (reference?.kind === 'place' && !reference.method && reference.place.type.kind === 'event') {
      return { kind: 'event', event: eventOf(reference.place, env), text };
    }
  }
  const operand = analyse(value, env);
  if (operand.text === undefined) return { kind: 'expr', expr: operand.build(), text };
  // Literals, concatenations of them and parameters that are literals are told from vectors: they may be formats.
  const quoted = value.kind === 'string' ? text : `"${operand.text}"`;
  return { kind: 'expr', expr: constant({ kind: 'string', value: operand.text }), text: quoted };
}

/** Whether an argument may be a type: `$bits(int)`, or a name that is one. */
function typeArgument(expr: ast.Expr, env: Env): DataType | undefined {
  if (expr.kind === 'type') return resolveType(expr.type, env.scope, env.ctx);
  if (expr.kind !== 'name' && expr.kind !== 'scoped') return undefined;
  const reference = attempt(() => refer(expr, { ...env, quiet: true }));
  return reference?.kind === 'symbol' && reference.symbol.kind === 'type' ? reference.symbol.type : undefined;
}

function resolved(expr: ast.CallExpr, name: string, env: Env): Operand {
  const first = expr.args[0]?.value;
  if (name === '$cast') return castFunction(expr, env);
  if (!first) return fail(env, 'argument-count', `${name}() needs an argument.`, expr);
  switch (name) {
    case '$signed':
    case '$unsigned':
      if (expr.args.length !== 1) return fail(env, 'argument-count', `${name}() takes 1 argument.`, expr);
      return signCast(expr, analyse(first, env), name === '$signed', env);
    case '$isunbounded':
      return leaf(expr, plain(1, false), () => bits(first.kind === 'dollar' ? 1n : 0n, 1));
  }
  const asType = typeArgument(first, env);
  if (name === '$bits' || name === '$sizeof') return bitsFunction(expr, first, asType, env);
  const { type, object } = asType ? { type: asType, object: undefined } : typeAndObject(first, env);
  switch (name) {
    case '$is_signed':
      return leaf(expr, plain(1, false), () => bits(type.kind === 'integral' && type.signed ? 1n : 0n, 1));
    case '$typename':
      return leaf(expr, { kind: 'string' }, () => constant({ kind: 'string', value: describeType(type) }));
    default:
      return queryFunction(expr, name, type, object, env);
  }
}

function typeAndObject(expr: ast.Expr, env: Env): { type: DataType; object: () => ir.Expr } {
  const reference = refer(expr, env);
  if (reference?.kind === 'place' && !reference.method) {
    const { place } = reference;
    return { type: place.type, object: () => readPlace(place, env) };
  }
  const operand = analyse(expr, env);
  return { type: operand.type, object: () => operand.build() };
}

function numberOperand(expr: ast.Expr, value: number): Operand {
  return leaf(expr, plain(32, true), () => integer(value));
}

function bitsFunction(expr: ast.CallExpr, first: ast.Expr, asType: DataType | undefined, env: Env): Operand {
  if (asType) return numberOperand(expr, bitsOf(asType, env, first));
  const { type, object } = typeAndObject(first, env);
  if (type.kind === 'list' || type.kind === 'string') {
    const width = type.kind === 'string' ? 8 : bitsOf(type.element, env, first);
    return leaf(expr, plain(32, true), () => ({
      op: 'binary',
      operator: 'mul',
      left: sizeOf(object(), type, expr, env),
      right: integer(width),
      type: { kind: 'vector', width: 32, signed: true, fourState: true },
    }));
  }
  return numberOperand(expr, bitsOf(type, env, first));
}

function sizeOf(object: ir.Expr, type: DataType, node: ast.Node, env: Env): ir.Expr {
  return {
    op: 'method',
    method: type.kind === 'string' ? 'len' : 'size',
    object,
    args: [],
    at: env.ctx.at(node),
    type: { kind: 'vector', width: 32, signed: true, fourState: false },
  };
}

function dimensionsOf(type: DataType): number {
  switch (type.kind) {
    case 'array':
    case 'list':
    case 'map':
      return 1 + dimensionsOf(type.element);
    case 'string':
      return 1;
    case 'integral':
      if (type.dims.length === 0) return type.width > 1 || type.fields ? 1 : 0;
      return type.dims.length + (type.atom ? dimensionsOf(type.atom) : 0);
    default:
      return 0;
  }
}

function unpackedDimensions(type: DataType): number {
  return type.kind === 'array' || type.kind === 'list' || type.kind === 'map'
    ? 1 + unpackedDimensions(type.element)
    : 0;
}

/** `$left`, `$right`, `$low`, `$high`, `$size`, `$increment`, `$dimensions`, `$unpacked_dimensions` (1800-2012 20.7). */
function queryFunction(
  expr: ast.CallExpr,
  name: string,
  type: DataType,
  object: (() => ir.Expr) | undefined,
  env: Env,
): Operand {
  if (name === '$dimensions') return numberOperand(expr, dimensionsOf(type));
  if (name === '$unpacked_dimensions') return numberOperand(expr, unpackedDimensions(type));
  let at: DataType = type;
  let dimension = 1;
  const second = expr.args[1]?.value;
  if (second) {
    const value = analyse(second, env).build();
    if (value.op !== 'const' || value.value.kind !== 'vector') {
      return notSupported(env, `A variable dimension in ${name}`, second);
    }
    dimension = value.value.b === 0n ? Number(value.value.a) : 0;
  }
  for (let i = 1; i < dimension; i++) at = innerOf(at) ?? { kind: 'void' };
  if (at.kind === 'list' || at.kind === 'string') {
    if (dimension > 1 || !object) return notSupported(env, `${name} of an inner dynamic dimension`, expr);
    const list = at;
    const size = sizeOf(object(), list, expr, env);
    const last: ir.Expr = { op: 'binary', operator: 'sub', left: size, right: integer(1), type: size.type };
    const values: Record<string, ir.Expr> = {
      $left: integer(0),
      $right: last,
      $low: integer(0),
      $high: last,
      $size: size,
      $increment: integer(-1),
    };
    return leaf(expr, plain(32, true), () => fitted(values[name]!, { width: 32, signed: true }));
  }
  const range = rangeOfType(at);
  if (!range) {
    if (dimension === 1 && at.kind === 'integral')
      return numberOperand(expr, name === '$size' || name === '$increment' ? 1 : 0);
    return leaf(expr, plain(32, true), () =>
      constant({ kind: 'vector', width: 32, signed: true, a: 0xffffffffn, b: 0xffffffffn }),
    );
  }
  const { left, right } = range;
  const values: Record<string, number> = {
    $left: left,
    $right: right,
    $low: Math.min(left, right),
    $high: Math.max(left, right),
    $size: Math.abs(left - right) + 1,
    $increment: left >= right ? 1 : -1,
  };
  return numberOperand(expr, values[name]!);
}

function innerOf(type: DataType): DataType | undefined {
  if ('element' in type) return type.element;
  return type.kind === 'integral' ? packedDimension(type)?.element : undefined;
}

function rangeOfType(type: DataType): { left: number; right: number } | undefined {
  if (type.kind === 'array') return type;
  return type.kind === 'integral' ? packedDimension(type) : undefined;
}

/** `$cast(target, value)`: assigns, and says whether the value is one that the target can have. Only an enumeration refuses values. */
function castFunction(expr: ast.CallExpr, env: Env): Operand {
  const [to, from] = expr.args;
  if (!to?.value || !from?.value || expr.args.length !== 2) {
    return fail(env, 'argument-count', '$cast() takes a target and a value.', expr);
  }
  const { target, type } = procedureTarget(to.value, env, 'procedural');
  const value = analyse(from.value, env);
  const arg: ir.SystemArg = {
    kind: 'lvalue',
    target,
    expr: readPlace(placeFor(to.value, env), env),
    text: sourceText(to.value, env.ctx),
  };
  if (type.kind !== 'integral' || !isIntegral(value)) {
    return notSupported(env, `$cast to ${articleType(type)}`, expr, 'Assign the value.');
  }
  const own = value.build();
  const plainType = { ...type, enum: undefined };
  const given: ir.SystemArg = {
    kind: 'expr',
    expr: assigned({ ...value, build: (to) => (to ? fitted(own, to) : own) }, plainType, env),
    text: sourceText(from.value, env.ctx),
  };
  const args: ir.SystemArg[] = [arg, given];
  if (type.enum) {
    args.push({ kind: 'expr', expr: isMember(own, type, type.enum.members), text: '' });
  }
  const irType: ir.VectorType = { kind: 'vector', width: 32, signed: true, fourState: true };
  return leaf(expr, plain(32, true), () => ({
    op: 'syscall',
    name: '$cast',
    args,
    scope: env.scope.ir.id,
    at: env.ctx.at(expr),
    type: irType,
  }));
}

/** Whether an enumeration has a value: compared at the wider width of both. */
function isMember(value: ir.Expr, type: IntegralType, members: readonly { a: bigint; b: bigint }[]): ir.Expr {
  const own = vectorTypeOf(value);
  const shape = { width: Math.max(own.width, type.width), signed: own.signed && type.signed };
  const wide = fitted(value, shape);
  let result: ir.Expr = bits(0n, 1);
  for (const { a, b } of members) {
    const member = fitted(constant({ kind: 'vector', width: type.width, signed: type.signed, a, b }), shape);
    result = binary('lor', result, binary('ceq', wide, member, bitType), bitType);
  }
  return result;
}

function placeFor(expr: ast.Expr, env: Env): Place {
  const reference = refer(expr, env);
  if (reference?.kind === 'place' && !reference.method) return reference.place;
  return fail(env, 'not-a-target', `This cannot be assigned to in ${pathOf(env.scope, env.ctx)}.`, expr);
}
