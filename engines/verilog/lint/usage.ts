/** Who reads and who writes each signal of a design. */
import type * as ir from '../ir/types.ts';
import { lvalueSignals, partsOf, readsOf, readsOfStmt, visitStmt, writesOf } from '../ir/walk.ts';

export interface Usage {
  /** Whether anything but the process of this number reads the signal, ports included. */
  readElsewhere(signal: ir.SignalId, process: number): boolean;
  /** Whether the signal can change once the design runs: not when declarations, initial blocks without timing, and $readmemh alone write it. */
  changes(signal: ir.SignalId): boolean;
}

export function usageOf(design: ir.Design): Usage {
  const readers = new Map<ir.SignalId, number>();
  const changing = new Set<ir.SignalId>();
  /** -1: several, or not a process. */
  const read = (signal: ir.SignalId, by: number): void => {
    const known = readers.get(signal);
    readers.set(signal, known === undefined || known === by ? by : -1);
  };
  const reads = (list: readonly ir.Read[], by = -1): void => {
    for (const { signal } of list) read(signal, by);
  };
  const parts = (list: readonly ir.NetPart[]): void => {
    for (const { signal } of list) changing.add(signal);
  };

  design.processes.forEach((process, index) => {
    reads(readsOfStmt(process.body), index);
    waitedFor(process.body, (list) => reads(list, index));
    if (process.kind === 'initial' && !waits(process.body)) return;
    for (const signal of changedBy(process.body)) changing.add(signal);
  });
  for (const subprogram of design.subprograms) {
    reads(readsOfStmt(subprogram.body));
    for (const signal of changedBy(subprogram.body)) changing.add(signal);
  }
  for (const assign of design.assigns) {
    reads(assign.reads);
    reads(readsOf(assign.value));
    parts(assign.target);
  }
  for (const gate of [...design.gates, ...design.udpInstances]) {
    reads(gate.reads);
    parts('outputs' in gate ? gate.outputs : [gate.output]);
  }
  for (const one of design.switches) {
    if (one.control) reads(one.control.reads);
    for (const part of [one.left, one.right]) {
      read(part.signal, -1);
      changing.add(part.signal);
    }
  }
  for (const link of design.links) {
    for (const part of [link.left, link.right]) {
      read(part.signal, -1);
      changing.add(part.signal);
    }
  }
  for (const signal of design.signals) {
    if (!signal.port) continue;
    read(signal.id, -1);
    if (signal.port !== 'output') changing.add(signal.id);
  }
  return {
    readElsewhere: (signal, process) => {
      const by = readers.get(signal);
      return by !== undefined && by !== process;
    },
    changes: (signal) => changing.has(signal),
  };
}

/** What a body writes; a memory that is only loaded from a file is a ROM. */
function changedBy(body: ir.Stmt): Set<ir.SignalId> {
  const changed = new Set<ir.SignalId>();
  visitStmt(body, (stmt) => {
    if (stmt.op === 'systask' && /^\$readmem[bh]$/.test(stmt.name)) return;
    const { targets, exprs } = partsOf(stmt);
    for (const target of targets) for (const signal of lvalueSignals(target)) changed.add(signal);
    for (const expr of exprs) for (const signal of writesOf({ op: 'eval', expr, at: stmt.at })) changed.add(signal);
  });
  return changed;
}

function waits(body: ir.Stmt): boolean {
  let found = false;
  visitStmt(body, (stmt) => {
    if (stmt.op === 'delay' || stmt.op === 'wait' || stmt.op === 'wait-event' || stmt.op === 'call') found = true;
    if ((stmt.op === 'assign' || stmt.op === 'nonblocking') && stmt.timing) found = true;
  });
  return found;
}

/** What a body waits for counts as read. */
function waitedFor(body: ir.Stmt, reads: (list: readonly ir.Read[]) => void): void {
  visitStmt(body, (stmt) => {
    if (stmt.op !== 'wait-event') return;
    for (const { what } of stmt.items) if (what.kind === 'expr') reads(what.reads);
  });
}
