import type { Job } from '../../core/job.ts';
import type { Report } from '../../core/report.ts';
import { ok, type Problem, type Result } from '../../core/result.ts';
import { ActivityCounter } from '../activity.ts';
import { ASSUMPTIONS } from '../assumptions.ts';
import { firstFailure } from '../first-failure.ts';
import type { Simulation } from '../run/running.ts';
import type { SimEnd } from '../run/types.ts';
import { simulateWatched } from '../simulate.ts';
import type { ConsoleLine, SimulateFigures, SimulatePiece, SimulateReport, SimulateSpec } from '../types.ts';
import { verdictOf } from '../verdict.ts';
import { ENGINE } from '../version.ts';
import type { WaveDelta } from '../wave/types.ts';
import { secondsOf, simSpecOf, sourcesOf } from './sources.ts';

/** Streamed at most this often. */
const STREAM_MS = 150;

/**
 * Simulates a design with its bench. Streams what is printed and the recorded value changes (`{stream: SimulatePiece[]}`); the report
 * has them whole, with the verdict that the bench's own words give.
 */
export async function simulateEntry(spec: SimulateSpec, job: Job): Promise<Result<SimulateReport>> {
  const began = performance.now();
  job.progress(0, 'Reading the sources');
  const fetched = await sourcesOf(spec, job);
  if (!fetched.ok) return fetched;
  const sources = fetched.value;
  const made = simSpecOf(spec, sources);
  if (!made.ok) return made;

  const lines: ConsoleLine[] = [];
  let open = '';
  let simulation: Simulation | undefined;
  let pieces: SimulatePiece[] = [];
  let fresh: ConsoleLine[] = [];
  let sentAt = performance.now();
  let compiledAt = began;
  const print = (text: string): void => {
    const parts = (open + text).split('\n');
    open = parts.pop()!;
    for (const part of parts) addLine(part);
  };
  const addLine = (text: string): void => {
    const at = simulation?.runtime.place();
    const line: ConsoleLine = { text, timeTicks: simulation?.runtime.now() ?? 0 };
    if (at) line.where = { file: at.file, line: at.line, column: at.column };
    lines.push(line);
    fresh.push(line);
  };
  const activity = new ActivityCounter({ bits: spec.bits ?? false });
  const waves: WaveDelta[] = [];
  const keepWaves = spec.waves ?? true;
  if (!keepWaves) made.value.limits.waveBytes = Number.POSITIVE_INFINITY;
  const send = (): void => {
    if (!simulation || performance.now() - sentAt < STREAM_MS) return;
    sentAt = performance.now();
    if (fresh.length > 0) pieces.push({ kind: 'console', lines: fresh });
    fresh = [];
    const timeTicks = simulation.runtime.now();
    const { precision } = simulation.design;
    pieces.push({ kind: 'time', timeTicks, precision });
    const limit = simulation.runtime.kernel.timeLimit;
    // Without a limit nobody knows how far the end is.
    const fraction = Number.isFinite(limit) && limit > 0 ? Math.min(1, timeTicks / limit) : 0;
    job.progress(fraction, 'Simulating', { stream: pieces });
    pieces = [];
  };

  const result = await simulateWatched(
    made.value,
    {
      files: sources.files,
      signal: job.signal,
      print,
      waves(delta) {
        activity.add(delta);
        if (!keepWaves) return;
        waves.push(delta);
        pieces.push({ kind: 'waves', delta });
      },
    },
    {
      started(running) {
        simulation = running;
        compiledAt = performance.now();
        const limit = timeLimit(spec, running.design.precision);
        if (limit !== undefined) running.runtime.kernel.timeLimit = limit;
      },
      slice: send,
    },
  );
  if (!result.ok) return result;
  if (open !== '') addLine(open);
  const outcome = result.value;
  const ended = performance.now();
  const { design } = simulation!;
  const problems: Problem[] = [...outcome.warnings];
  const { end } = outcome;
  if (end.kind === 'error' || end.kind === 'limit') problems.unshift(end.problem);
  const verdict = verdictFor(end, lines, outcome.exitStatus);
  const failure = verdict.kind === 'failed' && keepWaves ? firstFailure(design, waves, verdict, lines) : undefined;
  const figures: SimulateFigures = {
    simulatedTimeNs: outcome.timeTicks * 10 ** (outcome.precision + 9),
    events: outcome.counts.events,
    signals: outcome.counts.signals,
    processes: outcome.counts.processes,
    valueChanges: activity.changes,
    toggles: activity.toggles,
  };
  const base: Report<SimulateFigures> = {
    engine: ENGINE,
    figures,
    provenance: {},
    artefacts: [],
    assumptions: ASSUMPTIONS,
    measured: {
      timesMs: { compile: compiledAt - began, run: ended - compiledAt, all: ended - began },
      log: [],
    },
  };
  return ok({
    ...base,
    tops: design.tops.map((top) => design.scopes[top]!.name),
    end,
    exitStatus: outcome.exitStatus,
    verdict,
    ...(failure && { failure }),
    console: lines,
    problems,
    precision: outcome.precision,
    endTicks: outcome.timeTicks,
    waves,
    activity: activity.result(outcome.timeTicks),
    files: [...sources.written].map(([path, bytes]) => ({ path, bytes })),
    backEnd: outcome.backEnd,
    limits: made.value.limits,
  });
}

function verdictFor(end: SimEnd, lines: readonly ConsoleLine[], exitStatus: number): SimulateReport['verdict'] {
  if (end.kind === 'error') {
    return { kind: 'failed', why: end.problem.what, ...(end.problem.where && { where: end.problem.where }) };
  }
  const said = verdictOf(lines);
  if (end.kind === 'limit') return said;
  return said.kind !== 'failed' && exitStatus !== 0 ? { kind: 'failed', why: `exit status ${exitStatus}` } : said;
}

function timeLimit({ timeLimit: text }: SimulateSpec, precision: number): number | undefined {
  const time = secondsOf(text);
  return time && Math.floor(time.value * 10 ** (time.unit - precision) + 0.5);
}
