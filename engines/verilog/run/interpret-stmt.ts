/** Statements of the IR as closures; those that wait as generators. */
import type * as ir from '../ir/types.ts';
import { type EventControl, type EventTable, toIndex } from './events.ts';
import {
  adapted,
  type Coder,
  callSite,
  compileEventIndex,
  compileExpr,
  compileIndex,
  compileIndices,
  compileTruth,
  evaluatorsOf,
} from './interpret-expr.ts';
import { type Frame, forkFrame } from './interpret-frame.ts';
import { compileLValue } from './interpret-lvalue.ts';
import { StopRun } from './kernel.ts';
import { elementType } from './layout.ts';
import type { ListValue, MapValue, Value, Vec } from './machine.ts';
import type { Waits } from './processes.ts';
import { Flow, type Steps, type Thread, type Threads } from './threads.ts';
import { delayTicks } from './time.ts';
import { binary, select, truth } from './value/ops.ts';
import { fromInteger } from './value/vector.ts';

export type Code = { waits: false; run(frame: Frame): Flow } | { waits: true; steps(frame: Frame): Steps };

export interface StmtCoder extends Coder {
  threads: Threads;
  events: EventTable;
  waits: Waits;
  /** Statements that are run as generated code. */
  compiled: ReadonlyMap<ir.Stmt, () => void> | undefined;
  /** A task that waits. */
  invokeSteps(
    subprogram: ir.SubprogramId,
    args: readonly (ir.Expr | ir.LValue)[],
    coder: StmtCoder,
  ): (frame: Frame) => Steps;
}

const nothing: Code = { waits: false, run: () => Flow.next };

export function compileStmt(stmt: ir.Stmt | undefined, coder: StmtCoder): Code {
  if (stmt === undefined) return nothing;
  const ready = coder.compiled?.get(stmt);
  if (ready !== undefined) return plain(ready);
  switch (stmt.op) {
    case 'block':
      return compileBlock(stmt, coder);
    case 'fork':
      return compileFork(stmt, coder);
    case 'assign':
      return compileAssign(stmt, coder);
    case 'nonblocking':
      return compileNonblocking(stmt, coder);
    case 'eval': {
      const value = compileExpr(stmt.expr, coder);
      return plain((frame) => {
        value(frame);
      });
    }
    case 'call': {
      if (coder.waits.subprogram(stmt.subprogram)) {
        return { waits: true, steps: coder.invokeSteps(stmt.subprogram, stmt.args, coder) };
      }
      const call = coder.invoke(stmt.subprogram, stmt.args, coder);
      const { threads } = coder;
      return {
        waits: false,
        run: (frame) => {
          threads.disabling = -1;
          call(frame);
          return threads.disabling === -1 ? Flow.next : Flow.disable;
        },
      };
    }
    case 'systask': {
      const { runtime } = coder;
      const site = callSite(stmt.name, stmt.args, stmt.scope, stmt.at, coder);
      return plain((frame) => {
        runtime.at = site.at;
        runtime.tasks?.call(site, frame);
        if (runtime.ended !== undefined) runtime.checkEnded();
      });
    }
    case 'if':
      return compileIf(stmt, coder);
    case 'case':
      return compileCase(stmt, coder);
    case 'for':
    case 'while':
    case 'do':
    case 'repeat':
    case 'forever':
    case 'foreach-list':
      return compileLoop(stmt, coder);
    case 'delay': {
      const ticks = compileDelay(stmt.delay, coder);
      return waitThen(coder, stmt.body, (frame, thread) => {
        coder.threads.waitTicks(thread, ticks(frame));
        return true;
      });
    }
    case 'wait-event': {
      const control = coder.events.of(stmt.items, evaluatorsOf(coder));
      return waitControl(control, stmt.body, coder);
    }
    case 'wait':
      return compileWait(stmt, coder);
    case 'wait-fork':
      return compileWaitFork(coder);
    case 'trigger':
      return compileTrigger(stmt, coder);
    case 'disable': {
      const { threads } = coder;
      const { scope } = stmt;
      return { waits: false, run: () => threads.disable(scope) };
    }
    case 'disable-fork': {
      const { threads } = coder;
      return plain(() => {
        if (threads.current !== undefined) threads.disableFork(threads.current);
      });
    }
    case 'force':
      return compileForce(stmt, coder);
    case 'release':
      return compileRelease(stmt, coder);
    case 'return':
      return { waits: false, run: () => Flow.return };
    case 'break':
      return { waits: false, run: () => Flow.break };
    case 'continue':
      return { waits: false, run: () => Flow.continue };
    case 'assert':
      return compileAssert(stmt, coder);
  }
}

