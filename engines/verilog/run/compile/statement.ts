/** Statements without waits as JavaScript text. See context.ts for how a statement speculates on known values. */
import type {
  At,
  CaseLabel,
  DelayExpr,
  Expr,
  LValue,
  ScopeId,
  SignalId,
  Stmt,
  StmtOf,
  StmtTiming,
} from '../../ir/types.ts';
import { compareValues, emitTruth } from './compare.ts';
import type { Context, Val } from './context.ts';
import { isKnown, Uncompilable } from './context.ts';
import { emit } from './expression.ts';
import { eitherTrue, literal } from './js.ts';
import type { Mode, StoreEnv, Target } from './store.ts';
import { emitStore, emitTarget } from './store.ts';

export interface BodyEnv extends StoreEnv {
  /** Gives an automatic variable storage, and the text that sets it to its first value; '' for one that has its place elsewhere. */
  declare(signal: SignalId): string;
  /** A number for the place. */
  locate(at: At): number;
  /** In ticks; undefined: not constant. */
  delay(delay: DelayExpr): number | undefined;
  /** Body of a task without waits whose variables are not automatic; undefined: not to be had. */
  task(id: number): { body: Stmt; ports: { signal: SignalId; direction: string }[] } | undefined;
}

export class Body {
  readonly c: Context;
  protected readonly env: BodyEnv;
  private readonly fast: boolean;
  /** Signals that this version may give an x or z. */
  readonly unsure = new Set<SignalId>();
  /** A nonblocking write went to a shadow. */
  shadows = new Set<SignalId>();
  private readonly labels: { scope: ScopeId | 'return' | 'task'; name: string }[] = [];
  private readonly loops: { break: string; continue: string }[] = [];
  private readonly calling = new Set<number>();

  constructor(c: Context, env: BodyEnv, fast: boolean) {
    this.c = c;
    this.env = env;
    this.fast = fast;
  }

  /** Works something out, speculating where that helps, and then acts on it. `act` may be written twice. */
  protected leaf<T>(work: () => T, act: (result: T) => void, plain = false): void {
    const { c } = this;
    if (!this.fast || plain) {
      act(work());
      return;
    }
    const gather = this.env.fresh();
    const kept = c.lines;
    c.lines = [];
    c.gather = gather;
    c.gathered = false;
    c.doubted = new Set();
    let result: T;
    let lines: string[];
    try {
      result = work();
    } finally {
      c.gather = undefined;
      lines = c.lines;
      c.lines = kept;
    }
    if (!c.gathered) {
      c.lines.push(...lines);
      act(result);
      return;
    }
    const done = c.apart(() => act(result));
    const general = c.apart(() => act(work()));
    c.lines.push(
      '{',
      `let ${gather} = 0;`,
      ...lines,
      `if (${gather} === 0) {`,
      ...done.lines,
      '} else {',
      ...general.lines,
      '}',
      '}',
    );
  }

  private readonly wrote = (signal: SignalId, known: boolean): void => {
    if (!known) this.unsure.add(signal);
  };

  assign(target: LValue, value: Expr, mode: Mode): void {
    this.leaf(
      () => {
        const v = emit(value, this.c);
        const t = emitTarget(target, this.c, this.env);
        return { v: this.c.bindAll(v), t };
      },
      ({ v, t }) => {
        if (mode === 'nonblocking') this.noteShadows(t);
        emitStore(t, v, mode, this.c, this.env, this.wrote);
      },
      isMove(value),
    );
  }

  /** A nonblocking assignment with a constant delay. */
  private later(target: LValue, value: Expr, timing: StmtTiming): void {
    const ticks = timing.kind === 'delay' ? this.env.delay(timing.delay) : undefined;
    if (ticks === undefined) throw new Uncompilable('timing');
    this.leaf(
      () => {
        const v = this.c.bindAll(emit(value, this.c));
        return { v, t: emitTarget(target, this.c, this.env) };
      },
      ({ v, t }) => {
        const { c } = this;
        const { lines } = c.apart(() => emitStore(t, v, 'blocking', c, this.env, this.wrote));
        c.lines.push(`K.nbaRunAfter(${ticks}, () => {`, ...lines, '});');
      },
    );
  }

