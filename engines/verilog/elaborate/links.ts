/** Constant parts of nets and variables: cut, paired, and tied together. */
import type * as ir from '../ir/types.ts';
import type { Context } from './symbols.ts';

export function widthOfParts(parts: readonly ir.NetPart[]): number {
  return parts.reduce((sum, part) => sum + part.width, 0);
}

/** `width` bits from `offset` on, counted from the least significant end; parts come most significant first. */
export function sliceParts(parts: readonly ir.NetPart[], offset: number, width: number): ir.NetPart[] {
  const cut: ir.NetPart[] = [];
  let at = 0;
  for (const part of parts.toReversed()) {
    const low = Math.max(offset, at);
    const high = Math.min(offset + width, at + part.width);
    if (low < high) cut.push({ ...part, offset: part.offset + low - at, width: high - low });
    at += part.width;
  }
  return cut.reverse();
}

/** All of a signal, elements of an array in order. Undefined: it is a list, a map, a string or an event. */
export function partsOfSignal(signal: ir.Signal): ir.NetPart[] | undefined {
  const { type } = signal;
  const widthOf = (of: ir.IrType) => (of.kind === 'vector' ? of.width : of.kind === 'real' ? 1 : undefined);
  if (type.kind === 'array') {
    const width = widthOf(type.element);
    if (width === undefined) return undefined;
    return Array.from({ length: type.count }, (_, element) => ({ signal: signal.id, element, offset: 0, width }));
  }
  const width = widthOf(type);
  return width === undefined ? undefined : [{ signal: signal.id, offset: 0, width }];
}

/** The parts that an expression is made of, when it is nothing but constant parts of signals. */
export function partsOfExpr(expr: ir.Expr, ctx: Context): ir.NetPart[] | undefined {
  switch (expr.op) {
    case 'signal':
      return partsOfSignal(ctx.design.signals[expr.signal]!);
    case 'element': {
      const element = linear(expr.indices);
      if (element === undefined || expr.type.kind !== 'vector') return undefined;
      return [{ signal: expr.signal, element, offset: 0, width: expr.type.width }];
    }
    case 'select': {
      const base = partsOfExpr(expr.base, ctx);
      const offset = constantIndex(expr.offset);
      if (!base || offset === undefined || offset < 0 || offset + expr.width > widthOfParts(base)) return undefined;
      return sliceParts(base, offset, expr.width);
    }
    case 'concat': {
      const parts: ir.NetPart[] = [];
      for (const part of expr.parts) {
        const inner = partsOfExpr(part, ctx);
        if (!inner) return undefined;
        parts.push(...inner);
      }
      return parts;
    }
    case 'resize': {
      const { type, operand } = expr;
      if (type.kind !== 'vector' || operand.type.kind !== 'vector' || type.width !== operand.type.width)
        return undefined;
      return type.fourState || !operand.type.fourState ? partsOfExpr(operand, ctx) : undefined;
    }
    default:
      return undefined;
  }
}

function constantIndex(expr: ir.Expr): number | undefined {
  if (expr.op !== 'const' || expr.value.kind !== 'vector' || expr.value.b !== 0n) return undefined;
  const { a, signed, width } = expr.value;
  return Number(signed ? BigInt.asIntN(width, a) : a);
}

function linear(indices: readonly ir.Index[]): number | undefined {
  let element = 0;
  for (const index of indices) {
    const value = constantIndex(index.value);
    if (value === undefined || value < 0 || value >= index.size) return undefined;
    element = element * index.size + value;
  }
  return element;
}

/** Pairs two lists of equal width, cut so that the members of a pair are equally wide. */
export function pairParts(
  left: readonly ir.NetPart[],
  right: readonly ir.NetPart[],
): { left: ir.NetPart; right: ir.NetPart }[] {
  const pairs: { left: ir.NetPart; right: ir.NetPart }[] = [];
  let i = 0;
  let j = 0;
  // Bits of the present members that are done, from the most significant end.
  let ofLeft = 0;
  let ofRight = 0;
  while (i < left.length && j < right.length) {
    const a = left[i]!;
    const b = right[j]!;
    const width = Math.min(a.width - ofLeft, b.width - ofRight);
    const cut = (part: ir.NetPart, done: number): ir.NetPart =>
      part.width === width ? part : { ...part, offset: part.offset + part.width - done - width, width };
    pairs.push({ left: cut(a, ofLeft), right: cut(b, ofRight) });
    ofLeft += width;
    ofRight += width;
    if (ofLeft === a.width) {
      i += 1;
      ofLeft = 0;
    }
    if (ofRight === b.width) {
      j += 1;
      ofRight = 0;
    }
  }
  return pairs;
}

export function isNet(part: ir.NetPart, ctx: Context): boolean {
  return ctx.design.signals[part.signal]!.kind === 'net';
}

export function isRealPart(part: ir.NetPart, ctx: Context): boolean {
  const { type } = ctx.design.signals[part.signal]!;
  return (type.kind === 'array' ? type.element : type).kind === 'real';
}

/** The value of a part, as an expression. */
export function readPart(part: ir.NetPart, ctx: Context): ir.Expr {
  const signal = ctx.design.signals[part.signal]!;
  let base: ir.Expr;
  if (part.element !== undefined && signal.type.kind === 'array') {
    const indices: ir.Index[] = [];
    let rest = part.element;
    for (const dim of signal.type.dims.toReversed()) {
      const size = Math.abs(dim.left - dim.right) + 1;
      indices.unshift({ value: indexConstant(rest % size), size });
      rest = Math.floor(rest / size);
    }
    base = { op: 'element', signal: part.signal, indices, type: signal.type.element };
  } else base = { op: 'signal', signal: part.signal, type: signal.type };
  if (base.type.kind !== 'vector' || base.type.width === part.width) return base;
  return {
    op: 'select',
    base,
    offset: indexConstant(part.offset),
    width: part.width,
    type: { kind: 'vector', width: part.width, signed: false, fourState: base.type.fourState },
  };
}

export function indexConstant(value: number): ir.Expr {
  return {
    op: 'const',
    value: { kind: 'vector', width: 32, signed: true, a: BigInt.asUintN(32, BigInt(value)), b: 0n },
    type: { kind: 'vector', width: 32, signed: true, fourState: true },
  };
}

/** `width` bits of an expression, from `offset` on. */
export function selectBits(base: ir.Expr, offset: number, width: number): ir.Expr {
  if (base.type.kind !== 'vector' || (offset === 0 && width === base.type.width)) return base;
  return {
    op: 'select',
    base,
    offset: indexConstant(offset),
    width,
    type: { kind: 'vector', width, signed: false, fourState: base.type.fourState },
  };
}

/** An expression cut or extended (by its own sign) to a type. */
export function fitTo(expr: ir.Expr, type: ir.IrType): ir.Expr {
  if (type.kind === 'vector' && expr.type.kind === 'vector') {
    const same = type.width === expr.type.width && (type.fourState || !expr.type.fourState);
    return same ? expr : { op: 'resize', operand: expr, type };
  }
  if (type.kind === expr.type.kind) return expr;
  return { op: 'convert', operand: expr, type };
}

export function unknown(width: number, level: 'x' | 'z'): ir.Expr {
  const mask = (1n << BigInt(width)) - 1n;
  return {
    op: 'const',
    value: { kind: 'vector', width, signed: false, a: level === 'x' ? mask : 0n, b: mask },
    type: { kind: 'vector', width, signed: false, fourState: true },
  };
}
