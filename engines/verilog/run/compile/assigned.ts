/** Which of a subprogram's own variables may be read before they were assigned in full. */
import type { Expr, LValue, SignalId, Stmt } from '../../ir/types.ts';
import { expression, noUses } from './uses.ts';

export function readEarly(body: Stmt, own: ReadonlySet<SignalId>, given: Iterable<SignalId>): Set<SignalId> {
  const early = new Set<SignalId>();
  const look = (e: Expr | undefined, assigned: ReadonlySet<SignalId>): void => {
    if (e === undefined) return;
    const uses = noUses();
    expression(e, uses);
    for (const signal of uses.reads) if (own.has(signal) && !assigned.has(signal)) early.add(signal);
  };
  const write = (to: LValue, assigned: Set<SignalId>): void => {
    if (to.kind === 'concat') {
      for (const part of to.parts) write(part, assigned);
      return;
    }
    if (to.kind === 'item') return;
    for (const index of to.indices ?? []) look(index.value, assigned);
    look(to.part?.offset, assigned);
    if (to.indices === undefined && to.part === undefined) assigned.add(to.signal);
    // A part: the rest stays as it was.
    else if (own.has(to.signal) && !assigned.has(to.signal)) early.add(to.signal);
  };
  const both = (p: Set<SignalId>, q: Set<SignalId>): Set<SignalId> => new Set([...p].filter((it) => q.has(it)));
  const walk = (stmt: Stmt | undefined, assigned: Set<SignalId>): Set<SignalId> => {
    if (stmt === undefined) return assigned;
    switch (stmt.op) {
      case 'block': {
        const before = new Set(assigned);
        let now = assigned;
        for (const inner of stmt.body) now = walk(inner, now);
        return stmt.scope === undefined
          ? now
          : new Set([...before, ...both(now, now)].filter((it) => before.has(it) || !leaves(stmt)));
      }
      case 'assign': {
        look(stmt.value, assigned);
        const now = new Set(assigned);
        write(stmt.target, now);
        return now;
      }
      case 'eval': {
        look(stmt.expr, assigned);
        const now = new Set(assigned);
        if (stmt.expr.op === 'assign') write(stmt.expr.target, now);
        return now;
      }
      case 'if': {
        look(stmt.condition, assigned);
        const yes = walk(stmt.then, new Set(assigned));
        const no = walk(stmt.else, new Set(assigned));
        return both(yes, no);
      }
      case 'case': {
        look(stmt.subject, assigned);
        let all: Set<SignalId> | undefined;
        for (const item of stmt.items) {
          for (const label of item.labels) {
            if (label.kind === 'value') look(label.value, assigned);
            else {
              look(label.low, assigned);
              look(label.high, assigned);
            }
          }
          const now = walk(item.body, new Set(assigned));
          all = all === undefined ? now : both(all, now);
        }
        const rest = walk(stmt.default, new Set(assigned));
        return all === undefined ? rest : both(all, rest);
      }
      case 'for': {
        let now = assigned;
        for (const it of stmt.init) now = walk(it, now);
        look(stmt.condition, now);
        let inner = walk(stmt.body, new Set(now));
        // After `continue` only what held before is sure.
        inner = new Set(now);
        for (const it of stmt.step) inner = walk(it, inner);
        return now;
      }
      case 'while':
        look(stmt.condition, assigned);
        walk(stmt.body, new Set(assigned));
        return assigned;
      case 'do': {
        walk(stmt.body, new Set(assigned));
        look(stmt.condition, assigned);
        return assigned;
      }
      case 'repeat':
        look(stmt.count, assigned);
        walk(stmt.body, new Set(assigned));
        return assigned;
      default:
        return assigned;
    }
  };
  walk(body, new Set(given));
  return early;
}

/** Something in it may leave it in the middle. */
function leaves(stmt: Stmt): boolean {
  switch (stmt.op) {
    case 'disable':
    case 'return':
      return true;
    case 'block':
      return stmt.body.some(leaves);
    case 'if':
      return [stmt.then, stmt.else].some((it) => it !== undefined && leaves(it));
    case 'case':
      return [...stmt.items.map((it) => it.body), stmt.default].some((it) => it !== undefined && leaves(it));
    case 'for':
    case 'while':
    case 'do':
    case 'repeat':
      return stmt.body !== undefined && leaves(stmt.body);
    default:
      return false;
  }
}
