/** Signals that may be z: whoever drives them may let go, or nobody drives them. */
import type * as ir from '../ir/types.ts';
import { partsOf, visitExpr, visitStmt } from '../ir/walk.ts';

/** Whether a value may have bits that are z. Operators answer x for z; what only passes a value on, passes z on. */
export function mayFloat(expr: ir.Expr, floating: ReadonlySet<ir.SignalId>): boolean {
  switch (expr.op) {
    case 'const':
      return expr.value.kind === 'vector' && (expr.value.b & ~expr.value.a) !== 0n;
    case 'signal':
    case 'element':
      return floating.has(expr.signal);
    case 'select':
      return mayFloat(expr.base, floating);
    case 'concat':
      return expr.parts.some((part) => mayFloat(part, floating));
    case 'replicate':
      return mayFloat(expr.part, floating);
    case 'resize':
      return mayFloat(expr.operand, floating);
    case 'cond':
      return mayFloat(expr.then, floating) || mayFloat(expr.else, floating);
    case 'unary':
    case 'binary':
    case 'convert':
      return false;
    default:
      return true;
  }
}

export function floatingSignals(design: ir.Design): Set<ir.SignalId> {
  const floating = new Set<ir.SignalId>();
  const tops = new Set(design.tops);
  const driven = new Set<ir.SignalId>();
  /** Who takes a value from where. */
  const passes: { target: ir.SignalId[]; value: ir.Expr }[] = [];
  const both: [ir.SignalId, ir.SignalId][] = [];

  for (const { target, value } of design.assigns) {
    const signals = target.map((part) => part.signal);
    for (const signal of signals) driven.add(signal);
    passes.push({ target: signals, value });
  }
  for (const gate of design.gates) {
    for (const { signal } of gate.outputs) {
      driven.add(signal);
      if (/mos|if[01]/.test(gate.gate)) floating.add(signal);
    }
  }
  for (const { output } of design.udpInstances) driven.add(output.signal);
  for (const { left, right } of design.switches) {
    for (const { signal } of [left, right]) floating.add(signal);
  }
  for (const { left, right } of design.links) both.push([left.signal, right.signal]);
  const bodies = [...design.processes.map((process) => process.body), ...design.subprograms.map((sub) => sub.body)];
  for (const body of bodies) {
    visitStmt(body, (stmt) => {
      if (stmt.op === 'assign' || stmt.op === 'nonblocking')
        passes.push({ target: targets(stmt.target), value: stmt.value });
      else for (const target of partsOf(stmt).targets) for (const signal of targets(target)) floating.add(signal);
      for (const expr of partsOf(stmt).exprs) {
        visitExpr(expr, (inner) => {
          if (inner.op === 'assign') passes.push({ target: targets(inner.target), value: inner.value });
          if (inner.op === 'call')
            for (const arg of inner.args) if ('kind' in arg) for (const id of targets(arg)) floating.add(id);
          if (inner.op === 'syscall') {
            for (const arg of inner.args)
              if (arg.kind === 'lvalue') for (const id of targets(arg.target)) floating.add(id);
          }
        });
      }
    });
  }
  for (const signal of design.signals) {
    if (signal.init && mayFloat(signal.init, floating)) floating.add(signal.id);
    if (tops.has(signal.scope) && signal.port === 'inout') floating.add(signal.id);
    if (tops.has(signal.scope) && signal.port === 'input') driven.add(signal.id);
    // Arguments of subprograms come from anywhere.
    if (signal.automatic) floating.add(signal.id);
    if (signal.kind === 'variable') driven.add(signal.id);
  }
  for (const subprogram of design.subprograms) for (const { signal } of subprogram.ports) floating.add(signal);
  const linked = neighbours(both);
  spread([...driven], driven, linked);
  for (const signal of design.signals) if (signal.kind === 'net' && !driven.has(signal.id)) floating.add(signal.id);

  // Values that may pass a signal's z on, by that signal.
  const onward = new Map<ir.SignalId, number[]>();
  passes.forEach(({ value }, index) => {
    for (const signal of passedOn(value)) {
      const list = onward.get(signal);
      if (list) list.push(index);
      else onward.set(signal, [index]);
    }
  });
  spread([...floating], floating, linked);
  const all = passes.map((_, index) => index);
  for (let todo: readonly number[] = all; todo.length > 0; ) {
    const reached: ir.SignalId[] = [];
    for (const index of todo) {
      const { target, value } = passes[index]!;
      if (target.every((signal) => floating.has(signal)) || !mayFloat(value, floating)) continue;
      for (const signal of target) {
        if (!floating.has(signal)) reached.push(signal);
        floating.add(signal);
      }
    }
    const fresh = spread(reached, floating, linked);
    todo = [...new Set(fresh.flatMap((signal) => onward.get(signal) ?? []))];
  }
  return floating;
}

/** Signals that a value takes bits from as they are. */
function passedOn(value: ir.Expr): Set<ir.SignalId> {
  const found = new Set<ir.SignalId>();
  const stack = [value];
  for (let top = stack.pop(); top; top = stack.pop()) {
    switch (top.op) {
      case 'signal':
      case 'element':
        found.add(top.signal);
        break;
      case 'select':
        stack.push(top.base);
        break;
      case 'concat':
        stack.push(...top.parts);
        break;
      case 'replicate':
        stack.push(top.part);
        break;
      case 'resize':
        stack.push(top.operand);
        break;
      case 'cond':
        stack.push(top.then, top.else);
        break;
      default:
    }
  }
  return found;
}

type Neighbours = Map<ir.SignalId, ir.SignalId[]>;

function neighbours(links: readonly [ir.SignalId, ir.SignalId][]): Neighbours {
  const result: Neighbours = new Map();
  for (const [left, right] of links) {
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const) {
      const list = result.get(from);
      if (list) list.push(to);
      else result.set(from, [to]);
    }
  }
  return result;
}

/** What holds on one side of a link holds on the other. Answers `start` and all that were added to the set. */
function spread(start: readonly ir.SignalId[], set: Set<ir.SignalId>, linked: Neighbours): ir.SignalId[] {
  const reached = [...start];
  for (let i = 0; i < reached.length; i++) {
    for (const other of linked.get(reached[i]!) ?? []) {
      if (set.has(other)) continue;
      set.add(other);
      reached.push(other);
    }
  }
  return reached;
}

function targets(target: ir.LValue): ir.SignalId[] {
  switch (target.kind) {
    case 'signal':
      return [target.signal];
    case 'item':
      return targets(target.object);
    case 'concat':
      return target.parts.flatMap(targets);
  }
}
