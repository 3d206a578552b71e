/**
 * Bodies of processes, assignments and subprograms as JavaScript functions, in two versions: one for when everything that is read at the start is
 * known, which computes one plane only, and a general one. The text holds numbers and names made here, nothing of the user's.
 */

import type { At, ContinuousAssign, Design, Expr, LValue, SignalId, Stmt, SubprogramId } from '../../ir/types.ts';
import { wordsOf } from '../../ir/words.ts';
import { elementType } from '../layout.ts';
import type { NetPlan } from '../nets.ts';
import type { Waits } from '../processes.ts';
import type { Runtime } from '../runtime.ts';
import { delayTicks } from '../time.ts';
import { fromConstant } from '../value/vector.ts';
import { readEarly } from './assigned.ts';
import type { Place } from './context.ts';
import { Context, Uncompilable } from './context.ts';
import { ones } from './js.ts';
import type { BodyEnv } from './statement.ts';
import { Body } from './statement.ts';
import type { Uses } from './uses.ts';
import { expression, noUses, usesOf } from './uses.ts';

/** B planes tested at the start of a process, at most. What is not tested is speculated on, statement by statement. */
const testsAtStart = 48;

export interface Written {
  /** Name of the function that runs it. */
  name: string;
  /** Names of the texts of functions needed. */
  text: string;
  shadows: Set<SignalId>;
}

export class Generator {
  readonly design: Design;
  readonly runtime: Runtime;
  readonly plan: NetPlan;
  readonly waits: Waits;
  private counter = 0;
  scratchEnd = 0;
  /** Where loops are, for messages. */
  readonly places: At[] = [];
  /** Texts of functions and variables outside of any function. */
  readonly globals: string[] = [];
  private readonly functions = new Map<string, { name: string; known: boolean; bad?: boolean; open: boolean }>();
  private readonly usesById = new Map<SubprogramId, Uses>();
  /** By canon signal: what to run or mark when it changes. */
  marksFor: BodyEnv['marks'] = () => '';
  shadowOf: (signal: SignalId) => number | undefined = () => undefined;
  /** By canon signal: what is copied from it, perhaps through an operator, within each change of it. */
  readonly copies = new Map<SignalId, SignalId[]>();
  /** Written by updates that come later: never taken as known by what a process saw at its start. */
  readonly late = new Set<SignalId>();

  constructor(runtime: Runtime, plan: NetPlan, waits: Waits) {
    this.runtime = runtime;
    this.design = runtime.design;
    this.plan = plan;
    this.waits = waits;
  }

  fresh = (): string => `v${this.counter++}`;

  private vector(signal: SignalId): { width: number; fourState: boolean } {
    const type = elementType(this.design.signals[signal]!.type);
    if (type.kind !== 'vector') throw new Uncompilable('no vector');
    return type;
  }

  env(locals: Map<SignalId, Extract<Place, { kind: 'locals' }>> = new Map(), pure = false): BodyEnv & Context['env'] {
    const { runtime, plan } = this;
    const { layout, canon } = runtime;
    return {
      fresh: this.fresh,
      scratch: (words) => {
        const at = this.scratchEnd;
        this.scratchEnd += words;
        return at;
      },
      canon: (signal) => canon[signal]!,
      place: (signal) => {
        const local = locals.get(signal);
        if (local) return local;
        const type = this.vector(signal);
        const offset = layout.offset[signal]!;
        if (offset < 0) throw new Uncompilable('automatic');
        return { kind: 'words', offset, plane: type.fourState ? wordsOf(type.width) : 0 };
      },
      width: (signal) => this.vector(signal).width,
      fourState: (signal) => this.vector(signal).fourState,
      marks: (signal, part, element, change) => this.marksFor(signal, part, element, change),
      listening: (signal) => (locals.has(signal) ? '' : `(F[${signal}] & 15) !== 0`),
      guarded: (signal) => {
        if (locals.has(signal)) return false;
        if (pure) return true;
        const kind = plan.kind[signal];
        return plan.forcible[signal] === 1 || (kind !== undefined && kind !== 'direct');
      },
      shadow: (signal) => this.shadowOf(signal),
      declare: (signal) => {
        const { type, automatic } = this.design.signals[signal]!;
        if (!automatic) return '';
        // Those of a function are declared at its head.
        if (pure || type.kind !== 'vector') throw new Uncompilable('automatic');
        const n = wordsOf(type.width);
        const names = { a: Array.from({ length: n }, this.fresh), b: Array.from({ length: n }, this.fresh) };
        locals.set(signal, { kind: 'locals', ...names });
        const all = (k: number) => (type.fourState ? ones(Math.min(32, type.width - 32 * k)) : 0);
        return [...names.a, ...names.b].map((name, i) => `${name} = ${all(i % n)}`).join(', ');
      },
      locate: (at) => this.places.push(at) - 1,
      delay: (delay) =>
        delay.value.op === 'const' ? delayTicks(this.design, delay.scope, fromConstant(delay.value.value)) : undefined,
      subprogram: (id, known) => this.subprogram(id, known),
      task: (id) => {
        const it = this.design.subprograms[id]!;
        if (it.kind !== 'task' || it.automatic || this.waits.subprogram(id)) return undefined;
        return { body: it.body, ports: it.ports };
      },
    };
  }

