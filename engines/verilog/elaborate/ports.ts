/** How instances are connected (1364-2005 section 12.3, 1800-2012 section 23.3). */
import type * as ir from '../ir/types.ts';
import { readsOf } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { checkDriven } from './drives.ts';
import { lowerAssigned, lowerExpr } from './expression.ts';
import {
  fitTo,
  isNet,
  isRealPart,
  pairParts,
  partsOfExpr,
  partsOfSignal,
  readPart,
  selectBits,
  sliceParts,
  widthOfParts,
} from './links.ts';
import { lookup, lookupDeclared } from './lookup.ts';
import { lowerNetParts } from './lvalue.ts';
import { type Connected, match, type PortOf } from './port-lists.ts';
import type { DataType, Symbol as Meaning, Scope } from './symbols.ts';
import { describeType } from './types.ts';

type Direction = NonNullable<ir.Signal['port']>;

interface Inner {
  parts: ir.NetPart[];
  type: DataType;
  direction: Direction | undefined;
}

/** The nets within a module that a port is. */
function innerOf(port: PortOf, scope: Scope, ctx: Elaboration): Inner | undefined {
  if (!port.expr) return undefined;
  if (port.expr.kind === 'name') {
    const symbol = lookupDeclared(scope, port.expr.name);
    const parts = symbol && partsOfSymbol(symbol);
    if (symbol?.kind === 'signal' && parts) return { parts, type: symbol.type, direction: symbol.signal.port };
    if (symbol?.kind === 'fields' && parts) {
      return { parts, type: symbol.type, direction: ctx.design.signals[parts[0]!.signal]?.port };
    }
    if (symbol?.kind === 'signal') return { parts: [], type: symbol.type, direction: symbol.signal.port };
    return undefined;
  }
  const lowered = lowerNetParts(port.expr, scope, ctx);
  if (!lowered) return undefined;
  const directions = new Set(lowered.parts.map((part) => ctx.design.signals[part.signal]!.port));
  const direction = directions.has('inout') || directions.size > 1 ? 'inout' : [...directions][0];
  return { ...lowered, direction };
}

function partsOfSymbol(symbol: Meaning): ir.NetPart[] | undefined {
  if (symbol.kind === 'signal') return partsOfSignal(symbol.signal);
  if (symbol.kind !== 'fields') return undefined;
  const parts: ir.NetPart[] = [];
  for (const field of symbol.fields.values()) {
    const inner = partsOfSymbol(field);
    if (!inner) return undefined;
    parts.push(...inner);
  }
  return parts;
}

/** Connects an instance, or all of an array of them: `scopes` in order, the first one at the left of its range. */
export function connectInstance(
  instance: ast.Instance,
  scopes: readonly Scope[],
  decl: ast.ModuleDecl,
  scope: Scope,
  ctx: Elaboration,
): void {
  for (const connected of match(instance, decl, scope, ctx)) {
    if (connected.port.isInterface) {
      for (const inner of scopes) lookupDeclared(inner, connected.port.name!);
      continue;
    }
    connectPort(connected, scopes, decl, scope, ctx);
  }
}

function connectPort(
  connected: Connected,
  scopes: readonly Scope[],
  decl: ast.ModuleDecl,
  outer: Scope,
  ctx: Elaboration,
): void {
  const inners: { inner: Inner; scope: Scope }[] = [];
  for (const scope of scopes) {
    const inner = innerOf(connected.port, scope, ctx);
    if (inner) inners.push({ inner, scope });
  }
  const [first] = inners;
  if (!first || inners.length !== scopes.length) return;
  const { value } = connected;
  if (first.inner.parts.length === 0) {
    if (value) refusePort(connected, first.inner, ctx);
    return;
  }
  if (!value) {
    for (const { inner, scope } of inners) leaveOpen(connected, inner, scope, decl, ctx);
    return;
  }
  switch (first.inner.direction) {
    case 'output':
      connectOutput(connected, value, inners, decl, outer, ctx, false);
      break;
    case 'inout':
      connectOutput(connected, value, inners, decl, outer, ctx, true);
      break;
    case 'ref':
      ctx.report(
        {
          code: 'not-supported',
          severity: 'error',
          what: 'Ports of modules by reference (ref) are not supported.',
          remedy: 'Use input, output or inout.',
        },
        connected.node,
      );
      break;
    default:
      connectInput(connected, value, inners, decl, outer, ctx);
  }
}

