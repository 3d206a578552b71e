/** Data types: from what the source writes to what names and signals need (1364-2005 section 4, 1800-2012 sections 6 and 7). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { constantInteger } from './constant.ts';
import { enumType } from './enums.ts';
import { typeOfExpr } from './expression.ts';
import { lookup, lookupDeclared } from './lookup.ts';
import type { Context, DataType, IntegralType, Scope } from './symbols.ts';

/** Widest vector, as in Icarus. */
export const maxWidth = 1 << 24;
/** Most elements of an array of fixed size. */
export const maxElements = 1 << 28;

export function vectorType(width: number, signed = false, fourState = true): IntegralType {
  return { kind: 'integral', width, signed, fourState, dims: width === 1 ? [] : [{ left: width - 1, right: 0 }] };
}

const atoms: Partial<Record<ast.IntegerTypeName, [width: number, signed: boolean, fourState: boolean]>> = {
  byte: [8, true, false],
  shortint: [16, true, false],
  int: [32, true, false],
  longint: [64, true, false],
  integer: [32, true, true],
  time: [64, false, true],
};

/** `int`, `integer`, `time` ...: a type with a width of its own. */
export function atomType(name: ast.IntegerTypeName, signed?: boolean): IntegralType {
  const [width, atomSigned, fourState] = atoms[name] ?? [1, false, name !== 'bit'];
  return { kind: 'integral', width, signed: signed ?? atomSigned, fourState, dims: [] };
}

/** Enums and structs by the place in the source and the scope: names of one type must be of one type. */
const made = new WeakMap<Context, Map<ast.Node, Map<number, DataType>>>();

function remembered(ref: ast.Node, scope: Scope, ctx: Context): DataType | undefined {
  return made.get(ctx)?.get(ref)?.get(scope.ir.id);
}

export function remember<T extends DataType>(ref: ast.Node, scope: Scope, ctx: Context, type: T): T {
  let byNode = made.get(ctx);
  if (!byNode) {
    byNode = new Map();
    made.set(ctx, byNode);
  }
  let byScope = byNode.get(ref);
  if (!byScope) {
    byScope = new Map();
    byNode.set(ref, byScope);
  }
  byScope.set(scope.ir.id, type);
  return type;
}

/**
 * The data type that a type reference means in a scope. What is wrong is reported; the answer is then a type that lets elaboration go on.
 * A reference without a type word is a vector of four-state bits.
 */
export function resolveType(ref: ast.TypeRef, scope: Scope, ctx: Context): DataType {
  switch (ref.kind) {
    case 'implicit':
      return withPacked(atomType('logic', ref.signed ?? false), ref.packed, scope, ctx);
    case 'integer': {
      const type = atomType(ref.name, ref.signed);
      if (type.width > 1 && ref.packed.length > 0) {
        ctx.report(
          {
            code: 'packed-atom',
            severity: 'error',
            what: `Packed dimensions cannot be added to "${ref.name}", which has a width of its own.`,
            remedy: 'Use logic, reg or bit with a range.',
          },
          ref,
        );
        return type;
      }
      return withPacked(type, ref.packed, scope, ctx);
    }
    case 'real':
      return { kind: 'real', short: ref.name === 'shortreal' };
    case 'string':
    case 'event':
    case 'void':
    case 'chandle':
      return { kind: ref.kind };
    case 'named':
      return namedType(ref, scope, ctx);
    case 'enum':
      return withPackedAny(remembered(ref, scope, ctx) ?? enumType(ref, scope, ctx), ref, scope, ctx);
    case 'struct':
      return withPackedAny(remembered(ref, scope, ctx) ?? structType(ref, scope, ctx), ref, scope, ctx);
    case 'type-of':
      return typeOf(ref.operand, scope, ctx);
    case 'interface':
      return { kind: 'unsupported', what: 'an interface as a data type' };
  }
}

const exprKinds = new Set([
  'integer',
  'implicit',
  'event',
  'chandle',
  'void',
  'named',
  'enum',
  'struct',
  'type-of',
  'interface',
]);

function isTypeRef(node: ast.Expr | ast.TypeRef): node is ast.TypeRef {
  return 'packed' in node && (exprKinds.has(node.kind) || node.kind === 'real' || node.kind === 'string');
}

