/** Methods of strings, queues, arrays, maps and enums (IEEE 1800-2012 sections 6.16, 6.19.5, 7.9, 7.10, 7.12). */
import type * as ir from '../ir/types.ts';
import { toIndex } from './events.ts';
import { adapted, type Coder, compileExpr, copied, type Eval, isTarget, keyText, sameValue } from './interpret-expr.ts';
import type { Frame } from './interpret-frame.ts';
import { compileContainer, compileLValue } from './interpret-lvalue.ts';
import { defaultValue } from './layout.ts';
import type { ListValue, MapValue, Value, Vec } from './machine.ts';
import { binary } from './value/ops.ts';
import { fromBigInt, fromInteger, planeB, toBigInt, toNumber } from './value/vector.ts';

type Method = ir.ExprOf<'method'>;

export function methodCall(expr: Method, coder: Coder): Eval {
  const { type } = expr.object;
  if (expr.enumType !== undefined) return enumMethod(expr, coder);
  switch (type.kind) {
    case 'string':
      return stringMethod(expr, coder);
    case 'list':
    case 'array':
      return listMethod(expr, coder, type);
    case 'map':
      return mapMethod(expr, coder, type);
    default:
      throw unknownMethod(expr);
  }
}

function unknownMethod(expr: Method): Error {
  return new Error(`There is no method "${expr.method}" of a value of kind ${expr.object.type.kind}.`);
}

const int = (value: number): Vec => fromInteger(32, value);

function valueIn(object: ir.Expr | ir.LValue, coder: Coder): Eval {
  return isTarget(object) ? compileLValue(object, coder).read : compileExpr(object, coder);
}

// -------------------------------------------------------------------------------------------------------- Enums

function enumMethod(expr: Method, coder: Coder): Eval {
  const { members } = coder.runtime.design.enums[expr.enumType!]!;
  const value = valueIn(expr.object, coder);
  const steps = expr.args[0] === undefined ? () => 1 : indexOf(expr.args[0], coder);
  const width = expr.object.type.kind === 'vector' ? expr.object.type.width : 32;
  const find = (vec: Vec): number => {
    const a = toBigInt(vec);
    const b = planeB(vec);
    return members.findIndex((member) => member.a === a && member.b === b);
  };
  const at = (index: number): Vec => fromBigInt(width, members[index]!.a, members[index]!.b);
  const last = members.length - 1;
  const wrap = (index: number): number => ((index % members.length) + members.length) % members.length;
  switch (expr.method) {
    case 'first':
      return () => at(0);
    case 'last':
      return () => at(last);
    case 'num':
      return () => int(members.length);
    case 'name':
      return (frame) => members[find(value(frame) as Vec)]?.name ?? '';
    case 'next':
    case 'prev': {
      const sign = expr.method === 'next' ? 1 : -1;
      const missing = defaultValue(expr.type);
      return (frame) => {
        const index = find(value(frame) as Vec);
        return index < 0 ? missing : at(wrap(index + sign * (steps(frame) ?? 1)));
      };
    }
    default:
      throw unknownMethod(expr);
  }
}

function indexOf(expr: ir.Expr, coder: Coder): (frame: Frame) => number | undefined {
  const value = compileExpr(expr, coder);
  return (frame) => toIndex(value(frame), expr.type);
}

// ------------------------------------------------------------------------------------------------------ Strings

