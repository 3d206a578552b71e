import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { publicFile } from '../core/public-file.fixture.ts';
import type { Result } from '../core/result.ts';
import { engine, slice } from './index.ts';
import { run } from './run.ts';
import type { BfpReport, BfpSlice, SearchTrace } from './types.ts';

/** A few samples: enough to tell formats apart, few enough for a unit test. */
const FEW: Partial<BfpSlice> = { set: 'search', samples: 120 };

interface Extra {
  seed?: number;
  signal?: AbortSignal;
  onProgress?(fraction: number, what: string, partial?: unknown): void;
}

const job = (extra: Extra = {}) => inlineJob({ asset: publicFile, engines: { bfp: engine }, ...extra });

function runWith(changes: Partial<BfpSlice>, extra?: Extra): Promise<Result<BfpReport>> {
  return run({ ...slice.defaults, ...FEW, ...changes }, job(extra));
}

async function reportOf(changes: Partial<BfpSlice>, extra?: Extra): Promise<BfpReport> {
  const result = await runWith(changes, extra);
  if (!result.ok) throw new Error(result.problems[0]!.what);
  return result.value;
}

async function problemOf(changes: Partial<BfpSlice>) {
  const result = await runWith(changes);
  expect(result.ok).toBe(false);
  return result.ok ? undefined : result.problems[0];
}

const equal = (text: string): BfpSlice['format'] => ({ weights: text, activations: text });

