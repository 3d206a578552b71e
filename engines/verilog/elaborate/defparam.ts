/** `defparam` (1364-2005 section 12.2.1): values for parameters anywhere in the tree. */
import type * as ast from '../syntax/ast.ts';
import { constantInteger } from './constant.ts';
import type { Body, Elaboration } from './context.ts';
import { above, type PathPart, rootOf } from './lookup.ts';
import type { Symbol as Meaning, Scope } from './symbols.ts';

/** A defparam that has not found its target yet: what it names may be made by a generate construct. */
export interface WaitingDefparam {
  scope: Scope;
  target: ast.Expr;
  value: ast.Expr;
}

/** The parts of a hierarchical name that is written as an expression; undefined: it is none. */
export function pathOf(expr: ast.Expr, scope: Scope, ctx: Elaboration): PathPart[] | undefined {
  if (expr.kind === 'name') return [{ name: expr.name }];
  if (expr.kind === 'member') {
    const before = pathOf(expr.object, scope, ctx);
    return before && [...before, { name: expr.member.name }];
  }
  if (expr.kind === 'index') {
    const before = pathOf(expr.object, scope, ctx);
    const index = constantInteger(expr.index, scope, ctx);
    const last = before?.at(-1);
    if (!before || !last || index === undefined) return undefined;
    return [...before.slice(0, -1), { name: last.name, indices: [...(last.indices ?? []), index] }];
  }
  return undefined;
}

/** The defparams of a body. */
export function defparamsOf(body: Body): WaitingDefparam[] {
  const found: WaitingDefparam[] = [];
  for (const item of body.items) {
    if (item.kind !== 'defparam') continue;
    for (const { target, value } of item.assigns) found.push({ scope: body.scope, target, value });
  }
  return found;
}

function below(symbol: Meaning | undefined, part: PathPart): Scope | undefined {
  if (symbol?.kind === 'scope' && !part.indices?.length) return symbol.scope;
  if (symbol?.kind === 'scopes' && part.indices?.length === 1) return symbol.scopes.get(part.indices[0]!);
  return undefined;
}

/** The scope that the path names, without resolving anything but scopes. */
function findScope(from: Scope, path: readonly PathPart[]): Scope | undefined {
  const walk = (start: Scope, parts: readonly PathPart[]): Scope | undefined => {
    let at: Scope | undefined = start;
    for (const part of parts) at = at && below(at.names.get(part.name), part);
    return at;
  };
  if (path.length === 0) return from;
  for (let at: Scope | undefined = from; at; at = above(at)) {
    const found = walk(at, path);
    if (found) return found;
    if (at.ir.name === path[0]!.name || at.ir.module === path[0]!.name) {
      const named = walk(at, path.slice(1));
      if (named) return named;
    }
  }
  return walk(rootOf(from), path);
}

/** Applies those whose scope is there; answers those that must wait. */
export function applyDefparams(waiting: readonly WaitingDefparam[], ctx: Elaboration): WaitingDefparam[] {
  const left: WaitingDefparam[] = [];
  for (const defparam of waiting) {
    const path = pathOf(defparam.target, defparam.scope, ctx);
    const name = path?.at(-1);
    if (!path || !name) continue;
    const scope = findScope(defparam.scope, path.slice(0, -1));
    const body = scope && ctx.bodyOf.get(scope);
    if (!scope || !body) {
      left.push(defparam);
      continue;
    }
    if (!isSettable(body, name.name)) {
      warnNoParameter(name.name, scope, defparam.target, ctx);
      continue;
    }
    if (scope.names.has(name.name)) {
      ctx.report(
        {
          code: 'late-defparam',
          severity: 'error',
          what: `The parameter "${name.name}" has already been used when this defparam reaches it.`,
          remedy: 'Set the parameter at the instance, or move the defparam out of the generate construct.',
        },
        defparam.target,
      );
      continue;
    }
    body.overrides.set(name.name, { value: defparam.value, scope: defparam.scope, node: defparam.target });
  }
  return left;
}

function isSettable(body: Body, name: string): boolean {
  const { module } = body.scope;
  const isOne = (item: ast.Item | ast.ParamDecl) =>
    item.kind === 'param' && item.word === 'parameter' && item.names.some((at) => at.name.name === name);
  if (module?.params.some(isOne)) return true;
  return body.scope.ir.kind !== 'generate' && !module?.hasParamList && body.items.some(isOne);
}

export function warnNoParameter(name: string, scope: Scope, node: ast.Node, ctx: Elaboration): void {
  ctx.report(
    {
      code: 'no-parameter',
      severity: 'error',
      what: `"${name}" is not a parameter of "${scope.ir.module ?? scope.ir.name}" that can be set.`,
      remedy: 'Check the name; local parameters cannot be set from outside.',
    },
    node,
  );
}

export function warnNoScope(waiting: readonly WaitingDefparam[], ctx: Elaboration): void {
  for (const { target } of waiting) {
    ctx.report(
      {
        code: 'no-scope',
        severity: 'warning',
        what: 'The scope of this defparam does not exist.',
        remedy: 'Check the names of the instances.',
      },
      target,
    );
  }
}