function stringMethod(expr: Method, coder: Coder): Eval {
  const value = valueIn(expr.object, coder) as Eval<string>;
  const args = expr.args.map((arg) => compileExpr(arg, coder));
  const index = (i: number) => indexOf(expr.args[i]!, coder);
  const place = isTarget(expr.object) ? compileLValue(expr.object, coder) : undefined;
  const text = (i: number, frame: Frame): string => adapted(args[i]!(frame), { kind: 'string' }) as string;
  const sign = (order: number): Vec => int(order);
  const parse =
    (radix: number, digits: RegExp): Eval =>
    (frame) => {
      const found = digits.exec(value(frame).replaceAll('_', ''))?.[0] ?? '0';
      const number = Number.parseInt(found, radix);
      return adapted(fromBigInt(32, BigInt(Number.isNaN(number) ? 0 : number)), expr.type);
    };
  const print =
    (radix: number): Eval =>
    (frame) => {
      const type = expr.args[0]!.type;
      const vec = args[0]!(frame) as Vec;
      const signed = type.kind === 'vector' && type.signed;
      const number = toBigInt(vec);
      place?.assign(frame, (signed ? BigInt.asIntN(vec.width, number) : number).toString(radix));
      return int(0);
    };
  switch (expr.method) {
    case 'len':
      return (frame) => int(value(frame).length);
    case 'getc': {
      const at = index(0);
      return (frame) => {
        const code = value(frame).charCodeAt(at(frame) ?? -1);
        return fromInteger(8, Number.isNaN(code) ? 0 : code & 255);
      };
    }
    case 'putc': {
      const at = index(0);
      return (frame) => {
        const i = at(frame);
        const now = value(frame);
        const code = (args[1]!(frame) as Vec).a[0]! & 255;
        if (i !== undefined && i >= 0 && i < now.length && code !== 0) {
          place?.assign(frame, now.slice(0, i) + String.fromCharCode(code) + now.slice(i + 1));
        }
        return int(0);
      };
    }
    case 'toupper':
      return (frame) => value(frame).replace(/[a-z]/g, (it) => it.toUpperCase());
    case 'tolower':
      return (frame) => value(frame).replace(/[A-Z]/g, (it) => it.toLowerCase());
    case 'compare':
      return (frame) => {
        const p = value(frame);
        const q = text(0, frame);
        return sign(p < q ? -1 : p > q ? 1 : 0);
      };
    case 'icompare':
      return (frame) => {
        const p = value(frame).toLowerCase();
        const q = text(0, frame).toLowerCase();
        return sign(p < q ? -1 : p > q ? 1 : 0);
      };
    case 'substr': {
      const from = index(0);
      const to = index(1);
      return (frame) => {
        const now = value(frame);
        const i = from(frame) ?? -1;
        const j = to(frame) ?? -1;
        return i < 0 || j < i || j >= now.length ? '' : now.slice(i, j + 1);
      };
    }
    case 'atoi':
      return parse(10, /^\s*[-+]?\d+/);
    case 'atohex':
      return parse(16, /^[0-9a-fA-F]+/);
    case 'atooct':
      return parse(8, /^[0-7]+/);
    case 'atobin':
      return parse(2, /^[01]+/);
    case 'atoreal':
      return (frame) => {
        const number = Number.parseFloat(value(frame).replaceAll('_', ''));
        return Number.isNaN(number) ? 0 : number;
      };
    case 'itoa':
      return print(10);
    case 'hextoa':
      return print(16);
    case 'octtoa':
      return print(8);
    case 'bintoa':
      return print(2);
    case 'realtoa':
      return (frame) => {
        place?.assign(frame, String(args[0]!(frame)));
        return int(0);
      };
    default:
      throw unknownMethod(expr);
  }
}

// -------------------------------------------------------------------------------------------------------- Lists

function listMethod(expr: Method, coder: Coder, type: ir.ListType | ir.ArrayType): Eval {
  const container = isTarget(expr.object) ? compileContainer(expr.object, coder) : undefined;
  const plain = isTarget(expr.object) ? undefined : compileExpr(expr.object, coder);
  const list = (frame: Frame): ListValue =>
    ((plain ? plain(frame) : container!(frame)?.value) as ListValue | undefined) ?? { kind: 'list', items: [] };
  const args = expr.args.map((arg) => compileExpr(arg, coder));
  const element: ir.IrType = type.element;
  const missing = defaultValue(element);
  const bound = type.kind === 'list' ? type.bound : undefined;
  /** Changes the list in place, and tells. */
  const change =
    (work: (items: Value[], frame: Frame) => Value): Eval =>
    (frame) => {
      const held = container?.(frame);
      if (held === undefined) return missing;
      const { items } = held.value as ListValue;
      const result = work(items, frame);
      if (bound !== undefined && items.length > bound + 1) items.length = bound + 1;
      if (items.length * 16 > coder.runtime.spec.limits.memoryBytes) {
        coder.runtime.fail('memory-limit', `A queue of ${items.length} items is larger than the memory limit allows.`);
      }
      held.touched();
      return result;
    };
  const item = (i: number, frame: Frame): Value => copied(adapted(args[i]!(frame), element));
  switch (expr.method) {
    case 'size':
    case 'num':
      return (frame) => int(list(frame).items.length);
    case 'push_back':
      return change((items, frame) => {
        items.push(item(0, frame));
        return int(0);
      });
    case 'push_front':
      return change((items, frame) => {
        items.unshift(item(0, frame));
        return int(0);
      });
    case 'pop_back':
      return change((items) => items.pop() ?? missing);
    case 'pop_front':
      return change((items) => items.shift() ?? missing);
    case 'insert': {
      const at = indexOf(expr.args[0]!, coder);
      return change((items, frame) => {
        const i = at(frame);
        if (i !== undefined && i >= 0 && i <= items.length) items.splice(i, 0, item(1, frame));
        return int(0);
      });
    }
    case 'delete': {
      const at = expr.args[0] === undefined ? undefined : indexOf(expr.args[0], coder);
      return change((items, frame) => {
        if (at === undefined) items.length = 0;
        else {
          const i = at(frame);
          if (i !== undefined && i >= 0 && i < items.length) items.splice(i, 1);
        }
        return int(0);
      });
    }
    case 'reverse':
      return change((items) => {
        items.reverse();
        return int(0);
      });
    case 'sort':
    case 'rsort': {
      const key = withKey(expr, coder);
      const order = orderOf(expr.with?.body.type ?? element);
      const sign = expr.method === 'sort' ? 1 : -1;
      return change((items, frame) => {
        const keyed = items.map((value, i) => ({ value, key: key(value, i, frame) }));
        keyed.sort((p, q) => sign * order(p.key, q.key));
        items.splice(0, items.length, ...keyed.map((it) => it.value));
        return int(0);
      });
    }
    default:
      return listLocator(expr, coder, element, list);
  }
}