function typeOf(operand: ast.Expr | ast.TypeRef, scope: Scope, ctx: Context): DataType {
  if (isTypeRef(operand)) return resolveType(operand, scope, ctx);
  if (operand.kind === 'name') {
    const symbol = lookup(scope, operand.name);
    if (symbol && 'type' in symbol) return symbol.type;
  }
  if (operand.kind === 'type') return resolveType(operand.type, scope, ctx);
  return typeOfExpr(operand, scope, ctx) ?? vectorType(1);
}

/** A data type with no more than the IR knows of it. */
export function fromIr(type: ir.IrType): DataType {
  switch (type.kind) {
    case 'vector':
      return vectorType(type.width, type.signed, type.fourState);
    case 'real':
      return { kind: 'real', short: type.short ?? false };
    case 'string':
      return { kind: 'string' };
    case 'event':
      return { kind: 'event' };
    case 'array': {
      let element = fromIr(type.element);
      for (const dim of type.dims.toReversed()) element = { kind: 'array', element, left: dim.left, right: dim.right };
      return element;
    }
    case 'list':
      return { kind: 'list', element: fromIr(type.element), dynamic: type.dynamic, bound: type.bound };
    case 'map':
      return { kind: 'map', element: fromIr(type.element), key: fromIr(type.key) };
  }
}

/** How signals of a data type are stored. Undefined: it has no value of one signal (unpacked structs, void), or is not supported. */
export function toIr(type: DataType): ir.IrType | undefined {
  switch (type.kind) {
    case 'integral':
      return { kind: 'vector', width: type.width, signed: type.signed, fourState: type.fourState };
    case 'real':
      return type.short ? { kind: 'real', short: true } : { kind: 'real' };
    case 'string':
      return { kind: 'string' };
    case 'event':
      return { kind: 'event' };
    case 'array': {
      const dims: { left: number; right: number }[] = [];
      let element: DataType = type;
      let count = 1;
      while (element.kind === 'array') {
        dims.push({ left: element.left, right: element.right });
        count *= Math.abs(element.left - element.right) + 1;
        element = element.element;
      }
      const stored = toIr(element);
      if (!stored || stored.kind === 'array' || stored.kind === 'list' || stored.kind === 'map') return undefined;
      return { kind: 'array', element: stored, dims, count };
    }
    case 'list': {
      const element = toIr(type.element);
      if (!element || element.kind === 'array' || element.kind === 'map' || element.kind === 'event') return undefined;
      const list: ir.ListType = { kind: 'list', dynamic: type.dynamic, element };
      if (type.bound !== undefined) list.bound = type.bound;
      return list;
    }
    case 'map': {
      const element = toIr(type.element);
      const key = toIr(type.key);
      if (!element || (element.kind !== 'vector' && element.kind !== 'real' && element.kind !== 'string'))
        return undefined;
      if (key?.kind !== 'vector' && key?.kind !== 'string') return undefined;
      return { kind: 'map', element, key };
    }
    default:
      return undefined;
  }
}

/** Bounds of a range; what is not a whole known number is reported. */
export function rangeOf(
  range: { left: ast.Expr; right: ast.Expr },
  scope: Scope,
  ctx: Context,
): { left: number; right: number } | undefined {
  const left = constantInteger(range.left, scope, ctx);
  const right = constantInteger(range.right, scope, ctx);
  return left === undefined || right === undefined ? undefined : { left, right };
}

function tooWide(width: number, node: ast.Node, ctx: Context): boolean {
  if (width <= maxWidth) return false;
  ctx.report(
    {
      code: 'too-wide',
      severity: 'error',
      what: `A vector of ${width} bits is wider than the ${maxWidth} that are supported.`,
      remedy: 'Use a memory of narrower words.',
    },
    node,
  );
  return true;
}

