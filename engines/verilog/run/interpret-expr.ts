/** Expressions of the IR as closures over a design's memory. */
import { pow } from '../../core/math.ts';
import type * as ir from '../ir/types.ts';
import { readsOf } from '../ir/walk.ts';
import { type Evaluators, toIndex } from './events.ts';
import type { Frame, Slots } from './interpret-frame.ts';
import { compileLValue, type Place } from './interpret-lvalue.ts';
import { methodCall } from './interpret-methods.ts';
import { defaultValue, elementCount, elementType } from './layout.ts';
import type { BoundArg, CallSite, ListValue, MapValue, Value, Vec } from './machine.ts';
import type { Runtime } from './runtime.ts';
import { fromReal, fromText, toText } from './value/convert.ts';
import { binary, concat, merge, replicate, resize, select, truth, twoState, unary } from './value/ops.ts';
import { bit, fromConstant, fromInteger, isKnown, toBigInt, toNumber, unknown } from './value/vector.ts';

export type Eval<T extends Value = Value> = (frame: Frame) => T;

/** What compiling a process or a subprogram shares. */
export interface Coder {
  runtime: Runtime;
  slots: Slots;
  /** Runs a function (or a task that does not wait) to its end, and gives its result. */
  invoke(subprogram: ir.SubprogramId, args: readonly (ir.Expr | ir.LValue)[], coder: Coder): Eval<Value | never>;
}

export function isTarget(node: ir.Expr | ir.LValue): node is ir.LValue {
  return 'kind' in node;
}

/** Lists and maps are values: what is stored is a copy. */
export function copied(value: Value): Value {
  if (typeof value !== 'object' || 'width' in value) return value;
  if (value.kind === 'list') return { kind: 'list', items: value.items.map(copied) };
  return { kind: 'map', items: new Map([...value.items].map(([key, item]) => [key, copied(item)])) };
}

export function compileVec(expr: ir.Expr, coder: Coder): Eval<Vec> {
  return compileExpr(expr, coder) as Eval<Vec>;
}

