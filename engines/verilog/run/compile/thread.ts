/** Processes that wait in their middle, as generator functions: they yield where they wait. */
import type { EventItem, EventRef, Read, Stmt, StmtOf } from '../../ir/types.ts';
import type { Runtime } from '../runtime.ts';
import { Context, Uncompilable } from './context.ts';
import type { Generator } from './generate.ts';
import { Body, type BodyEnv } from './statement.ts';

/** An event control in generated code: which event object it is, is asked when the process is set up. */
export type Waited = { items: readonly EventItem[] } | { reads: readonly Read[]; events: readonly EventRef[] };

export interface ThreadTables {
  events: Waited[];
  /** Statements that the interpreter runs. */
  delegated: Stmt[];
  /** Names of generator functions of tasks. */
  tasks: Map<number, string>;
}

class ThreadBody extends Body {
  private readonly generator: Generator;
  private readonly runtime: Runtime;
  private readonly tables: ThreadTables;
  /** Not gone through again: not worth its own text. */
  private once: boolean;

  constructor(c: Context, env: BodyEnv, generator: Generator, runtime: Runtime, tables: ThreadTables, once: boolean) {
    super(c, env, true);
    this.generator = generator;
    this.runtime = runtime;
    this.tables = tables;
    this.once = once;
  }

  override statement(stmt: Stmt): void {
    const { c } = this;
    switch (stmt.op) {
      case 'delay': {
        const ticks = this.env.delay(stmt.delay);
        if (ticks === undefined) throw new Uncompilable('varying delay');
        c.lines.push(`Y.waitTicks(t, ${ticks}); yield;`);
        if (stmt.body) this.statement(stmt.body);
        return;
      }
      case 'wait-event':
        for (const item of stmt.items) if (!this.isPlain(item)) throw new Uncompilable('event');
        this.wait({ items: stmt.items });
        if (stmt.body) this.statement(stmt.body);
        return;
      case 'wait': {
        if (stmt.events.some((event) => event.indices !== undefined)) throw new Uncompilable('event');
        if (stmt.reads.some((read) => this.runtime.design.signals[read.signal]!.automatic))
          throw new Uncompilable('wait');
        c.lines.push('for (;;) {');
        const { result, lines } = c.apart(() => this.condition(stmt.condition));
        c.lines.push(...lines, `if (${result}) break;`);
        this.wait({ reads: stmt.reads, events: stmt.events });
        c.lines.push('}');
        if (stmt.body) this.statement(stmt.body);
        return;
      }
      case 'forever':
        this.again(() => this.loop(stmt, undefined, stmt.body, [], false));
        return;
      case 'for':
      case 'while':
      case 'do':
      case 'repeat':
        this.again(() => super.statement(stmt));
        return;
      case 'systask':
      case 'trigger':
        this.delegate(stmt);
        return;
      case 'call':
        if (this.generator.waits.subprogram(stmt.subprogram)) this.callThread(stmt);
        else if (this.once) this.delegate(stmt);
        else super.statement(stmt);
        return;
      case 'assign':
        if (stmt.timing !== undefined) throw new Uncompilable('timing');
        if (this.once) this.delegate(stmt);
        else this.orDelegate(stmt);
        return;
      case 'nonblocking':
      case 'eval':
        if (this.once) this.delegate(stmt);
        else this.orDelegate(stmt);
        return;
      default:
        super.statement(stmt);
    }
  }

  /** Written, or where that cannot be, run by the interpreter. */
  private orDelegate(stmt: Stmt): void {
    const { c } = this;
    try {
      const { lines } = c.apart(() => super.statement(stmt));
      c.lines.push(...lines);
    } catch (problem) {
      if (!(problem instanceof Uncompilable)) throw problem;
      c.gather = undefined;
      this.delegate(stmt);
    }
  }

  private again(write: () => void): void {
    const before = this.once;
    this.once = false;
    write();
    this.once = before;
  }

  private delegate(stmt: Stmt): void {
    if (this.hasAutomatic(stmt)) throw new Uncompilable('automatic');
    this.tables.delegated.push(stmt);
    this.c.lines.push(`I[${this.tables.delegated.length - 1}]();`);
  }

  private hasAutomatic(node: unknown): boolean {
    if (typeof node !== 'object' || node === null) return false;
    if (Array.isArray(node)) return node.some((it) => this.hasAutomatic(it));
    const it = node as Record<string, unknown>;
    if (typeof it.signal === 'number' && this.runtime.design.signals[it.signal]!.automatic) return true;
    return Object.values(it).some((value) => typeof value === 'object' && this.hasAutomatic(value));
  }

  private isPlain(item: EventItem): boolean {
    if (item.iff !== undefined) return false;
    if (item.what.kind === 'event') return item.what.event.indices === undefined;
    return !this.hasAutomatic(item.what.expr);
  }

  private wait(what: Waited): void {
    this.tables.events.push(what);
    this.c.lines.push(`Y.waitEvent(t, L(${this.tables.events.length - 1})); yield;`);
  }

  private callThread(stmt: StmtOf<'call'>): void {
    const task = this.runtime.design.subprograms[stmt.subprogram]!;
    if (task.kind !== 'task' || task.automatic || task.autos.length > 0) throw new Uncompilable('task');
    const { tasks } = this.tables;
    let name = tasks.get(stmt.subprogram);
    task.ports.forEach((port, i) => {
      const arg = stmt.args[i];
      if (port.direction === 'output') return;
      if (port.direction !== 'input' || arg === undefined || !('op' in arg)) throw new Uncompilable('argument');
      this.assign({ kind: 'signal', signal: port.signal, type: arg.type }, arg, 'blocking');
    });
    if (name === undefined) {
      name = this.generator.fresh();
      tasks.set(stmt.subprogram, name);
      try {
        this.generator.globals.push(
          threadText(name, task.body, this.generator, this.runtime, this.tables, { loop: false, once: false }),
        );
      } catch (problem) {
        tasks.set(stmt.subprogram, '');
        throw problem;
      }
    }
    if (name === '') throw new Uncompilable('task');
    this.c.lines.push(`yield* ${name}(t);`);
    task.ports.forEach((port, i) => {
      const arg = stmt.args[i];
      if (port.direction !== 'output') return;
      if (arg === undefined || 'op' in arg || arg.type.kind !== 'vector') throw new Uncompilable('argument');
      if (arg.type.width !== this.env.width(port.signal)) throw new Uncompilable('argument');
      this.assign(arg, { op: 'signal', signal: port.signal, type: arg.type }, 'blocking');
    });
  }
}

/** A process (or a task) as a generator function. Throws Uncompilable. */
export function threadText(
  name: string,
  body: Stmt,
  generator: Generator,
  runtime: Runtime,
  tables: ThreadTables,
  how: { loop: boolean; once: boolean },
): string {
  const env = generator.env();
  const c = new Context(env, new Set());
  const thread = new ThreadBody(c, env, generator, runtime, tables, how.once);
  thread.labelled('return', () => thread.statement(body));
  const turn = how.loop ? [`if (--K.loopFuel < 0) P(${env.locate(body.at)});`] : [];
  const lines = how.loop ? ['for (;;) {', ...c.lines, ...turn, '}'] : [...c.lines, 'return 0;'];
  return `function* ${name}(t) {\n${lines.join('\n')}\n}`;
}
