/** Methods of strings, queues, arrays, enumerations and events (1800-2012 6.16, 6.19.5, 7.9, 7.10, 7.12, 15.5.3). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { assigned } from './assigned.ts';
import { bitType, constant, integer } from './build.ts';
import { nameText } from './call.ts';
import { eventOf } from './events.ts';
import { analyse, lowerTo } from './expression.ts';
import {
  articleType,
  capitalType,
  type Env,
  fail,
  hiddenVariable,
  isIntegral,
  leaf,
  notSupported,
  type Operand,
  plain,
} from './lowering.ts';
import { type Place, placeTarget, readPlace } from './place.ts';
import type { DataType, IntegralType, Symbol as Meaning, Scope } from './symbols.ts';
import { describeType, toIr } from './types.ts';

const int: DataType = { kind: 'integral', width: 32, signed: true, fourState: false, dims: [] };
const voidType: DataType = { kind: 'void' };

/** What a method takes and gives. `changes`: it writes to its object. */
interface Method {
  args: readonly DataType[];
  /** Arguments that may be left out, at the end. */
  optional?: number;
  returns: DataType;
  changes?: boolean;
}

const string: DataType = { kind: 'string' };
const byte: DataType = { kind: 'integral', width: 8, signed: true, fourState: false, dims: [] };
const real: DataType = { kind: 'real', short: false };
const integerType: DataType = { kind: 'integral', width: 32, signed: true, fourState: true, dims: [] };

const stringMethods = new Map<string, Method>([
  ['len', { args: [], returns: int }],
  ['putc', { args: [int, byte], returns: voidType, changes: true }],
  ['getc', { args: [int], returns: { ...byte, signed: false } as DataType }],
  ['toupper', { args: [], returns: string }],
  ['tolower', { args: [], returns: string }],
  ['compare', { args: [string], returns: int }],
  ['icompare', { args: [string], returns: int }],
  ['substr', { args: [int, int], returns: string }],
  ['atoi', { args: [], returns: integerType }],
  ['atohex', { args: [], returns: integerType }],
  ['atooct', { args: [], returns: integerType }],
  ['atobin', { args: [], returns: integerType }],
  ['atoreal', { args: [], returns: real }],
  ['itoa', { args: [integerType], returns: voidType, changes: true }],
  ['hextoa', { args: [integerType], returns: voidType, changes: true }],
  ['octtoa', { args: [integerType], returns: voidType, changes: true }],
  ['bintoa', { args: [integerType], returns: voidType, changes: true }],
  ['realtoa', { args: [real], returns: voidType, changes: true }],
]);

function listMethods(type: Extract<DataType, { kind: 'list' }>): Map<string, Method> {
  const { element, dynamic } = type;
  const common: [string, Method][] = [['size', { args: [], returns: int }]];
  if (dynamic) return new Map([...common, ['delete', { args: [], returns: voidType, changes: true }]]);
  return new Map([
    ...common,
    ['insert', { args: [int, element], returns: voidType, changes: true }],
    ['delete', { args: [int], optional: 1, returns: voidType, changes: true }],
    ['pop_front', { args: [], returns: element, changes: true }],
    ['pop_back', { args: [], returns: element, changes: true }],
    ['push_front', { args: [element], returns: voidType, changes: true }],
    ['push_back', { args: [element], returns: voidType, changes: true }],
  ]);
}

function mapMethods(type: Extract<DataType, { kind: 'map' }>): Map<string, Method> {
  return new Map<string, Method>([
    ['num', { args: [], returns: int }],
    ['size', { args: [], returns: int }],
    ['exists', { args: [type.key], returns: int }],
    ['delete', { args: [type.key], optional: 1, returns: voidType, changes: true }],
  ]);
}

const ordering = new Set(['reverse', 'sort', 'rsort', 'shuffle']);
const reductions = new Set(['sum', 'product', 'and', 'or', 'xor']);
const locators = new Set(['find', 'find_first', 'find_last', 'min', 'max', 'unique']);
const indexLocators = new Set(['find_index', 'find_first_index', 'find_last_index', 'unique_index']);

function isPlace(object: Place | Operand): object is Place {
  return 'root' in object;
}

