import { describe, expect, it } from 'vitest';
import { prepareRunner } from '../../onnx/run/index.ts';
import type { Plan } from '../../onnx/run/types.ts';
import { loadQuantizer, type NumberFormat, parseFormat } from '../../tensor/formats/index.ts';
import { loadDigits } from '../data/digits.ts';
import { openPasses } from './digit-networks.ts';
import { inFormats } from './in-formats.ts';
import { asset, shippedNetwork } from './public.fixture.ts';

const SAMPLES = 12;
/** Weights, inputs, and outputs or none, dealt to the layers in turn. */
const FORMATS = [
  ['bfp4/16', 'bfp4/16'],
  ['bfp3/32', 'bfp5/8', 'bfp6/8'],
  ['int4/64', 'mxfp4'],
  ['mxfp8e4m3', 'fp32'],
  ['fp32', 'bfp4/64'],
];

function formatOf(text: string): NumberFormat {
  const format = parseFormat(text);
  if (!format.ok) throw new Error(format.problems[0]!.what);
  return format.value;
}

describe.each(['digits-cnn', 'digits-resnet'] as const)('a plan in training, %s', (id) => {
  it('computes what the runner computes, which is another program', async () => {
    const { model, files } = await shippedNetwork(id);
    const sets = await loadDigits({ asset });
    if (!sets.ok) throw new Error(sets.problems[0]!.what);
    const [opened, prepared] = [await openPasses(model, files), await prepareRunner(model, { files })];
    if (!opened.ok || !prepared.ok) throw new Error('The network does not open.');
    const [passes, runner] = [opened.value, prepared.value];
    const plan: Plan = {};
    for (const [index, { name }] of runner.layers.entries()) {
      const [weights, inputs, outputs] = FORMATS[index % FORMATS.length]!.map(formatOf);
      plan[name] = { weights: weights!, inputs: inputs!, ...(outputs && { outputs }) };
    }
    const formats = inFormats(passes.net, plan, await loadQuantizer(), 1);
    passes.weightsChanged(formats.weights);
    runner.setPlan(plan, 1);
    const samples = sets.value.search.samples(0, SAMPLES);
    const outputs = runner.run(samples, SAMPLES);
    let alike = 0;
    for (let sample = 0; sample < SAMPLES; sample++) {
      const ours = passes.forward(samples.subarray(sample * 784, (sample + 1) * 784), formats.values);
      const furthest = ours.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - outputs[sample * 10 + at]!)),
        0,
      );
      if (furthest < 1e-4) alike++;
    }
    // Sums in another order may end on the other side of a tie, and rarely do.
    expect(alike).toBeGreaterThanOrEqual(SAMPLES - 1);
    runner.dispose();
  });
});
