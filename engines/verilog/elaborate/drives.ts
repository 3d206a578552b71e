/** What may be driven all the time, and by how many (1364-2005 section 6.1, 1800-2012 sections 6.5 and 10.3.2). */
import type * as ir from '../ir/types.ts';
import { isLValue, linearElement, partsOf, visitExpr, visitStmt } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import type { Scope } from './symbols.ts';

/** Whether the module around is written in SystemVerilog: variables may then be driven. */
export function isSystemVerilog(scope: Scope): boolean {
  const generation = scope.unit.module?.generation;
  return generation === '2005-sv' || generation === '2009' || generation === '2012';
}

/** Refuses to drive a variable of Verilog; remembers what drives one of SystemVerilog. */
export function checkDriven(parts: readonly ir.NetPart[], node: ast.Node, scope: Scope, ctx: Elaboration): boolean {
  for (const part of parts) {
    const signal = ctx.design.signals[part.signal]!;
    if (signal.kind === 'net') {
      if (signal.net?.kind === 'uwire') remember(part, node, ctx);
      continue;
    }
    if (!isSystemVerilog(scope) && signal.type.kind === 'vector') {
      ctx.report(
        {
          code: 'variable-driven',
          severity: 'error',
          what: `The ${signal.word} "${signal.name}" cannot be driven by primitives or continuous assignment.`,
          remedy: 'Declare it as a wire, or assign to it in a procedure.',
        },
        node,
      );
      return false;
    }
    remember(part, node, ctx);
  }
  return true;
}

function remember(part: ir.NetPart, node: ast.Node, ctx: Elaboration): void {
  const list = ctx.driven.get(part.signal) ?? [];
  const overlaps = list.some(
    (other) =>
      other.part.element === part.element &&
      other.part.offset < part.offset + part.width &&
      part.offset < other.part.offset + other.part.width,
  );
  if (overlaps) {
    const signal = ctx.design.signals[part.signal]!;
    ctx.report(
      {
        code: 'driven-twice',
        severity: 'error',
        what: `"${signal.name}" has more than one driver; ${signal.kind === 'net' ? 'a uwire' : 'a variable'} has one.`,
        remedy: 'Declare it as a wire, or remove one of the drivers.',
      },
      node,
    );
  }
  list.push({ part, node });
  ctx.driven.set(part.signal, list);
}

/** Places that a procedure assigns to; force and release are not counted, they may have anything. */
function assignedPlaces(body: ir.Stmt): ir.LValue[] {
  const places: ir.LValue[] = [];
  visitStmt(body, (stmt) => {
    if (((stmt.op === 'force' || stmt.op === 'release') && !stmt.procedural) || stmt.op === 'systask') return;
    const parts = partsOf(stmt);
    places.push(...parts.targets);
    for (const expr of parts.exprs) {
      visitExpr(expr, (inner) => {
        if (inner.op === 'assign') places.push(inner.target);
        else if (inner.op === 'call') for (const arg of inner.args) if (isLValue(arg)) places.push(arg);
      });
    }
  });
  return places;
}

function constantIndex(expr: ir.Expr): number | undefined {
  if (expr.op !== 'const' || expr.value.kind !== 'vector' || expr.value.b !== 0n) return undefined;
  return Number(BigInt.asIntN(expr.value.width, expr.value.a));
}

/** Whether a place has bits in common with a part of the same signal, as far as its indices are constant; else it is taken to have. */
function overlaps(place: Extract<ir.LValue, { kind: 'signal' }>, part: ir.NetPart): boolean {
  const element = place.indices && linearElement(place.indices);
  if (typeof element === 'number' && part.element !== undefined && element !== part.element) return false;
  if (!place.part) return true;
  const offset = constantIndex(place.part.offset);
  if (offset === undefined) return true;
  return offset < part.offset + part.width && part.offset < offset + place.part.width;
}

/** Refuses variables that are both driven and assigned in procedures. */
export function checkDrivenAndAssigned(ctx: Elaboration): void {
  if (ctx.driven.size === 0) return;
  const check = (place: ir.LValue): void => {
    if (place.kind === 'concat') place.parts.forEach(check);
    if (place.kind !== 'signal') return;
    const signal = ctx.design.signals[place.signal]!;
    if (signal.kind === 'net') return;
    const driven = ctx.driven.get(place.signal)?.find(({ part }) => overlaps(place, part));
    if (!driven) return;
    ctx.report(
      {
        code: 'driven-and-assigned',
        severity: 'error',
        what: `The variable "${signal.name}" is assigned in a procedure and also driven all the time.`,
        remedy: 'Keep one of the two.',
      },
      driven.node,
    );
  };
  for (const { body } of ctx.design.processes) for (const place of assignedPlaces(body)) check(place);
  for (const { body } of ctx.design.subprograms) for (const place of assignedPlaces(body)) check(place);
}
