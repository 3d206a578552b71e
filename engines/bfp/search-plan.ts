import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { Plan, RunLayer } from '../onnx/run/types.ts';
import { blockOf, lineLength, loadQuantizer, type Quantizer } from '../tensor/formats/index.ts';
import type { NumberFormat } from '../tensor/formats/types.ts';
import { sampleCount } from './chunk.ts';
import { characterEdits } from './data/ocr-edits.ts';
import type { Said, SampleSet } from './data/types.ts';
import { shareOf } from './judge.ts';
import { activationBits, activationLine, OUTPUT_BITS, weightBits } from './layer-table.ts';
import { mapInWaves } from './map-in-waves.ts';
import { measure } from './measure.ts';
import { bestTiling, dramBitsOf, layersOf } from './movement/index.ts';
import type { Machine } from './movement/types.ts';
import { type OpenModel, type OpenSpec, openModel } from './open-model.ts';
import { type MeasuredPlan, type PlanSpace, planOf, searchPlans } from './search/index.ts';
import {
  candidateFormats,
  fisherSensitivities,
  outputErrors,
  planErrors,
  type Sensitivities,
  type SensitivityLayer,
  type SensitivityTask,
  sensitivitiesFrom,
  sensitivityTasks,
} from './search/sensitivity.ts';
import { completeSearch } from './settings.ts';
import { fisherDiagonal, lossIncrease } from './train/fisher.ts';
import type { BfpSlice, SearchSettings, SearchTrace } from './types.ts';

/** Samples that sensitivities are taken over: enough that the formats of a layer keep their order. Ours. */
const SENSITIVITY_SAMPLES = { classes: 64, text: 4 };
/** Up to so many multiply-accumulates every choice is run; past it a few of each operand, and the others follow. Ours. */
const MOST_MACS_FOR_ALL = 30e9;
/** Samples that a plan is probed on between measurements, and multiply-accumulates that all probes may take. Ours. */
const PROBES = { classes: { samples: 128, macs: 250e9 }, text: { samples: 4, macs: 700e9 } };
const MOST_PROBES = 500;
/** Plans that one worker probes at a time: float32 is run once for them. */
const PROBES_EACH = 8;
/** Multiply-accumulates that one worker is given at a time. */
const MACS_EACH = 4e9;
/** Samples over which Fisher information and the rounding of activations are averaged. */
const FISHER_SAMPLES = 200;

export interface FoundPlan {
  trace: SearchTrace;
  plan: Plan;
  problems: Problem[];
}

/**
 * Searches a plan for a design on its search data: sensitivities of all operands, baselines, the method's proposals, all
 * measured. Problems: no data, nothing to choose from, a machine that holds no tile.
 */
export async function searchPlan(
  slice: BfpSlice,
  chosen: Partial<SearchSettings>,
  model: OpenModel,
  machine: Machine,
  job: Job,
  progress: (fraction: number, partial?: { search: SearchTrace }) => void,
): Promise<Result<FoundPlan>> {
  const settings = completeSearch(chosen);
  const { sets, runner } = model;
  if (!sets) {
    const what = 'A search measures plans, and this network has no labelled data.';
    const remedy = 'Open labelled data with it, or choose formats by the signal to noise of the layers.';
    return fail(error('bfp.search-needs-data', what, remedy, { path: 'slices.bfp.search' }));
  }
  const formats = candidateFormats(settings);
  if (formats.length === 0) {
    const what = 'The search has no mantissa widths or no block sizes to choose from.';
    return fail(error('bfp.no-candidates', what, 'Allow at least one of each.', { path: 'slices.bfp.search' }));
  }
  const tiles = fits(runner.layers, formats, machine);
  if (!tiles.ok) return tiles;
  const spec = { model: slice.model, data: slice.data };
  // A design that looks at fewer search samples searches on those.
  const samples = slice.set === 'search' ? slice.samples : 0;
  const float = await measure({ ...spec, plans: [], float: true, set: 'search', samples }, model, job, () => {});
  if (!float.ok) return float;
  const said = float.value.float.said;
  progress(0.02);

  const names: SensitivityLayer[] = runner.layers.map(({ name }) => ({ name, weights: formats, inputs: formats }));
  const sensitivities =
    settings.sensitivity === 'fisher'
      ? await byFisher(slice, model, names, job)
      : await byOutputs(spec, model, names, job, (fraction) => progress(0.02 + 0.2 * fraction));
  if (!sensitivities.ok) return sensitivities;
  progress(0.22);

  let failed: Problem[] = [];
  const space = spaceOf(model, formats, sensitivities.value, machine, shareOf(said, sets.search).percent);
  space.measure = async (assignments) => {
    const plans = assignments.map((assignment) => planOf(space, assignment));
    const run = await measure({ ...spec, plans, float: true, set: 'search', samples }, model, job, () => {});
    if (!run.ok) {
      failed = run.problems;
      throw new Error('a plan could not be measured');
    }
    return run.value.plans.map(({ said: after, noise, signal, distance, lines }): MeasuredPlan => {
      const errors = { outputError: signal > 0 ? noise / signal : 0, distance: lines > 0 ? distance / lines : 0 };
      return { accuracy: shareOf(after, sets.search), ...changes(said, after, sets.search), ...errors };
    });
  };
  space.probing = probingOf(space, spec, model, job, (problems) => {
    failed = problems;
  });
  try {
    const outcome = await searchPlans(space, settings, {
      seed: job.seed,
      signal: job.signal,
      onTrace: (search, fraction) => progress(0.22 + 0.78 * fraction, { search }),
    });
    if (!outcome.best) {
      const what = 'No plan of the formats that were allowed keeps the bound of the search.';
      const remedy = 'Loosen the bound, or allow narrower formats.';
      return fail(error('bfp.no-plan', what, remedy, { path: 'slices.bfp.search.limit' }));
    }
    const problems: Problem[] = outcome.keepsBounds ? [] : [boundMissed()];
    return ok({ trace: outcome.trace, plan: outcome.best.plan, problems });
  } catch (reason) {
    const [first, ...others] = failed;
    if (first) return fail(first, ...others);
    throw reason;
  }
}

