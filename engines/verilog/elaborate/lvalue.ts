/** Places that are written to: left sides of assignments, outputs, the targets of continuous assignments and ports. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Context, DataType, Scope } from './symbols.ts';

/** `procedural`: nets are refused. `force`: nets may be forced, indices are constant. */
export type WriteMode = 'procedural' | 'force';

export interface Target {
  target: ir.LValue;
  type: DataType;
}

/** A place that a procedure writes to. Undefined: it was reported. */
export function lowerLValue(expr: ast.Expr, scope: Scope, ctx: Context, mode: WriteMode): Target | undefined {
  throw new Error(`not yet: ${expr.kind} ${scope.ir.id} ${ctx.delays} ${mode}`);
}

/**
 * A place that is driven all the time: constant parts of nets (or variables), most significant first. A whole array
 * comes as its elements in order. Undefined: it was reported.
 */
export function lowerNetParts(
  expr: ast.Expr,
  scope: Scope,
  ctx: Context,
): { parts: ir.NetPart[]; type: DataType } | undefined {
  throw new Error(`not yet: ${expr.kind} ${scope.ir.id} ${ctx.delays}`);
}
