/** Parameters: their values and types (1364-2005 section 12.2, 1800-2012 sections 6.20 and 23.10). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { constantOf } from './constant.ts';
import type { Body, Elaboration, Override } from './context.ts';
import { typeOfExpr } from './expression.ts';
import { lookup, lookupDeclared } from './lookup.ts';
import type { Declaration } from './names.ts';
import type { DataType, IntegralType, Symbol as Meaning, Scope } from './symbols.ts';
import { atomType, resolveType, vectorType, withDims, withPacked } from './types.ts';

type ParamDeclaration = Extract<Declaration, { kind: 'param' }>;

const unknownBit: ir.Constant = { kind: 'vector', width: 1, signed: false, a: 1n, b: 1n };

/** The symbol of a parameter: its override's value, or its default's. */
export function declareParam(
  entry: ParamDeclaration,
  scope: Scope,
  ctx: Elaboration,
  body?: Body,
): Meaning | undefined {
  const override = entry.local ? undefined : body?.overrides.get(entry.name.name);
  if (entry.decl.isType) return typeParam(entry, scope, ctx, override);
  const type = declaredType(entry, scope, ctx);
  const expr = override ? override.value : entry.at.value;
  const where = override && !override.constant ? override.scope : scope;
  if (override?.constant) return finish(entry, scope, convertGiven(override.constant, type), type, ctx);
  if (!expr) {
    ctx.report(
      {
        code: 'no-parameter-value',
        severity: 'error',
        what: `The parameter "${entry.name.name}" has no value: it has no default and the instance gives none.`,
        remedy: 'Give it a value at the instance, or a default.',
      },
      override?.node ?? body?.connections?.instance ?? entry.name,
    );
    return finish(entry, scope, unknownBit, type, ctx);
  }
  if (entry.at.dims.length > 0) return arrayParam(entry, type ?? atomType('integer'), expr, scope, where, ctx);
  const value = constantOf(expr, where, ctx, type === 'signed' ? undefined : type);
  if (!value) return finish(entry, scope, unknownBit, type, ctx);
  return finish(entry, scope, value, type, ctx, dynamicType(expr, where, ctx, type, value));
}

/** Undefined: the type is that of the value; 'signed': that, made signed. */
function declaredType(entry: ParamDeclaration, scope: Scope, ctx: Elaboration): DataType | 'signed' | undefined {
  const ref = entry.decl.type;
  if (!ref) return undefined;
  if (ref.kind === 'implicit' && ref.packed.length === 0) return ref.signed ? 'signed' : undefined;
  if (ref.kind === 'implicit') return withPacked(atomType('logic', ref.signed ?? false), ref.packed, scope, ctx);
  return resolveType(ref, scope, ctx);
}

/** A parameter without a type keeps what its value is: an enum, a struct. */
function dynamicType(
  expr: ast.Expr,
  scope: Scope,
  ctx: Elaboration,
  declared: DataType | 'signed' | undefined,
  value: ir.Constant,
): IntegralType | undefined {
  if (declared !== undefined || value.kind !== 'vector') return undefined;
  if (expr.kind !== 'name' && expr.kind !== 'scoped' && expr.kind !== 'cast') return undefined;
  const type = typeOfExpr(expr, scope, ctx);
  return type?.kind === 'integral' && type.width === value.width ? type : undefined;
}

function typeOfValue(value: ir.Constant): DataType {
  if (value.kind === 'real') return { kind: 'real', short: false };
  if (value.kind === 'string') return { kind: 'string' };
  return vectorType(value.width, value.signed);
}

function finish(
  entry: ParamDeclaration,
  scope: Scope,
  value: ir.Constant,
  type: DataType | 'signed' | undefined,
  ctx: Elaboration,
  better?: DataType,
): Meaning {
  let kept = value;
  if (type === 'signed' && value.kind === 'vector') kept = { ...value, signed: true };
  const final = type === undefined || type === 'signed' ? (better ?? typeOfValue(kept)) : type;
  scope.ir.parameters.push({
    name: entry.name.name,
    value: kept,
    local: entry.local,
    at: ctx.at(entry.name),
  });
  return { kind: 'param', value: kept, type: final, node: entry.name, local: entry.local, isPort: !entry.local };
}

