import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { stopwatch } from '../core/stopwatch.ts';
import type { Plan } from '../onnx/run/types.ts';
import { assumptionsOf } from './assumptions.ts';
import { sampleCount } from './chunk.ts';
import { judge } from './judge.ts';
import { costLayers, layerNoise, layerTable, type Totals, totalsOf } from './layer-table.ts';
import { type Answers, measure } from './measure.ts';
import { resolveMachine } from './movement/machines.ts';
import type { Machine } from './movement/types.ts';
import { modelFacts, type OpenModel, openModel } from './open-model.ts';
import { bitPlanOf, equalPlan, resolvePlan } from './plan.ts';
import { searchPlan } from './search-plan.ts';
import { FINE_TUNE_DEFAULTS } from './settings.ts';
import { type FineTuned, fineTune } from './train/fine-tune.ts';
import type { BfpFigures, BfpLayer, BfpReport, BfpSlice, Measurement, SearchTrace } from './types.ts';
import { ENGINE } from './version.ts';

/** Samples over which the layers' output noise is taken. */
const NOISE_SAMPLES = { classes: 16, text: 2 };
/** What "8 bits everywhere" means: the width that accelerators of today start from. */
const EIGHT_BITS = {
  weights: { kind: 'bfp', mantissaBits: 8, exponentBits: 8, block: 32, rounding: 'even' },
  inputs: { kind: 'bfp', mantissaBits: 8, exponentBits: 8, block: 32, rounding: 'even' },
} as const;

/**
 * Measures a plan of number formats on a network, as BitQ understands it (arXiv 2409.17093): accuracy of the quantized
 * network on its data, bits stored, bits moved at every layer's best tiles, energy. With `search`, the plan is searched
 * first, and partial reports stream the search; with `fineTune`, the weights are trained on in the plan's formats.
 * Problems of the design (files, operators, formats, machines) are values.
 */
export async function run(slice: BfpSlice, job: Job): Promise<Result<BfpReport>> {
  const clock = stopwatch();
  job.progress(0, 'Opening the network');
  const opened = await openModel(slice, job);
  if (!opened.ok) return opened;
  const model = opened.value;
  const { layers } = model.runner;
  const resolved = resolvePlan(slice, layers);
  if (!resolved.ok) return resolved;
  const machine = resolveMachine(slice.machine);
  if (!machine.ok) return machine;
  const problems: Problem[] = [...model.problems, ...resolved.value.problems];
  clock('opening');
  await breathe(job.signal);

  // How the time is shared between the steps that a design asks for.
  const stages = [slice.search ? 6 : 0, slice.fineTune ? 3 : 0, 2];
  const whole = stages.reduce((sum, share) => sum + share, 0);
  const stage = (index: number, what: string) => (fraction: number, partial?: unknown) =>
    job.progress(
      (stages.slice(0, index).reduce((sum, each) => sum + each, 0) + stages[index]! * fraction) / whole,
      what,
      partial,
    );

  let { plan } = resolved.value;
  let search: SearchTrace | undefined;
  if (slice.search) {
    const progress = stage(0, 'Searching a plan');
    const found = await searchPlan(slice, slice.search, model, machine.value, job, progress);
    if (!found.ok) return found;
    ({ trace: search, plan } = found.value);
    problems.push(...found.value.problems);
    clock('search');
  }

  let tuned: FineTuned | undefined;
  if (slice.fineTune) {
    const refused = cannotTrain(slice);
    if (refused) return fail(refused);
    const settings = { ...FINE_TUNE_DEFAULTS, ...slice.fineTune };
    const progress = stage(1, 'Training on in the plan’s formats');
    const found = await fineTune(model, plan, settings, job.seed, {
      ...job,
      progress: (fraction: number) => progress(fraction),
    });
    if (!found.ok) return found;
    tuned = found.value;
    clock('training');
  }

  const measured = await measurement(slice, model, plan, tuned?.onnx, job, stage(2, 'Running the samples'));
  if (!measured.ok) return measured;
  clock('samples');

  const tables = await tablesOf(slice, model, plan, machine.value, tuned?.onnx, job);
  if (!tables.ok) return tables;
  const eight = await costLayers(layers, equalPlan(layers, EIGHT_BITS), machine.value, job.signal);
  if (!eight.ok) return eight;
  clock('layers');

  return ok({
    engine: ENGINE,
    figures: figuresOf(tables.value.totals, totalsOf(layers, eight.value), measured.value),
    provenance: {},
    model: modelFacts(model),
    plan,
    layers: tables.value.layers,
    machine: machine.value,
    ...(measured.value && { measurement: measured.value }),
    ...(search && { search }),
    ...(tuned && {
      fineTuned: {
        epochs: tuned.epochs,
        lossByEpoch: tuned.lossByEpoch,
        weightsSha256: tuned.weightsSha256,
      },
    }),
    problems,
    assumptions: assumptionsOf(slice, model, machine.value),
    artefacts: [{ kind: 'bit-plan', version: 1, data: bitPlanOf(plan) }],
    measured: { timesMs: clock.timesMs, log: [] },
  });
}