  private noteShadows(t: Target): void {
    if (t.kind === 'concat') for (const part of t.parts) this.noteShadows(part);
    else if (t.element === undefined && this.env.shadow(t.signal) !== undefined) this.shadows.add(t.signal);
  }

  /** Fresh storage for automatic variables. */
  private declare(autos: readonly SignalId[] | undefined): void {
    for (const signal of autos ?? []) {
      const first = this.env.declare(signal);
      if (first !== '') this.c.lines.push(`let ${first};`);
    }
  }

  /** A truth that is an atom. */
  protected condition(e: Expr): string {
    const { c } = this;
    const name = this.env.fresh();
    let single: string | undefined;
    let times = 0;
    const { lines } = c.apart(() =>
      this.leaf(
        () => emitTruth(e, c).one,
        (one) => {
          times++;
          single = one;
          c.lines.push(`${name} = ${one};`);
        },
      ),
    );
    if (times === 1) {
      // The last line is the assignment: it is not needed.
      c.lines.push(...lines.slice(0, -1));
      return single!;
    }
    c.lines.push(`let ${name} = false;`, ...lines);
    return name;
  }

  protected inside(stmt: Stmt | undefined): string[] {
    return stmt === undefined ? [] : this.c.apart(() => this.statement(stmt)).lines;
  }

  statement(stmt: Stmt): void {
    const { c } = this;
    switch (stmt.op) {
      case 'block': {
        this.declare(stmt.autos);
        if (stmt.scope === undefined) {
          for (const inner of stmt.body) this.statement(inner);
          return;
        }
        this.labelled(stmt.scope, () => {
          for (const inner of stmt.body) this.statement(inner);
        });
        return;
      }
      case 'assign':
        if (stmt.timing !== undefined) throw new Uncompilable('timing');
        this.assign(stmt.target, stmt.value, 'blocking');
        return;
      case 'nonblocking':
        if (stmt.timing !== undefined) this.later(stmt.target, stmt.value, stmt.timing);
        else this.assign(stmt.target, stmt.value, 'nonblocking');
        return;
      case 'eval':
        if (stmt.expr.op !== 'assign') throw new Uncompilable('eval');
        this.assign(stmt.expr.target, stmt.expr.value, 'blocking');
        return;
      case 'if': {
        if (stmt.check !== undefined) throw new Uncompilable('unique if');
        const one = this.condition(stmt.condition);
        if (one === 'true' || one === 'false') {
          const chosen = one === 'true' ? stmt.then : stmt.else;
          if (chosen) this.statement(chosen);
          return;
        }
        c.lines.push(`if (${one}) {`, ...this.inside(stmt.then));
        if (stmt.else) c.lines.push('} else {', ...this.inside(stmt.else));
        c.lines.push('}');
        return;
      }
      case 'case':
        this.caseOf(stmt);
        return;
      case 'for':
        this.declare(stmt.autos);
        for (const it of stmt.init) this.statement(it);
        this.loop(stmt, stmt.condition, stmt.body, stmt.step, false);
        return;
      case 'while':
        this.loop(stmt, stmt.condition, stmt.body, [], false);
        return;
      case 'do':
        this.loop(stmt, stmt.condition, stmt.body, [], true);
        return;
      case 'repeat': {
        const left = this.env.fresh();
        c.lines.push(`let ${left} = 0;`);
        this.leaf(
          () => c.bindAll(emit(stmt.count, c)),
          (value) => {
            const type = stmt.count.type;
            if (type.kind !== 'vector' || type.width > 32) throw new Uncompilable('repeat');
            const low = value.words[0]!;
            const count = type.signed ? `((${low.a} << ${32 - type.width}) >> ${32 - type.width})` : `(${low.a} >>> 0)`;
            c.lines.push(`${left} = ${low.b === '0' ? count : `(${low.b} !== 0 ? 0 : ${count})`};`);
          },
        );
        const names = this.enterLoop();
        const body = this.inside(stmt.body);
        this.loops.pop();
        c.lines.push(
          `${names.break}: while (${left} > 0) {`,
          `${left}--;`,
          this.fuel(stmt),
          `${names.continue}: {`,
          ...body,
          '}',
          '}',
        );
        return;
      }
      case 'break':
      case 'continue': {
        const loop = this.loops.at(-1);
        if (loop === undefined) throw new Uncompilable(stmt.op);
        c.lines.push(`break ${loop[stmt.op]};`);
        return;
      }
      case 'return':
      case 'disable': {
        const scope = stmt.op === 'return' ? 'return' : stmt.scope;
        const label = this.labels.findLast((it) => it.scope === scope);
        if (label === undefined) throw new Uncompilable(stmt.op);
        c.lines.push(`break ${label.name};`);
        return;
      }
      case 'call':
        this.callTask(stmt);
        return;
      default:
        throw new Uncompilable(stmt.op);
    }
  }

