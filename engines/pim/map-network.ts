import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import type { Prepared } from './build.ts';
import { searchMapping } from './genetic/index.ts';
import { replicateAndPlace } from './place-fitting.ts';
import type { GeneticTrace, Mapping, PimSlice } from './types.ts';

/** Stages 2a and 2b: replicas and their places, by a heuristic or by the genetic search. */
export async function mapNetwork(
  slice: PimSlice,
  prepared: Prepared,
  job: Job,
): Promise<Result<{ mapping: Mapping; genetic?: GeneticTrace }>> {
  const { replication: method, mapping, replicas } = slice;
  if (method === 'genetic' || mapping === 'genetic') {
    const found = await searchMapping(slice, prepared, job);
    return found.ok ? ok({ mapping: found.value.mapping, genetic: found.value.trace }) : found;
  }
  const { layers, network, hardware, style } = prepared;
  const placed = replicateAndPlace(layers, network, hardware, { style, method, replicas });
  return placed.ok ? ok({ mapping: placed.value }) : placed;
}
