/** Constant expressions: parameters, ranges, generate conditions (IEEE 1364-2005 5, 10.4.5). */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Context, DataType, Scope } from './symbols.ts';

/**
 * The value of a constant expression: by itself, or as assigned to something of type `target`. Undefined: it is none,
 * which was reported.
 */
export function constantOf(expr: ast.Expr, scope: Scope, ctx: Context, target?: DataType): ir.Constant | undefined {
  throw new Error(`not yet: ${expr.kind} ${scope.ir.id} ${ctx.delays} ${target?.kind}`);
}

/** A constant that has to be a known whole number: bounds, sizes, counts. Undefined: it is none, which was reported. */
export function constantInteger(expr: ast.Expr, scope: Scope, ctx: Context): number | undefined {
  throw new Error(`not yet: ${expr.kind} ${scope.ir.id} ${ctx.delays}`);
}

/** The value of an IR expression that reads no signals. Undefined: it is not constant. */
export function evaluateConstant(expr: ir.Expr, ctx: Context): ir.Constant | undefined {
  throw new Error(`not yet: ${expr.op} ${ctx.delays}`);
}