/** Adds packed dimensions around a type; plain vectors take them into their own. */
export function withPacked(
  base: IntegralType,
  packed: readonly ast.PackedRange[],
  scope: Scope,
  ctx: Context,
): IntegralType {
  if (packed.length === 0) return base;
  const dims: { left: number; right: number }[] = [];
  let width = base.width;
  for (const range of packed) {
    const dim = rangeOf(range, scope, ctx);
    if (!dim) continue;
    const next = width * (Math.abs(dim.left - dim.right) + 1);
    if (tooWide(next, range, ctx)) continue;
    width = next;
    dims.push(dim);
  }
  if (dims.length === 0) return base;
  const plain = !base.enum && !base.fields && !(base.width > 1 && base.dims.length === 0);
  if (plain) {
    const type: IntegralType = { ...base, width, dims: [...dims, ...base.dims] };
    return type;
  }
  return { kind: 'integral', width, signed: false, fourState: base.fourState, dims, atom: base };
}

function withPackedAny(base: DataType, ref: ast.TypeRef, scope: Scope, ctx: Context): DataType {
  if (ref.packed.length === 0) return base;
  if (base.kind === 'integral') return withPacked(base, ref.packed, scope, ctx);
  ctx.report(
    {
      code: 'packed-type',
      severity: 'error',
      what: 'Packed dimensions need a type that is packed itself.',
      remedy: 'Write the range after the name, or make the type a packed one.',
    },
    ref,
  );
  return base;
}

function namedType(ref: ast.TypeRef & { kind: 'named' }, scope: Scope, ctx: Context): DataType {
  const name = ref.name.name;
  let symbol: ReturnType<typeof lookup>;
  if (ref.scope) {
    const from = ref.scope.name === '$unit' ? ctx.unit : ctx.packages.get(ref.scope.name);
    if (!from) {
      ctx.report(
        {
          code: 'no-package',
          severity: 'error',
          what: `There is no package "${ref.scope.name}".`,
          remedy: 'Check the name, and that the package comes before its use.',
        },
        ref.scope,
      );
      return vectorType(1);
    }
    symbol = lookupDeclared(from, name);
  } else symbol = lookup(scope, name);
  if (symbol?.kind === 'type') return withPackedAny(symbol.type, ref, scope, ctx);
  const isInterface = ctx.modules.get(name)?.word === 'interface';
  ctx.report(
    {
      code: isInterface ? 'not-supported' : 'no-type',
      severity: 'error',
      what: isInterface
        ? `The interface "${name}" cannot be used as a data type here.`
        : symbol
          ? `"${name}" is not a data type.`
          : `There is no data type "${name}".`,
      remedy: isInterface
        ? 'Pass the interface through a port.'
        : 'Declare it with typedef before it is used, or import its package.',
    },
    ref,
  );
  return vectorType(1);
}

function structType(ref: ast.TypeRef & { kind: 'struct' }, scope: Scope, ctx: Context): DataType {
  const fields: { name: string; type: DataType; init?: ast.Expr }[] = [];
  const seen = new Set<string>();
  for (const field of ref.fields) {
    const type = resolveType(field.type, scope, ctx);
    for (const { name, dims, init } of field.names) {
      if (seen.has(name.name)) {
        ctx.report(
          {
            code: 'field-twice',
            severity: 'error',
            what: `The field "${name.name}" is declared twice.`,
            remedy: 'Rename one of them.',
          },
          name,
        );
        continue;
      }
      seen.add(name.name);
      fields.push({ name: name.name, type: withDims(type, dims, scope, ctx), init });
    }
  }
  if (ref.tagged) return { kind: 'unsupported', what: 'a tagged union' };
  if (!ref.packedStruct) {
    if (ref.union) return { kind: 'unsupported', what: 'an unpacked union' };
    return remember(ref, scope, ctx, { kind: 'unpacked-struct', fields });
  }
  const packed: { name: string; type: IntegralType; offset: number }[] = [];
  let width = 0;
  for (const field of fields.toReversed()) {
    if (field.type.kind !== 'integral') {
      ctx.report(
        {
          code: 'packed-field',
          severity: 'error',
          what: `The field "${field.name}" of a packed ${ref.union ? 'union' : 'struct'} is not packed.`,
          remedy: 'Use an integral type.',
        },
        ref,
      );
      continue;
    }
    packed.push({ name: field.name, type: field.type, offset: ref.union ? 0 : width });
    if (ref.union && width > 0 && field.type.width !== width) {
      ctx.report(
        {
          code: 'union-width',
          severity: 'error',
          what: 'The members of a packed union differ in width.',
          remedy: 'Make them equally wide.',
        },
        ref,
      );
    }
    width = ref.union ? Math.max(width, field.type.width) : width + field.type.width;
  }
  packed.reverse();
  if (width === 0 || tooWide(width, ref, ctx)) return vectorType(1);
  const id = ctx.design.structs.length;
  const info: ir.StructInfo = { name: '', fields: [] };
  ctx.design.structs.push(info);
  for (const { name, type, offset } of packed) {
    const field: ir.StructInfo['fields'][number] = { name, offset, width: type.width, signed: type.signed };
    if (type.enum) field.enumType = type.enum.id;
    if (type.struct !== undefined) field.structType = type.struct;
    info.fields.push(field);
  }
  const type: IntegralType = {
    kind: 'integral',
    width,
    signed: ref.signed,
    fourState: packed.some((field) => field.type.fourState),
    dims: [],
    fields: packed,
    struct: id,
  };
  if (ref.union) type.union = true;
  return remember(ref, scope, ctx, type);
}