function plain(run: (frame: Frame) => void): Code {
  return {
    waits: false,
    run: (frame) => {
      run(frame);
      return Flow.next;
    },
  };
}

/** Any code as a generator. */
export function asSteps(code: Code): (frame: Frame) => Steps {
  if (code.waits) return (frame) => code.steps(frame);
  return function* (frame): Steps {
    yield* noWait;
    return code.run(frame);
  };
}

const noWait: undefined[] = [];

export function compileDelay(delay: ir.DelayExpr, coder: Coder): (frame: Frame) => number {
  const { design } = coder.runtime;
  const value = compileExpr(delay.value, coder);
  if (delay.value.op === 'const') {
    const ticks = delayTicks(design, delay.scope, value({ cells: [] }));
    return () => ticks;
  }
  return (frame) => delayTicks(design, delay.scope, value(frame));
}

// ------------------------------------------------------------------------------------------------------ Blocks

function compileBlock(stmt: ir.StmtOf<'block'>, coder: StmtCoder): Code {
  const body = stmt.body.map((inner) => compileStmt(inner, coder));
  const fresh = stmt.autos?.length ? coder.slots.fresh(stmt.autos) : undefined;
  const { scope } = stmt;
  const sequence = inSequence(body);
  if (fresh === undefined && scope === undefined) return sequence;
  const { threads } = coder;
  if (!sequence.waits) {
    const { run } = sequence;
    if (scope === undefined) {
      return {
        waits: false,
        run: (frame) => {
          fresh?.(frame);
          return run(frame);
        },
      };
    }
    return {
      waits: false,
      run: (frame) => {
        fresh?.(frame);
        threads.passing.push(scope);
        const flow = run(frame);
        threads.passing.pop();
        return afterBlock(flow, scope, threads);
      },
    };
  }
  const { steps } = sequence;
  return {
    waits: true,
    *steps(frame): Steps {
      fresh?.(frame);
      if (scope === undefined) return yield* steps(frame);
      const thread = threads.current!;
      threads.enter(thread, scope);
      const flow = yield* steps(frame);
      threads.leave(thread);
      return afterBlock(flow, scope, threads);
    },
  };
}

/** A block that was disabled has only ended. */
export function afterBlock(flow: Flow, scope: ir.ScopeId, threads: Threads): Flow {
  if (flow !== Flow.disable || threads.disabling !== scope) return flow;
  threads.disabling = -1;
  return Flow.next;
}

function inSequence(body: Code[]): Code {
  if (body.length === 0) return nothing;
  if (body.length === 1) return body[0]!;
  if (body.every((it) => !it.waits)) {
    const runs = body.map((it) => (it as Extract<Code, { waits: false }>).run);
    return {
      waits: false,
      run: (frame) => {
        for (let i = 0; i < runs.length; i++) {
          const flow = runs[i]!(frame);
          if (flow !== Flow.next) return flow;
        }
        return Flow.next;
      },
    };
  }
  return {
    waits: true,
    *steps(frame): Steps {
      for (const code of body) {
        const flow = code.waits ? yield* code.steps(frame) : code.run(frame);
        if (flow !== Flow.next) return flow;
      }
      return Flow.next;
    },
  };
}

