/** Assignment patterns and lists of values (1800-2012 sections 10.9 and 10.10). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { assigned } from './assigned.ts';
import { concat, resize, vector } from './build.ts';
import { constantIndex } from './constant.ts';
import { analyse, lowerTo } from './expression.ts';
import { lookup } from './lookup.ts';
import { articleType, type Env, fail, notSupported, type Operand } from './lowering.ts';
import { castValue } from './operators.ts';
import { packedDimension } from './place.ts';
import type { DataType, IntegralType } from './symbols.ts';
import { describeType, resolveType, toIr } from './types.ts';

/** `'{...}`: of its own type, or of that which it is assigned to. */
export function patternOperand(expr: ast.PatternExpr, target: DataType | undefined, env: Env): Operand {
  const type = expr.type ? resolveType(expr.type, env.scope, env.ctx) : target;
  if (!type) {
    return fail(
      env,
      'pattern-type',
      'An assignment pattern needs a type: it can be assigned, or have a type before it.',
      expr,
    );
  }
  switch (type.kind) {
    case 'integral': {
      const value = packedPattern(expr, type, env);
      return castValue(expr, type, () => value);
    }
    case 'array': {
      const value = arrayItems(expr, type, env);
      return { node: expr, type, build: () => value };
    }
    case 'list':
      return listPattern(expr, type, env);
    case 'map':
      return notSupported(
        env,
        'An assignment pattern for an associative array',
        expr,
        'Assign its elements one by one.',
      );
    case 'unpacked-struct':
      return notSupported(
        env,
        'An assignment pattern for an unpacked struct here',
        expr,
        'Assign to the struct as a whole, or make it packed.',
      );
    default:
      return fail(env, 'pattern-type', `An assignment pattern cannot make ${articleType(type)}.`, expr);
  }
}

/** Values in order, with repetitions written out. */
function positional(expr: ast.PatternExpr, env: Env): ast.Expr[] {
  const values = expr.items.map((item) => item.value);
  if (!expr.repeat) return values;
  const count = constantIndex(expr.repeat, env);
  if (count < 0 || count * values.length > 1 << 20) {
    return fail(env, 'pattern-repeat', `Values cannot be repeated ${count} times.`, expr.repeat);
  }
  return Array.from({ length: count }, () => values).flat();
}

export interface Slot {
  name?: string;
  index?: number;
  type: DataType;
}

function isTypeRef(key: ast.Expr | ast.TypeRef): key is ast.TypeRef {
  return 'packed' in key;
}

/** The value for each slot of a struct or array: by position, or by key, type and default. */
export function slotValues(expr: ast.PatternExpr, slots: readonly Slot[], env: Env): ast.Expr[] {
  if (expr.items.every((item) => item.key === undefined)) {
    const values = positional(expr, env);
    if (values.length !== slots.length) {
      return fail(
        env,
        'pattern-count',
        `This assignment pattern has ${values.length} values, ${slots.length} are needed.`,
        expr,
      );
    }
    return values;
  }
  const values: (ast.Expr | undefined)[] = slots.map(() => undefined);
  let fallback: ast.Expr | undefined;
  const byType: { type: DataType; value: ast.Expr }[] = [];
  for (const { key, value } of expr.items) {
    if (key === undefined) return fail(env, 'pattern-mix', 'Values with and without keys cannot be mixed.', value);
    if (key === 'default') fallback = value;
    else if (isTypeRef(key)) byType.push({ type: resolveType(key, env.scope, env.ctx), value });
    else {
      const at = slotOf(key, slots, env);
      if (at !== undefined) values[at] = value;
      else if (key.kind === 'name' && lookup(env.scope, key.name)?.kind === 'type') {
        const symbol = lookup(env.scope, key.name);
        if (symbol?.kind === 'type') byType.push({ type: symbol.type, value });
      } else return fail(env, 'pattern-key', 'There is nothing of this name or index to give a value to.', key);
    }
  }
  return slots.map((slot, i) => {
    const typed = byType.findLast((entry) => sameType(entry.type, slot.type))?.value;
    const value = values[i] ?? typed ?? fallback;
    if (value) return value;
    return fail(
      env,
      'pattern-missing',
      `The assignment pattern gives no value to ${slot.name ?? `index ${slot.index}`}.`,
      expr,
    );
  });
}

