import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { ok, type Problem, type Result } from '../core/result.ts';
import { stopwatch } from '../core/stopwatch.ts';
import { totalsOf } from '../onnx/counts.ts';
import { findZooModel } from '../onnx/zoo/index.ts';
import { solveSegments } from './allocate/solve-segments.ts';
import { assumptionsOf } from './assumptions.ts';
import { compileBy, planIds } from './methods.ts';
import { type Prepared, prepare } from './prepare.ts';
import { PLAN_TITLES } from './titles.ts';
import type { CimFigures, CimReport, CimSlice, CompiledPlan, PlanId } from './types.ts';
import { ENGINE } from './version.ts';

/**
 * Compiles a network for arrays that compute or remember (CMSwitch). The design's own plan comes first; with `baselines`
 * the other segmentation and re-implemented methods of others follow, on the same network, chip and rules.
 */
export async function compile(slice: CimSlice, job: Job): Promise<Result<CimReport>> {
  const clock = stopwatch();
  job.progress(0, 'Reading the network');
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  clock('Network and products');
  await breathe(job.signal);

  const plans: CompiledPlan[] = [];
  const problems: Problem[] = [...prepared.value.problems];
  const wanted = planIds(slice);
  for (const [at, id] of wanted.entries()) {
    const progress = (fraction: number, what: string) => job.progress((at + fraction) / wanted.length, what);
    progress(0, PLAN_TITLES[id]);
    const plan = await compileBy(id, slice, prepared.value.problem, { ...job, progress });
    if (plan.ok) plans.push(plan.value);
    // The design's own plan must be there; without another there is one comparison less.
    else if (at === 0) return plan;
    else problems.push(...plan.problems.map((each) => ({ ...each, severity: 'warning' as const })));
    clock(PLAN_TITLES[id]);
    await breathe(job.signal);
  }
  if (slice.solver !== 'exact') {
    const { solver, mipSeconds } = slice;
    const own = plans[0]!;
    const proof = await solveSegments(
      prepared.value.problem,
      own.segments,
      { solver, mipSeconds, memory: true },
      { ...job, progress: (fraction, what) => job.progress(fraction, what) },
    );
    own.segments = own.segments.map((segment, at) => {
      const solved = proof.solved[at];
      return solved ? { ...segment, solved } : segment;
    });
    own.notOptimal = own.segments.some(({ solved }) => solved !== undefined && !solved.optimal);
    problems.push(...proof.problems);
    clock('Programs');
  }
  return ok({
    ...reportOf(slice, prepared.value, plans),
    problems,
    measured: { timesMs: clock.timesMs, log: [] },
  });
}

/** The report of a design's plans, its own first. */
function reportOf(slice: CimSlice, { network, problem, notModelled }: Prepared, plans: CompiledPlan[]): CimReport {
  const { operators, sections, hardware, rules, batch } = problem;
  const zoo = findZooModel(network.name);
  return {
    engine: ENGINE,
    figures: figuresOf(problem, plans),
    provenance: {},
    artefacts: [],
    model: {
      name: network.name,
      title: zoo.ok ? zoo.value.title : network.name,
      family: zoo.ok ? zoo.value.family : 'other',
      macs: totalsOf(network).macs,
      weightBytes: sumOf(problem, ({ dynamic, weightBytes }) => (dynamic ? 0 : weightBytes)),
    },
    hardware,
    rules,
    problem: { operators, sections, batch },
    plans,
    notModelled,
    problems: [],
    assumptions: assumptionsOf(slice, problem),
    measured: { timesMs: {}, log: [] },
  };
}

function figuresOf(problem: Prepared['problem'], plans: readonly CompiledPlan[]): CimFigures {
  const { hardware } = problem;
  const { totals } = plans[0]!;
  const percent = (part: number) => (100 * part) / totals.cycles;
  return {
    cycles: totals.cycles,
    latencyNs: totals.latencyNs,
    energyPj: totals.energy.totalPj,
    areaMm2: hardware.area.arrayMm2 * hardware.arrays + hardware.area.restMm2,
    segments: totals.segments,
    switches: totals.switches,
    memoryArraySharePercent: totals.memoryArraySharePercent,
    computeSharePercent: percent(totals.computeCycles),
    reloadSharePercent: percent(totals.reloadCycles),
    writeBackSharePercent: percent(totals.writeBackCycles),
    switchSharePercent: percent(totals.switchCycles),
    operators: sumOf(problem, () => 1),
    macs: sumOf(problem, ({ macs }) => macs),
    ...comparison(plans),
  };
}

const COMPARED = {
  computeOnly: 'compute-only',
  cimMlc: 'cim-mlc-like',
  occ: 'occ-like',
  puma: 'puma-like',
  published: 'published',
  improved: 'improved',
} as const satisfies Record<string, PlanId>;

/** Cycles of every method that ran, and how often the design's own plan is as fast. */
function comparison([own, ...others]: readonly CompiledPlan[]): Pick<CimFigures, 'baselineCycles' | 'speedup'> {
  if (!own || others.length === 0) return {};
  const baselineCycles: Record<string, number> = {};
  const speedup: Record<string, number> = {};
  for (const [name, id] of Object.entries(COMPARED)) {
    const plan = others.find((each) => each.id === id);
    if (!plan) continue;
    baselineCycles[name] = plan.totals.cycles;
    speedup[name] = plan.totals.cycles / own.totals.cycles;
  }
  return { baselineCycles, speedup };
}

/** Over all operators, those of a repeated section as often as it runs. */
function sumOf(
  { operators, sections }: Prepared['problem'],
  of: (each: Prepared['problem']['operators'][number]) => number,
): number {
  let sum = 0;
  for (const { first, count, times } of sections) {
    for (const each of operators.slice(first, first + count)) sum += times * of(each);
  }
  return sum;
}
