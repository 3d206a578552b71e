import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../verilog/run/simulate.fixture.ts';
import { identifier } from '../gates/verilog.ts';
import { studio45 } from '../studio45/index.ts';
import { evaluateExpr } from './expression.ts';
import { cellModels } from './models.ts';
import { parseLiberty } from './read.ts';
import type { BoolExpr, Library, LibraryCell } from './types.ts';

const OSU = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';
const IVERILOG = '/usr/bin/iverilog';
const STEPS = 120;

/** Inputs of a cell over time: each step changes one of them. */
function walk(inputs: number): number[] {
  const states = [0];
  let random = 12345;
  for (let step = 0; step < STEPS; step++) {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    states.push((states.at(-1) as number) ^ (1 << ((random >>> 16) % Math.max(1, inputs))));
  }
  return states;
}

function pinsOf(cell: LibraryCell, direction: 'input' | 'output'): string[] {
  return cell.pins.filter((pin) => pin.direction === direction).map(({ name }) => name);
}

/** What Liberty says of the outputs at each step: 0, 1, z, or ? where it leaves them open. */
function expected(cell: LibraryCell): string[] {
  const inputs = pinsOf(cell, 'input');
  const states: Record<string, 0 | 1 | undefined> = {};
  const { sequential } = cell;
  let before: number | undefined;
  return walk(inputs.length).map((now) => {
    const at = (state: number) => (name: string) => {
      const place = inputs.indexOf(name);
      if (place >= 0) return ((state >> place) & 1) as 0 | 1;
      const value = states[name];
      if (value === undefined) throw new Unknown();
      return value;
    };
    const value = (expr: BoolExpr, state = now): 0 | 1 | undefined => {
      try {
        return evaluateExpr(expr, at(state));
      } catch (thrown) {
        if (thrown instanceof Unknown) return undefined;
        throw thrown;
      }
    };
    if (sequential) {
      const { state, inverse, clear, preset, clearPreset } = sequential;
      const set = (to: 0 | 1 | undefined) => {
        states[state] = to;
        states[inverse] = to === undefined ? undefined : to === 1 ? 0 : 1;
      };
      const clears = clear && value(clear) === 1;
      const presets = preset && value(preset) === 1;
      if (clears && presets) {
        const forced = (text = 'X') => (text === 'L' ? 0 : text === 'H' ? 1 : undefined);
        states[state] = forced(clearPreset?.[0]);
        states[inverse] = forced(clearPreset?.[1]);
      } else if (clears) set(0);
      else if (presets) set(1);
      else if (sequential.kind === 'latch') {
        if (sequential.enable && sequential.dataIn && value(sequential.enable) === 1) set(value(sequential.dataIn));
      } else if (before !== undefined && value(sequential.clockedOn, before) === 0 && value(sequential.clockedOn) === 1)
        set(value(sequential.nextState));
    }
    before = now;
    return cell.pins
      .filter(({ direction }) => direction === 'output')
      .map((pin) =>
        pin.threeState && value(pin.threeState) === 1 ? 'z' : (value(pin.function as BoolExpr)?.toString() ?? '?'),
      )
      .join('');
  });
}

class Unknown extends Error {}

