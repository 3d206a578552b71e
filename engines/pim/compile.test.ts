import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { engine, slice } from './index.ts';
import type { CompiledProgram } from './program/compiled.ts';
import type { PimReport, PimSlice } from './types.ts';
import type { Verification } from './verify/verify.ts';

async function compiled(choices: Partial<PimSlice>): Promise<PimReport> {
  const result = await engine.entries.compile!({ ...slice.defaults, ...choices }, inlineJob());
  if (!result.ok) throw new Error(result.problems[0]!.what);
  return result.value as PimReport;
}

async function problems(choices: Partial<PimSlice>) {
  const result = await engine.entries.compile!({ ...slice.defaults, ...choices }, inlineJob());
  return result.ok ? [] : result.problems;
}

const LENET: Partial<PimSlice> = { model: 'lenet5', hardware: { base: 'pimcomp-default', cores: { x: 3, y: 3 } } };

describe('compile', () => {
  it.each(['throughput', 'latency'] as const)('gives the same report for the same design, in %s mode', async (mode) => {
    const [first, second] = [await compiled({ ...LENET, mode }), await compiled({ ...LENET, mode })];
    const { measured: _a, ...one } = first;
    const { measured: _b, ...two } = second;
    expect(one).toEqual(two);
    // The command line prints it: nothing may be lost on the way.
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  });

  it('meets rows of the released tool exactly where its figures are counts, and in latency mode in time', async () => {
    const squeezenet = await compiled({ model: 'squeezenet', evaluator: 'reference', mode: 'latency' });
    // Facts 1.10, "squeezenet LL balance".
    expect(squeezenet.figures).toMatchObject({
      crossbars: 4716,
      arrayGroups: 3998,
      coresUsed: 74,
      instructionGroups: 49,
      mvms: 50962,
      transfers: 72099,
      transferBytes: 9879328,
      loadBytes: 482304,
      timeNs: 2971658,
    });
    expect(squeezenet.figures.utilisationPercent).toBeCloseTo(51.2, 1);
  });

  it('keeps the books: layers, cores and parts add up to the whole', async () => {
    for (const mode of ['throughput', 'latency'] as const) {
      const { figures, layers, cores, energy, hardware } = await compiled({ ...LENET, mode });
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(layers.map(({ crossbars }) => crossbars))).toBe(figures.crossbars);
      expect(sum(cores.map(({ crossbars }) => crossbars))).toBe(figures.crossbars);
      expect(sum(layers.map(({ mvms }) => mvms))).toBe(figures.mvms);
      expect(sum(cores.map(({ instructions }) => instructions))).toBe(figures.instructions);
      expect(sum(Object.values(energy))).toBeCloseTo(figures.energyPj, -1);
      expect(cores.every(({ crossbars }) => crossbars <= hardware.crossbar.perCore)).toBe(true);
      expect(layers.every(({ startNs, endNs }) => startNs >= 0 && endNs >= startNs && endNs <= figures.timeNs)).toBe(
        true,
      );
      expect(figures.timeNs).toBeGreaterThan(0);
    }
  });

  it('times the same program by the other clock, and says which', async () => {
    const own = await compiled({ ...LENET, evaluator: 'own' });
    const released = await compiled({ ...LENET, evaluator: 'reference' });
    expect(own.otherClock?.evaluator).toBe('reference');
    expect(released.otherClock?.evaluator).toBe('own');
    expect(own.hardware.mvmLatencyNs).toBe(4000);
    expect(released.hardware.mvmLatencyNs).toBe(800);
    expect(own.otherClock!.timeNs).toBeLessThan(own.figures.timeNs);
  });

  it('takes replicas from the user', async () => {
    const { layers } = await compiled({ ...LENET, replication: 'manual', replicas: { conv1: 3 } });
    expect(layers.find(({ name }) => name === 'conv1')?.replication).toBe(3);
  });

  it('takes bits by layer, inline or from another lab, and names layers that are not there', async () => {
    const hardware = { base: 'pimcomp-default', crossbar: { cells: 'physical' as const, cellBits: 2 } };
    const layers = { conv1: { weights: 4, activations: 8 }, conv99: { weights: 4, activations: 8 } };
    const inline = await compiled({ ...LENET, hardware, bits: { layers } });
    const handed = await compiled({ ...LENET, hardware, bits: { kind: 'bit-plan', version: 1, data: { layers } } });
    const sixteen = await compiled({ ...LENET, hardware });
    expect(inline.figures).toEqual(handed.figures);
    const crossbarsOf = (report: PimReport) => report.layers.find(({ name }) => name === 'conv1')!;
    expect(crossbarsOf(inline).cellsUsedPercent).toBeLessThan(crossbarsOf(sixteen).cellsUsedPercent);
    expect(inline.problems).toMatchObject([{ code: 'unknown-layer', what: expect.stringContaining('conv99') }]);
  });
});

