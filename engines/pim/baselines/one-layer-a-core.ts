import { fail, ok, type Result } from '../../core/result.ts';
import type { Network } from '../../onnx/network.ts';
import { doesNotFit, smallestChip } from '../fit.ts';
import { coreCount, type Hardware } from '../hardware.ts';
import { agTable } from '../partition-ags.ts';
import { firstFit } from '../place-first-fit.ts';
import { perReplica, replicable } from '../replicate.ts';
import type { CompileStyle } from '../style.ts';
import type { MappedLayer, Mapping } from '../types.ts';

/**
 * The mapping of polyhedral compilers as TCAD describes it: every core holds one replica of one layer (or a part of one),
 * so that crossbars of part-filled cores stay idle. Replicas are given, one at a time, to the layer whose replicas have
 * most windows, until that layer's next replica finds no free cores.
 */
export function oneLayerACore(
  layers: readonly MappedLayer[],
  network: Network,
  hardware: Hardware,
  style: CompileStyle,
): Result<Mapping> {
  const single = layers.map((layer) => ({ ...layer, replication: 1 }));
  const coresEach = single.map((layer) => smallestChip([layer], hardware).cores);
  let free = coreCount(hardware) - coresEach.reduce((sum, cores) => sum + cores, 0);
  if (free < 0) {
    const problem = doesNotFit(single, hardware);
    const needed = coreCount(hardware) - free;
    const what = `With one layer a core, the network needs ${needed} cores and the chip has ${coreCount(hardware)}.`;
    return fail({ ...problem, what });
  }
  for (;;) {
    const slowest = slowestLayer(single, network, style);
    if (slowest < 0 || coresEach[slowest]! > free) break;
    single[slowest]!.replication += 1;
    free -= coresEach[slowest]!;
  }
  const ags = agTable(single, hardware);
  let firstCore = 0;
  let ag = 0;
  for (const [index, layer] of single.entries()) {
    const one = agTable([{ ...layer, replication: 1 }], hardware);
    firstFit(one, hardware.crossbar.perCore, coresEach[index]!);
    for (let replica = 0; replica < layer.replication; replica++) {
      for (const core of one.core) ags.core[ag++] = firstCore + core;
      firstCore += coresEach[index]!;
    }
  }
  return ok({ layers: single, ags, method: 'one layer a core, balanced' });
}

/** The layer whose replicas have most windows left and could use another; -1 where none could. */
function slowestLayer(layers: readonly MappedLayer[], network: Network, style: CompileStyle): number {
  let slowest = -1;
  let most = 1;
  for (const [index, layer] of layers.entries()) {
    const windows = perReplica(layer.windows, layer.replication);
    if (windows <= most || !replicable(layer, network, style)) continue;
    slowest = index;
    most = windows;
  }
  return slowest;
}
