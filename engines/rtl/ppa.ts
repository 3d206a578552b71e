import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { ok, type Problem, type Result } from '../core/result.ts';
import type { GateInstance } from '../synthesis/gates/types.ts';
import { activitiesOf } from '../synthesis/power/activity.ts';
import { analysePower } from '../synthesis/power/analyse.ts';
import type { Recording } from '../synthesis/power/types.ts';
import { defaultSdc } from '../synthesis/sdc/default.ts';
import { readSdc } from '../synthesis/sdc/read.ts';
import { analyseTiming, type TimingResult } from '../synthesis/timing/analyse.ts';
import type { Constraints, TimingOptions } from '../synthesis/timing/types.ts';
import { type Mapped, mapDesign, merged } from './map.ts';
import { ppaAssumptions } from './ppa-assumptions.ts';
import { record } from './recording.ts';
import type { AnalysisSettings, AreaOf, PpaFigures, PpaReport, RtlSlice } from './types.ts';
import { ENGINE } from './version.ts';

/**
 * A design mapped to a library, timed, and its power. The mapped netlist of the last few designs is kept in this worker, so that a change of
 * constraints or activities does not map anew. With activities of a bench the report comes twice: first, as a partial result, with activities
 * propagated from the inputs.
 *
 * Errors: those of the sources, `missing-blob`, `map-*`, `sdc-*`, those of recordings.
 */
export async function ppa(slice: RtlSlice, job: Job): Promise<Result<PpaReport>> {
  const started = performance.now();
  const log: string[] = [];
  const mapping = await mapDesign(slice, {
    ...job,
    log(line) {
      log.push(line);
      job.log(line);
    },
    progress: (fraction, what) => job.progress(fraction * 0.8, what),
  });
  if (!mapping.ok) return mapping;
  const times: Record<string, number> = { mapping: performance.now() - started };
  await breathe(job.signal);

  job.progress(0.8, 'Timing');
  const analysed = analyse(slice, mapping.value);
  if (!analysed.ok) return analysed;
  times.timing = performance.now() - started - times.mapping!;
  await breathe(job.signal);

  let recording: Recording | undefined;
  const recordProblems: Problem[] = [];
  const finish = (activity: RtlSlice['analysis']['activity']): PpaReport => {
    const report = reportOf(slice, mapping.value, analysed.value, activity, recording, recordProblems);
    report.measured = { timesMs: { ...times, all: performance.now() - started }, log: [...log] };
    return report;
  };
  if (slice.analysis.activity === 'recorded') {
    job.progress(0.85, 'Recording activities', finish('vectorless'));
    const recorded = await record(slice, { ...job, progress: () => {} });
    if (!recorded.ok) return recorded;
    recording = recorded.value.recording;
    recordProblems.push(...recorded.value.problems);
    times.recording = performance.now() - started - times.mapping! - times.timing;
    await breathe(job.signal);
  }
  job.progress(0.95, 'Power');
  const report = finish(slice.analysis.activity);
  job.progress(1, 'Done');
  return ok(report);
}

/** Constraints and timing of a mapped design. */
export interface Analysed {
  sdc: string;
  constraints: Constraints;
  timing: TimingResult;
  problems: Problem[];
}

/** Reads the constraints of a slice, or writes the default ones, and times the design. */
export function analyse(slice: RtlSlice, { design, target }: Mapped): Result<Analysed> {
  const { analysis } = slice;
  const sdc = slice.sdc.trim() === '' ? defaultSdc(design, slice.clockNs) : slice.sdc;
  const read = readSdc(sdc, design, target.library);
  if (!read.ok) return { ok: false, problems: read.problems.map(inDocument) };
  const { constraints, problems } = read.value;
  const timing = analyseTiming(design, target.library, constraints, timingOptions(analysis));
  return ok({ sdc, constraints, timing, problems: problems.map(inDocument) });
}

