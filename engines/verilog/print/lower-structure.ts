/** Assignments, gates, primitives, links and procedures of the flat module. */
import type * as ir from '../ir/types.ts';
import type { Lowering } from './lower-context.ts';
import { exprText, partText, widthOf } from './lower-expression.ts';
import { type Writing, writeAssign, writeStatements } from './lower-statement.ts';
import type { LoweredText } from './lower-text.ts';

/** A constant part of a net as Verilog. */
export function netText({ signal, element, offset, width }: ir.NetPart, low: Lowering): string {
  low.shape(signal);
  const { type } = low.signal(signal);
  const stride = type.kind === 'array' && type.element.kind === 'vector' ? type.element.width : 0;
  const whole = widthOf({ op: 'signal', signal, type });
  const vector: ir.VectorType = { kind: 'vector', width: whole, signed: false, fourState: true };
  return partText({ op: 'signal', signal, type: vector }, (element ?? 0) * stride + offset, width, low);
}

/**
 * Drives parts all the time. Where a procedure assigns other parts of the same variable, this is a procedure, too: plain Verilog has no
 * variable that is both.
 */
function drive(
  target: readonly ir.NetPart[],
  value: string,
  constant: boolean,
  at: ir.At,
  low: Lowering,
  text: LoweredText,
) {
  const parts = target.map((part) => netText(part, low));
  const left = parts.length === 1 ? parts[0]! : `{${parts.join(', ')}}`;
  const mixed = target.map(({ signal }) => isVariable(signal, low));
  if (!mixed.includes(true)) text.put(`  assign ${left} = ${value};`, at);
  else if (mixed.includes(false))
    low.refuse('This drives both a net and a variable that procedures assign.', undefined, at);
  else {
    // `always @*` never starts where nothing can change.
    if (constant) text.put(`  initial ${left} = ${value};`, at);
    text.put(`  always @* ${left} = ${value};`, at);
  }
}

/** Declared as a `reg`. */
export function isVariable(signal: ir.SignalId, low: Lowering): boolean {
  return low.use.assigned.has(low.plan.canon[signal]!);
}

export function writeStructure(low: Lowering, text: LoweredText): void {
  const { design, plan } = low;
  for (const { from, to, at } of plan.flows) {
    low.at = at;
    drive([to], netText(from, low), false, at, low, text);
  }
  for (const { left, right, at } of plan.joins) {
    low.at = at;
    low.refuse(
      `"${design.signals[left.signal]!.name}" and "${design.signals[right.signal]!.name}" are parts of nets that are driven from both sides.`,
      'Connect whole nets, or give the ports a direction.',
    );
  }
  for (const assign of design.assigns) {
    const { at, value, reads } = assign;
    low.at = at;
    ignored(assign, low);
    drive(assign.target, exprText(value, low), reads.length === 0, at, low, text);
  }
  for (const gate of design.gates) writeGate(gate, low, text);
  for (const { at, kind } of design.switches) {
    low.refuse(`A switch (${kind}) has no meaning for synthesis.`, 'Describe what it does by assignments.', at);
  }
  for (const instance of design.udpInstances) writePrimitive(instance, low, text);
  design.signals.forEach((signal) => {
    const kind = plan.netKind[signal.id];
    if (plan.canon[signal.id] !== signal.id || (kind !== 'supply0' && kind !== 'supply1')) return;
    const width = widthOf({ op: 'signal', signal: signal.id, type: signal.type });
    text.put(`  assign ${low.name(signal.id)} = {${width}{1'b${kind === 'supply1' ? 1 : 0}}};`, signal.at);
  });
}

function ignored(
  { delay, strength, at }: { delay?: unknown; strength?: ir.DriveStrength; at: ir.At },
  low: Lowering,
): void {
  if (delay !== undefined) low.note('delay-ignored', 'The delay is left out: synthesis knows no delays.', at);
  if (strength && (strength.zero !== 6 || strength.one !== 6)) {
    low.note('strength-ignored', 'The strength is left out: synthesis knows no strengths.', at);
  }
}

