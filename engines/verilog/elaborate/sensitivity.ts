/** What `@*`, always_comb and always_latch follow (1364-2005 section 9.7.5, 1800-2012 9.2.2.2.1 and 9.4.2.2). */
import type * as ir from '../ir/types.ts';
import { readsOfStmt, visitStmt, writtenParts } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import { type Env, warn } from './lowering.ts';
import { readySubprogram } from './subprogram.ts';
import type { Context } from './symbols.ts';

function isStatic(read: ir.Read, ctx: Context): boolean {
  const signal = ctx.design.signals[read.signal]!;
  return !signal.automatic && !signal.hidden && !signal.constant;
}

function readExpr(read: ir.Read, ctx: Context): ir.Expr {
  const { type } = ctx.design.signals[read.signal]!;
  return { op: 'signal', signal: read.signal, type };
}

/** Variables that count the rounds of loops: they are set before they are read, and Icarus does not wait for them. */
function loopCounters(body: ir.Stmt | undefined): Set<ir.SignalId> {
  const counters = new Set<ir.SignalId>();
  if (body === undefined) return counters;
  visitStmt(body, (stmt) => {
    if (stmt.op !== 'for') return;
    for (const init of stmt.init) {
      if (init.op !== 'assign' || init.target.kind !== 'signal') continue;
      if (!init.target.indices && !init.target.part) counters.add(init.target.signal);
    }
  });
  return counters;
}

/** `@*`: every signal that the body reads, as a whole. */
export function starItems(body: ir.Stmt | undefined, node: ast.Node, env: Env): ir.EventItem[] {
  const seen = loopCounters(body);
  const items: ir.EventItem[] = [];
  for (const read of body ? readsOfStmt(body) : []) {
    if (seen.has(read.signal) || !isStatic(read, env.ctx)) continue;
    seen.add(read.signal);
    const { type, name } = env.ctx.design.signals[read.signal]!;
    if (type.kind === 'array') {
      warn(env, 'star-array', `@* is sensitive to all ${type.count} words in array '${name}'.`, node);
    }
    items.push({
      what: { kind: 'expr', expr: readExpr(read, env.ctx), reads: [{ signal: read.signal }] },
    });
  }
  if (items.length === 0) {
    warn(env, 'star-empty', '@* found no sensitivities so it will never trigger.', node, 'Name what is waited for.');
  }
  return items;
}

function overlap(read: ir.Read, written: ir.Read): boolean {
  if (read.signal !== written.signal) return false;
  if (read.element !== undefined && written.element !== undefined && read.element !== written.element) return false;
  const { part } = read;
  if (!part || !written.part) return true;
  return part.offset < written.part.offset + written.part.width && written.part.offset < part.offset + part.width;
}

/** Scopes within a scope, itself too. */
function isWithin(scope: ir.ScopeId, outer: ReadonlySet<ir.ScopeId>, ctx: Context): boolean {
  for (let at: ir.ScopeId | undefined = scope; at !== undefined; at = ctx.design.scopes[at]?.parent) {
    if (outer.has(at)) return true;
  }
  return false;
}

/**
 * What always_comb and always_latch follow: what the body and the functions that it calls read, without what it writes
 * itself and without the variables of its own blocks and of those functions.
 */
export function combinationalReads(body: ir.Stmt, ctx: Context): ir.Read[] {
  const subprograms = new Set<ir.SubprogramId>();
  const waiting: ir.SubprogramId[] = [];
  const called = (id: ir.SubprogramId) => {
    if (subprograms.has(id)) return;
    subprograms.add(id);
    waiting.push(id);
  };
  const reads = readsOfStmt(body, called);
  const written = writtenParts(body);
  const own = new Set<ir.ScopeId>();
  visitStmt(body, (stmt) => {
    if ((stmt.op === 'block' || stmt.op === 'fork') && stmt.scope !== undefined) own.add(stmt.scope);
  });
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const subprogram = readySubprogram(id, ctx);
    if (!subprogram) continue;
    own.add(subprogram.scope);
    reads.push(...readsOfStmt(subprogram.body, called));
    written.push(...writtenParts(subprogram.body));
  }
  const result: ir.Read[] = [];
  const seen = new Set<string>();
  for (const read of reads) {
    const key = `${read.signal},${read.element},${read.part?.offset},${read.part?.width}`;
    if (seen.has(key) || !isStatic(read, ctx)) continue;
    seen.add(key);
    if (isWithin(ctx.design.signals[read.signal]!.scope, own, ctx)) continue;
    if (written.some((part) => overlap(read, part))) continue;
    result.push(read);
  }
  return result;
}
