import { breathe } from '../../core/abort.ts';
import { math } from '../../core/index.ts';
import type { LayerFormats, Plan, Runner } from '../../onnx/run/types.ts';
import type { NumberFormat } from '../../tensor/formats/types.ts';
import { distanceBetween, distributionsOf, readingOf } from './distance.ts';

/** One operand of one layer in a format, all else in float32. */
export interface SensitivityTask {
  layer: string;
  operand: 'weights' | 'inputs';
  format: NumberFormat;
}

export interface SensitivityRun {
  runner: Pick<Runner, 'setPlan' | 'run' | 'outputShape'>;
  /** Calibration samples, one after the other. */
  samples: Float32Array;
  count: number;
  seed: number;
  signal: AbortSignal;
  onProgress?(fraction: number): void;
}

/** Samples between two looks at the signal. */
const AT_ONCE = 16;
const FLOAT32: NumberFormat = { kind: 'float32' };

/**
 * What each task does to the network's outputs on the calibration samples: the mean distance of the distributions over
 * classes from those of float32 (`distance.ts`), 0 to 2. Needs no labels. Small distances of operands that have nothing to do
 * with each other add up (they are squares of sums of small errors), which is what makes the additive model. Tasks may be
 * shared out over workers: each answer depends on its task alone.
 * @throws AbortError when the signal is aborted.
 */
export async function outputErrors(run: SensitivityRun, tasks: readonly SensitivityTask[]): Promise<number[]> {
  const plans = tasks.map(({ layer, operand, format }): Plan => {
    const formats: LayerFormats = { weights: FLOAT32, inputs: FLOAT32, [operand]: format };
    return { [layer]: formats };
  });
  return planErrors(run, plans);
}

/**
 * The same of whole plans.
 * @throws AbortError when the signal is aborted.
 */
export async function planErrors(run: SensitivityRun, plans: readonly Plan[]): Promise<number[]> {
  const { runner, samples, count, seed, signal, onProgress } = run;
  const each = count === 0 ? 0 : samples.length / count;
  const batches = Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, i) => {
    const of = Math.min(AT_ONCE, count - i * AT_ONCE);
    return { of, inputs: samples.subarray(i * AT_ONCE * each, (i * AT_ONCE + of) * each) };
  });
  runner.setPlan({}, seed);
  const floats: Float32Array[] = [];
  for (const { inputs, of } of batches) {
    await breathe(signal);
    floats.push(runner.run(inputs, of));
  }
  // The first batch says how outputs are read: all batches, and all workers, read them alike.
  const reading = readingOf(floats[0] ?? new Float32Array(), runner.outputShape.at(-1) ?? 1);
  const reference = floats.map((outputs) => distributionsOf(outputs, reading));
  const lines = reference.reduce((sum, it) => sum + it.lines, 0);
  const errors: number[] = [];
  for (const [at, plan] of plans.entries()) {
    runner.setPlan(plan, seed);
    let distance = 0;
    for (const [i, { inputs, of }] of batches.entries()) {
      await breathe(signal);
      distance += distanceBetween(distributionsOf(runner.run(inputs, of), reading), reference[i]!);
    }
    errors.push(lines > 0 ? distance / lines : 0);
    onProgress?.((at + 1) / plans.length);
  }
  return errors;
}

/** A layer's operands and what each may become. */
export interface SensitivityLayer {
  name: string;
  weights: readonly NumberFormat[];
  inputs: readonly NumberFormat[];
}

/** [layer].weights[choice], [layer].inputs[choice]. */
export interface Sensitivities {
  weights: number[];
  inputs: number[];
}

/**
 * Which tasks tell the sensitivities of all choices. `all`: each choice is run. `few`: of each operand's block floating
 * point formats those with the smallest and largest block at a middle width, and one narrow; the others follow by
 * `sensitivitiesFrom`. For networks whose runs are dear.
 */
export function sensitivityTasks(layers: readonly SensitivityLayer[], runs: 'all' | 'few'): SensitivityTask[] {
  return layers.flatMap((layer) =>
    (['weights', 'inputs'] as const).flatMap((operand) => {
      const formats = layer[operand];
      const picked = runs === 'all' ? formats.map((_, i) => i) : telling(formats);
      return picked.map((i) => ({ layer: layer.name, operand, format: formats[i]! }));
    }),
  );
}

/** The sensitivities of all choices from the errors of `sensitivityTasks`, in their order. */
export function sensitivitiesFrom(
  layers: readonly SensitivityLayer[],
  runs: 'all' | 'few',
  errors: readonly number[],
): Sensitivities[] {
  let next = 0;
  return layers.map((layer) => {
    const of = (operand: 'weights' | 'inputs') => {
      const formats = layer[operand];
      const picked = runs === 'all' ? formats.map((_, i) => i) : telling(formats);
      const own = errors.slice(next, next + picked.length);
      next += picked.length;
      return runs === 'all' ? own : followed(formats, picked, own);
    };
    return { weights: of('weights'), inputs: of('inputs') };
  });
}

