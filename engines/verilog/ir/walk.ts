/** Ways through the IR: what expressions and statements are made of, what they read and what they write. */
import type * as ir from './types.ts';

/** The index expressions and part offset of a place, and of places inside it. */
export function lvalueExprs(target: ir.LValue): ir.Expr[] {
  switch (target.kind) {
    case 'signal': {
      const list = (target.indices ?? []).map((index) => index.value);
      if (target.part) list.push(target.part.offset);
      return list;
    }
    case 'item': {
      const list = [...lvalueExprs(target.object), target.index];
      if (target.part) list.push(target.part.offset);
      return list;
    }
    case 'concat':
      return target.parts.flatMap(lvalueExprs);
  }
}

export function isLValue(node: ir.Expr | ir.LValue): node is ir.LValue {
  return 'kind' in node;
}

/** Signals that a place writes to. */
export function lvalueSignals(target: ir.LValue): ir.SignalId[] {
  switch (target.kind) {
    case 'signal':
      return [target.signal];
    case 'item':
      return lvalueSignals(target.object);
    case 'concat':
      return target.parts.flatMap(lvalueSignals);
  }
}

function systemArgExprs(arg: ir.SystemArg): ir.Expr[] {
  switch (arg.kind) {
    case 'expr':
      return [arg.expr];
    case 'lvalue':
      return lvalueExprs(arg.target);
    case 'event':
      return eventExprs(arg.event);
    default:
      return [];
  }
}

function eventExprs(event: ir.EventRef): ir.Expr[] {
  return (event.indices ?? []).map((index) => index.value);
}

/** Expressions right below an expression, in the order in which they are worked out. Those inside written places count too. */
export function childrenOf(expr: ir.Expr): ir.Expr[] {
  switch (expr.op) {
    case 'const':
    case 'signal':
      return [];
    case 'element':
      return expr.indices.map((index) => index.value);
    case 'select':
      return [expr.base, expr.offset];
    case 'concat':
      return expr.parts;
    case 'replicate':
      return [expr.part];
    case 'unary':
    case 'resize':
    case 'convert':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'cond':
      return [expr.condition, expr.then, expr.else];
    case 'call':
      return expr.args.flatMap((arg) => (isLValue(arg) ? lvalueExprs(arg) : [arg]));
    case 'syscall':
      return expr.args.flatMap(systemArgExprs);
    case 'method':
      return [
        ...(isLValue(expr.object) ? lvalueExprs(expr.object) : [expr.object]),
        ...expr.args,
        ...(expr.with ? [expr.with.body] : []),
      ];
    case 'item':
      return [expr.object, expr.index];
    case 'slice':
      return [expr.object, expr.left, expr.right];
    case 'items':
      return expr.items;
    case 'assign':
      return [...lvalueExprs(expr.target), expr.value];
    case 'triggered':
      return eventExprs(expr.event);
    case 'new-list':
      return expr.from ? [expr.size, expr.from] : [expr.size];
  }
}

/** Calls `visit` for the expression and everything below it, from the top. */
export function visitExpr(expr: ir.Expr, visit: (expr: ir.Expr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) visitExpr(child, visit);
}

/** What stands directly in a statement. */
export interface StmtParts {
  exprs: ir.Expr[];
  targets: ir.LValue[];
  /** Statements right below, in order. */
  stmts: ir.Stmt[];
  events: ir.EventRef[];
}

function timingParts(timing: ir.StmtTiming | undefined, parts: StmtParts): void {
  if (!timing) return;
  if (timing.kind === 'delay') parts.exprs.push(timing.delay.value);
  else {
    if (timing.repeat) parts.exprs.push(timing.repeat);
    for (const item of timing.items) eventParts(item, parts);
  }
}

function eventParts(item: ir.EventItem, parts: StmtParts): void {
  if (item.what.kind === 'expr') parts.exprs.push(item.what.expr);
  else {
    parts.events.push(item.what.event);
    parts.exprs.push(...eventExprs(item.what.event));
  }
  if (item.iff) parts.exprs.push(item.iff);
}

