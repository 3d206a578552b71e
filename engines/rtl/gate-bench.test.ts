import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { activitiesOf } from '../synthesis/power/activity.ts';
import { CELLS, cell, clock, constraints, library, netlist, netOf } from '../synthesis/power/gates.fixture.ts';
import { readSaif } from '../synthesis/power/saif.ts';
import { ORIGIN } from '../synthesis/power/types.ts';
import { engine as verilog } from '../verilog/index.ts';
import { gateBench, type MappedDesign } from './gate-bench.ts';
import { gateSimulate } from './gate-simulate.ts';
import { record } from './recording.ts';
import { saif } from './saif.ts';
import { designOf } from './testing.ts';
import type { RtlSlice } from './types.ts';

const SOURCE = `\`timescale 1ns/1ns
module counter #(parameter WIDTH = 3) (input clk, input rst, output reg [WIDTH-1:0] q);
  always @(posedge clk) if (rst) q <= 0; else q <= q + 1;
endmodule
`;
const HELPER = 'module helper(output reg ready); initial ready = 1; endmodule\n';
const bench = (body = '', of = '#(.WIDTH(3)) dut') => `module tb;
  reg clk = 0, rst = 1;
  wire [2:0] q;
  counter ${of} (clk, rst, q);
  always #5 clk = ~clk;
  ${body}
  initial begin
    @(negedge clk) rst = 0;
    repeat (80) @(negedge clk);
    if (q === 3'd0) $display("PASS"); else $display("FAIL %d", q);
    $finish;
  end
endmodule
`;

const design = netlist('clk rst : q[0] q[1] q[2]', [
  'r INV A=rst Y=n9',
  'i0 INV A=q[0] Y=t0',
  'a0 AND2 A=t0 B=n9 Y=d0',
  'f0 DFF D=d0 CK=clk Q=q[0]',
  'x1 XOR2 A=q[1] B=q[0] Y=t1',
  'a1 AND2 A=t1 B=n9 Y=d1',
  'f1 DFF D=d1 CK=clk Q=q[1]',
  'c2 AND2 A=q[1] B=q[0] Y=c2',
  'x2 XOR2 A=q[2] B=c2 Y=t2',
  'a2 AND2 A=t2 B=n9 Y=d2',
  'u_sub/f2 DFF D=d2 CK=clk Q=q[2]',
]);
// Only the user's names are aliases; 'n9' is one, and must not be taken for the ninth net.
for (const net of design.nets) if (/^[tdc]\d$/.test(net.name)) net.aliases = [];
const mapped: MappedDesign = { design, library: library(CELLS), top: 'counter', parameters: { WIDTH: '3' } };

function slice(text = bench()): RtlSlice {
  const made = designOf({ 'counter.v': SOURCE, 'helper.v': HELPER });
  return { ...made, files: [...made.files, { path: 'bench/tb.v', text, role: 'bench' }] };
}
const job = () => inlineJob({ engines: { verilog } });

async function codesOf(text: string, of = mapped): Promise<string[]> {
  const found = await gateBench(slice(text), of, job());
  return found.ok ? [] : found.problems.map(({ code }) => code);
}

