/** The reference back end: processes and subprograms as closures over the design's memory, without generated code. */
import type * as ir from '../ir/types.ts';
import { type Evaluators, EventTable } from './events.ts';
import { adapted, type Coder, compileExpr, copied, type Eval, evaluatorsOf, isTarget } from './interpret-expr.ts';
import { emptyFrame, type Frame, Slots } from './interpret-frame.ts';
import { compileLValue, type Place } from './interpret-lvalue.ts';
import { afterBlock, asSteps, type Code, compileStmt, type StmtCoder } from './interpret-stmt.ts';
import type { Value } from './machine.ts';
import type { Waits } from './processes.ts';
import type { Runtime } from './runtime.ts';
import { Flow, type Steps, Threads } from './threads.ts';

/** A subprogram's code, made on first use: it may call itself. */
interface Routine {
  subprogram: ir.Subprogram;
  coder: StmtCoder;
  fresh(frame: Frame): void;
  /** Of the ports, then of the result. */
  ports: Place[];
  result: Place | undefined;
  code: Code | undefined;
}

export class Interpreter implements Evaluators {
  readonly runtime: Runtime;
  readonly threads: Threads;
  readonly events: EventTable;
  /** From the compiler, once it is done: used for all that is made afterwards. */
  compiled: ReadonlyMap<ir.Stmt, () => void> | undefined;
  private readonly waits: Waits;
  private readonly routines = new Map<ir.SubprogramId, Routine>();
  /** For expressions outside of all processes. */
  private readonly outer: StmtCoder;

  constructor(runtime: Runtime, waits: Waits) {
    this.runtime = runtime;
    this.waits = waits;
    this.threads = new Threads(runtime.kernel);
    this.events = new EventTable(runtime);
    this.outer = this.coder();
  }

  private coder(): StmtCoder {
    return {
      runtime: this.runtime,
      slots: new Slots(this.runtime.design),
      threads: this.threads,
      events: this.events,
      waits: this.waits,
      compiled: this.compiled,
      invoke: (id, args, coder) => this.invoke(id, args, coder),
      invokeSteps: (id, args, coder) => this.invokeSteps(id, args, coder),
    };
  }

  evaluate(expr: ir.Expr): (frame: unknown) => Value {
    const value = compileExpr(expr, this.outer);
    return (frame) => value((frame ?? emptyFrame()) as Frame);
  }

  truth(expr: ir.Expr): (frame: unknown) => boolean {
    const value = evaluatorsOf(this.outer).truth(expr);
    return (frame) => value(frame ?? emptyFrame());
  }

  event(ref: ir.EventRef): (frame: unknown) => number | undefined {
    const event = evaluatorsOf(this.outer).event(ref);
    return (frame) => event(frame ?? emptyFrame());
  }

  follow(signal: ir.SignalId): (frame: unknown, changed: () => void) => () => void {
    return evaluatorsOf(this.outer).follow(signal);
  }

  /** A body that never waits: a function to call for each run. */
  plain(body: ir.Stmt | undefined): () => void {
    const coder = this.coder();
    const code = compileStmt(body, coder);
    if (code.waits) throw new Error('A process that waits was taken for one that does not.');
    const { threads } = this;
    const frame = emptyFrame();
    return () => {
      threads.passing.length = 0;
      code.run(frame);
      threads.disabling = -1;
    };
  }

  /** A body that waits, for `Threads.create`. */
  steps(body: ir.Stmt, loop: boolean): () => Steps {
    const { runtime } = this;
    const steps = asSteps(compileStmt(body, this.coder()));
    const { kernel } = runtime;
    if (!loop) return () => steps(emptyFrame());
    return function* (): Steps {
      for (;;) {
        const flow = yield* steps(emptyFrame());
        if (flow === Flow.disable) return flow;
        if (--kernel.loopFuel < 0) {
          runtime.at = body.at;
          kernel.outOfFuel();
        }
      }
    };
  }

  // --------------------------------------------------------------------------------------------- Subprograms

  private routine(id: ir.SubprogramId): Routine {
    const known = this.routines.get(id);
    if (known) return known;
    const subprogram = this.runtime.design.subprograms[id]!;
    const coder = this.coder();
    const placeOf = (signal: ir.SignalId): Place =>
      compileLValue({ kind: 'signal', signal, type: this.runtime.design.signals[signal]!.type }, coder);
    const routine: Routine = {
      subprogram,
      coder,
      fresh: coder.slots.fresh(subprogram.autos),
      ports: subprogram.ports.map((port) => placeOf(port.signal)),
      result: subprogram.result === undefined ? undefined : placeOf(subprogram.result),
      code: undefined,
    };
    this.routines.set(id, routine);
    return routine;
  }

