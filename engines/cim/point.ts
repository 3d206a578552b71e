import { checkAborted } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { compileBy } from './methods.ts';
import { prepare } from './prepare.ts';
import type { CimSlice, PlanId } from './types.ts';

/** Spec of the entry `point`: a design, and the methods to be run on it. */
export interface PointSpec {
  slice: CimSlice;
  plans: PlanId[];
}

/** What sweeps keep of a design: the totals of each method. */
export interface PointReport {
  plans: { id: PlanId; cycles: number; energyPj: number; memoryArraySharePercent: number; switches: number }[];
}

/** Compiles a design by some methods and keeps the totals only: a point of a sweep or of a map. */
export async function point({ slice, plans }: PointSpec, job: Job): Promise<Result<PointReport>> {
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  const found: PointReport['plans'] = [];
  for (const id of plans) {
    checkAborted(job.signal);
    const plan = await compileBy(id, slice, prepared.value.problem, { ...job, progress: () => {} });
    if (!plan.ok) return plan;
    const { cycles, energy, memoryArraySharePercent, switches } = plan.value.totals;
    found.push({ id, cycles, energyPj: energy.totalPj, memoryArraySharePercent, switches });
  }
  return ok({ plans: found });
}
