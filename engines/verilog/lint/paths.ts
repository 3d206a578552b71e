/** Which bits of which variables a body assigns on every path through it. */
import type * as ir from '../ir/types.ts';

export type Bits = Map<ir.SignalId, bigint>;

/** Why bits are not assigned on every path: the choice at which a path leaves them out. */
export interface Cause {
  at: ir.At;
  kind: 'if' | 'case';
}

export interface Assigned {
  /** On every path. */
  always: Bits;
  /** On some path. */
  ever: Bits;
  /** Where which bits are written depends on values (`a[i] = b`), or arrays and lists: nothing is known. */
  uncertain: Set<ir.SignalId>;
  cause: Map<ir.SignalId, Cause>;
  /** The first assignment of each. */
  where: Map<ir.SignalId, ir.At>;
  promised?: ((at: ir.At) => boolean) | undefined;
}

/** Subjects up to this width are tried value by value. */
const MAX_ENUMERATED = 12;

const ones = (width: number): bigint => (1n << BigInt(width)) - 1n;

function constantOf(expr: ir.Expr): { a: bigint; b: bigint; width: number } | undefined {
  return expr.op === 'const' && expr.value.kind === 'vector' ? expr.value : undefined;
}

/** `promised`: cases that the source says are full (the attribute `full_case`). */
export function assignedOf(body: ir.Stmt, design: ir.Design, promised?: (at: ir.At) => boolean): Assigned {
  const result: Assigned = {
    always: new Map(),
    ever: new Map(),
    uncertain: new Set(),
    cause: new Map(),
    where: new Map(),
    promised,
  };
  result.always = run(body, new Map(), result, design);
  return result;
}

/** The bits assigned after a statement, given those before it. */
function run(stmt: ir.Stmt | undefined, before: Bits, result: Assigned, design: ir.Design): Bits {
  if (!stmt) return before;
  switch (stmt.op) {
    case 'block':
      return stmt.body.reduce((bits, inner) => run(inner, bits, result, design), before);
    case 'assign':
    case 'nonblocking': {
      const after = inExpr(stmt.value, before, result);
      return write(stmt.target, after, result, stmt.at);
    }
    case 'eval':
      return inExpr(stmt.expr, before, result, stmt.at);
    case 'if': {
      const known = constantOf(stmt.condition);
      if (known && known.b === 0n) return run(known.a !== 0n ? stmt.then : stmt.else, before, result, design);
      const paths = [run(stmt.then, before, result, design), run(stmt.else, before, result, design)];
      // `unique if` and `priority if` promise that one of the conditions holds.
      if (stmt.check && stmt.check !== 'unique0' && !stmt.else) return paths[0]!;
      return meet(paths, result, { at: stmt.at, kind: 'if' });
    }
    case 'case': {
      const paths = stmt.items.map((item) => run(item.body, before, result, design));
      if (stmt.default) paths.push(run(stmt.default, before, result, design));
      else if (!result.promised?.(stmt.at) && !isFull(stmt, design)) paths.push(before);
      return meet(paths, result, { at: stmt.at, kind: 'case' });
    }
    case 'for': {
      // Taken to run at least once: a loop over no bits is no path that a design means.
      let bits = stmt.init.reduce((after, inner) => run(inner, after, result, design), before);
      bits = run(stmt.body, bits, result, design);
      return stmt.step.reduce((after, inner) => run(inner, after, result, design), bits);
    }
    default:
      return before;
  }
}

function inExpr(expr: ir.Expr, before: Bits, result: Assigned, at?: ir.At): Bits {
  // An assignment deep in an expression may or may not run: its target is not judged.
  if (expr.op === 'assign' && at) return write(expr.target, before, result, at);
  const stack: ir.Expr[] = [expr];
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.op === 'assign') doubt(top.target, result);
    for (const value of Object.values(top)) {
      if (Array.isArray(value)) for (const item of value) if (isExpr(item)) stack.push(item);
      if (isExpr(value)) stack.push(value);
    }
    if (top.op === 'call') for (const arg of top.args) if ('kind' in arg) doubt(arg, result);
  }
  return before;
}

function isExpr(value: unknown): value is ir.Expr {
  return typeof value === 'object' && value !== null && 'op' in value && 'type' in value;
}

function doubt(target: ir.LValue, result: Assigned): void {
  if (target.kind === 'signal') result.uncertain.add(target.signal);
  else if (target.kind === 'item') doubt(target.object, result);
  else for (const part of target.parts) doubt(part, result);
}

