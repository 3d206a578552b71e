import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import type { Mapped } from './map.ts';
import { ALONE, mapBatch } from './map-batch.ts';
import { analyse, ppa, reportOf } from './ppa.ts';
import { sweepPoint } from './sweep.ts';
import type { BatchReport, BatchSpec, RtlSlice } from './types.ts';
import { ENGINE } from './version.ts';

type BatchResult = BatchReport['results'][number];

/** So many designs go to a worker at once: enough that starting Yosys does not count, few enough that all workers have some. */
const PART = 16;

/** Some designs of a batch, done in one worker. */
export interface BatchPartReport {
  results: BatchResult[];
  yosysRuns: number;
}

/**
 * Many small designs, each mapped, timed and its power found as `ppa` does it, with the same figures unless they share runs of
 * Yosys (`together`); a bad one fails alone. Partial results have the designs that are done, in the order of the spec.
 */
export async function batch({ designs, together }: BatchSpec, job: Job): Promise<Result<BatchReport>> {
  const started = performance.now();
  const results: (BatchResult | undefined)[] = designs.map(() => undefined);
  let yosysRuns = 0;
  let done = 0;
  const parts: number[] = [];
  for (let at = 0; at < designs.length; at += PART) parts.push(at);
  await Promise.all(
    parts.map(async (at) => {
      const slices = designs.slice(at, at + PART).map(needed);
      const report = await job.call<BatchPartReport>('rtl/batch-part', { designs: slices, together });
      const part = report.ok ? report.value : await oneByOne(slices, together, job);
      for (const [index, result] of part.results.entries()) results[at + index] = result;
      yosysRuns += part.yosysRuns;
      done += part.results.length;
      job.progress(done / designs.length, `${done} of ${designs.length} designs`);
    }),
  );
  const all = results.filter((result) => result !== undefined);
  return ok({
    engine: ENGINE,
    figures: { designs: all.length, failed: all.filter((result) => !result.ok).length, yosysRuns },
    provenance: {},
    artefacts: [],
    assumptions: [],
    measured: { timesMs: { all: performance.now() - started }, log: [] },
    results: all,
  });
}

/** What the figures need of a design: its bench only where activities are recorded of it. */
function needed(slice: RtlSlice): RtlSlice {
  const { against: _, ...rest } = slice;
  if (slice.analysis.activity === 'recorded') return rest;
  return { ...rest, files: slice.files.filter(({ role }) => role !== 'bench') };
}

/** When a worker died over a part: each design in a call of its own, so that only the one that kills it fails. */
async function oneByOne(
  designs: readonly RtlSlice[],
  together: number | undefined,
  job: Job,
): Promise<BatchPartReport> {
  const found = await job.map<BatchPartReport>(
    'rtl/batch-part',
    designs.map((design) => ({ designs: [design], together })),
  );
  return {
    results: found.map((each) => (each.ok ? each.value.results[0]! : each)),
    yosysRuns: found.reduce((sum, each) => sum + (each.ok ? each.value.yosysRuns : 1), 0),
  };
}

/** The designs of one part, in one worker. */
export async function batchPart({ designs, together = 1 }: BatchSpec, job: Job): Promise<Result<BatchPartReport>> {
  const mapped = await mapBatch(designs, together, job);
  let { yosysRuns } = mapped;
  const results: BatchResult[] = [];
  for (const [index, slice] of designs.entries()) {
    const mapping = mapped.results[index]!;
    if (mapping === ALONE || slice.analysis.activity === 'recorded') {
      // One to read it, one to map it.
      yosysRuns += 2;
      results.push(await alone(slice, job));
    } else results.push(mapping.ok ? figuresOf(slice, mapping.value) : mapping);
    await breathe(job.signal);
  }
  return ok({ results, yosysRuns });
}

async function alone(slice: RtlSlice, job: Job): Promise<BatchResult> {
  const quiet: Job = { ...job, progress: () => {} };
  const found = slice.analysis.activity === 'recorded' ? await ppa(slice, quiet) : await sweepPoint({ slice }, quiet);
  if (!found.ok) return found;
  const { figures, problems } = found.value;
  return { ok: true, figures, problems };
}

function figuresOf(slice: RtlSlice, mapped: Mapped): BatchResult {
  const analysed = analyse(slice, mapped);
  if (!analysed.ok) return analysed;
  const { figures, problems } = reportOf(slice, mapped, analysed.value, slice.analysis.activity);
  return { ok: true, figures, problems };
}