function refusePort(connected: Connected, inner: Inner, ctx: Elaboration): void {
  ctx.report(
    {
      code: 'not-supported',
      severity: 'error',
      what: `A port of the type ${describeType(inner.type)} is not supported.`,
      remedy: 'Pass vectors, reals or arrays of them, or use a hierarchical name.',
    },
    connected.node,
  );
}

function leaveOpen(connected: Connected, inner: Inner, scope: Scope, decl: ast.ModuleDecl, ctx: Elaboration): void {
  if (inner.direction === 'output' || inner.direction === 'inout') return;
  const at = ctx.at(connected.node);
  if (connected.port.init) {
    const value = lowerAssigned(connected.port.init, inner.type, scope, ctx);
    if (value) assign(inner.parts, value, scope, at, ctx);
    return;
  }
  if (!decl.unconnected || !inner.parts.every((part) => isNet(part, ctx))) return;
  const width = widthOfParts(inner.parts);
  const ones = decl.unconnected === 'pull1' ? (1n << BigInt(width)) - 1n : 0n;
  ctx.design.assigns.push({
    target: inner.parts,
    value: {
      op: 'const',
      value: { kind: 'vector', width, signed: false, a: ones, b: 0n },
      type: { kind: 'vector', width, signed: false, fourState: true },
    },
    reads: [],
    strength: { zero: 5, one: 5 },
    scope: scope.ir.id,
    at,
    origin: 'port',
  });
}

/** A continuous assignment of a port's making. */
function assign(target: ir.NetPart[], value: ir.Expr, scope: Scope, at: ir.At, ctx: Elaboration): void {
  ctx.design.assigns.push({ target, value, reads: readsOf(value), scope: scope.ir.id, at, origin: 'port' });
}

function portText(connected: Connected, decl: ast.ModuleDecl): string {
  return `Port ${connected.position + 1} (${connected.port.name ?? 'unnamed'}) of ${decl.name.name}`;
}

function warnWidth(
  connected: Connected,
  decl: ast.ModuleDecl,
  port: number,
  expr: number,
  signed: boolean,
  ctx: Elaboration,
): void {
  const difference = Math.abs(port - expr);
  const what =
    expr > port
      ? `Pruning ${signed ? '(signed) ' : ''}${difference} high bits of the expression`
      : `Padding ${signed ? '(signed) ' : ''}${difference} high bits of the port`;
  ctx.report(
    {
      code: 'port-width',
      severity: 'warning',
      what: `${portText(connected, decl)} expects ${port} bits, got ${expr}. ${what}.`,
      remedy: 'Make both equally wide.',
    },
    connected.node,
  );
}

function refuseArrayWidth(connected: Connected, port: number, expr: number, count: number, ctx: Elaboration): void {
  ctx.report(
    {
      code: 'port-width',
      severity: 'error',
      what: `Port expression width ${expr} does not match expected width ${port * count} or ${port}.`,
      remedy: 'Give each instance its bits, or all of them the same ones.',
    },
    connected.node,
  );
}