function boundMissed(): Problem {
  return {
    code: 'bfp.bound-missed',
    severity: 'warning',
    what: 'No plan that was measured keeps the bound of the search; the nearest was taken.',
    remedy: 'Loosen the bound, or allow narrower formats.',
    where: { path: 'slices.bfp.search.limit' },
  };
}

/** Samples that only one of the two has right: classes, or lines with fewer errors. */
function changes(
  before: readonly Said[],
  after: readonly Said[],
  { labels }: SampleSet,
): { lost: number; won: number } {
  let [lost, won] = [0, 0];
  for (const [index, { what }] of after.entries()) {
    const old = before[index]!.what;
    if (labels.kind === 'classes') {
      const label = labels.of[index]!;
      if (old === label && what !== label) lost += 1;
      if (old !== label && what === label) won += 1;
    } else {
      const line = labels.lines[index]!;
      const gain = characterEdits(line, String(old)).edits - characterEdits(line, String(what)).edits;
      if (gain < 0) lost -= gain;
      else won += gain;
    }
  }
  return { lost, won };
}

function fits(layers: readonly RunLayer[], formats: readonly NumberFormat[], machine: Machine): Result<undefined> {
  const widest = formats[formats.length - 1]!;
  for (const layer of layers) {
    const bits = weightBits(layer, widest).perElement;
    const found = bestTiling(layersOf([layer])[0]!, { weights: bits, inputs: bits, outputs: OUTPUT_BITS }, machine);
    if (!found.ok) return found;
  }
  return ok(undefined);
}

function spaceOf(
  { runner: { layers } }: OpenModel,
  formats: readonly NumberFormat[],
  sensitivities: readonly Sensitivities[],
  machine: Machine,
  floatAccuracyPercent: number,
): PlanSpace {
  const loops = layersOf(layers);
  const place = new Map(layers.map(({ name }, index) => [name, index]));
  return {
    floatAccuracyPercent,
    layers: layers.map((layer, index) => ({
      name: layer.name,
      weights: formats.map((format, choice) => ({
        format,
        bitsPerValue: weightBits(layer, format).perElement,
        drop: sensitivities[index]!.weights[choice]!,
      })),
      inputs: formats.map((format, choice) => ({
        format,
        bitsPerValue: activationBits(layer.inputShape, format).perElement,
        drop: sensitivities[index]!.inputs[choice]!,
      })),
      weightCount: layer.weights.length,
      inputCount: layer.inputShape.reduce((product, size) => product * size, 1),
      consumers: layer.consumers.map((name) => place.get(name)!),
      outputBits: OUTPUT_BITS,
    })),
    movement(layer, bits) {
      const found = bestTiling(loops[layer]!, bits, machine);
      if (!found.ok) throw new Error(found.problems[0]!.what);
      const { dramBits, movementPj, computePj } = found.value;
      return { dramBits, energyPj: movementPj + computePj };
    },
    dramBits(layer, bits) {
      const found = dramBitsOf(loops[layer]!, bits, machine);
      if (!found.ok) throw new Error(found.problems[0]!.what);
      return found.value;
    },
  };
}

/**
 * Spec of the entry `sensitivity`: what some operands' formats, all else in float32, or whole plans do to the outputs on the
 * first search samples.
 */
export interface SensitivitySpec extends OpenSpec {
  tasks: SensitivityTask[] | { plans: Plan[] };
  count: number;
}

/** Output errors of the tasks, in their order. */
export async function sensitivity(spec: SensitivitySpec, job: Job): Promise<Result<number[]>> {
  const opened = await openModel(spec, job);
  if (!opened.ok) return opened;
  const { runner, sets } = opened.value;
  const { count, tasks } = spec;
  const samples = sets!.search.samples(0, count);
  const run = { runner, samples, count, seed: job.seed, signal: job.signal };
  return ok(await ('plans' in tasks ? planErrors(run, tasks.plans) : outputErrors(run, tasks)));
}

