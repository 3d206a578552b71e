import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runYosys as packaged } from '@yowasp/yosys';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { countNetlist } from '../synthesis/netlist.ts';
import { place, type SourceText } from '../synthesis/sources.ts';
import type { Tree } from '../synthesis/yosys.ts';
import { bundle } from './bundle.ts';
import { netlist } from './netlist.ts';
import { slice as definition } from './slice.ts';
import { synthesise } from './synthesise.ts';
import { designOf, inlineJob } from './testing.ts';
import type { RtlSlice } from './types.ts';

const AWKWARD = designOf(
  {
    'my lib/step.vh': '`define STEP 3\n',
    'my rtl/top.v':
      '`include "step.vh"\nmodule top #(parameter W = 4)(input clk, output reg [W-1:0] n);\n  always @(posedge clk) n <= n + `STEP `PLUS;\nendmodule\n',
  },
  { includeDirs: ['my lib'], defines: { PLUS: '+ 2' }, parameters: { W: 6 } },
);

async function unpack(slice: RtlSlice): Promise<SourceText[]> {
  const result = await bundle(slice, inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return Object.entries(unzipSync(result.value.bytes)).map(([path, content]) => ({ path, content }));
}

async function cellsOf(slice: RtlSlice): Promise<number> {
  const report = await synthesise(slice, inlineJob());
  if (!report.ok) throw new Error(JSON.stringify(report.problems));
  return report.value.figures.cells;
}

describe('netlist', () => {
  it('gives the gates that synthesise counts, in three forms', async () => {
    const forms = await Promise.all(
      (['verilog', 'json', 'blif'] as const).map((format) => netlist({ ...definition.defaults, format }, inlineJob())),
    );
    const [verilog, json, blif] = forms.map((form) => (form.ok ? form.value : { name: '', text: '' }));
    expect([verilog?.name, json?.name, blif?.name]).toEqual(['counter.v', 'counter.json', 'counter.blif']);
    expect(countNetlist(JSON.parse(json?.text ?? '')).cells).toBe(await cellsOf(definition.defaults));
    expect(verilog?.text).toContain('module counter(clk, reset, enable, count, wraps);');
    expect(blif?.text).toContain('.model counter');
  });

  it('gives a netlist in Verilog that Yosys reads again', async () => {
    const form = await netlist({ ...definition.defaults, format: 'verilog' }, inlineJob());
    const again = await synthesise(designOf({ 'counter.v': form.ok ? form.value.text : '' }), inlineJob());
    expect(again.ok && again.value.figures.flipFlops).toBe(8);
  });

  it('fails with the problems of the sources', async () => {
    const form = await netlist({ ...designOf({ 'a.v': 'module a(' }), format: 'blif' }, inlineJob());
    expect(form).toMatchObject({ ok: false, problems: [{ code: 'syntax-error', where: { file: 'a.v', line: 1 } }] });
  });
});

describe('bundle', () => {
  it('holds the sources, the scripts that ran, a Makefile and a README', async () => {
    const files = await unpack(definition.defaults);
    expect(files.map(({ path }) => path).sort()).toEqual([
      'Makefile',
      'README.txt',
      'blif.ys',
      'counter.v',
      'gates.ys',
      'verilog.ys',
      'word.ys',
    ]);
    const report = await synthesise(definition.defaults, inlineJob());
    const script = files.find(({ path }) => path === 'gates.ys')?.content as Uint8Array;
    expect(report.ok && report.value.script).toBe(strFromU8(script));
  });

  it('is the same, byte for byte, every time', async () => {
    const [one, two] = [await bundle(AWKWARD, inlineJob()), await bundle(AWKWARD, inlineJob())];
    expect(one).toEqual(two);
  });

  it('reproduces the run with nothing but its own files', async () => {
    const files = await unpack(AWKWARD);
    const tree: Tree = {};
    for (const { path, content } of files) place(tree, path, content);
    const made = await packaged(['gates.ys'], tree, { stdout: null, stderr: null });
    expect(countNetlist(JSON.parse(String(made?.['crossbar.gates.json']))).cells).toBe(await cellsOf(AWKWARD));

    if (spawnSync('yosys', ['-V']).status !== 0 || spawnSync('make', ['-v']).status !== 0) return;
    // An older Yosys may find other gates, but it has to accept the scripts.
    const folder = mkdtempSync(join(tmpdir(), 'crossbar-'));
    try {
      for (const { path, content } of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      execFileSync('make', ['all'], { cwd: folder, stdio: 'pipe' });
      const gates = JSON.parse(readFileSync(join(folder, 'crossbar.gates.json'), 'utf8'));
      expect(countNetlist(gates).flipFlops).toBe(6);
      expect(readFileSync(join(folder, 'crossbar.gates.v'), 'utf8')).toContain('module top');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('gives way to files of the user that have its names', async () => {
    const files = await unpack({
      ...definition.defaults,
      files: [...definition.defaults.files, { path: 'Makefile', text: 'mine' }],
    });
    const text = (wanted: string) => strFromU8(files.find(({ path }) => path === wanted)?.content as Uint8Array);
    expect(text('Makefile')).toBe('mine');
    expect(text('crossbar-Makefile')).toContain('yosys');
  });
});
