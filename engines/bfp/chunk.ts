import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import type { Plan } from '../onnx/run/types.ts';
import type { Said, SampleSet } from './data/types.ts';
import { type OpenModel, type OpenSpec, openModel } from './open-model.ts';
import { distanceBetween, distributionsOf, readingOf } from './search/distance.ts';

/** Spec of the entry `chunk`: neighbouring samples of a set, run by some plans. */
export interface ChunkSpec extends OpenSpec {
  plans: Plan[];
  /** Run them in float32 too, and compare the outputs. */
  float: boolean;
  set: 'test' | 'search';
  start: number;
  count: number;
}

export interface ChunkReport {
  /** What float32 says; empty where it was not asked for. */
  float: Said[];
  /** In the order of the plans. */
  runs: ChunkRun[];
}

/** What one plan made of a chunk. */
export interface ChunkRun {
  said: Said[];
  /** Sums over all outputs of the chunk, (plan - float)^2 and float^2; 0 where float32 was not run. */
  noise: number;
  signal: number;
  /** Sum over the lines of outputs (samples, or characters) of their distance from float32's (`distance.ts`), and how many. */
  distance: number;
  lines: number;
}

/** Samples that run between two looks at the signal; of long outputs (lines of text) one. */
const AT_ONCE = 25;
const LONG_OUTPUT = 10_000;

/** Float32 outputs that a later plan on the same samples is compared with, kept while they are small. */
const kept = new Map<string, Float32Array>();
const MOST_KEPT_FLOATS = 16e6;

/** Runs samples in float32 and by each plan in turn. */
export async function chunk(spec: ChunkSpec, job: Job): Promise<Result<ChunkReport>> {
  const opened = await openModel(spec, job);
  if (!opened.ok) return opened;
  const { runner, sets } = opened.value;
  if (!sets) return fail(error('bfp.no-data', 'There are no data to measure with.'));
  const { outputShape } = runner;
  const report: ChunkReport = { float: [], runs: [] };
  let reference: Float32Array | undefined;
  if (spec.float) {
    reference = await floatOutputs(opened.value, spec, job);
    report.float = sets.decode(reference, spec.count, outputShape);
  }
  for (const plan of spec.plans) {
    runner.setPlan(plan, job.seed);
    const outputs = await outputsOf(opened.value, spec, job);
    report.runs.push({
      said: sets.decode(outputs, spec.count, outputShape),
      ...errorOf(outputs, reference, outputShape.at(-1) ?? 1),
    });
  }
  return ok(report);
}

async function floatOutputs(opened: OpenModel, spec: ChunkSpec, job: Job): Promise<Float32Array> {
  const key = JSON.stringify([spec.model, spec.data, spec.set, spec.start, spec.count]);
  const known = spec.tuned ? undefined : kept.get(key);
  if (known) return known;
  opened.runner.setPlan({}, job.seed);
  const outputs = await outputsOf(opened, spec, job);
  if (!spec.tuned && outputs.length < MOST_KEPT_FLOATS) {
    kept.set(key, outputs);
    let floats = 0;
    for (const [older, { length }] of [...kept].reverse()) {
      floats += length;
      if (floats > MOST_KEPT_FLOATS) kept.delete(older);
    }
  }
  return outputs;
}

async function outputsOf({ runner, sets }: OpenModel, spec: ChunkSpec, job: Job): Promise<Float32Array> {
  const floats = runner.outputShape.reduce((product, size) => product * size, 1);
  const atOnce = floats > LONG_OUTPUT ? 1 : AT_ONCE;
  const outputs = new Float32Array(floats * spec.count);
  for (let at = 0; at < spec.count; at += atOnce) {
    const count = Math.min(atOnce, spec.count - at);
    outputs.set(runner.run(sets![spec.set].samples(spec.start + at, count), count), at * floats);
    await breathe(job.signal);
  }
  return outputs;
}

function errorOf(outputs: Float32Array, reference: Float32Array | undefined, width: number): Omit<ChunkRun, 'said'> {
  let [noise, signal] = [0, 0];
  if (!reference) return { noise, signal, distance: 0, lines: 0 };
  const reading = readingOf(reference, width);
  const [far, near] = [distributionsOf(outputs, reading), distributionsOf(reference, reading)];
  for (let i = 0; i < outputs.length; i++) {
    const difference = outputs[i]! - reference[i]!;
    noise += difference * difference;
    signal += reference[i]! * reference[i]!;
  }
  return { noise, signal, distance: distanceBetween(far, near), lines: near.lines };
}

/** Samples in a chunk: fixed by the model, never by the number of workers. About 4 GMAC. */
export function chunkSize(macs: number): number {
  return Math.max(4, Math.min(250, Math.floor(4e9 / Math.max(1, macs))));
}

/** How many samples of a set a design looks at. */
export function sampleCount(set: SampleSet, most: number): number {
  return most > 0 ? Math.min(most, set.count) : set.count;
}