function compileFork(stmt: ir.StmtOf<'fork'>, coder: StmtCoder): Code {
  const { threads } = coder;
  const { kernel } = coder.runtime;
  const branches = stmt.branches.map((branch) => asSteps(compileStmt(branch, coder)));
  const fresh = stmt.autos?.length ? coder.slots.fresh(stmt.autos) : undefined;
  const { mode, scope } = stmt;
  return {
    waits: true,
    *steps(frame): Steps {
      fresh?.(frame);
      const thread = threads.current!;
      if (scope !== undefined) threads.enter(thread, scope);
      const running = new Set<Thread>();
      for (const branch of branches) {
        const own = forkFrame(frame);
        const child = threads.create(scope ?? thread.scope, thread, () => branch(own));
        running.add(child);
        // Each before the one it follows: so Icarus starts them.
        kernel.pushFront(child.id);
      }
      let flow: Flow = Flow.next;
      const enough = mode === 'join' ? branches.length : Math.min(1, branches.length);
      if (mode !== 'join_none' && enough > 0) {
        let ended = 0;
        thread.childEnded = (child) => {
          if (!running.delete(child)) return;
          ended++;
          if (ended === enough) {
            thread.childEnded = undefined;
            threads.resume(thread);
          }
        };
        yield;
        if (threads.mustLeave(thread)) flow = Flow.disable;
      }
      if (scope !== undefined) {
        threads.leave(thread);
        flow = afterBlock(flow, scope, threads);
      }
      return flow;
    },
  };
}

function compileWaitFork(coder: StmtCoder): Code {
  const { threads } = coder;
  return {
    waits: true,
    *steps(): Steps {
      const thread = threads.current!;
      if ((thread.children?.size ?? 0) > 0) {
        thread.childEnded = () => {
          if (thread.children!.size > 0) return;
          thread.childEnded = undefined;
          threads.resume(thread);
        };
        yield;
        if (threads.mustLeave(thread)) return Flow.disable;
      }
      return Flow.next;
    },
  };
}

// ------------------------------------------------------------------------------------------------------- Waiting

/** `arrange` puts the thread where it will be woken; false: it never will. */
function waitThen(
  coder: StmtCoder,
  body: ir.Stmt | undefined,
  arrange: (frame: Frame, thread: Thread) => boolean,
): Code {
  const { threads } = coder;
  const then = compileStmt(body, coder);
  return {
    waits: true,
    *steps(frame): Steps {
      const thread = threads.current!;
      arrange(frame, thread);
      yield;
      if (threads.mustLeave(thread)) return Flow.disable;
      return then.waits ? yield* then.steps(frame) : then.run(frame);
    },
  };
}

function waitControl(control: EventControl, body: ir.Stmt | undefined, coder: StmtCoder): Code {
  const { threads } = coder;
  if (control.kind === 'fixed') {
    const { event } = control;
    return waitThen(coder, body, (_frame, thread) => {
      threads.waitEvent(thread, event);
      return true;
    });
  }
  const then = compileStmt(body, coder);
  const wait = freshWait(control, coder);
  return {
    waits: true,
    *steps(frame): Steps {
      const flow = yield* wait(frame);
      if (flow !== Flow.next) return flow;
      return then.waits ? yield* then.steps(frame) : then.run(frame);
    },
  };
}

function freshWait(control: Extract<EventControl, { kind: 'fresh' }>, coder: StmtCoder): (frame: Frame) => Steps {
  const { threads } = coder;
  return function* (frame): Steps {
    const thread = threads.current!;
    const begun = control.begin(frame);
    try {
      if (begun !== undefined) threads.waitEvent(thread, begun.event);
      yield;
    } finally {
      begun?.done();
    }
    return threads.mustLeave(thread) ? Flow.disable : Flow.next;
  };
}

function eventWait(items: readonly ir.EventItem[], coder: StmtCoder): (frame: Frame) => Steps {
  return asSteps(waitControl(coder.events.of(items, evaluatorsOf(coder)), undefined, coder));
}

