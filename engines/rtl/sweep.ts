import { breathe } from '../core/abort.ts';
import { hashValue } from '../core/hash.ts';
import type { Job } from '../core/job.ts';
import type { Assumption } from '../core/report.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { Recording } from '../synthesis/power/types.ts';
import { mapDesign } from './map.ts';
import { analyse, reportOf } from './ppa.ts';
import { record } from './recording.ts';
import type { PpaFigures, RtlSlice, SweepPoint, SweepReport, SweepSpec } from './types.ts';
import { ENGINE } from './version.ts';

/** One combination: a design, and the activities that all combinations share. */
export interface SweepPointSpec {
  slice: RtlSlice;
  recording?: Recording;
}

export interface SweepPointReport {
  figures: PpaFigures;
  problems: Problem[];
}

const ASSUMPTIONS: Assumption[] = [
  {
    id: 'sweep-clock',
    what: 'The clock period of a point is what the mapping aims at, and the period of all clocks, unless constraints are written: these then hold for all points.',
    reason: 'Written constraints may have several clocks; which of them was to be swept is not known.',
    source: 'ours',
  },
  {
    id: 'sweep-corners',
    what: 'Corners are those of the studio’s cells; a Liberty file is one corner, whatever the point is called.',
    reason: 'A file has the delays of one operating point.',
    source: 'ours',
  },
];

/**
 * A design under all combinations of clock, script and corner, each in a worker of the pool. Points arrive as partial results, in the order
 * of the spec: clocks outermost, corners innermost. A point that fails has problems in place of figures.
 */
export async function sweep(spec: SweepSpec, job: Job): Promise<Result<SweepReport>> {
  const started = performance.now();
  const combinations = spec.clocksNs.flatMap((clockNs) =>
    spec.scripts.flatMap((script) => spec.corners.map((corner) => ({ clockNs, script, corner }))),
  );
  if (combinations.length === 0) {
    return fail(
      error('sweep-nothing', 'The sweep has no points.', 'Give at least one clock period, one script and one corner.'),
    );
  }
  let recording: Recording | undefined;
  const recordProblems: Problem[] = [];
  if (spec.slice.analysis.activity === 'recorded') {
    job.progress(0, 'Recording activities');
    const recorded = await record(spec.slice, { ...job, progress: () => {} });
    if (!recorded.ok) return recorded;
    recording = recorded.value.recording;
    recordProblems.push(...recorded.value.problems);
  }
  await breathe(job.signal);

  const points: (SweepPoint | undefined)[] = combinations.map(() => undefined);
  const calls = new Map<string, Promise<Result<SweepPointReport>>>();
  let done = 0;
  await Promise.all(
    combinations.map(async ({ clockNs, script, corner }, index) => {
      const point = { slice: pointSlice(spec.slice, { clockNs, script, corner }), recording };
      const key = hashValue({ ...point.slice, files: null });
      let call = calls.get(key);
      if (!call) {
        call = job.call<SweepPointReport>('rtl/sweep-point', point);
        calls.set(key, call);
      }
      const result = await call;
      points[index] = result.ok
        ? { clockNs, script, corner, ...result.value }
        : { clockNs, script, corner, problems: result.problems };
      done++;
      job.progress(done / combinations.length, `${done} of ${combinations.length} points`, {
        points: points.filter((each) => each !== undefined),
      });
    }),
  );
  const all = points.filter((each) => each !== undefined);
  return ok({
    engine: ENGINE,
    figures: { points: all.length, failed: all.filter(({ figures }) => !figures).length },
    provenance: {},
    artefacts: [],
    assumptions: ASSUMPTIONS,
    measured: { timesMs: { all: performance.now() - started }, log: recordProblems.map(({ what }) => what) },
    points: all,
  });
}

/** What a point needs of the design: no benches, which have been run, and no version to compare with. */
function pointSlice(slice: RtlSlice, choice: Pick<SweepPoint, 'clockNs' | 'script' | 'corner'>): RtlSlice {
  const { against: _, ...rest } = slice;
  return {
    ...rest,
    ...choice,
    corner: slice.library === 'studio45' ? choice.corner : slice.corner,
    task: 'ppa',
    files: slice.files.filter(({ role }) => role !== 'bench'),
    analysis: { ...slice.analysis, paths: 1 },
  };
}

/** A point of a sweep: the figures of `ppa`, and nothing that is large. */
export async function sweepPoint({ slice, recording }: SweepPointSpec, job: Job): Promise<Result<SweepPointReport>> {
  const mapped = await mapDesign(slice, job);
  if (!mapped.ok) return mapped;
  await breathe(job.signal);
  const analysed = analyse(slice, mapped.value);
  if (!analysed.ok) return analysed;
  await breathe(job.signal);
  const { figures, problems } = reportOf(slice, mapped.value, analysed.value, slice.analysis.activity, recording);
  return ok({ figures, problems });
}
