/** Statements of procedures, functions and tasks as Verilog. */
import type * as ir from '../ir/types.ts';
import { isLValue, linearElement } from '../ir/walk.ts';
import { type Lowering, rangeText } from './lower-context.ts';
import {
  constantText,
  exprText,
  indexText,
  isMultiple,
  isVector,
  linearIndex,
  matchText,
  memoryIndex,
  numberOf,
  rangeGuard,
  unknownText,
  widthOf,
} from './lower-expression.ts';
import type { LoweredText } from './lower-text.ts';

/** Ways to leave a statement early, each by a flag that what follows looks at. */
export type Exit = 'break' | 'continue' | 'return' | `disable ${number}`;

/** Where statements are written. */
export interface Writing {
  low: Lowering;
  text: LoweredText;
  indent: string;
  /** Flags of the ways out that lead somewhere. */
  exits: ReadonlyMap<Exit, string>;
  /** Temporaries to be declared: names and widths. */
  temporaries: { name: string; width: number }[];
}

function inside(writing: Writing, exits?: readonly [Exit, string][]): Writing {
  return {
    ...writing,
    indent: `${writing.indent}  `,
    ...(exits && { exits: new Map([...writing.exits, ...exits]) }),
  };
}

/** How a statement can be left past its end. */
function exitsOf(stmt: ir.Stmt | undefined): Set<Exit> {
  const found = new Set<Exit>();
  const from = (inner: ir.Stmt | undefined, except: readonly Exit[] = []) => {
    for (const exit of exitsOf(inner)) if (!except.includes(exit)) found.add(exit);
  };
  if (!stmt) return found;
  switch (stmt.op) {
    case 'break':
    case 'continue':
    case 'return':
      found.add(stmt.op);
      break;
    case 'disable':
      found.add(`disable ${stmt.scope}`);
      break;
    case 'block':
      for (const inner of stmt.body) from(inner, stmt.scope === undefined ? [] : [`disable ${stmt.scope}`]);
      break;
    case 'if':
      from(stmt.then);
      from(stmt.else);
      break;
    case 'case':
      for (const item of stmt.items) from(item.body);
      from(stmt.default);
      break;
    case 'for':
    case 'repeat':
    case 'while':
    case 'do':
    case 'forever':
    case 'foreach-list':
      from(stmt.body, ['break', 'continue']);
      break;
    case 'delay':
      from(stmt.body);
      break;
  }
  return found;
}

/** Statements one after the other; what follows one that can be left early stands under the condition that it was not. */
export function writeStatements(stmts: readonly (ir.Stmt | undefined)[], writing: Writing): void {
  const { low, text } = writing;
  for (const [i, stmt] of stmts.entries()) {
    if (!stmt) continue;
    writeStatement(stmt, writing);
    const rest = stmts.slice(i + 1).filter((other) => other !== undefined);
    const flags = flagsOf(exitsOf(stmt), writing);
    if (flags.length === 0 || rest.length === 0) continue;
    for (const flag of flags) low.readFlags.add(flag);
    text.put(`${writing.indent}if (!(${flags.join(' || ')})) begin`, rest[0]!.at);
    writeStatements(rest, inside(writing));
    text.put(`${writing.indent}end`);
    return;
  }
}

function flagsOf(exits: Iterable<Exit>, { exits: known }: Writing): string[] {
  return [...new Set([...exits].flatMap((exit) => known.get(exit) ?? []))];
}

/** A flag for a way out, 0 from here on. */
export function newFlag(wanted: string, at: ir.At, writing: Writing): string {
  const flag = writing.low.freshPlain(wanted);
  writing.temporaries.push({ name: flag, width: 1 });
  writing.text.put(`${writing.indent}${flag} = 1'b0;`, at, flag);
  return flag;
}