function compileWait(stmt: ir.StmtOf<'wait'>, coder: StmtCoder): Code {
  const condition = compileTruth(stmt.condition, coder);
  const control = coder.events.ofReads(stmt.reads, stmt.events, evaluatorsOf(coder));
  const wait = asSteps(waitControl(control, undefined, coder));
  const then = compileStmt(stmt.body, coder);
  return {
    waits: true,
    *steps(frame): Steps {
      while (condition(frame) !== true) {
        const flow = yield* wait(frame);
        if (flow !== Flow.next) return flow;
      }
      return then.waits ? yield* then.steps(frame) : then.run(frame);
    },
  };
}

function compileTrigger(stmt: ir.StmtOf<'trigger'>, coder: StmtCoder): Code {
  const { runtime } = coder;
  const index = compileEventIndex(stmt.event, coder);
  if (!stmt.nonBlocking) {
    return plain((frame) => {
      const event = index(frame);
      if (event !== undefined) runtime.trigger(event);
    });
  }
  const schedule = laterUpdate(stmt.timing, coder);
  return plain((frame) => {
    const event = index(frame);
    if (event !== undefined) schedule(frame, () => runtime.trigger(event));
  });
}

/** Puts an update among the nonblocking ones: of this step, after a delay, or after an event has come. */
function laterUpdate(timing: ir.StmtTiming | undefined, coder: StmtCoder): (frame: Frame, update: () => void) => void {
  const { kernel } = coder.runtime;
  if (timing === undefined) return (_frame, update) => kernel.nbaRunAfter(0, update);
  if (timing.kind === 'delay') {
    const ticks = compileDelay(timing.delay, coder);
    return (frame, update) => kernel.nbaRunAfter(ticks(frame), update);
  }
  const control = coder.events.of(timing.items, evaluatorsOf(coder));
  const count = timing.repeat === undefined ? () => 1 : compileIndex(timing.repeat, coder);
  return (frame, update) => {
    let left = count(frame) ?? 0;
    if (left <= 0) {
      kernel.nbaRunAfter(0, update);
      return;
    }
    const begun = control.kind === 'fixed' ? { event: control.event, done: () => {} } : control.begin(frame);
    if (begun === undefined) return;
    // As in Icarus, the event itself makes the update, before whatever waits for it.
    const off = kernel.onFire(begun.event, () => {
      left--;
      if (left > 0) return;
      off();
      begun.done();
      update();
    });
  };
}

// ---------------------------------------------------------------------------------------------------- Assigning

function compileAssign(stmt: ir.StmtOf<'assign'>, coder: StmtCoder): Code {
  const target = compileLValue(stmt.target, coder);
  const value = compileExpr(stmt.value, coder);
  const { timing } = stmt;
  if (timing === undefined) {
    return {
      waits: false,
      run: (frame) => {
        target.assign(frame, value(frame));
        return Flow.next;
      },
    };
  }
  const { threads } = coder;
  if (timing.kind === 'delay') {
    const ticks = compileDelay(timing.delay, coder);
    return {
      waits: true,
      *steps(frame): Steps {
        const thread = threads.current!;
        const next = value(frame);
        threads.waitTicks(thread, ticks(frame));
        yield;
        if (threads.mustLeave(thread)) return Flow.disable;
        target.assign(frame, next);
        return Flow.next;
      },
    };
  }
  const wait = eventWait(timing.items, coder);
  const count = timing.repeat === undefined ? () => 1 : compileIndex(timing.repeat, coder);
  return {
    waits: true,
    *steps(frame): Steps {
      const next = value(frame);
      for (let left = count(frame) ?? 0; left > 0; left--) {
        const flow = yield* wait(frame);
        if (flow !== Flow.next) return flow;
      }
      target.assign(frame, next);
      return Flow.next;
    },
  };
}

function compileNonblocking(stmt: ir.StmtOf<'nonblocking'>, coder: StmtCoder): Code {
  const target = compileLValue(stmt.target, coder);
  const value = compileExpr(stmt.value, coder);
  if (stmt.timing === undefined) {
    return {
      waits: false,
      run: (frame) => {
        target.nonblocking(frame, value(frame));
        return Flow.next;
      },
    };
  }
  const schedule = laterUpdate(stmt.timing, coder);
  return plain((frame) => {
    const next = value(frame);
    const write = target.locate(frame);
    schedule(frame, () => write(next));
  });
}

