import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GateNetlist } from '../gates/types.ts';
import { gateVerilog } from '../gates/verilog.ts';
import { parseLiberty } from '../liberty/read.ts';
import type { Library } from '../liberty/types.ts';
import { analyseTiming } from '../timing/analyse.ts';
import type { Constraints, TimingOptions } from '../timing/types.ts';
import { defaultSdc } from './default.ts';
import { readSdc } from './read.ts';
import { gates, smallLibrary } from './small.fixture.ts';
import { staConstraints, staScript } from './sta.ts';
import { writeSdc } from './write.ts';

const LIBERTY = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';
const STA = '/usr/bin/sta';

const design = (): GateNetlist =>
  gates({
    inputs: 'clk rst a[0] a[1] a[2] a[3] b',
    outputs: 'y[0] y[1] z w',
    cells: [
      'DFFSR r0 CLK=clk D=a[0] Q=y[0] R=rst S=b',
      'AND2X2 u1/g A=a[1] B=q Y=n1',
      'DFFPOSX1 u1/r1 CLK=clk D=n1 Q=y[1]',
      'DFFPOSX1 div CLK=clk D=nq Q=q',
      'INVX1 inv A=q Y=nq',
      'XOR2X1 x A=q B=y[0] Y=x1',
      'DFFPOSX1 r3 CLK=q D=x1 Q=z',
      'BUFX2 cb A=clk Y=cbuf',
      'DFFPOSX1 r4 CLK=cbuf D=x1 Q=w',
    ],
  });

const SCRIPTS = {
  default: defaultSdc(design(), 2),
  delays: `create_clock -name c -period 2 -waveform {0.2 1.0} [get_ports clk]
set_clock_latency -min 0.05 c
set_clock_latency -max 0.07 c
set_clock_uncertainty -setup 0.1 c
set_clock_uncertainty -hold 0.03 c
set_clock_transition 0.1 [all_clocks]
set_input_delay -max 0.5 -clock c [all_inputs -no_clocks]
set_input_delay -min 0.3 -clock c [all_inputs -no_clocks]
set_input_delay -max 0.9 -clock c -clock_fall -add_delay a[1]
set_output_delay 0.4 -clock c [all_outputs]
set_driving_cell -lib_cell INVX1 a
set_input_transition 0.2 b
set_load 0.05 y
set_false_path -from rst
set_max_delay 0.7 -from [get_ports a[0]] -to r0/D
set_case_analysis 1 a[3]`,
  clocks: `create_clock -name c -period 2 [get_ports clk]
create_generated_clock -name g -source [get_ports clk] -divide_by 2 [get_pins div/Q]
create_clock -name v -period 3
set_propagated_clock c
set_propagated_clock g
set_clock_uncertainty -from c -to g -setup 0.15
set_input_delay 0.5 -clock v {a b rst}
set_input_delay 0.1 -clock c -add_delay {a b rst}
set_output_delay 0.4 -clock v [all_outputs]
set_output_delay 0.2 -clock g -add_delay [all_outputs]
set_clock_groups -asynchronous -group {c g} -group v
set_false_path -hold -rise_from [get_ports a[0]]
set_min_delay 0.4 -to r4/D`,
};

/** All there is to write, beyond what the scripts above say. */
const REST = `create_clock -name {c 1} -period 8 -waveform {1 2 4 6} clk
create_clock -name d -add -period 3 [get_ports clk]
create_generated_clock -name e -master_clock d -source clk -edges {1 3 5} -edge_shift {0 0.1 0.2} [concat [get_ports z] [get_pins div/Q]]
create_generated_clock -name f -master_clock {c\\ 1} -source clk -multiply_by 4 -duty_cycle 30 -invert r3/Q
set_clock_latency -source -early -rise 0.1 d
set_clock_latency -rise 0.1 d
set_clock_transition -fall 0.2 d
set_input_delay -max -rise 0.3 b
set_driving_cell -lib_cell HAX1 -pin YS -from_pin A -input_transition_fall 0.1 a
set_input_transition -max 0.2 b
set_case_analysis 0 [get_pins u1/g/A]
set_case_analysis 1 rst
set_wire_load_model -name wl10
set_multicycle_path 3 -from [get_clocks d] -fall_through u1/g -through x/Y -rise_to [concat r0 y]
set_multicycle_path 2 -hold -start -to r3/D
set_clock_groups -physically_exclusive -group d -group e
set_clock_groups -asynchronous -group d`;

