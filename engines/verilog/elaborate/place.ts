/** Places: what a name with its selects stands for, to be read, written or driven. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import {
  binary,
  bits,
  bitType,
  concat,
  conditional,
  constant,
  fitted,
  integer,
  resize,
  select,
  vector,
  vectorTypeOf,
} from './build.ts';
import { integerOf, unknownOf } from './constant-ops.ts';
import { type Env, fail, notSupported, warn } from './lowering.ts';
import type { DataType, IntegralType, Symbol as Meaning } from './symbols.ts';
import { toIr } from './types.ts';

export type SignalSymbol = Extract<Meaning, { kind: 'signal' }>;
export type FieldsSymbol = Extract<Meaning, { kind: 'fields' }>;

export type Root =
  | { kind: 'signal'; symbol: SignalSymbol; indices: ir.Index[] }
  /** Element of a list or map, character of a string. */
  | { kind: 'item'; object: Place; index: ir.Expr }
  /** Not stored: constants, results of calls. */
  | { kind: 'value'; value: ir.Expr; constant: boolean }
  /** A variable of an unpacked struct, or an array of them with indices that its fields will take. */
  | { kind: 'fields'; symbol: FieldsSymbol; indices: ir.Index[] };

/** Bits of a packed value: `width` of them from `offset` on, of `of`. */
interface Step {
  offset: ir.Expr;
  width: number;
  of: number;
}

export interface Place {
  node: ast.Expr;
  root: Root;
  /** Of what is named. */
  type: DataType;
  /** Of the root, before any bits were selected. */
  stored: DataType;
  steps: Step[];
  /** A part of an unpacked array: the dimension that it is a part of. */
  sliced?: { left: number; right: number };
  /** A part select with bounds that are x or z: all bits of its context are x, nothing is written. */
  unknown?: boolean;
  /** A parameter's, whose value is a string literal. */
  text?: string;
}

export function valuePlace(node: ast.Expr, type: DataType, value: ir.Expr, isConstant = false): Place {
  return { node, root: { kind: 'value', value, constant: isConstant }, type, stored: type, steps: [] };
}

function irOf(type: DataType, env: Env, node: ast.Node): ir.IrType {
  return (
    toIr(type) ?? notSupported(env, `${type.kind === 'unsupported' ? type.what : `This use of a ${type.kind}`}`, node)
  );
}

// -------------------------------------------------------------------------------------------------------- Reading

/** The value at a place, of the place's type. Whole arrays come as the signal. */
export function readPlace(place: Place, env: Env): ir.Expr {
  let value = readRoot(place, env);
  if (place.steps.length === 0) return value;
  for (const step of place.steps) value = select(value, step.offset, step.width);
  return place.type.kind === 'integral'
    ? resize(value, vector(place.type.width, place.type.signed, place.type.fourState))
    : value;
}

function readRoot(place: Place, env: Env): ir.Expr {
  const { root, stored } = place;
  switch (root.kind) {
    case 'value':
      return root.value;
    case 'signal': {
      const { signal } = root.symbol;
      if (root.indices.length === 0) {
        if (place.sliced) return partValue(place, env);
        return { op: 'signal', signal: signal.id, type: signal.type };
      }
      if (stored.kind === 'array') return partValue(place, env);
      return { op: 'element', signal: signal.id, indices: root.indices, type: irOf(stored, env, place.node) };
    }
    case 'item':
      return {
        op: 'item',
        object: readPlace(root.object, env),
        index: root.index,
        type: irOf(stored, env, place.node),
      };
    case 'fields':
      return notSupported(env, 'A whole unpacked struct in an expression', place.node, 'Use its fields.');
  }
}

/** A part of an array as the list of its elements. */
function partValue(place: Place, env: Env): ir.Expr {
  const elements = elementPlaces(place, env, true);
  if (elements.length > 1 << 14) return notSupported(env, 'So large a part of an array as a value', place.node);
  return {
    op: 'items',
    items: elements.map((element) => readPlace(element, env)),
    type: irOf(place.type, env, place.node),
  };
}