export function writeStatement(stmt: ir.Stmt, writing: Writing): void {
  const { low, text, indent } = writing;
  low.at = stmt.at;
  switch (stmt.op) {
    case 'block':
      writeBlock(stmt, writing);
      return;
    case 'assign':
    case 'nonblocking':
      if (stmt.timing?.kind === 'event') low.refuse('Waiting within an assignment has no meaning for synthesis.');
      else if (stmt.timing) low.note('delay-ignored', 'The delay is left out: synthesis knows no delays.');
      writeAssign(stmt.target, stmt.value, stmt.op === 'assign' ? '=' : '<=', writing, stmt.at);
      return;
    case 'eval':
      writeEval(stmt.expr, writing, stmt.at);
      return;
    case 'call':
      writeCall(stmt.subprogram, stmt.args, writing, stmt.at);
      return;
    case 'systask':
      writeSystemTask(stmt, writing);
      return;
    case 'if': {
      text.put(`${indent}if (${exprText(stmt.condition, low)}) begin`, stmt.at);
      writeStatements([stmt.then], inside(writing));
      if (stmt.else) {
        text.put(`${indent}end else begin`);
        writeStatements([stmt.else], inside(writing));
      }
      text.put(`${indent}end`);
      return;
    }
    case 'case':
      writeCase(stmt, writing);
      return;
    case 'for':
      writeFor(stmt, writing);
      return;
    case 'repeat': {
      const count = numberOf(stmt.count);
      if (count === undefined) low.refuse('A loop whose rounds are not constant has no meaning for synthesis.');
      writeLoop(`repeat (${Math.max(0, count ?? 0)})`, stmt.body, [], writing, stmt.at);
      return;
    }
    case 'while':
    case 'do':
    case 'forever':
      low.refuse(
        `A loop written as "${stmt.op}" has no meaning for synthesis, which must know how often it goes round.`,
        'Write it as a for loop with constant bounds, and leave it by break.',
      );
      return;
    case 'return':
    case 'break':
    case 'continue': {
      const flag = writing.exits.get(stmt.op);
      if (flag) text.put(`${indent}${flag} = 1'b1;`, stmt.at, flag);
      return;
    }
    case 'disable': {
      const flag = writing.exits.get(`disable ${stmt.scope}`);
      if (flag) text.put(`${indent}${flag} = 1'b1;`, stmt.at, flag);
      else low.refuse('Only a block around it can be disabled in synthesis.');
      return;
    }
    case 'delay':
      low.note('delay-ignored', 'The delay is left out: synthesis knows no delays.');
      writeStatements([stmt.body], writing);
      return;
    case 'assert':
      return;
    case 'force':
    case 'release':
      low.refuse(
        `"${stmt.procedural ? (stmt.op === 'force' ? 'assign' : 'deassign') : stmt.op}" in a procedure has no meaning for synthesis.`,
      );
      return;
    case 'wait-event':
    case 'wait':
    case 'wait-fork':
      low.refuse('Waiting in the middle of a procedure has no meaning for synthesis.', 'Write it as a state machine.');
      return;
    case 'fork':
    case 'disable-fork':
      low.refuse('Parallel branches (fork) have no meaning for synthesis.');
      return;
    case 'trigger':
      low.refuse('Named events have no meaning for synthesis.');
      return;
    case 'foreach-list':
      low.refuse('Queues and dynamic arrays have no meaning for synthesis.');
      return;
  }
}

// --------------------------------------------------------------------------------------------------------- Blocks

/** Fresh storage for automatic variables, but for those that the statements begin by assigning. */
export function writeFresh(
  autos: readonly ir.SignalId[] | undefined,
  first: readonly ir.Stmt[],
  writing: Writing,
  at: ir.At,
): void {
  const assigned = new Set<ir.SignalId>();
  for (const stmt of first) {
    if (stmt.op === 'for') {
      for (const init of stmt.init) {
        if (init.op === 'assign' && init.target.kind === 'signal') assigned.add(init.target.signal);
      }
    }
    if (stmt.op !== 'assign' || stmt.target.kind !== 'signal' || stmt.target.indices || stmt.target.part) break;
    assigned.add(stmt.target.signal);
  }
  for (const id of autos ?? []) {
    const { low, text, indent } = writing;
    if (assigned.has(id) || low.use.counters.has(id)) continue;
    const { type } = low.signal(id);
    const width = widthOf({ op: 'signal', signal: id, type });
    low.shape(id);
    text.put(`${indent}${low.name(id)} = ${unknownText(type, width)};`, at);
  }
}

