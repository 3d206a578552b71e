import { byteSource } from '../../core/byte-source.ts';
import type { Job } from '../../core/job.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { WavesReport, WavesSpec } from '../types.ts';
import { readWaves } from '../wave/open.ts';
import { WaveRecorder } from '../wave/recorder.ts';

/** Bytes of value changes that are taken in; more would not fit beside the page. */
const MOST_BYTES = 1.5e9;

/**
 * Reads a file of waves. Streams what was read (`{stream: SimulatePiece[]}` with `waves` pieces), so that it can be looked at while the
 * rest is read; the report has all of it. A file in which nothing could be read fails.
 */
export async function wavesEntry(spec: WavesSpec, job: Job): Promise<Result<WavesReport>> {
  const recorder = new WaveRecorder({ timescale: -9 }, MOST_BYTES);
  const what = `Reading ${spec.name}`;
  job.progress(0, what);
  const waves: WavesReport['waves'] = [];
  const problems = await readWaves(byteSource(spec.content), recorder, {
    file: spec.name,
    signal: job.signal,
    progress(fraction) {
      const delta = recorder.takeDelta();
      waves.push(delta);
      job.progress(fraction, what, { stream: [{ kind: 'waves', delta }] });
    },
  });
  waves.push(recorder.takeDelta());
  const [first, ...rest] = problems;
  if (first && recorder.signalCount === 0) return fail(first, ...rest);
  return ok({ waves, problems });
}
