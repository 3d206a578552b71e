/** What kind of runnable each process and continuous assignment is: the same for both back ends. */
import type * as ir from '../ir/types.ts';

export type ProcessShape =
  /** Runs from its start to its end at once. */
  | { kind: 'once'; body: ir.Stmt }
  /** Waits for `items` (or any change of `reads`), then runs `body` to its end at once, for ever. */
  | {
      kind: 'listening';
      items?: ir.EventItem[];
      reads?: ir.Read[];
      body: ir.Stmt | undefined /** Also runs once at time 0: always_comb, always_latch. */;
      atStart: boolean;
    }
  /** Waits somewhere in its middle. `loop`: starts again at its end. */
  | { kind: 'thread'; body: ir.Stmt; loop: boolean };

/** The statements directly inside a statement. */
export function innerStatements(stmt: ir.Stmt): ir.Stmt[] {
  const some = (...list: (ir.Stmt | undefined)[]) => list.filter((it) => it !== undefined);
  switch (stmt.op) {
    case 'block':
      return stmt.body;
    case 'fork':
      return stmt.branches;
    case 'if':
      return some(stmt.then, stmt.else);
    case 'case':
      return some(...stmt.items.map((item) => item.body), stmt.default);
    case 'for':
      return some(...stmt.init, ...stmt.step, stmt.body);
    case 'foreach-list':
    case 'while':
    case 'do':
    case 'repeat':
    case 'forever':
    case 'delay':
    case 'wait-event':
    case 'wait':
      return some(stmt.body);
    case 'assert':
      return some(stmt.pass, stmt.fail);
    default:
      return [];
  }
}

export function visitStatements(stmt: ir.Stmt, visit: (stmt: ir.Stmt) => void): void {
  visit(stmt);
  for (const inner of innerStatements(stmt)) visitStatements(inner, visit);
}

/** Every statement of processes and subprograms. */
export function visitDesign(design: ir.Design, visit: (stmt: ir.Stmt) => void): void {
  for (const process of design.processes) visitStatements(process.body, visit);
  for (const subprogram of design.subprograms) if (subprogram) visitStatements(subprogram.body, visit);
}

/** Answers which statements and subprograms may suspend whoever runs them, or start or end threads. */
export class Waits {
  private readonly design: ir.Design;
  private readonly known = new Map<ir.SubprogramId, boolean>();

  constructor(design: ir.Design) {
    this.design = design;
  }

  subprogram(id: ir.SubprogramId): boolean {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    // A recursive task waits when something else in it does.
    this.known.set(id, false);
    const waits = this.statement(this.design.subprograms[id]!.body);
    this.known.set(id, waits);
    return waits;
  }

  statement(stmt: ir.Stmt): boolean {
    switch (stmt.op) {
      case 'fork':
      case 'delay':
      case 'wait-event':
      case 'wait':
      case 'wait-fork':
      case 'disable-fork':
        return true;
      case 'assign':
        return stmt.timing !== undefined;
      case 'call':
        return this.subprogram(stmt.subprogram);
      default:
        return innerStatements(stmt).some((inner) => this.statement(inner));
    }
  }
}

export function shapeOf(process: ir.Process, waits: Waits): ProcessShape {
  const { body, kind } = process;
  if (kind === 'initial' || kind === 'final') {
    return waits.statement(body) ? { kind: 'thread', body, loop: false } : { kind: 'once', body };
  }
  if (kind === 'always_comb' || kind === 'always_latch') {
    if (waits.statement(body)) return { kind: 'thread', body, loop: true };
    return { kind: 'listening', reads: process.sensitivity ?? [], body, atStart: true };
  }
  if (body.op === 'wait-event' && !(body.body !== undefined && waits.statement(body.body))) {
    return { kind: 'listening', items: body.items, body: body.body, atStart: false };
  }
  return { kind: 'thread', body, loop: true };
}

/** Waits for levels alone: elaboration has put it before all others, as Icarus does, so that it sees what they do at time 0. */
export function startsEarly(shape: ProcessShape): boolean {
  if (shape.kind !== 'listening') return false;
  if (shape.items === undefined) return true;
  return (
    shape.items.length > 0 &&
    shape.items.every((item) => item.edge === undefined && item.what.kind === 'expr' && item.iff === undefined)
  );
}

/**
 * A continuous assignment that follows its one operand at once, inside the change of it: copies, and arithmetic on one signal. Icarus
 * propagates these without a turn of the event queue, and benches can see it (`a = 1; $display(y);`).
 */
export function followsAtOnce(assign: ir.ContinuousAssign): boolean {
  if (assign.delay !== undefined || assign.target.length !== 1 || assign.reads.length !== 1) return false;
  return atOnce(assign.value);
}

function atOnce(expr: ir.Expr): boolean {
  switch (expr.op) {
    case 'signal':
      return expr.type.kind === 'vector' || expr.type.kind === 'real';
    case 'const':
      return true;
    case 'resize': {
      const { operand, type } = expr;
      if (type.kind !== 'vector' || operand.type.kind !== 'vector') return false;
      return (
        (type.width === operand.type.width || (type.width > operand.type.width && operand.type.signed)) &&
        atOnce(operand)
      );
    }
    case 'unary':
      return expr.operator !== 'not' && expr.operator !== 'lnot' && atOnce(expr.operand);
    case 'binary':
      switch (expr.operator) {
        case 'and':
        case 'or':
        case 'xor':
        case 'xnor':
        case 'land':
        case 'lor':
        case 'implies':
        case 'equiv':
          return false;
        default:
          return atOnce(expr.left) && atOnce(expr.right);
      }
    default:
      return false;
  }
}