describe('bad input', () => {
  it.each<[string, Partial<PimSlice>, RegExp]>([
    [
      'a network that does not fit',
      { model: 'vgg16', hardware: { base: 'pimcomp-default', cores: { x: 4, y: 4 } } },
      /crossbars/,
    ],
    ['a chip without cores', { ...LENET, hardware: { base: 'pimcomp-default', cores: { x: 0, y: 3 } } }, /core/],
    [
      'a core without crossbars',
      { ...LENET, hardware: { base: 'pimcomp-default', crossbar: { perCore: 0 } } },
      /crossbar/,
    ],
    ['an unknown preset', { ...LENET, hardware: 'no-such-chip' }, /no-such-chip/],
    ['an unknown network', { model: 'no-such-net' }, /no-such-net/],
    [
      'a file that is not here',
      { model: { onnx: { name: 'net.onnx', bytes: 7, sha256: '0'.repeat(64) } } },
      /net\.onnx/,
    ],
    ['a broken PIMCOMP network', { model: { pimcompJson: '{"node_list": [' } }, /./],
    ['replicas of a layer that is not there', { ...LENET, replication: 'manual', replicas: { conv77: 2 } }, /conv77/],
  ])('%s is refused, with a remedy', async (_, choices, what) => {
    const [problem] = await problems(choices);
    expect(problem?.what).toMatch(what);
    expect(problem?.remedy).toBeTruthy();
  });

  it('says by how much a network does not fit, and which chip would hold it', async () => {
    const [problem] = await problems({ model: 'vgg16', hardware: { base: 'pimcomp-default', cores: { x: 4, y: 4 } } });
    // 8,454 crossbars at one copy of each layer (facts 1.10), of 16 x 64.
    expect(problem?.what).toContain('8,454');
    expect(problem?.what).toContain('1,024');
    expect(problem?.remedy).toMatch(/\d/);
  });
});

describe('program and verify', () => {
  it('give the program of the report, and its proof', async () => {
    const chosen = { ...slice.defaults, ...LENET };
    const report = await compiled(LENET);
    const spec = { slice: chosen, mapping: report.artefacts[0].data };
    const program = await engine.entries.program!(spec, inlineJob());
    if (!program.ok) throw new Error(program.problems[0]!.what);
    const { trace, program: columns, mapping } = program.value as CompiledProgram;
    expect(columns.count).toBe(report.figures.instructions);
    expect(mapping.ags.count).toBe(report.figures.arrayGroups);
    expect(trace.endNs.reduce((most, end) => Math.max(most, end), 0)).toBe(report.figures.timeNs);
    const proof = await engine.entries.verify!(spec, inlineJob());
    expect(proof).toMatchObject({ ok: true, value: { agrees: true } satisfies Partial<Verification> });
  });

  it('refuse a mapping of another chip', async () => {
    const report = await compiled(LENET);
    const other = { ...slice.defaults, ...LENET, hardware: { base: 'pimcomp-default', cores: { x: 1, y: 1 } } };
    const result = await engine.entries.program!({ slice: other, mapping: report.artefacts[0].data }, inlineJob());
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'mapping-mismatch' }] });
  });
});