describe('a run', () => {
  it('says in float32 formats what float32 says', async () => {
    const { figures, measurement } = await reportOf({ format: equal('fp32') });
    expect(measurement).toMatchObject({ difference: { points: 0, lost: 0, won: 0, pValue: 1 } });
    expect(figures).toMatchObject({ averageWeightBits: 32, averageActivationBits: 32, samples: 120 });
    expect(figures.accuracyPercent).toBe(figures.accuracyFloatPercent);
  });

  it('loses more with fewer bits, and moves less', async () => {
    const [wide, narrow] = [await reportOf({ format: equal('bfp8/32') }), await reportOf({ format: equal('bfp2/32') })];
    expect(wide.figures.accuracyPercent).toBeGreaterThan(97);
    expect(narrow.figures.accuracyPercent!).toBeLessThan(wide.figures.accuracyPercent! - 20);
    expect(narrow.figures.dataMovementBits).toBeLessThan(wide.figures.dataMovementBits / 2);
    // Eight bits everywhere is what the report itself compares with.
    expect(wide.figures.dataMovementBits).toBe(wide.figures.dataMovementBits8);
    expect(narrow.measurement!.outputSignalToNoiseDb!).toBeLessThan(wide.measurement!.outputSignalToNoiseDb!);
  });

  it('counts all stored bits, short blocks and shared exponents included', async () => {
    const { layers, figures } = await reportOf({ format: equal('bfp4/16') });
    // conv1 has 16 rows of 9 weights: one block of 9 each.
    expect(layers[0]).toMatchObject({ name: 'conv1', parameters: 144, weightBits: 4 + 8 / 9 });
    expect(layers[1]!.weightBits).toBe(4.5);
    const bits = layers.reduce((sum, { parameters, weightBits }) => sum + parameters * weightBits, 0);
    expect(figures.weightBytes).toBeCloseTo(bits / 8, 6);
    const moved = layers.reduce((sum, { movement }) => sum + movement!.dramBits, 0);
    expect(figures.dataMovementBits).toBeCloseTo(moved, 6);
  });

  it('takes formats of single layers, and says which layers a plan names in vain', async () => {
    const plan = { conv2: { weights: 'bfp7/8' }, nosuch: { inputs: 'mxfp4' } };
    const { layers, problems, artefacts } = await reportOf({ plan });
    expect(layers[1]!.formats.weights).toMatchObject({ mantissaBits: 7, block: 8 });
    expect(layers[1]!.formats.inputs).toMatchObject({ mantissaBits: 4, block: 16 });
    expect(problems).toMatchObject([{ severity: 'warning', where: { path: 'slices.bfp.plan.nosuch' } }]);
    expect(artefacts[0].data.layers).toMatchObject({
      conv1: { weights: 4, activations: 4 },
      conv2: { weights: 7, activations: 4 },
    });
  });

  it('is the same bit for bit when it is run again, stochastic rounding by the seed', async () => {
    const stochastic = { format: equal('bfp4/16~') };
    const once = await reportOf(stochastic, { seed: 3 });
    expect((await reportOf(stochastic, { seed: 3 })).figures).toEqual(once.figures);
    const noise = ({ measurement }: BfpReport) => measurement!.outputSignalToNoiseDb;
    expect(noise(await reportOf(stochastic, { seed: 3 }))).toBe(noise(once));
    expect(noise(await reportOf(stochastic, { seed: 4 }))).not.toBe(noise(once));
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const running = runWith({}, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('what cannot be', () => {
  it.each<[string, Partial<BfpSlice>, RegExp, string | undefined]>([
    ['a format that is none', { format: equal('bfp99/16') }, /2 to 14, not 99/, 'slices.bfp.format.weights'],
    ['a machine that is none', { machine: 'abacus' }, /abacus/, undefined],
    ['training on what has no gradients', { model: 'ocr', samples: 4, fineTune: {} }, /digit/, 'slices.bfp.fineTune'],
    ['a search without choices', { search: { mantissaBits: [] } }, /no mantissa widths/, 'slices.bfp.search'],
    [
      'a file that is not here',
      { model: { onnx: { name: 'mine.onnx', bytes: 5, sha256: '00' } } },
      /mine\.onnx.*not here/,
      undefined,
    ],
  ])('%s is a problem with its place', async (_, changes, what, path) => {
    const problem = await problemOf(changes);
    expect(`${problem?.what} ${problem?.remedy}`).toMatch(what);
    if (path) expect(problem?.where?.path).toBe(path);
  });
});

describe('a search', () => {
  const search = {
    mantissaBits: [3, 4, 6],
    blocks: [16, 64],
    measured: 4,
    objective: 'average-bits',
    limit: 4,
  } as const;

  it('finds a plan within its bound that loses less than equal formats of no fewer bits, and measures it', async () => {
    const partial: SearchTrace[] = [];
    const {
      search: trace,
      plan,
      figures,
    } = await reportOf(
      { search: { ...search, mantissaBits: [3, 4, 6], blocks: [16, 64] } },
      {
        onProgress: (_fraction, _what, part) => {
          if (part) partial.push((part as { search: SearchTrace }).search);
        },
      },
    );
    const best = trace!.points.find(({ id }) => id === trace!.bestId)!;
    expect(best.plan).toEqual(plan);
    expect(figures.averageWeightBits).toBeLessThanOrEqual(4.0001);
    expect(figures.averageActivationBits).toBeLessThanOrEqual(4.0001);
    // What the search says of the plan is what the run says of it.
    expect(best.measured!.percent).toBe(figures.accuracyPercent);
    expect(best.dataMovementBits).toBeCloseTo(figures.dataMovementBits, 6);
    const equals = trace!.points.filter(({ by, averageWeightBits }) => by === 'equal' && averageWeightBits <= 4);
    expect(equals.length).toBeGreaterThan(0);
    for (const { measured } of equals) expect(best.measured!.count).toBeGreaterThanOrEqual(measured!.count);
    expect(partial.length).toBeGreaterThan(1);
    expect(trace!.evaluations).toBe(trace!.points.filter(({ measured }) => measured).length);
  });

  it('ends after so many evaluations when the best was taken', async () => {
    const { search: trace } = await reportOf({
      samples: 40,
      search: { ...search, mantissaBits: [3, 4, 6], blocks: [16, 64], stopAfter: 5 },
    });
    expect(trace).toMatchObject({ evaluations: 5, stopped: 'taken' });
  });
});
