/** Everything that is not a process: continuous assignments, gates, primitives, switches, links, set up before a run. */

import type * as ir from '../ir/types.ts';
import { readsOf } from '../ir/walk.ts';
import { DelayLine, delayOf, type Ticks, transition } from './delays.ts';
import { gateOutput, strengthOfGate } from './gates.ts';
import type { Interpreter } from './interpret.ts';
import { adapted } from './interpret-expr.ts';
import type { Vec } from './machine.ts';
import type { NetPlan } from './nets.ts';
import type { Driver, Drivers } from './resolve.ts';
import type { Runtime } from './runtime.ts';
import { drivenAs, logicOf, type Strong } from './strength.ts';
import { UdpLogic } from './udp.ts';

export interface Wiring {
  runtime: Runtime;
  plan: NetPlan;
  drivers: Drivers;
  interpreter: Interpreter;
}

/** What is left to be started: `now` at once and in order, `queued` as runnables after the processes. */
export interface Started {
  now: (() => void)[];
  constants: number[];
  queued: number[];
}

/** Logic value of a vector's lowest bit, as a | b << 1. */
function lowest(vec: Vec): number {
  return (vec.a[0]! & 1) | ((vec.b[0]! & 1) << 1);
}

function listen(wiring: Wiring, reads: readonly ir.Read[], id: number): void {
  const { kernel, canon } = wiring.runtime;
  for (const read of reads) kernel.listenAssign(canon[read.signal]!, id);
}

function hookAll(wiring: Wiring, reads: readonly ir.Read[], run: () => void): void {
  const { kernel, canon } = wiring.runtime;
  for (const signal of new Set(reads.map((read) => canon[read.signal]!))) kernel.hook(signal, run);
}

// ------------------------------------------------------------------------------------------ Continuous assignments

/** The assignment as a function that evaluates it and hands the value on. */
export function assignment(assign: ir.ContinuousAssign, wiring: Wiring): () => void {
  const { runtime, drivers, interpreter } = wiring;
  const plainValue = interpreter.evaluate(assign.value);
  const { target } = assign;
  const single = target.length === 1 ? runtime.design.signals[target[0]!.signal]! : undefined;
  const kind = single?.type.kind === 'array' ? single.type.element.kind : single?.type.kind;
  if (single !== undefined && kind !== 'vector') {
    const { element = 0 } = target[0]!;
    if (assign.delay === undefined) return () => runtime.write(single.id, plainValue(undefined), element);
    const ticks = delayOf(runtime, interpreter, assign.delay);
    let turn = 0;
    return () => {
      const next = plainValue(undefined);
      const mine = ++turn;
      runtime.kernel.runAfter(ticks().rise, () => {
        if (mine === turn) runtime.write(single.id, next, element);
      });
    };
  }
  let at = target.reduce((sum, part) => sum + part.width, 0);
  const width = at;
  const whole: ir.VectorType = { kind: 'vector', width, signed: false, fourState: true };
  const fits = assign.value.type.kind === 'vector';
  const value = fits ? plainValue : (frame: unknown) => adapted(plainValue(frame), whole);
  const parts = target.map((part) => {
    at -= part.width;
    return { driver: drivers.driver(part, assign.strength), from: at };
  });
  const out = (next: Vec): void => {
    for (let i = 0; i < parts.length; i++) parts[i]!.driver.set(next, parts[i]!.from);
  };
  if (assign.delay === undefined) return () => out(value(undefined) as Vec);
  const line = new DelayLine(runtime, width, delayOf(runtime, interpreter, assign.delay), out);
  return () => line.set(value(undefined) as Vec);
}

/** Without those that a compiler has taken. */
export function wireAssigns(wiring: Wiring, taken: ReadonlyMap<number, () => void>, started: Started): void {
  const { runtime, plan } = wiring;
  const { kernel } = runtime;
  runtime.design.assigns.forEach((assign, index) => {
    const own = taken.get(index);
    if (own !== undefined) {
      // Drivers show x until they have spoken, whoever does the work.
      for (const part of assign.target) wiring.drivers.driver(part, assign.strength);
      if (!plan.assigns[index]!.atOnce) started.queued.push(kernel.define(own));
      else if (isCopy(assign.value)) started.now.push(own);
      else started.constants.push(kernel.define(own));
      return;
    }
    const run = assignment(assign, wiring);
    if (plan.assigns[index]!.atOnce) {
      const guarded = guard(run, wiring);
      hookAll(wiring, assign.reads, guarded);
      // With constants in it, it first has a value when these are there.
      if (isCopy(assign.value)) started.now.push(guarded);
      else started.constants.push(kernel.define(guarded));
      return;
    }
    const id = kernel.define(run);
    listen(wiring, assign.reads, id);
    (assign.reads.length === 0 ? started.constants : started.queued).push(id);
  });
}

