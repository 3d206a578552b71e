import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { flattenGates } from './gates/flatten.ts';
import { parseLiberty } from './liberty/read.ts';
import type { Library } from './liberty/types.ts';
import { abcArgument, type MapGoal } from './map-script.ts';
import { readSdc } from './sdc/read.ts';
import { studio45, studio45Liberty } from './studio45/index.ts';
import { analyseTiming } from './timing/analyse.ts';
import { runYosys } from './yosys.ts';
import type { YosysNetlist } from './yosys-json.ts';

const DESIGNS: Record<string, string> = {
  adder: 'module top (input [7:0] a, b, output [8:0] y);\n  assign y = a + b;\nendmodule\n',
  compare: 'module top (input [7:0] a, b, output less, equal);\n  assign less = a < b, equal = a == b;\nendmodule\n',
  choose: 'module top (input [15:0] a, input [3:0] s, output y);\n  assign y = a[s];\nendmodule\n',
  product: 'module top (input [3:0] a, b, output [7:0] y);\n  assign y = a * b;\nendmodule\n',
};

/** Without a driving cell ABC begins at inputs with a slew of 0; so does the analysis here. */
interface Compared {
  abcPs: number;
  oursPs: number;
}

async function compare(source: string, liberty: string, library: Library, goal: MapGoal): Promise<Compared> {
  const LOAD_FF = 5;
  let netlist: YosysNetlist | undefined;
  const run = await runYosys({
    script: [
      'read_verilog top.v',
      'synth -flatten -noabc -top top',
      `abc -liberty cells.lib -constr load.constr -D 500 -script ${abcArgument(goal)}`,
      'opt_clean',
      'write_json',
      '',
    ].join('\n'),
    files: { 'top.v': source, 'cells.lib': liberty, 'load.constr': `set_load ${LOAD_FF}\n` },
    onDocument(text) {
      netlist = JSON.parse(text);
      return undefined;
    },
  });
  const delays = run.log.flatMap((line) => /WireLoad = .*Delay =\s*([\d.]+) ps/.exec(line)?.[1] ?? []);
  if (!netlist || delays.length === 0) throw new Error(run.log.slice(-5).join('\n'));
  const design = flattenGates(netlist, library);
  if (!design.ok) throw new Error(JSON.stringify(design.problems));
  const sdc = readSdc(
    'create_clock -name v -period 100\nset_output_delay 0 -clock v [all_outputs]\nset_input_delay 0 -clock v [all_inputs]\n',
    design.value,
    library,
  );
  if (!sdc.ok) throw new Error(JSON.stringify(sdc.problems));
  const { report } = analyseTiming(design.value, library, sdc.value.constraints, {
    inputSlewNs: 0,
    outputLoadPf: LOAD_FF / 1000,
    paths: 1,
    wire: { basePf: 0, perFanoutPf: 0 },
  });
  return { abcPs: Number(delays.at(-1)), oursPs: 1000 * (report.summary.criticalPathNs ?? Number.NaN) };
}

const OSU = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';

describe('timing, against `stime` of ABC on the netlist that ABC timed', () => {
  for (const [name, source] of Object.entries(DESIGNS)) {
    it(`${name}: within 3 % under the studio's cells`, async () => {
      for (const goal of ['area', 'balanced', 'delay'] as const) {
        const { abcPs, oursPs } = await compare(source, studio45Liberty('typical'), studio45('typical'), goal);
        expect(Math.abs(oursPs / abcPs - 1), `${goal}: ${oursPs} ps, ABC ${abcPs} ps`).toBeLessThan(0.03);
      }
    }, 60_000);

    it.skipIf(!existsSync(OSU))(
      `${name}: within 3 % under OSU 0.18 um`,
      async () => {
        const text = readFileSync(OSU, 'utf8');
        const read = parseLiberty(text, 'osu018.lib');
        if (!read.ok) throw new Error('not read');
        const { abcPs, oursPs } = await compare(source, text, read.value.library, 'balanced');
        expect(Math.abs(oursPs / abcPs - 1), `${oursPs} ps, ABC ${abcPs} ps`).toBeLessThan(0.03);
      },
      60_000,
    );
  }
});