/** Taken apart by one level. */
export function partsOf(stmt: ir.Stmt): StmtParts {
  const parts: StmtParts = { exprs: [], targets: [], stmts: [], events: [] };
  const body = (inner: ir.Stmt | undefined) => {
    if (inner) parts.stmts.push(inner);
  };
  switch (stmt.op) {
    case 'block':
      parts.stmts.push(...stmt.body);
      break;
    case 'fork':
      parts.stmts.push(...stmt.branches);
      break;
    case 'assign':
    case 'nonblocking':
      parts.targets.push(stmt.target);
      parts.exprs.push(stmt.value);
      timingParts(stmt.timing, parts);
      break;
    case 'eval':
      parts.exprs.push(stmt.expr);
      break;
    case 'call':
      for (const arg of stmt.args) (isLValue(arg) ? parts.targets : parts.exprs).push(arg as never);
      break;
    case 'systask':
      for (const arg of stmt.args) {
        if (arg.kind === 'expr') parts.exprs.push(arg.expr);
        else if (arg.kind === 'lvalue') parts.targets.push(arg.target);
        else if (arg.kind === 'event') parts.events.push(arg.event);
      }
      break;
    case 'if':
      parts.exprs.push(stmt.condition);
      body(stmt.then);
      body(stmt.else);
      break;
    case 'case':
      parts.exprs.push(stmt.subject);
      for (const item of stmt.items) {
        for (const label of item.labels) {
          if (label.kind === 'value') parts.exprs.push(label.value);
          else parts.exprs.push(label.low, label.high);
        }
        body(item.body);
      }
      body(stmt.default);
      break;
    case 'for':
      parts.stmts.push(...stmt.init);
      if (stmt.condition) parts.exprs.push(stmt.condition);
      body(stmt.body);
      parts.stmts.push(...stmt.step);
      break;
    case 'foreach-list':
      parts.exprs.push(stmt.object);
      body(stmt.body);
      break;
    case 'while':
    case 'do':
      parts.exprs.push(stmt.condition);
      body(stmt.body);
      break;
    case 'repeat':
      parts.exprs.push(stmt.count);
      body(stmt.body);
      break;
    case 'forever':
      body(stmt.body);
      break;
    case 'delay':
      parts.exprs.push(stmt.delay.value);
      body(stmt.body);
      break;
    case 'wait-event':
      for (const item of stmt.items) eventParts(item, parts);
      body(stmt.body);
      break;
    case 'wait':
      parts.exprs.push(stmt.condition);
      parts.events.push(...stmt.events);
      body(stmt.body);
      break;
    case 'trigger':
      parts.events.push(stmt.event);
      parts.exprs.push(...eventExprs(stmt.event));
      timingParts(stmt.timing, parts);
      break;
    case 'force':
      parts.targets.push(stmt.target);
      parts.exprs.push(stmt.value);
      break;
    case 'release':
      parts.targets.push(stmt.target);
      break;
    case 'assert':
      parts.exprs.push(stmt.condition);
      body(stmt.pass);
      body(stmt.fail);
      break;
  }
  return parts;
}

/** Calls `visit` for the statement and every statement in it, from the top, in order. */
export function visitStmt(stmt: ir.Stmt, visit: (stmt: ir.Stmt) => void): void {
  visit(stmt);
  for (const inner of partsOf(stmt).stmts) visitStmt(inner, visit);
}

// ---------------------------------------------------------------------------------------------------------- Reads

/** Gathers reads without repeating them. */
class Reads {
  readonly list: ir.Read[] = [];
  private readonly seen = new Set<string>();

