import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { recordingOf } from '../synthesis/power/recording.ts';
import { readSaif } from '../synthesis/power/saif.ts';
import type { Recording } from '../synthesis/power/types.ts';
import type { SimulateReport } from '../verilog/types.ts';
import { simulateSpecOf } from './simulation.ts';
import type { RtlSlice, SourceFile } from './types.ts';

/** Activities as they were recorded, and what is to be known of the record. */
export interface RecordedActivity {
  recording: Recording;
  /** A file of the design, or its bench. */
  from: { kind: 'saif'; file: string } | { kind: 'bench'; tops: string[]; verdict: SimulateReport['verdict']['kind'] };
  problems: Problem[];
}

/**
 * The activities that `analysis` names: a SAIF file among the design's files, or a run of its bench, all of whose bits are counted.
 *
 * Errors: `saif-missing`, those of `readSaif` and of the simulator, `no-bench`, `nothing-simulated`.
 */
export async function record(slice: RtlSlice, job: Job): Promise<Result<RecordedActivity>> {
  const { saif } = slice.analysis;
  if (saif !== '') return recordedIn(slice, saif, job);
  if (!hasBench(slice)) {
    return fail(
      error(
        'no-bench',
        'There is no bench whose run could be recorded.',
        'Add a bench, name a SAIF file, or have activities propagated from the inputs (vectorless).',
        { path: 'slices.rtl.analysis.activity' },
      ),
    );
  }
  job.progress(0, 'Simulating the bench');
  const run = await job.call<SimulateReport>('verilog/simulate', {
    ...simulateSpecOf(slice),
    record: 'all',
    bits: true,
    waves: false,
  });
  if (!run.ok) return run;
  return recordedBy(run.value);
}

/** Whether a run of the design has something that drives it. */
export function hasBench({ files, simulation }: RtlSlice): boolean {
  return simulation.tops.length > 0 || files.some(({ role, path }) => role === 'bench' && /\.s?v$/i.test(path));
}

/** The recording of a run that counted bits, with what casts doubt on it. */
export function recordedBy(report: SimulateReport, instance = ''): Result<RecordedActivity> {
  if (report.endTicks <= 0) {
    return fail(
      error(
        'nothing-simulated',
        'The bench ended at time 0: there is no activity.',
        'Let the bench run for some clock cycles.',
      ),
    );
  }
  const problems: Problem[] = [];
  const warn = (code: string, what: string): void => {
    problems.push({ code, severity: 'warning', what });
  };
  const { verdict, end } = report;
  if (verdict.kind === 'failed') {
    warn(
      'recorded-failing',
      `The bench failed (${verdict.why ?? 'by its exit status'}): its activity may not be that of the design at work.`,
    );
  }
  if (end.kind === 'limit') warn('recorded-stopped', `The recorded run was stopped: ${end.problem.what}`);
  return ok({
    recording: recordingOf(report, instance),
    from: { kind: 'bench', tops: report.tops, verdict: verdict.kind },
    problems,
  });
}

async function recordedIn({ files }: RtlSlice, path: string, job: Job): Promise<Result<RecordedActivity>> {
  const file = files.find((one) => one.path === path);
  const text = file && (await textOf(file, job));
  if (text === undefined) {
    return fail(
      error('saif-missing', `There is no file '${path}'.`, 'Add the file, or correct its name.', {
        path: 'slices.rtl.analysis.saif',
      }),
    );
  }
  const read = readSaif(text, path);
  if (!read.ok) return read;
  const { recording, problems } = read.value;
  return ok({ recording, from: { kind: 'saif', file: path }, problems });
}

async function textOf(file: SourceFile, job: Job): Promise<string | undefined> {
  if ('text' in file) return file.text;
  const bytes = await job.blob(file.blob.sha256);
  return bytes && new TextDecoder().decode(bytes);
}
