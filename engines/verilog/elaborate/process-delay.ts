/** Whether procedures take time: an `always` without any delay would never let the others run (1364-2005 section 9.9.2). */
import type * as ir from '../ir/types.ts';
import { visitStmt } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import { truthOf } from './constant-ops.ts';
import { type Env, warn } from './lowering.ts';
import { readySubprogram } from './subprogram.ts';

/** In order of certainty. */
const none = 0;
const zero = 1;
const possible = 2;
const certain = 3;
type Delay = typeof none | typeof zero | typeof possible | typeof certain;

const ending = new Set(['$finish', '$stop', '$fatal', '$finish_and_return', '$exit']);

class Delays {
  private readonly env: Env;
  /** Whether what ends the run counts: it does not wait, but it ends a loop. */
  private readonly endings: boolean;
  private readonly within = new Set<ir.SubprogramId>();

  constructor(env: Env, endings = false) {
    this.env = env;
    this.endings = endings;
  }

  /** Of a statement that may be left out. */
  private of(stmt: ir.Stmt | undefined): Delay {
    return stmt ? this.delay(stmt) : none;
  }

  private amount(expr: ir.Expr): Delay {
    if (expr.op !== 'const') return possible;
    return truthOf(expr.value) ? certain : zero;
  }

  private timing(timing: ir.StmtTiming | undefined): Delay {
    if (!timing) return none;
    return timing.kind === 'delay' ? this.amount(timing.delay.value) : timing.repeat ? possible : certain;
  }

  /** A body that may run or not. */
  private perhaps(delay: Delay): Delay {
    return delay === certain ? possible : delay;
  }

  private choice(branches: Delay[]): Delay {
    if (branches.every((delay) => delay === certain)) return certain;
    if (branches.some((delay) => delay >= possible)) return possible;
    return branches.some((delay) => delay === zero) ? zero : none;
  }

  delay(stmt: ir.Stmt): Delay {
    switch (stmt.op) {
      case 'block':
        return Math.max(none, ...stmt.body.map((inner) => this.delay(inner))) as Delay;
      case 'fork': {
        if (stmt.mode === 'join_none' || stmt.branches.length === 0) return none;
        const delays = stmt.branches.map((inner) => this.delay(inner));
        return (stmt.mode === 'join' ? Math.max(...delays) : Math.min(...delays)) as Delay;
      }
      case 'assign':
        return this.timing(stmt.timing);
      case 'call':
        return this.called(stmt.subprogram);
      case 'systask':
        return this.endings && ending.has(stmt.name) ? certain : none;
      case 'if': {
        if (stmt.condition.op === 'const') return this.of(truthOf(stmt.condition.value) ? stmt.then : stmt.else);
        return this.choice([this.of(stmt.then), this.of(stmt.else)]);
      }
      case 'case':
        return this.choice([...stmt.items.map((item) => this.of(item.body)), this.of(stmt.default)]);
      case 'for':
      case 'while': {
        const body = this.of(stmt.body);
        const { condition } = stmt;
        if (!condition) return body;
        if (condition.op !== 'const') return this.perhaps(body);
        return truthOf(condition.value) ? body : none;
      }
      case 'do':
      case 'forever':
        return this.of(stmt.body);
      case 'repeat': {
        const body = this.of(stmt.body);
        if (stmt.count.op !== 'const') return this.perhaps(body);
        return truthOf(stmt.count.value) ? body : none;
      }
      case 'foreach-list':
        return this.perhaps(this.of(stmt.body));
      case 'delay':
        return Math.max(this.amount(stmt.delay.value), this.of(stmt.body)) as Delay;
      case 'wait-event':
      case 'wait-fork':
        return certain;
      case 'wait': {
        const { condition } = stmt;
        if (condition.op !== 'const') return Math.max(possible, this.of(stmt.body)) as Delay;
        return truthOf(condition.value) ? this.of(stmt.body) : certain;
      }
      default:
        return none;
    }
  }

  private called(id: ir.SubprogramId): Delay {
    if (this.within.has(id)) return none;
    this.within.add(id);
    const subprogram = readySubprogram(id, this.env.ctx);
    const delay = subprogram ? this.delay(subprogram.body) : none;
    this.within.delete(id);
    return delay;
  }
}

/** Reports what a kind of procedure may not have, and what it must. */
export function checkProcess(process: ir.Process, node: ast.ProcessItem, env: Env): void {
  const { kind, body } = process;
  if (env.ctx.problems.some((problem) => problem.severity === 'error')) return;
  const report = (code: string, what: string, remedy: string) =>
    env.ctx.report({ code, severity: 'error', what, remedy }, node);
  if (kind === 'always') {
    if (new Delays(env, true).delay(body) <= zero) {
      report(
        'always-delay',
        'This always statement does not have any delay: it would run for ever.',
        'Begin it with @(...) or #.',
      );
    }
    return;
  }
  if (kind === 'initial') return;
  if (kind === 'final') {
    visitStmt(body, (stmt) => {
      if (stmt.op === 'nonblocking') report('final', 'A final procedure has no nonblocking assignments.', 'Use =.');
    });
  }
  const delay = new Delays(env).delay(body);
  if (kind === 'always_ff') {
    if (body.op !== 'wait-event') {
      report('always-ff', 'An always_ff statement begins with an event control.', 'Write @(posedge ...) after it.');
    } else if (body.body && new Delays(env).delay(body.body) > none) {
      report('always-ff', 'An always_ff statement has one event control and no delays.', 'Remove what takes time.');
    }
    return;
  }
  if (delay > none) {
    report(
      'process-delay',
      `There must not be a delay in ${kind === 'final' ? 'a final' : `an ${kind}`} procedure.`,
      'Remove it.',
    );
    return;
  }
  if (kind === 'final' || process.sensitivity?.length !== 0) return;
  if (kind === 'always_latch') {
    report(
      'no-sensitivity',
      'This always_latch statement reads nothing: it would never run again.',
      'Use an initial procedure.',
    );
  } else warn(env, 'no-sensitivity', 'This always_comb statement reads nothing: it runs once.', node);
}