function writeBlock(stmt: ir.StmtOf<'block'>, writing: Writing): void {
  const exit: Exit | undefined = stmt.scope === undefined ? undefined : `disable ${stmt.scope}`;
  let within = writing;
  if (exit && stmt.body.some((inner) => exitsOf(inner).has(exit))) {
    const flag = newFlag(`${writing.low.pathOf(stmt.scope!)}.left`, stmt.at, writing);
    within = { ...writing, exits: new Map([...writing.exits, [exit, flag]]) };
  }
  writeFresh(stmt.autos, stmt.body, within, stmt.at);
  writeStatements(stmt.body, within);
}

// ---------------------------------------------------------------------------------------------------- Assignments

interface Target {
  text: string;
  /** Conditions under which the place is there. */
  guards: string[];
}

/** `low` to `high` bits of the value that a target takes, where constant bounds cut it; 'none': it takes nothing. */
interface Cut {
  offset: number;
  width: number;
}

/** A place as Verilog; undefined: it is out of range, nothing is assigned. */
function targetText(target: ir.LValue, low: Lowering): (Target & { cut?: Cut }) | undefined {
  if (target.kind === 'item') {
    low.refuse('Queues, dynamic and associative arrays and strings have no meaning for synthesis.');
    return undefined;
  }
  if (target.kind === 'concat') {
    const parts = target.parts.map((part) => targetText(part, low));
    if (parts.some((part) => part === undefined || part.guards.length > 0 || part.cut)) return undefined;
    return { text: `{${parts.map((part) => part!.text).join(', ')}}`, guards: [] };
  }
  const shape = low.shape(target.signal);
  const name = low.name(target.signal);
  const { type } = low.signal(target.signal);
  const { indices, part } = target;
  const guards: string[] = [];
  const element = type.kind === 'array' ? type.element : type;
  const whole = element.kind === 'vector' ? element.width : 1;
  if (indices) {
    if (linearElement(indices) === null) return undefined;
    for (const [i, index] of indices.entries()) {
      const guard = rangeGuard(index);
      // Past the end of the first dimension there is nothing that could be hit by mistake.
      if (guard && (shape === 'flat' || i > 0)) guards.push(exprText(guard, low));
    }
  }
  if (!part) {
    if (!indices) return { text: name, guards };
    if (shape === 'memory') return { text: `${name}[${memoryIndex(target.signal, indices, low)}]`, guards };
    const known = linearElement(indices);
    if (typeof known === 'number') return { text: `${name}${partRange(known * whole, whole, type)}`, guards };
    return {
      text: `${name}[${indexText(linearIndex(indices, whole), low, whole * countOf(type)).text} +: ${whole}]`,
      guards,
    };
  }
  const offset = numberOf(part.offset);
  if (offset !== undefined) {
    const [from, to] = [Math.max(0, offset), Math.min(whole, offset + part.width)];
    if (from >= to) return undefined;
    const cut = to - from < part.width ? { cut: { offset: from - offset, width: to - from } } : {};
    if (!indices) return { text: `${name}${partRange(from, to - from, type)}`, guards, ...cut };
    if (shape === 'memory') {
      const range = whole === 1 ? '' : partRange(from, to - from, element);
      return { text: `${name}[${memoryIndex(target.signal, indices, low)}]${range}`, guards, ...cut };
    }
    const known = linearElement(indices);
    if (typeof known === 'number')
      return { text: `${name}${partRange(known * whole + from, to - from, type)}`, guards, ...cut };
    const at = added(linearIndex(indices, whole), part.offset, from);
    return { text: `${name}[${indexText(at, low).text} +: ${to - from}]`, guards, ...cut };
  }
  if (part.offset.op === 'const') return undefined;
  const { text } = indexText(part.offset, low, isMultiple(part.offset, part.width) ? whole : undefined);
  const range = part.width === 1 ? `[${text}]` : `[${text} +: ${part.width}]`;
  if (!indices) {
    if (whole > 1) return { text: `${name}${range}`, guards };
    return { text: name, guards: [`${text} == 0`] };
  }
  if (shape === 'memory' && whole > 1) {
    return { text: `${name}[${memoryIndex(target.signal, indices, low)}]${range}`, guards };
  }
  // In the vector of all elements, what is past the end of an element is the next one.
  const guard = rangeGuard({ value: part.offset, size: whole - part.width + 1 });
  if (guard) {
    if (!isMultiple(part.offset, part.width) || whole % part.width !== 0) {
      low.refuse('A part of an element of this array, from an index on that may be out of range, cannot be lowered.');
    }
    guards.push(exprText(guard, low));
  }
  const known = linearElement(indices);
  const base = typeof known === 'number' ? constantOf(known * whole) : linearIndex(indices, whole);
  return { text: `${name}[${indexText(added(base, part.offset, undefined), low).text} +: ${part.width}]`, guards };
}

