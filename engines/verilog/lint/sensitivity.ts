/** Lists after `always @` that lack what the block reads: simulation then differs from the gates. */
import type { Problem } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import { lvalueExprs, partsOf, readsOf, writesOf } from '../ir/walk.ts';
import { combinationalOf } from './combinational.ts';
import type { Usage } from './usage.ts';

export function incompleteSensitivity(design: ir.Design, usage: Usage): Problem[] {
  const problems: Problem[] = [];
  for (const process of design.processes) {
    const logic = combinationalOf(process);
    if (!logic || logic.starts === 'all') continue;
    const { items, at } = logic.starts;
    const written = new Set(writesOf(logic.body));
    const before = readFirst(logic.body, written);
    // What reads its own old value is a counter of events or a memory, not logic.
    if (before.ownState) continue;
    const listed = new Set<ir.SignalId>();
    for (const { what } of items) if (what.kind === 'expr') for (const { signal } of what.reads) listed.add(signal);
    const lacking = [...before.inputs].filter((id) => {
      const signal = design.signals[id]!;
      return !listed.has(id) && !signal.hidden && !signal.automatic && usage.changes(id);
    });
    if (lacking.length === 0) continue;
    const names = lacking.map((id) => `'${design.signals[id]!.name}'`);
    const list = names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
    problems.push({
      code: 'incomplete-sensitivity',
      severity: 'warning',
      what: `This block reads ${list}, but does not run when ${names.length === 1 ? 'it changes' : 'they change'}: simulation will differ from the gates.`,
      where: at,
      remedy: 'Write @* in place of the list, or always_comb.',
    });
  }
  return problems;
}

/** Signals that a body reads before it has written them; `ownState`: one of them is one that it writes. */
function readFirst(body: ir.Stmt, written: ReadonlySet<ir.SignalId>): { inputs: Set<ir.SignalId>; ownState: boolean } {
  const inputs = new Set<ir.SignalId>();
  let ownState = false;
  const look = (exprs: readonly ir.Expr[], done: ReadonlySet<ir.SignalId>): void => {
    for (const expr of exprs) {
      for (const { signal } of readsOf(expr)) {
        if (done.has(signal)) continue;
        if (written.has(signal)) ownState = true;
        else inputs.add(signal);
      }
    }
  };
  const go = (stmt: ir.Stmt | undefined, done: Set<ir.SignalId>): Set<ir.SignalId> => {
    if (!stmt) return done;
    if (stmt.op === 'for') {
      let after = done;
      for (const inner of stmt.init) after = go(inner, after);
      if (stmt.condition) look([stmt.condition], after);
      after = go(stmt.body, after);
      for (const inner of stmt.step) after = go(inner, after);
      return after;
    }
    const { exprs, targets } = partsOf(stmt);
    look(exprs, done);
    for (const target of targets) look(lvalueExprs(target), done);
    switch (stmt.op) {
      case 'block': {
        let after = done;
        for (const inner of stmt.body) after = go(inner, after);
        return after;
      }
      // A nonblocking assignment is not seen by what is read after it.
      case 'assign':
        return new Set([...done, ...writesOf(stmt)]);
      case 'eval':
        return new Set([...done, ...writesOf(stmt)]);
      case 'if': {
        const paths = [go(stmt.then, done), go(stmt.else, done)];
        return both(paths);
      }
      case 'case': {
        const paths = [...stmt.items.map((item) => go(item.body, done)), go(stmt.default, done)];
        return both(paths);
      }
      default:
        return done;
    }
  };
  go(body, new Set());
  return { inputs, ownState };
}

function both(paths: Set<ir.SignalId>[]): Set<ir.SignalId> {
  const [first, ...others] = paths;
  return new Set([...(first ?? [])].filter((signal) => others.every((path) => path.has(signal))));
}
