import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { readSaif } from '../synthesis/power/saif.ts';
import { engine as verilog } from '../verilog/index.ts';
import { gallery } from './examples/index.ts';
import { record } from './recording.ts';
import { saif } from './saif.ts';
import { designOf } from './testing.ts';
import type { RtlSlice } from './types.ts';

const COUNTER = `module counter(input clk, input rst, output reg [2:0] q);
  always @(posedge clk) if (rst) q <= 0; else q <= q + 1;
endmodule
`;
const BENCH = `\`timescale 1ns/1ns
module tb;
  reg clk = 0, rst = 1;
  wire [2:0] q;
  counter dut(clk, rst, q);
  always #5 clk = ~clk;
  initial begin
    @(negedge clk) rst = 0;
    repeat (80) @(negedge clk);
    $display("PASS");
    $finish;
  end
endmodule
`;

function withBench(bench = BENCH, choices: Partial<RtlSlice> = {}): RtlSlice {
  const slice = designOf({ 'counter.v': COUNTER }, choices);
  return { ...slice, files: [...slice.files, { path: 'bench/tb.v', text: bench, role: 'bench' }] };
}

const job = () => inlineJob({ engines: { verilog } });

describe('the recording of a bench', () => {
  it('has every bit of the design', async () => {
    const found = await record(withBench(), job());
    if (!found.ok) throw new Error(found.problems[0]?.what);
    const { recording, from, problems } = found.value;
    expect(problems).toEqual([]);
    expect(from).toEqual({ kind: 'bench', tops: ['tb'], verdict: 'passed' });
    expect(recording.durationNs).toBe(810);
    const of = (path: string) => recording.bits.find((bit) => bit.path === path);
    expect(of('tb.dut.clk')).toMatchObject({ toggles: 162, highNs: 405 });
    // 0 at 5 ns, then 80 rising edges.
    expect(of('tb.dut.q[0]')).toEqual({ path: 'tb.dut.q[0]', toggles: 80, highNs: 400, lowNs: 405, unknownNs: 5 });
    expect(of('tb.dut.q[2]')?.toggles).toBe(20);
  });

  it('goes to SAIF, and comes back from a file of the design', async () => {
    const file = await saif(withBench(), job());
    if (!file.ok) throw new Error(file.problems[0]?.what);
    expect(file.value.name).toBe('tb.saif');
    const direct = await record(withBench(), job());
    const slice = withBench();
    const read = await record(
      {
        ...slice,
        files: [...slice.files, { path: 'run.saif', text: file.value.text }],
        analysis: { ...slice.analysis, saif: 'run.saif' },
      },
      job(),
    );
    if (!direct.ok || !read.ok) throw new Error('It was not recorded.');
    expect(read.value.from).toEqual({ kind: 'saif', file: 'run.saif' });
    const byPath = (bits: typeof direct.value.recording.bits) => new Map(bits.map((bit) => [bit.path, bit]));
    expect(byPath(read.value.recording.bits)).toEqual(byPath(direct.value.recording.bits));
    expect(readSaif(file.value.text).ok).toBe(true);
  });

  it('says what is missing and what casts doubt', async () => {
    const codes = async (slice: RtlSlice) => {
      const found = await record(slice, job());
      return (found.ok ? found.value.problems : found.problems).map(({ code }) => code);
    };
    expect(await codes(designOf({ 'counter.v': COUNTER }))).toEqual(['no-bench']);
    const missing = withBench();
    expect(await codes({ ...missing, analysis: { ...missing.analysis, saif: 'gone.saif' } })).toEqual(['saif-missing']);
    expect(await codes(withBench(BENCH.replace('PASS', 'FAIL')))).toEqual(['recorded-failing']);
    expect(await codes(withBench('module tb; initial $finish; endmodule'))).toEqual(['nothing-simulated']);
    const endless = withBench(BENCH.replace('$finish;', ''));
    expect(await codes({ ...endless, simulation: { ...endless.simulation, timeLimit: '2 us' } })).toEqual([
      'recorded-stopped',
    ]);
  });

  it('is made of a design of the gallery', async () => {
    const { slice } = gallery.find(({ id }) => id === 'counter')!;
    const found = await record(slice, job());
    expect(found.ok && found.value.recording.bits.length).toBeGreaterThan(10);
  });
});