/** All at once, in this thread. */
export async function measureSensitivities(
  run: SensitivityRun,
  layers: readonly SensitivityLayer[],
  runs: 'all' | 'few' = 'all',
): Promise<Sensitivities[]> {
  return sensitivitiesFrom(layers, runs, await outputErrors(run, sensitivityTasks(layers, runs)));
}

/** Mantissa bits, and the base-2 logarithm of the block. Undefined: not block floating point along rows. */
function coordinates(format: NumberFormat): { m: number; b: number } | undefined {
  if (format.kind !== 'bfp' || typeof format.block !== 'number') return undefined;
  return { m: format.mantissaBits, b: math.log2(format.block) };
}

/** Places of the formats to run: all, where they are few or not of one family. */
function telling(formats: readonly NumberFormat[]): number[] {
  const all = formats.map((_, i) => i);
  const places = formats.map(coordinates);
  if (formats.length <= 3 || places.some((it) => it === undefined)) return all;
  const known = places as { m: number; b: number }[];
  const widths = [...new Set(known.map(({ m }) => m))].sort((a, b) => a - b);
  const blocks = [...new Set(known.map(({ b }) => b))].sort((a, b) => a - b);
  const [narrow, middle] = [widths[Math.floor(widths.length / 4)]!, widths[Math.floor(widths.length / 2)]!];
  const wanted = [
    { m: middle, b: blocks[0]! },
    { m: middle, b: blocks.at(-1)! },
    { m: narrow, b: blocks[Math.floor(blocks.length / 2)]! },
  ];
  const picked = wanted.map(({ m, b }) => known.findIndex((it) => it.m === m && it.b === b));
  return picked.includes(-1) ? all : [...new Set(picked)].sort((a, b) => a - b);
}

/** An error falls by so much (base-2 logarithm) with each mantissa bit: half the step, a quarter of its square. */
const PER_BIT = -2;

/**
 * The errors of all formats from those of a few: log2 of the error as a plane over mantissa bits and log2 of the block,
 * through the errors that were run.
 */
function followed(formats: readonly NumberFormat[], picked: readonly number[], errors: readonly number[]): number[] {
  if (picked.length === formats.length) return [...errors];
  const known = picked.map((place, i) => ({
    ...coordinates(formats[place]!)!,
    y: math.log2(Math.max(errors[i]!, 1e-30)),
  }));
  const byWidth = new Map<number, typeof known>();
  for (const it of known) byWidth.set(it.m, [...(byWidth.get(it.m) ?? []), it]);
  const pair = [...byWidth.values()].find((group) => group.length > 1);
  const [one, other] = pair ?? [];
  const perBlock = one && other && other.b !== one.b ? Math.max(0, (other.y - one.y) / (other.b - one.b)) : 0;
  const anchor = one ?? known[0]!;
  const far = known.find((it) => it.m !== anchor.m);
  const atAnchorBlock = far && far.y - perBlock * (far.b - anchor.b);
  const slope = far ? (atAnchorBlock! - anchor.y) / (far.m - anchor.m) : PER_BIT;
  // Rounding gets no better than halving with each bit, and no worse than standing still.
  const perBit = Math.min(-0.5, Math.max(2 * PER_BIT, slope));
  const run = new Map(picked.map((place, i) => [place, errors[i]!]));
  return formats.map((format, place) => {
    const { m, b } = coordinates(format)!;
    return run.get(place) ?? math.pow(2, anchor.y + perBit * (m - anchor.m) + perBlock * (b - anchor.b));
  });
}

/**
 * Sensitivities by second order: for each choice half the sum of Fisher information times squared rounding error, in nats of
 * the loss (HAWQ-V2, Optimal brain damage). `increase` answers for one task.
 */
export async function fisherSensitivities(
  layers: readonly SensitivityLayer[],
  increase: (task: SensitivityTask) => number,
  signal: AbortSignal,
): Promise<Sensitivities[]> {
  const errors: number[] = [];
  for (const task of sensitivityTasks(layers, 'all')) {
    if (errors.length % 8 === 0) await breathe(signal);
    errors.push(increase(task));
  }
  return sensitivitiesFrom(layers, 'all', errors);
}

/** The formats that settings allow: mantissa bits times blocks, 8-bit exponents, ties to even. */
export function candidateFormats({
  mantissaBits,
  blocks,
}: {
  mantissaBits: readonly number[];
  blocks: readonly number[];
}): NumberFormat[] {
  const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  return sorted(mantissaBits).flatMap((bits) =>
    sorted(blocks).map(
      (block): NumberFormat => ({ kind: 'bfp', mantissaBits: bits, exponentBits: 8, block, rounding: 'even' }),
    ),
  );
}
