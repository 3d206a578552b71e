import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import type { Job } from '../core/job.ts';
import { engine } from './index.ts';
import type { SimulatePiece, SimulateReport, SimulateSpec, VerilogCheckReport } from './types.ts';

function specOf(text: string, more: Partial<SimulateSpec> = {}): SimulateSpec {
  return {
    files: [{ path: 'tb.sv', text }],
    compiled: ['tb.sv'],
    tops: [],
    defines: {},
    includeDirs: [],
    parameters: {},
    plusArgs: [],
    delays: 'typ',
    specify: false,
    timeLimit: '',
    eventLimit: 1e9,
    record: 'all',
    ...more,
  };
}

async function run(text: string, more: Partial<SimulateSpec> = {}) {
  const pieces: SimulatePiece[] = [];
  const job: Job = {
    ...inlineJob(),
    progress(_fraction, _what, partial) {
      if (partial) pieces.push(...(partial as { stream: SimulatePiece[] }).stream);
    },
  };
  const result = await engine.entries.simulate!(specOf(text, more), job);
  if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join('\n'));
  return { report: result.value as SimulateReport, pieces };
}

const COUNTER = `
\`timescale 1ns/1ns
module counter(input clk, input reset, output reg [3:0] q);
  always @(posedge clk) if (reset) q <= 0; else q <= q + 1;
endmodule
module tb;
  reg clk = 0, reset = 1; wire [3:0] q; integer errors = 0; reg [3:0] expected;
  counter dut(clk, reset, q);
  always #5 clk = ~clk;
  initial begin
    repeat (2) @(negedge clk);
    reset = 0; expected = 0;
    repeat (20) begin
      @(negedge clk) expected = expected + 1;
      if (q !== expected) begin
        errors = errors + 1;
      end
    end
    if (errors == 0) $display("PASS"); else $display("FAIL, %0d errors", errors);
    $finish;
  end
endmodule`;

describe('simulating with a bench', () => {
  it('prints, judges, records and counts switching', async () => {
    const { report, pieces } = await run(COUNTER);
    expect(report.verdict).toMatchObject({ kind: 'passed', why: 'PASS' });
    expect(report.tops).toEqual(['tb']);
    expect(report.end.kind).toBe('finish');
    expect(report.figures.simulatedTimeNs).toBe(220);
    expect(report.console).toHaveLength(1);
    expect(report.console[0]!.where).toMatchObject({ file: 'tb.sv', line: 19 });
    // Rises at 5, 15 ... 215 and falls at 10 ... 220.
    expect(report.activity.find(({ path }) => path === 'tb.clk')).toMatchObject({ toggles: 44 });
    for (const { delta } of pieces.filter((piece) => piece.kind === 'waves')) expect(report.waves).toContain(delta);
  });

  it('goes back from a count of errors to the first of them', async () => {
    const { report } = await run(COUNTER.replace('q <= q + 1', 'q <= q + (q == 6 ? 2 : 1)'));
    expect(report.verdict.kind).toBe('failed');
    expect(report.failure).toMatchObject({ from: 'counter', where: { file: 'tb.sv', line: 16 } });
    // The seventh count after the reset is wrong: 20 + 70 ns.
    expect(report.failure!.timeTicks).toBe(90);
    expect(report.failure!.signals.sort()).toEqual(['tb.expected', 'tb.q']);
  });

  it('stops at the time that is asked for', async () => {
    const { report } = await run('`timescale 1ns/1ns\nmodule t; reg c = 0; always #5 c = ~c; endmodule', {
      timeLimit: '2 us',
    });
    expect(report.end).toMatchObject({ kind: 'limit', limit: 'timeTicks' });
    expect(report.figures.simulatedTimeNs).toBeLessThanOrEqual(2000);
    expect(report.verdict.kind).toBe('none');
  });

  it('ends loops without end, and says which', async () => {
    const { report } = await run('module t; reg a = 0; initial begin\n  while (1)\n    a = ~a;\nend endmodule');
    expect(report.end).toMatchObject({ kind: 'limit', limit: 'stepEvents' });
    expect(report.problems[0]!.what).toMatch(/loop/);
    expect(report.problems[0]!.where!.line).toBeGreaterThanOrEqual(2);
  });

  it('reads and writes files', async () => {
    const text = `module t; reg [7:0] m [0:3]; integer f;
      initial begin $readmemh("rom.hex", m); $display("%h %h", m[0], m[3]); f = $fopen("out.txt"); $fdisplay(f, "%0d", m[1]); $fclose(f); end endmodule`;
    const { report } = await run(text, {
      files: [
        { path: 'tb.sv', text },
        { path: 'data/rom.hex', text: '0a 0b 0c 0d' },
      ],
    });
    expect(report.console.map((line) => line.text)).toEqual(['0a 0d']);
    expect(report.files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)])).toEqual([
      ['out.txt', '11\n'],
    ]);
  });

  it('names the place of what it cannot compile', async () => {
    const result = await engine.entries.simulate!(specOf('module t;\n  initial missing = 1;\nendmodule'), inlineJob());
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problems[0]).toMatchObject({ severity: 'error', where: { file: 'tb.sv', line: 2 } });
  });
});

describe('checking the text', () => {
  it('finds certain mistakes, and what only a simulator can run', async () => {
    const text = `module m(input [3:0] a, input s, output reg [3:0] y, output reg z);
  always @* if (s) y = a;
  always @(s) z = a[0] & s;
endmodule
module tb; reg [3:0] a; wire [3:0] y; wire z; m dut(a, 1'b1, y, z); initial #5 a = 1; endmodule`;
    const result = await engine.entries.check!(specOf(text), inlineJob());
    if (!result.ok) throw new Error('The check fails.');
    const report = result.value as VerilogCheckReport;
    expect(report.tops).toEqual(['tb']);
    expect(report.modules.map(({ name, bench }) => [name, bench])).toEqual([
      ['m', false],
      ['tb', true],
    ]);
    const found = report.problems.map(({ code, where }) => `${code}:${where?.line}`);
    expect(found).toContain('inferred-latch:2');
    expect(found).toContain('incomplete-sensitivity:3');
    expect(report.simulationOnly.length).toBeGreaterThan(0);
    for (const { where } of report.simulationOnly) expect(where.line).toBe(5);
  });
});
