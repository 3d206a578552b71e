import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { stopwatch } from '../core/stopwatch.ts';
import { totalsOf } from '../onnx/counts.ts';
import { findZooModel } from '../onnx/zoo/index.ts';
import { allocateExactly } from './allocate/exact.ts';
import { assumptionsOf } from './assumptions.ts';
import { judge } from './judge.ts';
import { prepare } from './prepare.ts';
import { ALL_IMPROVEMENTS, NO_IMPROVEMENTS } from './rules.ts';
import { segmentAsPublished } from './segment/published.ts';
import type { CimProblem, CimReport, CimSlice, CompiledPlan, Improvements, PlanId } from './types.ts';
import { ENGINE } from './version.ts';

/** Compiles a network for arrays that compute or remember (CMSwitch), beside its baselines. */
export async function compile(slice: CimSlice, job: Job): Promise<Result<CimReport>> {
  const clock = stopwatch();
  job.progress(0, 'Reading the network');
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  clock('network and operators');
  const { network, problem, notModelled } = prepared.value;
  const wanted: [PlanId, string, Improvements, boolean][] = [
    ['improved', 'Improved', { ...ALL_IMPROVEMENTS, ...slice.improvements }, true],
    ['published', 'As published', NO_IMPROVEMENTS, true],
    ['compute-only', 'Compute only, the same segmentation', { ...ALL_IMPROVEMENTS, ...slice.improvements }, false],
  ];
  if (slice.segmentation === 'published') wanted.unshift(...wanted.splice(1, 1));
  const plans: CompiledPlan[] = [];
  for (const [id, title, improvements, memory] of slice.baselines ? wanted : wanted.slice(0, 1)) {
    const plan = await planOf(problem, id, title, improvements, memory, job);
    if (!plan.ok) return plan;
    plans.push(plan.value);
    clock(id);
  }
  const own = plans[0]!;
  const { totals } = own;
  const percent = (part: number) => (100 * part) / totals.cycles;
  const zoo = findZooModel(network.name);
  return ok({
    engine: ENGINE,
    figures: {
      cycles: totals.cycles,
      latencyNs: totals.latencyNs,
      energyPj: totals.energy.totalPj,
      areaMm2: problem.hardware.area.arrayMm2 * problem.hardware.arrays + problem.hardware.area.restMm2,
      segments: totals.segments,
      switches: totals.switches,
      memoryArraySharePercent: totals.memoryArraySharePercent,
      computeSharePercent: percent(totals.computeCycles),
      reloadSharePercent: percent(totals.reloadCycles),
      writeBackSharePercent: percent(totals.writeBackCycles),
      switchSharePercent: percent(totals.switchCycles),
      operators: problem.operators.length,
      macs: problem.operators.reduce((sum, { macs }) => sum + macs, 0),
    },
    provenance: {},
    artefacts: [],
    model: {
      name: network.name,
      title: zoo.ok ? zoo.value.title : network.name,
      family: zoo.ok ? zoo.value.family : 'other',
      macs: totalsOf(network).macs,
      weightBytes: problem.operators.reduce((sum, each) => sum + (each.dynamic ? 0 : each.weightBytes), 0),
    },
    hardware: problem.hardware,
    rules: problem.rules,
    problem: { operators: problem.operators, sections: problem.sections, batch: problem.batch },
    plans,
    notModelled,
    problems: [],
    assumptions: assumptionsOf(slice, problem),
    measured: { timesMs: clock.timesMs, log: [] },
  });
}

async function planOf(
  problem: CimProblem,
  id: PlanId,
  title: string,
  improvements: Improvements,
  memory: boolean,
  job: Job,
): Promise<Result<CompiledPlan>> {
  const cut = await segmentAsPublished(problem, { improvements, memory, allocate: allocateExactly }, job);
  if (!cut.ok) return cut;
  const planned = cut.value.sections.flatMap(({ section, segments }) => segments.map((each) => ({ ...each, section })));
  const { segments, totals } = judge(problem, planned);
  return ok({
    id,
    title,
    segments,
    totals,
    reimplementation: true,
    effort: cut.value.effort,
    notOptimal: segments.some(({ solved }) => solved && !solved.optimal),
  });
}
