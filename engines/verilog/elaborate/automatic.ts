/** What automatic variables cannot be used for: all that outlives the call they belong to (1364-2005 10.2.2, 1800-2012 6.21). */
import type * as ir from '../ir/types.ts';
import { lvalueExprs, lvalueSignals, readsOf } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import { type Env, fail } from './lowering.ts';

function refuse(signal: ir.SignalId, use: string, node: ast.Node, env: Env): void {
  const record = env.ctx.design.signals[signal]!;
  if (!record.automatic) return;
  fail(
    env,
    'automatic-use',
    `The automatic variable "${record.name}" cannot be ${use}: it may be gone by then.`,
    node,
    'Make the variable static.',
  );
}

/** Refuses an expression that reads automatic variables. */
export function refuseAutomaticReads(expr: ir.Expr, use: string, node: ast.Node, env: Env): void {
  for (const read of readsOf(expr)) refuse(read.signal, use, node, env);
}

/** Refuses the target of force and of procedural assign where it is automatic, or has an index that is not constant. */
export function checkFollowed(target: ir.LValue, word: string, node: ast.Node, env: Env): void {
  for (const signal of lvalueSignals(target)) refuse(signal, `used with '${word}'`, node, env);
  if (lvalueExprs(target).some((expr) => expr.op !== 'const')) {
    fail(env, 'variable-select', `A select must be constant after '${word}'.`, node, 'Use a constant index.');
  }
}