  /** Uses of a subprogram with all that it calls. */
  usesOfSubprogram(id: SubprogramId): Uses {
    const known = this.usesById.get(id);
    if (known) return known;
    const uses = noUses();
    this.usesById.set(id, uses);
    usesOf(this.design.subprograms[id]!.body, uses);
    for (const callee of [...uses.calls]) this.include(uses, this.usesOfSubprogram(callee));
    return uses;
  }

  private include(uses: Uses, more: Uses): void {
    for (const it of more.reads) uses.reads.add(it);
    for (const it of more.blocking) uses.blocking.add(it);
    for (const it of more.nonblocking) uses.nonblocking.add(it);
    uses.other ||= more.other;
  }

  usesDeep(stmt: Stmt | undefined): Uses {
    const uses = usesOf(stmt);
    for (const callee of [...uses.calls]) this.include(uses, this.usesOfSubprogram(callee));
    return uses;
  }

  /** A body without waits as a function without arguments. Throws Uncompilable. */
  body(stmt: Stmt | undefined, tail: (shadows: ReadonlySet<SignalId>) => string): Written {
    const name = this.fresh();
    if (stmt === undefined) return { name, text: `function ${name}() {}`, shadows: new Set() };
    const uses = usesOf(stmt);
    return this.versions(name, uses, tail, (c, env, fast) => {
      const body = new Body(c, env, fast);
      body.statement(stmt);
      return body;
    });
  }

  assign(assign: Pick<ContinuousAssign, 'target' | 'value'>, name = this.fresh()): Written {
    const uses = noUses();
    expression(assign.value, uses);
    for (const part of assign.target) uses.blocking.add(part.signal);
    return this.versions(
      name,
      uses,
      () => '',
      (c, env, fast) => {
        const body = new Body(c, env, fast);
        body.assign(this.targetOf(assign), assign.value, 'blocking');
        return body;
      },
    );
  }

  private targetOf(assign: Pick<ContinuousAssign, 'target'>): LValue {
    const constant = (value: number): Expr => ({
      op: 'const',
      value: { kind: 'vector', width: 32, signed: true, a: BigInt.asUintN(32, BigInt(value)), b: 0n },
      type: { kind: 'vector', width: 32, signed: true, fourState: true },
    });
    const parts = assign.target.map((part): LValue => {
      const type = elementType(this.design.signals[part.signal]!.type);
      const whole = part.offset === 0 && type.kind === 'vector' && type.width === part.width;
      return {
        kind: 'signal',
        signal: part.signal,
        indices: part.element === undefined ? undefined : [{ value: constant(part.element), size: part.element + 1 }],
        part: whole ? undefined : { offset: constant(part.offset), width: part.width },
        type: { kind: 'vector', width: part.width, signed: false, fourState: true },
      };
    });
    if (parts.length === 1) return parts[0]!;
    const width = assign.target.reduce((sum, it) => sum + it.width, 0);
    return { kind: 'concat', parts, type: { kind: 'vector', width, signed: false, fourState: true } };
  }

