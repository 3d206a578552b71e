import { describe, expect, it } from 'vitest';
import { describePlace } from '../core/result.ts';
import { check } from './check.ts';
import { slice as definition } from './slice.ts';
import { synthesise } from './synthesise.ts';
import { designOf, inlineJob } from './testing.ts';
import type { RtlSlice } from './types.ts';

const INVERTER = 'module inverter(input a, output y);\n  assign y = ~a;\nendmodule\n';
const BUFFER = 'module buffer(input a, output y);\n  assign y = a;\nendmodule\n';

const CASES: [name: string, slice: RtlSlice, code: string, place: string][] = [
  [
    'a syntax error',
    designOf({ 'rtl/top.v': 'module top(input a;\n  assign x\nendmodule\n' }),
    'syntax-error',
    'rtl/top.v:1',
  ],
  [
    'a missing module',
    designOf({ 'top.v': 'module top(input a, output y);\n  nand2 u(a, y);\nendmodule\n' }),
    'missing-module',
    'top.v:2:3',
  ],
  ['two tops', designOf({ 'a.v': INVERTER, 'b.v': BUFFER }), 'several-tops', 'b.v:1:1'],
  [
    'modules that instantiate each other',
    designOf({ 'a.v': 'module a; b u(); endmodule\nmodule b; a u(); endmodule\n' }),
    'no-top',
    'slices.rtl.top',
  ],
  ['an empty file', designOf({ 'top.v': '' }), 'no-modules', 'top.v:1'],
  ['no files', designOf({}), 'no-files', 'slices.rtl.files'],
  ['no Verilog', designOf({ 'readme.txt': 'hello' }), 'no-verilog', 'slices.rtl.files'],
  ['binary data', designOf({ 'top.v': '\u007fELF\0\0' }), 'binary-file', 'top.v'],
  ['a missing include file', designOf({ 'top.v': `\n\`include "x.vh"\n${INVERTER}` }), 'missing-include', 'top.v:2:1'],
  [
    'an unknown parameter',
    { ...definition.defaults, parameters: { DEPTH: 4 } },
    'unknown-parameter',
    'slices.rtl.parameters.DEPTH',
  ],
  [
    'a parameter that is no constant',
    { ...definition.defaults, parameters: { WIDTH: '4; exit' } },
    'bad-parameter',
    'slices.rtl.parameters.WIDTH',
  ],
  [
    'one path twice',
    {
      ...definition.defaults,
      files: [
        { path: 'a.v', text: INVERTER },
        { path: './a.v', text: BUFFER },
      ],
    },
    'duplicate-path',
    './a.v',
  ],
  ['a path outside', designOf({ '../a.v': INVERTER }), 'bad-path', '../a.v'],
  ['a top that is not there', designOf({ 'a.v': INVERTER }, { top: 'adder' }), 'no-such-top', 'slices.rtl.top'],
  ['a top that is no name', designOf({ 'a.v': INVERTER }, { top: 'a; shell ls' }), 'no-such-top', 'slices.rtl.top'],
  [
    'a file list that is not there',
    designOf({ 'a.v': INVERTER }, { fileList: 'all.f' }),
    'no-file-list',
    'slices.rtl.fileList',
  ],
  [
    'a wrong line of a file list',
    designOf({ 'a.v': INVERTER, 'all.f': 'a.v\nb.v\n' }, { fileList: 'all.f' }),
    'no-such-file',
    'all.f:2',
  ],
  [
    'a macro that is no name',
    designOf({ 'a.v': INVERTER }, { defines: { 'A B': '1' } }),
    'bad-define',
    'slices.rtl.defines.A B',
  ],
];

describe('bad input', () => {
  for (const [name, slice, code, place] of CASES) {
    it(`${name}: a problem with place and remedy, from check and synthesise alike`, async () => {
      const failed = await synthesise(slice, inlineJob());
      expect(failed.ok).toBe(false);
      const [problem] = failed.ok ? [] : failed.problems;
      expect(problem).toMatchObject({ code, severity: 'error' });
      expect(describePlace(problem?.where)).toBe(place);
      expect(problem?.what).toMatch(/^\W?\w.*\.$/);
      expect(problem?.remedy).toMatch(/\.$/);

      const checked = await check(slice, inlineJob());
      expect(checked.ok).toBe(true);
      expect(checked.ok && checked.value.problems[0]).toEqual(problem);
    });
  }

  it('names the candidates for the top', async () => {
    const result = await synthesise(designOf({ 'a.v': INVERTER, 'b.v': BUFFER }), inlineJob());
    expect(result.ok ? '' : result.problems[0]?.what).toContain('buffer and inverter');
  });

  it('takes a file of 5 MB, says so, and does not check it while typing', async () => {
    const text = `${INVERTER}// ${'long '.repeat(1_000_000)}\n`;
    const checked = await check(designOf({ 'long.v': text }), inlineJob());
    expect(checked.ok && checked.value.problems[0]).toMatchObject({ code: 'check-skipped', severity: 'note' });
    // The top can be chosen all the same.
    expect(checked.ok && checked.value).toMatchObject({
      namesOnly: true,
      modules: [{ sourceName: 'inverter', where: { file: 'long.v', line: 1 } }],
    });
    const report = await synthesise(designOf({ 'long.v': text }), inlineJob());
    expect(report.ok && report.value.figures.cells).toBe(1);
    expect(report.ok && report.value.problems).toMatchObject([{ code: 'large-sources', severity: 'note' }]);
  });

  it('reports a crash inside WebAssembly, and lives on', async () => {
    const deep = `module top(input a, output b);\n assign b = ${'~('.repeat(200_000)}a${')'.repeat(200_000)};\nendmodule\n`;
    const crashed = await synthesise(designOf({ 'top.v': deep }), inlineJob());
    expect(crashed).toMatchObject({ ok: false, problems: [{ code: 'yosys-crashed' }] });
    expect((await synthesise(definition.defaults, inlineJob())).ok).toBe(true);
  });
});

describe('check', () => {
  it('gives the top, the modules with their places, and the parameters with their defaults', async () => {
    const result = await check(
      designOf({
        'a.v': `${INVERTER}module top #(parameter N = 3, parameter NAME = "x")(input [N-1:0] a, output y);\n  inverter u(a[0], y);\nendmodule\n`,
      }),
      inlineJob(),
    );
    expect(result.ok && result.value).toEqual({
      top: 'top',
      modules: [
        { name: 'inverter', sourceName: 'inverter', where: { file: 'a.v', line: 1, column: 1 }, parameters: [] },
        {
          name: 'top',
          sourceName: 'top',
          where: { file: 'a.v', line: 4, column: 1 },
          parameters: [
            { name: 'N', value: '3' },
            { name: 'NAME', value: '"x"' },
          ],
        },
      ],
      problems: [],
    });
  });

  it('takes a module without ports, and prefers one marked as top', async () => {
    const bare = await check(designOf({ 'a.v': 'module top; endmodule\n' }), inlineJob());
    expect(bare.ok && bare.value).toMatchObject({ top: 'top', problems: [] });
    const marked = await check(designOf({ 'a.v': `(* top *)\n${INVERTER}${BUFFER}` }), inlineJob());
    expect(marked.ok && marked.value).toMatchObject({ top: 'inverter', problems: [] });
  });

  it('has no trouble with a module that prints, in a folder with blanks', async () => {
    const text = 'module top(input clk, a);\n  always @(posedge clk) $display("%d", a);\nendmodule\n';
    const result = await check(designOf({ 'my files/top.v': text }), inlineJob());
    expect(result.ok && result.value.problems).toEqual([]);
  });
});
