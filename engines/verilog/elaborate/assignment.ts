/** Assignments in procedures, of vectors as of whole arrays, structs and lists (1364-2005 section 9.2, 1800-2012 section 10.4). */
import type * as ir from '../ir/types.ts';
import { isLValue, linearElement, readsOf, visitExpr } from '../ir/walk.ts';
import type * as ast from '../syntax/ast.ts';
import { assigned, sameArray } from './assigned.ts';
import { refuseAutomaticReads } from './automatic.ts';
import { binary, bitType, integer, vector } from './build.ts';
import { analyse, lowerTo, opAssigned, stepped } from './expression.ts';
import { lookupDeclared } from './lookup.ts';
import {
  articleType,
  capitalType,
  type Env,
  fail,
  hiddenVariable,
  leaf,
  notSupported,
  type Operand,
  readSignal,
  wholeSignal,
} from './lowering.ts';
import { procedureTarget, writtenPlace } from './lvalue.ts';
import { slotValues } from './patterns.ts';
import { elementPlaces, fieldPlace, type Place, placeTarget, readPlace } from './place.ts';
import { placeOperand, refer } from './reference.ts';
import { timingOf } from './statement.ts';
import type { DataType } from './symbols.ts';
import { toIr } from './types.ts';

/** What is made of each target and value. */
type Make = (target: ir.LValue, value: ir.Expr) => ir.Stmt;

function isReference(expr: ast.Expr): boolean {
  return (
    expr.kind === 'name' ||
    expr.kind === 'member' ||
    expr.kind === 'index' ||
    expr.kind === 'range' ||
    expr.kind === 'scoped'
  );
}

/** `a = b`, `a <= b`, with their timing. */
export function assignStatement(stmt: ast.BlockingStmt | ast.NonBlockingStmt, env: Env): ir.Stmt {
  const at = env.ctx.at(stmt);
  const timing = stmt.timing && timingOf(stmt.timing, env);
  if (stmt.kind === 'nonblocking' && timing?.kind === 'event') {
    for (const item of timing.items) {
      if (item.what.kind === 'expr')
        refuseAutomaticReads(item.what.expr, 'waited for by a nonblocking assignment', stmt, env);
    }
  }
  const make: Make = (target, value) => {
    const made: ir.StmtOf<'assign' | 'nonblocking'> = {
      op: stmt.kind === 'blocking' ? 'assign' : 'nonblocking',
      target,
      value,
      at,
    };
    if (timing) made.timing = timing;
    return made;
  };
  if (isReference(stmt.left)) {
    const place = writtenPlace(stmt.left, env, 'procedural');
    if (place.type.kind === 'array' || place.type.kind === 'unpacked-struct') {
      if (timing && stmt.kind === 'blocking') {
        return notSupported(env, 'A delay inside an assignment of a whole array or struct', stmt);
      }
      return wholeAssignment(place, stmt.right, make, at, env);
    }
    refuseAutomatic(place, stmt, timing, env);
    return make(placeTarget(place, env), lowerTo(stmt.right, place.type, env));
  }
  const { target, type } = procedureTarget(stmt.left, env, 'procedural');
  return make(target, lowerTo(stmt.right, type, env));
}

/** Nonblocking assignments outlive the variables of a call (1364-2005 10.2.2 for tasks; 1800-2012 6.21). */
function refuseAutomatic(place: Place, stmt: ast.Stmt, timing: ir.StmtTiming | undefined, env: Env): void {
  if (stmt.kind !== 'nonblocking') return;
  const { root } = place;
  if (root.kind !== 'signal' || !root.symbol.signal.automatic) return;
  fail(
    env,
    'automatic-nonblocking',
    `The automatic variable "${root.symbol.signal.name}" cannot be assigned with <=: it is gone when the value comes${timing ? ' later' : ''}.`,
    stmt,
    'Use =, or make the variable static.',
  );
}