/** A method's call as a value; its type is void where it has none. */
export function methodOperand(
  node: ast.Expr,
  object: Place | Operand,
  method: ast.Name,
  args: readonly ast.Argument[],
  withExpr: ast.Expr | undefined,
  env: Env,
): Operand {
  const { type } = object;
  const { name } = method;
  if (type.kind === 'event' && name === 'triggered' && isPlace(object)) {
    const event = eventOf(object, env);
    return leaf(node, plain(1, false), () => ({ op: 'triggered', event, type: bitType }));
  }
  if (type.kind === 'integral' && type.enum) return enumMethod(node, object, type, method, args, env);
  let known: Method | undefined;
  if (type.kind === 'string') known = stringMethods.get(name);
  else if (type.kind === 'list') known = listMethods(type).get(name);
  else if (type.kind === 'map') {
    if (name === 'first' || name === 'last' || name === 'next' || name === 'prev') {
      return mapStep(node, object, type, method, args, env);
    }
    known = mapMethods(type).get(name);
  }
  if (type.kind === 'array' && name === 'size' && args.length === 0) {
    return leaf(node, int, () => integer(Math.abs(type.left - type.right) + 1));
  }
  if (known) return plainMethod(node, object, known, method, args, env);
  if (type.kind === 'list' || type.kind === 'array') {
    const made = arrayMethod(node, object, type, method, withExpr, env);
    if (made) return made;
  }
  if (type.kind === 'integral' || type.kind === 'real') {
    const owner = isPlace(object) ? nameText(object.node) : '';
    return fail(env, 'unknown-member', `"${owner}" has no member "${name}": it is ${articleType(type)}.`, method);
  }
  return fail(env, 'unknown-method', `${capitalType(type)} has no method "${name}".`, method);
}

function objectValue(object: Place | Operand, env: Env): ir.Expr {
  return isPlace(object) ? readPlace(object, env) : object.build();
}

function writtenObject(object: Place | Operand, method: ast.Name, env: Env): ir.LValue {
  if (isPlace(object) && object.root.kind !== 'value') return placeTarget(object, env);
  return fail(
    env,
    'method-object',
    `The method "${method.name}" changes its object, which must be a variable.`,
    method,
  );
}

const irVoid: ir.IrType = { kind: 'vector', width: 1, signed: false, fourState: false };

function plainMethod(
  node: ast.Expr,
  object: Place | Operand,
  known: Method,
  method: ast.Name,
  args: readonly ast.Argument[],
  env: Env,
): Operand {
  const given = args.filter((arg) => arg.value !== undefined);
  const most = known.args.length;
  const least = most - (known.optional ?? 0);
  if (given.length < least || given.length > most) {
    return fail(
      env,
      'argument-count',
      `The method "${method.name}" takes ${least === most ? most : `${least} to ${most}`} argument${most === 1 ? '' : 's'}, not ${given.length}.`,
      node,
    );
  }
  const values = given.map((arg, i) => lowerTo(arg.value!, known.args[i]!, env));
  const target = known.changes ? writtenObject(object, method, env) : objectValue(object, env);
  const type = known.returns.kind === 'void' ? irVoid : toIr(known.returns);
  if (!type) return notSupported(env, `A method with a value of type ${describeType(known.returns)}`, node);
  const made: ir.Expr = {
    op: 'method',
    method: method.name,
    object: target,
    args: values,
    at: env.ctx.at(node),
    type,
  };
  return leaf(node, known.returns, () => made);
}

/** `m.first(k)` and its kin write the key to their argument: it comes as an assignment of what `first` gives. */
function mapStep(
  node: ast.Expr,
  object: Place | Operand,
  type: Extract<DataType, { kind: 'map' }>,
  method: ast.Name,
  args: readonly ast.Argument[],
  env: Env,
): Operand {
  const key = args[0]?.value;
  if (!key || args.length !== 1)
    return fail(env, 'argument-count', `The method "${method.name}" takes 1 argument.`, node);
  const reference = analyse(key, env, type.key);
  const value = assigned(reference, type.key, env);
  if (value.op !== 'signal') {
    return notSupported(env, `An argument of "${method.name}" that is not a plain variable of the key's type`, key);
  }
  const made: ir.Expr = {
    op: 'method',
    method: method.name,
    object: objectValue(object, env),
    args: [value],
    at: env.ctx.at(node),
    type: toIr(int)!,
  };
  return leaf(node, int, () => made);
}