// -------------------------------------------------------------------------------------------------------- Writing

/** The place as the target of an assignment. */
export function placeTarget(place: Place, env: Env): ir.LValue {
  const type = irOf(place.type, env, place.node);
  const part = place.steps.length > 0 ? linearPart(place.steps) : undefined;
  const { root } = place;
  switch (root.kind) {
    case 'signal': {
      const target: ir.LValue = { kind: 'signal', signal: root.symbol.signal.id, type };
      if (root.indices.length > 0) target.indices = root.indices;
      if (part) target.part = part;
      return target;
    }
    case 'item': {
      const target: ir.LValue = { kind: 'item', object: placeTarget(root.object, env), index: root.index, type };
      if (part) target.part = part;
      return target;
    }
    case 'fields':
      return notSupported(env, 'A whole unpacked struct as the target of an assignment here', place.node);
    case 'value':
      return fail(env, 'not-a-target', 'This is not something that can be assigned to.', place.node);
  }
}

function constantStep(expr: ir.Expr): number | undefined {
  if (expr.op !== 'const' || expr.value.kind !== 'vector' || expr.value.b !== 0n) return undefined;
  return Number(integerOf(expr.value));
}

/** Steps one inside the other as one part. A step that goes outside what it is in would touch its neighbours: then its offset is made x. */
function linearPart(steps: readonly Step[]): { offset: ir.Expr; width: number } {
  let offset = steps[0]!.offset;
  let width = steps[0]!.width;
  for (const step of steps.slice(1)) {
    const known = constantStep(step.offset);
    let inner = step.offset;
    if (known === undefined || known < 0 || known + step.width > step.of) {
      inner = guarded(step.offset, 0, step.of - step.width);
    }
    offset = sum(offset, inner);
    width = step.width;
  }
  return { offset, width };
}

/** The offset where it is from `low` to `high`, x elsewhere. */
function guarded(offset: ir.Expr, low: number, high: number): ir.Expr {
  const wide = signedOf(offset);
  const shape = vectorTypeOf(wide);
  const limit = (value: number) => bits(BigInt(value), shape.width, true);
  const inside = binary(
    'land',
    binary('ge', wide, limit(low), bitType),
    binary('le', wide, limit(high), bitType),
    bitType,
  );
  return conditional(inside, wide, constant(unknownOf(shape)), shape);
}

function sum(left: ir.Expr, right: ir.Expr): ir.Expr {
  const a = signedOf(left);
  const b = signedOf(right);
  const width = Math.max(vectorTypeOf(a).width, vectorTypeOf(b).width);
  const shape = { width, signed: true };
  return binary('add', fitted(a, shape), fitted(b, shape), vector(width, true));
}

/** An index as a signed number of at least 32 bits. Indices of 32 bits unsigned stay so wide: what looks negative is out of range anyway. */
function signedOf(index: ir.Expr): ir.Expr {
  const type = vectorTypeOf(index);
  if (type.width > 32)
    return type.signed
      ? index
      : fitted(fitted(index, { width: type.width + 1, signed: false }), { width: type.width + 1, signed: true });
  if (type.width === 32) return fitted(index, { width: 32, signed: true });
  // Extended by its own sign, then seen as signed.
  const wide = resize(index, vector(32, type.signed, type.fourState));
  return fitted(wide, { width: 32, signed: true });
}

// ------------------------------------------------------------------------------------------------------ Selecting

