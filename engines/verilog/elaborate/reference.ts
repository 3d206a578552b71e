/** Names with members and selects: what they refer to (1364-2005 section 12.4, 1800-2012 sections 7, 11.5 and 23.6). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { assigned } from './assigned.ts';
import { constant, integer, vectorTypeOf } from './build.ts';
import { constantIndex, constantValue, textOf } from './constant.ts';
import { unknownOf } from './constant-ops.ts';
import { analyse } from './expression.ts';
import { lookup, lookupDeclared, type PathPart, resolvePath } from './lookup.ts';
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
  warn,
} from './lowering.ts';
import {
  fieldPlace,
  indexedPlace,
  indexPlace,
  type Place,
  rangePlace,
  readPlace,
  unknownPlace,
  valuePlace,
} from './place.ts';
import type { DataType, Symbol as Meaning, Scope } from './symbols.ts';
import { toIr } from './types.ts';

type Selector = ast.MemberExpr | ast.IndexExpr | ast.RangeExpr;

/** What a name leads to: a place, or something that has no value of its own. `rest`: a member that is none of its fields, so a method. */
export type Reference =
  | { kind: 'place'; place: Place; method?: ast.Name; rest?: ast.MemberExpr }
  | { kind: 'symbol'; symbol: Meaning; scope: Scope; node: ast.Expr };

function selectorsOf(expr: ast.Expr): { root: ast.Expr; selectors: Selector[] } {
  const selectors: Selector[] = [];
  let at = expr;
  while (at.kind === 'member' || at.kind === 'index' || at.kind === 'range') {
    selectors.unshift(at);
    at = at.object;
  }
  return { root: at, selectors };
}

export function unknownName(name: string, node: ast.Node, env: Env): never {
  return fail(
    env,
    'unknown-name',
    `Unable to bind wire/reg/memory "${name}" in "${pathOf(env.scope, env.ctx)}".`,
    node,
    'Declare it, or mend its spelling.',
  );
}

/** The scope of a package (or `$unit`) by the name before `::`. */
export function packageScope(name: ast.Name, env: Env): Scope {
  if (name.name === '$unit') return env.ctx.unit;
  const scope = env.ctx.packages.get(name.name);
  if (scope) return scope;
  return fail(env, 'unknown-package', `There is no package "${name.name}".`, name, 'Compile its file before this one.');
}

interface Found {
  symbol: Meaning;
  scope: Scope;
  /** Selectors that were part of the name. */
  taken: number;
}

function pathText(expr: ast.Expr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'member':
      return `${pathText(expr.object)}.${expr.member.name}`;
    case 'index':
      return `${pathText(expr.object)}[]`;
    default:
      return '';
  }
}

const carriers = new Set<Meaning['kind']>(['signal', 'fields', 'param', 'enum-member']);

function findName(root: ast.NameExpr, selectors: readonly Selector[], env: Env): Found | undefined {
  const near = lookup(env.scope, root.name);
  if (near && (carriers.has(near.kind) || selectors.length === 0)) return { symbol: near, scope: env.scope, taken: 0 };
  const parts: PathPart[] = [{ name: root.name }];
  // After each part: how many selectors it and the parts before it take.
  const ends = [0];
  for (let i = 0; i < selectors.length; i++) {
    const selector = selectors[i]!;
    if (selector.kind === 'range') break;
    if (selector.kind === 'member') {
      parts.push({ name: selector.member.name });
      ends.push(i + 1);
      continue;
    }
    const value = attempt(() => constantIndex(selector.index, { ...env, quiet: true }));
    const part = parts.at(-1)!;
    part.indices = [...(part.indices ?? []), value ?? Number.NaN];
  }
  const found = resolvePath(env.scope, parts);
  if (!found) return near && { symbol: near, scope: env.scope, taken: 0 };
  const last = found.used - 1;
  let taken = ends[last] ?? 0;
  // The indices of an instance belong to its name.
  if (found.symbol.kind === 'scope') taken += parts[last]!.indices?.length ?? 0;
  return { symbol: found.symbol, scope: found.scope, taken };
}