export function compileExpr(expr: ir.Expr, coder: Coder): Eval {
  const { runtime } = coder;
  switch (expr.op) {
    case 'const': {
      const value = fromConstant(expr.value);
      return () => value;
    }
    case 'signal':
      return readSignal(expr.signal, coder);
    case 'element':
      return readElement(expr, coder);
    case 'select': {
      const base = compileVec(expr.base, coder);
      const offset = compileIndex(expr.offset, coder);
      const { width } = expr;
      const fourState = expr.base.type.kind !== 'vector' || expr.base.type.fourState;
      return (frame) => select(base(frame), offset(frame), width, fourState);
    }
    case 'concat': {
      const parts = expr.parts.map((part) => compileExpr(part, coder));
      if (expr.type.kind === 'string') return (frame) => parts.map((part) => part(frame)).join('');
      return (frame) => {
        const values: Vec[] = [];
        for (let i = 0; i < parts.length; i++) values.push(parts[i]!(frame) as Vec);
        return concat(values);
      };
    }
    case 'replicate': {
      const part = compileExpr(expr.part, coder);
      const { count } = expr;
      if (expr.type.kind === 'string') return (frame) => (part(frame) as string).repeat(count);
      return (frame) => replicate(count, part(frame) as Vec);
    }
    case 'unary':
      return compileUnary(expr, coder);
    case 'binary':
      return compileBinary(expr, coder);
    case 'cond':
      return compileCond(expr, coder);
    case 'resize': {
      const operand = compileVec(expr.operand, coder);
      if (expr.type.kind !== 'vector' || expr.operand.type.kind !== 'vector') return operand;
      const { width, fourState } = expr.type;
      const { signed, fourState: wasFour, width: was } = expr.operand.type;
      if (width === was && (fourState || !wasFour)) return operand;
      if (fourState || !wasFour) return (frame) => resize(operand(frame), width, signed);
      return (frame) => twoState(resize(operand(frame), width, signed));
    }
    case 'convert':
      return compileConvert(expr, coder);
    case 'call':
      return coder.invoke(expr.subprogram, expr.args, coder);
    case 'syscall': {
      const site = callSite(expr.name, expr.args, expr.scope, expr.at, coder, expr.type);
      const missing = defaultValue(expr.type);
      return (frame) => {
        runtime.at = site.at;
        return runtime.tasks?.call(site, frame) ?? missing;
      };
    }
    case 'method':
      return methodCall(expr, coder);
    case 'item': {
      const object = compileExpr(expr.object, coder);
      const get = itemGetter(expr.object.type, expr.index, coder);
      return (frame) => get(object(frame), frame);
    }
    case 'slice': {
      const object = compileExpr(expr.object, coder) as Eval<ListValue>;
      const left = compileIndex(expr.left, coder);
      const right = compileIndex(expr.right, coder);
      return (frame) => {
        const { items } = object(frame);
        const from = left(frame);
        const to = right(frame);
        if (from === undefined || to === undefined) return { kind: 'list', items: [] };
        return { kind: 'list', items: items.slice(Math.max(0, from), Math.max(0, to + 1)) };
      };
    }
    case 'items': {
      const items = expr.items.map((item) => ({
        value: compileExpr(item, coder),
        splice: item.type.kind === 'list' && !nests(expr.type),
      }));
      return (frame) => {
        const list: Value[] = [];
        for (const { value, splice } of items) {
          const item = value(frame);
          if (splice) list.push(...(item as ListValue).items);
          else list.push(item);
        }
        return { kind: 'list', items: list };
      };
    }
    case 'assign': {
      const target = compileLValue(expr.target, coder);
      const value = compileExpr(expr.value, coder);
      if (expr.post) {
        return (frame) => {
          const before = target.read(frame);
          target.assign(frame, value(frame));
          return before;
        };
      }
      return (frame) => {
        const now = value(frame);
        target.assign(frame, now);
        return now;
      };
    }
    case 'triggered': {
      const index = compileEventIndex(expr.event, coder);
      return (frame) => {
        const event = index(frame);
        return bit(event !== undefined && runtime.triggeredAt[event] === runtime.kernel.now);
      };
    }
    case 'new-list': {
      const size = compileIndex(expr.size, coder);
      const from = expr.from === undefined ? undefined : (compileExpr(expr.from, coder) as Eval<ListValue>);
      const element: ir.IrType = expr.type.kind === 'list' ? expr.type.element : expr.type;
      return (frame) => {
        const count = size(frame) ?? 0;
        if (count * 16 > runtime.spec.limits.memoryBytes) {
          runtime.fail('memory-limit', `An array of ${count} elements is larger than the memory limit allows.`);
          return { kind: 'list', items: [] };
        }
        const old = from?.(frame).items ?? [];
        const items: Value[] = [];
        for (let i = 0; i < count; i++) items.push(i < old.length ? copied(old[i]!) : defaultValue(element));
        return { kind: 'list', items };
      };
    }
  }
}

function nests(type: ir.IrType): boolean {
  return type.kind === 'list' && type.element.kind === 'list';
}

/** Any bit 1, or not 0 for reals; undefined: unknown. */
export function compileTruth(expr: ir.Expr, coder: Coder): (frame: Frame) => boolean | undefined {
  const value = compileExpr(expr, coder);
  switch (expr.type.kind) {
    case 'vector':
      return (frame) => truth(value(frame) as Vec);
    case 'string':
      return (frame) => (value(frame) as string) !== '';
    default:
      return (frame) => (value(frame) as number) !== 0;
  }
}

/** An offset, index or count; undefined: unknown. */
export function compileIndex(expr: ir.Expr, coder: Coder): (frame: Frame) => number | undefined {
  if (expr.op === 'const') {
    const index = toIndex(fromConstant(expr.value), expr.type);
    return () => index;
  }
  const value = compileExpr(expr, coder);
  const { type } = expr;
  return (frame) => toIndex(value(frame), type);
}

