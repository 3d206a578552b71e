/** What statements and expressions of a body read, write and call. */
import type { Expr, LValue, SignalId, Stmt, SubprogramId } from '../../ir/types.ts';
import { innerStatements } from '../processes.ts';

export interface Uses {
  reads: Set<SignalId>;
  /** By blocking assignments (and as outputs of calls). */
  blocking: Set<SignalId>;
  nonblocking: Set<SignalId>;
  calls: Set<SubprogramId>;
  /** Something that may have effects which are not seen here: system tasks, methods, forces. */
  other: boolean;
  loops: boolean;
}

export const noUses = (): Uses => ({
  reads: new Set(),
  blocking: new Set(),
  nonblocking: new Set(),
  calls: new Set(),
  other: false,
  loops: false,
});

export function usesOf(stmt: Stmt | undefined, uses: Uses = noUses()): Uses {
  if (stmt === undefined) return uses;
  switch (stmt.op) {
    case 'assign':
    case 'nonblocking':
      target(stmt.target, stmt.op === 'assign' ? uses.blocking : uses.nonblocking, uses);
      expression(stmt.value, uses);
      if (stmt.timing !== undefined) uses.other = true;
      break;
    case 'eval':
      expression(stmt.expr, uses);
      break;
    case 'call':
      uses.calls.add(stmt.subprogram);
      for (const arg of stmt.args) argument(arg, uses);
      break;
    case 'if':
    case 'while':
    case 'do':
      expression(stmt.condition, uses);
      break;
    case 'for':
      if (stmt.condition) expression(stmt.condition, uses);
      break;
    case 'repeat':
      expression(stmt.count, uses);
      break;
    case 'case':
      expression(stmt.subject, uses);
      for (const item of stmt.items) {
        for (const label of item.labels) {
          if (label.kind === 'value') expression(label.value, uses);
          else {
            expression(label.low, uses);
            expression(label.high, uses);
          }
        }
      }
      break;
    case 'block':
    case 'break':
    case 'continue':
    case 'return':
    case 'disable':
    case 'forever':
      break;
    default:
      uses.other = true;
  }
  if (stmt.op === 'for' || stmt.op === 'while' || stmt.op === 'do' || stmt.op === 'repeat') uses.loops = true;
  for (const inner of innerStatements(stmt)) usesOf(inner, uses);
  return uses;
}

function argument(arg: Expr | LValue, uses: Uses): void {
  if ('op' in arg) expression(arg, uses);
  else target(arg, uses.blocking, uses);
}

function target(to: LValue, into: Set<SignalId>, uses: Uses): void {
  if (to.kind === 'concat') for (const part of to.parts) target(part, into, uses);
  else if (to.kind === 'item') {
    uses.other = true;
    target(to.object, into, uses);
    expression(to.index, uses);
  } else {
    into.add(to.signal);
    for (const index of to.indices ?? []) expression(index.value, uses);
    if (to.part) expression(to.part.offset, uses);
  }
}

export function expression(e: Expr, uses: Uses): void {
  switch (e.op) {
    case 'const':
      return;
    case 'signal':
      uses.reads.add(e.signal);
      return;
    case 'element':
      uses.reads.add(e.signal);
      for (const index of e.indices) expression(index.value, uses);
      return;
    case 'select':
      expression(e.base, uses);
      expression(e.offset, uses);
      return;
    case 'concat':
      for (const part of e.parts) expression(part, uses);
      return;
    case 'replicate':
      expression(e.part, uses);
      return;
    case 'unary':
    case 'resize':
    case 'convert':
      expression(e.operand, uses);
      return;
    case 'binary':
      expression(e.left, uses);
      expression(e.right, uses);
      return;
    case 'cond':
      expression(e.condition, uses);
      expression(e.then, uses);
      expression(e.else, uses);
      return;
    case 'call':
      uses.calls.add(e.subprogram);
      for (const arg of e.args) argument(arg, uses);
      return;
    case 'assign':
      target(e.target, uses.blocking, uses);
      expression(e.value, uses);
      return;
    default:
      uses.other = true;
  }
}
