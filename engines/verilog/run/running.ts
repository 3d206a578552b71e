/** A design set up to run, and its run in slices. */
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import { readsOfStmt, writesOf } from '../ir/walk.ts';
import { type Compiled, canGenerate, compileDesign } from './compile/index.ts';
import { Interpreter } from './interpret.ts';
import { type KernelState, StopProcess, StopRun } from './kernel.ts';
import { layOut } from './layout.ts';
import { planNets } from './nets.ts';
import { type ProcessShape, shapeOf, startsEarly, Waits } from './processes.ts';
import { Drivers } from './resolve.ts';
import { Runtime, type RuntimeHost } from './runtime.ts';
import { createSystemTasks } from './system/index.ts';
import type { SimEnd, SimOutcome, SimSpec } from './types.ts';
import {
  assignment,
  type Started,
  type Wiring,
  wireAssigns,
  wireFlows,
  wireGates,
  wireSwitches,
  wireUdps,
} from './wiring.ts';

/** Runnables that a slice of so many milliseconds is counted in. */
const chunk = 2000;

export class Simulation {
  readonly design: ir.Design;
  readonly runtime: Runtime;
  readonly interpreter: Interpreter;
  readonly drivers: Drivers;
  readonly backEnd: 'compiled' | 'interpreted';
  private readonly places: ReadonlyMap<number, ir.At>;
  /** What else waits to be run, and has no id of its own. */
  private readonly involved: () => ir.At[];
  private readonly finals: (() => void)[];
  private readonly frontWarnings: Problem[];
  private outcome: SimOutcome | undefined;

  constructor(parts: {
    runtime: Runtime;
    interpreter: Interpreter;
    drivers: Drivers;
    backEnd: 'compiled' | 'interpreted';
    places: ReadonlyMap<number, ir.At>;
    involved?: (() => ir.At[]) | undefined;
    finals: (() => void)[];
    warnings: Problem[];
  }) {
    this.design = parts.runtime.design;
    this.runtime = parts.runtime;
    this.interpreter = parts.interpreter;
    this.drivers = parts.drivers;
    this.backEnd = parts.backEnd;
    this.places = parts.places;
    this.involved = parts.involved ?? (() => []);
    this.finals = parts.finals;
    this.frontWarnings = parts.warnings;
  }

  /**
   * Runs on for about so long and answers 'more', or how it ended. With `events` instead of `ms`, always as far for the same
   * number. What was printed has gone to the host meanwhile.
   */
  run(slice: { ms: number } | { events: number }): 'more' | SimOutcome {
    if (this.outcome !== undefined) return this.outcome;
    let state: KernelState;
    if ('events' in slice) state = this.slice(slice.events);
    else {
      const until = performance.now() + slice.ms;
      do state = this.slice(chunk);
      while (state === 'more' && performance.now() < until);
    }
    if (state === 'more') return 'more';
    this.outcome = this.finish(this.endOf(state));
    return this.outcome;
  }

  private slice(events: number): KernelState {
    const { kernel } = this.runtime;
    try {
      for (;;) {
        try {
          return kernel.run(events);
        } catch (reason) {
          if (!(reason instanceof StopProcess)) throw reason;
          this.interpreter.threads.reset();
        }
      }
    } catch (reason) {
      if (reason instanceof StopRun) {
        if (this.runtime.ended === undefined) this.runtime.end(this.loopEnd());
        return 'stopped';
      }
      // A stack that is used up by functions that call each other is the design's doing, not a defect.
      if (reason instanceof RangeError && /call stack/i.test(reason.message)) {
        this.runtime.fail('endless-recursion', 'Calls or assignments that start each other nest too deeply.');
        return 'stopped';
      }
      throw reason;
    }
  }

  private loopEnd(): SimEnd {
    const { kernel } = this.runtime;
    if (kernel.tooManyThreads) {
      return limit(
        'memoryBytes',
        'too-many-threads',
        'More than 250,000 branches of forks are alive at once.',
        'Look for a fork in a loop that never waits.',
        this.runtime.at,
      );
    }
    return limit(
      'stepEvents',
      'endless-loop',
      `A loop goes round without end at time ${kernel.now}: it passed ${kernel.stepEvents * 10} rounds within one time step.`,
      'Give the loop a delay or an event to wait for, or an end that is reached.',
      this.runtime.at,
    );
  }

  private endOf(state: KernelState): SimEnd {
    const { runtime } = this;
    const { kernel } = runtime;
    switch (state) {
      case 'stopped':
        return runtime.ended ?? { kind: 'dry' };
      case 'time-limit':
        return limit(
          'timeTicks',
          'time-limit',
          `The time limit of ${kernel.timeLimit} was reached.`,
          'Raise the limit, or end the bench with $finish.',
        );
      case 'event-limit':
        return limit(
          'events',
          'event-limit',
          `The limit of ${kernel.eventLimit} started processes was reached.`,
          'Raise the limit, or end the bench with $finish.',
        );
      case 'endless':
        return this.oscillation();
      default:
        return { kind: 'dry' };
    }
  }