function isCopy(value: ir.Expr): boolean {
  return value.op === 'signal' || value.op === 'resize';
}

/** Copies that go round in a circle are taken out of the recursion and put on the queue. */
function guard(run: () => void, wiring: Wiring): () => void {
  const { kernel } = wiring.runtime;
  let depth = 0;
  const id = kernel.define(run);
  return () => {
    if (depth > 0) {
      kernel.schedule(id);
      return;
    }
    depth++;
    run();
    depth--;
  };
}

/** Links that flow one way. */
export function wireFlows(
  wiring: Wiring,
  started: Started,
  taken: ReadonlyMap<number, () => void> = new Map<number, () => void>(),
): void {
  const { runtime, plan, drivers } = wiring;
  for (const [index, { from, to }] of plan.flows.entries()) {
    const driver = drivers.driver(to);
    const own = taken.get(index);
    if (own !== undefined) {
      started.now.push(own);
      continue;
    }
    const canon = plan.canon[from.signal]!;
    const { element = 0, offset, width } = from;
    const { type } = runtime.design.signals[canon]!;
    const one = type.kind === 'array' ? type.element : type;
    if (one.kind !== 'vector') {
      const copy = (): void => runtime.write(to.signal, runtime.read(canon, element), to.element ?? 0);
      runtime.kernel.hook(canon, copy);
      started.now.push(copy);
      continue;
    }
    const levels = plan.kind[canon] === 'bits' && width === 1;
    const copy = levels
      ? () => driver.setStrong(drivers.levelOf(canon, offset, element))
      : () => driver.set(runtime.readVector(canon, element, one.width), offset);
    const guarded = guard(copy, wiring);
    runtime.kernel.hook(canon, (changed) => {
      if (changed < 0 || changed === element) guarded();
    });
    started.now.push(guarded);
  }
}

// ---------------------------------------------------------------------------------------------------------- Gates

/** An inertial delay of one bit that keeps its strength. */
class StrongDelay {
  private current: Strong = drivenAs(3, 6, 6);
  private pending: Strong | undefined;
  private turn = 0;
  private readonly runtime: Runtime;
  private readonly ticks: (() => Ticks) | undefined;
  private readonly driver: Driver;

  constructor(runtime: Runtime, ticks: (() => Ticks) | undefined, driver: Driver) {
    this.runtime = runtime;
    this.ticks = ticks;
    this.driver = driver;
  }

  set(level: Strong): void {
    if (this.ticks === undefined) {
      this.driver.setStrong(level);
      return;
    }
    if (this.pending === level) return;
    this.pending = undefined;
    const turn = ++this.turn;
    if (level === this.current) return;
    const wait = transition(logicOf(this.current), logicOf(level), this.ticks());
    const arrive = (): void => {
      if (turn !== this.turn) return;
      this.pending = undefined;
      this.current = level;
      this.driver.setStrong(level);
    };
    if (wait === 0) {
      arrive();
      return;
    }
    this.pending = level;
    this.runtime.kernel.runAfter(wait, arrive);
  }
}

/** The net bit that an expression reads, where it is one: switches pass its strength. */
function netBit(expr: ir.Expr): { signal: ir.SignalId; bit: number; element: number } | undefined {
  if (expr.op === 'signal' && expr.type.kind === 'vector' && expr.type.width === 1) {
    return { signal: expr.signal, bit: 0, element: 0 };
  }
  if (expr.op === 'resize' && expr.type.kind === 'vector' && expr.type.width === 1) {
    const { operand } = expr;
    if (operand.type.kind === 'vector' && operand.type.width === 1) return netBit(operand);
    return operand.op === 'signal' ? { signal: operand.signal, bit: 0, element: 0 } : undefined;
  }
  if (expr.op === 'select' && expr.width === 1 && expr.base.op === 'signal' && expr.offset.op === 'const') {
    const { value } = expr.offset;
    if (value.kind !== 'vector' || value.b !== 0n) return undefined;
    const bit = Number(value.signed ? BigInt.asIntN(value.width, value.a) : value.a);
    const { type } = expr.base;
    if (type.kind !== 'vector' || bit < 0 || bit >= type.width) return undefined;
    return { signal: expr.base.signal, bit, element: 0 };
  }
  return undefined;
}