/** The linear index of an element of an array; undefined: unknown or out of range. */
export function compileIndices(indices: readonly ir.Index[], coder: Coder): (frame: Frame) => number | undefined {
  if (indices.length === 1) {
    const one = compileIndex(indices[0]!.value, coder);
    const { size } = indices[0]!;
    return (frame) => {
      const index = one(frame);
      return index === undefined || index < 0 || index >= size ? undefined : index;
    };
  }
  const parts = indices.map(({ value, size }) => ({ index: compileIndex(value, coder), size }));
  return (frame) => {
    let at = 0;
    for (const { index: get, size } of parts) {
      const index = get(frame);
      if (index === undefined || index < 0 || index >= size) return undefined;
      at = at * size + index;
    }
    return at;
  };
}

/** The event object that a reference means. Events of automatic scopes have one for each frame. */
export function compileEventIndex(ref: ir.EventRef, coder: Coder): (frame: Frame) => number | undefined {
  const { runtime } = coder;
  const signal = runtime.design.signals[ref.signal]!;
  const index = ref.indices === undefined ? undefined : compileIndices(ref.indices, coder);
  if (signal.automatic) {
    const cellOf = coder.slots.cell(ref.signal);
    const count = elementCount(signal.type);
    return (frame) => {
      const cell = cellOf(frame);
      if (cell.event === undefined) {
        cell.event = runtime.kernel.newEvent();
        for (let i = 1; i < count; i++) runtime.kernel.newEvent();
      }
      const at = index === undefined ? 0 : index(frame);
      return at === undefined ? undefined : cell.event + at;
    };
  }
  if (index === undefined) {
    const event = runtime.eventId(ref.signal);
    return () => event;
  }
  return (frame) => {
    const at = index(frame);
    return at === undefined ? undefined : runtime.eventId(ref.signal, at);
  };
}

/** What event controls of this process or subprogram need. */
export function evaluatorsOf(coder: Coder): Evaluators {
  return {
    evaluate: (expr) => compileExpr(expr, coder) as (frame: unknown) => Value,
    truth: (expr) => {
      const value = compileTruth(expr, coder);
      return (frame) => value(frame as Frame) === true;
    },
    event: (ref) => compileEventIndex(ref, coder) as (frame: unknown) => number | undefined,
    follow: (signal) => {
      const cellOf = coder.slots.cell(signal);
      return (frame, changed) => {
        const cell = cellOf(frame as Frame);
        cell.heard = [...(cell.heard ?? []), changed];
        return () => {
          cell.heard = cell.heard?.filter((it) => it !== changed);
        };
      };
    },
  };
}

function readSignal(id: ir.SignalId, coder: Coder): Eval {
  const { runtime, slots } = coder;
  const signal = runtime.design.signals[id]!;
  const { type } = signal;
  if (signal.automatic) {
    const cell = slots.cell(id);
    return (frame) => cell(frame).value;
  }
  const { words, reals, objects } = runtime;
  const at = runtime.layout.offset[id]!;
  switch (type.kind) {
    case 'vector': {
      const { width } = type;
      if (width <= 32) {
        return () => ({ width, a: Int32Array.of(words[at]!), b: Int32Array.of(words[at + 1]!) });
      }
      const n = (width + 31) >>> 5;
      return () => ({ width, a: words.slice(at, at + n), b: words.slice(at + n, at + 2 * n) });
    }
    case 'real':
      return () => reals[at]!;
    case 'array': {
      const { count } = type;
      return () => {
        const items: Value[] = [];
        for (let i = 0; i < count; i++) items.push(runtime.read(id, i));
        return { kind: 'list', items };
      };
    }
    case 'event':
      return () => bit(false);
    default:
      return () => objects[at] as Value;
  }
}

