/** Whether procedures let time pass as they must: `always` without a delay never ends (1364-2005 section 9.9.2), always_comb and its kin may not wait (1800-2012 section 9.2.2). */
import type * as ir from '../ir/types.ts';
import { visitStmt } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import type { Context } from './symbols.ts';

/** How surely a statement lets time pass; in rising order. */
const no = 0;
const zero = 1;
const possible = 2;
const definite = 3;

type Passing = 0 | 1 | 2 | 3;

function truth(expr: ir.Expr): boolean | undefined {
  if (expr.op !== 'const') return undefined;
  const { value } = expr;
  if (value.kind === 'vector') return (value.a & ~value.b) !== 0n;
  return value.kind === 'real' ? value.value !== 0 : undefined;
}

/** One or the other. */
function either(a: Passing, b: Passing): Passing {
  if (a === b) return a;
  return Math.max(a, b) >= possible ? possible : no;
}

class Timing {
  private readonly design: ir.Design;
  private readonly within = new Set<ir.SubprogramId>();
  constructor(design: ir.Design) {
    this.design = design;
  }

  of(stmt: ir.Stmt | undefined): Passing {
    if (!stmt) return no;
    switch (stmt.op) {
      case 'block':
        return this.most(stmt.body);
      case 'fork':
        return stmt.mode === 'join_none' ? no : this.most(stmt.branches);
      case 'assign':
        return stmt.timing ? (stmt.timing.kind === 'delay' ? this.delay(stmt.timing.delay) : definite) : no;
      case 'delay':
        return Math.max(this.delay(stmt.delay), this.of(stmt.body)) as Passing;
      case 'wait-event':
        return definite;
      case 'wait':
        return truth(stmt.condition) ? this.of(stmt.body) : (Math.max(possible, this.of(stmt.body)) as Passing);
      case 'wait-fork':
        return possible;
      case 'if': {
        const known = truth(stmt.condition);
        if (known !== undefined) return this.of(known ? stmt.then : stmt.else);
        return either(this.of(stmt.then), this.of(stmt.else));
      }
      case 'case': {
        let all: Passing | undefined;
        for (const item of stmt.items) {
          const one = this.of(item.body);
          all = all === undefined ? one : either(all, one);
        }
        const rest = this.of(stmt.default);
        return all === undefined ? rest : either(all, rest);
      }
      case 'for':
      case 'while': {
        const known = stmt.condition ? truth(stmt.condition) : true;
        if (known === false) return no;
        const body = this.of(stmt.body);
        return known || body < definite ? body : possible;
      }
      case 'do':
        return this.of(stmt.body);
      case 'repeat': {
        const body = this.of(stmt.body);
        const known = truth(stmt.count);
        if (known === false) return no;
        return known || body < definite ? body : possible;
      }
      case 'foreach-list':
        return Math.min(this.of(stmt.body), possible) as Passing;
      case 'forever':
        return this.of(stmt.body);
      case 'call': {
        if (this.within.has(stmt.subprogram)) return no;
        this.within.add(stmt.subprogram);
        const passing = this.of(this.design.subprograms[stmt.subprogram]?.body);
        this.within.delete(stmt.subprogram);
        return passing;
      }
      default:
        return no;
    }
  }

  private most(stmts: readonly ir.Stmt[]): Passing {
    let most: Passing = no;
    for (const stmt of stmts) {
      most = Math.max(most, this.of(stmt)) as Passing;
      if (most === definite) break;
    }
    return most;
  }

  private delay(delay: ir.DelayExpr): Passing {
    const known = truth(delay.value);
    return known === undefined ? possible : known ? definite : zero;
  }
}

/** The first statement within that waits, besides `except`. */
function waiting(stmt: ir.Stmt | undefined, except: ir.Stmt | undefined): ir.Stmt | undefined {
  if (!stmt) return undefined;
  const any = (stmts: readonly (ir.Stmt | undefined)[]) => {
    for (const inner of stmts) {
      const found = waiting(inner, except);
      if (found) return found;
    }
    return undefined;
  };
  switch (stmt.op) {
    case 'block':
      return any(stmt.body);
    case 'fork':
      return stmt.mode === 'join_none' ? undefined : stmt;
    case 'assign':
      return stmt.timing ? stmt : undefined;
    case 'delay':
    case 'wait':
    case 'wait-fork':
      return stmt;
    case 'wait-event':
      return stmt === except ? waiting(stmt.body, except) : stmt;
    case 'if':
      return any([stmt.then, stmt.else]);
    case 'case':
      return any([...stmt.items.map((item) => item.body), stmt.default]);
    case 'for':
    case 'while':
    case 'do':
    case 'repeat':
    case 'forever':
    case 'foreach-list':
      return waiting(stmt.body, except);
    default:
      return undefined;
  }
}

function nonBlocking(body: ir.Stmt): ir.Stmt | undefined {
  let found: ir.Stmt | undefined;
  visitStmt(body, (stmt) => {
    if (stmt.op === 'nonblocking') found ??= stmt;
  });
  return found;
}

/** Checks a procedure. */
export function checkTiming(item: ast.ProcessItem, process: ir.Process, ctx: Context): void {
  const { body } = process;
  if (item.word === 'always') {
    const passing = new Timing(ctx.design).of(body);
    if (passing <= zero) {
      ctx.report(
        {
          code: 'no-delay',
          severity: 'error',
          what: 'The always process does not have any delay: it would run without end.',
          remedy: 'Start it with @(...) or #...',
        },
        item,
      );
    }
    return;
  }
  if (item.word === 'always_ff' && body.op !== 'wait-event') {
    ctx.report(
      {
        code: 'no-event-control',
        severity: 'error',
        what: 'always_ff must begin with an event control.',
        remedy: 'Write always_ff @(posedge clk).',
      },
      item,
    );
    return;
  }
  if (item.word === 'always_latch' && process.sensitivity?.length === 0) {
    ctx.report(
      {
        code: 'no-sensitivity',
        severity: 'error',
        what: 'The always_latch process reads nothing: it would never run again.',
        remedy: 'Use initial, or read what it depends on.',
      },
      item,
    );
  }
  if (item.word === 'final') {
    const wrong = waiting(body, undefined) ?? nonBlocking(body);
    if (!wrong) return;
    ctx.report(
      {
        code: 'final',
        severity: 'error',
        what: `A final procedure takes no time: line ${wrong.at.line} waits or assigns later.`,
        remedy: 'Use blocking assignments without delays.',
      },
      item,
    );
    return;
  }
  if (item.word !== 'always_comb' && item.word !== 'always_latch' && item.word !== 'always_ff') return;
  const found = waiting(body, item.word === 'always_ff' ? body : undefined);
  if (!found) return;
  ctx.report(
    {
      code: 'waits',
      severity: 'error',
      what: `${item.word} may not wait: there is ${found.op === 'fork' ? 'a fork' : 'a delay, wait or event control'} in line ${found.at.line}.`,
      remedy: 'Use always, or remove what waits.',
    },
    item,
  );
}
