import type { Result } from '../core/result.ts';
import type { Network } from '../onnx/network.ts';
import type { Hardware } from './hardware.ts';
import { coreCount } from './hardware.ts';
import { agTable, crossbarsOf } from './partition-ags.ts';
import { place } from './place.ts';
import { firstFit } from './place-first-fit.ts';
import { type ReplicateOptions, replicate } from './replicate.ts';
import type { MappedLayer, Mapping } from './types.ts';

const NAMES = { balance: 'balance', w0h0: 'W0H0', uniform: 'uniform', manual: 'manual' } as const;

/**
 * Stage 2 by heuristics: `replicate`, then `place`. A heuristic whose replicas do not fit (where the released program
 * aborts) gives some back, each time that of the layer whose remaining replicas then have fewest windows to do, until first
 * fit succeeds: so every network whose single copies fit compiles in every method, and `Mapping.method` says what was given
 * back. A user's own numbers are taken as they are.
 */
export function replicateAndPlace(
  layers: readonly MappedLayer[],
  network: Network,
  hardware: Hardware,
  options: ReplicateOptions,
): Result<Mapping> {
  const replicated = replicate(layers, network, hardware, options);
  if (!replicated.ok) return replicated;
  const name = `${NAMES[options.method]}, first fit`;
  if (options.method === 'manual') return place(replicated.value, hardware, name);
  const reduced = giveBack(replicated.value, hardware);
  const less = total(replicated.value) - total(reduced);
  return place(reduced, hardware, less === 0 ? name : `${name}, less ${less} ${less === 1 ? 'replica' : 'replicas'}`);
}

function total(layers: readonly MappedLayer[]): number {
  return layers.reduce((sum, layer) => sum + layer.replication, 0);
}

function giveBack(layers: readonly MappedLayer[], hardware: Hardware): MappedLayer[] {
  const reduced = layers.map((layer) => ({ ...layer }));
  const cores = coreCount(hardware);
  const available = cores * hardware.crossbar.perCore;
  for (;;) {
    const fits =
      crossbarsOf(reduced, hardware) <= available &&
      firstFit(agTable(reduced, hardware), hardware.crossbar.perCore, cores);
    if (fits) return reduced;
    let least: MappedLayer | undefined;
    for (const layer of reduced) {
      if (layer.replication > 1 && (!least || windowsWithout(layer) < windowsWithout(least))) least = layer;
    }
    if (!least) return reduced;
    least.replication--;
  }
}

/** Windows of each replica once there is one fewer. */
function windowsWithout(layer: MappedLayer): number {
  return Math.ceil(layer.windows / (layer.replication - 1));
}
