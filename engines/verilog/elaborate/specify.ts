/** Paths of specify blocks (1364-2005 section 14). Timing checks are passed over, and said to be. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import type { Elaboration } from './context.ts';
import { lowerExpr } from './expression.ts';
import { widthOfParts } from './links.ts';
import { lowerNetParts } from './lvalue.ts';
import type { Scope } from './symbols.ts';

export function lowerSpecify(item: ast.SpecifyItem, scope: Scope, ctx: Elaboration): void {
  for (const inner of item.items) {
    if (inner.kind === 'path') lowerPath(inner, scope, ctx);
    else if (inner.kind === 'timing-check') {
      ctx.report(
        {
          code: 'timing-check',
          severity: 'note',
          what: `The timing check ${inner.name} is not run.`,
          remedy: 'Check such times in the test bench.',
        },
        inner,
      );
    }
  }
}

function lowerPath(path: ast.SpecifyPath, scope: Scope, ctx: Elaboration): void {
  const parts = (exprs: readonly ast.Expr[]) => exprs.map((expr) => lowerNetParts(expr, scope, ctx)?.parts ?? []);
  const inputs = parts(path.inputs);
  const outputs = parts(path.outputs);
  const delays: ir.DelayExpr[] = [];
  for (const delay of path.delays) {
    const value = lowerExpr(delay, scope, ctx);
    if (value) delays.push({ value, scope: scope.ir.id });
  }
  const incomplete = [...inputs, ...outputs].some((side) => side.length === 0);
  if (incomplete || delays.length !== path.delays.length) return;
  if (![1, 2, 3, 6, 12].includes(delays.length)) {
    ctx.report(
      {
        code: 'path-delays',
        severity: 'error',
        what: `A path has 1, 2, 3, 6 or 12 delays, not ${delays.length}.`,
        remedy: 'Write as many as the transitions that differ.',
      },
      path,
    );
    return;
  }
  const common: Pick<ir.PathDelay, 'scope' | 'full' | 'delays' | 'at' | 'edge' | 'condition'> = {
    scope: scope.ir.id,
    full: path.full,
    delays,
    at: ctx.at(path),
  };
  if (path.edge) common.edge = path.edge;
  if (path.condition === 'none') common.condition = 'none';
  else if (path.condition) {
    const condition = lowerExpr(path.condition, scope, ctx);
    if (!condition) return;
    common.condition = condition;
  }
  if (path.full) {
    ctx.design.paths.push({ ...common, inputs: inputs.flat(), outputs: outputs.flat() });
    return;
  }
  // A parallel path of each input to each output.
  for (const input of inputs) {
    for (const output of outputs) {
      if (widthOfParts(input) === widthOfParts(output)) {
        ctx.design.paths.push({ ...common, inputs: input, outputs: output });
        continue;
      }
      ctx.report(
        {
          code: 'path-width',
          severity: 'error',
          what: `The two sides of a parallel path (=>) have ${widthOfParts(input)} and ${widthOfParts(output)} bits.`,
          remedy: 'Write *> for a path of every bit to every bit.',
        },
        path,
      );
    }
  }
}
