/** Scopes within procedures: named blocks, blocks that declare, loops that declare. They are made before bodies are lowered. */
import type * as ast from '../syntax/ast.ts';
import { type Elaboration, makeScope } from './context.ts';
import { declareNames, resolveAll } from './declare.ts';
import { lookup, lookupDeclared } from './lookup.ts';
import { reportTwice, type Summary, summariseDecls } from './names.ts';
import { makeSignal } from './signals.ts';
import type { DataType, Scope } from './symbols.ts';
import { atomType } from './types.ts';

type Holder = ast.BlockStmt | ast.ForStmt | ast.ForeachStmt;

/** Statements directly within a statement. */
function inner(stmt: ast.Stmt): (ast.Stmt | undefined)[] {
  switch (stmt.kind) {
    case 'block':
      return stmt.body;
    case 'if':
      return [stmt.then, stmt.else];
    case 'case':
      return stmt.items.map((item) => item.body);
    case 'for':
      return [...stmt.init.filter((init): init is ast.Stmt => init.kind !== 'var'), ...stmt.step, stmt.body];
    case 'foreach':
    case 'while':
    case 'do':
    case 'repeat':
    case 'forever':
    case 'delay':
    case 'event':
    case 'wait':
      return [stmt.body];
    case 'assert':
      return [stmt.pass, stmt.fail];
    default:
      return [];
  }
}

function needsScope(stmt: ast.Stmt): stmt is Holder & ast.Stmt {
  if (stmt.kind === 'block') return stmt.name !== undefined || stmt.decls.length > 0;
  if (stmt.kind === 'for') return stmt.init.some((init) => init.kind === 'var');
  return stmt.kind === 'foreach';
}

/** Holders of scopes within a statement, outermost ones only: found once for all instances. */
const holders = new WeakMap<ast.Stmt, readonly (Holder & ast.Stmt)[]>();

function holdersIn(stmt: ast.Stmt, within: boolean): readonly (Holder & ast.Stmt)[] {
  if (!within && needsScope(stmt)) return [stmt];
  const known = within ? undefined : holders.get(stmt);
  if (known) return known;
  const found: (Holder & ast.Stmt)[] = [];
  for (const part of inner(stmt)) if (part) found.push(...holdersIn(part, false));
  if (!within) holders.set(stmt, found);
  return found;
}

/** Makes the scopes within a statement. */
export function declareBlocks(stmt: ast.Stmt, scope: Scope, ctx: Elaboration): void {
  for (const holder of holdersIn(stmt, false)) blockScope(ctx, holder, scope);
}

const summaries = new WeakMap<ast.Node, Summary>();

export function summaryOf(node: ast.Node, make: () => Summary): Summary {
  let summary = summaries.get(node);
  if (!summary) {
    summary = make();
    summaries.set(node, summary);
  }
  return summary;
}

/** The scope of a block or loop within `parent`; undefined: it has none of its own. */
export function blockScope(ctx: Elaboration, node: ast.Node, parent: Scope): Scope | undefined {
  const stmt = node as ast.Stmt;
  if (!needsScope(stmt)) return undefined;
  let byNode = ctx.blocks.get(parent);
  if (!byNode) {
    byNode = new Map();
    ctx.blocks.set(parent, byNode);
  }
  if (byNode.has(node)) return byNode.get(node);
  byNode.set(node, undefined);
  const name = stmt.kind === 'block' ? (stmt.name ?? stmt.label) : undefined;
  ctx.unnamed += 1;
  const written = stmt.kind === 'block' ? `$unm_blk_${ctx.unnamed}` : `$ivl_for_loop${ctx.unnamed}`;
  const scope = makeScope(ctx, {
    name: name?.name ?? written,
    kind: stmt.kind === 'block' && stmt.fork ? 'fork' : 'block',
    parent,
    above: parent,
    node,
    automatic: parent.automatic || parent.unit.module?.lifetime === 'automatic',
  });
  byNode.set(node, scope);
  if (name) {
    const other = parent.names.get(name.name);
    if (other || parent.pending?.has(name.name)) reportTwice(name, 'something else', ctx);
    else parent.names.set(name.name, { kind: 'scope', scope, node });
  }
  if (stmt.kind === 'block') {
    declareNames(
      summaryOf(node, () => summariseDecls(stmt.decls, ctx)),
      scope,
      ctx,
    );
    resolveAll(scope);
  } else if (stmt.kind === 'for') {
    const decls = stmt.init.filter((init): init is ast.VarDecl => init.kind === 'var');
    declareNames(
      summaryOf(node, () => summariseDecls(decls, ctx)),
      scope,
      ctx,
    );
    resolveAll(scope);
  } else if (stmt.kind === 'foreach') declareForeach(stmt, scope, ctx);
  for (const holder of holdersIn(stmt, true)) blockScope(ctx, holder, scope);
  return scope;
}

function declareForeach(stmt: ast.ForeachStmt, scope: Scope, ctx: Elaboration): void {
  let type: DataType | undefined;
  if (stmt.array.kind === 'name') {
    const symbol = lookup(scope, stmt.array.name);
    if (symbol?.kind === 'signal') type = symbol.type;
  } else if (stmt.array.kind === 'scoped') {
    const from = ctx.packages.get(stmt.array.scope.name);
    const symbol = from && lookupDeclared(from, stmt.array.name.name);
    if (symbol?.kind === 'signal') type = symbol.type;
  }
  for (const variable of stmt.variables) {
    const key: DataType = type?.kind === 'map' ? type.key : atomType('int');
    type = type && 'element' in type ? type.element : undefined;
    if (!variable) continue;
    const symbol = makeSignal(
      variable.name,
      key,
      { kind: 'variable', word: 'int', automatic: scope.automatic },
      variable,
      scope,
      ctx,
    );
    scope.names.set(variable.name, symbol);
  }
}