/** Distances of whole plans on the first search samples, shared out over workers; as many as a fixed budget of work allows. */
function probingOf(
  space: PlanSpace,
  spec: OpenSpec,
  { runner, sets }: OpenModel,
  job: Job,
  onFailed: (problems: Problem[]) => void,
): NonNullable<PlanSpace['probing']> {
  const set = sets!.search;
  const { samples, macs } = PROBES[set.labels.kind];
  const count = sampleCount(set, samples);
  const each = count * runner.layers.reduce((sum, layer) => sum + layer.macs, 0);
  const step = PROBES_EACH;
  return {
    plans: Math.min(MOST_PROBES, Math.floor(macs / Math.max(1, each))),
    async probe(assignments) {
      const plans = assignments.map((assignment) => planOf(space, assignment));
      const pieces: Plan[][] = [];
      for (let at = 0; at < plans.length; at += step) pieces.push(plans.slice(at, at + step));
      const specs = pieces.map((piece): SensitivitySpec => ({ ...spec, tasks: { plans: piece }, count }));
      const results = await mapInWaves<number[]>(job, 'bfp/sensitivity', specs, () => {});
      if (results.ok) return results.value.flat();
      onFailed(results.problems);
      throw new Error('a plan could not be probed');
    },
  };
}

async function byOutputs(
  spec: OpenSpec,
  { runner, sets }: OpenModel,
  names: readonly SensitivityLayer[],
  job: Job,
  progress: (fraction: number) => void,
): Promise<Result<Sensitivities[]>> {
  const set = sets!.search;
  const count = sampleCount(set, SENSITIVITY_SAMPLES[set.labels.kind]);
  const each = count * runner.layers.reduce((sum, { macs }) => sum + macs, 0);
  const runs = sensitivityTasks(names, 'all').length * each <= MOST_MACS_FOR_ALL ? 'all' : 'few';
  const tasks = sensitivityTasks(names, runs);
  const step = Math.max(1, Math.floor(MACS_EACH / each));
  const pieces: SensitivityTask[][] = [];
  for (let at = 0; at < tasks.length; at += step) pieces.push(tasks.slice(at, at + step));
  const results = await mapInWaves<number[]>(
    job,
    'bfp/sensitivity',
    pieces.map((piece) => ({ ...spec, tasks: piece, count })),
    progress,
  );
  if (!results.ok) return results;
  return ok(sensitivitiesFrom(names, runs, results.value.flat()));
}

/** Half the Fisher information times the squared rounding errors, of weights and of the search digits' activations. */
async function byFisher(
  slice: BfpSlice,
  { model, files, runner, sets }: OpenModel,
  names: readonly SensitivityLayer[],
  job: Job,
): Promise<Result<Sensitivities[]>> {
  if (slice.model !== 'digits-cnn' && slice.model !== 'digits-resnet') {
    const what = 'Fisher information needs gradients, which the studio has of the digit networks only.';
    const remedy = 'Take the output error as sensitivity.';
    return fail(error('bfp.no-gradients', what, remedy, { path: 'slices.bfp.search.sensitivity' }));
  }
  const count = Math.min(FISHER_SAMPLES, sets!.search.count);
  const fisher = await fisherDiagonal({ model, files }, { ...sets!.search, count }, job.signal);
  if (!fisher.ok) return fisher;
  const information = new Map(fisher.value.map((layer) => [layer.name, layer]));
  const layers = new Map(runner.layers.map((layer) => [layer.name, layer]));
  const inputs = await inputsOf(runner, sets!.search, count, job);
  const quantizer = await loadQuantizer();
  const increase = ({ layer, operand, format }: SensitivityTask): number => {
    const about = layers.get(layer)!;
    const known = information.get(layer)!;
    const values = operand === 'weights' ? about.weights : inputs.get(layer)!;
    return lossIncrease(known[operand], values, rounded(quantizer, about, operand, values, format));
  };
  return ok(await fisherSensitivities(names, increase, job.signal));
}

function rounded(
  quantizer: Quantizer,
  { channels, rowLength, inputShape }: RunLayer,
  operand: 'weights' | 'inputs',
  values: Float32Array,
  format: NumberFormat,
): Float32Array {
  const line =
    operand === 'weights' ? lineLength(channels, rowLength, blockOf(format)) : activationLine(inputShape, format);
  return quantizer.rows(values, line, format);
}

/** What comes into every layer in float32, samples one after the other. */
async function inputsOf(
  runner: OpenModel['runner'],
  set: SampleSet,
  count: number,
  job: Job,
): Promise<Map<string, Float32Array>> {
  const inputs = new Map<string, Float32Array>();
  runner.setPlan({}, job.seed);
  for (let sample = 0; sample < count; sample++) {
    runner.run(set.samples(sample, 1), 1, ({ name }, what, values) => {
      if (what !== 'input') return;
      const all = inputs.get(name) ?? new Float32Array(count * values.length);
      all.set(values, sample * values.length);
      inputs.set(name, all);
    });
    if (sample % 16 === 0) await breathe(job.signal);
  }
  return inputs;
}
