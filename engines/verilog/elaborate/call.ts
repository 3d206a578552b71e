/** Calls of functions and tasks: which one is meant, and its arguments by order, name or default (1364-2005 section 10, 1800-2012 section 13). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { assigned } from './assigned.ts';
import { analyse, lowerTo } from './expression.ts';
import { lookupDeclared, lookupLocal, type PathPart, resolvePath } from './lookup.ts';
import {
  type Env,
  fail,
  hiddenVariable,
  leaf,
  notSupported,
  type Operand,
  pathOf,
  readSignal,
  wholeSignal,
} from './lowering.ts';
import { procedureTarget } from './lvalue.ts';
import { methodOperand } from './methods.ts';
import type { Place } from './place.ts';
import { packageScope, refer } from './reference.ts';
import type { SubprogramSymbol } from './subprogram.ts';
import { rememberSubprogram } from './subprogram.ts';
import type { DataType, Symbol as Meaning, Scope } from './symbols.ts';
import { systemOperand } from './system-function.ts';
import { describeType } from './types.ts';

export type Callee =
  | { kind: 'subprogram'; symbol: SubprogramSymbol }
  | { kind: 'method'; object: ast.Expr; method: ast.Name };

function pathParts(expr: ast.Expr): PathPart[] | undefined {
  if (expr.kind === 'name') return [{ name: expr.name }];
  if (expr.kind === 'member') {
    const below = pathParts(expr.object);
    return below && [...below, { name: expr.member.name }];
  }
  if (expr.kind === 'index' && expr.index.kind === 'number') {
    const below = pathParts(expr.object);
    const last = below?.pop();
    return last && [...(below ?? []), { ...last, indices: [...(last.indices ?? []), Number(expr.index.a)] }];
  }
  return undefined;
}

/** A function or task by a simple name; a function's own name within it is its result too, which is passed over here. */
function lookupSubprogram(scope: Scope, name: string): SubprogramSymbol | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const symbol = lookupLocal(at, name);
    if (!symbol) continue;
    if (symbol.kind === 'subprogram') return symbol;
    const isResult = symbol.kind === 'signal' && at.subprogram?.result === symbol.signal.id;
    if (!isResult) return undefined;
  }
  return undefined;
}

/** What a call calls. Undefined: there is no function or task of that name. */
export function calleeOf(callee: ast.Expr, env: Env): Callee | undefined {
  if (callee.kind === 'name') {
    const near = lookupSubprogram(env.scope, callee.name);
    if (near) return { kind: 'subprogram', symbol: near };
  }
  if (callee.kind === 'scoped') {
    const symbol = lookupDeclared(packageScope(callee.scope, env), callee.name.name);
    return symbol?.kind === 'subprogram' ? { kind: 'subprogram', symbol } : undefined;
  }
  const parts = pathParts(callee);
  const found = parts && resolvePath(env.scope, parts);
  if (found && parts && found.used === parts.length && found.symbol.kind === 'subprogram') {
    return { kind: 'subprogram', symbol: found.symbol };
  }
  if (callee.kind !== 'member') return undefined;
  if (found && (found.symbol.kind === 'scope' || found.symbol.kind === 'scopes')) return undefined;
  return { kind: 'method', object: callee.object, method: callee.member };
}

export function nameText(expr: ast.Expr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'scoped':
      return `${expr.scope.name}::${expr.name.name}`;
    case 'member':
      return `${nameText(expr.object)}.${expr.member.name}`;
    case 'index':
      return `${nameText(expr.object)}[]`;
    default:
      return '';
  }
}

export function unknownCallee(callee: ast.Expr, what: 'function' | 'task', env: Env): never {
  return fail(
    env,
    `unknown-${what}`,
    `No ${what} named "${nameText(callee)}" found in this context (${pathOf(env.scope, env.ctx)}).`,
    callee,
    'Declare it, or mend its spelling.',
  );
}