  /** Names what goes round: all that is started, or driven, in the next few thousand steps. */
  private oscillation(): SimEnd {
    const { kernel, canon } = this.runtime;
    const { design } = this;
    kernel.stepEvents = Number.POSITIVE_INFINITY;
    const changing = new Set<number>();
    const off = design.signals
      .filter((signal) => canon[signal.id] === signal.id)
      .map((signal) => kernel.hook(signal.id, () => changing.add(signal.id)));
    const places: ir.At[] = [];
    for (let i = 0; i < 2000; i++) {
      for (const id of kernel.pending()) {
        const at = this.places.get(id);
        if (at) places.push(at);
      }
      places.push(...this.involved());
      if (this.slice(1) !== 'more') break;
    }
    for (const it of off) it();
    const drives = (part: ir.NetPart): boolean => changing.has(canon[part.signal]!);
    for (const assign of design.assigns) if (assign.target.some(drives)) places.push(assign.at);
    for (const process of design.processes) {
      if (process.kind === 'initial' || process.kind === 'final') continue;
      const changes = (signal: ir.SignalId): boolean => changing.has(canon[signal]!);
      const heard = readsOfStmt(process.body).some((read) => changes(read.signal));
      if (heard && writesOf(process.body).some(changes)) places.push(process.at);
    }
    for (const gate of design.gates) if (gate.outputs.some(drives)) places.push(gate.at);
    for (const udp of design.udpInstances) if (drives(udp.output)) places.push(udp.at);
    const lines = new Map(places.map((at) => [`${at.file}:${at.line}`, at]));
    const [first] = lines.values();
    const shown = [...lines.keys()].slice(0, 10).join(', ');
    const more = lines.size > 10 ? ` and ${lines.size - 10} more` : '';
    return limit(
      'stepEvents',
      'oscillation',
      `Time does not go on at ${kernel.now}: processes start each other without end${shown === '' ? '' : `, those of ${shown}${more}`}.`,
      'Break the loop with a register or a delay.',
      first ?? this.runtime.at,
    );
  }

  private finish(end: SimEnd): SimOutcome {
    const { runtime } = this;
    if (end.kind === 'finish' || end.kind === 'dry' || end.kind === 'stop') {
      // A $finish here ends what is left of the final procedures.
      runtime.ended = undefined;
      try {
        for (const run of this.finals) run();
      } catch (reason) {
        if (!(reason instanceof StopRun || reason instanceof StopProcess)) throw reason;
      }
    }
    runtime.tasks?.close();
    return {
      end,
      timeTicks: runtime.kernel.now,
      precision: this.design.precision,
      exitStatus: end.kind === 'finish' ? (end.status ?? 0) : end.kind === 'error' || end.kind === 'limit' ? 1 : 0,
      warnings: [...this.frontWarnings, ...runtime.warnings],
      backEnd: this.backEnd,
      counts: {
        events: runtime.kernel.started,
        signals: this.design.signals.length,
        processes: this.design.processes.length + this.design.assigns.length + this.design.gates.length,
      },
    };
  }
}

function limit(
  which: Extract<SimEnd, { kind: 'limit' }>['limit'],
  code: string,
  what: string,
  remedy: string,
  where?: ir.At,
): SimEnd {
  return { kind: 'limit', limit: which, problem: error(code, what, remedy, where) };
}