/** `i - zero` or `zero - i`, times `scale`: a position counted from 0. */
function position(index: ir.Expr, zero: number, upward: boolean, scale: number, count: number): ir.Expr {
  const known = constantStep(index);
  if (known !== undefined) {
    const at = (upward ? known - zero : zero - known) * scale;
    return Number.isSafeInteger(at) ? integer(at) : constant(unknownOf({ width: 32, signed: true }));
  }
  if (upward && zero === 0 && scale === 1) return index;
  let at = signedOf(index);
  const { width } = vectorTypeOf(at);
  const type = vector(width, true);
  const from = bits(BigInt(zero), width, true);
  if (!upward) at = binary('sub', from, at, type);
  else if (zero !== 0) at = binary('sub', at, from, type);
  if (scale === 1) return at;
  const reach = vectorTypeOf(index).width + (scale - 1).toString(2).length + 1;
  // A wild index times the scale could come back into range.
  if (reach > width) at = guarded(at, -count, count);
  return binary('mul', at, bits(BigInt(scale), width, true), type);
}

/** The outermost packed dimension and the type of what it holds. Undefined: a single bit. */
export function packedDimension(
  type: IntegralType,
): { left: number; right: number; element: IntegralType } | undefined {
  const dim = type.dims[0];
  if (!dim) {
    if (type.width === 1 && !type.fields && !type.enum) return undefined;
    return { left: type.width - 1, right: 0, element: bitOf(type) };
  }
  const count = Math.abs(dim.left - dim.right) + 1;
  if (type.dims.length === 1) return { ...dim, element: type.atom ?? bitOf(type) };
  const inner: IntegralType = {
    kind: 'integral',
    width: type.width / count,
    signed: false,
    fourState: type.fourState,
    dims: type.dims.slice(1),
  };
  if (type.atom) inner.atom = type.atom;
  return { ...dim, element: inner };
}

function bitOf(type: IntegralType): IntegralType {
  return { kind: 'integral', width: 1, signed: false, fourState: type.fourState, dims: [] };
}

/** One element of a place: of an array, a list, a map, a string, or of a packed value. */
export function indexPlace(place: Place, index: ir.Expr, node: ast.Expr, env: Env): Place {
  const { type, root } = place;
  switch (type.kind) {
    case 'array': {
      const dim = place.sliced ?? type;
      const upward = dim.left <= dim.right;
      const size = Math.abs(dim.left - dim.right) + 1;
      const value = position(index, dim.left, upward, 1, size);
      if (root.kind === 'signal' || root.kind === 'fields') {
        return {
          node,
          root: { ...root, indices: [...root.indices, { value, size }] } as Root,
          type: type.element,
          stored: type.element,
          steps: [],
        };
      }
      if (root.kind === 'value' && root.value.op === 'items')
        return listedElement(place, root.value.items, index, node, env);
      return notSupported(env, 'Selecting from this array', node);
    }
    case 'list':
      return {
        node,
        root: { kind: 'item', object: place, index },
        type: type.element,
        stored: type.element,
        steps: [],
      };
    case 'map':
      return {
        node,
        root: { kind: 'item', object: place, index },
        type: type.element,
        stored: type.element,
        steps: [],
      };
    case 'string': {
      const byte: IntegralType = { kind: 'integral', width: 8, signed: false, fourState: false, dims: [] };
      return { node, root: { kind: 'item', object: place, index }, type: byte, stored: byte, steps: [] };
    }
    case 'integral': {
      const dim = packedDimension(type);
      if (!dim)
        return fail(env, 'scalar-select', 'A single bit has no bits to select.', node, 'Declare it with a range.');
      const upward = dim.left >= dim.right;
      const count = Math.abs(dim.left - dim.right) + 1;
      const known = constantStep(index);
      if (known !== undefined && (known - dim.left) * (known - dim.right) > 0) {
        warn(
          env,
          'index-range',
          `The index ${known} is outside of the range [${dim.left}:${dim.right}]: it selects nothing.`,
          node,
        );
      }
      const offset = position(index, dim.right, upward, dim.element.width, count);
      return stepped(place, offset, dim.element, node);
    }
    default:
      return fail(env, 'select', `A ${type.kind} has no elements or bits to select.`, node);
  }
}