  /** Values in, and where they come out again. */
  private passing(routine: Routine, args: readonly (ir.Expr | ir.LValue)[], coder: Coder) {
    const { signals } = this.runtime.design;
    const bound = routine.subprogram.ports.map((port, i) => {
      const arg = args[i];
      const { type } = signals[port.signal]!;
      const place = routine.ports[i]!;
      if (arg === undefined) return { place, type, value: undefined, target: undefined, out: false, shared: undefined };
      const target = isTarget(arg) ? compileLValue(arg, coder) : undefined;
      const value = isTarget(arg) ? target!.read : compileExpr(arg, coder);
      const { direction } = port;
      const same =
        direction === 'ref' && isTarget(arg) && arg.kind === 'signal' && !arg.indices && !arg.part
          ? this.sharedCell(arg.signal, port.signal, coder, routine)
          : undefined;
      return {
        place,
        type,
        value: direction === 'output' ? undefined : value,
        target: direction === 'input' ? undefined : target,
        out: direction !== 'input',
        shared: same,
      };
    });
    return {
      enter: (frame: Frame): Frame => {
        const values: (Value | undefined)[] = [];
        for (let i = 0; i < bound.length; i++) values.push(bound[i]!.value?.(frame));
        const own = emptyFrame();
        routine.fresh(own);
        for (let i = 0; i < bound.length; i++) {
          const { place, shared, type } = bound[i]!;
          const value = values[i];
          if (shared !== undefined) shared(frame, own);
          else if (value !== undefined) place.assign(own, copied(adapted(value, type)));
        }
        return own;
      },
      leave: (frame: Frame, own: Frame): void => {
        for (let i = 0; i < bound.length; i++) {
          const { out, target, place, shared } = bound[i]!;
          if (out && shared === undefined && target !== undefined) target.assign(frame, place.read(own));
        }
      },
    };
  }

  /** A `ref` port of an automatic variable has the variable's own cell. */
  private sharedCell(
    from: ir.SignalId,
    to: ir.SignalId,
    coder: Coder,
    routine: Routine,
  ): ((frame: Frame, own: Frame) => void) | undefined {
    const { signals } = this.runtime.design;
    if (!signals[from]!.automatic || !signals[to]!.automatic) return undefined;
    const cell = coder.slots.cell(from);
    const slot = routine.coder.slots.of(to);
    return (frame, own) => {
      own.cells[slot] = cell(frame);
    };
  }

  private invoke(id: ir.SubprogramId, args: readonly (ir.Expr | ir.LValue)[], coder: Coder): Eval {
    const routine = this.routine(id);
    const { enter, leave } = this.passing(routine, args, coder);
    const { threads, runtime } = this;
    const { scope } = routine.subprogram;
    let depth = 0;
    return (frame) => {
      routine.code ??= compileStmt(routine.subprogram.body, routine.coder);
      const { code } = routine;
      if (code.waits) throw new Error('A task that waits was called as one that does not.');
      const own = enter(frame);
      if (++depth > 2000) {
        depth = 0;
        runtime.fail(
          'endless-recursion',
          `"${routine.subprogram.name}" calls itself without end.`,
          'Give the recursion an end that is always reached.',
          routine.subprogram.at,
        );
        runtime.kernel.outOfFuel();
      }
      threads.passing.push(scope);
      const flow = code.run(own);
      threads.passing.pop();
      depth--;
      afterBlock(flow, scope, threads);
      leave(frame, own);
      return routine.result === undefined ? 0 : routine.result.read(own);
    };
  }

  private invokeSteps(
    id: ir.SubprogramId,
    args: readonly (ir.Expr | ir.LValue)[],
    coder: StmtCoder,
  ): (frame: Frame) => Steps {
    const routine = this.routine(id);
    const { enter, leave } = this.passing(routine, args, coder);
    const { threads } = this;
    const { scope } = routine.subprogram;
    return function* (frame): Steps {
      routine.code ??= compileStmt(routine.subprogram.body, routine.coder);
      const { code } = routine;
      const thread = threads.current!;
      const own = enter(frame);
      threads.enter(thread, scope);
      const flow = code.waits ? yield* code.steps(own) : code.run(own);
      threads.leave(thread);
      const after = afterBlock(flow, scope, threads);
      leave(frame, own);
      return after === Flow.disable ? after : Flow.next;
    };
  }
}