/** `a += b`, `a++` as statements. */
export function opAssignment(node: ast.BlockingStmt | ast.IncrementExpr, env: Env): ir.Stmt {
  const at = env.ctx.at(node);
  const left = node.kind === 'increment' ? node.operand : node.left;
  const first: ir.Stmt[] = [];
  const place = isReference(left) ? settled(writtenPlace(left, env, 'procedural'), first, env) : undefined;
  const { target, type } = place
    ? { target: placeTarget(place, env), type: place.type }
    : procedureTarget(left, env, 'procedural');
  const before = place ? placeOperand(place, env) : analyse(left, env);
  const whole =
    node.kind === 'increment'
      ? stepped(node, before, env)
      : opAssigned(left, node.op, before, analyse(node.right, env), env);
  // Icarus lets enumerations be stepped, too.
  const plain: DataType = type.kind === 'integral' ? { ...type, enum: undefined } : type;
  const made: ir.Stmt = { op: 'assign', target, value: assigned(whole, plain, env), at };
  return first.length > 0 ? { op: 'block', body: [...first, made], at } : made;
}

/** A place whose indices are worked out once, before it is read and written: those with effects go to variables. */
function settled(place: Place, before: ir.Stmt[], env: Env): Place {
  const { root } = place;
  const once = (expr: ir.Expr): ir.Expr => {
    if (!hasEffects(expr)) return expr;
    const kept = hiddenVariable(env, 'index', expr.type, place.node);
    before.push({ op: 'assign', target: wholeSignal(kept), value: expr, at: env.ctx.at(place.node) });
    return readSignal(kept);
  };
  const steps = place.steps.map((step) => ({ ...step, offset: once(step.offset) }));
  if (root.kind === 'signal') {
    const indices = root.indices.map((index) => ({ ...index, value: once(index.value) }));
    return { ...place, steps, root: { ...root, indices } };
  }
  if (root.kind !== 'item') return place;
  const object = settled(root.object, before, env);
  return { ...place, steps, root: { ...root, object, index: once(root.index) } };
}

function hasEffects(expr: ir.Expr): boolean {
  let found = false;
  visitExpr(expr, (inner) => {
    found ||= inner.op === 'assign' || inner.op === 'call' || inner.op === 'syscall';
    if (inner.op === 'method') found ||= isLValue(inner.object);
  });
  return found;
}

/** The initial value of a variable of a block: assigned on entry when it is automatic (`always`: in any case). */
export function initialValue(name: ast.Name, init: ast.Expr, env: Env, always = false): ir.Stmt[] {
  const symbol = lookupDeclared(env.scope, name.name);
  const at = env.ctx.at(name);
  const make: Make = (target, value) => ({ op: 'assign', target, value, at });
  const node: ast.Expr = { kind: 'name', name: name.name, first: name.first, last: name.last };
  if (symbol?.kind === 'signal') {
    const { type, signal } = symbol;
    if (!always && !signal.automatic) {
      // Constant functions may be worked out before static variables have their values.
      if (type.kind !== 'array' && type.kind !== 'list') signal.init ??= lowerTo(init, type, env);
      return [];
    }
    if (type.kind === 'array') {
      const place: Place = { node, root: { kind: 'signal', symbol, indices: [] }, type, stored: type, steps: [] };
      return [wholeAssignment(place, init, make, at, env)];
    }
    return [make(wholeSignal(signal), lowerTo(init, type, env))];
  }
  if (symbol?.kind === 'fields') {
    const first = [...symbol.fields.values()].find((field) => field.kind === 'signal');
    if (!always && first?.kind === 'signal' && !first.signal.automatic) return [];
    const { type } = symbol;
    const place: Place = { node, root: { kind: 'fields', symbol, indices: [] }, type, stored: type, steps: [] };
    return [wholeAssignment(place, init, make, at, env)];
  }
  return [];
}

// --------------------------------------------------------------------------------------------- Arrays and structs