/** What an expression made of a name, members and selects refers to. Undefined: it is no such expression. */
export function refer(expr: ast.Expr, env: Env): Reference | undefined {
  const { root, selectors } = selectorsOf(expr);
  let found: Found | undefined;
  if (root.kind === 'name') {
    found = findName(root, selectors, env);
    if (!found) return unknownName(pathText(expr) || root.name, expr, env);
  } else if (root.kind === 'scoped') {
    const scope = packageScope(root.scope, env);
    const symbol = lookupDeclared(scope, root.name.name);
    if (!symbol) return unknownName(`${root.scope.name}::${root.name.name}`, root, env);
    found = { symbol, scope, taken: 0 };
  } else if (selectors.length === 0) return undefined;

  let place: Place;
  let taken = 0;
  if (found) {
    taken = found.taken;
    const node = taken > 0 ? selectors[taken - 1]! : root;
    if (taken > 0 && found.symbol.kind === 'signal' && found.symbol.signal.automatic) {
      return fail(
        env,
        'automatic-path',
        `The automatic variable "${found.symbol.signal.name}" cannot be referred to by a hierarchical name.`,
        expr,
      );
    }
    const rooted = rootPlace(found.symbol, node, env);
    if (!rooted) {
      if (taken < selectors.length && found.symbol.kind !== 'subprogram') return unknownName(pathText(expr), expr, env);
      return { kind: 'symbol', symbol: found.symbol, scope: found.scope, node };
    }
    place = rooted;
  } else {
    const operand = analyse(root, env);
    place = valuePlace(root, operand.type, operand.build());
  }
  for (let i = taken; i < selectors.length; i++) {
    const selector = selectors[i]!;
    if (selector.kind === 'member') {
      const field = fieldPlace(place, selector.member.name, selector);
      if (field) {
        place = field;
        continue;
      }
      if (i < selectors.length - 1) {
        // A method without parentheses, with selects of its result.
        const operand = analyse(selector, env);
        place = valuePlace(selector, operand.type, operand.build());
        continue;
      }
      return { kind: 'place', place, method: selector.member };
    }
    place = selectPlace(place, selector, env);
  }
  return { kind: 'place', place };
}

function rootPlace(symbol: Meaning, node: ast.Expr, env: Env): Place | undefined {
  switch (symbol.kind) {
    case 'signal':
      return {
        node,
        root: { kind: 'signal', symbol, indices: [] },
        type: symbol.type,
        stored: symbol.type,
        steps: [],
      };
    case 'fields':
      return {
        node,
        root: { kind: 'fields', symbol, indices: [] },
        type: symbol.type,
        stored: symbol.type,
        steps: [],
      };
    case 'enum-member':
      return valuePlace(node, symbol.type, constant(symbol.value), true);
    case 'param': {
      if (!symbol.values) {
        const place = valuePlace(node, symbol.type, constant(symbol.value), true);
        const text = textOf(symbol.value);
        if (text !== undefined) place.text = text;
        return place;
      }
      return arrayParameter(symbol, symbol.values, node, env);
    }
    default:
      return undefined;
  }
}

/** The constants of an array-valued parameter, in order. */
function arrayParameter(
  symbol: Extract<Meaning, { kind: 'param' }>,
  values: readonly ir.Constant[],
  node: ast.Expr,
  env: Env,
): Place {
  const stored = toIr(symbol.type);
  if (!stored) return notSupported(env, 'An array parameter of this type', node);
  const items = values.map((value) => constant(value));
  return valuePlace(node, symbol.type, { op: 'items', items, type: stored }, true);
}