function constantOf(value: number): ir.Expr {
  const type: ir.VectorType = { kind: 'vector', width: 32, signed: true, fourState: true };
  return { op: 'const', type, value: { kind: 'vector', width: 32, signed: true, a: BigInt(value), b: 0n } };
}

/** The sum of two positions. */
function added(base: ir.Expr, offset: ir.Expr, known: number | undefined): ir.Expr {
  const width = Math.max(widthOf(base), widthOf(offset)) + 1;
  const type: ir.VectorType = { kind: 'vector', width, signed: true, fourState: true };
  const wide = (expr: ir.Expr): ir.Expr => ({
    op: 'resize',
    operand: expr,
    type: { ...type, signed: isVector(expr) && expr.type.signed },
  });
  const right = known === undefined ? offset : constantOf(known);
  return { op: 'binary', operator: 'add', left: wide(base), right: wide(right), type };
}

function countOf(type: ir.IrType): number {
  return type.kind === 'array' ? type.count : 1;
}

function partRange(offset: number, width: number, type: ir.IrType): string {
  const whole = widthOf({ op: 'signal', signal: 0, type });
  if (offset === 0 && width === whole) return '';
  return width === 1 ? `[${offset}]` : `[${offset + width - 1}:${offset}]`;
}

export function writeAssign(target: ir.LValue, value: ir.Expr, sign: '=' | '<=', writing: Writing, at: ir.At): void {
  const { low, text, indent } = writing;
  if (target.kind === 'concat' && !isPlain(target)) {
    writeParts(target, value, sign, writing, at);
    return;
  }
  const place = targetText(target, low);
  if (!place) return;
  let right: string;
  if (place.cut) {
    const { offset, width } = place.cut;
    const type: ir.VectorType = { kind: 'vector', width, signed: false, fourState: true };
    right = exprText({ op: 'select', base: value, offset: constantOf(offset), width, type }, low);
  } else right = exprText(value, low);
  const guard = place.guards.length === 0 ? '' : `if (${place.guards.join(' && ')}) `;
  text.put(`${indent}${guard}${place.text} ${sign} ${right};`, at);
}

/** Whether every part is surely there, and its place does not depend on what the parts before it were given. */
function isPlain(target: ir.LValue): boolean {
  if (target.kind === 'concat') return target.parts.every(isPlain);
  if (target.kind === 'item') return true;
  const { indices, part } = target;
  if (indices && typeof linearElement(indices) !== 'number') return false;
  if (!part) return true;
  const offset = numberOf(part.offset);
  return offset !== undefined && offset >= 0;
}