/** A call as a value. */
export function callOperand(expr: ast.CallExpr, env: Env): Operand {
  const { callee } = expr;
  if (callee.kind === 'system') return systemOperand(expr, callee.name, env);
  const found = calleeOf(callee, env);
  if (!found) return unknownCallee(callee, 'function', env);
  if (found.kind === 'method') {
    return methodOperand(expr, placeOrValue(found.object, env), found.method, expr.args, expr.with, env);
  }
  return functionOperand(expr, found.symbol, expr.args, env);
}

/** The object of a method. */
function placeOrValue(object: ast.Expr, env: Env): Place | Operand {
  const reference = refer(object, env);
  if (reference?.kind === 'place' && !reference.method) return reference.place;
  return analyse(object, env);
}

function functionOperand(node: ast.Expr, symbol: SubprogramSymbol, args: readonly ast.Argument[], env: Env): Operand {
  const { subprogram, returns } = symbol;
  if (subprogram.kind === 'task') {
    return fail(env, 'task-value', `"${subprogram.name}" is a task: it has no value.`, node, 'Make it a function.');
  }
  if (returns.kind === 'void') {
    return fail(env, 'void-value', `The function "${subprogram.name}" returns nothing.`, node);
  }
  const bound = bindArguments(symbol, args, node, env);
  if (bound.after.length > 0) {
    return notSupported(
      env,
      'An output argument of another type than its port, in a function called in an expression,',
      node,
      'Give the variable the type of the port.',
    );
  }
  const call: ir.Expr = {
    op: 'call',
    subprogram: subprogram.id,
    args: bound.args,
    at: env.ctx.at(node),
    type: typeOfResult(symbol, env),
  };
  return leaf(node, returns, () => call);
}

export function typeOfResult(symbol: SubprogramSymbol, env: Env): ir.IrType {
  const { result } = symbol.subprogram;
  const signal = result === undefined ? undefined : env.ctx.design.signals[result];
  return signal?.type ?? { kind: 'vector', width: 1, signed: false, fourState: true };
}

export interface BoundArguments {
  args: (ir.Expr | ir.LValue)[];
  /** Before the call: inputs of temporaries. */
  before: ir.Stmt[];
  /** After the call: outputs that are converted. */
  after: ir.Stmt[];
}

/** The port's declared type. */
function portType(symbol: SubprogramSymbol, port: ast.SubprogramPort, env: Env): DataType {
  const found = symbol.scope.names.get(port.name.name);
  if (found?.kind === 'signal') return found.type;
  return notSupported(env, 'A port of this type', port);
}

/** Arguments in order of the ports. Outputs whose type is another than their port's go through a variable in between. */
export function bindArguments(
  symbol: SubprogramSymbol,
  args: readonly ast.Argument[],
  node: ast.Node,
  env: Env,
): BoundArguments {
  rememberSubprogram(symbol, env.ctx);
  const { decl, subprogram } = symbol;
  const { ports } = decl;
  const given: (ast.Argument | undefined)[] = new Array(ports.length).fill(undefined);
  let positional = 0;
  for (const arg of args) {
    if (!arg.name) {
      if (positional >= ports.length) {
        if (ports.length === 0 && !arg.value && args.length === 1) break;
        return wrongCount(decl, args.length, node, env);
      }
      given[positional++] = arg;
      continue;
    }
    const { name } = arg.name;
    const at = ports.findIndex((port) => port.name.name === name);
    if (at < 0) {
      return fail(env, 'argument-name', `The ${decl.kind} "${subprogram.name}" has no argument "${name}".`, arg.name);
    }
    if (given[at]) return fail(env, 'argument-twice', `The argument "${name}" is given twice.`, arg.name);
    given[at] = arg;
  }
  const bound: BoundArguments = { args: [], before: [], after: [] };
  for (const [i, port] of ports.entries()) {
    const type = portType(symbol, port, env);
    const value = given[i]?.value;
    if (port.direction === 'input') {
      if (value) bound.args.push(lowerTo(value, type, env));
      else if (port.default) bound.args.push(lowerTo(port.default, type, { ...env, scope: symbol.scope }));
      else
        return given.some(Boolean) && args.length >= ports.length
          ? missing(port, decl, node, env)
          : wrongCount(decl, args.length, node, env);
      continue;
    }
    const written = value ?? port.default;
    if (!written) return wrongCount(decl, args.length, node, env);
    outputArgument(
      written,
      port,
      type,
      subprogram.ports[i]!.signal,
      bound,
      value ? env : { ...env, scope: symbol.scope },
    );
  }
  return bound;
}