/** The value of an index: a vector. */
export function indexValue(expr: ast.Expr, env: Env, of: Place): ir.Expr {
  const inner: Env = of.type.kind === 'list' ? { ...env, dollar: lastIndex(of, env) } : env;
  const operand = analyse(expr, inner);
  if (!isIntegral(operand)) {
    return fail(
      env,
      'index-type',
      `An index must be a whole number, not ${articleType(operand.type)}.`,
      expr,
      operand.type.kind === 'real' ? 'Convert it with $rtoi.' : undefined,
    );
  }
  return operand.build();
}

function lastIndex(list: Place, env: Env): ir.Expr {
  const object = readPlace(list, env);
  const type = { kind: 'vector', width: 32, signed: true, fourState: false } as const;
  const size: ir.Expr = { op: 'method', method: 'size', object, args: [], at: env.ctx.at(list.node), type };
  return { op: 'binary', operator: 'sub', left: size, right: integer(1), type };
}

function keyValue(expr: ast.Expr, place: Place, env: Env): ir.Expr {
  if (place.type.kind !== 'map') return indexValue(expr, env, place);
  return analyseKey(expr, place.type.key, env);
}

function analyseKey(expr: ast.Expr, key: DataType, env: Env): ir.Expr {
  return assigned(analyse(expr, env, key), key, env);
}

function selectPlace(place: Place, selector: ast.IndexExpr | ast.RangeExpr, env: Env): Place {
  if (place.type.kind === 'real') {
    return fail(env, 'real-select', 'A real value has no bits to select.', selector);
  }
  if (selector.kind === 'index') return indexPlace(place, keyValue(selector.index, place, env), selector, env);
  if (place.type.kind === 'list') return slicePlace(place, selector, env);
  if (selector.mode === ':') {
    const left = constantBound(selector.left, env);
    const right = constantBound(selector.right, env);
    if (left === undefined || right === undefined) return unknownPlace(place, selector, env);
    return rangePlace(place, left, right, selector, env);
  }
  const width = constantIndex(selector.right, env);
  if (width <= 0) {
    return fail(env, 'part-width', `The width of a part select must be at least 1, not ${width}.`, selector.right);
  }
  return indexedPlace(place, indexValue(selector.left, env, place), width, selector.mode === '+:', selector, env);
}

/** A bound; undefined: it is x or z, which is warned of. */
function constantBound(expr: ast.Expr, env: Env): number | undefined {
  const value = constantValue(expr, env);
  if (value.kind !== 'vector' || value.b === 0n) return constantIndex(expr, env);
  warn(env, 'unknown-bound', 'A bound of this part select is undefined: it selects nothing.', expr);
  return undefined;
}

/** `q[a:b]`: a list of its own. */
function slicePlace(place: Place, selector: ast.RangeExpr, env: Env): Place {
  const object = readPlace(place, env);
  let left = indexValue(selector.left, env, place);
  let right = indexValue(selector.right, env, place);
  if (selector.mode !== ':') {
    const width = constantIndex(selector.right, env);
    const shift = integer(width - 1);
    const from = resizeIndex(left);
    const type = vectorTypeOf(from);
    if (selector.mode === '+:') right = { op: 'binary', operator: 'add', left: from, right: shift, type };
    else {
      right = from;
      left = { op: 'binary', operator: 'sub', left: from, right: shift, type };
    }
  }
  return valuePlace(selector, place.type, { op: 'slice', object, left, right, type: object.type });
}

function resizeIndex(expr: ir.Expr): ir.Expr {
  return { op: 'resize', operand: expr, type: { kind: 'vector', width: 32, signed: true, fourState: true } };
}

/** A place as an operand. */
export function placeOperand(place: Place, env: Env): Operand {
  if (!place.unknown) {
    const operand = leaf(place.node, place.type, () => readPlace(place, env));
    return place.text === undefined || place.steps.length > 0 ? operand : { ...operand, text: place.text };
  }
  return {
    node: place.node,
    type: place.type,
    build: (to) => constant(unknownOf(to ?? { width: 1, signed: false })),
  };
}
