import { math } from '../core/index.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import type { Plan } from '../onnx/run/types.ts';
import { asInput, type FontName, lineOf, loadTextKit, ownLine } from './data/ocr.ts';
import type { Said } from './data/types.ts';
import { type OpenModel, type OpenSpec, openModel } from './open-model.ts';

/** A picture in greys, 0 black to 255 white, row by row. */
export interface Picture {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** Spec of the entry `samples`: pictures of some samples of a set. */
export interface SamplesSpec extends OpenSpec {
  set: 'test' | 'search';
  samples: number[];
}

/** Pictures of samples, in order; undefined where a sample is no picture. Digits are drawn as ink on paper. */
export async function samples(spec: SamplesSpec, job: Job): Promise<Result<(Picture | undefined)[]>> {
  const opened = await openModel(spec, job);
  if (!opened.ok) return opened;
  const { sets } = opened.value;
  if (!sets) return fail(error('bfp.no-data', 'This network has no data to show.'));
  const set = sets[spec.set];
  const wanted = spec.samples.filter((sample) => Number.isInteger(sample) && sample >= 0 && sample < set.count);
  if (set.labels.kind === 'text') {
    const kit = await loadTextKit(job);
    if (!kit.ok) return kit;
    return ok(wanted.map((sample) => lineOf(kit.value, spec.set, sample)));
  }
  const digits = typeof spec.model === 'string';
  return ok(wanted.map((sample) => pictureOf(set.samples(sample, 1), set.shape, digits)));
}

/** The channels' mean, stretched from the smallest to the largest value; digits are ink (1) on paper (0). */
function pictureOf(values: Float32Array, shape: readonly number[], ink: boolean): Picture | undefined {
  if (shape.length !== 3) return undefined;
  const [channels = 1, height = 1, width = 1] = shape;
  const means = new Float64Array(height * width);
  for (const [at, value] of values.entries()) means[at % means.length]! += value / channels;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const mean of means) [low, high] = [Math.min(low, mean), Math.max(high, mean)];
  const span = high - low || 1;
  const pixels = Uint8Array.from(means, (mean) => {
    const grey = ink ? 1 - mean : (mean - low) / span;
    return Math.round(255 * Math.min(1, Math.max(0, grey)));
  });
  return { width, height, pixels };
}

/** Spec of the entry `recognise`: a line of the user's own text, read in float32 and by a plan. */
export interface RecogniseSpec {
  plan: Plan;
  text: string;
  font: FontName;
}

export interface Recognised {
  picture: Picture;
  float: Said;
  plan: Said;
}

/** Draws a line of text and reads it. Problems: nothing to read; files that cannot be loaded. */
export async function recognise({ plan, text, font }: RecogniseSpec, job: Job): Promise<Result<Recognised>> {
  if (text.trim() === '') return fail(error('ocr.no-text', 'There is no text to read.', 'Type a line.'));
  const opened = await openModel({ model: 'ocr', data: null }, job);
  if (!opened.ok) return opened;
  const kit = await loadTextKit(job);
  if (!kit.ok) return kit;
  const picture = ownLine(kit.value, text, font);
  const [float, after] = twice(opened.value, asInput(picture), plan, job.seed);
  return ok({ picture, float: said(opened.value, float), plan: said(opened.value, after) });
}

/** Spec of the entry `classify`: a picture of the user's own, as the network takes it (digits: 0 paper to 1 ink). */
export interface ClassifySpec extends OpenSpec {
  plan: Plan;
  values: number[];
}

export interface Classified {
  classes: string[];
  /** Probability of each class. */
  float: number[];
  plan: number[];
}

/** What a network makes of one picture, in float32 and by a plan. Problems: a picture of another size; no classes. */
export async function classify({ plan, values, ...spec }: ClassifySpec, job: Job): Promise<Result<Classified>> {
  const opened = await openModel(spec, job);
  if (!opened.ok) return opened;
  const { runner, sets } = opened.value;
  const labels = sets?.test.labels;
  if (labels?.kind !== 'classes') return fail(error('bfp.no-classes', 'This network does not tell classes.'));
  const size = runner.inputShape.reduce((product, each) => product * each, 1);
  if (values.length !== size) {
    const what = `The picture has ${values.length} values; the network takes ${runner.inputShape.slice(1).join(' x ')}.`;
    return fail(error('bfp.picture-size', what, 'Draw it again.'));
  }
  const [float, after] = twice(opened.value, Float32Array.from(values), plan, job.seed);
  return ok({ classes: labels.classes, float: softmax(float), plan: softmax(after) });
}

function twice({ runner }: OpenModel, input: Float32Array, plan: Plan, seed: number): [Float32Array, Float32Array] {
  runner.setPlan({}, seed);
  const float = runner.run(input, 1);
  runner.setPlan(plan, seed);
  return [float, runner.run(input, 1)];
}

function said({ runner, sets }: OpenModel, outputs: Float32Array): Said {
  return sets!.decode(outputs, 1, runner.outputShape)[0]!;
}

function softmax(outputs: Float32Array): number[] {
  const most = outputs.reduce((best, output) => Math.max(best, output), Number.NEGATIVE_INFINITY);
  const powers = [...outputs].map((output) => math.exp(output - most));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}