describe('a bench on the mapped netlist', () => {
  it('passes as on the source, and gives every net its activity', async () => {
    const found = await gateBench(slice(), mapped, job());
    if (!found.ok) throw new Error(found.problems[0]?.what);
    const { report, recorded } = found.value;
    expect(report.verdict).toMatchObject({ kind: 'passed' });
    expect(recorded.problems).toEqual([]);
    expect(recorded.recording.instance).toBe('tb.dut');
    expect(recorded.recording.bits).toHaveLength(design.nets.length);
    const options = { mode: 'recorded' as const, inputToggles: 0.1, inputProbability: 0.5 };
    const given = constraints([clock('clk', 2)]);
    const activities = activitiesOf(design, given, { ...options, recording: recorded.recording });
    expect(activities.summary).toMatchObject({ annotatedPercent: 100, unmatched: [] });
    expect(activities.origin[netOf(design, 't1')]).toBe(ORIGIN.recorded);
    // The registers do as they did in the source.
    const source = await record(slice(), job());
    if (!source.ok) throw new Error(source.problems[0]?.what);
    const before = activitiesOf(design, given, { ...options, recording: source.value.recording });
    for (const name of ['q[0]', 'q[1]', 'q[2]', 'rst']) {
      const net = netOf(design, name);
      expect(activities.togglesPerNs[net], name).toBe(before.togglesPerNs[net]);
      expect(activities.probability[net], name).toBe(before.probability[net]);
    }
    expect(before.summary.annotatedNets).toBe(5);
  });

  it('takes the delays of an SDF file', async () => {
    const sdf = `(DELAYFILE (SDFVERSION "3.0") (TIMESCALE 1ns)
      (CELL (CELLTYPE "INV") (INSTANCE i0) (DELAY (ABSOLUTE (IOPATH A Y (3) (3))))))`;
    const arc = { relatedPin: 'A', type: 'combinational' as const, sense: 'negative' as const };
    const INV = { ...CELLS.INV, pins: CELLS.INV.pins.map((pin) => (pin.name === 'Y' ? { ...pin, arcs: [arc] } : pin)) };
    const slow = await gateBench(slice(), { ...mapped, library: library({ ...CELLS, INV }), sdf }, job());
    const fast = await gateBench(slice(), mapped, job());
    if (!slow.ok || !fast.ok) throw new Error('It does not run.');
    expect(slow.value.report.verdict.kind).toBe('passed');
    const t0 = (of: typeof slow) =>
      of.ok ? of.value.recorded.recording.bits.find(({ path }) => path === 'tb.dut.t0') : undefined;
    // Known 3 ns later, all edges else as many.
    expect(t0(slow)!.unknownNs).toBe(t0(fast)!.unknownNs + 3);
    expect(t0(slow)!.toggles).toBe(t0(fast)!.toggles);
  });

  it('may use other modules of the sources', async () => {
    expect(await codesOf(bench('wire ready; helper h(ready);'))).toEqual([]);
    expect(await codesOf(bench('other o();'))).toEqual(['unknown-module']);
  });

  it('that reaches inside is told which names are gone', async () => {
    const found = await gateBench(
      slice(bench('initial #1 begin $display("%b", dut.u_sub.state); tb.dut.next = 1; end')),
      mapped,
      job(),
    );
    expect(found.ok ? [] : found.problems).toEqual([
      expect.objectContaining({
        code: 'gate-bench-inside',
        where: expect.objectContaining({ file: 'bench/tb.v', line: 6 }),
      }),
    ]);
    expect(found.ok ? '' : found.problems[0]!.what).toContain('dut.u_sub.state, tb.dut.next');
  });

  it('must set parameters as they were mapped', async () => {
    expect(await codesOf(bench('', '#(.WIDTH(4)) dut'))).toEqual(['gate-bench-parameter']);
    expect(await codesOf(bench('', '#(.DEPTH(4)) dut'))).toEqual(['gate-bench-parameter']);
    expect(await codesOf(bench('', 'dut'))).toEqual([]);
  });

  it('must have the design, and cells with functions', async () => {
    expect(await codesOf('module tb; reg a; initial #1 $finish; endmodule')).toEqual(['gate-bench-unused']);
    const BOX = cell('BOX', { inputs: ['A'], outputs: { Y: undefined } });
    const of = { ...CELLS, BOX };
    const boxed = { ...mapped, library: library(of), design: netlist('a : y', ['u BOX A=a Y=y'], of) };
    expect(await codesOf(bench(), boxed)).toEqual(['gate-bench-model']);
    expect((await gateBench(designOf({ 'counter.v': SOURCE }), mapped, job())).ok).toBe(false);
  });
});

describe('a design of the studio', () => {
  it('is mapped, timed, and its bench passes on the gates with their delays', async () => {
    const made = slice();
    const found = await gateSimulate({ ...made, files: made.files.filter(({ path }) => path !== 'helper.v') }, job());
    if (!found.ok) throw new Error(found.problems[0]?.what);
    const { report, recorded, activity } = found.value;
    expect(report.verdict.kind).toBe('passed');
    expect(recorded.problems).toEqual([]);
    expect(report.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(report.problems.map(({ code }) => code)).not.toContain('sdf-unmatched');
    expect(activity).toMatchObject({ mode: 'recorded', annotatedPercent: 100, unmatched: [] });
    expect(report.waves.length).toBeGreaterThan(0);

    const of = await saif({ ...made, files: made.files.filter(({ path }) => path === 'counter.v') }, job());
    if (!of.ok) throw new Error(of.problems[0]?.what);
    expect(of.value.name).toBe('counter.saif');
    const read = readSaif(of.value.text);
    expect(
      read.ok && read.value.recording.bits.some(({ path, toggles }) => path === 'counter.q[0]' && toggles > 0),
    ).toBe(true);
  });
});