function constraintsOf(text: string, of: GateNetlist, library: Library): Constraints {
  const result = readSdc(text, of, library);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.constraints;
}

/** Without lines of the file, clocks by name. */
function bare(constraints: Constraints): unknown {
  const without = <T extends { line?: number }>({ line: _line, ...rest }: T) => rest;
  return {
    ...constraints,
    clocks: constraints.clocks.map(without).sort((a, b) => (a.name < b.name ? -1 : 1)),
    inputDelays: constraints.inputDelays.map(without),
    outputDelays: constraints.outputDelays.map(without),
    exceptions: constraints.exceptions.map(without),
  };
}

describe('constraints as text', () => {
  it.each([...Object.entries(SCRIPTS), ['rest', REST]])('read back the same: %s', (_name, text) => {
    const of = design();
    const constraints = constraintsOf(text, of, smallLibrary());
    expect(bare(constraintsOf(writeSdc(constraints, of), of, smallLibrary()))).toEqual(bare(constraints));
  });
});

describe.skipIf(!existsSync(STA) || !existsSync(LIBERTY))('a script for OpenSTA', () => {
  const options: TimingOptions = {
    inputSlewNs: 0.03,
    outputLoadPf: 0.006,
    paths: 30,
    wire: { basePf: 0.001, perFanoutPf: 0.002 },
  };

  /** The design with cells of the real library in place of those without delays. */
  function real(library: Library): GateNetlist {
    const of = design();
    for (const instance of of.instances) {
      const cell = library.cells.get(instance.cell.name)!;
      const pins = new Int32Array(cell.pins.length).fill(-3);
      for (const [i, pin] of instance.cell.pins.entries()) pins[cell.pinIndex.get(pin.name)!] = instance.pins[i]!;
      instance.cell = cell;
      instance.pins = pins;
    }
    return of;
  }

  it.each(Object.entries(SCRIPTS))('finds the slacks that the studio finds: %s', (_name, text) => {
    const parsed = parseLiberty(readFileSync(LIBERTY, 'utf8'));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { library } = parsed.value;
    const of = real(library);
    const constraints = constraintsOf(text, of, library);
    const folder = mkdtempSync(join(tmpdir(), 'sta-'));
    let printed: string;
    try {
      writeFileSync(join(folder, 'top.v'), gateVerilog(of, 'top'));
      writeFileSync(join(folder, 'top.sdc'), staConstraints(of, constraints, options));
      writeFileSync(
        join(folder, 'sta.tcl'),
        staScript(of, constraints, options, { liberty: LIBERTY, netlist: 'top.v', top: 'top', sdc: 'top.sdc' }),
      );
      printed = execFileSync(STA, ['-exit', 'sta.tcl'], {
        encoding: 'utf8',
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(printed).not.toMatch(/warning|error/i);
    const [setup, hold] = printed.split(/^---- (?:setup|hold|summary)$/m).slice(1, 3);
    const slacks = (part: string) => [...part.matchAll(/^ +(-?[\d.]+) +slack/gm)].map((match) => Number(match[1]));
    const { report } = analyseTiming(of, library, constraints, options);
    // Every slack of ours is one of OpenSTA's; it lists paths that begin at a clock pin without a clock besides.
    for (const [theirs, side] of [
      [slacks(setup!), 'setupSlackNs'],
      [slacks(hold!), 'holdSlackNs'],
    ] as const) {
      const ours = report.endpoints.flatMap((endpoint) => endpoint[side] ?? []);
      expect(ours.length).toBeGreaterThan(5);
      for (const slack of ours) {
        const nearest = theirs.reduce(
          (best, each) => (Math.abs(each - slack) < Math.abs(best - slack) ? each : best),
          Number.POSITIVE_INFINITY,
        );
        expect(Math.abs(nearest - slack), `${side} ${slack} among ${theirs.join(' ')}`).toBeLessThan(0.0011);
      }
    }
  });
});
