/** foreach (1800-2012 section 12.7.3), lowered to loops over the dimensions that are named. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { binary, bitType, fitted, integer, vector } from './build.ts';
import { lookupDeclared } from './lookup.ts';
import { capitalType, type Env, fail, notSupported, readSignal, wholeSignal } from './lowering.ts';
import { indexPlace, type Place, packedDimension, readPlace } from './place.ts';
import { refer } from './reference.ts';
import { statementOf } from './statement.ts';

const int = vector(32, true, false);

export function foreachStatement(stmt: ast.ForeachStmt, env: Env, at: ir.At): ir.Stmt {
  const { ctx } = env;
  const reference = refer(stmt.array, env);
  if (reference?.kind !== 'place' || reference.method) {
    return fail(env, 'foreach', 'foreach needs an array to go over.', stmt.array);
  }
  // Without any variable there is nothing to go over, as Icarus has it.
  if (stmt.variables.every((variable) => !variable)) return { op: 'block', body: [], at };
  const own = ctx.blockScope(stmt, env.scope);
  const inner: Env = own ? { ...env, scope: own } : env;
  const loop = dimension(stmt, reference.place, 0, inner, at);
  const autos = own?.ir.signals.filter((id) => ctx.design.signals[id]!.automatic && !ctx.design.signals[id]!.hidden);
  const made: ir.Stmt = { op: 'block', body: [loop], at };
  if (autos?.length) made.autos = autos;
  return own ? made : loop;
}

/** The loop over the dimension that variable `at` stands for, and those within. */
function dimension(stmt: ast.ForeachStmt, place: Place, level: number, env: Env, at: ir.At): ir.Stmt {
  if (level === stmt.variables.length) {
    return stmt.body.kind === 'null' ? { op: 'block', body: [], at } : statementOf(stmt.body, env);
  }
  const name = stmt.variables[level];
  const { type } = place;
  if (!name) {
    // A dimension without a variable is not gone over.
    const any = type.kind === 'array' ? integer(type.left) : integer(0);
    return dimension(stmt, element(stmt, place, any, level, env), level + 1, env, at);
  }
  const variable = declaredVariable(name, env);
  switch (type.kind) {
    case 'map':
      return mapLoop(stmt, place, variable, level, env, at);
    case 'list':
    case 'string': {
      const method = type.kind === 'list' ? 'size' : 'len';
      const object = readPlace(place, env);
      const size: ir.Expr = { op: 'method', method, object, args: [], at, type: int };
      return counting(stmt, place, variable, integer(0), size, 1, level, env, at);
    }
    case 'array':
      return range(stmt, place, variable, type, level, env, at);
    case 'integral': {
      const dim = packedDimension(type);
      if (dim) return range(stmt, place, variable, dim, level, env, at);
      break;
    }
  }
  return fail(env, 'foreach', `${capitalType(type)} has no elements to go over.`, name);
}

function declaredVariable(name: ast.Name, env: Env): ir.Signal {
  const symbol = lookupDeclared(env.scope, name.name);
  if (symbol?.kind === 'signal') return symbol.signal;
  return notSupported(env, 'A loop variable of this kind', name);
}

function range(
  stmt: ast.ForeachStmt,
  place: Place,
  variable: ir.Signal,
  dim: { left: number; right: number },
  level: number,
  env: Env,
  at: ir.At,
): ir.Stmt {
  const step = dim.left <= dim.right ? 1 : -1;
  return counting(stmt, place, variable, integer(dim.left), integer(dim.right + step), step, level, env, at);
}

/** `for (variable = from; variable < end; variable++)`, or downward. */
function counting(
  stmt: ast.ForeachStmt,
  place: Place,
  variable: ir.Signal,
  from: ir.Expr,
  end: ir.Expr,
  step: 1 | -1,
  level: number,
  env: Env,
  at: ir.At,
): ir.Stmt {
  const value = readSignal(variable);
  const target = wholeSignal(variable);
  const next = binary(step > 0 ? 'add' : 'sub', value, integer(1), int);
  const operand = fitted(end, { width: 32, signed: true });
  return {
    op: 'for',
    init: [{ op: 'assign', target, value: from, at }],
    condition: binary(step > 0 ? 'lt' : 'gt', value, operand, bitType),
    step: [{ op: 'assign', target, value: next, at }],
    body: dimension(stmt, element(stmt, place, value, level, env), level + 1, env, at),
    at,
  };
}

/** What the next dimension is of; not needed after the last. */
function element(stmt: ast.ForeachStmt, place: Place, index: ir.Expr, level: number, env: Env): Place {
  if (level + 1 >= stmt.variables.length) return place;
  return indexPlace(place, index, stmt.array, env);
}

/** `if (m.first(k)) do ... while (m.next(k));` */
function mapLoop(
  stmt: ast.ForeachStmt,
  place: Place,
  variable: ir.Signal,
  level: number,
  env: Env,
  at: ir.At,
): ir.Stmt {
  const object = readPlace(place, env);
  const key = readSignal(variable);
  const step = (method: string): ir.Expr => ({ op: 'method', method, object, args: [key], at, type: int });
  const body = dimension(stmt, element(stmt, place, key, level, env), level + 1, env, at);
  const loop: ir.Stmt = { op: 'do', condition: step('next'), body, at };
  // biome-ignore lint/suspicious/noThenProperty: the IR calls it so
  return { op: 'if', condition: step('first'), then: loop, at };
}
