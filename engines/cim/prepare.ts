import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { loadNetwork } from '../onnx/load.ts';
import type { Network } from '../onnx/network.ts';
import type { ModelRef } from '../onnx/types.ts';
import { findZooModel } from '../onnx/zoo/index.ts';
import type { OperatorList } from './operators.ts';
import { operatorsOf } from './operators.ts';
import { resolveHardware } from './presets/index.ts';
import type { CimProblem, CimSlice } from './types.ts';

export interface Prepared {
  network: Network;
  problem: CimProblem;
  notModelled: OperatorList['notModelled'];
}

/** From the design to what segmenters work on. */
export async function prepare(slice: CimSlice, job: Pick<Job, 'source'>): Promise<Result<Prepared>> {
  const hardware = resolveHardware(slice.hardware);
  if (!hardware.ok) return hardware;
  const network = await loadNetwork(modelOf(slice), job);
  if (!network.ok) return network;
  const { rules, batch, blocks } = slice;
  const list = operatorsOf(network.value, { hardware: hardware.value, rules, batch, blocks });
  if (!list.ok) return list;
  const { operators, sections, notModelled } = list.value;
  return ok({
    network: network.value,
    problem: { operators, sections, hardware: hardware.value, rules, batch },
    notModelled,
  });
}

/** The model with the design's sizes: tokens and phase where it has them. Batch multiplies the operators instead. */
export function modelOf({ model, sequence, phase }: CimSlice): ModelRef {
  const name = typeof model === 'string' ? model : 'zoo' in model ? model.zoo : undefined;
  if (name === undefined) return model;
  const found = findZooModel(name);
  if (!found.ok) return model;
  const own = typeof model === 'string' ? {} : ((model as { symbols?: Record<string, number> }).symbols ?? {});
  const { symbols } = found.value;
  const sizes: Record<string, number> = {};
  if ('sequence' in symbols) sizes['sequence'] = sequence;
  if (phase === 'decode' && 'past' in symbols) Object.assign(sizes, { sequence: 1, past: sequence });
  return { zoo: found.value.id, symbols: { ...sizes, ...own } };
}