  add(read: ir.Read): void {
    const key = `${read.signal} ${read.element ?? ''} ${read.part ? `${read.part.offset}+${read.part.width}` : ''}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.list.push(read);
  }
}

function constantNumber(expr: ir.Expr): number | undefined {
  if (expr.op !== 'const' || expr.value.kind !== 'vector' || expr.value.b !== 0n) return undefined;
  const { a, width, signed } = expr.value;
  const value = signed ? BigInt.asIntN(width, a) : a;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : undefined;
}

/** The linear index of an element, where all its indices are constant and in range; null: constant and out of range. */
export function linearElement(indices: readonly ir.Index[]): number | null | undefined {
  let linear = 0;
  for (const { value, size } of indices) {
    if (value.op !== 'const') return undefined;
    const at = constantNumber(value);
    if (at === undefined || at < 0 || at >= size) return null;
    linear = linear * size + at;
  }
  return linear;
}

/** A signal, or one constant element of an array, with a constant part of it; `part` is undefined when it is read whole. */
function readOf(expr: ir.Expr): ir.Read | undefined {
  if (expr.op === 'signal') return { signal: expr.signal };
  if (expr.op === 'element') {
    const element = linearElement(expr.indices);
    return typeof element === 'number' ? { signal: expr.signal, element } : undefined;
  }
  return undefined;
}

function gather(expr: ir.Expr, reads: Reads, calls: ((id: ir.SubprogramId) => void) | undefined): void {
  switch (expr.op) {
    case 'signal':
      reads.add({ signal: expr.signal });
      return;
    case 'element': {
      const element = linearElement(expr.indices);
      if (element !== null)
        reads.add(element === undefined ? { signal: expr.signal } : { signal: expr.signal, element });
      break;
    }
    case 'select': {
      const base = readOf(expr.base);
      const offset = constantNumber(expr.offset);
      if (base && offset !== undefined && expr.base.type.kind === 'vector') {
        const from = Math.max(0, offset);
        const to = Math.min(expr.base.type.width, offset + expr.width);
        if (from >= to) return;
        reads.add({ ...base, part: { offset: from, width: to - from } });
        return;
      }
      break;
    }
    case 'call':
      calls?.(expr.subprogram);
      for (const arg of expr.args) if (!isLValue(arg)) gather(arg, reads, calls);
      break;
    case 'method': {
      if (isLValue(expr.object)) {
        for (const signal of lvalueSignals(expr.object)) reads.add({ signal });
      }
      const before = reads.list.length;
      for (const child of childrenOf(expr)) gather(child, reads, calls);
      if (expr.with) {
        const { item, index } = expr.with;
        for (let i = reads.list.length - 1; i >= before; i--) {
          const { signal } = reads.list[i]!;
          if (signal === item || signal === index) reads.list.splice(i, 1);
        }
      }
      return;
    }
  }
  for (const child of childrenOf(expr)) gather(child, reads, calls);
}

/**
 * What an expression reads: whole signals, constant parts of them, constant elements of arrays (an index that is not
 * constant reads the whole array, and itself). `calls` is told of functions; what these read of their own accord is not counted.
 */
export function readsOf(expr: ir.Expr, calls?: (id: ir.SubprogramId) => void): ir.Read[] {
  const reads = new Reads();
  gather(expr, reads, calls);
  return reads.list;
}

/** Events that an expression looks at (`e.triggered`). */
export function eventsOf(expr: ir.Expr): ir.EventRef[] {
  const events: ir.EventRef[] = [];
  visitExpr(expr, (inner) => {
    if (inner.op === 'triggered') events.push(inner.event);
  });
  return events;
}

/**
 * What a statement and everything in it reads, the indices of what it writes among it (1364-2005 9.7.5), but not what
 * it waits for: `@(posedge clk)`.
 */
export function readsOfStmt(stmt: ir.Stmt, calls?: (id: ir.SubprogramId) => void): ir.Read[] {
  const reads = new Reads();
  visitStmt(stmt, (inner) => {
    const parts = partsOf(inner);
    if (inner.op === 'call') calls?.(inner.subprogram);
    const waits = inner.op === 'wait-event';
    if (!waits) for (const expr of parts.exprs) gather(expr, reads, calls);
    for (const target of parts.targets) for (const expr of lvalueExprs(target)) gather(expr, reads, calls);
  });
  return reads.list;
}

/** Signals that a statement and everything in it writes, without those that called subprograms write, and without forces. */
export function writesOf(stmt: ir.Stmt): ir.SignalId[] {
  return [...new Set(writtenParts(stmt).map((part) => part.signal))];
}

/** Parts of signals that a statement and everything in it writes (forces apart): constant ones as such, others as the whole signal. */
export function writtenParts(stmt: ir.Stmt): ir.Read[] {
  const written: ir.Read[] = [];
  const add = (target: ir.LValue): void => {
    if (target.kind === 'concat') {
      for (const part of target.parts) add(part);
      return;
    }
    if (target.kind === 'item') {
      add(target.object);
      return;
    }
    const made: ir.Read = { signal: target.signal };
    const element = target.indices && linearElement(target.indices);
    if (typeof element === 'number') made.element = element;
    const offset = target.part && constantNumber(target.part.offset);
    if (target.part && offset !== undefined) made.part = { offset, width: target.part.width };
    written.push(made);
  };
  visitStmt(stmt, (inner) => {
    const parts = partsOf(inner);
    if (inner.op !== 'force' && inner.op !== 'release') for (const target of parts.targets) add(target);
    for (const expr of parts.exprs) {
      visitExpr(expr, (below) => {
        if (below.op === 'assign') add(below.target);
        else if (below.op === 'call') for (const arg of below.args) if (isLValue(arg)) add(arg);
        if (below.op === 'method' && isLValue(below.object)) add(below.object);
        if (below.op === 'syscall') for (const arg of below.args) if (arg.kind === 'lvalue') add(arg.target);
      });
    }
  });
  return written;
}

// ------------------------------------------------------------------------------------------------------------ Map

function mapIndices(indices: ir.Index[], map: (expr: ir.Expr) => ir.Expr): ir.Index[] {
  return indices.map((index) => ({ ...index, value: mapExpr(index.value, map) }));
}

/** The same place with its indices and offset mapped. */
export function mapLValue(target: ir.LValue, map: (expr: ir.Expr) => ir.Expr): ir.LValue {
  const part = (given: { offset: ir.Expr; width: number } | undefined) =>
    given && { ...given, offset: mapExpr(given.offset, map) };
  switch (target.kind) {
    case 'signal':
      return { ...target, indices: target.indices && mapIndices(target.indices, map), part: part(target.part) };
    case 'item':
      return {
        ...target,
        object: mapLValue(target.object, map),
        index: mapExpr(target.index, map),
        part: part(target.part),
      };
    case 'concat':
      return { ...target, parts: target.parts.map((inner) => mapLValue(inner, map)) };
  }
}

/** Rebuilds an expression from below: `map` gets each node with its children mapped already. */
export function mapExpr(expr: ir.Expr, map: (expr: ir.Expr) => ir.Expr): ir.Expr {
  const go = (inner: ir.Expr) => mapExpr(inner, map);
  const either = (inner: ir.Expr | ir.LValue) => (isLValue(inner) ? mapLValue(inner, map) : go(inner));
  switch (expr.op) {
    case 'const':
    case 'signal':
      return map(expr);
    case 'element':
      return map({ ...expr, indices: mapIndices(expr.indices, map) });
    case 'select':
      return map({ ...expr, base: go(expr.base), offset: go(expr.offset) });
    case 'concat':
      return map({ ...expr, parts: expr.parts.map(go) });
    case 'replicate':
      return map({ ...expr, part: go(expr.part) });
    case 'unary':
    case 'resize':
    case 'convert':
      return map({ ...expr, operand: go(expr.operand) });
    case 'binary':
      return map({ ...expr, left: go(expr.left), right: go(expr.right) });
    case 'cond':
      // biome-ignore lint/suspicious/noThenProperty: the IR calls it so
      return map({ ...expr, condition: go(expr.condition), then: go(expr.then), else: go(expr.else) });
    case 'call':
      return map({ ...expr, args: expr.args.map(either) });
    case 'syscall':
      return map({ ...expr, args: expr.args.map((arg) => mapSystemArg(arg, map)) });
    case 'method':
      return map({
        ...expr,
        object: either(expr.object),
        args: expr.args.map(go),
        with: expr.with && { ...expr.with, body: go(expr.with.body) },
      });
    case 'item':
      return map({ ...expr, object: go(expr.object), index: go(expr.index) });
    case 'slice':
      return map({ ...expr, object: go(expr.object), left: go(expr.left), right: go(expr.right) });
    case 'items':
      return map({ ...expr, items: expr.items.map(go) });
    case 'assign':
      return map({ ...expr, target: mapLValue(expr.target, map), value: go(expr.value) });
    case 'triggered':
      return map({ ...expr, event: mapEvent(expr.event, map) });
    case 'new-list':
      return map({ ...expr, size: go(expr.size), from: expr.from && go(expr.from) });
  }
}

function mapEvent(event: ir.EventRef, map: (expr: ir.Expr) => ir.Expr): ir.EventRef {
  return event.indices ? { ...event, indices: mapIndices(event.indices, map) } : event;
}

function mapSystemArg(arg: ir.SystemArg, map: (expr: ir.Expr) => ir.Expr): ir.SystemArg {
  switch (arg.kind) {
    case 'expr':
      return { ...arg, expr: mapExpr(arg.expr, map) };
    case 'lvalue':
      return { ...arg, target: mapLValue(arg.target, map), expr: mapExpr(arg.expr, map) };
    case 'event':
      return { ...arg, event: mapEvent(arg.event, map) };
    default:
      return arg;
  }
}