function writeGate(gate: ir.Gate, low: Lowering, text: LoweredText): void {
  const { at, inputs, outputs } = gate;
  low.at = at;
  ignored(gate, low);
  const texts = inputs.map((input) => exprText(input, low));
  const joined = (operator: string) => texts.join(` ${operator} `);
  const [data = "1'bx", control = "1'bx", second = "1'bx"] = texts;
  let value: string;
  switch (gate.gate) {
    case 'and':
      value = joined('&');
      break;
    case 'or':
      value = joined('|');
      break;
    case 'xor':
      value = joined('^');
      break;
    case 'nand':
      value = `~(${joined('&')})`;
      break;
    case 'nor':
      value = `~(${joined('|')})`;
      break;
    case 'xnor':
      value = `~(${joined('^')})`;
      break;
    case 'buf':
      value = data;
      break;
    case 'not':
      value = `~${data}`;
      break;
    case 'bufif1':
    case 'nmos':
    case 'rnmos':
      value = `${control} ? ${data} : 1'bz`;
      break;
    case 'bufif0':
    case 'pmos':
    case 'rpmos':
      value = `${control} ? 1'bz : ${data}`;
      break;
    case 'notif1':
      value = `${control} ? ~${data} : 1'bz`;
      break;
    case 'notif0':
      value = `${control} ? 1'bz : ~${data}`;
      break;
    case 'cmos':
    case 'rcmos':
      value = `(${control} || !${second}) ? ${data} : 1'bz`;
      break;
    default:
      low.refuse(`A ${gate.gate} has no meaning for synthesis.`);
      return;
  }
  const constant = gate.reads.length === 0;
  for (const output of outputs) drive([output], value, constant, at, low, text);
}

/** A combinational user-defined primitive as a choice among its rows (1364-2005 section 8). */
function writePrimitive(instance: ir.UdpInstance, low: Lowering, text: LoweredText): void {
  const { at, inputs, output } = instance;
  const table = low.design.udps[instance.table]!;
  low.at = at;
  ignored(instance, low);
  if (table.sequential) {
    low.refuse(
      `"${table.name}" is a primitive with a state, which has no meaning for synthesis.`,
      'Write it as a module.',
    );
    return;
  }
  const helper = low.helper(`primitive.${table.name}`, (own) => [
    `function ${own};`,
    `  input [${table.inputs - 1}:0] value;`,
    '  casez (value)',
    ...table.rows.flatMap((row) => {
      const symbols = row.inputs.map((symbol) => (/^[?bB]$/.test(symbol) ? '?' : symbol));
      // What only x matches never happens in a circuit.
      return symbols.every((symbol) => /^[01?]$/.test(symbol))
        ? [`    ${table.inputs}'b${symbols.join('')}: ${own} = 1'b${row.output.toLowerCase()};`]
        : [];
    }),
    `    default: ${own} = 1'bx;`,
    '  endcase',
    'endfunction',
  ]);
  const value = `${helper}({${inputs.map((input) => exprText(input, low)).join(', ')}})`;
  drive([output], value, instance.reads.length === 0, at, low, text);
}

// ------------------------------------------------------------------------------------------------------ Procedures

export function writeInitialValues(low: Lowering, writing: Writing): void {
  for (const signal of low.design.signals) {
    if (
      !signal.init ||
      signal.automatic ||
      low.ownerOf(signal.scope) !== undefined ||
      !low.declared.has(low.plan.canon[signal.id]!)
    )
      continue;
    low.at = signal.at;
    const { type, id, init } = signal;
    if (type.kind === 'array' && init.op === 'items' && low.shape(id) === 'memory') {
      const items = flatItems(init);
      items.forEach((value, i) => {
        const indices = [{ value: indexOf(i), size: type.count }];
        initial({ kind: 'signal', signal: id, indices, type: type.element }, value, signal.at, writing);
      });
    } else initial({ kind: 'signal', signal: id, type }, init, signal.at, writing);
  }
}

function flatItems(expr: ir.Expr): ir.Expr[] {
  return expr.op === 'items' ? expr.items.flatMap(flatItems) : [expr];
}

function indexOf(value: number): ir.Expr {
  const type: ir.VectorType = { kind: 'vector', width: 32, signed: true, fourState: true };
  return { op: 'const', type, value: { kind: 'vector', width: 32, signed: true, a: BigInt(value), b: 0n } };
}

