import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../core/hash.ts';
import { inlineJob as coreJob } from '../core/inline-job.ts';
import type { Job } from '../core/job.ts';
import { studio45Liberty } from '../synthesis/studio45/index.ts';
import { warmYosys } from '../synthesis/yosys.ts';
import { engine } from './index.ts';
import { mapDesign } from './map.ts';
import { ppa } from './ppa.ts';
import { designOf, exampleOf } from './testing.ts';
import type { BatchReport, PpaReport, RtlSlice, SweepPoint, SweepReport } from './types.ts';

const EVERYTHING = `module everything (
  input wire clk, set, clear, open, talk,
  input wire [3:0] d,
  output reg [3:0] q,
  output reg held, kept,
  output wire bus,
  output wire [3:0] word,
  input wire [1:0] address,
  input wire write
);
  reg [3:0] memory [0:3];
  always @(posedge clk) if (write) memory[address] <= d;
  assign word = memory[address];
  always @(posedge clk or posedge clear)
    if (clear) q <= 0;
    else q <= d + q;
  always @* if (open) held = d[0];
  always @*
    if (!clear) kept = 0;
    else if (!open) kept = d[1];
  assign bus = talk ? q[0] : 1'bz;
endmodule
`;

/** The studio's cells without the text of some: a user's library. */
function libraryWithout(pattern: RegExp): string {
  const text = studio45Liberty('typical');
  const cells = text.split(/(?=^ {2}cell \()/m);
  const last = cells.length - 1;
  return cells.map((cell, i) => (i > 0 && pattern.test(cell.slice(0, 40)) ? (i === last ? '}\n' : '') : cell)).join('');
}

function withLibrary(slice: RtlSlice, text: string): { slice: RtlSlice; job: Job } {
  const bytes = new TextEncoder().encode(text);
  const sha256 = sha256Hex(bytes);
  return {
    slice: { ...slice, library: { blob: { name: 'mine.lib', bytes: bytes.length, sha256 } } },
    job: coreJob({ blobs: { [sha256]: bytes } }),
  };
}

async function reportOf(slice: RtlSlice, job = coreJob()): Promise<PpaReport> {
  const result = await ppa(slice, job);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

beforeAll(warmYosys, 60_000);

describe('ppa', () => {
  it('has the area of `stat -liberty` exactly, and parts that add up to it', async () => {
    for (const id of ['counter', 'full-adder', 'latch-trap']) {
      const slice = await exampleOf(id);
      const mapped = await mapDesign(slice, coreJob());
      const report = await reportOf(slice);
      if (!mapped.ok) throw new Error('not mapped');
      expect(report.figures.areaUm2).toBe(mapped.value.areaUm2);
      for (const list of [report.areaByType, report.areaByModule]) {
        expect(list.reduce((sum, { cells }) => sum + cells, 0)).toBe(report.figures.cells);
        expect(list.reduce((sum, { areaUm2 }) => sum + areaUm2, 0)).toBeCloseTo(report.figures.areaUm2, 6);
      }
      expect(mapped.value.design.instances.every(({ where }) => where?.line !== undefined)).toBe(true);
    }
  });

  it('maps registers, latches, memories and three-state drivers', async () => {
    const report = await reportOf(designOf({ 'everything.v': EVERYTHING }));
    const types = report.areaByType.map(({ name }) => name);
    expect(types).toContain('TBUF_X1');
    expect(types.filter((name) => name.startsWith('LATCH')).length).toBeGreaterThan(0);
    // Four words of four bits, and a sum of four.
    expect(report.figures.flipFlops).toBe(20);
  });

  it('says what a library lacks, at the place that needs it', async () => {
    const { slice, job } = withLibrary(designOf({ 'everything.v': EVERYTHING }), libraryWithout(/LATCH|TBUF/));
    const result = await ppa(slice, job);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.problems[0]).toMatchObject({ code: 'map-no-cell', where: { file: 'everything.v' } });
  });

  it('says that a library is missing or empty', async () => {
    const { slice } = withLibrary(await exampleOf('counter'), '');
    const missing = await ppa(slice, coreJob());
    expect(missing).toMatchObject({ problems: [{ code: 'missing-blob', where: { path: 'slices.rtl.library' } }] });
    const empty = withLibrary(await exampleOf('counter'), 'library (none) {\n}\n');
    const none = await ppa(empty.slice, empty.job);
    expect(none).toMatchObject({ ok: false });
    if (!none.ok) expect(none.problems[0]?.where?.path).toBe('slices.rtl.library');
  });

  it('reports errors of constraints with their line', async () => {
    const slice = { ...(await exampleOf('counter')), sdc: 'create_clock -period 1 [get_ports clk]\nno_such_command\n' };
    const result = await ppa(slice, coreJob());
    expect(result).toMatchObject({ ok: false });
    if (!result.ok)
      expect(result.problems[0]?.where).toMatchObject({ file: 'constraints.sdc', line: 2, path: 'slices.rtl.sdc' });
  });

  it('gates clocks when asked to', async () => {
    const slice = await exampleOf('counter');
    const plain = await reportOf(slice);
    const gated = await reportOf({ ...slice, analysis: { ...slice.analysis, clockGating: true } });
    const gates = ({ areaByType }: PpaReport) => areaByType.some(({ name }) => name.startsWith('CLKGATE'));
    expect([gates(plain), gates(gated)]).toEqual([false, true]);
  });

  it('does not map anew when only constraints change', async () => {
    const slice = await exampleOf('counter');
    await reportOf(slice);
    const steps: string[] = [];
    await reportOf(
      { ...slice, sdc: 'create_clock -period 3 [get_ports clk]\n' },
      coreJob({ onProgress: (_, what) => steps.push(what) }),
    );
    expect(steps).not.toContain('Mapping to cells of the library');
  });
});

describe('sweep', () => {
  it('gives the points in order, with the figures of each singly, and lets one fail alone', async () => {
    const slice = await exampleOf('counter');
    const partials: SweepPoint[][] = [];
    const job = coreJob({
      engines: { rtl: engine },
      onProgress: (_, __, partial) => partial && partials.push((partial as { points: SweepPoint[] }).points),
    });
    const spec = { slice, clocksNs: [0.3, 3], scripts: ['area', 'delay'] as const, corners: ['typical'] as const };
    const result = await engine.entries.sweep!(spec, job);
    if (!result.ok) throw new Error('refused');
    const { points, figures } = result.value as SweepReport;
    expect(points.map(({ clockNs, script }) => [clockNs, script])).toEqual([
      [0.3, 'area'],
      [0.3, 'delay'],
      [3, 'area'],
      [3, 'delay'],
    ]);
    expect(figures).toEqual({ points: 4, failed: 0 });
    expect(partials.at(-1)).toHaveLength(4);
    const single = await reportOf({ ...slice, clockNs: 0.3, script: 'delay' });
    expect(points[1]!.figures).toEqual(single.figures);
  });
});

describe('batch', () => {
  let designs: RtlSlice[];
  let report: BatchReport;

  beforeAll(async () => {
    const bad = designOf({ 'bad.v': 'module bad (input a, output y);\n  assign y = a +;\nendmodule\n' });
    const missing = designOf({ 'top.v': 'module top (input a, output y);\n  nowhere inside (a, y);\nendmodule\n' });
    designs = [
      await exampleOf('uart'),
      bad,
      await exampleOf('counter'),
      missing,
      await exampleOf('traffic-light'),
      { ...(await exampleOf('uart')), script: 'area', flatten: true },
    ];
    const job = coreJob({ engines: { rtl: engine } });
    const result = await engine.entries.batch!({ designs }, job);
    if (!result.ok) throw new Error('refused');
    report = result.value as BatchReport;
  }, 60_000);

  it('answers for every design, and fails only the bad ones', () => {
    expect(report.results.map(({ ok }) => ok)).toEqual([true, false, true, false, true, true]);
    expect(report.figures).toMatchObject({ designs: 6, failed: 2 });
    expect(report.results[1]!.problems[0]?.where).toMatchObject({ file: 'bad.v', line: 2 });
  });

  it('has the figures of each design singly', async () => {
    for (const [index, result] of report.results.entries()) {
      if (!result.ok) continue;
      expect(result.figures, String(index)).toEqual((await reportOf(designs[index]!)).figures);
    }
  });

  it('shares a run of Yosys when asked to: the same ones fail, the same design twice is the same', async () => {
    const job = coreJob({ engines: { rtl: engine } });
    const small = designOf({
      'sum.v': 'module sum (input [3:0] a, b, output [4:0] y);\n  assign y = a + b;\nendmodule\n',
    });
    const shared = [small, designs[1]!, designs[3]!, small];
    const result = await engine.entries.batch!({ designs: shared, together: 4 }, job);
    if (!result.ok) throw new Error('refused');
    const found = result.value as BatchReport;
    expect(found.results.map(({ ok }) => ok)).toEqual([true, false, false, true]);
    const [first, , , last] = found.results;
    expect(first?.ok && last?.ok && last.figures).toEqual(first?.ok && first.figures);
    const alone = await reportOf(small);
    expect(first?.ok && first.figures.areaUm2).toBe(alone.figures.areaUm2);
  });
});
