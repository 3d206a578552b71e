import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../verilog/run/simulate.fixture.ts';
import { readSdf } from '../../verilog/sdf/read.ts';
import type { GateNetlist } from '../gates/types.ts';
import { gateVerilog } from '../gates/verilog.ts';
import { cellModels } from '../liberty/models.ts';
import { parseLiberty } from '../liberty/read.ts';
import type { Library } from '../liberty/types.ts';
import { readSdc } from '../sdc/read.ts';
import { analyseTiming } from '../timing/analyse.ts';
import { writeSdf } from './write.ts';

const IVERILOG = '/usr/bin/iverilog';

const constant = (kind: string, value: number) => `${kind} (scalar) { values ("${value}"); }`;
const delays = (rise: number, fall: number) =>
  [
    constant('cell_rise', rise),
    constant('cell_fall', fall),
    constant('rise_transition', 0.1),
    constant('fall_transition', 0.1),
  ].join(' ');

/** Cells of constant delays, in ns. */
const LIBERTY = `library (plain) { delay_model : table_lookup; time_unit : "1ns"; capacitive_load_unit (1, pf); nom_voltage : 1;
  cell (INV) { pin (A) { direction : input; } pin (Y) { direction : output; function : "A'"; timing () { related_pin : "A"; ${delays(0.12, 0.34)} } } }
  cell (XOR) { pin (A, B) { direction : input; } pin (Y) { direction : output; function : "A ^ B";
    timing () { related_pin : "A"; when : "B"; timing_sense : negative_unate; ${delays(0.2, 0.25)} }
    timing () { related_pin : "A"; when : "!B"; timing_sense : positive_unate; ${delays(0.3, 0.15)} }
    timing () { related_pin : "B"; ${delays(0.4, 0.45)} } } }
  cell (DFF) { ff (IQ, IQN) { clocked_on : "CK"; next_state : "D"; clear : "!RN"; }
    pin (CK) { direction : input; clock : true; min_pulse_width_high : 0.07; }
    pin (D) { direction : input; timing () { related_pin : "CK"; timing_type : setup_rising; ${constant('rise_constraint', 0.05)} ${constant('fall_constraint', 0.06)} } }
    pin (RN) { direction : input; min_pulse_width_low : 0.08;
      timing () { related_pin : "CK"; timing_type : recovery_rising; ${constant('rise_constraint', 0.01)} } }
    pin (Q) { direction : output; function : "IQ";
      timing () { related_pin : "CK"; timing_type : rising_edge; ${delays(0.5, 0.6)} }
      timing () { related_pin : "RN"; timing_type : clear; ${constant('cell_fall', 0.7)} } } }
  cell (TRI) { pin (A, E) { direction : input; } pin (Y) { direction : output; function : "A"; three_state : "!E";
    timing () { related_pin : "A"; ${delays(0.11, 0.13)} }
    timing () { related_pin : "E"; timing_type : three_state_enable; ${delays(0.21, 0.23)} }
    timing () { related_pin : "E"; timing_type : three_state_disable; ${delays(0.31, 0.33)} } } }
}`;

function library(): Library {
  const read = parseLiberty(LIBERTY, 'plain.lib');
  if (!read.ok) throw new Error(read.problems[0]?.what);
  return read.value.library;
}

const NETS = ['d', 'clk', 'rn', 'e', 'n1', 'x', 'q', 'y', 'z'];

/** q is a register of d inverted, xor-ed to q itself; z shows q while e is on. */
function netlist(of: Library): GateNetlist {
  const instance = (name: string, cellName: string, nets: Record<string, string>) => {
    const cell = of.cells.get(cellName);
    if (!cell) throw new Error(cellName);
    const pins = Int32Array.from(cell.pins.map((pin) => NETS.indexOf(nets[pin.name] ?? '')));
    return { name, cell, pins, module: 'top', scope: '' };
  };
  const port = (name: string, direction: 'input' | 'output') => ({ name, direction, net: NETS.indexOf(name) });
  return {
    top: 'top',
    nets: NETS.map((name) => ({ name, aliases: [name] })),
    ports: [
      ...['d', 'clk', 'rn', 'e'].map((name) => port(name, 'input')),
      ...['q', 'y', 'z'].map((name) => port(name, 'output')),
    ],
    instances: [
      instance('g1', 'INV', { A: 'd', Y: 'n1' }),
      instance('u_a/g2', 'XOR', { A: 'n1', B: 'q', Y: 'x' }),
      instance('ff', 'DFF', { D: 'x', CK: 'clk', RN: 'rn', Q: 'q' }),
      instance('u_a/u_b/_3_', 'INV', { A: 'q', Y: 'y' }),
      instance('t[0]', 'TRI', { A: 'q', E: 'e', Y: 'z' }),
    ],
  };
}

function sdfOf(design: GateNetlist, of: Library): string {
  const read = readSdc('create_clock -name clk -period 10 [get_ports clk]', design, of);
  if (!read.ok) throw new Error(read.problems[0]?.what);
  const timing = analyseTiming(design, of, read.value.constraints, {
    inputSlewNs: 0.1,
    outputLoadPf: 0.01,
    paths: 1,
    wire: { basePf: 0, perFanoutPf: 0 },
  });
  return writeSdf(design, timing, of.name);
}