  private versions(
    name: string,
    uses: Uses,
    tail: (shadows: ReadonlySet<SignalId>) => string,
    write: (c: Context, env: BodyEnv, fast: boolean) => Body,
  ): Written {
    const env = this.env();
    const { canon } = this.runtime;
    const tests = new Map<SignalId, string[]>();
    let count = 0;
    // What follows a signal that is written here changes under way.
    const moving = new Set<SignalId>();
    const move = (signal: SignalId): void => {
      for (const copy of this.copies.get(signal) ?? []) {
        if (moving.has(copy)) continue;
        moving.add(copy);
        move(copy);
      }
    };
    for (const signal of uses.blocking) move(canon[signal]!);
    for (const raw of [...uses.reads, ...uses.blocking]) {
      const signal = canon[raw]!;
      const { type } = this.design.signals[signal]!;
      if (type.kind !== 'vector' || !type.fourState || tests.has(signal)) continue;
      if (this.late.has(signal) || moving.has(signal)) continue;
      const n = wordsOf(type.width);
      if (this.runtime.layout.offset[signal]! < 0 || count + n > testsAtStart) continue;
      count += n;
      const at = this.runtime.layout.offset[signal]! + n;
      tests.set(
        signal,
        Array.from({ length: n }, (_, k) => `M[${at + k}]`),
      );
    }
    const general = new Context(env, new Set());
    const generalBody = write(general, env, false);
    const end = tail(generalBody.shadows);
    if (tests.size === 0 && uses.reads.size === 0) {
      return {
        name,
        text: `function ${name}() {\n${general.lines.join('\n')}\n${end}}`,
        shadows: generalBody.shadows,
      };
    }
    let fast: Context | undefined;
    for (let turn = 0; turn < 5; turn++) {
      const c = new Context(env, new Set(turn === 4 ? [] : tests.keys()));
      const body = write(c, env, true);
      fast = c;
      const lost = [...body.unsure].filter((it) => tests.has(canon[it]!));
      if (lost.length === 0 || turn === 4) {
        if (turn === 4) tests.clear();
        break;
      }
      for (const it of lost) tests.delete(canon[it]!);
    }
    const checks = [...tests.values()].flat();
    const other = `${name}g`;
    const test = checks.length === 0 ? '' : `if ((${checks.join(' | ')}) !== 0) { ${other}(); return; }\n`;
    const text = `function ${name}() {\n${test}${fast!.lines.join('\n')}\n${end}}`;
    if (test === '') return { name, text, shadows: generalBody.shadows };
    return {
      name,
      text: `${text}\nfunction ${other}() {\n${general.lines.join('\n')}\n${end}}`,
      shadows: generalBody.shadows,
    };
  }

  // ------------------------------------------------------------------------------------------------- Subprograms

  private subprogram(id: SubprogramId, known: boolean): { name: string; known: boolean } {
    const key = `${id} ${known}`;
    const made = this.functions.get(key);
    if (made) {
      if (made.bad) throw new Uncompilable('subprogram');
      if (made.open && !this.design.subprograms[id]!.automatic) throw new Uncompilable('recursion');
      return made;
    }
    const entry: { name: string; known: boolean; bad?: boolean; open: boolean } = {
      name: this.fresh(),
      known: false,
      open: true,
    };
    this.functions.set(key, entry);
    try {
      this.writeFunction(id, known, entry);
    } catch (problem) {
      entry.bad = true;
      throw problem;
    }
    entry.open = false;
    return entry;
  }