/** The value of the `with` expression for an item, or the item itself. */
function withKey(expr: Method, coder: Coder): (item: Value, index: number, frame: Frame) => Value {
  if (expr.with === undefined) return (item) => item;
  const { body } = expr.with;
  const value = compileExpr(body, coder);
  const item = compileLValue(
    { kind: 'signal', signal: expr.with.item, type: coder.runtime.design.signals[expr.with.item]!.type },
    coder,
  );
  const index =
    expr.with.index === undefined
      ? undefined
      : compileLValue(
          { kind: 'signal', signal: expr.with.index, type: coder.runtime.design.signals[expr.with.index]!.type },
          coder,
        );
  return (it, at, frame) => {
    item.assign(frame, it);
    index?.assign(frame, int(at));
    return value(frame);
  };
}

function orderOf(type: ir.IrType): (p: Value, q: Value) => number {
  if (type.kind === 'vector') {
    const { signed } = type;
    return (p, q) => {
      const x = toNumber(p as Vec, signed);
      const y = toNumber(q as Vec, signed);
      return x < y ? -1 : x > y ? 1 : 0;
    };
  }
  return (p, q) =>
    (p as number | string) < (q as number | string) ? -1 : (p as number | string) > (q as number | string) ? 1 : 0;
}

function listLocator(expr: Method, coder: Coder, element: ir.IrType, list: (frame: Frame) => ListValue): Eval {
  const key = withKey(expr, coder);
  const keyType = expr.with?.body.type ?? element;
  const holds = (value: Value): boolean =>
    typeof value === 'object' && 'width' in value
      ? value.a.some((word, i) => (word & ~value.b[i]!) !== 0)
      : Boolean(value);
  const order = orderOf(keyType);
  const found = (items: { value: Value; index: number }[], what: 'items' | 'indices'): ListValue => ({
    kind: 'list',
    items: items.map((it) => (what === 'items' ? copied(it.value) : int(it.index))),
  });
  const all = (frame: Frame) =>
    list(frame).items.map((value, index) => ({ value, index, key: key(value, index, frame) }));
  const fold = (frame: Frame, op: ir.BinaryOp): Value => {
    const keys = all(frame).map((it) => it.key);
    if (keys.length === 0) return defaultValue(expr.type);
    return adapted(
      keys.reduce((p, q) => {
        if (typeof p === 'number' && typeof q === 'number') return op === 'mul' ? p * q : p + q;
        return binary(op, p as Vec, q as Vec, false);
      }),
      expr.type,
    );
  };
  switch (expr.method) {
    case 'sum':
      return (frame) => fold(frame, 'add');
    case 'product':
      return (frame) => fold(frame, 'mul');
    case 'and':
    case 'or':
    case 'xor': {
      const op = expr.method;
      return (frame) => fold(frame, op);
    }
    case 'find':
      return (frame) =>
        found(
          all(frame).filter((it) => holds(it.key)),
          'items',
        );
    case 'find_index':
      return (frame) =>
        found(
          all(frame).filter((it) => holds(it.key)),
          'indices',
        );
    case 'find_first':
      return (frame) =>
        found(
          all(frame)
            .filter((it) => holds(it.key))
            .slice(0, 1),
          'items',
        );
    case 'find_first_index':
      return (frame) =>
        found(
          all(frame)
            .filter((it) => holds(it.key))
            .slice(0, 1),
          'indices',
        );
    case 'find_last':
      return (frame) =>
        found(
          all(frame)
            .filter((it) => holds(it.key))
            .slice(-1),
          'items',
        );
    case 'find_last_index':
      return (frame) =>
        found(
          all(frame)
            .filter((it) => holds(it.key))
            .slice(-1),
          'indices',
        );
    case 'min':
    case 'max': {
      const sign = expr.method === 'min' ? 1 : -1;
      return (frame) => {
        const items = all(frame);
        if (items.length === 0) return { kind: 'list', items: [] };
        return found([items.reduce((p, q) => (sign * order(q.key, p.key) < 0 ? q : p))], 'items');
      };
    }
    case 'unique':
    case 'unique_index': {
      const what = expr.method === 'unique' ? 'items' : 'indices';
      return (frame) => {
        const kept: { value: Value; index: number; key: Value }[] = [];
        for (const it of all(frame)) if (!kept.some((other) => sameValue(other.key, it.key))) kept.push(it);
        return found(kept, what);
      };
    }
    default:
      throw unknownMethod(expr);
  }
}

