import type { Job } from '../core/job.ts';
import type { Result } from '../core/result.ts';
import { allocateExactly } from './allocate/exact.ts';
import { runBaseline } from './baselines/index.ts';
import { judge } from './judge.ts';
import { NO_IMPROVEMENTS } from './rules.ts';
import { segmentByHand } from './segment/by-hand.ts';
import { segmentImproved } from './segment/improved.ts';
import { segmentAsPublished } from './segment/published.ts';
import type { SectionPlan } from './segment/types.ts';
import { PLAN_TITLES } from './titles.ts';
import type { CimProblem, CimSlice, CompiledPlan, PlanId } from './types.ts';

type Cut = Result<{ sections: SectionPlan[]; effort: Record<string, number> }>;
type Part = Pick<Job, 'signal' | 'progress'>;

/** The plans of a design: its own first, then what it is compared with. */
export function planIds({ cuts, segmentation, baselines }: CimSlice): PlanId[] {
  const own: PlanId[] = cuts ? ['by-hand', segmentation] : [segmentation];
  if (!baselines) return own;
  const other: PlanId = segmentation === 'improved' ? 'published' : 'improved';
  return [...own, other, 'compute-only', 'cim-mlc-like', 'puma-like', 'occ-like'];
}

/** Cuts the network by one method and has the plan judged; every method has the same problem and the same judge. */
export async function compileBy(
  id: PlanId,
  slice: CimSlice,
  problem: CimProblem,
  job: Part,
): Promise<Result<CompiledPlan>> {
  const cut = await cutBy(id, slice, problem, job);
  if (!cut.ok) return cut;
  const planned = cut.value.sections.flatMap(({ section, segments }) => segments.map((each) => ({ ...each, section })));
  return { ok: true, value: { id, ...planFrom(problem, planned), title: PLAN_TITLES[id], effort: cut.value.effort } };
}

/** A plan as reports carry it, without what says how it came about. */
export function planFrom(
  problem: CimProblem,
  planned: Parameters<typeof judge>[1],
): Pick<CompiledPlan, 'segments' | 'totals' | 'reimplementation' | 'notOptimal'> {
  const { segments, totals } = judge(problem, planned);
  const notOptimal = segments.some(({ solved }) => solved !== undefined && !solved.optimal);
  return { segments, totals, reimplementation: true, notOptimal };
}

function cutBy(
  id: PlanId,
  { improvements, segmentation, cuts }: CimSlice,
  problem: CimProblem,
  job: Part,
): Promise<Cut> {
  const allocate = allocateExactly;
  switch (id) {
    case 'published':
      return segmentAsPublished(problem, { improvements: NO_IMPROVEMENTS, memory: true, allocate }, job);
    case 'by-hand':
      return segmentByHand(
        problem,
        cuts ?? [],
        { improvements: segmentation === 'improved' ? improvements : NO_IMPROVEMENTS, memory: true, allocate },
        job,
      );
    case 'cim-mlc-like':
    case 'puma-like':
    case 'occ-like':
      return runBaseline(id, problem, job);
    case 'compute-only':
      return segmentImproved(problem, { improvements, memory: false, allocate }, job);
    default:
      return segmentImproved(problem, { improvements, memory: true, allocate }, job);
  }
}
