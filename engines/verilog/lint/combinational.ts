/** Which processes describe combinational logic and nothing else: the early warnings look at these alone. */
import type * as ir from '../ir/types.ts';
import { partsOf, visitExpr, visitStmt } from '../ir/walk.ts';

export interface Combinational {
  process: ir.Process;
  body: ir.Stmt;
  /** What starts it: everything it reads, or the listed expressions (without edges). */
  starts: 'all' | { items: ir.EventItem[]; at: ir.At };
}

/** The only statement of blocks around it. */
function unwrapped(stmt: ir.Stmt): ir.Stmt {
  let at = stmt;
  while (at.op === 'block' && at.body.length === 1 && !at.autos?.length) at = at.body[0]!;
  return at;
}

/**
 * Taken for combinational: always_comb, `always @*`, and always with a list of levels, whose body only assigns, chooses and
 * loops. A body that waits, prints, calls tasks or jumps may mean anything else, and is left alone.
 */
export function combinationalOf(process: ir.Process): Combinational | undefined {
  if (process.kind === 'always_comb') {
    return isPure(process.body) ? { process, body: process.body, starts: 'all' } : undefined;
  }
  if (process.kind !== 'always') return undefined;
  const head = unwrapped(process.body);
  if (head.op !== 'wait-event' || !head.body || !isPure(head.body)) return undefined;
  if (head.star) return { process, body: head.body, starts: 'all' };
  if (head.items.some((item) => item.edge || item.iff || item.what.kind === 'event')) return undefined;
  return { process, body: head.body, starts: { items: head.items, at: head.at } };
}

const PURE = new Set<ir.Stmt['op']>(['block', 'assign', 'nonblocking', 'eval', 'if', 'case', 'for']);

function isPure(body: ir.Stmt): boolean {
  let pure = true;
  visitStmt(body, (stmt) => {
    if (!PURE.has(stmt.op)) pure = false;
    if ((stmt.op === 'assign' || stmt.op === 'nonblocking') && stmt.timing) pure = false;
    for (const expr of partsOf(stmt).exprs) {
      visitExpr(expr, (inner) => {
        if (inner.op === 'syscall' || inner.op === 'method') pure = false;
      });
    }
  });
  return pure;
}
