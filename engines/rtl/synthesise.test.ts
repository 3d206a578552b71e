import { describe, expect, it } from 'vitest';
import { toStandardOutput } from '../synthesis/script.ts';
import { runYosys } from '../synthesis/yosys.ts';
import { planOf } from './plan.ts';
import { slice as definition } from './slice.ts';
import { synthesise } from './synthesise.ts';
import { designOf, inlineJob } from './testing.ts';
import type { RtlReport, RtlSlice } from './types.ts';

async function reportOf(slice: RtlSlice): Promise<RtlReport> {
  const result = await synthesise(slice, inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

interface Statistics {
  design: { num_cells_by_type: Record<string, number>; num_wires: number; num_cells: number };
}

/** What a plain `synth` of Yosys counts, by Yosys' own `stat`. */
async function plainSynth(slice: RtlSlice, report: RtlReport): Promise<Statistics['design']> {
  const plan = await planOf(slice, inlineJob());
  if (!plan.ok) throw new Error('refused');
  const reading = report.script.split('\n').filter((line) => /^(verilog_defaults|read_verilog|chparam) /.test(line));
  let statistics: Statistics | undefined;
  await runYosys({
    script: [...reading, `synth -top ${report.top}${slice.flatten ? ' -flatten' : ''}`, 'stat -json', ''].join('\n'),
    files: plan.value.sources.tree,
    onDocument(text) {
      statistics = JSON.parse(text);
      return undefined;
    },
  });
  if (!statistics) throw new Error('no statistics');
  return statistics.design;
}

const sumOf = (report: RtlReport) =>
  report.cellsByLine.reduce((sum, line) => sum + line.cells, report.unattributedCells);
const tableOf = (report: RtlReport) => Object.fromEntries(report.cellsByType.map(({ type, count }) => [type, count]));

const gallery = await definition.examples();

describe('synthesise, on the gallery', () => {
  for (const { id, slice } of gallery) {
    it(`${id}: counts what plain synth and stat count, and every cell has a line`, async () => {
      const report = await reportOf(slice);
      const design = await plainSynth(slice, report);
      const gates = Object.fromEntries(
        Object.entries(design.num_cells_by_type).filter(([type]) => type.startsWith('$_')),
      );
      expect(tableOf(report)).toEqual(gates);
      expect(report.figures.cells).toBe(Object.values(gates).reduce((sum, count) => sum + count, 0));
      expect(report.figures.wires).toBe(design.num_wires);
      expect(sumOf(report)).toBe(report.figures.cells);
      expect(report.cellsByModule.reduce((sum, module) => sum + module.cellsInAll, 0)).toBe(report.figures.cells);
      expect(report.longestPath).toHaveLength(report.figures.logicDepth);
      // At most one cell in a hundred may be without a line.
      expect(report.unattributedCells * 100).toBeLessThanOrEqual(report.figures.cells);
      const paths = new Set(slice.files.map((file) => file.path));
      for (const line of report.cellsByLine) expect(paths).toContain(line.file);
    });
  }
});

describe('synthesise', () => {
  it('builds a half adder of one XOR and one AND, on their lines', async () => {
    const report = await reportOf(
      designOf({
        'half adder.v':
          'module half_adder(input a, b, output s, c);\n  assign s = a ^ b;\n  assign c = a & b;\nendmodule\n',
      }),
    );
    expect(report).toMatchObject({ stage: 'gates', top: 'half_adder', unattributedCells: 0, problems: [] });
    expect(report.figures).toMatchObject({ cells: 2, flipFlops: 0, wires: 4, logicDepth: 1 });
    expect(report.cellsByLine).toEqual([
      { file: 'half adder.v', line: 2, cells: 1, flipFlops: 0, byType: { $_XOR_: 1 } },
      { file: 'half adder.v', line: 3, cells: 1, flipFlops: 0, byType: { $_AND_: 1 } },
    ]);
  });

  it('gives the word level first, with its netlist and its own script', async () => {
    const job = inlineJob();
    const result = await synthesise(definition.defaults, job);
    const [word, ...others] = job.partials;
    expect(others).toEqual([]);
    expect(word).toMatchObject({ stage: 'word', top: 'counter' });
    expect(word?.figures.flipFlops).toBe(8);
    expect(word?.cellsByType.map(({ type }) => type)).toContain('$add');
    expect(word?.script).toContain('prep\n');
    expect(result.ok && result.value.artefacts).toEqual(word?.artefacts);
    expect(Object.keys(word?.artefacts[0].data.modules ?? {})).toEqual(['counter']);
    expect(job.lines.some((line) => line.includes('Executing ABC pass'))).toBe(true);
  });

  it('finds the depth of a ripple of n parity gates', async () => {
    for (const n of [4, 9]) {
      const stages = Array.from({ length: n }, (_, i) => `  assign w[${i + 1}] = ~(w[${i}] & b[${i}]);`).join('\n');
      const text = `module ripple(input a, input [${n - 1}:0] b, output y);\n  wire [${n}:0] w;\n  assign w[0] = a;\n${stages}\n  assign y = w[${n}];\nendmodule\n`;
      const report = await reportOf(designOf({ 'ripple.v': text }));
      expect(report.figures).toMatchObject({ cells: n, logicDepth: n });
      expect(report.longestPath.map(({ where }) => where?.line)).toEqual(Array.from({ length: n }, (_, i) => 4 + i));
    }
  });

  it('counts the same registers and latches flattened and with the hierarchy', async () => {
    const text = `module stage(input clk, en, d, output reg q, output reg l);
  always @(posedge clk) q <= d;
  always @* if (en) l = d;
endmodule
module top(input clk, en, input [3:0] d, output [3:0] q, l);
  genvar i;
  generate for (i = 0; i < 4; i = i + 1) begin : g stage s(clk, en, d[i], q[i], l[i]); end endgenerate
endmodule
`;
    const flat = await reportOf(designOf({ 'top.v': text }, { flatten: true }));
    const deep = await reportOf(designOf({ 'top.v': text }, { flatten: false }));
    expect(flat.figures).toMatchObject({ cells: 8, flipFlops: 4, latches: 4 });
    expect(deep.figures).toMatchObject({ cells: 8, flipFlops: 4, latches: 4 });
    expect(deep.cellsByModule[0]).toEqual({ module: 'stage', instances: 4, cells: 2, flipFlops: 1, cellsInAll: 8 });
    const lines = [
      { file: 'top.v', line: 2, cells: 4, flipFlops: 4, byType: { $_DFF_P_: 4 } },
      { file: 'top.v', line: 3, cells: 4, flipFlops: 0, byType: { $_DLATCH_P_: 4 } },
    ];
    expect(flat.cellsByLine).toEqual(lines);
    expect(deep.cellsByLine).toEqual(lines);
    for (const report of [flat, deep]) {
      expect(report.latches).toEqual([
        { module: 'stage', name: 'l', bits: 1, where: { file: 'top.v', line: 3, column: 3 } },
      ]);
      expect(report.problems).toMatchObject([{ code: 'latch-inferred', where: { file: 'top.v', line: 3 } }]);
    }
  });

  it('gives multipliers and memories the lines that ask for them', async () => {
    const text = `module top(input clk, we, input [7:0] a, b, input [2:0] at, output reg [15:0] acc, output [7:0] q);
  reg [7:0] store [0:7];
  always @(posedge clk)
    acc <= acc
         + a * b;
  always @(posedge clk) if (we) store[at] <= a;
  assign q = store[at];
endmodule
`;
    for (const flatten of [true, false]) {
      const report = await reportOf(designOf({ 'top.v': text }, { flatten }));
      expect(report.memories).toEqual([
        { module: 'top', name: 'store', bits: 64, words: 8, width: 8, where: { file: 'top.v', line: 2, column: 13 } },
      ]);
      expect(report.figures).toMatchObject({ memories: 1, memoryBits: 64, flipFlops: 80 });
      const cells = Object.fromEntries(report.cellsByLine.map((line) => [line.line, line.cells]));
      // The sum begins in line 4; its multiplier is the largest part of the design.
      expect(cells[4]).toBeGreaterThan(report.figures.cells / 2);
      expect(cells[2]).toBeGreaterThanOrEqual(64);
      expect(report.unattributedCells).toBe(0);
    }
  });

  it('reports a loop of logic and goes on', async () => {
    const report = await reportOf(
      designOf({
        'top.v': 'module top(input a, output b);\n  wire c;\n  assign b = c & a;\n  assign c = ~b;\nendmodule\n',
      }),
    );
    expect(report.problems).toMatchObject([
      { code: 'combinational-loop', severity: 'warning', where: { file: 'top.v', line: 4 } },
    ]);
  });

  it('overrides parameters of a detected and of a chosen top', async () => {
    for (const top of ['', 'counter']) {
      const report = await reportOf({ ...definition.defaults, top, parameters: { WIDTH: 5, LAST: "5'd19" } });
      expect(report.figures.flipFlops).toBe(5);
      expect(report.script).toContain("chparam -set WIDTH 5 -set LAST 5'd19 counter\n");
      expect(report.modules[0]?.parameters).toEqual([
        { name: 'WIDTH', value: '8' },
        { name: 'LAST', value: "8'11000111" },
      ]);
    }
  });

  it('reads file lists, include directories and macros, with blanks everywhere', async () => {
    const report = await reportOf(
      designOf(
        {
          'my lib/width.vh': '`define WIDTH 6\n',
          'my rtl/top.v':
            '`include "width.vh"\nmodule top(input [`WIDTH-1:0] a, b, output [`WIDTH-1:0] y);\n  assign y = a `OP;\nendmodule\n',
          'not this.v': 'this is no Verilog',
          'all.f': '+incdir+"none"\n"my rtl/top.v"\n',
        },
        { fileList: 'all.f', includeDirs: ['my lib'], defines: { OP: '& b' } },
      ),
    );
    expect(report.figures.cells).toBe(6);
    expect(report.cellsByLine.map(({ file, line }) => [file, line])).toEqual([['my rtl/top.v', 3]]);
  });

  it('reads sources that are blobs, and memory contents beside them', async () => {
    const text = `module top(input clk, input [1:0] at, output reg [7:0] q);
  reg [7:0] words [0:3];
  initial $readmemh("words.hex", words);
  always @(posedge clk) q <= words[at];
endmodule
`;
    const sha256 = 'a'.repeat(64);
    const slice: RtlSlice = {
      ...definition.defaults,
      files: [
        { path: 'top.v', blob: { name: 'top.v', bytes: text.length, sha256 } },
        { path: 'words.hex', text: '01 02 04 08\n' },
      ],
    };
    const found = await synthesise(slice, inlineJob({ blobs: { [sha256]: new TextEncoder().encode(text) } }));
    expect(found.ok && found.value.figures).toMatchObject({ memories: 1, memoryBits: 32, flipFlops: 4 });
    const missing = await synthesise(slice, inlineJob());
    expect(missing).toMatchObject({ ok: false, problems: [{ code: 'missing-blob', where: { file: 'top.v' } }] });
  });

  it('gives the same figures and artefacts every time', async () => {
    const slice = (await definition.examples()).find(({ id }) => id === 'uart')?.slice ?? definition.defaults;
    const [one, two] = [await reportOf(slice), await reportOf(slice)];
    const { measured: _one, ...first } = one;
    const { measured: _two, ...second } = two;
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
  });

  it('stops between words and gates when the job is cancelled', async () => {
    const abort = new AbortController();
    const job = inlineJob({ signal: abort.signal });
    const watched = { ...job, progress: (_f: number, _w: string, partial?: unknown) => partial && abort.abort() };
    await expect(synthesise(definition.defaults, watched)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('runs the script that it shows, but for where its outputs go', async () => {
    const report = await reportOf(definition.defaults);
    const changed = toStandardOutput(report.script).split('\n');
    const shown = report.script.split('\n');
    const differing = shown.filter((line, i) => line !== changed[i]);
    expect(differing).toEqual(['write_json crossbar.mapped.json', 'write_json crossbar.gates.json']);
  });
});
