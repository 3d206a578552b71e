import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { type NetworkTotals, totalsOf } from './counts.ts';
import { loadNetwork } from './load.ts';
import type { Network } from './network.ts';
import { absorbActivations } from './network-passes.ts';
import type { ModelRef } from './types.ts';

/** Spec of the entry `network`: a model, or a model whose stand-alone activations go into the layers before them. */
export type NetworkSpec = ModelRef | { model: ModelRef; absorb?: boolean };

export interface NetworkReport {
  network: Network;
  totals: NetworkTotals;
}

/** Reads or builds a model as compilers and views see it. */
export async function network(spec: NetworkSpec, job: Job): Promise<Result<NetworkReport>> {
  const { model, absorb = false } = typeof spec === 'object' && 'model' in spec ? spec : { model: spec };
  job.progress(0, 'Reading the model');
  const loaded = await loadNetwork(model, job);
  if (!loaded.ok) return loaded;
  const found = absorb ? absorbActivations(loaded.value) : loaded.value;
  return ok({ network: found, totals: totalsOf(found) });
}