interface Part {
  signal: ir.SignalId;
  element: number;
  offset: number;
  width: number;
}

/** The parts of signals that a force names, most significant first. */
function partsOf(target: ir.LValue, coder: Coder): ((frame: Frame) => Part | undefined)[] {
  if (target.kind === 'concat') return target.parts.flatMap((part) => partsOf(part, coder));
  if (target.kind === 'item') return [];
  const { signal } = target;
  const index = target.indices === undefined ? () => 0 : compileIndices(target.indices, coder);
  const offset = target.part === undefined ? () => 0 : compileIndex(target.part.offset, coder);
  const type = elementType(coder.runtime.design.signals[signal]!.type);
  const full = type.kind === 'vector' ? type.width : 1;
  const width = target.part?.width ?? full;
  return [
    (frame) => {
      const element = index(frame);
      const at = offset(frame);
      if (element === undefined || at === undefined || at < 0 || at + width > full) return undefined;
      return { signal, element, offset: at, width };
    },
  ];
}

function compileForce(stmt: ir.StmtOf<'force'>, coder: StmtCoder): Code {
  const { runtime } = coder;
  const parts = partsOf(stmt.target, coder);
  const value = compileExpr(stmt.value, coder);
  const isVector = stmt.target.type.kind === 'vector';
  const targetType = stmt.target.type;
  const { procedural, reads } = stmt;
  return plain((frame) => {
    const places = parts.map((part) => part(frame));
    let at = isVector && targetType.kind === 'vector' ? targetType.width : 0;
    for (const part of places) {
      if (part === undefined) continue;
      at -= part.width;
      const from = at;
      const get: () => Value =
        isVector && parts.length > 1
          ? () => select(adapted(value(frame), targetType) as Vec, from, part.width)
          : () => adapted(value(frame), targetType);
      runtime.forces.hold(part.signal, part, procedural, get, (changed) => {
        const off: (() => void)[] = [];
        const seen = new Set<number>();
        for (const read of reads) {
          const canon = runtime.canon[read.signal]!;
          if (seen.has(canon) || runtime.design.signals[read.signal]!.automatic) continue;
          seen.add(canon);
          off.push(runtime.kernel.hook(canon, changed));
        }
        return () => {
          for (const it of off) it();
        };
      });
    }
  });
}

function compileRelease(stmt: ir.StmtOf<'release'>, coder: StmtCoder): Code {
  const { runtime } = coder;
  const parts = partsOf(stmt.target, coder);
  const { procedural } = stmt;
  return plain((frame) => {
    for (const part of parts) {
      const place = part(frame);
      if (place !== undefined) runtime.forces.release(place.signal, place, procedural);
    }
  });
}

// ------------------------------------------------------------------------------------------------------ Choosing

function compileIf(stmt: ir.StmtOf<'if'>, coder: StmtCoder): Code {
  const condition = compileTruth(stmt.condition, coder);
  const then = compileStmt(stmt.then, coder);
  const otherwise = compileStmt(stmt.else, coder);
  if (!then.waits && !otherwise.waits) {
    const yes = then.run;
    const no = otherwise.run;
    return { waits: false, run: (frame) => (condition(frame) === true ? yes(frame) : no(frame)) };
  }
  return {
    waits: true,
    *steps(frame): Steps {
      const code = condition(frame) === true ? then : otherwise;
      return code.waits ? yield* code.steps(frame) : code.run(frame);
    },
  };
}

type Matcher = (subject: Value, frame: Frame) => boolean;

function compileLabel(label: ir.CaseLabel, stmt: ir.StmtOf<'case'>, coder: StmtCoder): Matcher {
  const { match, subject } = stmt;
  if (label.kind === 'range') {
    const low = compileExpr(label.low, coder);
    const high = compileExpr(label.high, coder);
    const signed = subject.type.kind === 'vector' && subject.type.signed;
    if (subject.type.kind !== 'vector') {
      return (value, frame) => value >= low(frame) && value <= high(frame);
    }
    return (value, frame) =>
      truth(binary('ge', value as Vec, low(frame) as Vec, signed)) === true &&
      truth(binary('le', value as Vec, high(frame) as Vec, signed)) === true;
  }
  const other = compileExpr(label.value, coder);
  if (subject.type.kind !== 'vector') return (value, frame) => value === other(frame);
  return (value, frame) => truth(binary(match, value as Vec, other(frame) as Vec, false)) === true;
}