/** A value from the command line brought to the declared type. */
function convertGiven(value: ir.Constant, type: DataType | 'signed' | undefined): ir.Constant {
  if (type === undefined || type === 'signed') return value;
  if (type.kind === 'real') {
    if (value.kind === 'vector') {
      return { kind: 'real', value: Number(value.signed ? BigInt.asIntN(value.width, value.a) : value.a) };
    }
    return value;
  }
  if (type.kind !== 'integral') return value;
  const mask = (1n << BigInt(type.width)) - 1n;
  if (value.kind === 'real') {
    const whole = BigInt(Math.round(value.value));
    return { kind: 'vector', width: type.width, signed: type.signed, a: whole & mask, b: 0n };
  }
  if (value.kind === 'string') return value;
  const extend = (plane: bigint) => (value.signed ? BigInt.asIntN(value.width, plane) : plane) & mask;
  return { kind: 'vector', width: type.width, signed: type.signed, a: extend(value.a), b: extend(value.b) };
}

/** `localparam int t [3] = '{1, 2, 3}`. */
function arrayParam(
  entry: ParamDeclaration,
  element: DataType | 'signed',
  expr: ast.Expr,
  scope: Scope,
  where: Scope,
  ctx: Elaboration,
): Meaning {
  const base: DataType = element === 'signed' ? atomType('integer') : element;
  const type = withDims(base, entry.at.dims, scope, ctx);
  const values: ir.Constant[] = [];
  const gather = (part: ast.Expr, of: DataType): void => {
    if (of.kind !== 'array') {
      values.push(constantOf(part, where, ctx, of) ?? unknownBit);
      return;
    }
    const size = Math.abs(of.left - of.right) + 1;
    const items = part.kind === 'pattern' && !part.repeat ? part.items : undefined;
    if (!items || items.length !== size || items.some((item) => item.key !== undefined)) {
      ctx.report(
        {
          code: 'not-supported',
          severity: 'error',
          what: `The value of the array parameter "${entry.name.name}" is not a list of ${size} items.`,
          remedy: "Write '{...} with one item for each element.",
        },
        part,
      );
      return;
    }
    for (const item of items) gather(item.value, of.element);
  };
  gather(expr, type);
  return {
    kind: 'param',
    value: values[0] ?? unknownBit,
    type,
    node: entry.name,
    local: entry.local,
    isPort: !entry.local,
    values,
  };
}

function typeParam(entry: ParamDeclaration, scope: Scope, ctx: Elaboration, override: Override | undefined): Meaning {
  const expr = override ? override.value : entry.at.value;
  const where = override ? override.scope : scope;
  const type = expr && typeOfArgument(expr, where, ctx);
  if (!type) {
    ctx.report(
      {
        code: 'no-parameter-value',
        severity: 'error',
        what: `The type parameter "${entry.name.name}" has no data type for its value.`,
        remedy: 'Give it a data type at the instance, or a default.',
      },
      expr ?? entry.name,
    );
  }
  return { kind: 'type', type: type ?? vectorType(1), node: entry.name };
}

/** A data type that was written where an expression stands: a name of one is read as a name. */
export function typeOfArgument(expr: ast.Expr, scope: Scope, ctx: Elaboration): DataType | undefined {
  if (expr.kind === 'type') return resolveType(expr.type, scope, ctx);
  if (expr.kind === 'name') {
    const symbol = lookup(scope, expr.name);
    return symbol?.kind === 'type' ? symbol.type : undefined;
  }
  if (expr.kind === 'scoped') {
    const from = ctx.packages.get(expr.scope.name);
    const symbol = from && lookupDeclared(from, expr.name.name);
    return symbol?.kind === 'type' ? symbol.type : undefined;
  }
  if (expr.kind === 'range' && expr.mode === ':') {
    const base = typeOfArgument(expr.object, scope, ctx);
    if (base?.kind !== 'integral') return undefined;
    return withPacked(base, [{ left: expr.left, right: expr.right, first: expr.first, last: expr.last }], scope, ctx);
  }
  return undefined;
}
