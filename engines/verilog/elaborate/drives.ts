/** What may be driven all the time, and by how many (1364-2005 section 6.1, 1800-2012 sections 6.5 and 10.3.2). */
import type * as ir from '../ir/types.ts';
import { writesOf } from '../ir/walk.ts';
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

/** Refuses variables that are both driven and assigned in procedures. */
export function checkDrivenAndAssigned(ctx: Elaboration): void {
  if (ctx.driven.size === 0) return;
  const bodies = [...ctx.design.processes.map((process) => process.body), ...ctx.design.subprograms.map((s) => s.body)];
  for (const body of bodies) {
    for (const id of writesOf(body)) {
      const driven = ctx.driven.get(id);
      const signal = ctx.design.signals[id]!;
      if (!driven || signal.kind === 'net') continue;
      ctx.report(
        {
          code: 'driven-and-assigned',
          severity: 'error',
          what: `The variable "${signal.name}" is assigned in a procedure and also driven all the time.`,
          remedy: 'Keep one of the two.',
        },
        driven[0]!.node,
      );
    }
  }
}