function readElement(expr: ir.ExprOf<'element'>, coder: Coder): Eval {
  const { runtime, slots } = coder;
  const signal = runtime.design.signals[expr.signal]!;
  const index = compileIndices(expr.indices, coder);
  const type = elementType(signal.type);
  const missing = defaultValue(type);
  if (signal.automatic) {
    const cell = slots.cell(expr.signal);
    return (frame) => {
      const i = index(frame);
      return i === undefined ? missing : (cell(frame).value as ListValue).items[i]!;
    };
  }
  const at = runtime.layout.offset[expr.signal]!;
  const { words, reals, objects } = runtime;
  if (type.kind === 'vector') {
    const { width } = type;
    const n = (width + 31) >>> 5;
    return (frame) => {
      const i = index(frame);
      if (i === undefined) return missing;
      const from = at + i * 2 * n;
      return { width, a: words.slice(from, from + n), b: words.slice(from + n, from + 2 * n) };
    };
  }
  if (type.kind === 'real') {
    return (frame) => {
      const i = index(frame);
      return i === undefined ? 0 : reals[at + i]!;
    };
  }
  return (frame) => {
    const i = index(frame);
    return i === undefined ? missing : (objects[at + i] as Value);
  };
}

function compileUnary(expr: ir.ExprOf<'unary'>, coder: Coder): Eval {
  const operand = compileExpr(expr.operand, coder);
  const { operator } = expr;
  if (expr.operand.type.kind === 'real') {
    if (operator === 'neg') return (frame) => -(operand(frame) as number);
    return (frame) => bit((operand(frame) as number) === 0);
  }
  if (expr.operand.type.kind === 'string') return (frame) => bit((operand(frame) as string) === '');
  return (frame) => unary(operator, operand(frame) as Vec);
}

function compileBinary(expr: ir.ExprOf<'binary'>, coder: Coder): Eval {
  const { operator } = expr;
  if (operator === 'land' || operator === 'lor' || operator === 'implies' || operator === 'equiv') {
    return compileLogical(operator, expr, coder);
  }
  const left = compileExpr(expr.left, coder);
  const right = compileExpr(expr.right, coder);
  const { type } = expr.left;
  if (type.kind === 'real') return compileReal(operator, left as Eval<number>, right as Eval<number>);
  if (type.kind === 'string') {
    return (frame) => {
      const p = left(frame) as string;
      const q = right(frame) as string;
      return bit(ordered(operator, p < q ? -1 : p > q ? 1 : 0));
    };
  }
  if (type.kind !== 'vector') {
    // Lists and maps: equality alone.
    return (frame) => bit(ordered(operator, sameValue(left(frame), right(frame)) ? 0 : 1));
  }
  const { signed } = type;
  const rightSigned = expr.right.type.kind === 'vector' && expr.right.type.signed;
  return (frame) => binary(operator, left(frame) as Vec, right(frame) as Vec, signed, rightSigned);
}

function compileLogical(
  operator: 'land' | 'lor' | 'implies' | 'equiv',
  expr: ir.ExprOf<'binary'>,
  coder: Coder,
): Eval<Vec> {
  const left = compileTruth(expr.left, coder);
  const right = compileTruth(expr.right, coder);
  if (operator === 'equiv') {
    return (frame) => {
      const p = left(frame);
      const q = right(frame);
      return bit(p === undefined || q === undefined ? undefined : p === q);
    };
  }
  // `deciding`: the left value that settles it.
  const deciding = operator === 'lor';
  const negated = operator === 'implies';
  return (frame) => {
    const first = left(frame);
    const p = negated && first !== undefined ? !first : first;
    const settles = negated ? true : deciding;
    if (p === settles) return bit(settles);
    const q = right(frame);
    if (q === settles) return bit(settles);
    return bit(p === undefined || q === undefined ? undefined : !settles);
  };
}

function ordered(operator: ir.BinaryOp, order: number): boolean {
  switch (operator) {
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'ne':
    case 'cne':
    case 'wne':
      return order !== 0;
    default:
      return order === 0;
  }
}