function connectInput(
  connected: Connected,
  value: ast.Expr,
  inners: readonly { inner: Inner; scope: Scope }[],
  decl: ast.ModuleDecl,
  outer: Scope,
  ctx: Elaboration,
): void {
  const { inner: first } = inners[0]!;
  const at = ctx.at(connected.node);
  const filled = first.type.kind === 'integral' && value.kind === 'number' && value.fill !== undefined;
  const needsType = value.kind === 'pattern' || filled || first.type.kind === 'unpacked-struct';
  if (first.type.kind === 'unpacked-struct') {
    connectFields(connected, value, inners, outer, ctx);
    return;
  }
  const expr = needsType ? lowerAssigned(value, first.type, outer, ctx) : lowerExpr(value, outer, ctx);
  if (!expr) return;
  const sources = partsOfExpr(expr, ctx);
  if (first.type.kind === 'array' || expr.type.kind === 'array') {
    if (!sources || sources.length !== first.parts.length || widthOfParts(sources) !== widthOfParts(first.parts)) {
      ctx.report(
        {
          code: 'port-type',
          severity: 'error',
          what: `${portText(connected, decl)} is ${describeType(first.type)}; what it is connected to is not.`,
          remedy: 'Connect an array of the same shape.',
        },
        connected.node,
      );
      return;
    }
    for (const { inner, scope } of inners) tie(inner.parts, sources, scope, at, ctx);
    return;
  }
  const port = widthOfParts(first.parts);
  const isReal = expr.type.kind !== 'vector' || first.parts.some((part) => isRealPart(part, ctx));
  const width = expr.type.kind === 'vector' ? expr.type.width : port;
  const count = inners.length;
  const sliced = count > 1 && width === port * count && !isReal;
  if (count > 1 && !sliced && width !== port && !isReal) {
    refuseArrayWidth(connected, port, width, count, ctx);
    return;
  }
  if (count === 1 && width !== port && !isReal) {
    warnWidth(connected, decl, port, width, expr.type.kind === 'vector' && expr.type.signed, ctx);
  }
  inners.forEach(({ inner, scope }, i) => {
    const offset = sliced ? (count - 1 - i) * port : 0;
    const bits = sliced ? port : width;
    if (!isReal && sources && bits >= port) {
      tie(inner.parts, sliceParts(sources, offset, port), scope, at, ctx);
      return;
    }
    const type = isReal && first.parts.every((part) => isRealPart(part, ctx)) ? ({ kind: 'real' } as const) : undefined;
    const part = sliced ? selectBits(expr, offset, port) : expr;
    const fitted = fitTo(part, type ?? { kind: 'vector', width: port, signed: false, fourState: true });
    assign(inner.parts, fitted, scope, at, ctx);
  });
}

/** Ties what is outside to the nets inside that read it. */
function tie(
  inner: readonly ir.NetPart[],
  outside: readonly ir.NetPart[],
  scope: Scope,
  at: ir.At,
  ctx: Elaboration,
): void {
  for (const { left, right } of pairParts(inner, outside)) {
    if (isNet(left, ctx) && !isRealPart(left, ctx) && !isRealPart(right, ctx)) {
      ctx.design.links.push(isNet(right, ctx) ? { left, right, at } : { left, right, driver: 'right', at });
    } else assign([left], fitTo(readPart(right, ctx), partType(left, ctx)), scope, at, ctx);
  }
}

function partType(part: ir.NetPart, ctx: Elaboration): ir.IrType {
  if (isRealPart(part, ctx)) return { kind: 'real' };
  return { kind: 'vector', width: part.width, signed: false, fourState: true };
}

function connectFields(
  connected: Connected,
  value: ast.Expr,
  inners: readonly { inner: Inner; scope: Scope }[],
  outer: Scope,
  ctx: Elaboration,
): void {
  const symbol = value.kind === 'name' ? lookup(outer, value.name) : undefined;
  const parts = symbol?.kind === 'fields' ? partsOfSymbol(symbol) : undefined;
  const [first] = inners;
  if (
    !parts ||
    !first ||
    parts.length !== first.inner.parts.length ||
    parts.some((part, i) => part.width !== first.inner.parts[i]!.width)
  ) {
    refusePort(connected, first!.inner, ctx);
    return;
  }
  for (const { inner, scope } of inners) {
    if (inner.direction === 'output') tieOut(inner.parts, parts, outer, ctx.at(connected.node), ctx);
    else tie(inner.parts, parts, scope, ctx.at(connected.node), ctx);
  }
}