/** A whole unpacked array or struct, element by element. */
export function wholeAssignment(place: Place, right: ast.Expr, make: Make, at: ir.At, env: Env): ir.Stmt {
  const { type } = place;
  if (type.kind === 'unpacked-struct') {
    return { op: 'block', body: structAssignments(place, type, right, make, at, env), at };
  }
  if (isReference(right)) {
    const reference = refer(right, env);
    if (reference?.kind === 'place' && !reference.method && reference.place.type.kind === 'array') {
      return copyArray(place, reference.place, make, at, env, right);
    }
  }
  if (right.kind === 'conditional') return chosenArray(place, right, make, at, env);
  const value = lowerTo(right, type, env);
  if (value.op === 'items') return itemsAssignment(place, value.items, make, at, env);
  // A function's result: kept as a whole, then taken apart.
  const kept = keptArray(type, right, env);
  const first: ir.Stmt = { op: 'assign', target: placeTarget(kept, env), value, at };
  return { op: 'block', body: [first, copyArray(place, kept, make, at, env, right)], at };
}

function chosenArray(place: Place, right: ast.ConditionalExpr, make: Make, at: ir.At, env: Env): ir.Stmt {
  const condition = analyse(right.condition, env).build();
  const made: ir.Stmt = { op: 'if', condition, at };
  // biome-ignore lint/suspicious/noThenProperty: the IR calls it so
  made.then = wholeAssignment(place, right.then, make, at, env);
  made.else = wholeAssignment(place, right.else, make, at, env);
  return made;
}

function structAssignments(
  place: Place,
  type: Extract<DataType, { kind: 'unpacked-struct' }>,
  right: ast.Expr,
  make: Make,
  at: ir.At,
  env: Env,
): ir.Stmt[] {
  const fields = type.fields.map((field) => fieldPlace(place, field.name, place.node));
  if (fields.some((field) => !field)) return notSupported(env, 'Assigning this struct as a whole', place.node);
  if (right.kind === 'pattern') {
    const slots = type.fields.map((field) => ({ name: field.name, type: field.type }));
    const values = slotValues(right, slots, env);
    return values.map((value, i) => fieldAssignment(fields[i]!, value, make, at, env));
  }
  const reference = isReference(right) ? refer(right, env) : undefined;
  const from = reference?.kind === 'place' && !reference.method ? reference.place : undefined;
  if (from?.type.kind !== 'unpacked-struct') {
    return fail(env, 'type', `Only a struct of the same type can be assigned to ${articleType(type)}.`, right);
  }
  if (from.type.fields.length !== type.fields.length) {
    return fail(env, 'type', 'The two structs are of different types.', right);
  }
  return type.fields.map((field, i) => {
    const source = fieldPlace(from, from.type.kind === 'unpacked-struct' ? from.type.fields[i]!.name : '', right);
    if (!source) return notSupported(env, 'Assigning this struct as a whole', right);
    return fieldAssignment(fields[i]!, memberOf(right, field.name), make, at, env);
  });
}

function memberOf(object: ast.Expr, name: string): ast.Expr {
  const { first, last } = object;
  return { kind: 'member', object, member: { name, first, last }, first, last };
}

function fieldAssignment(field: Place, value: ast.Expr, make: Make, at: ir.At, env: Env): ir.Stmt {
  if (field.type.kind === 'array' || field.type.kind === 'unpacked-struct') {
    return wholeAssignment(field, value, make, at, env);
  }
  return make(placeTarget(field, env), lowerTo(value, field.type, env));
}

function signalId(place: Place): ir.SignalId | undefined {
  return place.root.kind === 'signal' ? place.root.symbol.signal.id : undefined;
}

/** Values in order to elements in order; by way of a copy where values read what is written. */
function itemsAssignment(place: Place, items: readonly ir.Expr[], make: Make, at: ir.At, env: Env): ir.Stmt {
  const targets = elementPlaces(place, env, true).map((element) => placeTarget(element, env));
  if (targets.length !== items.length) {
    return fail(env, 'pattern-count', `There are ${items.length} values for ${targets.length} elements.`, place.node);
  }
  const own = signalId(place);
  const reads = items.some((item) => readsOf(item).some((read) => read.signal === own));
  if (!reads) return { op: 'block', body: items.map((item, i) => make(targets[i]!, item)), at };
  const body: ir.Stmt[] = [];
  const kept = items.map((item) => {
    const between = hiddenVariable(env, 'item', item.type, place.node);
    body.push({ op: 'assign', target: wholeSignal(between), value: item, at });
    return readSignal(between);
  });
  return { op: 'block', body: [...body, ...kept.map((value, i) => make(targets[i]!, value))], at };
}