function initial(target: ir.LValue, value: ir.Expr, at: ir.At, writing: Writing): void {
  writeAssign(target, value, '=', { ...writing, indent: '  initial ' }, at);
}

export function writeProcess(process: ir.Process, low: Lowering, writing: Writing): void {
  const { text } = writing;
  low.at = process.at;
  const body = (head: string, stmt: ir.Stmt | undefined) => {
    text.put(`  ${head} begin`, process.at);
    writeStatements([stmt], { ...writing, indent: '    ' });
    text.put('  end');
  };
  switch (process.kind) {
    case 'final':
      return;
    case 'initial':
      if (hasEffect(process.body)) body('initial', process.body);
      return;
    case 'always_comb':
    case 'always_latch':
      if (hasEffect(process.body)) body(`(* \\${process.kind}  *) always @*`, process.body);
      return;
    case 'always':
    case 'always_ff': {
      const wait = firstWait(process.body);
      if (!wait) {
        low.refuse(
          'This procedure does not begin by waiting for an edge or a change, which has no meaning for synthesis.',
          'Begin it with @(posedge clock) or @*.',
        );
        return;
      }
      if (!wait.body || !hasEffect(wait.body)) return;
      const attribute = process.kind === 'always_ff' ? '(* \\always_ff  *) ' : '';
      const events = eventText(wait, low, writing);
      if (events !== undefined) body(`${attribute}always ${events}`, wait.body);
    }
  }
}

function firstWait(stmt: ir.Stmt): ir.StmtOf<'wait-event'> | undefined {
  if (stmt.op === 'wait-event') return stmt;
  if (stmt.op !== 'block') return undefined;
  const [first, ...rest] = stmt.body;
  if (!first || (stmt.autos?.length ?? 0) > 0) return undefined;
  const wait = firstWait(first);
  if (!wait || rest.length === 0) return wait;
  // `always begin @(posedge clk); a <= b; end`
  return { ...wait, body: { op: 'block', body: wait.body ? [wait.body, ...rest] : rest, at: stmt.at } };
}

/** Whether a statement does anything but show and check. */
function hasEffect(stmt: ir.Stmt | undefined): boolean {
  if (!stmt) return false;
  switch (stmt.op) {
    case 'block':
      return stmt.body.some(hasEffect);
    case 'if':
      return hasEffect(stmt.then) || hasEffect(stmt.else);
    case 'systask':
      return !/^\$(f?(display|write|strobe|monitor)[bho]?|monitoron|monitoroff|dump\w+|finish|stop|fatal|error|warning|info|timeformat|printtimescale|fflush)$/.test(
        stmt.name,
      );
    case 'delay':
      return hasEffect(stmt.body);
    case 'assert':
      return false;
    default:
      return true;
  }
}

function eventText(wait: ir.StmtOf<'wait-event'>, low: Lowering, { text, temporaries }: Writing): string | undefined {
  if (wait.star || wait.items.every((item) => item.edge === undefined && item.what.kind === 'expr' && !item.iff))
    return '@*';
  const parts: string[] = [];
  for (const { what, edge, iff } of wait.items) {
    if (what.kind === 'event') {
      low.refuse('Named events have no meaning for synthesis.');
      return undefined;
    }
    if (iff || edge === 'edge') {
      low.refuse(
        iff
          ? 'An event with a condition (iff) has no meaning for synthesis.'
          : 'Waiting for both edges has no meaning for synthesis.',
        iff ? 'Write the condition as an if within the procedure.' : 'Wait for posedge or negedge.',
      );
      return undefined;
    }
    if (!edge) {
      low.refuse(
        'A procedure that waits for edges and for changes has no meaning for synthesis.',
        'Wait for edges alone.',
      );
      return undefined;
    }
    let signal = partText(what.expr, 0, 1, low);
    if (what.expr.op !== 'signal' || widthOf(what.expr) !== 1) {
      const name = low.fresh('edge');
      temporaries.push({ name, width: 0 });
      text.put(`  assign ${name} = ${signal};`, wait.at);
      signal = name;
    }
    parts.push(`${edge} ${signal}`);
  }
  return `@(${parts.join(' or ')})`;
}
