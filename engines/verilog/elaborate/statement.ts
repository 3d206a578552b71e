/** Statements: from the syntax tree to the IR (IEEE 1364-2005 section 9, 1800-2012 sections 9 to 12). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Context, Scope } from './symbols.ts';

/** A statement of a procedure or a subprogram. What is wrong in it is reported and left out. */
export function lowerStatement(stmt: ast.Stmt, scope: Scope, ctx: Context): ir.Stmt {
  throw new Error(`not yet: ${stmt.kind} ${scope.ir.id} ${ctx.delays}`);
}

/** The body of a procedure, with what always_comb and always_latch follow (1800-2012 9.2.2.2.1). */
export function lowerProcess(item: ast.ProcessItem, scope: Scope, ctx: Context): ir.Process {
  throw new Error(`not yet: ${item.word} ${scope.ir.id} ${ctx.delays}`);
}

/** A delay in the unit of the scope; min, typ or max of it. */
export function lowerDelay(expr: ast.Expr, scope: Scope, ctx: Context): ir.DelayExpr | undefined {
  throw new Error(`not yet: ${expr.kind} ${scope.ir.id} ${ctx.delays}`);
}

/** `#3`, `#(1, 2, 3)` of gates, nets and continuous assignments. */
export function lowerDelays(delay: ast.Delay, scope: Scope, ctx: Context): ir.DelayTriple | undefined {
  throw new Error(`not yet: ${delay.values.length} ${scope.ir.id} ${ctx.delays}`);
}
