import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { YosysCell, YosysModule } from '../yosys-json.ts';
import { pairOf, scriptName } from './pair.ts';
import { prepareDesign } from './prepare.ts';
import { resetInputs } from './reset.ts';
import { boundedScript, structuralScript } from './scripts.ts';
import { readTrace } from './trace.ts';

function cell(type: string, connections: YosysCell['connections'], parameters: Record<string, string> = {}): YosysCell {
  const outputs = new Set(['Y', 'Q']);
  const port_directions = Object.fromEntries(
    Object.keys(connections).map((port) => [port, outputs.has(port) ? ('output' as const) : ('input' as const)]),
  );
  return { hide_name: 1, type, parameters, attributes: {}, port_directions, connections };
}

/** Ports: clk (2), rst (3), d (4) in, q (5) out. */
function moduleOf(cells: YosysCell[], init?: string): YosysModule {
  const port = (direction: 'input' | 'output', bit: number) => ({ direction, bits: [bit] });
  const ports = { clk: port('input', 2), rst: port('input', 3), d: port('input', 4), q: port('output', 5) };
  return {
    attributes: {},
    ports,
    cells: Object.fromEntries(cells.map((each, index) => [`$${index}`, each])),
    netnames: {
      ...Object.fromEntries(
        Object.entries(ports).map(([name, { bits }]) => [name, { hide_name: 0 as const, bits, attributes: {} }]),
      ),
      r: { hide_name: 0, bits: [5], attributes: init === undefined ? {} : { init } },
    },
  };
}

const RISING = { CLK_POLARITY: '1', WIDTH: '1' };
const flipFlop = cell('$dff', { CLK: [2], D: [4], Q: [5] }, RISING);

describe('a design that is made ready', () => {
  it('has one clock where registers share it and nothing else reads it', () => {
    const design = prepareDesign('top', moduleOf([flipFlop], '1'));
    expect(design.clocks).toEqual([{ port: 'clk', edge: 'rising' }]);
    expect(design.registers.find(({ name }) => name === 'r')).toEqual({ name: 'r', width: 1, init: '1' });
    expect(pairOf(design, design, 'zero').clock).toEqual({ port: 'clk', edge: 'rising' });
    const falling = prepareDesign('top', moduleOf([cell('$dff', flipFlop.connections, { CLK_POLARITY: '0' })]));
    expect(pairOf(design, falling, 'zero').model).toBe('moments');
    const read = prepareDesign('top', moduleOf([cell('$dff', { CLK: [2], D: [2], Q: [5] }, RISING)]));
    expect(pairOf(read, read, 'zero').model).toBe('moments');
    const wire = prepareDesign('top', moduleOf([cell('$not', { A: [4], Y: [5] })]));
    expect(pairOf(wire, wire, 'zero').model).toBe('combinational');
  });

  it('follows x only where something gives it', () => {
    const unknowns = (...cells: YosysCell[]) => prepareDesign('top', moduleOf(cells)).unknowns;
    expect(unknowns(flipFlop)).toBe(false);
    expect(unknowns(cell('$mux', { A: ['x'], B: [4], S: [3], Y: [5] }))).toBe(true);
    // Net 9 has no driver.
    expect(unknowns(cell('$and', { A: [9], B: [4], Y: [5] }))).toBe(true);
    expect(unknowns(cell('$div', { A: [4], B: [3], Y: [5] }))).toBe(true);
    expect(unknowns(cell('$div', { A: [4], B: ['1', '1'], Y: [5] }))).toBe(false);
    // One of two bits is always inside, one of three not.
    const select = (width: number) => cell('$shiftx', { A: Array<number>(width).fill(4), B: [3], Y: [5] });
    expect(unknowns(select(2))).toBe(false);
    expect(unknowns(select(1))).toBe(true);
  });

  it('refuses what the solver would pass over', () => {
    const codes = (...cells: YosysCell[]) => prepareDesign('top', moduleOf(cells)).obstacles.map(({ code }) => code);
    expect(codes(flipFlop)).toEqual([]);
    expect(codes(flipFlop, cell('$not', { A: [4], Y: [5] }))).toEqual(['several-drivers']);
    expect(codes(cell('ip', { A: [4], Y: [5] }))).toEqual(['black-box']);
    expect(codes(cell('$tribuf', { A: [4], EN: [3], Y: [5] }))).toEqual(['three-state']);
    expect(codes(cell('$anyconst', { Y: [5] }))).toEqual(['no-proof-model']);
  });

  it('knows resets by name, and their level by the registers', () => {
    const names = ['rst', 'rst_n', 'reset', 'aresetn', 'sys_rst_ni', 'nreset', 'i_rst', 'restart', 'first', 'burst'];
    const design = prepareDesign('top', moduleOf([]));
    const ports = Object.fromEntries(
      names.map((name, bit) => [name, { direction: 'input' as const, bits: [10 + bit] }]),
    );
    const found = resetInputs([{ ...design, module: { ...design.module, ports } }]);
    expect(found.map(({ port, active }) => `${port}=${active}`)).toEqual([
      'rst=1',
      'rst_n=0',
      'reset=1',
      'aresetn=0',
      'sys_rst_ni=0',
      'nreset=0',
      'i_rst=1',
    ]);
    const low = cell('$adff', { CLK: [2], ARST: [3], D: [4], Q: [5] }, { ...RISING, ARST_POLARITY: '0' });
    expect(resetInputs([prepareDesign('top', moduleOf([low]))])).toEqual([{ port: 'rst', active: '0' }]);
  });
});