/** Element by element in loops; by way of a copy where both are of one array. */
function copyArray(to: Place, from: Place, make: Make, at: ir.At, env: Env, node: ast.Expr): ir.Stmt {
  if (!sameArray(to.type, from.type)) {
    return fail(
      env,
      'array-shape',
      `${capitalType(from.type)} cannot be assigned to ${articleType(to.type)} of another shape.`,
      node,
    );
  }
  if (signalId(to) !== undefined && signalId(to) === signalId(from)) {
    if (!to.sliced && !from.sliced && sameIndices(to, from)) return { op: 'block', body: [], at };
    const kept = keptArray(from.type, node, env);
    const plain: Make = (target, value) => ({ op: 'assign', target, value, at });
    return {
      op: 'block',
      body: [copyArray(kept, from, plain, at, env, node), copyArray(to, kept, make, at, env, node)],
      at,
    };
  }
  return loopCopy(to, from, make, at, env);
}

/** An array of elaboration's own. */
function keptArray(type: DataType, node: ast.Expr, env: Env): Place {
  const stored = toIr(type);
  if (!stored) return notSupported(env, 'This assignment of a whole array', node);
  const signal = hiddenVariable(env, 'copy', stored, node);
  return {
    node,
    root: { kind: 'signal', symbol: { kind: 'signal', signal, type, node }, indices: [] },
    type,
    stored: type,
    steps: [],
  };
}

function sameIndices(left: Place, right: Place): boolean {
  if (left.root.kind !== 'signal' || right.root.kind !== 'signal') return false;
  const a = linearElement(left.root.indices);
  return typeof a === 'number' && a === linearElement(right.root.indices);
}

/** The element at a position, counted from the left. */
function elementAt(place: Place, position: ir.Expr): Place {
  const { type, root, sliced } = place;
  if (type.kind !== 'array' || root.kind !== 'signal') return place;
  const dim = sliced ?? type;
  const size = Math.abs(dim.left - dim.right) + 1;
  const start = Math.abs(type.left - dim.left);
  const value = start === 0 ? position : binary('add', position, integer(start), vector(32, true));
  return {
    node: place.node,
    root: { ...root, indices: [...root.indices, { value, size }] },
    type: type.element,
    stored: type.element,
    steps: [],
  };
}

function loopCopy(to: Place, from: Place, make: Make, at: ir.At, env: Env): ir.Stmt {
  if (to.type.kind !== 'array') {
    const source: Operand = analyseElement(from, env);
    return make(placeTarget(to, env), assigned(source, to.type, env));
  }
  const count = Math.abs(to.type.left - to.type.right) + 1;
  if (count <= 8) {
    const body = Array.from({ length: count }, (_, i) => {
      return loopCopy(elementAt(to, integer(i)), elementAt(from, integer(i)), make, at, env);
    });
    return { op: 'block', body, at };
  }
  const counter = hiddenVariable(env, 'i', { kind: 'vector', width: 32, signed: true, fourState: false }, to.node);
  const position = readSignal(counter);
  const target = wholeSignal(counter);
  const type = counter.type as ir.VectorType;
  return {
    op: 'for',
    init: [{ op: 'assign', target, value: integer(0), at }],
    condition: binary('lt', position, integer(count), bitType),
    step: [{ op: 'assign', target, value: binary('add', position, integer(1), type), at }],
    body: loopCopy(elementAt(to, position), elementAt(from, position), make, at, env),
    at,
  };
}

function analyseElement(place: Place, env: Env): Operand {
  return leaf(place.node, place.type, () => readPlace(place, env));
}