function missing(port: ast.SubprogramPort, decl: ast.SubprogramDecl, node: ast.Node, env: Env): never {
  return fail(
    env,
    'argument-missing',
    `The argument "${port.name.name}" of ${decl.kind} "${decl.name.name}" is missing.`,
    node,
  );
}

function wrongCount(decl: ast.SubprogramDecl, count: number, node: ast.Node, env: Env): never {
  return fail(
    env,
    'argument-count',
    `The ${decl.kind} "${decl.name.name}" takes ${decl.ports.length} argument${decl.ports.length === 1 ? '' : 's'}, not ${count}.`,
    node,
  );
}

function outputArgument(
  expr: ast.Expr,
  port: ast.SubprogramPort,
  type: DataType,
  signal: ir.SignalId,
  bound: BoundArguments,
  env: Env,
): void {
  const { target, type: targetType } = procedureTarget(expr, env, 'procedural');
  const portIr = env.ctx.design.signals[signal]!.type;
  if (storedAlike(portIr, target.type)) {
    bound.args.push(target);
    return;
  }
  if (port.direction === 'ref') {
    fail(
      env,
      'ref-type',
      `An argument passed by reference must have the type of its port, ${describeType(type)}.`,
      expr,
    );
  }
  const between = hiddenVariable(env, port.name.name, portIr, expr);
  const at = env.ctx.at(expr);
  if (port.direction === 'inout') {
    bound.before.push({ op: 'assign', target: wholeSignal(between), value: lowerTo(expr, type, env), at });
  }
  bound.args.push(wholeSignal(between));
  const value = assigned(
    leaf(expr, plainEnum(type), () => readSignal(between)),
    plainEnum(targetType),
    env,
  );
  bound.after.push({ op: 'assign', target, value, at });
}

function plainEnum(type: DataType): DataType {
  return type.kind === 'integral' && type.enum ? { ...type, enum: undefined } : type;
}

/** Whether a value of one type can be put into the other as it is. */
function storedAlike(from: ir.IrType, to: ir.IrType): boolean {
  if (from.kind === 'vector' && to.kind === 'vector') {
    return from.width === to.width && (to.fourState || !from.fourState);
  }
  if (from.kind === 'real' && to.kind === 'real') return !to.short || from.short === true;
  if (from.kind === 'array' && to.kind === 'array')
    return from.count === to.count && storedAlike(from.element, to.element);
  return from.kind === to.kind;
}

/** What a name that has no place is worth: a function without arguments is called. */
export function symbolOperand(symbol: Meaning, node: ast.Expr, env: Env): Operand {
  switch (symbol.kind) {
    case 'subprogram':
      return functionOperand(node, symbol, [], env);
    case 'scope':
    case 'scopes':
      return fail(env, 'scope-value', `"${nameText(node)}" is a scope, it has no value.`, node);
    case 'genvar':
      return fail(env, 'genvar-value', `The genvar "${nameText(node)}" has a value inside its loop only.`, node);
    case 'type':
      return fail(env, 'type-value', `"${nameText(node)}" is a data type, it has no value.`, node);
    default:
      return fail(env, 'value', 'This has no value.', node);
  }
}