function compileCase(stmt: ir.StmtOf<'case'>, coder: StmtCoder): Code {
  const subject = compileExpr(stmt.subject, coder);
  const items = stmt.items.map((item) => ({
    labels: item.labels.map((label) => compileLabel(label, stmt, coder)),
    body: compileStmt(item.body, coder),
  }));
  const otherwise = compileStmt(stmt.default, coder);
  const choose = (frame: Frame): Code => {
    const value = subject(frame);
    for (let i = 0; i < items.length; i++) {
      const { labels, body } = items[i]!;
      for (let k = 0; k < labels.length; k++) if (labels[k]!(value, frame)) return body;
    }
    return otherwise;
  };
  if (!otherwise.waits && items.every((item) => !item.body.waits)) {
    return { waits: false, run: (frame) => (choose(frame) as Extract<Code, { waits: false }>).run(frame) };
  }
  return {
    waits: true,
    *steps(frame): Steps {
      const code = choose(frame);
      return code.waits ? yield* code.steps(frame) : code.run(frame);
    },
  };
}

function compileAssert(stmt: ir.StmtOf<'assert'>, coder: StmtCoder): Code {
  const { runtime } = coder;
  const condition = compileTruth(stmt.condition, coder);
  const pass = compileStmt(stmt.pass, coder);
  const report = callSite('$error', [], stmt.scope, stmt.at, coder);
  const fail: Code =
    stmt.fail === undefined && stmt.word !== 'cover'
      ? plain((frame) => {
          runtime.at = stmt.at;
          runtime.tasks?.call(report, frame);
        })
      : compileStmt(stmt.fail, coder);
  if (!pass.waits && !fail.waits) {
    if (stmt.deferred) {
      return plain((frame) => {
        const chosen = condition(frame) === true ? pass : fail;
        runtime.postpone(() => {
          chosen.run(frame);
        });
      });
    }
    return { waits: false, run: (frame) => (condition(frame) === true ? pass.run(frame) : fail.run(frame)) };
  }
  return {
    waits: true,
    *steps(frame): Steps {
      const code = condition(frame) === true ? pass : fail;
      return code.waits ? yield* code.steps(frame) : code.run(frame);
    },
  };
}

// --------------------------------------------------------------------------------------------------------- Loops

/** A loop's parts: `begin` once, then `more` before each round and `step` after it. The state is the loop's own. */
interface Rounds<S> {
  begin(frame: Frame): S;
  more(frame: Frame, state: S): boolean;
  step(frame: Frame, state: S): void;
}

type LoopStmt = ir.StmtOf<'for' | 'while' | 'do' | 'repeat' | 'forever' | 'foreach-list'>;

function compileLoop(stmt: LoopStmt, coder: StmtCoder): Code {
  if (stmt.op === 'for' && [...stmt.init, ...stmt.step].some((it) => coder.waits.statement(it))) {
    throw new Error('The head of a for loop waits.');
  }
  return loopOf(stmt.at, roundsOf(stmt, coder), compileStmt(stmt.body, coder), coder);
}

interface State {
  first: boolean;
  left: number;
  keys?: string[];
}

