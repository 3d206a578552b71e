import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runYosys } from '@yowasp/yosys';
import { describe, expect, it } from 'vitest';
import { flattenGates } from '../synthesis/gates/flatten.ts';
import type { GateNetlist } from '../synthesis/gates/types.ts';
import { gateVerilog } from '../synthesis/gates/verilog.ts';
import { parseLiberty } from '../synthesis/liberty/read.ts';
import type { Library } from '../synthesis/liberty/types.ts';
import { readSdc } from '../synthesis/sdc/read.ts';
import { studio45, studio45Liberty } from '../synthesis/studio45/index.ts';
import { analyseTiming } from '../synthesis/timing/analyse.ts';
import { randomNetlist } from '../synthesis/timing/random-netlist.fixture.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';

const STA = '/usr/bin/sta';
const OSU = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';
const installed = existsSync(STA) && existsSync(OSU);
const options = { inputSlewNs: 0, outputLoadPf: 0, paths: 1, wire: { basePf: 0, perFanoutPf: 0 } };

/** The slack of every endpoint, by "MAX r1/D" and "MIN r1/D". */
function openSta(liberty: string, verilog: string, top: string, sdc: string): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'sta-'));
  try {
    writeFileSync(join(folder, 'cells.lib'), liberty);
    writeFileSync(join(folder, 'gates.v'), verilog);
    const checks = (side: string) =>
      `puts ${side.toUpperCase()}\nreport_checks -path_delay ${side} -group_count 100000 -format end -digits 6\n`;
    writeFileSync(
      join(folder, 'run.tcl'),
      `read_liberty cells.lib\nread_verilog gates.v\nlink_design ${top}\n${sdc}\n${checks('max')}${checks('min')}exit\n`,
    );
    const text = execFileSync(STA, ['-no_splash', '-exit', 'run.tcl'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const found = new Map<string, number>();
    let side = '';
    for (const line of text.split('\n')) {
      if (line === 'MAX' || line === 'MIN') side = line;
      if (/^Error/.test(line)) throw new Error(line);
      const match = /^(\S+) \(.*?\)\s+-?[\d.]+\s+-?[\d.]+\s+(-?[\d.]+) \((?:MET|VIOLATED)\)/.exec(line);
      if (!match) continue;
      const key = `${side} ${match[1]?.replaceAll('\\', '')}`;
      found.set(key, Math.min(found.get(key) ?? Number.POSITIVE_INFINITY, Number(match[2])));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every endpoint is timed by both or by neither, and its slacks differ by less than 1 % or 1 ps. Answers how many slacks there were. */
function agree(design: GateNetlist, library: Library, sdc: string, theirs: Map<string, number>): number {
  const read = readSdc(sdc, design, library);
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join('\n'));
  const { report } = analyseTiming(design, library, read.value.constraints, options);
  const wrong: string[] = [];
  let count = 0;
  for (const { name, setupSlackNs, holdSlackNs } of report.endpoints) {
    for (const [key, ours] of [
      [`MAX ${name}`, setupSlackNs],
      [`MIN ${name}`, holdSlackNs],
    ] as const) {
      const other = theirs.get(key) ?? null;
      theirs.delete(key);
      if (ours === null && other === null) continue;
      count++;
      if (ours === null || other === null || Math.abs(ours - other) > Math.max(0.001, 0.01 * Math.abs(other))) {
        wrong.push(`${key}: ours ${ours}, theirs ${other}`);
      }
    }
  }
  wrong.push(...[...theirs.keys()].map((key) => `${key}: theirs only`));
  expect(wrong.slice(0, 10)).toEqual([]);
  return count;
}

const IO = 'set_input_delay 0.5 -clock clk [get_ports IN]\nset_output_delay 0.4 -clock clk [all_outputs]\n';

async function mapped(sources: Record<string, string>, top: string): Promise<YosysNetlist> {
  let text = '';
  const decoder = new TextDecoder();
  const reads = Object.keys(sources).map((name) => `read_verilog -sv ${name}`);
  const script = [
    ...reads,
    `synth -top ${top} -flatten`,
    'dfflibmap -liberty cells.lib',
    'abc -liberty cells.lib',
    'opt_clean',
    'rename -enumerate -pattern _%_',
    'tee -q -o out.txt stat',
    'write_json',
  ];
  await runYosys(
    ['-q', 'run.ys'],
    { ...sources, 'cells.lib': readFileSync(OSU, 'utf8'), 'run.ys': script.join('\n') },
    {
      stdout: (bytes) => {
        if (bytes) text += decoder.decode(bytes, { stream: true });
      },
      stderr: null,
    },
  );
  return JSON.parse(text.slice(text.indexOf('{\n  "creator"'))) as YosysNetlist;
}

describe.skipIf(!installed)('against OpenSTA', () => {
  const liberty = installed ? readFileSync(OSU, 'utf8') : '';
  const osu = () => {
    const read = parseLiberty(liberty);
    if (!read.ok) throw new Error('The OSU library cannot be read.');
    return read.value.library;
  };
  const designed = async (sources: Record<string, string>, top: string, library: Library) => {
    const flat = flattenGates(await mapped(sources, top), library);
    if (!flat.ok) throw new Error(flat.problems.map(({ what }) => what).join('\n'));
    return flat.value;
  };

  it('times a mapped design of the gallery alike', { timeout: 60_000 }, async () => {
    const file = new URL('./examples/traffic-light/traffic_light.sv', import.meta.url);
    const sources = { 'traffic_light.sv': readFileSync(file, 'utf8') };
    const library = osu();
    const design = await designed(sources, 'traffic_light', library);
    const inputs = design.ports.filter(({ name, direction }) => direction === 'input' && name !== 'clk');
    const verilog = gateVerilog(design, 'traffic_light');
    const base = `create_clock -name clk -period 2 [get_ports clk]\n${IO.replace('IN', `{${inputs.map(({ name }) => name).join(' ')}}`)}`;
    for (const sdc of [
      base,
      `${base}set_clock_uncertainty 0.1 [get_clocks clk]\nset_clock_transition 0.15 [get_clocks clk]\nset_load 0.05 [all_outputs]\nset_driving_cell -lib_cell INVX2 [get_ports {${inputs[0]?.name}}]\n`,
    ]) {
      expect(agree(design, library, sdc, openSta(liberty, verilog, 'traffic_light', sdc))).toBeGreaterThan(30);
    }
  });

  it('times several clocks, generated and chosen ones, resets and exceptions alike', { timeout: 60_000 }, async () => {
    const source = `module two(input clk, clkb, rst_n, input [3:0] a, output reg [3:0] q, output [3:0] o);
      reg [3:0] r, s, g, h; reg div;
      always @(posedge clk or negedge rst_n) if (!rst_n) r <= 0; else r <= a + s;
      always @(posedge clkb) s <= r ^ {r[0], r[3:1]} + q;
      always @(negedge clk) q <= s + r;
      always @(posedge clk) div <= !div;
      always @(posedge div) g <= r + h;
      always @(posedge clk) h <= g & ~a;
      assign o = h ^ g;
    endmodule`;
    const library = osu();
    const design = await designed({ 'two.v': source }, 'two', library);
    const verilog = gateVerilog(design, 'two');
    const owner = (net: string, type: RegExp) =>
      design.instances.find(
        ({ cell, pins }) =>
          type.test(cell.name) && design.nets[pins[cell.pinIndex.get('Q') ?? -1] as number]?.name === net,
      )?.name;
    const divider = owner('div', /^DFF/);
    const base = `create_clock -name clk -period 4 [get_ports clk]
      create_clock -name clkb -period 6 -waveform {1 3} [get_ports clkb]
      create_generated_clock -name div -source [get_ports clk] -divide_by 2 [get_pins ${divider}/Q]
      set_input_delay -max 0.5 -clock clk [get_ports a*]
      set_input_delay -min 0.1 -clock clk [get_ports a*]
      set_input_delay 0.3 -clock clkb -clock_fall [get_ports rst_n]
      set_output_delay -max 0.7 -clock clkb [all_outputs]
      set_output_delay -min -0.2 -clock clkb [all_outputs]
    `;
    const variants = [
      base,
      `${base}set_propagated_clock [all_clocks]\nset_input_transition 0.3 [all_inputs]\nset_clock_latency -source 0.4 [get_clocks clkb]\n`,
      `${base}set_clock_uncertainty 0.15 [get_clocks clk]\nset_clock_uncertainty -setup 0.2 -from [get_clocks clk] -to [get_clocks clkb]
        set_clock_latency 0.5 [get_clocks clk]
        set_multicycle_path 2 -setup -start -from [get_clocks clk] -to [get_clocks clkb]
        set_multicycle_path 1 -hold -from [get_clocks clkb] -to [get_clocks clk]
        set_max_delay 1.2 -from [get_ports a*] -to [get_ports o*]
        set_min_delay 0.7 -from [get_clocks clk] -to [get_clocks clkb]
        set_max_delay 1 -from [get_ports rst_n]\n`,
      `${base}set_false_path -rise_from [get_clocks clk] -fall_to [get_clocks clk]
        set_multicycle_path 3 -setup -rise_from [get_ports {a[2]}]
        set_false_path -through [get_pins ${owner('q[1]', /^DFFNEG/)}/Q]
        set_false_path -fall_to [get_ports {o[1]}]
        set_clock_groups -asynchronous -group {clk div} -group {clkb}\n`,
    ];
    for (const sdc of variants) {
      expect(agree(design, library, sdc, openSta(liberty, verilog, 'two', sdc))).toBeGreaterThan(10);
    }
  });

  it('times a thousand random gates of the studio library alike', { timeout: 60_000 }, () => {
    const library = studio45('typical');
    const design = randomNetlist(library, 1000, 11, 12);
    const sdc = `create_clock -name clk -period 1 [get_ports clk]\n${IO.replaceAll('0.5', '0.1').replaceAll('0.4', '0.1').replace('IN', 'in*')}`;
    const theirs = openSta(studio45Liberty('typical'), gateVerilog(design, 'random'), 'random', sdc);
    expect(agree(design, library, sdc, theirs)).toBeGreaterThan(150);
  });
});
