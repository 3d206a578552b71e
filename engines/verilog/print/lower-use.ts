/** How the signals of a design are used: what decides how they are declared. */
import type * as ir from '../ir/types.ts';
import { isLValue, lvalueExprs, partsOf, visitExpr, visitStmt } from '../ir/walk.ts';
import type { NetPlan } from '../run/nets.ts';

/** By canon signal. */
export interface SignalUse {
  /** Arrays that are read or written as a whole. */
  whole: Set<ir.SignalId>;
  /** Driven all the time: by assignments, gates, links. */
  driven: Set<ir.SignalId>;
  /** Assigned in procedures, or given an initial value. */
  assigned: Set<ir.SignalId>;
  /** Only count the rounds of loops, and are not looked at elsewhere. */
  counters: Set<ir.SignalId>;
  /** Given a value at the start of some loop. */
  loopVariables: Set<ir.SignalId>;
}

export function readUse(design: ir.Design, { canon, flows }: NetPlan): SignalUse {
  const whole = new Set<ir.SignalId>();
  const driven = new Set<ir.SignalId>();
  const assigned = new Set<ir.SignalId>();
  const seen = new Map<ir.SignalId, number>();
  const counted = new Map<ir.SignalId, number>();
  const count = (id: ir.SignalId, tally: Map<ir.SignalId, number>) => tally.set(id, (tally.get(id) ?? 0) + 1);
  const isArray = (id: ir.SignalId) => design.signals[id]!.type.kind === 'array';

  const read = (expr: ir.Expr, tally: Map<ir.SignalId, number>): void => {
    visitExpr(expr, (inner) => {
      if (inner.op === 'signal') {
        count(inner.signal, tally);
        if (isArray(inner.signal)) whole.add(canon[inner.signal]!);
      } else if (inner.op === 'element') count(inner.signal, tally);
      else if (inner.op === 'assign') write(inner.target, tally);
      else if (inner.op === 'call') for (const arg of inner.args) if (isLValue(arg)) write(arg, tally);
    });
  };
  const write = (target: ir.LValue, tally: Map<ir.SignalId, number>): void => {
    if (target.kind === 'concat') for (const part of target.parts) write(part, tally);
    else if (target.kind === 'item') write(target.object, tally);
    else {
      count(target.signal, tally);
      assigned.add(canon[target.signal]!);
      if (isArray(target.signal) && !target.indices) whole.add(canon[target.signal]!);
    }
    // Indices are read; `visitExpr` of an assignment has been to its target's already.
    for (const expr of lvalueExprs(target)) read(expr, tally);
  };
  const statement = (stmt: ir.Stmt, tally: Map<ir.SignalId, number>): void => {
    const parts = partsOf(stmt);
    if (stmt.op === 'systask') {
      // Arrays of $readmemh and the like stay memories; all else that a system task names is not lowered.
      if (/^\$readmem[bh]$/.test(stmt.name)) {
        for (const arg of stmt.args) {
          if (arg.kind === 'lvalue' && arg.target.kind === 'signal') assigned.add(canon[arg.target.signal]!);
        }
      }
      return;
    }
    for (const target of parts.targets) write(target, tally);
    for (const expr of parts.exprs) read(expr, tally);
    for (const inner of parts.stmts) statement(inner, tally);
  };
  /** Occurrences of each loop's counter within the loop. */
  const loopVariables = new Set<ir.SignalId>();
  const loops = (body: ir.Stmt): void => {
    visitStmt(body, (stmt) => {
      if (stmt.op !== 'for') return;
      const counters = new Set(
        stmt.init.flatMap((init) =>
          init.op === 'assign' && init.target.kind === 'signal' && !init.target.indices && !init.target.part
            ? [init.target.signal]
            : [],
        ),
      );
      for (const id of counters) loopVariables.add(canon[id]!);
      const own = new Map<ir.SignalId, number>();
      statement(stmt, own);
      for (const id of counters) counted.set(id, (counted.get(id) ?? 0) + (own.get(id) ?? 0));
    });
  };

  for (const { init, id } of design.signals) {
    if (!init) continue;
    assigned.add(canon[id]!);
    read(init, seen);
  }
  for (const { body } of design.processes) {
    statement(body, seen);
    loops(body);
  }
  for (const subprogram of design.subprograms) {
    if (!subprogram) continue;
    statement(subprogram.body, seen);
    loops(subprogram.body);
  }
  const drive = (part: ir.NetPart) => driven.add(canon[part.signal]!);
  for (const { target, value } of design.assigns) {
    target.forEach(drive);
    read(value, seen);
  }
  for (const { outputs, inputs } of design.gates) {
    outputs.forEach(drive);
    for (const input of inputs) read(input, seen);
  }
  for (const { output, inputs } of design.udpInstances) {
    drive(output);
    for (const input of inputs) read(input, seen);
  }
  for (const { from, to } of flows) {
    drive(to);
    if (isArray(from.signal)) whole.add(canon[from.signal]!);
  }
  for (const { left, right } of design.links) {
    for (const { signal } of [left, right]) if (isArray(signal)) whole.add(canon[signal]!);
  }
  const counters = new Set<ir.SignalId>();
  for (const [id, inLoops] of counted) if (inLoops === seen.get(id)) counters.add(canon[id]!);
  return { whole, driven, assigned, counters, loopVariables };
}
