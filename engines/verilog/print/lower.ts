/**
 * The elaborated design as plain Verilog (1364-2005) in one flat module, as a synthesis tool reads it: what simulates also synthesises, and
 * means the same. Source lines are kept by `line` directives.
 */
import { ok, type Problem, type Result } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import { readsOfStmt } from '../ir/walk.ts';
import { bitsOf, escapedName, Lowering, rangeText } from './lower-context.ts';
import { type Exit, temporaryLines, type Writing, writeFresh, writeStatements } from './lower-statement.ts';
import { isVariable, writeInitialValues, writeProcess, writeStructure } from './lower-structure.ts';
import { LoweredText } from './lower-text.ts';

export interface Lowered {
  text: string;
  /** The module's name: the top's. */
  top: string;
  /** What was left out. */
  notes: Problem[];
}

export interface LowerOptions {
  /** How `line` directives name a file; without blanks. Default: as the design does. */
  fileName?(path: string): string;
}

/**
 * Lowers all that is below an instance at the top. The module has the top's name and its ports in the order of their declaration (arrays as one
 * vector, element 0 lowest). Signals keep their hierarchical names ("u1.count"). Delays are left out with a note; what has no
 * meaning for synthesis is an error 'not-synthesisable' with its place.
 */
export function lowerDesign(design: ir.Design, top: ir.ScopeId, options: LowerOptions = {}): Result<Lowered> {
  const low = new Lowering(design, top);
  const { name, at, signals } = low.top;
  const ports = signals.map((id) => design.signals[id]!).filter(({ port }) => port !== undefined);

  const body = new LoweredText();
  const temporaries: Writing['temporaries'] = [];
  const writing: Writing = { low, text: body, indent: '  ', exits: new Map(), temporaries };
  for (const port of ports) {
    low.shape(port.id);
    const canon = low.plan.canon[port.id]!;
    low.declared.add(canon);
  }
  writeStructure(low, body);
  for (const process of design.processes) writeProcess(process, low, writing);
  const subprograms = writeSubprograms(low);
  const initials = new LoweredText();
  writeInitialValues(low, { ...writing, text: initials });

  const portNames = new Map<ir.SignalId, string>();
  const head = new LoweredText();
  const aliases = new LoweredText();
  for (const port of ports) {
    const canon = low.plan.canon[port.id]!;
    const own = low.name(port.id);
    const shown = [...portNames.values()].includes(own) ? low.fresh(port.name) : own;
    portNames.set(port.id, shown);
    // Two ports that are one net: the second one follows.
    if (shown !== own)
      aliases.put(`  assign ${port.port === 'input' ? `${own} = ${shown}` : `${shown} = ${own}`};`, port.at);
    if (port.port === 'ref') low.refuse('A port by reference has no meaning for synthesis.', undefined, port.at);
    low.declared.delete(canon);
  }
  head.put(`module ${escapedName(name)}(${[...portNames.values()].join(', ')});`, at);
  for (const port of ports) {
    const shown = portNames.get(port.id)!;
    const range = rangeText(bitsOf(port.type) ?? 1);
    head.put(`  ${port.port} ${range}${shown};`, port.at);
    if (shown === low.name(port.id) && isVariable(port.id, low)) head.put(`  reg ${range}${shown};`, port.at);
    low.declared.delete(low.plan.canon[port.id]!);
  }
  for (const id of low.declared) head.put(`  ${declaration(id, low)}`, design.signals[id]!.at);
  for (const line of temporaryLines(
    temporaries.filter(({ width }) => width > 0),
    true,
  ))
    head.put(`  ${line}`);
  for (const edge of temporaries) if (edge.width === 0) head.put(`  wire ${edge.name};`);
  for (const lines of low.helpers.values()) for (const line of lines) head.put(`  ${line}`, at);

  const { problems } = low;
  if (problems.length > 0) return { ok: false, problems: [...problems, ...low.notes] };
  const { fileName = (path) => path } = options;
  const text = [head, subprograms, initials, aliases, body]
    .map((part) => part.render(low.readFlags, fileName))
    .join('');
  return ok({ text: `${text}endmodule\n`, top: name, notes: low.notes });
}

