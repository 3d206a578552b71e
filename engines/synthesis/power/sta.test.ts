/** Against OpenSTA 2.0, where it is installed, on the cells of OSU 0.18 um. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gateVerilog } from '../gates/verilog.ts';
import { parseLiberty } from '../liberty/read.ts';
import { analyseTiming } from '../timing/analyse.ts';
import { activitiesOf } from './activity.ts';
import { analysePower } from './analyse.ts';
import { clock, constraints, netlist } from './gates.fixture.ts';

const LIBRARY = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';
const present = existsSync('/usr/bin/sta') && existsSync(LIBRARY);

describe('OpenSTA', () => {
  it.skipIf(!present)('has the same leakage and switching power of every cell at one rate', () => {
    const read = parseLiberty(readFileSync(LIBRARY, 'utf8'));
    if (!read.ok) throw new Error(read.problems[0]?.what);
    const { library } = read.value;
    const cells = Object.fromEntries(library.cells);
    const design = netlist(
      'clk a b c d : y z',
      [
        'u1 INVX1 A=a Y=n1',
        'u2 NAND2X1 A=n1 B=b Y=n2',
        'u3 AND2X2 A=n2 B=c Y=n3',
        'u4 XOR2X1 A=n3 B=d Y=n4',
        'u5 AOI21X1 A=n4 B=n1 C=d Y=n5',
        'u6 OAI22X1 A=n5 B=n2 C=n3 D=a Y=n6',
        'f1 DFFPOSX1 D=n6 CLK=clk Q=q',
        'u7 BUFX2 A=q Y=y',
        'u8 INVX4 A=q Y=n8',
        'f2 DFFPOSX1 D=n8 CLK=clk Q=z',
      ],
      cells,
    );
    const given = constraints([clock('clk', 10)]);
    const timing = analyseTiming(design, library, given, {
      inputSlewNs: 0.1,
      outputLoadPf: 0.02,
      paths: 1,
      wire: { basePf: 0, perFanoutPf: 0 },
    });
    const activities = activitiesOf(design, given, { mode: 'default', inputToggles: 0.1, inputProbability: 0.5 });
    const report = analysePower(design, library, activities, timing);

    const folder = mkdtempSync(join(tmpdir(), 'power-'));
    try {
      writeFileSync(join(folder, 'top.v'), gateVerilog(design, 'top'));
      const script = [
        `read_liberty ${LIBRARY}`,
        'read_verilog top.v',
        'link_design top',
        'create_clock -name clk -period 10 [get_ports clk]',
        // Without a clock of their own, inputs have no rate.
        'set_input_delay -clock clk 0 [get_ports {a b c d}]',
        'set_input_transition 0.1 [all_inputs]',
        'set_load 0.02 [all_outputs]',
        'set_power_activity -global -activity 0.1',
        'report_power -instances [get_cells *] -digits 8',
      ];
      writeFileSync(join(folder, 'run.tcl'), `${script.join('\n')}\n`);
      const printed = execFileSync('/usr/bin/sta', ['-exit', 'run.tcl'], { cwd: folder, encoding: 'utf8' });
      const rows = [...printed.matchAll(/^ *(\S+e\S+) +(\S+e\S+) +(\S+e\S+) +(\S+e\S+) +(\w+)$/gm)];
      expect(rows).toHaveLength(design.instances.length);
      for (const [, internal, switching, leakage, , name] of rows) {
        const own = report.byInstance.find((one) => one.name === name)!;
        expect(own.leakageNw / (Number(leakage) * 1e9), `leakage of ${name}`).toBeCloseTo(1, 5);
        // It takes the load of rising edges, we the mean of both edges: in this library they differ by less than two per cent.
        expect(Math.abs(own.switchingUw / (Number(switching) * 1e6) - 1), `switching of ${name}`).toBeLessThan(0.02);
        // Version 2.0 adds the energies of rise and fall, and of all inputs of a gate, for each toggle; later ones take means, as we do.
        const ratio = (Number(internal) * 1e6) / own.internalUw;
        expect(ratio, `internal power of ${name}`).toBeGreaterThan(1);
        expect(ratio, `internal power of ${name}`).toBeLessThan(5);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
