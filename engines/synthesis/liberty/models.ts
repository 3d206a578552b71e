import { identifier } from '../gates/verilog.ts';
import { pinsOf, verilogOf } from './expression.ts';
import type { BoolExpr, FlipFlop, Latch, Library, LibraryCell, LibraryPin } from './types.ts';

/**
 * Verilog models of a library's cells, by their functions: what a simulator needs to run a mapped netlist. Each has a specify block with a
 * path per timing arc, of no delay until an SDF file annotates one. Cells whose function the library does not tell have no model.
 * @param only names of the cells that are wanted; all when left out
 */
export function cellModels(library: Library, only?: ReadonlySet<string>): { text: string; missing: string[] } {
  const missing: string[] = [];
  const parts: string[] = ['`timescale 1ns/1ps\n'];
  for (const cell of library.cells.values()) {
    if (only && !only.has(cell.name)) continue;
    const text = model(cell);
    if (text === undefined) missing.push(cell.name);
    else parts.push(text);
  }
  return { text: parts.join('\n'), missing };
}

function model(cell: LibraryCell): string | undefined {
  const body = plain(cell) ?? clockGate(cell);
  if (!body) return undefined;
  const pins = cell.pins.filter(({ direction }) => direction !== 'internal');
  const lines = [`module ${identifier(cell.name)}(${pins.map(({ name }) => identifier(name)).join(', ')});`];
  for (const { direction, name } of pins) lines.push(`  ${direction} ${identifier(name)};`);
  lines.push(...body.map((line) => `  ${line}`));
  const paths = specify(cell);
  if (paths.length > 0) lines.push('  specify', ...paths.map((path) => `    ${path}`), '  endspecify');
  lines.push('endmodule', '');
  return lines.join('\n');
}

function plain(cell: LibraryCell): string[] | undefined {
  if (cell.unread.length > 0) return undefined;
  const lines: string[] = [];
  const { sequential } = cell;
  if (sequential?.kind === 'ff') lines.push(...flipFlop(sequential));
  else if (sequential) lines.push(...latch(sequential));
  for (const pin of cell.pins) {
    if (pin.direction !== 'output' && pin.direction !== 'inout') continue;
    if (!pin.function) {
      if (pin.direction === 'inout') continue;
      return undefined;
    }
    lines.push(drive(pin, pin.function));
  }
  return lines;
}

function drive(pin: LibraryPin, of: BoolExpr): string {
  const value = verilog(of);
  const driven = pin.threeState ? `${verilog(pin.threeState)} ? 1'bz : ${value}` : value;
  return `assign ${identifier(pin.name)} = ${driven};`;
}

/** What a state and its inverse become when clear and preset are both active. */
const BOTH: Record<string, string> = { L: "1'b0", H: "1'b1" };

/**
 * Registers begin unknown, as they are when power comes on. A netlist may never leave that state although its source does: gates lose what a
 * reset says of unknown values. Where the macro CROSSBAR_START is defined (0 or 1), registers begin with it.
 */
const KEPT = ['reg kept_;', '`ifdef CROSSBAR_START', 'initial kept_ = `CROSSBAR_START;', '`endif'];

function flipFlop({ state, inverse, clockedOn, nextState, clear, preset, clearPreset }: FlipFlop): string[] {
  const lines = [...KEPT, `wire clock_ = ${verilog(clockedOn)};`];
  const events = ['posedge clock_'];
  let body = `kept_ <= ${verilog(nextState)};`;
  if (preset) {
    lines.push(`wire preset_ = ${verilog(preset)};`);
    events.push('posedge preset_');
    body = `if (preset_) kept_ <= 1'b1; else ${body}`;
  }
  if (clear) {
    lines.push(`wire clear_ = ${verilog(clear)};`);
    events.push('posedge clear_');
    body = `if (clear_) kept_ <= 1'b0; else ${body}`;
  }
  lines.push(`always @(${events.join(' or ')}) ${body}`);
  // Clear goes first; once it is gone a preset that is still there holds.
  if (clear && preset) lines.push("always @(negedge clear_) if (preset_) kept_ <= 1'b1;");
  return [...lines, ...visible(state, inverse, clear && preset && 'clear_ && preset_', clearPreset)];
}

