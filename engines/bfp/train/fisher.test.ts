import { describe, expect, it } from 'vitest';
import * as math from '../../core/math.ts';
import { createRandom } from '../../core/random.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { constantTensor } from '../../onnx/constants.ts';
import { loadDigits } from '../data/digits.ts';
import { openPasses } from './digit-networks.ts';
import { fisherDiagonal, lossIncrease } from './fisher.ts';
import { softmax } from './loss.ts';
import { asset, shippedNetwork } from './public.fixture.ts';

const { signal } = new AbortController();

describe('the diagonal of the Fisher information', () => {
  it('is what the formula of logistic regression says', async () => {
    const b = new GraphBuilder('regression');
    const graph = b.output(b.gemm(b.flatten(b.input('data', ['batch', 1, 2, 2])), 3, 'fc'));
    const random = createRandom(4);
    const weights = Array.from({ length: 12 }, () => random.normal());
    graph.weights['fc.weight'] = { ...constantTensor('fc.weight', 'float32', weights), shape: [3, 4] };
    graph.weights['fc.bias'] = constantTensor('fc.bias', 'float32', [0.1, -0.2, 0.3]);
    const x = Float32Array.of(0.5, -1, 2, 0.25);
    const model = { graph, irVersion: 8, opsets: { '': 17 }, producer: '' };
    const found = await fisherDiagonal({ model, files: {} }, { count: 1, samples: () => x }, signal);
    if (!found.ok) throw new Error(found.problems[0]!.what);
    const [layer] = found.value;
    const logits = [0, 1, 2].map((row) =>
      x.reduce((sum, value, at) => sum + value * weights[row * 4 + at]!, [0.1, -0.2, 0.3][row]!),
    );
    const p = softmax(logits);
    for (let row = 0; row < 3; row++) {
      for (let at = 0; at < 4; at++) {
        expect(layer!.weights[row * 4 + at]).toBeCloseTo(x[at]! ** 2 * p[row]! * (1 - p[row]!), 5);
      }
    }
    for (let at = 0; at < 4; at++) {
      // W^T (diag(p) - p p^T) W
      const mean = [0, 1, 2].reduce((sum, row) => sum + p[row]! * weights[row * 4 + at]!, 0);
      const square = [0, 1, 2].reduce((sum, row) => sum + p[row]! * weights[row * 4 + at]! ** 2, 0);
      expect(layer!.inputs[at]).toBeCloseTo(square - mean ** 2, 5);
    }
  });

  it('foretells how far the outputs of the digit network move when its numbers are a little off', async () => {
    const network = await shippedNetwork('digits-cnn');
    const sets = await loadDigits({ asset });
    if (!sets.ok) throw new Error(sets.problems[0]!.what);
    const { search } = sets.value;
    const samples = { count: 12, samples: search.samples };
    const found = await fisherDiagonal(network, samples, signal);
    const passes = await openPasses(network.model, network.files);
    if (!found.ok || !passes.ok) throw new Error('The digit network does not open.');
    const { net, weights, forward, weightsChanged } = passes.value;
    const shares = Array.from({ length: samples.count }, (_, at) => softmax(forward(search.samples(at, 1))));
    const random = createRandom(6);
    /** Mean Kullback-Leibler divergence (nats) from the outputs as they were. */
    const moved = (input?: (layer: string, values: Float32Array) => void): number => {
      let sum = 0;
      for (const [at, before] of shares.entries()) {
        const after = softmax(forward(search.samples(at, 1), input && { input }));
        for (const [label, share] of before.entries()) sum += share * (math.log(share) - math.log(after[label]!));
      }
      return sum / shares.length;
    };
    const noise = (values: Float32Array, deviation: number): void => {
      for (let at = 0; at < values.length; at++) values[at]! += deviation * random.normal();
    };
    // Noise without a pattern, so that what is off the diagonal cancels out on average.
    const trials = 4;
    for (const { name, weights: ofWeights, inputs } of found.value.filter((layer) => /conv2|fc1/.test(layer.name))) {
      const step = net.steps.find((it) => 'weight' in it && it.name === name);
      if (!step || !('weight' in step)) throw new Error(`There is no layer ${name}.`);
      const array = weights[step.weight]!;
      const kept = array.slice();
      let [byWeights, byInputs] = [0, 0];
      for (let trial = 0; trial < trials; trial++) {
        noise(array, 0.003);
        weightsChanged();
        byWeights += moved() / trials;
        array.set(kept);
        weightsChanged();
        byInputs += moved((layer, values) => layer === name && noise(values, 0.02)) / trials;
      }
      const squares = (of: Float64Array, deviation: number): number =>
        lossIncrease(of, new Float64Array(of.length), new Float64Array(of.length).fill(deviation));
      expect(byWeights / squares(ofWeights, 0.003)).toBeGreaterThan(0.6);
      expect(byWeights / squares(ofWeights, 0.003)).toBeLessThan(1.7);
      expect(byInputs / squares(inputs, 0.02)).toBeGreaterThan(0.6);
      expect(byInputs / squares(inputs, 0.02)).toBeLessThan(1.7);
    }
  });

  it('takes the mean over samples of what rounding adds', () => {
    const fisher = Float64Array.of(2, 4);
    expect(lossIncrease(fisher, [1, 1, 1, 1], [2, 1, 1, 3])).toBe(0.5 * ((2 + 0) / 2 + (0 + 16) / 2));
    expect(lossIncrease(fisher, [1, 1], [2, 2])).toBe(0.5 * (2 + 4));
  });
});