// --------------------------------------------------------------------------------------------------------- Maps

function mapMethod(expr: Method, coder: Coder, type: ir.MapType): Eval {
  const container = isTarget(expr.object) ? compileContainer(expr.object, coder) : undefined;
  const plain = isTarget(expr.object) ? undefined : compileExpr(expr.object, coder);
  const map = (frame: Frame): Map<string, Value> =>
    ((plain ? plain(frame) : container!(frame)?.value) as MapValue | undefined)?.items ?? new Map();
  const arg = expr.args[0];
  const value = arg === undefined ? undefined : compileExpr(arg, coder);
  const key = (frame: Frame): string | undefined =>
    value === undefined ? undefined : keyText(value(frame), arg!.type);
  const numeric = type.key.kind === 'vector';
  const sorted = (items: Map<string, Value>): string[] =>
    [...items.keys()].sort((p, q) => {
      if (!numeric) return p < q ? -1 : p > q ? 1 : 0;
      const x = BigInt(p);
      const y = BigInt(q);
      return x < y ? -1 : x > y ? 1 : 0;
    });
  const asKey = (text: string): Value => (type.key.kind === 'vector' ? fromBigInt(type.key.width, BigInt(text)) : text);
  const target = arg === undefined ? undefined : targetOf(arg);
  const place = target === undefined ? undefined : compileLValue(target, coder);
  switch (expr.method) {
    case 'num':
    case 'size':
      return (frame) => int(map(frame).size);
    case 'exists':
      return (frame) => {
        const at = key(frame);
        return int(at !== undefined && map(frame).has(at) ? 1 : 0);
      };
    case 'delete':
      return (frame) => {
        const held = container?.(frame);
        if (held === undefined) return int(0);
        const { items } = held.value as MapValue;
        if (value === undefined) items.clear();
        else items.delete(key(frame) ?? '');
        held.touched();
        return int(0);
      };
    case 'first':
    case 'last':
      return (frame) => {
        const keys = sorted(map(frame));
        const found = expr.method === 'first' ? keys[0] : keys.at(-1);
        if (found === undefined) return int(0);
        place?.assign(frame, asKey(found));
        return int(1);
      };
    case 'next':
    case 'prev':
      return (frame) => {
        const keys = sorted(map(frame));
        const now = key(frame) ?? '';
        const after = (p: string): boolean => (numeric ? BigInt(p) > BigInt(now) : p > now);
        const before = (p: string): boolean => (numeric ? BigInt(p) < BigInt(now) : p < now);
        const found = expr.method === 'next' ? keys.find(after) : keys.findLast(before);
        if (found === undefined) return int(0);
        place?.assign(frame, asKey(found));
        return int(1);
      };
    default:
      throw unknownMethod(expr);
  }
}

/** The place that an argument names, where it is passed by reference. */
function targetOf(expr: ir.Expr): ir.LValue | undefined {
  if (expr.op === 'signal') return { kind: 'signal', signal: expr.signal, type: expr.type };
  if (expr.op === 'element') return { kind: 'signal', signal: expr.signal, indices: expr.indices, type: expr.type };
  if (expr.op === 'resize' || expr.op === 'convert') return targetOf(expr.operand);
  return undefined;
}