function latch({ state, inverse, enable, dataIn, clear, preset, clearPreset }: Latch): string[] {
  const lines = [...KEPT];
  let body = enable && dataIn ? `if (${verilog(enable)}) kept_ = ${verilog(dataIn)};` : ';';
  if (preset) body = `if (${verilog(preset)}) kept_ = 1'b1; else ${body}`;
  if (clear) body = `if (${verilog(clear)}) kept_ = 1'b0; else ${body}`;
  lines.push(`always @* ${body}`);
  return [
    ...lines,
    ...visible(state, inverse, clear && preset && `${verilog(clear)} && ${verilog(preset)}`, clearPreset),
  ];
}

/** The state's variables, as functions name them. */
function visible(state: string, inverse: string, both: string | undefined, clearPreset: [string, string] | undefined) {
  const during = (index: 0 | 1) => BOTH[clearPreset?.[index] ?? 'X'] ?? "1'bx";
  const wire = (name: string, index: 0 | 1, value: string): string[] =>
    name === '' ? [] : [`wire ${identifier(name)} = ${both ? `(${both}) ? ${during(index)} : ` : ''}${value};`];
  return [...wire(state, 0, 'kept_'), ...wire(inverse, 1, '~kept_')];
}

/**
 * A clock gate by its attribute alone, where the library gives no functions: an and (or an or) of the clock and an enable that a latch holds
 * while the clock is active; the test pin joins before the latch, with `_postcontrol` behind it.
 */
function clockGate(cell: LibraryCell): string[] | undefined {
  const role = (wanted: LibraryPin['clockGateRole']) => cell.pins.find(({ clockGateRole }) => clockGateRole === wanted);
  const [clock, enable, test, out] = [role('clock'), role('enable'), role('test'), role('out')];
  const kind = cell.clockGate ?? '';
  const outputs = cell.pins.filter(({ direction }) => direction === 'output');
  if (!clock || !enable || !out || outputs.length > 1 || !/^(?:latch|none)_(?:posedge|negedge)/.test(kind))
    return undefined;
  const ck = identifier(clock.name);
  const behind = test && kind.includes('postcontrol');
  const wanted = test && !behind ? `(${identifier(enable.name)} | ${identifier(test.name)})` : identifier(enable.name);
  const rising = kind.includes('posedge');
  const lines: string[] = [];
  let held = wanted;
  if (kind.startsWith('latch')) {
    lines.push('reg held_;', `always @* if (${rising ? `!${ck}` : ck}) held_ = ${wanted};`);
    held = 'held_';
  }
  if (behind) held = `(${held} | ${identifier(test.name)})`;
  lines.push(`assign ${identifier(out.name)} = ${rising ? `${ck} & ${held}` : `${ck} | ~${held}`};`);
  return lines;
}

/** One path for each pair of pins with a delay. */
function specify(cell: LibraryCell): string[] {
  const found = new Map<string, string>();
  for (const pin of cell.pins) {
    if (pin.direction !== 'output') continue;
    for (const { relatedPin, type } of pin.arcs) {
      const key = `${relatedPin} ${pin.name}`;
      if (found.has(key) || !(type.startsWith('combinational') || DELAYS.has(type))) continue;
      const [from, to] = [identifier(relatedPin), identifier(pin.name)];
      const edge = type === 'rising_edge' ? 'posedge' : type === 'falling_edge' ? 'negedge' : undefined;
      const data = edge && dataOf(cell);
      found.set(
        key,
        edge && data ? `(${edge} ${from} => (${to} : ${identifier(data)})) = (0, 0);` : `(${from} => ${to}) = (0, 0);`,
      );
    }
  }
  return [...found.values()];
}

const DELAYS: ReadonlySet<string> = new Set([
  'rising_edge',
  'falling_edge',
  'preset',
  'clear',
  'three_state_enable',
  'three_state_disable',
]);

/** An input that the next state depends on: the standard asks for one beside the edge. */
function dataOf({ sequential, pins }: LibraryCell): string | undefined {
  const of = sequential?.kind === 'ff' ? sequential.nextState : sequential?.dataIn;
  const [name] = of ? pinsOf(of).filter((each) => pins.some((pin) => pin.name === each)) : [];
  return name;
}

function verilog(expr: BoolExpr): string {
  return `(${verilogOf(expr, identifier)})`;
}