function slotOf(key: ast.Expr, slots: readonly Slot[], env: Env): number | undefined {
  if (key.kind === 'name') {
    const at = slots.findIndex((slot) => slot.name === key.name);
    if (at >= 0) return at;
    if (slots[0]?.name !== undefined || lookup(env.scope, key.name)?.kind === 'type') return undefined;
  }
  const index = constantIndex(key, env);
  const at = slots.findIndex((slot) => slot.index === index);
  return at >= 0 ? at : undefined;
}

function sameType(left: DataType, right: DataType): boolean {
  if (left.kind !== right.kind) return false;
  if (left.kind !== 'integral' || right.kind !== 'integral') return true;
  return (
    left.width === right.width &&
    left.signed === right.signed &&
    left.fourState === right.fourState &&
    left.enum?.id === right.enum?.id &&
    left.struct === right.struct
  );
}

function indexSlots(dim: { left: number; right: number }, type: DataType): Slot[] {
  const step = dim.left <= dim.right ? 1 : -1;
  const slots: Slot[] = [];
  for (let i = dim.left; step > 0 ? i <= dim.right : i >= dim.right; i += step) slots.push({ index: i, type });
  return slots;
}

function packedPattern(expr: ast.PatternExpr, type: IntegralType, env: Env): ir.Expr {
  let slots: Slot[];
  if (type.fields) slots = type.fields.map((field) => ({ name: field.name, type: field.type }));
  else {
    const dim = packedDimension(type);
    if (!dim) return fail(env, 'pattern-type', 'A single bit needs no assignment pattern.', expr);
    slots = indexSlots(dim, dim.element);
  }
  if (type.union) return fail(env, 'pattern-type', 'A union has no assignment pattern.', expr);
  const values = slotValues(expr, slots, env);
  const parts = values.map((value, i) => nested(value, slots[i]!.type, expr, env));
  return resize(concat(parts), vector(type.width, type.signed, type.fourState));
}

/** A default reaches into structs and arrays below (1800-2012 10.9.1). */
function nested(value: ast.Expr, type: DataType, whole: ast.PatternExpr, env: Env): ir.Expr {
  const isDefault = whole.items.some((item) => item.key === 'default' && item.value === value);
  const inner =
    type.kind === 'array' || (type.kind === 'integral' && (type.fields || (type.dims.length > 1 && !type.atom)));
  if (isDefault && inner && value.kind !== 'pattern' && analyse(value, env, type).type.kind !== 'array') {
    const again: ast.PatternExpr = { ...whole, type: undefined, items: [{ key: 'default', value }] };
    return lowerTo(again, type, env);
  }
  return lowerTo(value, type, env);
}

/** All elements of an array in order, of all dimensions. */
function arrayItems(expr: ast.PatternExpr, type: Extract<DataType, { kind: 'array' }>, env: Env): ir.Expr {
  const stored = toIr(type);
  if (!stored) return notSupported(env, `An array of ${describeType(type.element)}`, expr);
  const slots = indexSlots(type, type.element);
  const items = slotValues(expr, slots, env).flatMap((value) => {
    const item = nested(value, type.element, expr, env);
    return item.op === 'items' && type.element.kind === 'array' ? item.items : [item];
  });
  return { op: 'items', items, type: stored };
}

function listPattern(expr: ast.PatternExpr, type: Extract<DataType, { kind: 'list' }>, env: Env): Operand {
  if (expr.items.some((item) => item.key !== undefined)) {
    return notSupported(env, 'An assignment pattern with keys for a queue or dynamic array', expr);
  }
  return listOperand(expr, positional(expr, env), type, env);
}

/** `'{a, b}` and `{a, q, b}` of a queue or array; lists among the values are spliced. */
export function listOperand(
  node: ast.Expr,
  values: readonly ast.Expr[],
  type: Extract<DataType, { kind: 'list' | 'array' }>,
  env: Env,
): Operand {
  const stored = toIr(type);
  if (!stored) return notSupported(env, `A list of ${describeType(type.element)}`, node);
  const items = values.map((value) => {
    const operand = analyse(value, env, type.element);
    if (operand.type.kind === 'list' && type.element.kind !== 'list')
      return assigned(operand, { ...operand.type, element: type.element }, env);
    return assigned(operand, type.element, env);
  });
  if (type.kind === 'array') {
    const count = Math.abs(type.left - type.right) + 1;
    if (items.length !== count) {
      return fail(env, 'pattern-count', `This has ${items.length} values, the array ${count} elements.`, node);
    }
  }
  const made: ir.Expr = { op: 'items', items, type: stored };
  return { node, type, build: () => made };
}
