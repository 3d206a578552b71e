import { math } from '../core/index.ts';
import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import type { Plan } from '../onnx/run/types.ts';
import { type ChunkReport, type ChunkSpec, chunkSize, sampleCount } from './chunk.ts';
import type { Said } from './data/types.ts';
import { mapInWaves } from './map-in-waves.ts';
import type { OpenModel, OpenSpec } from './open-model.ts';

/** What a network says of every sample of a set, in order. */
export interface Answers {
  said: Said[];
  /** Output noise and signal against float32, summed over all samples; 0 where float32 was not run beside. */
  noise: number;
  signal: number;
  /** As in `ChunkRun`. */
  distance: number;
  lines: number;
}

export interface MeasureSpec extends OpenSpec {
  plans: Plan[];
  float: boolean;
  set: 'test' | 'search';
  /** At most so many samples; 0: all. */
  samples: number;
}

/**
 * Runs plans over a set of samples in other workers, cut into chunks that depend on the model alone, and puts the answers
 * together in order.
 */
export async function measure(
  spec: MeasureSpec,
  { runner, sets }: OpenModel,
  job: Job,
  progress: (fraction: number) => void,
): Promise<Result<{ float: Answers; plans: Answers[] }>> {
  const set = sets![spec.set];
  const of = sampleCount(set, spec.samples);
  const each = chunkSize(runner.layers.reduce((sum, { macs }) => sum + macs, 0));
  const chunks: ChunkSpec[] = [];
  const { model, data, tuned, plans, float } = spec;
  for (let start = 0; start < of; start += each) {
    const count = Math.min(each, of - start);
    chunks.push({ model, data, plans, float, set: spec.set, start, count, ...(tuned && { tuned }) });
  }
  const results = await mapInWaves<ChunkReport>(job, 'bfp/chunk', chunks, progress);
  if (!results.ok) return results;
  const together: { float: Answers; plans: Answers[] } = { float: none(), plans: plans.map(none) };
  for (const { float: said, runs } of results.value) {
    together.float.said.push(...said);
    for (const [index, run] of runs.entries()) {
      const into = together.plans[index]!;
      into.said.push(...run.said);
      into.noise += run.noise;
      into.signal += run.signal;
      into.distance += run.distance;
      into.lines += run.lines;
    }
  }
  return ok(together);
}

const none = (): Answers => ({ said: [], noise: 0, signal: 0, distance: 0, lines: 0 });

/** Signal to noise of outputs in dB; undefined where they are equal, or nothing came out. */
export function signalToNoiseDb({ noise, signal }: Pick<Answers, 'noise' | 'signal'>): number | undefined {
  return noise > 0 && signal > 0 ? 10 * math.log10(signal / noise) : undefined;
}