/** Part by part, from a copy of the value. */
function writeParts(
  target: Extract<ir.LValue, { kind: 'concat' }>,
  value: ir.Expr,
  sign: '=' | '<=',
  writing: Writing,
  at: ir.At,
): void {
  const { low, text, indent } = writing;
  const width = widthOf(value);
  const name = low.freshPlain('parts');
  writing.temporaries.push({ name, width });
  text.put(`${indent}${name} = ${exprText(value, low)};`, at);
  const write = (part: ir.LValue, offset: number): number => {
    if (part.kind === 'concat') return part.parts.reduceRight((from, inner) => write(inner, from), offset);
    const bits = part.kind === 'signal' && part.part ? part.part.width : widthOfType(part.type);
    const place = targetText(part, low);
    if (place) {
      const from = offset + (place.cut?.offset ?? 0);
      const taken = place.cut?.width ?? bits;
      const range = width === 1 ? '' : `[${from + taken - 1}:${from}]`;
      const guard = place.guards.length === 0 ? '' : `if (${place.guards.join(' && ')}) `;
      text.put(`${indent}${guard}${place.text} ${sign} ${name}${range};`, at);
    }
    return offset + bits;
  };
  write(target, 0);
}

function widthOfType(type: ir.IrType): number {
  return widthOf({ op: 'signal', signal: 0, type });
}

// ---------------------------------------------------------------------------------------------------------- Calls

function writeEval(expr: ir.Expr, writing: Writing, at: ir.At): void {
  if (expr.op === 'assign') writeAssign(expr.target, expr.value, '=', writing, at);
  else if (expr.op === 'call') writeCall(expr.subprogram, expr.args, writing, at);
  else if (expr.op === 'resize') writeEval(expr.operand, writing, at);
  else exprText(expr, writing.low);
}

/** A task, or a function called for its effects: the text has a task for it. */
function writeCall(id: ir.SubprogramId, args: readonly (ir.Expr | ir.LValue)[], writing: Writing, at: ir.At): void {
  const { low, text, indent } = writing;
  const subprogram = low.design.subprograms[id]!;
  if (subprogram.result !== undefined) {
    low.refuse(
      `The function "${subprogram.name}" is called without using its value.`,
      'Make it a task or a void function.',
    );
    return;
  }
  low.called.add(id);
  const texts = args.map((arg) => {
    if (!isLValue(arg)) return exprText(arg, low);
    const place = isPlain(arg) ? targetText(arg, low) : undefined;
    if (place && place.guards.length === 0 && !place.cut) return place.text;
    low.refuse(
      `An argument that "${subprogram.name}" gives back has a place that is not constant.`,
      'Pass a variable, and assign it afterwards.',
    );
    return "1'bx";
  });
  text.put(`${indent}${low.subprogramName(id)}${texts.length === 0 ? '' : `(${texts.join(', ')})`};`, at);
}

/** Tasks that only show or stop something: nothing of them is in a circuit. */
const WITHOUT_GATES =
  /^\$(f?(display|write|strobe|monitor)[bho]?|monitoron|monitoroff|dump\w+|finish|stop|fatal|error|warning|info|timeformat|printtimescale|fflush|assert\w*)$/;

function writeSystemTask({ name, args, at }: ir.StmtOf<'systask'>, { low, text, indent }: Writing): void {
  if (WITHOUT_GATES.test(name)) return;
  if (name === '$readmemh' || name === '$readmemb') {
    const [file, memory, ...rest] = args;
    const path = file?.kind === 'expr' ? textOf(file.expr) : undefined;
    const signal =
      memory?.kind === 'lvalue' && memory.target.kind === 'signal'
        ? memory.target.signal
        : memory?.kind === 'expr' && memory.expr.op === 'signal'
          ? memory.expr.signal
          : undefined;
    const bounds = rest.map((arg) => (arg.kind === 'expr' ? numberOf(arg.expr) : undefined));
    if (path !== undefined && signal !== undefined && low.shape(signal) === 'memory' && !bounds.includes(undefined)) {
      text.put(`${indent}${name}(${[JSON.stringify(path), low.name(signal), ...bounds].join(', ')});`, at);
      return;
    }
  }
  low.refuse(`"${name}" has no meaning for synthesis.`);
}