export function sameValue(p: Value, q: Value): boolean {
  if (typeof p !== 'object' || typeof q !== 'object') return p === q;
  if ('width' in p) return 'width' in q && truth(binary('ceq', p, q, false)) === true;
  if ('width' in q || p.kind !== q.kind) return false;
  if (p.kind === 'list') {
    const other = (q as ListValue).items;
    return p.items.length === other.length && p.items.every((item, i) => sameValue(item, other[i]!));
  }
  const other = (q as MapValue).items;
  return (
    p.items.size === other.size &&
    [...p.items].every(([key, item]) => other.has(key) && sameValue(item, other.get(key)!))
  );
}

function compileReal(operator: ir.BinaryOp, left: Eval<number>, right: Eval<number>): Eval {
  switch (operator) {
    case 'add':
      return (frame) => left(frame) + right(frame);
    case 'sub':
      return (frame) => left(frame) - right(frame);
    case 'mul':
      return (frame) => left(frame) * right(frame);
    case 'div':
      return (frame) => left(frame) / right(frame);
    case 'mod':
      return (frame) => left(frame) % right(frame);
    case 'pow':
      return (frame) => pow(left(frame), right(frame));
    default:
      return (frame) => {
        const p = left(frame);
        const q = right(frame);
        if (Number.isNaN(p) || Number.isNaN(q)) return bit(ordered(operator, Number.NaN));
        return bit(ordered(operator, p - q === 0 || p === q ? 0 : p < q ? -1 : 1));
      };
  }
}

function compileCond(expr: ir.ExprOf<'cond'>, coder: Coder): Eval {
  const condition = compileTruth(expr.condition, coder);
  const then = compileExpr(expr.then, coder);
  const otherwise = compileExpr(expr.else, coder);
  const isVector = expr.type.kind === 'vector';
  const fallback = defaultValue(expr.type);
  return (frame) => {
    const which = condition(frame);
    if (which === true) return then(frame);
    if (which === false) return otherwise(frame);
    const p = then(frame);
    const q = otherwise(frame);
    if (isVector) return merge(p as Vec, q as Vec);
    return sameValue(p, q) ? p : fallback;
  };
}

function compileConvert(expr: ir.ExprOf<'convert'>, coder: Coder): Eval {
  const operand = compileExpr(expr.operand, coder);
  const from = expr.operand.type;
  const to = expr.type;
  if (to.kind === 'real') {
    const short = to.short === true;
    if (from.kind === 'vector') {
      const { signed } = from;
      return (frame) => {
        const value = toNumber(operand(frame) as Vec, signed);
        return short ? Math.fround(value) : value;
      };
    }
    if (from.kind === 'real') return short ? (frame) => Math.fround(operand(frame) as number) : operand;
  }
  if (to.kind === 'vector') {
    const { width } = to;
    if (from.kind === 'real') {
      const twoStates = !to.fourState;
      return (frame) => {
        const value = fromReal(operand(frame) as number, width);
        return twoStates ? twoState(value) : value;
      };
    }
    if (from.kind === 'string') return (frame) => fromText(operand(frame) as string, width);
    if (from.kind === 'list' || from.kind === 'array') {
      return (frame) => {
        const { items } = operand(frame) as ListValue;
        return resize(concat(items as Vec[]), width, false);
      };
    }
  }
  if (to.kind === 'string') {
    if (from.kind === 'vector') return (frame) => toText(operand(frame) as Vec);
    if (from.kind === 'real') return (frame) => String(operand(frame));
  }
  if (to.kind === from.kind || to.kind === 'list' || to.kind === 'array') return operand;
  throw new Error(`A value of kind ${from.kind} cannot become one of kind ${to.kind}.`);
}