/** An element of an array whose elements are listed: of a parameter. */
function listedElement(place: Place, items: readonly ir.Expr[], index: ir.Expr, node: ast.Expr, env: Env): Place {
  const { left, right, element } = place.type as Extract<DataType, { kind: 'array' }>;
  const size = Math.abs(left - right) + 1;
  const per = items.length / size;
  const at = (position: number): ir.Expr => {
    const type = toIr(element)!;
    return per === 1
      ? items[position]!
      : { op: 'items', items: items.slice(position * per, (position + 1) * per), type };
  };
  const known = constantStep(index);
  if (known !== undefined && (known - left) * (known - right) <= 0) {
    return valuePlace(node, element, at(Math.abs(known - left)), true);
  }
  const upward = left <= right;
  if (element.kind === 'integral' && per === 1) {
    // One vector of all elements, that of position 0 lowest: the index selects from it.
    const offset = position(index, left, upward, element.width, size);
    const value = select(concat(items.toReversed()), offset, element.width);
    return valuePlace(node, element, resize(value, vector(element.width, element.signed, element.fourState)), true);
  }
  if (element.kind !== 'real' && element.kind !== 'string') {
    return notSupported(env, 'A variable index into an array parameter of this type', node);
  }
  let value: ir.Expr = constant(element.kind === 'real' ? { kind: 'real', value: 0 } : { kind: 'string', value: '' });
  const wide = signedOf(index);
  const shape = vectorTypeOf(wide);
  for (let i = 0; i < size; i++) {
    const number = bits(BigInt(upward ? left + i : left - i), shape.width, true);
    const item = at(i);
    value = conditional(binary('ceq', wide, number, bitType), item, value, item.type);
  }
  return valuePlace(node, element, value, true);
}

function stepped(place: Place, offset: ir.Expr, type: IntegralType, node: ast.Expr): Place {
  const of = (place.type as IntegralType).width;
  const steps = place.steps.slice();
  const last = steps.at(-1);
  const inner = constantStep(offset);
  const outer = last && constantStep(last.offset);
  // Constant steps within one another are one.
  if (last && inner !== undefined && outer !== undefined && inner >= 0 && inner + type.width <= of) {
    steps[steps.length - 1] = { offset: integer(outer + inner), width: type.width, of: last.of };
  } else steps.push({ offset, width: type.width, of });
  return { node, root: place.root, type, stored: place.stored, steps };
}

export function fieldPlace(place: Place, name: string, node: ast.Expr): Place | undefined {
  const { type, root } = place;
  if (type.kind === 'integral') {
    const field = type.fields?.find((candidate) => candidate.name === name);
    return field && stepped(place, integer(field.offset), field.type, node);
  }
  if (root.kind !== 'fields') return undefined;
  const symbol = root.symbol.fields.get(name);
  if (symbol?.kind === 'fields') {
    return {
      node,
      root: { kind: 'fields', symbol, indices: root.indices },
      type: peeled(symbol.type, root.indices.length),
      stored: symbol.type,
      steps: [],
    };
  }
  if (symbol?.kind !== 'signal') return undefined;
  const type2 = peeled(symbol.type, root.indices.length);
  return { node, root: { kind: 'signal', symbol, indices: root.indices }, type: type2, stored: type2, steps: [] };
}

function peeled(type: DataType, levels: number): DataType {
  let result = type;
  for (let i = 0; i < levels && result.kind === 'array'; i++) result = result.element;
  return result;
}