export function wireGates(wiring: Wiring, started: Started): void {
  const { runtime, drivers, interpreter } = wiring;
  for (const gate of runtime.design.gates) {
    const strength = strengthOfGate(gate);
    const ticks = gate.delay === undefined ? undefined : delayOf(runtime, interpreter, gate.delay);
    const outputs = gate.outputs.map((part) => new StrongDelay(runtime, ticks, drivers.driver(part, strength)));
    const inputs = gate.inputs.map((input) => interpreter.evaluate(input));
    const source = /mos$/.test(gate.gate) ? netBit(gate.inputs[0]!) : undefined;
    const values: number[] = new Array(inputs.length).fill(3);
    const id = runtime.kernel.define(() => {
      for (let i = 0; i < inputs.length; i++) values[i] = lowest(inputs[i]!(undefined) as Vec);
      const data =
        source === undefined
          ? drivenAs(values[0] ?? 3, 6, 6)
          : drivers.levelOf(source.signal, source.bit, source.element);
      const level = gateOutput(gate.gate, values, data, strength);
      for (const output of outputs) output.set(level);
    });
    listen(wiring, gate.reads, id);
    (gate.reads.length === 0 ? started.constants : started.queued).push(id);
    if (source !== undefined)
      drivers.onLevel(source.signal, source.bit, source.element, () => runtime.kernel.schedule(id));
  }
}

export function wireUdps(wiring: Wiring, started: Started): void {
  const { runtime, drivers, interpreter } = wiring;
  const tables = runtime.design.udps.map((table) => new UdpLogic(table));
  for (const instance of runtime.design.udpInstances) {
    const logic = tables[instance.table]!;
    const ticks = instance.delay === undefined ? undefined : delayOf(runtime, interpreter, instance.delay);
    const strength = instance.strength ?? { zero: 6, one: 6 };
    const output = new StrongDelay(runtime, ticks, drivers.driver(instance.output, strength));
    const inputs = instance.inputs.map((input) => interpreter.evaluate(input));
    const values: number[] = new Array(inputs.length).fill(2);
    let state = logic.sequential ? logic.initial : 2;
    const show = runtime.kernel.define(() =>
      output.set(drivenAs(state === 2 ? 3 : state, strength.zero, strength.one)),
    );
    const look = (): void => {
      for (let i = 0; i < inputs.length; i++) {
        const now = Math.min(2, lowest(inputs[i]!(undefined) as Vec));
        const before = values[i]!;
        if (now === before) continue;
        values[i] = now;
        const next = logic.next(values, state, i, before);
        if (next !== state) {
          state = next;
          runtime.kernel.schedule(show);
        }
      }
    };
    hookAll(wiring, instance.reads, look);
    started.now.push(() => {
      if (!logic.sequential) {
        for (let i = 0; i < inputs.length; i++) values[i] = Math.min(2, lowest(inputs[i]!(undefined) as Vec));
        state = logic.next(values, state, -1, 2);
      } else look();
      runtime.kernel.schedule(show);
    });
  }
}

// ------------------------------------------------------------------------------------------------------- Switches

export function wireSwitches(wiring: Wiring, started: Started): void {
  const { runtime, drivers, interpreter } = wiring;
  for (const it of runtime.design.switches) {
    const resistive = it.kind.startsWith('r');
    if (it.control === undefined) {
      drivers.bridge(it.left, it.right, resistive, 1);
      continue;
    }
    const bridge = drivers.bridge(it.left, it.right, resistive, 2);
    const closedAt = it.kind.endsWith('1') ? 1 : 0;
    const control = interpreter.evaluate(it.control.expr);
    const ticks = it.delay === undefined ? undefined : delayOf(runtime, interpreter, it.delay);
    let turn = 0;
    const id = runtime.kernel.define(() => {
      const value = lowest(control(undefined) as Vec);
      const state = value > 1 ? 2 : value === closedAt ? 1 : 0;
      const mine = ++turn;
      const wait = ticks === undefined ? 0 : state === 1 ? ticks().rise : state === 0 ? ticks().fall : 0;
      if (wait === 0) drivers.setBridge(bridge, state);
      else {
        runtime.kernel.runAfter(wait, () => {
          if (mine === turn) drivers.setBridge(bridge, state);
        });
      }
    });
    const reads = it.control.reads.length > 0 ? it.control.reads : readsOf(it.control.expr);
    listen(wiring, reads, id);
    started.queued.push(id);
  }
}