function write(target: ir.LValue, before: Bits, result: Assigned, at: ir.At): Bits {
  if (target.kind === 'concat') return target.parts.reduce((bits, part) => write(part, bits, result, at), before);
  if (target.kind === 'item' || target.indices) {
    doubt(target, result);
    return before;
  }
  const { signal, part, type } = target;
  if (!result.where.has(signal)) result.where.set(signal, at);
  let mask: bigint;
  if (part) {
    const offset = constantOf(part.offset);
    if (offset?.b !== 0n || offset.a > 65536n || part.width > 65536) {
      doubt(target, result);
      return before;
    }
    mask = ones(part.width) << offset.a;
  } else mask = type.kind === 'vector' ? ones(type.width) : 1n;
  result.ever.set(signal, (result.ever.get(signal) ?? 0n) | mask);
  const after = new Map(before);
  after.set(signal, (before.get(signal) ?? 0n) | mask);
  return after;
}

/** What all of the paths assign. */
function meet(paths: Bits[], result: Assigned, cause: Cause): Bits {
  const [first, ...others] = paths;
  if (!first) return new Map();
  const met: Bits = new Map();
  const signals = new Set(paths.flatMap((bits) => [...bits.keys()]));
  for (const signal of signals) {
    let all = first.get(signal) ?? 0n;
    let some = all;
    for (const bits of others) {
      const mask = bits.get(signal) ?? 0n;
      all &= mask;
      some |= mask;
    }
    if (all !== 0n) met.set(signal, all);
    if (all !== some) result.cause.set(signal, cause);
  }
  return met;
}

/** Whether a case without a default has an item for every value without x and z. */
function isFull(stmt: ir.StmtOf<'case'>, design: ir.Design): boolean {
  if (stmt.check && stmt.check !== 'unique0') return true;
  const { type } = stmt.subject;
  if (type.kind !== 'vector') return false;
  const labels = stmt.items.flatMap((item) => item.labels);
  if (coversEnum(stmt, labels, design)) return true;
  const known = constantOf(stmt.subject);
  // `case (1'b1)`: which items there are depends on the labels' values.
  if (known) return false;
  const { width } = type;
  // Labels without a size widen the subject: the values that it can have are those from before.
  const { expr: inner, signed } = unwidened(stmt.subject);
  if (inner.type.kind !== 'vector') return false;
  const own = inner.type.width;
  const widened = (value: bigint): bigint => (signed ? BigInt.asUintN(width, BigInt.asIntN(own, value)) : value);
  const exact = new Set<bigint>();
  for (const label of labels) {
    const value = label.kind === 'value' ? constantOf(label.value) : undefined;
    if (value?.b === 0n && widened(BigInt.asUintN(own, value.a)) === value.a) exact.add(value.a);
  }
  if (own <= 24 && exact.size === 2 ** own) return true;
  if (own > MAX_ENUMERATED) return false;
  for (let value = 0n; value < 1n << BigInt(own); value++) {
    if (!labels.some((label) => matches(label, widened(value), width, stmt.match))) return false;
  }
  return true;
}

/** Without the extension to a wider type; `signed`: by its sign. */
function unwidened(expr: ir.Expr): { expr: ir.Expr; signed: boolean } {
  let at = expr;
  let signed = false;
  while (at.op === 'resize' && at.operand.type.kind === 'vector' && at.type.kind === 'vector') {
    const { width } = at.operand.type;
    if (width > at.type.width) break;
    if (width < at.type.width) signed = at.operand.type.signed;
    at = at.operand;
  }
  return { expr: at, signed };
}

function matches(label: ir.CaseLabel, value: bigint, width: number, match: ir.StmtOf<'case'>['match']): boolean {
  if (label.kind === 'range') {
    const [low, high] = [constantOf(label.low), constantOf(label.high)];
    return (
      low !== undefined && high !== undefined && low.b === 0n && high.b === 0n && low.a <= value && value <= high.a
    );
  }
  const given = constantOf(label.value);
  if (!given) return false;
  // Bits that are not looked at: z of casez, x and z of casex and of inside.
  let free = 0n;
  if (match === 'casez-eq') free = given.b & ~given.a;
  else if (match === 'casex-eq' || match === 'weq') free = given.b;
  const care = ones(width) & ~free;
  return (given.b & care) === 0n && ((given.a ^ value) & care) === 0n;
}

/** All members of the subject's enumeration have an item: other values are not meant to occur. */
function coversEnum(stmt: ir.StmtOf<'case'>, labels: ir.CaseLabel[], design: ir.Design): boolean {
  const { expr: subject } = unwidened(stmt.subject);
  if (subject.op !== 'signal') return false;
  const { enumType } = design.signals[subject.signal]!;
  const members = enumType === undefined ? undefined : design.enums[enumType]?.members;
  return (
    members?.every((member) =>
      labels.some((label) => {
        const value = label.kind === 'value' ? constantOf(label.value) : undefined;
        return value !== undefined && value.a === member.a && value.b === member.b;
      }),
    ) === true
  );
}