function textOf(expr: ir.Expr): string | undefined {
  if (expr.op === 'convert' || expr.op === 'resize') return textOf(expr.operand);
  if (expr.op !== 'const') return undefined;
  if (expr.value.kind === 'string') return expr.value.value;
  if (expr.value.kind !== 'vector' || expr.value.b !== 0n) return undefined;
  let text = '';
  for (let rest = expr.value.a; rest > 0n; rest >>= 8n) text = String.fromCharCode(Number(rest & 255n)) + text;
  return text;
}

// ------------------------------------------------------------------------------------------------- Cases and loops

function writeCase(stmt: ir.StmtOf<'case'>, writing: Writing): void {
  const { low, text, indent } = writing;
  const { subject, items, match } = stmt;
  const isConstant = (label: ir.CaseLabel) => label.kind === 'value' && label.value.op === 'const';
  const hasRanges = items.some((item) => item.labels.some((label) => label.kind === 'range'));
  const pattern = match === 'casez-eq' || match === 'casex-eq' || match === 'weq';
  if (!isVector(subject)) {
    low.refuse('A case of real numbers or strings has no meaning for synthesis.');
    return;
  }
  // As Yosys reads them (1800-2012 section 12.5.3).
  const attributes = [
    ...(stmt.check === 'unique' || stmt.check === 'priority' ? ['full_case'] : []),
    ...(stmt.check === 'unique' || stmt.check === 'unique0' ? ['parallel_case'] : []),
  ];
  const attribute = attributes.length === 0 ? '' : `(* ${attributes.join(', ')} *) `;
  // Ranges and patterns that are not constant: each item by its own condition.
  const byCondition = hasRanges || (pattern && !items.every((item) => item.labels.every(isConstant)));
  if (byCondition) text.put(`${indent}${attribute}case (1'b1)`, stmt.at);
  else {
    const word = match === 'casez-eq' || match === 'weq' ? 'casez' : match === 'casex-eq' ? 'casex' : 'case';
    text.put(`${indent}${attribute}${word} (${exprText(subject, low)})`, stmt.at);
  }
  const bodyOf = (labels: string, body: ir.Stmt | undefined, at: ir.At) => {
    text.put(`${indent}  ${labels}: begin`, at);
    writeStatements([body], inside(inside(writing)));
    text.put(`${indent}  end`);
  };
  for (const { labels, body } of items) {
    low.at = stmt.at;
    const texts = labels.map((label) =>
      byCondition
        ? conditionText(subject, label, match, low)
        : labelText((label as { value: ir.Expr }).value, match, low),
    );
    bodyOf(texts.join(', '), body, body?.at ?? stmt.at);
  }
  if (stmt.default) bodyOf('default', stmt.default, stmt.default.at);
  text.put(`${indent}endcase`);
}

function labelText(value: ir.Expr, match: ir.StmtOf<'case'>['match'], low: Lowering): string {
  if (value.op !== 'const' || value.value.kind !== 'vector') return exprText(value, low);
  const text = constantText(value.value.width, value.value.a, value.value.b);
  if (match === 'casez-eq') return text.replaceAll('z', '?');
  return match === 'weq' ? text.replaceAll(/[xz]/g, '?') : text;
}

function conditionText(
  subject: ir.Expr,
  label: ir.CaseLabel,
  match: ir.StmtOf<'case'>['match'],
  low: Lowering,
): string {
  const bit: ir.VectorType = { kind: 'vector', width: 1, signed: false, fourState: true };
  if (label.kind === 'range') {
    const compare = (operator: 'le' | 'ge', right: ir.Expr): string =>
      exprText({ op: 'binary', operator, left: subject, right, type: bit }, low);
    return `(${compare('ge', label.low)} && ${compare('le', label.high)})`;
  }
  if (match === 'ceq' || match === 'eq') {
    return exprText({ op: 'binary', operator: match, left: subject, right: label.value, type: bit }, low);
  }
  return matchText(subject, label.value, match === 'casez-eq' ? 'z' : 'xz', low);
}