function roundsOf(stmt: LoopStmt, coder: StmtCoder): Rounds<State> {
  const start = (): State => ({ first: true, left: 0 });
  switch (stmt.op) {
    case 'forever':
      return { begin: start, more: () => true, step: () => {} };
    case 'while': {
      const condition = compileTruth(stmt.condition, coder);
      return { begin: start, more: (frame) => condition(frame) === true, step: () => {} };
    }
    case 'do': {
      const condition = compileTruth(stmt.condition, coder);
      return {
        begin: start,
        more: (frame, state) => {
          if (!state.first) return condition(frame) === true;
          state.first = false;
          return true;
        },
        step: () => {},
      };
    }
    case 'repeat': {
      const value = compileExpr(stmt.count, coder);
      const { type } = stmt.count;
      return {
        begin: (frame) => ({ first: true, left: toIndex(value(frame), type) ?? 0 }),
        more: (_frame, state) => state.left-- > 0,
        step: () => {},
      };
    }
    case 'for': {
      const init = inSequence(stmt.init.map((it) => compileStmt(it, coder))) as Extract<Code, { waits: false }>;
      const step = inSequence(stmt.step.map((it) => compileStmt(it, coder))) as Extract<Code, { waits: false }>;
      const condition = stmt.condition === undefined ? () => true : compileTruth(stmt.condition, coder);
      const fresh = stmt.autos?.length ? coder.slots.fresh(stmt.autos) : undefined;
      return {
        begin: (frame) => {
          fresh?.(frame);
          init.run(frame);
          return { first: true, left: 0 };
        },
        more: (frame) => condition(frame) === true,
        step: (frame) => {
          step.run(frame);
        },
      };
    }
    case 'foreach-list':
      return foreachRounds(stmt, coder);
  }
}

function foreachRounds(stmt: ir.StmtOf<'foreach-list'>, coder: StmtCoder): Rounds<State> {
  const object = compileExpr(stmt.object, coder);
  const type = coder.runtime.design.signals[stmt.variable]!.type;
  const variable = compileLValue({ kind: 'signal', signal: stmt.variable, type }, coder);
  const width = type.kind === 'vector' ? type.width : 32;
  if (stmt.object.type.kind === 'map') {
    const { key } = stmt.object.type;
    return {
      begin: (frame) => {
        const keys = [...(object(frame) as MapValue).items.keys()];
        if (key.kind === 'vector') keys.sort((p, q) => (BigInt(p) < BigInt(q) ? -1 : 1));
        else keys.sort();
        return { first: true, left: 0, keys };
      },
      more: (frame, state) => {
        const next = state.keys![state.left++];
        if (next === undefined) return false;
        variable.assign(frame, key.kind === 'vector' ? fromInteger(width, Number(next)) : next);
        return true;
      },
      step: () => {},
    };
  }
  const size = (frame: Frame): number => {
    const value = object(frame);
    return typeof value === 'string' ? value.length : (value as ListValue).items.length;
  };
  return {
    begin: () => ({ first: true, left: 0 }),
    more: (frame, state) => {
      if (state.left >= size(frame)) return false;
      variable.assign(frame, fromInteger(width, state.left++));
      return true;
    },
    step: () => {},
  };
}

function loopOf(at: ir.At, rounds: Rounds<State>, body: Code, coder: StmtCoder): Code {
  const { runtime, threads } = coder;
  const { kernel } = runtime;
  const spend = (): void => {
    if (--kernel.loopFuel < 0) {
      runtime.at = at;
      kernel.outOfFuel();
    }
  };
  if (!body.waits) {
    const { run } = body;
    return {
      waits: false,
      run: (frame) => {
        const state = rounds.begin(frame);
        while (rounds.more(frame, state)) {
          const flow = run(frame);
          if (flow !== Flow.next) {
            if (flow === Flow.break) break;
            if (flow !== Flow.continue) return flow;
          }
          if (kernel.stopped) throw new StopRun();
          rounds.step(frame, state);
          spend();
        }
        return Flow.next;
      },
    };
  }
  const { steps } = body;
  return {
    waits: true,
    *steps(frame): Steps {
      const state = rounds.begin(frame);
      while (rounds.more(frame, state)) {
        const flow = yield* steps(frame);
        if (flow !== Flow.next) {
          if (flow === Flow.break) break;
          if (flow !== Flow.continue) return flow;
        }
        rounds.step(frame, state);
        spend();
      }
      threads.disabling = threads.disabling === -2 ? -2 : threads.disabling;
      return Flow.next;
    },
  };
}
