import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { native } from './native.ts';
import { designOf, exampleOf, inlineJob } from './testing.ts';
import type { RtlSlice } from './types.ts';

const OSU = '/usr/share/qflow/tech/osu018/osu018_stdcells.lib';
const has = (...programs: string[]) => programs.every((program) => existsSync(`/usr/bin/${program}`));

async function filesOf(slice: RtlSlice): Promise<{ files: Record<string, Uint8Array>; bytes: Uint8Array }> {
  const result = await native(slice, inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { files: unzipSync(result.value.bytes), bytes: result.value.bytes };
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** What `make` prints in a folder of these files. */
function make(files: Record<string, Uint8Array>, ...goals: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'native-'));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return execFileSync('make', ['-s', ...goals], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the native way out', () => {
  it('holds sources, netlist, library, constraints and scripts, and is the same bytes every time', {
    timeout: 60_000,
  }, async () => {
    const slice = await exampleOf('counter');
    const { files, bytes } = await filesOf(slice);
    const bench = slice.files.find((file) => file.role === 'bench')!.path;
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'counter.v',
        bench,
        'map.ys',
        'studio45_typical.lib',
        'constraints.sdc',
        'sta.tcl',
        'mapped/netlist.v',
        'mapped/timing.v',
        'mapped/netlist.sdf',
        'mapped/cells.v',
        'mapped/used.sdc',
        'Makefile',
        'README.txt',
      ]),
    );
    expect(text(files['constraints.sdc'])).toContain('create_clock -name clk -period 2 [get_ports {clk}]');
    expect(text(files['mapped/used.sdc'])).toContain('set_input_transition 0.02 [get_ports {enable}]');
    expect(text(files['map.ys'])).toContain('studio45_typical.lib');
    expect((await filesOf(slice)).bytes).toEqual(bytes);
  });

  it('gives way to files of the same names, and quotes what a Makefile would take apart', {
    timeout: 60_000,
  }, async () => {
    const module = 'module top(input clk, input d, output reg q); always @(posedge clk) q <= d; endmodule';
    const slice = designOf({ Makefile: 'mine', 'top.v': module }, { sdc: 'create_clock -period 3 [get_ports clk]' });
    slice.files.push({
      path: "it's a $bench.v",
      text: 'module tb; top u(1\'b0, 1\'b0, ); initial $display("ran"); endmodule',
      role: 'bench',
    });
    const { files } = await filesOf(slice);
    expect(text(files.Makefile)).toBe('mine');
    expect(text(files['crossbar-Makefile'])).toContain(`'it'\\''s a $$bench.v'`);
    expect(text(files['constraints.sdc'])).toBe('create_clock -period 3 [get_ports clk]');
  });

  it('says what is wrong with constraints and paths', { timeout: 60_000 }, async () => {
    const module = 'module top(input clk, input d, output reg q); always @(posedge clk) q <= d; endmodule';
    const wrong = await native(
      designOf({ 'top.v': module }, { sdc: 'create_clock -period 3 [get_ports ck]' }),
      inlineJob(),
    );
    expect(!wrong.ok && wrong.problems[0]).toMatchObject({
      code: 'sdc-no-object',
      where: { file: 'constraints.sdc', line: 1 },
    });
    const outside = designOf({ 'top.v': module });
    outside.files.push({ path: '../tb.v', text: '', role: 'bench' });
    const result = await native(outside, inlineJob());
    expect(!result.ok && result.problems[0]!.code).toBe('native-path');
  });

  /** Our worst slacks, as the README has them, are those that OpenSTA prints. */
  function agrees(files: Record<string, Uint8Array>): void {
    const readme = text(files['README.txt']);
    const ours = (name: string) => Number(new RegExp(`${name} +(-?[\\d.]+) ns`).exec(readme)![1]);
    const printed = make(files, 'sta');
    expect(printed).not.toMatch(/^(warning|error)/im);
    const [setup, hold, summary] = printed.split(/^---- (?:setup|hold|summary)$/m).slice(1);
    const worst = (part: string) =>
      Math.min(...[...part.matchAll(/^ +(-?[\d.]+) +slack/gm)].map((match) => Number(match[1])));
    expect(Math.abs(worst(setup!) - ours('worst slack'))).toBeLessThan(0.0011);
    expect(Math.abs(worst(hold!) - ours('worst hold slack'))).toBeLessThan(0.0011);
    const total = Number(/^tns (-?[\d.]+)/m.exec(summary!)![1]);
    expect(Math.abs(total - ours('total negative'))).toBeLessThanOrEqual(0.001 + 0.01 * Math.abs(total));
  }

  it.skipIf(!has('make', 'sta'))(
    'lets OpenSTA find the slacks that the studio finds',
    { timeout: 60_000 },
    async () => {
      agrees((await filesOf({ ...(await exampleOf('lfsr')), clockNs: 0.2 })).files);
    },
  );

  it.skipIf(!has('make', 'sta') || !existsSync(OSU))(
    'does so under a library of the user',
    { timeout: 60_000 },
    async () => {
      const bytes = readFileSync(OSU);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const library = { blob: { name: 'osu018.lib', bytes: bytes.length, sha256 } };
      const sdc =
        'set_units -time ps\ncreate_clock -name c -period 900 [get_ports clk]\nset_input_delay 100 -clock c [all_inputs -no_clocks]';
      const slice = { ...(await exampleOf('lfsr')), library, sdc };
      const result = await native(slice, inlineJob({ blobs: { [sha256]: bytes } }));
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      agrees(unzipSync(result.value.bytes));
    },
  );

  it.skipIf(!has('make', 'iverilog'))(
    'runs the bench on the sources and on the gates',
    { timeout: 60_000 },
    async () => {
      const { files } = await filesOf({ ...(await exampleOf('lfsr')), clockNs: 0.2 });
      expect(make(files, 'sim')).toMatch(/PASS/);
      expect(make(files, 'gatesim')).toMatch(/PASS/);
      expect(make(files, 'gatesim', 'START=1')).toMatch(/PASS/);
    },
  );

  it.skipIf(!has('make', 'iverilog'))(
    'does not pass off a netlist as one of other parameters',
    { timeout: 60_000 },
    async () => {
      const { files } = await filesOf(await exampleOf('counter'));
      expect(make(files, 'gatesim')).toMatch(/was mapped with another value of parameter WIDTH/);
    },
  );
});