/** The item of a list or map, or a character of a string. */
export function itemGetter(type: ir.IrType, index: ir.Expr, coder: Coder): (object: Value, frame: Frame) => Value {
  if (type.kind === 'map') {
    const key = mapKey(index, coder);
    const missing = defaultValue(type.element);
    return (object, frame) => {
      const at = key(frame);
      return (at === undefined ? undefined : (object as MapValue).items.get(at)) ?? missing;
    };
  }
  const at = compileIndex(index, coder);
  if (type.kind === 'string') {
    return (object, frame) => {
      const i = at(frame);
      const code = i === undefined ? Number.NaN : (object as string).charCodeAt(i);
      return fromInteger(8, Number.isNaN(code) ? 0 : code & 255);
    };
  }
  const element = type.kind === 'list' || type.kind === 'array' ? type.element : type;
  const missing = defaultValue(element);
  return (object, frame) => {
    const i = at(frame);
    return (i === undefined ? undefined : (object as ListValue).items[i]) ?? missing;
  };
}

/** A key as maps keep it; undefined: it has x or z. */
export function mapKey(index: ir.Expr, coder: Coder): (frame: Frame) => string | undefined {
  const value = compileExpr(index, coder);
  const { type } = index;
  return (frame) => keyText(value(frame), type);
}

export function keyText(value: Value, type: ir.IrType): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (!('width' in value) || !isKnown(value)) return undefined;
  const number = toBigInt(value);
  const signed = type.kind === 'vector' && type.signed;
  return String(signed ? BigInt.asIntN(value.width, number) : number);
}

// -------------------------------------------------------------------------------------------------- System calls

export function callSite(
  name: string,
  args: readonly ir.SystemArg[],
  scope: ir.ScopeId,
  at: ir.At,
  coder: Coder,
  type?: ir.IrType,
): CallSite {
  return { name, scope, at, args: args.map((arg) => boundArg(arg, coder)), type };
}

function boundArg(arg: ir.SystemArg, coder: Coder): BoundArg {
  switch (arg.kind) {
    case 'expr': {
      const value = compileExpr(arg.expr, coder);
      return {
        kind: 'expr',
        type: arg.expr.type,
        text: arg.text,
        reads: [...new Set(readsOf(arg.expr).map((read) => read.signal))],
        signal: arg.expr.op === 'signal' ? arg.expr.signal : undefined,
        value: (frame) => value(frame as Frame),
      };
    }
    case 'lvalue': {
      const place: Place = compileLValue(arg.target, coder);
      const target = arg.target;
      const value = compileExpr(arg.expr, coder);
      const plain = target.kind === 'signal' && target.part === undefined;
      const indices = target.kind === 'signal' && target.indices ? compileIndices(target.indices, coder) : undefined;
      return {
        kind: 'lvalue',
        type: target.type,
        text: arg.text,
        signal: plain ? target.signal : undefined,
        element: plain && indices ? (frame) => indices(frame as Frame) ?? -1 : undefined,
        value: (frame) => value(frame as Frame),
        assign: (frame, next) => place.assign(frame as Frame, next),
      };
    }
    case 'scope':
      return { kind: 'scope', scope: arg.scope, text: arg.text };
    case 'event':
      return { kind: 'event', event: arg.event, text: arg.text };
    case 'empty':
      return { kind: 'empty' };
  }
}

/** Brings a value into the form that its place keeps: cut or filled where a system task is careless with widths. */
export function adapted(value: Value, type: ir.IrType): Value {
  if (type.kind === 'vector') {
    if (typeof value === 'number') return fromReal(value, type.width);
    if (typeof value === 'string') return fromText(value, type.width);
    if (!('width' in value)) {
      // An array as a whole: its elements in order, the first one highest.
      return value.kind === 'list' ? resize(concat(value.items as Vec[]), type.width, false) : unknown(type.width);
    }
    const sized = value.width === type.width ? value : resize(value, type.width, false);
    return type.fourState ? sized : twoState(sized);
  }
  if (type.kind === 'list' && type.bound !== undefined && typeof value === 'object' && 'items' in value) {
    const limit = type.bound + 1;
    if (value.kind === 'list' && value.items.length > limit)
      return { kind: 'list', items: value.items.slice(0, limit) };
  }
  if (type.kind === 'real' && typeof value === 'object' && 'width' in value) return toNumber(value, true);
  if (type.kind === 'string' && typeof value === 'object' && 'width' in value) return toText(value);
  return value;
}