const BENCH = `\`timescale 1ns/1ps
module tb;
  reg d = 0, clk = 0, rn = 1, e = 1;
  wire q, y, z;
  top dut(.d(d), .clk(clk), .rn(rn), .e(e), .q(q), .y(y), .z(z));
  initial $sdf_annotate("net.sdf", dut);
  initial begin
    $timeformat(-12, 0, "", 0);
    $monitor("%t %b%b%b", $realtime, q, y, z);
    #10 rn = 0;
    #10 rn = 1;
    #10 clk = 1;
    #10 clk = 0;
    #10 e = 0;
    #10 e = 1;
    #10 rn = 0;
    #10 e = 0;
    #10 e = 1;
    #10 $finish;
  end
endmodule
`;

function sources(design: GateNetlist, of: Library): string {
  return `${cellModels(of).text}\n\`timescale 1ns/1ps\n${gateVerilog(design, 'top')}\n${BENCH}`;
}

/** Of q, y and z, in ps: what the library's delays make of the bench. */
const HISTORY = [
  // rn falls at 10: q after 0.7, y rises 0.12 later, z falls 0.13 later.
  '10700 0xx',
  '10820 01x',
  '10830 010',
  // clk rises at 30 with d inverted, q low: q rises after 0.5; z after 0.11 more, y falls after 0.34.
  '30500 110',
  '30610 111',
  '30840 101',
  // e falls at 50: 1 to z after the disable of a fall; on again: z to 1 after the enable of a rise.
  '50330 10z',
  '60210 101',
  '70700 001',
  '70820 011',
  '70830 010',
  '80310 01z',
  '90230 010',
];

function history(text: string): string[] {
  return text.split('\n').filter((line) => /^\d+ [01xz]{3}$/.test(line) && Number(line.split(' ')[0]) > 10000);
}

describe('an SDF file of a timed netlist', () => {
  it('has the delays of its arcs and the times of its checks', () => {
    const of = library();
    const text = sdfOf(netlist(of), of);
    expect(text).toContain('(INSTANCE u_a\\/u_b\\/_3_)');
    expect(text).toContain('(INSTANCE t\\[0\\])');
    const three = (value: number) => `(${[value, value, value].map((each) => each.toFixed(6)).join(':')})`;
    expect(text).toContain(`(IOPATH (posedge CK) Q ${three(0.5)} ${three(0.6)})`);
    expect(text).toContain(`(IOPATH RN Q () ${three(0.7)})`);
    // What the state of the other input decides is told by least and most.
    expect(text).toContain('(IOPATH A Y (0.200000:0.300000:0.300000) (0.150000:0.250000:0.250000))');
    expect(text).toContain(`(IOPATH E Y ${[0.21, 0.23, 0.31, 0.21, 0.33, 0.23].map(three).join(' ')})`);
    for (const check of [
      '(SETUP (posedge D) (posedge CK) (0.050000))',
      '(SETUP (negedge D) (posedge CK) (0.060000))',
      '(RECOVERY (posedge RN) (posedge CK) (0.010000))',
      '(WIDTH (posedge CK) (0.070000))',
      '(WIDTH (negedge RN) (0.080000))',
    ])
      expect(text).toContain(check);
  });

  it('is read again in full', () => {
    const of = library();
    const read = readSdf(sdfOf(netlist(of), of), 'net.sdf');
    if (!read.ok) throw new Error(read.problems[0]?.what);
    expect(read.value.problems.map(({ severity }) => severity)).toEqual(['note']);
    expect(read.value.cells.map(({ instance }) => instance)).toEqual([
      ['g1'],
      ['u_a/g2'],
      ['ff'],
      ['u_a/u_b/_3_'],
      ['t[0]'],
    ]);
  });

  it("gives the cells' models the delays of the library, to the picosecond, whether the run asks for specify blocks or not", () => {
    const of = library();
    const design = netlist(of);
    for (const specify of [true, false]) {
      const { text, outcome } = simulate(sources(design, of), { specify }, { 'net.sdf': sdfOf(design, of) });
      expect(history(text)).toEqual(HISTORY);
      expect(outcome.warnings.filter(({ code }) => code === 'sdf-unmatched')).toEqual([]);
    }
  });

  it.skipIf(!existsSync(IVERILOG))('does the same in Icarus', () => {
    const of = library();
    const design = netlist(of);
    const folder = mkdtempSync(join(tmpdir(), 'sdf-'));
    try {
      writeFileSync(join(folder, 't.v'), sources(design, of));
      writeFileSync(join(folder, 'net.sdf'), sdfOf(design, of));
      execFileSync(IVERILOG, ['-g2005', '-gspecify', '-Ttyp', '-s', 'tb', '-o', 't.vvp', 't.v'], {
        cwd: folder,
        stdio: 'pipe',
      });
      expect(history(execFileSync('vvp', ['-n', 't.vvp'], { cwd: folder, encoding: 'utf8' }))).toEqual(HISTORY);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