/** Only the digit networks come with their training. */
function cannotTrain({ model }: BfpSlice): Problem | undefined {
  if (model === 'digits-cnn' || model === 'digits-resnet') return undefined;
  return error(
    'bfp.cannot-train',
    'Only the digit networks can be trained on: of other networks the studio has no gradients.',
    'Switch training off, or take one of the digit networks.',
    { path: 'slices.bfp.fineTune' },
  );
}

/** Float32 and the plan on the samples that the design asks for; undefined without data. */
async function measurement(
  slice: BfpSlice,
  model: OpenModel,
  plan: Plan,
  tuned: Uint8Array | undefined,
  job: Job,
  progress: (fraction: number) => void,
): Promise<Result<Measurement | undefined>> {
  if (!model.sets) return ok(undefined);
  const spec = { model: slice.model, data: slice.data, set: slice.set, samples: slice.samples };
  const half = (from: number) => (fraction: number) => progress(tuned ? from + fraction / 2 : fraction);
  const before = await measure({ ...spec, plans: tuned ? [] : [plan], float: true }, model, job, half(0));
  if (!before.ok) return before;
  let answers: Answers | undefined = before.value.plans[0];
  if (tuned) {
    const after = await measure({ ...spec, plans: [plan], float: false, tuned }, model, job, half(0.5));
    if (!after.ok) return after;
    answers = after.value.plans[0];
  }
  return ok(judge(before.value.float.said, answers!, model.sets[slice.set], job.seed));
}

async function tablesOf(
  slice: BfpSlice,
  model: OpenModel,
  plan: Plan,
  machine: Machine,
  tuned: Uint8Array | undefined,
  job: Job,
): Promise<Result<{ layers: BfpLayer[]; totals: Totals }>> {
  const opened = tuned ? await openModel({ model: slice.model, data: slice.data, tuned }, job) : ok(model);
  if (!opened.ok) return opened;
  const { runner, sets } = opened.value;
  const costs = await costLayers(runner.layers, plan, machine, job.signal);
  if (!costs.ok) return costs;
  const table = await layerTable(runner, plan, costs.value, job);
  if (sets) {
    const set = sets.search;
    const count = sampleCount(set, NOISE_SAMPLES[set.labels.kind]);
    const noise = await layerNoise(runner, plan, set.samples(0, count), count, job);
    for (const layer of table) {
      const outputSignalToNoiseDb = noise.get(layer.name);
      if (outputSignalToNoiseDb !== undefined) layer.outputSignalToNoiseDb = outputSignalToNoiseDb;
    }
  }
  return ok({ layers: table, totals: totalsOf(runner.layers, costs.value) });
}

function figuresOf(totals: Totals, eight: Totals, measured: Measurement | undefined): BfpFigures {
  return {
    ...(measured && {
      accuracyPercent: measured.plan.percent,
      accuracyFloatPercent: measured.float.percent,
      accuracyLowPercent: measured.plan.lowPercent,
      accuracyHighPercent: measured.plan.highPercent,
      differencePoints: measured.difference.points,
    }),
    samples: measured?.samples ?? 0,
    ...totals,
    energyPj: totals.movementEnergyPj + totals.computeEnergyPj,
    dataMovementBits8: eight.dataMovementBits,
  };
}
