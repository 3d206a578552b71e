/** Nets that are declared by their use (1364-2005 section 4.5): in connections, at gates, on the left of continuous assignments. */
import type * as ast from '../syntax/ast.ts';
import type { Body, Elaboration } from './context.ts';
import { declares, lookup } from './lookup.ts';
import { flatten } from './names.ts';
import { makeSignal, netKindOf } from './signals.ts';
import { vectorType } from './types.ts';

/** Names that an expression may declare. */
function collect(expr: ast.Expr | undefined, into: ast.NameExpr[]): void {
  if (!expr) return;
  switch (expr.kind) {
    case 'name':
      into.push(expr);
      break;
    case 'concat':
      for (const part of expr.parts) collect(part, into);
      break;
    case 'replicate':
      for (const part of expr.parts) collect(part, into);
      break;
    case 'unary':
      collect(expr.operand, into);
      break;
    case 'binary':
      collect(expr.left, into);
      collect(expr.right, into);
      break;
    case 'conditional':
      collect(expr.condition, into);
      collect(expr.then, into);
      collect(expr.else, into);
      break;
    default:
      break;
  }
}

/** Names that may be declared by their use, of a list of items: found once for all instances. */
const uses = new WeakMap<readonly ast.Item[], readonly ast.NameExpr[]>();

function usesIn(items: readonly ast.Item[]): readonly ast.NameExpr[] {
  let names = uses.get(items);
  if (names) return names;
  const found: ast.NameExpr[] = [];
  const seen = new Set<string>();
  for (const item of flatten(items)) {
    if (item.kind === 'assign') for (const { left } of item.assigns) collect(left, found);
    if (item.kind !== 'gate' && item.kind !== 'instance') continue;
    for (const instance of item.instances) {
      for (const port of instance.ports) {
        if (port.kind === 'ordered' || (port.kind === 'named' && !port.implicit)) collect(port.value, found);
      }
    }
  }
  names = found.filter((use) => !seen.has(use.name) && seen.add(use.name));
  uses.set(items, names);
  return names;
}

/**
 * Declares the nets of a body that nothing else declares. Their symbol's node is the name's use (a `NameExpr`), which is how they can be told
 * from declared ones.
 */
export function declareImplicit(body: Body, ctx: Elaboration): void {
  const { scope } = body;
  for (const use of usesIn(body.items)) {
    if (declares(scope, use.name) || lookup(scope, use.name)) continue;
    if (scope.defaultNetType === 'none') continue;
    const symbol = makeSignal(
      use.name,
      vectorType(1),
      { kind: 'net', word: scope.defaultNetType, net: { kind: netKindOf(scope.defaultNetType) } },
      use,
      scope,
      ctx,
    );
    scope.names.set(use.name, symbol);
  }
}