/** Ties what is inside to what it drives outside. */
function tieOut(
  inner: readonly ir.NetPart[],
  outside: readonly ir.NetPart[],
  scope: Scope,
  at: ir.At,
  ctx: Elaboration,
): void {
  for (const { left, right } of pairParts(inner, outside)) {
    const real = isRealPart(left, ctx) || isRealPart(right, ctx);
    if (isNet(right, ctx) && !real) {
      ctx.design.links.push(isNet(left, ctx) ? { left, right, at } : { left, right, driver: 'left', at });
    } else assign([right], fitTo(readPart(left, ctx), partType(right, ctx)), scope, at, ctx);
  }
}

function connectOutput(
  connected: Connected,
  value: ast.Expr,
  inners: readonly { inner: Inner; scope: Scope }[],
  decl: ast.ModuleDecl,
  outer: Scope,
  ctx: Elaboration,
  inout: boolean,
): void {
  const { inner: first } = inners[0]!;
  const at = ctx.at(connected.node);
  if (first.type.kind === 'unpacked-struct') {
    connectFields(connected, value, inners, outer, ctx);
    return;
  }
  const target = lowerNetParts(value, outer, ctx);
  if (!target) return;
  if (!checkDriven(target.parts, connected.node, outer, ctx)) return;
  if (inout && !target.parts.every((part) => isNet(part, ctx))) {
    ctx.report(
      {
        code: 'inout-variable',
        severity: 'error',
        what: `${portText(connected, decl)} is an inout port: it connects to nets only.`,
        remedy: 'Use a wire, and assign to it.',
      },
      connected.node,
    );
    return;
  }
  const port = widthOfParts(first.parts);
  const width = widthOfParts(target.parts);
  const isArray = first.type.kind === 'array' || target.type.kind === 'array';
  if (isArray && (first.parts.length !== target.parts.length || width !== port)) {
    ctx.report(
      {
        code: 'port-type',
        severity: 'error',
        what: `${portText(connected, decl)} is ${describeType(first.type)}; what it is connected to is not.`,
        remedy: 'Connect an array of the same shape.',
      },
      connected.node,
    );
    return;
  }
  const count = inners.length;
  const real = [...first.parts, ...target.parts].some((part) => isRealPart(part, ctx));
  if (real && first.parts.length === 1 && target.parts.length === 1) {
    for (const { inner } of inners) realOut(inner.parts[0]!, target.parts[0]!, outer, at, ctx);
    return;
  }
  const sliced = count > 1 && width === port * count;
  if (count > 1 && !sliced && width !== port) {
    refuseArrayWidth(connected, port, width, count, ctx);
    return;
  }
  if (count === 1 && width !== port) warnWidth(connected, decl, port, width, false, ctx);
  inners.forEach(({ inner }, i) => {
    const shared = Math.min(port, width);
    const outside = sliceParts(target.parts, sliced ? (count - 1 - i) * port : 0, shared);
    tieOut(sliceParts(inner.parts, 0, shared), outside, outer, at, ctx);
    if (width > port && !sliced && !inout) {
      const above = sliceParts(target.parts, port, width - port);
      const signed = inner.type.kind === 'integral' && inner.type.signed;
      assign(above, padding(inner.parts, width - port, signed, ctx), outer, at, ctx);
    }
  });
}

/** What stands above a port that is narrower than what it drives: zeros, or its sign. */
function padding(inner: readonly ir.NetPart[], width: number, signed: boolean, ctx: Elaboration): ir.Expr {
  const type: ir.VectorType = { kind: 'vector', width, signed: false, fourState: true };
  if (!signed) return { op: 'const', value: { kind: 'vector', width, signed: false, a: 0n, b: 0n }, type };
  const [sign] = sliceParts(inner, widthOfParts(inner) - 1, 1);
  return { op: 'replicate', count: width, part: readPart(sign!, ctx), type };
}

/** A real goes out: to a real, or rounded into a vector; a vector goes out to a real. */
function realOut(inner: ir.NetPart, outside: ir.NetPart, scope: Scope, at: ir.At, ctx: Elaboration): void {
  assign([outside], fitTo(readPart(inner, ctx), partType(outside, ctx)), scope, at, ctx);
}