describe('scripts', () => {
  it('search in two values where no x is made, and from the stated start', () => {
    const design = prepareDesign('top', moduleOf([flipFlop]));
    const script = (start: 'zero' | 'any' | 'reset') =>
      boundedScript(pairOf(design, design, start), { depth: 8, timeLimitS: 1, start }, 8)
        .script.trim()
        .split('\n')
        .at(-1);
    const shown = '-show-inputs -show-outputs';
    const sat = (maxsteps: number) => `sat -tempinduct -tempinduct-baseonly -maxsteps ${maxsteps} -prove trigger 0`;
    expect(script('zero')).toBe(`${sat(8)} -set-init-zero ${shown} miter`);
    const free = '-show gold.q -show gold.r -show gate.q -show gate.r';
    expect(script('any')).toBe(`${sat(8)} -set-at 1 gold.q gate.q -set-at 1 gold.r gate.r ${shown} ${free} miter`);
    expect(script('reset')).toBe(`${sat(7)} -set-at 1 in_rst 1 -seq 1 ${shown} ${free} miter`);
  });

  it('search the first steps before they look back', () => {
    const design = prepareDesign('top', moduleOf([flipFlop], '0'));
    const spec = { depth: 8, timeLimitS: 1, start: 'zero' } as const;
    const { script, reach, files } = structuralScript(pairOf(design, design, 'zero'), spec, {
      history: 4,
      unmatched: ['r'],
    });
    const at = (text: string) => script.indexOf(text);
    expect(at('-maxsteps 4 -prove-asserts')).toBeGreaterThan(at('equiv_simple -seq 0'));
    expect(at('equiv_induct -seq 4')).toBeGreaterThan(at('-maxsteps 4 -prove-asserts'));
    expect(reach).toBe(4);
    expect(files['unmatched.txt']).toBe('\\r\n');
  });

  it('name different signals differently', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', '_', 'x', '2', 'e', '.', ' ', ',', '_gold', '_gate'),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(scriptName(a) === scriptName(b)).toBe(a === b);
        expect(scriptName(a)).toMatch(/^[\w.$[\]]+$/);
        expect(scriptName(a)).not.toMatch(/_(?:gold|gate)$/);
      }),
    );
  });
});

describe('a model that was printed', () => {
  it('is read with slices and without the start row', () => {
    const lines = [
      'SAT temporal induction proof finished - model found for base case: FAIL!',
      '  Time Signal Name        Dec       Hex           Bin',
      '  ---- ---------- ----------- --------- -------------',
      '  init \\gold.r [5:0]       0         0        000000',
      '  ---- ---------- ----------- --------- -------------',
      '     1 \\in_d               --        --            1x',
      '  ---- ---------- ----------- --------- -------------',
      '     2 \\in_d                1         1            01',
      '',
      'End of script.',
    ];
    expect(readTrace(lines)?.steps.map((step) => [...step])).toEqual([[['in_d', '1x']], [['in_d', '01']]]);
    expect(readTrace(lines.slice(2))).toBeUndefined();
  });
});
