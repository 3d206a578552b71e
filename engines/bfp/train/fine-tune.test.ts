import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { ElementFiles } from '../../onnx/read-elements.ts';
import type { Plan } from '../../onnx/run/types.ts';
import type { Model } from '../../onnx/types.ts';
import { loadQuantizer, type NumberFormat } from '../../tensor/formats/index.ts';
import { type Digits, encodeDigits } from '../data/digit-file.ts';
import { openPasses } from './digit-networks.ts';
import { type FineTuneProgress, fineTune } from './fine-tune.ts';
import { inFormats } from './in-formats.ts';
import { openBytes, shippedDigits, shippedNetwork } from './public.fixture.ts';
import { pick } from './split.ts';
import { countRight } from './train.ts';

const { signal } = new AbortController();
const BFP2: NumberFormat = { kind: 'bfp', mantissaBits: 2, exponentBits: 8, block: 16, rounding: 'even' };

async function digitsOf(set: 'train' | 'search', count: number): Promise<Digits> {
  return pick(
    await shippedDigits(set),
    Array.from({ length: count }, (_, place) => place),
  );
}

async function planOf(network: { model: Model; files: ElementFiles }): Promise<Plan> {
  const passes = await openPasses(network.model, network.files);
  if (!passes.ok) throw new Error(passes.problems[0]!.what);
  const names = passes.value.net.steps.flatMap((step) => ('weight' in step ? step.name : []));
  return Object.fromEntries(names.map((name) => [name, { weights: BFP2, inputs: BFP2 }]));
}

/** Of 200 search digits, right in the plan's formats. */
async function rightIn(network: { model: Model; files: ElementFiles }, plan: Plan): Promise<number> {
  const passes = await openPasses(network.model, network.files);
  if (!passes.ok) throw new Error(passes.problems[0]!.what);
  const formats = inFormats(passes.value.net, plan, await loadQuantizer(), 1);
  passes.value.weightsChanged(formats.weights);
  return countRight(passes.value, await digitsOf('search', 200), signal, formats);
}

/** A job whose training digits are a few. */
async function jobOf(count: number, partials: FineTuneProgress[] = []): Promise<Parameters<typeof fineTune>[4]> {
  const file = encodeDigits({ train: await digitsOf('train', count) });
  return {
    signal,
    asset: () => Promise.resolve(file),
    progress: (_fraction, _what, partial) => partials.push(partial as FineTuneProgress),
  };
}

const SETTINGS = { epochs: 2, learningRate: 1e-3, batch: 8 };

describe('fine-tuning in formats', () => {
  it('wins back what two bits lose', async () => {
    const network = await shippedNetwork('digits-cnn');
    const plan = await planOf(network);
    const partials: FineTuneProgress[] = [];
    const tuned = await fineTune(network, plan, SETTINGS, 1, await jobOf(160, partials));
    if (!tuned.ok) throw new Error(tuned.problems[0]!.what);
    expect(tuned.value.lossByEpoch).toHaveLength(2);
    expect(partials.at(-1)).toEqual({ epoch: 2, epochs: 2, lossByEpoch: tuned.value.lossByEpoch });
    const [before, after] = [await rightIn(network, plan), await rightIn(await openBytes(tuned.value.onnx), plan)];
    expect(after).toBeGreaterThan(before + 30);
  });

  it('answers with the same bits again', async () => {
    const network = await shippedNetwork('digits-cnn');
    const plan = await planOf(network);
    const hashes: string[] = [];
    for (let time = 0; time < 2; time++) {
      const tuned = await fineTune(network, plan, SETTINGS, 1, await jobOf(20));
      hashes.push(tuned.ok ? tuned.value.weightsSha256 : '');
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[0]).toHaveLength(64);
  });

  it('is refused where a network has other operators, or training digits are missing', async () => {
    const b = new GraphBuilder('other');
    const graph = b.output(b.unary('Tanh', b.input('data', ['batch', 1, 28, 28]), 'squash'));
    const model: Model = { graph, irVersion: 8, opsets: { '': 17 }, producer: '' };
    const other = await fineTune({ model, files: {} }, {}, SETTINGS, 1, await jobOf(1));
    expect(other.ok ? '' : other.problems[0]!.what).toContain('Tanh of node "squash"');
    const network = await shippedNetwork('digits-cnn');
    const job = { ...(await jobOf(1)), asset: () => Promise.reject(new Error('404')) };
    const without = await fineTune(network, {}, SETTINGS, 1, job);
    expect(without.ok ? '' : without.problems[0]!.what).toContain('"data/digits-train.bin"');
  });
});
