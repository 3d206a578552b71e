import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import type { Prepared } from './build.ts';
import { replicateAndPlace } from './place-fitting.ts';
import type { GeneticTrace, Mapping, PimSlice } from './types.ts';

/** Stages 2a and 2b: replicas and their places, by a heuristic or by the genetic search. */
export async function mapNetwork(
  slice: PimSlice,
  { layers, network, hardware, style }: Prepared,
  _job: Job,
): Promise<Result<{ mapping: Mapping; genetic?: GeneticTrace }>> {
  const method = slice.replication === 'genetic' ? 'balance' : slice.replication;
  const mapping = replicateAndPlace(layers, network, hardware, { style, method, replicas: slice.replicas });
  return mapping.ok ? ok({ mapping: mapping.value }) : mapping;
}
