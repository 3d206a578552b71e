import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { costLayers, layerTable } from './layer-table.ts';
import { resolveMachine } from './movement/machines.ts';
import { modelFacts, openModel } from './open-model.ts';
import { resolvePlan } from './plan.ts';
import type { BfpReport, BfpSlice } from './types.ts';

/** What is known of a network before it is measured. */
export type Listing = Pick<BfpReport, 'model' | 'layers' | 'problems'>;

/** The layers of a design's network with their formats, what those store and move, and what the weights lose: no samples run. */
export async function layers(slice: BfpSlice, job: Job): Promise<Result<Listing>> {
  const opened = await openModel(slice, job);
  if (!opened.ok) return opened;
  const { runner, problems } = opened.value;
  const plan = resolvePlan(slice, runner.layers);
  if (!plan.ok) return plan;
  const machine = resolveMachine(slice.machine);
  if (!machine.ok) return machine;
  const costs = await costLayers(runner.layers, plan.value.plan, machine.value, job.signal);
  if (!costs.ok) return costs;
  const table = await layerTable(runner, plan.value.plan, costs.value, job);
  return ok({ model: modelFacts(opened.value), layers: table, problems: [...problems, ...plan.value.problems] });
}