/** A bench that walks every cell; a line for each cell and step. */
function bench(library: Library): string {
  const cells = [...library.cells.values()];
  const items = cells.flatMap((cell, place) => {
    const inputs = pinsOf(cell, 'input');
    const outputs = pinsOf(cell, 'output');
    const width = Math.max(1, inputs.length);
    const pins = [
      ...inputs.map((name, bit) => `.${identifier(name)}(i${place}[${bit}])`),
      ...outputs.map((name, bit) => `.${identifier(name)}(o${place}[${outputs.length - 1 - bit}])`),
    ];
    return [
      `reg [${width - 1}:0] i${place}; wire [${outputs.length - 1}:0] o${place};`,
      `${identifier(cell.name)} c${place}(${pins.join(', ')});`,
      `initial begin ${walk(inputs.length)
        .map((state) => `i${place} = ${state}; #1 $display("${place} %b", o${place}); #1`)
        .join(' ')}; end`,
    ];
  });
  return `${cellModels(library).text}\nmodule tb;\n${items.join('\n')}\nendmodule\n`;
}

function byCell(text: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const line of text.trimEnd().split('\n')) {
    const [place, value = ''] = line.split(' ');
    const list = found.get(Number(place)) ?? [];
    list.push(value);
    found.set(Number(place), list);
  }
  return found;
}

function expectLiberty(library: Library, text: string): void {
  const found = byCell(text);
  [...library.cells.values()].forEach((cell, place) => {
    const wanted = expected(cell);
    const shown = found.get(place) ?? [];
    expect(shown.length, cell.name).toBe(wanted.length);
    // Where Liberty leaves a value open, that of the model stands.
    const open = shown.map((values, step) =>
      [...values].map((value, bit) => (wanted[step]?.[bit] === '?' ? '?' : value)).join(''),
    );
    expect(open, cell.name).toEqual(wanted);
    // The walk must not leave all open.
    expect(
      wanted.some((values) => !values.includes('?')),
      cell.name,
    ).toBe(true);
  });
}

function runNative(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  try {
    writeFileSync(join(folder, 't.v'), source);
    execFileSync(IVERILOG, ['-g2005', '-gspecify', '-s', 'tb', '-o', 't.vvp', 't.v'], { cwd: folder, stdio: 'pipe' });
    return execFileSync('vvp', ['-n', 't.vvp'], { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HAND = `library (hand) { delay_model : table_lookup; nom_voltage : 1; capacitive_load_unit (1, pf);
  cell (1MUX) { pin (1A, B, S) { direction : input; } pin ("Y[0]") { direction : output; function : "\\"1A\\" S' + B S"; } }
  cell (TRI) { pin (A, E) { direction : input; } pin (Y) { direction : output; function : "A'"; three_state : "!E"; } }
  cell (ADD) { pin (A, B, C) { direction : input; }
    pin (CO) { direction : output; function : "A B + A C + B C"; } pin (S) { direction : output; function : "A ^ B ^ C"; } }
  cell (ONE) { pin (A) { direction : input; } pin (Y) { direction : output; function : "1"; } }
  cell (FFB) { ff (IQ, IQN) { clocked_on : "CK' E"; next_state : "(D SI') + IQ SI"; preset : "S"; clear : "R'"; clear_preset_var1 : H; clear_preset_var2 : H; }
    pin (CK, E, D, SI, S, R) { direction : input; } pin (Q) { direction : output; function : "IQ"; } pin (QN) { direction : output; function : "IQN"; } }
  cell (LONE) { latch (L) { enable : "G"; data_in : "D"; } pin (D, G) { direction : input; } pin (Q) { direction : output; function : "L"; } }
  cell (ICG) { clock_gating_integrated_cell : "latch_posedge_precontrol";
    statetable ("CK E T", "M") { table : "L L L : - : L, L H - : - : H, L - H : - : H, H - - : - : N"; }
    pin (CK) { direction : input; clock_gate_clock_pin : true; } pin (E) { direction : input; clock_gate_enable_pin : true; }
    pin (T) { direction : input; clock_gate_test_pin : true; } pin (M) { direction : internal; internal_node : "M"; }
    pin (G) { direction : output; clock_gate_out_pin : true; state_function : "CK * M"; } }
}`;

function handMade(): Library {
  const read = parseLiberty(HAND, 'hand.lib');
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join(' '));
  return read.value.library;
}

describe('Verilog models of cells', () => {
  it("of the studio's library do what Liberty says", () => {
    const library = studio45('typical');
    expect(cellModels(library).missing).toEqual([]);
    expectLiberty(library, simulate(bench(library)).text);
  });

  it('know multiplexers, three-state drivers, adders, constants, odd names, gated clocks', () => {
    const library = handMade();
    expect(cellModels(library).missing).toEqual([]);
    expectLiberty(library, simulate(bench(library)).text);
  });

  it('are made of the cells that are asked for; what has no function is told', () => {
    const library = handMade();
    const { text, missing } = cellModels(library, new Set(['TRI']));
    expect(text.match(/^module .*/gm)).toEqual(['module TRI(A, E, Y);']);
    expect(missing).toEqual([]);
    (library.cells.get('TRI') as LibraryCell).unread.push('statetable');
    expect(cellModels(library, new Set(['TRI'])).missing).toEqual(['TRI']);
  });

  it.skipIf(!existsSync(OSU))('of the OSU library do what Liberty says', () => {
    const read = parseLiberty(readFileSync(OSU, 'utf8'), 'osu018.lib');
    if (!read.ok) throw new Error(read.problems[0]?.what);
    expectLiberty(read.value.library, simulate(bench(read.value.library)).text);
  });

  it.skipIf(!existsSync(IVERILOG))('run the same in Icarus', () => {
    for (const library of [studio45('typical'), handMade()]) {
      const source = bench(library);
      expect(byCell(runNative(source))).toEqual(byCell(simulate(source).text));
    }
  });
});
