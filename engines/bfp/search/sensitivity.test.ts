import { expect, test } from 'vitest';
import type { Plan } from '../../onnx/run/types.ts';
import type { NumberFormat } from '../../tensor/formats/types.ts';
import { distanceBetween, distributionsOf, readingOf } from './distance.ts';
import { candidateFormats, measureSensitivities, outputErrors, sensitivityTasks } from './sensitivity.ts';

const { signal } = new AbortController();

/** Two layers whose errors tilt each line of outputs, by what the steps of their formats are. */
function runner(gains: Record<string, number>) {
  let plan: Plan = {};
  const step = (format: NumberFormat) =>
    format.kind === 'bfp' && typeof format.block === 'number' ? 2 ** -format.mantissaBits * format.block ** 0.25 : 0;
  let runs = 0;
  return {
    outputShape: [1, 3],
    setPlan: (next: Plan) => {
      plan = next;
    },
    run(samples: Float32Array, count: number) {
      runs += count;
      const error = Object.entries(plan).reduce(
        (sum, [name, formats]) => sum + gains[name]! * (step(formats.weights) + 3 * step(formats.inputs)),
        0,
      );
      return samples.map((x, i) => x + (i % 3) * error);
    },
    runs: () => runs,
  };
}

const SAMPLES = Float32Array.from({ length: 40 * 3 }, (_, i) => (i % 7) - 3);
const FORMATS = candidateFormats({ mantissaBits: [5, 3, 4, 4, 6], blocks: [16, 32, 64] });
const LAYERS = ['a', 'b'].map((name) => ({ name, weights: FORMATS, inputs: FORMATS }));
const run = (it: ReturnType<typeof runner>) => ({ runner: it, samples: SAMPLES, count: 40, seed: 1, signal });

test('candidates are every width with every block, once', () => {
  expect(FORMATS).toHaveLength(12);
  expect(FORMATS[0]).toEqual({ kind: 'bfp', mantissaBits: 3, exponentBits: 8, block: 16, rounding: 'even' });
});

test('the distance of the outputs with one operand quantized and all else in float32 grows with the square of the step', async () => {
  const [format, finer] = [FORMATS[0]!, FORMATS[3]!];
  const tasks = [
    { layer: 'a', operand: 'weights' as const, format },
    { layer: 'a', operand: 'weights' as const, format: finer },
    { layer: 'b', operand: 'inputs' as const, format },
  ];
  const [first, second, third] = await outputErrors(run(runner({ a: 0.01, b: 0.002 })), tasks);
  expect(first! / second!).toBeCloseTo(4, 1);
  expect(third! / first!).toBeCloseTo(0.6 ** 2, 2);
});

test('distances: none between equals, 2 between certain opposites, logits read softly, distributions as they are', () => {
  const certain = Float32Array.from([1, 0, 0, 0, 1, 0]);
  const reading = readingOf(certain, 3);
  expect(reading).toEqual({ width: 3, temperature: 0 });
  const [one, other] = [certain, Float32Array.from([0, 1, 0, 0, 1, 0])].map((it) => distributionsOf(it, reading));
  expect(distanceBetween(one!, one!)).toBe(0);
  expect(distanceBetween(one!, other!)).toBe(2);
  // Logits with a gap of 12 are softened to one of 4.
  expect(readingOf(Float32Array.from([0, 12, -5]), 3).temperature).toBe(3);
  const { roots } = distributionsOf(Float32Array.from([0, 12, -5]), { width: 3, temperature: 3 });
  expect(roots.reduce((sum, it) => sum + it * it, 0)).toBeCloseTo(1, 12);
  expect(roots[1]! ** 2 / roots[0]! ** 2).toBeCloseTo(Math.exp(4), 9);
});

test('sensitivities of all choices, and nearly the same from a quarter of the runs', async () => {
  const gains = { a: 0.01, b: 0.002 };
  const all = await measureSensitivities(run(runner(gains)), LAYERS);
  const few = runner(gains);
  const guessed = await measureSensitivities(run(few), LAYERS, 'few');
  expect(few.runs()).toBe(40 * (1 + sensitivityTasks(LAYERS, 'few').length));
  expect(sensitivityTasks(LAYERS, 'few')).toHaveLength(12);
  for (const [at, layer] of all.entries()) {
    for (const operand of ['weights', 'inputs'] as const) {
      expect(layer[operand]).toHaveLength(12);
      for (const [i, error] of layer[operand].entries()) {
        expect(guessed[at]![operand][i]! / error).toBeGreaterThan(0.95);
        expect(guessed[at]![operand][i]! / error).toBeLessThan(1.05);
      }
    }
  }
  expect(all[0]!.weights[0]! / all[1]!.weights[0]!).toBeCloseTo(25, 1);
});