/** Adds unpacked dimensions, as written after a name. */
export function withDims(base: DataType, dims: readonly ast.UnpackedDim[], scope: Scope, ctx: Context): DataType {
  let type = base;
  for (const dim of dims.toReversed()) type = withDim(type, dim, scope, ctx);
  return type;
}

function withDim(element: DataType, dim: ast.UnpackedDim, scope: Scope, ctx: Context): DataType {
  switch (dim.kind) {
    case 'range': {
      const range = rangeOf(dim, scope, ctx);
      return range ? sized(element, range.left, range.right, dim, ctx) : element;
    }
    case 'size': {
      const size = constantInteger(dim.size, scope, ctx);
      if (size === undefined) return element;
      if (size <= 0) {
        ctx.report(
          {
            code: 'array-size',
            severity: 'error',
            what: `An array cannot have ${size} elements.`,
            remedy: 'Use a size of 1 or more.',
          },
          dim,
        );
        return element;
      }
      return sized(element, 0, size - 1, dim, ctx);
    }
    case 'dynamic':
      return { kind: 'list', element, dynamic: true };
    case 'queue': {
      const list: DataType = { kind: 'list', element, dynamic: false };
      if (!dim.bound) return list;
      const bound = constantInteger(dim.bound, scope, ctx);
      if (bound !== undefined && bound < 0) {
        ctx.report(
          {
            code: 'queue-bound',
            severity: 'error',
            what: 'The bound of a queue cannot be negative.',
            remedy: 'Write the highest index that the queue may have.',
          },
          dim,
        );
        return list;
      }
      return bound === undefined ? list : { ...list, bound };
    }
    case 'associative':
      if (!dim.index) return { kind: 'unsupported', what: 'an associative array with any index ([*])' };
      return { kind: 'map', element, key: resolveType(dim.index, scope, ctx) };
  }
}

function sized(element: DataType, left: number, right: number, node: ast.Node, ctx: Context): DataType {
  let count = Math.abs(left - right) + 1;
  for (let at = element; at.kind === 'array'; at = at.element) count *= Math.abs(at.left - at.right) + 1;
  if (count > maxElements) {
    ctx.report(
      {
        code: 'too-large',
        severity: 'error',
        what: `An array of ${count} elements is larger than the ${maxElements} that are supported.`,
        remedy: 'Use a smaller memory.',
      },
      node,
    );
    return element;
  }
  return { kind: 'array', element, left, right };
}

/** A type as messages write it. */
export function describeType(type: DataType): string {
  switch (type.kind) {
    case 'integral': {
      if (type.name) return type.name;
      if (type.enum) return 'enum';
      if (type.fields) return type.union ? 'packed union' : 'packed struct';
      const word = type.fourState ? 'logic' : 'bit';
      return `${word}${type.signed ? ' signed' : ''}${type.dims.map((dim) => `[${dim.left}:${dim.right}]`).join('')}`;
    }
    case 'unpacked-struct':
      return type.name ?? 'struct';
    case 'array':
      return `array of ${describeType(type.element)}`;
    case 'list':
      return `${type.dynamic ? 'dynamic array' : 'queue'} of ${describeType(type.element)}`;
    case 'map':
      return `associative array of ${describeType(type.element)}`;
    case 'unsupported':
      return type.what;
    default:
      return type.kind;
  }
}