/** Sets a design up. Nothing of it has run yet. */
export function startDesign(
  design: ir.Design,
  spec: SimSpec,
  host: RuntimeHost,
  warnings: Problem[] = [],
): Result<Simulation> {
  const plan = planNets(design);
  const layout = layOut(design, plan.canon, spec.limits.memoryBytes);
  if (!layout.ok) return layout;
  const useCompiler = spec.backEnd !== 'interpreted' && canGenerate();
  if (spec.backEnd === 'compiled' && !useCompiler) {
    return fail(
      error(
        'no-code-generation',
        'The page does not allow code to be generated, so the compiled simulator cannot be used.',
        'Choose "auto" or "interpreted".',
      ),
    );
  }
  const staticIds = design.processes.length + design.assigns.length + design.gates.length + design.udpInstances.length;
  const runtime = new Runtime(design, spec, layout.value, host, 2 * staticIds, plan.kind);
  runtime.forcible = plan.forcible;
  const waits = new Waits(design);
  const shapes = design.processes.map((process) => shapeOf(process, waits));
  const interpreter = new Interpreter(runtime, waits);
  const drivers = new Drivers(runtime, plan, interpreter);
  runtime.drivers = drivers;
  runtime.tasks = createSystemTasks(runtime);
  const wiring: Wiring = { runtime, plan, drivers, interpreter };
  const compiled = useCompiler ? compile(wiring, waits, shapes) : undefined;
  interpreter.compiled = compiled?.statements;

  const started: Started = { now: [], constants: [], queued: [] };
  wireAssigns(wiring, compiled?.assigns ?? new Map(), started);
  wireFlows(wiring, started, compiled?.flows);
  wireGates(wiring, started);
  wireUdps(wiring, started);
  wireSwitches(wiring, started);
  const places = new Map<number, ir.At>();
  const processes = startProcesses(wiring, shapes, compiled);
  for (const [id, at] of processes.places) places.set(id, at);

  drivers.start();
  runtime.kernel.loopFuel = spec.limits.stepEvents * 10;
  try {
    for (const signal of design.signals) {
      if (signal.init === undefined || signal.automatic) continue;
      runtime.at = signal.at;
      initialiseSignal(signal, interpreter, runtime);
    }
    compiled?.prepare();
    for (const run of started.now) run();
  } catch (reason) {
    if (!(reason instanceof StopRun)) throw reason;
  }
  const { kernel } = runtime;
  const changed = kernel.takePending();
  for (const id of processes.early) kernel.push(id);
  for (const id of started.constants) kernel.schedule(id);
  for (const id of processes.ids) kernel.push(id);
  for (const id of changed) kernel.schedule(id);
  for (const id of started.queued) kernel.schedule(id);
  for (const id of processes.atStart) kernel.pushInactive(id);
  return ok(
    new Simulation({
      runtime,
      interpreter,
      drivers,
      backEnd: useCompiler ? 'compiled' : 'interpreted',
      places,
      involved: compiled?.involved,
      finals: processes.finals,
      warnings,
    }),
  );
}

function initialiseSignal(signal: ir.Signal, interpreter: Interpreter, runtime: Runtime): void {
  const value = interpreter.evaluate(signal.init!)(undefined);
  if (signal.type.kind === 'array' && typeof value === 'object' && 'kind' in value && value.kind === 'list') {
    value.items.forEach((item, i) => {
      runtime.write(signal.id, item, i);
    });
  } else runtime.write(signal.id, value);
}

function compile(wiring: Wiring, waits: Waits, shapes: ProcessShape[]): Compiled {
  const { runtime, plan, interpreter } = wiring;
  const { design } = runtime;
  return compileDesign(runtime, plan, waits, shapes, {
    process: (index) => interpreter.plain(shapes[index]!.body),
    assign: (index) => assignment(design.assigns[index]!, wiring),
    statement: (stmt) => interpreter.plain(stmt),
    event: (waited) => {
      const control =
        'items' in waited
          ? interpreter.events.of(waited.items, interpreter)
          : interpreter.events.ofReads(waited.reads, waited.events, interpreter);
      if (control.kind !== 'fixed') throw new Error('An event control depends on automatic variables.');
      return control.event;
    },
    threads: interpreter.threads,
  });
}

interface Processes {
  /** Those that wait for levels: what is constant is assigned once they wait. */
  early: number[];
  ids: number[];
  /** Run once more in the inactive region of time 0: always_comb. */
  atStart: number[];
  finals: (() => void)[];
  places: Map<number, ir.At>;
}

function startProcesses(wiring: Wiring, shapes: ProcessShape[], compiled: Compiled | undefined): Processes {
  const { runtime, interpreter } = wiring;
  const { kernel, design } = runtime;
  const result: Processes = { early: [], ids: [], atStart: [], finals: [], places: new Map() };
  design.processes.forEach((process, index) => {
    const shape = shapes[index]!;
    if (process.kind === 'final') {
      result.finals.push(shape.kind === 'thread' ? () => {} : interpreter.plain(shape.body));
      return;
    }
    const add = (id: number): void => {
      result.places.set(id, process.at);
      (startsEarly(shape) ? result.early : result.ids).push(id);
    };
    if (compiled?.absorbed.has(index)) return;
    const own = compiled?.combProcesses.get(index);
    if (own !== undefined) {
      const id = kernel.define(own);
      add(id);
      return;
    }
    if (shape.kind === 'once') {
      add(kernel.define(compiled?.bodies.get(index) ?? interpreter.plain(shape.body)));
      return;
    }
    if (shape.kind === 'listening') {
      const control =
        shape.items === undefined
          ? interpreter.events.ofReads(shape.reads ?? [], [], interpreter)
          : interpreter.events.of(shape.items, interpreter);
      if (control.kind === 'fixed') {
        const run = compiled?.bodies.get(index) ?? interpreter.plain(shape.body);
        // Its first turn only lets it wait.
        const id: number = kernel.define(() => {
          kernel.runs[id] = run;
        });
        kernel.rearm[id] = control.event;
        add(id);
        if (shape.atStart) result.atStart.push(kernel.define(() => kernel.fire(control.event)));
        return;
      }
    }
    const steps = compiled?.threads.get(index) ?? interpreter.steps(process.body, process.kind !== 'initial');
    const thread = interpreter.threads.create(process.scope, undefined, steps);
    add(thread.id);
  });
  return result;
}