function assignedSignal(stmt: ir.Stmt | undefined): { signal: ir.SignalId; value: ir.Expr } | undefined {
  const made = stmt?.op === 'eval' && stmt.expr.op === 'assign' ? stmt.expr : stmt?.op === 'assign' ? stmt : undefined;
  if (made?.target.kind !== 'signal' || made.target.indices || made.target.part) return undefined;
  return { signal: made.target.signal, value: made.value };
}

function writeFor(stmt: ir.StmtOf<'for'>, writing: Writing): void {
  const { low } = writing;
  // The one that is given a constant, looked at, and stepped counts the rounds; others go along.
  const steps = stmt.step.map(assignedSignal);
  const counter = stmt.init.findIndex((init) => {
    const made = assignedSignal(init);
    return made?.value.op === 'const' && steps.some((step) => step?.signal === made.signal);
  });
  const first = assignedSignal(stmt.init[counter]);
  const stepAt = steps.findIndex((step) => step?.signal === first?.signal);
  const step = steps[stepAt];
  if (!first || !step || !stmt.condition) {
    low.refuse(
      'This loop has no variable that counts its rounds from a constant on; synthesis must know how often it goes round.',
      'Write it as for (i = 0; i < N; i = i + 1).',
    );
    return;
  }
  writeFresh(stmt.autos, stmt.init, writing, stmt.at);
  writeStatements(
    stmt.init.filter((_, i) => i !== counter),
    writing,
  );
  low.at = stmt.at;
  const name = low.name(first.signal);
  const head = `for (${name} = ${exprText(first.value, low)}; ${exprText(stmt.condition, low)}; ${name} = ${exprText(step.value, low)})`;
  writeLoop(
    head,
    stmt.body,
    stmt.step.filter((_, i) => i !== stepAt),
    writing,
    stmt.at,
  );
}

/** `after` stands at the end of every round. */
function writeLoop(
  head: string,
  body: ir.Stmt | undefined,
  after: readonly ir.Stmt[],
  writing: Writing,
  at: ir.At,
): void {
  const { low, text, indent } = writing;
  const exits = exitsOf(body);
  const within: [Exit, string][] = [];
  if (exits.has('break')) within.push(['break', newFlag('loop.left', at, writing)]);
  text.put(`${indent}${head} begin`, at);
  let round = inside(writing, within);
  // Once the loop was left, the rounds that remain do nothing.
  const left = flagsOf(
    [...exits].filter((exit) => exit !== 'continue'),
    round,
  );
  for (const flag of left) low.readFlags.add(flag);
  if (left.length > 0) {
    text.put(`${round.indent}if (!(${left.join(' || ')})) begin`, at);
    round = inside(round);
  }
  const next = exits.has('continue') ? newFlag('loop.next', at, round) : undefined;
  writeStatements([body], next === undefined ? round : inside(round, [['continue', next]]));
  if (after.length > 0) {
    const guard = flagsOf(
      [...exits].filter((exit) => exit !== 'continue'),
      round,
    );
    for (const flag of guard) low.readFlags.add(flag);
    if (guard.length > 0) text.put(`${round.indent}if (!(${guard.join(' || ')})) begin`, at);
    writeStatements(after, inside(round));
    if (guard.length > 0) text.put(`${round.indent}end`);
  }
  if (left.length > 0) text.put(`${indent}  end`);
  text.put(`${indent}end`);
}

// ---------------------------------------------------------------------------------------------------- Declarations

/** Variables that stand for no register by themselves: Yosys makes no storage of them. */
export function temporaryLines(temporaries: readonly { name: string; width: number }[], outside: boolean): string[] {
  return temporaries.map(({ name, width }) => `${outside ? '(* nosync *) ' : ''}reg ${rangeText(width)}${name};`);
}