  private writeFunction(id: SubprogramId, argsKnown: boolean, entry: { name: string; known: boolean }): void {
    const it = this.design.subprograms[id]!;
    if (it.kind !== 'function' || it.result === undefined || this.waits.subprogram(id)) throw new Uncompilable('task');
    const uses = usesOf(it.body);
    if (uses.other || uses.nonblocking.size > 0) throw new Uncompilable('effects');
    const own = new Set<SignalId>();
    const scopes = new Set([it.scope]);
    for (const scope of this.design.scopes)
      if (scope.parent !== undefined && scopes.has(scope.parent)) scopes.add(scope.id);
    for (const scope of scopes) for (const signal of this.design.scopes[scope]!.signals) own.add(signal);
    for (const port of it.ports) {
      if (port.direction !== 'input') throw new Uncompilable('output port');
      own.add(port.signal);
    }
    own.add(it.result);
    for (const written of uses.blocking) if (!own.has(written)) throw new Uncompilable('effects');
    if (!it.automatic)
      for (const signal of own) if (this.seenOutside(signal, id)) throw new Uncompilable('seen from outside');
    const early = readEarly(
      it.body,
      own,
      it.ports.map((port) => port.signal),
    );
    const locals = new Map<SignalId, Extract<Place, { kind: 'locals' }>>();
    for (const signal of own) {
      if (
        !uses.reads.has(signal) &&
        !uses.blocking.has(signal) &&
        signal !== it.result &&
        !it.ports.some((p) => p.signal === signal)
      )
        continue;
      const info = this.design.signals[signal]!;
      if (info.type.kind !== 'vector' || info.init !== undefined) throw new Uncompilable('local');
      const n = wordsOf(info.type.width);
      locals.set(signal, {
        kind: 'locals',
        a: Array.from({ length: n }, () => this.fresh()),
        b: Array.from({ length: n }, () => this.fresh()),
      });
    }
    if (
      !this.assignsAll(
        it.body,
        it.result,
        own,
        it.ports.map((port) => port.signal),
      )
    )
      early.add(it.result);
    const env = this.env(locals, true);
    const sure = new Set<SignalId>();
    for (const signal of locals.keys()) {
      const isPort = it.ports.some((port) => port.signal === signal);
      const two = !this.vector(signal).fourState;
      if (two || (argsKnown && isPort) || (!isPort && !early.has(signal))) sure.add(signal);
    }
    let c = new Context(env, new Set(sure));
    for (let turn = 0; ; turn++) {
      c = new Context(env, new Set(sure));
      const body = new Body(c, env, argsKnown);
      body.labelled('return', () => body.statement(it.body));
      const lost = [...body.unsure].filter((signal) => sure.has(signal) && this.vector(signal).fourState);
      if (lost.length === 0) break;
      for (const signal of lost) sure.delete(signal);
      if (turn > 20) sure.clear();
    }
    const parameters: string[] = [];
    const declared: string[] = [];
    for (const [signal, place] of locals) {
      const isPort = it.ports.some((port) => port.signal === signal);
      const names = sure.has(signal) ? place.a : [...place.a, ...place.b];
      if (isPort) continue;
      const { width, fourState } = this.vector(signal);
      const x = (k: number) =>
        early.has(signal) && fourState ? (k === wordsOf(width) - 1 && width & 31 ? (1 << (width & 31)) - 1 : -1) : 0;
      const first = names.map((name, i) => `${name} = ${x(i % wordsOf(width))}`).join(', ');
      if (early.has(signal) && !it.automatic) this.globals.push(`let ${first};`);
      else declared.push(`let ${first};`);
    }
    for (const port of it.ports) {
      const place = locals.get(port.signal)!;
      // Known arguments come in one plane; where the body makes one unknown, its own plane starts at zero.
      place.a.forEach((name, k) => {
        parameters.push(name);
        if (!argsKnown) parameters.push(place.b[k]!);
        else if (!sure.has(port.signal)) declared.push(`let ${place.b[k]} = 0;`);
      });
    }
    const result = locals.get(it.result)!;
    entry.known = sure.has(it.result);
    const out = result.a.flatMap((name, k) => [
      ...(k > 0 ? [`R[${2 * k}] = ${name};`] : []),
      ...(entry.known ? [] : [`R[${2 * k + 1}] = ${result.b[k]};`]),
    ]);
    this.globals.push(
      `function ${entry.name}(${parameters.join(', ')}) {\n${declared.join('\n')}\n${c.lines.join('\n')}\n${out.join(' ')}\nreturn ${result.a[0]};\n}`,
    );
  }

  private assignsAll(body: Stmt, result: SignalId, own: ReadonlySet<SignalId>, given: SignalId[]): boolean {
    // Reading the result at the end must find it assigned.
    const type = this.design.signals[result]!.type;
    const probe: Stmt = {
      op: 'block',
      at: body.at,
      body: [body, { op: 'eval', at: body.at, expr: { op: 'signal', signal: result, type } }],
    };
    return !readEarly(probe, own, given).has(result);
  }

  private outside: Map<SignalId, SubprogramId | -1 | -2> | undefined;
  /** Something besides the subprogram names the signal. */
  private seenOutside(signal: SignalId, id: SubprogramId): boolean {
    if (this.outside === undefined) {
      const map = new Map<SignalId, SubprogramId | -1 | -2>();
      const note = (uses: Uses, who: number): void => {
        for (const set of [uses.reads, uses.blocking, uses.nonblocking]) {
          for (const it of set) {
            const old = map.get(it);
            map.set(it, old === undefined || old === who ? who : -2);
          }
        }
      };
      for (const process of this.design.processes) note(usesOf(process.body), -1);
      for (const subprogram of this.design.subprograms) if (subprogram) note(usesOf(subprogram.body), subprogram.id);
      for (const assign of this.design.assigns) {
        const uses = noUses();
        expression(assign.value, uses);
        note(uses, -1);
      }
      this.outside = map;
    }
    const who = this.outside.get(signal);
    return who !== undefined && who !== id;
  }
}
