/** Expressions: from the syntax tree to the IR, by the two passes of IEEE 1364-2005 5.4 and 5.5 (1800-2012 11.6 to 11.8). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Context, DataType, Scope } from './symbols.ts';

export interface LowerOptions {
  /** Reports nothing: answers whether it can be done. */
  quiet?: boolean;
}

/** An expression by itself: its width and sign are its own. Undefined: it was reported. */
export function lowerExpr(expr: ast.Expr, scope: Scope, ctx: Context, options?: LowerOptions): ir.Expr | undefined {
  throw new Error(`not yet: ${expr.kind} ${scope.ir.id} ${ctx.delays} ${options?.quiet}`);
}

/**
 * An expression as the right side of an assignment to something of type `target`: as wide as the wider of both, then
 * brought to the target's type. Undefined: it was reported.
 */
export function lowerAssigned(expr: ast.Expr, target: DataType, scope: Scope, ctx: Context): ir.Expr | undefined {
  throw new Error(`not yet: ${expr.kind} ${target.kind} ${scope.ir.id} ${ctx.delays}`);
}

/** The type that an expression has by itself: `$bits`, `type(...)`, the type of a port. Undefined: it was reported. */
export function typeOfExpr(expr: ast.Expr, scope: Scope, ctx: Context): DataType | undefined {
  throw new Error(`not yet: ${expr.kind} ${scope.ir.id} ${ctx.delays}`);
}