/** Constant bounds `[left:right]` of a packed value or an unpacked array. */
export function rangePlace(place: Place, left: number, right: number, node: ast.Expr, env: Env): Place {
  const { type } = place;
  if (type.kind === 'array') {
    const dim = place.sliced ?? type;
    if (left !== right && left < right !== dim.left < dim.right) return outOfOrder(left, right, dim, node, env);
    return { ...place, node, type: { ...type, left, right }, sliced: dim };
  }
  if (type.kind !== 'integral') return fail(env, 'select', `A ${type.kind} has no bits to select.`, node);
  const dim = packedDimension(type);
  if (!dim) return fail(env, 'scalar-select', 'A single bit has no bits to select.', node, 'Declare it with a range.');
  const upward = dim.left >= dim.right;
  if (left !== right && left > right !== dim.left > dim.right) return outOfOrder(left, right, dim, node, env);
  const count = Math.abs(left - right) + 1;
  const offset = (upward ? right - dim.right : dim.right - right) * dim.element.width;
  return stepped(place, integer(offset), partType(dim.element, left, right, count), node);
}

/** A part select with unknown bounds. */
export function unknownPlace(place: Place, node: ast.Expr, env: Env): Place {
  if (place.type.kind !== 'integral') return notSupported(env, 'Such a select with unknown bounds', node);
  const bit = bitOf(place.type);
  return { ...stepped(place, constant(unknownOf({ width: 32, signed: true })), bit, node), unknown: true };
}

function outOfOrder(
  left: number,
  right: number,
  dim: { left: number; right: number },
  node: ast.Node,
  env: Env,
): never {
  return fail(
    env,
    'part-order',
    `The part select [${left}:${right}] is out of order: the range is declared [${dim.left}:${dim.right}].`,
    node,
    `Write [${right}:${left}].`,
  );
}

function partType(element: IntegralType, left: number, right: number, count: number): IntegralType {
  const dims = [{ left, right }];
  const type: IntegralType = {
    kind: 'integral',
    width: element.width * count,
    signed: false,
    fourState: element.fourState,
    dims,
  };
  if (element.fields || element.enum || (element.dims.length === 0 && element.width > 1)) type.atom = element;
  else {
    type.dims = [...dims, ...element.dims];
    if (element.atom) type.atom = element.atom;
  }
  return type;
}

/** `[base +: count]` (`up`) and `[base -: count]`. */
export function indexedPlace(place: Place, base: ir.Expr, count: number, up: boolean, node: ast.Expr, env: Env): Place {
  const { type } = place;
  const known = constantStep(base);
  if (type.kind === 'array') {
    if (known === undefined) return notSupported(env, 'A part of an array at a variable place', node);
    const dim = place.sliced ?? type;
    const low = up ? known : known - count + 1;
    const high = low + count - 1;
    return dim.left <= dim.right ? rangePlace(place, low, high, node, env) : rangePlace(place, high, low, node, env);
  }
  if (type.kind !== 'integral') return fail(env, 'select', `A ${type.kind} has no bits to select.`, node);
  const dim = packedDimension(type);
  if (!dim) return fail(env, 'scalar-select', 'A single bit has no bits to select.', node, 'Declare it with a range.');
  const upward = dim.left >= dim.right;
  const size = Math.abs(dim.left - dim.right) + 1;
  // The index whose position is the lowest of the part.
  const shift = upward === up ? 0 : count - 1;
  const zero = upward ? dim.right + shift : dim.right - shift;
  const offset = position(base, zero, upward, dim.element.width, size + count);
  return stepped(place, offset, partType(dim.element, count - 1, 0, count), node);
}

// --------------------------------------------------------------------------------------------------- Whole arrays

/** The elements of an unpacked array (or a part of one) from left to right; of all dimensions when `deep`. */
export function elementPlaces(place: Place, env: Env, deep: boolean): Place[] {
  const { type } = place;
  if (type.kind !== 'array') return [place];
  const count = Math.abs(type.left - type.right) + 1;
  const step = type.left <= type.right ? 1 : -1;
  const places: Place[] = [];
  for (let i = 0; i < count; i++) {
    const element = indexPlace(place, integer(type.left + i * step), place.node, env);
    if (deep) places.push(...elementPlaces(element, env, true));
    else places.push(element);
  }
  return places;
}