/** What timing assumes where the constraints say nothing. */
export function timingOptions(analysis: AnalysisSettings): TimingOptions {
  return {
    inputSlewNs: analysis.inputSlewNs,
    outputLoadPf: analysis.outputLoadFf / 1000,
    paths: analysis.paths,
    wire: { basePf: analysis.wireFf / 1000, perFanoutPf: analysis.wirePerFanoutFf / 1000 },
  };
}

function inDocument(problem: Problem): Problem {
  return { ...problem, where: { ...problem.where, path: 'slices.rtl.sdc' } };
}

/** The report of a mapped and timed design, with its power under activities of this kind. */
export function reportOf(
  slice: RtlSlice,
  mapped: Mapped,
  { sdc, constraints, timing, problems }: Analysed,
  activity: RtlSlice['analysis']['activity'],
  recording?: Recording,
  found: readonly Problem[] = [],
): PpaReport {
  const { design, target, netlist } = mapped;
  const { library } = target;
  const { inputToggles, inputProbability } = slice.analysis;
  const activities = activitiesOf(design, constraints, { mode: activity, inputToggles, inputProbability, recording });
  const power = analysePower(design, library, activities, timing);
  const { summary } = timing.report;
  const areaByType = areaBy(design.instances, ({ cell }) => cell.name);
  const figures: PpaFigures = {
    cells: design.instances.length,
    flipFlops: design.instances.filter(({ cell }) => cell.sequential?.kind === 'ff').length,
    areaUm2: sumOfAreas(design.instances),
    worstSlackNs: summary.worstSlackNs,
    totalNegativeSlackNs: summary.totalNegativeSlackNs,
    worstHoldSlackNs: summary.worstHoldSlackNs,
    fMaxMhz: summary.fMaxMhz,
    criticalPathNs: summary.criticalPathNs,
    failingEndpoints: summary.failingEndpoints,
    unconstrainedEndpoints: summary.unconstrainedEndpoints,
    leakageNw: power.total.leakageNw,
    internalUw: power.total.internalUw,
    switchingUw: power.total.switchingUw,
    totalUw: power.total.totalUw,
  };
  return {
    engine: ENGINE,
    figures,
    provenance: {},
    artefacts: [{ kind: 'gate-netlist', version: 1, data: netlist }],
    assumptions: ppaAssumptions(slice, mapped, constraints.wireLoad),
    measured: { timesMs: {}, log: [] },
    top: mapped.top,
    library: {
      name: library.name,
      corner: target.corner,
      cells: library.cells.size,
      voltageV: library.conditions.voltageV,
      temperatureC: library.conditions.temperatureC,
    },
    timing: timing.report,
    power,
    areaByType,
    areaByModule: areaBy(design.instances, ({ module }) => module),
    sdc,
    script: mapped.script,
    problems: merged(mapped.problems, problems, timing.report.problems, activities.problems, power.problems, found),
  };
}

/** Areas of libraries have few decimals; a sum of thousands has lost none of six. */
function rounded(area: number): number {
  return Math.round(area * 1e6) / 1e6;
}

function sumOfAreas(instances: readonly GateInstance[]): number {
  let sum = 0;
  for (const { cell } of instances) sum += cell.areaUm2;
  return rounded(sum);
}

/** Cells and area by a name, the largest area first. */
function areaBy(instances: readonly GateInstance[], nameOf: (instance: GateInstance) => string): AreaOf[] {
  const found = new Map<string, AreaOf>();
  for (const instance of instances) {
    const name = nameOf(instance);
    let of = found.get(name);
    if (!of) {
      of = { name, cells: 0, areaUm2: 0 };
      found.set(name, of);
    }
    of.cells++;
    of.areaUm2 += instance.cell.areaUm2;
  }
  for (const of of found.values()) of.areaUm2 = rounded(of.areaUm2);
  return [...found.values()].sort((a, b) => b.areaUm2 - a.areaUm2 || (a.name < b.name ? -1 : 1));
}
