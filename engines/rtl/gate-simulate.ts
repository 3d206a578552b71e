import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { activitiesOf } from '../synthesis/power/activity.ts';
import type { ActivitySummary } from '../synthesis/power/types.ts';
import { writeSdf } from '../synthesis/sdf/write.ts';
import { type GateBenchReport, gateBench, parametersOf } from './gate-bench.ts';
import { mapDesign } from './map.ts';
import { analyse } from './ppa.ts';
import type { RtlSlice } from './types.ts';

/** Spec of `rtl/gate-bench`: the design, and whether its gates have the delays that timing finds (default: they do). */
export type GateSimulateSpec = RtlSlice & { delays?: boolean };

/** Answer of `rtl/gate-bench`. */
export interface GateSimulatedReport extends GateBenchReport {
  /** How the recording fits the netlist. */
  activity: ActivitySummary;
}

/**
 * Maps and times a design, and reruns its bench on the mapped netlist with the delays that timing found (SDF): `rtl/gate-bench`. The report's
 * waves are those of the gates.
 */
export async function gateSimulate(
  { delays = true, ...slice }: GateSimulateSpec,
  job: Job,
): Promise<Result<GateSimulatedReport>> {
  const mapping = await mapDesign(slice, { ...job, progress: (fraction, what) => job.progress(fraction * 0.6, what) });
  if (!mapping.ok) return mapping;
  const { design, target, netlist, top } = mapping.value;
  job.progress(0.6, 'Timing');
  const analysed = analyse(slice, mapping.value);
  if (!analysed.ok) return analysed;
  const { constraints, timing } = analysed.value;
  job.progress(0.7, 'Simulating the netlist');
  const run = await gateBench(
    slice,
    {
      design,
      library: target.library,
      top,
      parameters: parametersOf(netlist, top),
      ...(delays && { sdf: writeSdf(design, timing, target.library.name) }),
    },
    job,
    { waves: true },
  );
  if (!run.ok) return run;
  const { criticalPathNs } = timing.report.summary;
  const { recording, problems } = run.value.recorded;
  if (delays && run.value.report.verdict.kind === 'failed' && criticalPathNs !== null) {
    problems.push({
      code: 'gate-bench-delays',
      severity: 'note',
      what: `The longest path of the gates takes ${criticalPathNs.toFixed(3)} ns: a bench that looks at outputs sooner, or whose clock is faster, sees values that have not settled.`,
      remedy: 'Let the bench wait longer, or run it without delays to see whether the gates do what the source does.',
    });
  }
  const { inputToggles, inputProbability } = slice.analysis;
  const { summary } = activitiesOf(design, constraints, {
    mode: 'recorded',
    inputToggles,
    inputProbability,
    recording,
  });
  job.progress(1, 'Done');
  return ok({ ...run.value, activity: summary });
}