/** A signal within the module. */
function declaration(id: ir.SignalId, low: Lowering): string {
  const signal = low.design.signals[id]!;
  const { type } = signal;
  const name = low.name(id);
  if (low.shape(id) === 'memory' && type.kind === 'array' && type.element.kind === 'vector') {
    const [dim] = type.dims;
    const bounds = type.dims.length === 1 && dim ? `[${dim.left}:${dim.right}]` : `[0:${type.count - 1}]`;
    return `reg ${rangeText(type.element.width)}${name}${name.endsWith(' ') ? '' : ' '}${bounds};`;
  }
  const range = rangeText(bitsOf(type) ?? 1);
  const kind = low.plan.netKind[id];
  if (kind === 'tri0' || kind === 'tri1' || kind === 'trireg') {
    low.refuse(`A net of the kind ${kind} has no meaning for synthesis.`, undefined, signal.at);
  }
  if (isVariable(id, low)) {
    const temporary = signal.automatic || low.use.counters.has(id);
    return `${temporary ? '(* nosync *) ' : ''}reg ${range}${name};`;
  }
  return `${kind === 'wand' || kind === 'wor' ? kind : 'wire'} ${range}${name};`;
}

/** Functions and tasks that are called, and those that they call. */
function writeSubprograms(low: Lowering): LoweredText {
  const text = new LoweredText();
  const written = new Set<ir.SubprogramId>();
  for (const id of low.called) {
    if (written.has(id)) continue;
    written.add(id);
    writeSubprogram(low.design.subprograms[id]!, low, text);
  }
  return text;
}

function writeSubprogram(subprogram: ir.Subprogram, low: Lowering, text: LoweredText): void {
  const { id, ports, result, at } = subprogram;
  const isTask = result === undefined;
  const before = low.inside;
  low.inside = subprogram;
  low.at = at;
  const body = new LoweredText();
  const temporaries: Writing['temporaries'] = [];
  const writing: Writing = { low, text: body, indent: '    ', exits: new Map(), temporaries };
  const flag = low.freshPlain(`${low.pathOf(subprogram.scope)}.left`);
  temporaries.push({ name: flag, width: 1 });
  body.put(`    ${flag} = 1'b0;`, at, flag);
  const inputs = new Set(ports.filter(({ direction }) => direction !== 'output').map(({ signal }) => signal));
  const list = subprogram.body.op === 'block' ? subprogram.body.body : [subprogram.body];
  writeFresh(
    subprogram.autos.filter((signal) => !inputs.has(signal)),
    list,
    writing,
    at,
  );
  writeStatements([subprogram.body], {
    ...writing,
    exits: new Map<Exit, string>([
      ['return', flag],
      [`disable ${subprogram.scope}`, flag],
    ]),
  });
  const name = low.subprogramName(id);
  const rangeOf = (signal: ir.SignalId) => rangeText(bitsOf(low.signal(signal).type) ?? 1);
  text.put(`  ${isTask ? 'task' : `function ${rangeOf(result)}`}${isTask ? ' ' : ''}${name};`, at);
  for (const { signal, direction } of ports) {
    low.shape(signal);
    if (direction === 'ref') low.refuse('An argument by reference has no meaning for synthesis.');
    text.put(`    ${direction === 'ref' ? 'inout' : direction} ${rangeOf(signal)}${low.name(signal)};`, at);
  }
  if (!isTask && ports.length === 0) text.put(`    input ${low.fresh('unused')};`, at);
  const own = new Set(ports.map(({ signal }) => signal));
  for (const signal of low.design.signals) {
    if (low.ownerOf(signal.scope) !== id || own.has(signal.id) || signal.id === result) continue;
    if (bitsOf(signal.type) === undefined || (low.shape(signal.id) !== 'vector' && low.shape(signal.id) !== 'flat'))
      continue;
    text.put(`    reg ${rangeOf(signal.id)}${low.name(signal.id)};`, signal.at);
  }
  for (const line of temporaryLines(temporaries, false)) text.put(`    ${line}`, at);
  text.put('    begin', at);
  text.append(body);
  text.put('    end');
  text.put(isTask ? '  endtask' : '  endfunction');
  low.inside = before;
  if (callsItself(id, low, new Set()))
    low.refuse(`"${subprogram.name}" calls itself, which has no meaning for synthesis.`, 'Write it as a loop.', at);
}

/** Whether a subprogram reaches itself through calls. */
function callsItself(id: ir.SubprogramId, low: Lowering, seen: Set<ir.SubprogramId>, from = id): boolean {
  const found: ir.SubprogramId[] = [];
  const { subprograms } = low.design;
  readsOfStmt(subprograms[from]!.body, (called) => found.push(called));
  for (const called of found) {
    if (called === id) return true;
    if (seen.has(called)) continue;
    seen.add(called);
    if (callsItself(id, low, seen, called)) return true;
  }
  return false;
}
