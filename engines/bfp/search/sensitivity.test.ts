import { expect, test } from 'vitest';
import type { Plan } from '../../onnx/run/types.ts';
import type { NumberFormat } from '../../tensor/formats/types.ts';
import { candidateFormats, measureSensitivities, outputErrors, sensitivityTasks } from './sensitivity.ts';

const { signal } = new AbortController();

/** Two layers that scale their input, each format adding what its step would. */
function runner(gains: Record<string, number>) {
  let plan: Plan = {};
  const step = (format: NumberFormat) =>
    format.kind === 'bfp' && typeof format.block === 'number' ? 2 ** -format.mantissaBits * format.block ** 0.25 : 0;
  let runs = 0;
  return {
    setPlan: (next: Plan) => {
      plan = next;
    },
    run(samples: Float32Array, count: number) {
      runs += count;
      const error = Object.entries(plan).reduce(
        (sum, [name, formats]) => sum + gains[name]! * (step(formats.weights) + 3 * step(formats.inputs)),
        0,
      );
      return samples.map((x) => 2 * x * (1 + error));
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

test('the error of the outputs, relative to them, with one operand quantized and all else in float32', async () => {
  const format = FORMATS[0]!;
  const tasks = [
    { layer: 'a', operand: 'weights' as const, format },
    { layer: 'b', operand: 'inputs' as const, format },
  ];
  const errors = await outputErrors(run(runner({ a: 0.01, b: 0.002 })), tasks);
  const step = 2 ** -3 * 16 ** 0.25;
  expect(errors[0]! / (0.01 * step) ** 2).toBeCloseTo(1, 3);
  expect(errors[1]! / (0.002 * 3 * step) ** 2).toBeCloseTo(1, 3);
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
        expect(guessed[at]![operand][i]! / error).toBeGreaterThan(0.98);
        expect(guessed[at]![operand][i]! / error).toBeLessThan(1.02);
      }
    }
  }
  expect(all[0]!.weights[0]! / all[1]!.weights[0]!).toBeCloseTo(25, 1);
});