  labelled(scope: ScopeId | 'return', write: () => void): void {
    const { c } = this;
    const name = this.env.fresh();
    this.labels.push({ scope, name });
    const { lines } = c.apart(write);
    this.labels.pop();
    c.lines.push(`${name}: {`, ...lines, '}');
  }

  private enterLoop(): { break: string; continue: string } {
    const names = { break: this.env.fresh(), continue: this.env.fresh() };
    this.loops.push(names);
    return names;
  }

  /** Counts a turn of a loop; a loop without end says where it is. */
  protected fuel(stmt: Stmt): string {
    return `if (--K.loopFuel < 0) P(${this.env.locate(stmt.at)});`;
  }

  protected loop(stmt: Stmt, condition: Expr | undefined, body: Stmt | undefined, step: Stmt[], after: boolean): void {
    const { c } = this;
    const names = this.enterLoop();
    const test = c.apart(() => (condition === undefined ? 'true' : this.condition(condition)));
    const lines = this.inside(body);
    this.loops.pop();
    const steps = c.apart(() => {
      for (const it of step) this.statement(it);
    }).lines;
    const check = [...test.lines, `if (!(${test.result})) break;`];
    c.lines.push(
      `${names.break}: for (;;) {`,
      ...(after ? [] : check),
      `${names.continue}: {`,
      ...lines,
      '}',
      ...steps,
      this.fuel(stmt),
      ...(after ? check : []),
      '}',
    );
  }

  private caseOf(stmt: StmtOf<'case'>): void {
    const { c } = this;
    if (stmt.check !== undefined) throw new Uncompilable('unique case');
    const { subject } = stmt;
    if (subject.type.kind !== 'vector') throw new Uncompilable('case');
    const type = subject.type;
    const words = (type.width + 31) >>> 5;
    const names = Array.from({ length: words }, () => ({ a: this.env.fresh(), b: this.env.fresh() }));
    let known = true;
    let times = 0;
    let single: Val | undefined;
    const { lines } = c.apart(() =>
      this.leaf(
        () => c.bindAll(emit(subject, c)),
        (value) => {
          times++;
          single = value;
          if (!isKnown(value)) known = false;
          value.words.forEach((w, k) => {
            c.lines.push(`${names[k]!.a} = ${w.a}; ${names[k]!.b} = ${w.b};`);
          });
        },
      ),
    );
    let value: Val;
    if (times === 1) {
      c.lines.push(...lines.slice(0, -words));
      value = single!;
    } else {
      c.lines.push(`let ${names.map((it) => `${it.a} = 0, ${it.b} = 0`).join(', ')};`, ...lines);
      value = { width: type.width, words: names.map((it) => ({ a: it.a, b: known ? '0' : it.b })) };
    }
    if (this.switched(stmt, value)) return;
    const name = this.env.fresh();
    c.lines.push(`${name}: {`);
    for (const item of stmt.items) {
      // Labels are tried in order, those of one item at a stroke: they have no side effects.
      let hit = 'false';
      const found = this.env.fresh();
      const { lines: test } = c.apart(() => {
        this.leaf(
          () => item.labels.reduce((sum, label) => eitherTrue(sum, this.matches(stmt, value, label)), 'false'),
          (one) => {
            hit = one;
            c.lines.push(`${found} = ${one};`);
          },
        );
      });
      if (hit === 'false' && test.length === 1) continue;
      c.lines.push(
        `let ${found} = false;`,
        ...test,
        `if (${found}) {`,
        ...this.inside(item.body),
        `break ${name};`,
        '}',
      );
    }
    if (stmt.default) this.statement(stmt.default);
    c.lines.push('}');
  }