function enumMethod(
  node: ast.Expr,
  object: Place | Operand,
  type: IntegralType,
  method: ast.Name,
  args: readonly ast.Argument[],
  env: Env,
): Operand {
  const { id, members } = type.enum!;
  const member = (at: number) => {
    const { a, b } = members[at] ?? { a: 0n, b: 0n };
    return leaf(node, type, () => constant({ kind: 'vector', width: type.width, signed: type.signed, a, b }));
  };
  switch (method.name) {
    case 'first':
      return member(0);
    case 'last':
      return member(members.length - 1);
    case 'num':
      return leaf(node, int, () => integer(members.length));
    case 'name':
    case 'next':
    case 'prev': {
      const step = args[0]?.value;
      const value = objectValue(object, env);
      const made: ir.Expr = {
        op: 'method',
        method: method.name,
        object: value,
        args: step ? [lowerTo(step, { ...int, signed: false } as DataType, env)] : [],
        enumType: id,
        at: env.ctx.at(node),
        type: method.name === 'name' ? { kind: 'string' } : toIr(type)!,
      };
      return leaf(node, method.name === 'name' ? string : type, () => made);
    }
    default:
      return fail(env, 'unknown-method', `An enumeration has no method "${method.name}".`, method);
  }
}

/** Reductions, locators and orderings of arrays and lists, with `with` (1800-2012 7.12). */
function arrayMethod(
  node: ast.Expr,
  object: Place | Operand,
  type: Extract<DataType, { kind: 'list' | 'array' }>,
  method: ast.Name,
  withExpr: ast.Expr | undefined,
  env: Env,
): Operand | undefined {
  const { name } = method;
  const isOrdering = ordering.has(name);
  const known = isOrdering || reductions.has(name) || locators.has(name) || indexLocators.has(name);
  if (!known) return undefined;
  const { element } = type;
  if (element.kind === 'array' || element.kind === 'list' || element.kind === 'unpacked-struct') {
    return notSupported(env, `The method "${name}" of an array of ${describeType(element)}`, node);
  }
  const body = withExpr && withClause(withExpr, element, node, env);
  if (!withExpr && (name.startsWith('find') || indexLocators.has(name)) && !name.startsWith('unique')) {
    return fail(env, 'with', `The method "${name}" needs a condition, as in "with (item > 0)".`, node);
  }
  let returns: DataType;
  if (isOrdering) returns = voidType;
  else if (locators.has(name)) returns = { kind: 'list', element, dynamic: false };
  else if (indexLocators.has(name)) returns = { kind: 'list', element: int, dynamic: false };
  else returns = body ? body.type : element;
  const stored = returns.kind === 'void' ? irVoid : toIr(returns);
  if (!stored) return notSupported(env, `The method "${name}" of this array`, node);
  const made: ir.Expr = {
    op: 'method',
    method: name,
    object: isOrdering ? writtenObject(object, method, env) : objectValue(object, env),
    args: [],
    at: env.ctx.at(node),
    type: stored,
  };
  if (body) made.with = body.clause;
  return leaf(node, returns, () => made);
}

function withClause(
  expr: ast.Expr,
  element: DataType,
  node: ast.Expr,
  env: Env,
): { type: DataType; clause: { item: ir.SignalId; body: ir.Expr } } {
  const stored = toIr(element);
  if (!stored) return notSupported(env, `A condition on ${articleType(element)}`, node);
  const item = hiddenVariable(env, 'item', stored, node);
  const symbol: Meaning = { kind: 'signal', signal: item, type: element, node };
  const scope: Scope = {
    ...env.scope,
    names: new Map([['item', symbol]]),
    pending: undefined,
    wildcards: [],
    parent: env.scope,
  };
  const operand = analyse(expr, { ...env, scope });
  const enumless: DataType = isIntegral(operand) ? { ...operand.type, enum: undefined } : operand.type;
  return { type: enumless, clause: { item: item.id, body: operand.build() } };
}
