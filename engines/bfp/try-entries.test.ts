import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { publicFile } from '../core/public-file.fixture.ts';
import type { Result } from '../core/result.ts';
import { engine, slice } from './index.ts';
import { run } from './run.ts';
import { shippedDigits } from './train/public.fixture.ts';
import { classify, recognise, samples } from './try-entries.ts';

const job = () => inlineJob({ asset: publicFile, engines: { bfp: engine } });
const MODEL = { model: 'digits-cnn', data: null } as const;

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems[0]!.what);
  return result.value;
}

async function digit(sample: number): Promise<number[]> {
  const { pixels } = await shippedDigits('search');
  return Array.from(pixels.subarray(sample * 784, (sample + 1) * 784), (byte) => byte / 255);
}

describe('pictures of samples', () => {
  it('of digits are their ink on paper, in the order that was asked for', async () => {
    const [third, first] = value(await samples({ ...MODEL, set: 'search', samples: [3, 1] }, job()));
    const { pixels } = await shippedDigits('search');
    expect(third).toMatchObject({ width: 28, height: 28 });
    expect([...third!.pixels]).toEqual([...pixels.subarray(3 * 784, 4 * 784)].map((ink) => 255 - ink));
    expect([...first!.pixels]).toEqual([...pixels.subarray(784, 2 * 784)].map((ink) => 255 - ink));
  });

  it('of lines of text are 320 x 48, of the set that was asked for', async () => {
    const spec = { model: 'ocr', data: null, samples: [0] } as const;
    const [search] = value(await samples({ ...spec, samples: [0], set: 'search' }, job()));
    const [test] = value(await samples({ ...spec, samples: [0], set: 'test' }, job()));
    expect(search).toMatchObject({ width: 320, height: 48 });
    expect(search!.pixels).not.toEqual(test!.pixels);
  });
});

describe('a digit of one’s own', () => {
  it('has probabilities that sum to one, of float32 without a plan twice the same', async () => {
    const said = value(await classify({ ...MODEL, plan: {}, values: await digit(0) }, job()));
    expect(said.classes).toHaveLength(10);
    expect(said.float.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
    expect(said.plan).toEqual(said.float);
  });

  it('is said to be what a measurement says of the same digit, as surely', async () => {
    const format = { weights: 'bfp3/32', activations: 'bfp3/32' };
    const report = value(await run({ ...slice.defaults, format, set: 'search', samples: 60 }, job()));
    const shown = report.measurement!.shown.slice(0, 3);
    expect(shown.length).toBeGreaterThan(0);
    for (const { sample, float, plan, floatConfidence, planConfidence } of shown) {
      const said = value(await classify({ ...MODEL, plan: report.plan, values: await digit(sample) }, job()));
      expect(said.float.indexOf(Math.max(...said.float))).toBe(float);
      expect(said.plan.indexOf(Math.max(...said.plan))).toBe(plan);
      expect(Math.max(...said.float)).toBeCloseTo(floatConfidence, 6);
      expect(Math.max(...said.plan)).toBeCloseTo(planConfidence, 6);
    }
  });

  it('of another size is refused', async () => {
    const refused = await classify({ ...MODEL, plan: {}, values: [0, 1] }, job());
    expect(!refused.ok && refused.problems[0]!.what).toMatch(/2 values; the network takes 1 x 28 x 28/);
  });
});

describe('a line of one’s own', () => {
  it('is drawn and read, by float32 and by a plan', async () => {
    const said = value(await recognise({ plan: {}, text: 'Read me 42', font: 'roboto-slab' }, job()));
    expect(said.picture).toMatchObject({ width: 320, height: 48 });
    expect(String(said.float.what).replaceAll(' ', '')).toBe('Readme42');
    expect(said.plan).toEqual(said.float);
    expect(said.float.confidence).toBeGreaterThan(0.8);
  });

  it('with nothing in it is refused', async () => {
    const refused = await recognise({ plan: {}, text: '  ', font: 'inter' }, job());
    expect(!refused.ok && refused.problems[0]!.code).toBe('ocr.no-text');
  });
});