  private matches(stmt: StmtOf<'case'>, value: Val, label: CaseLabel): string {
    const { c } = this;
    const signed = stmt.subject.type.kind === 'vector' && stmt.subject.type.signed;
    if (label.kind === 'value') return compareValues(stmt.match, value, emit(label.value, c), signed, c).one;
    const low = compareValues('ge', value, emit(label.low, c), signed, c).one;
    const high = compareValues('le', value, emit(label.high, c), signed, c).one;
    return `(${low} && ${high})`;
  }

  /** One JavaScript switch, where the subject is known and all labels are constants without x and z. */
  private switched(stmt: StmtOf<'case'>, value: Val): boolean {
    const { c } = this;
    if (value.words.length !== 1 || !isKnown(value)) return false;
    const seen = new Set<number>();
    const groups: { labels: number[]; body: Stmt | undefined }[] = [];
    for (const item of stmt.items) {
      const labels: number[] = [];
      for (const label of item.labels) {
        if (label.kind !== 'value' || label.value.op !== 'const' || label.value.value.kind !== 'vector') return false;
        const { a, b } = label.value.value;
        if (b !== 0n) {
          // Never matches a known value, where x and z are values of their own.
          if (stmt.match === 'ceq') continue;
          return false;
        }
        const number = Number(BigInt.asIntN(32, a));
        if (!seen.has(number)) labels.push(number);
        seen.add(number);
      }
      if (labels.length > 0) groups.push({ labels, body: item.body });
    }
    const name = this.env.fresh();
    c.lines.push(`${name}: switch (${value.words[0]!.a}) {`);
    for (const group of groups) {
      c.lines.push(
        `${group.labels.map((it) => `case ${literal(it)}:`).join(' ')} {`,
        ...this.inside(group.body),
        `break ${name};`,
        '}',
      );
    }
    if (stmt.default) c.lines.push('default: {', ...this.inside(stmt.default), '}');
    c.lines.push('}');
    return true;
  }

  /** A task's body written in place: its variables are not automatic. */
  private callTask(stmt: StmtOf<'call'>): void {
    const task = this.env.task(stmt.subprogram);
    if (task === undefined || this.calling.has(stmt.subprogram)) throw new Uncompilable('task');
    this.calling.add(stmt.subprogram);
    const type = (signal: SignalId) => ({ kind: 'signal' as const, signal });
    task.ports.forEach((port, i) => {
      const arg = stmt.args[i]!;
      if (port.direction !== 'input') {
        if (port.direction !== 'output') throw new Uncompilable(port.direction);
        return;
      }
      if (!('op' in arg)) throw new Uncompilable('argument');
      this.assign({ ...type(port.signal), type: arg.type }, arg, 'blocking');
    });
    this.labelled('return', () => this.statement(task.body));
    task.ports.forEach((port, i) => {
      if (port.direction !== 'output') return;
      const arg = stmt.args[i]!;
      if ('op' in arg) throw new Uncompilable('argument');
      const width = this.env.width(port.signal);
      if (arg.type.kind !== 'vector' || arg.type.width !== width) throw new Uncompilable('argument');
      this.assign(arg, { op: 'signal', signal: port.signal, type: arg.type }, 'blocking');
    });
    this.calling.delete(stmt.subprogram);
  }
}

/** Bits are only moved: there is nothing to be gained by taking them as known. */
function isMove(e: Expr): boolean {
  switch (e.op) {
    case 'const':
    case 'signal':
      return true;
    case 'element':
      return e.indices.every((index) => index.value.op === 'const');
    case 'select':
      return isMove(e.base) && e.offset.op === 'const';
    case 'resize':
      return isMove(e.operand);
    case 'concat':
      return e.parts.every(isMove);
    default:
      return false;
  }
}
