import { error, fail, ok, type Result } from '../core/result.ts';
import { coreCount, type Hardware } from './hardware.ts';
import { agTable } from './partition-ags.ts';
import type { MappedLayer, Mapping, MappingData } from './types.ts';

/** A mapping as plain data: an artefact of the report, and what `program` compiles again from. */
export function mappingData({ layers, ags, method }: Mapping): MappingData {
  const data: MappingData['layers'] = layers.map(({ name, replication }) => ({ name, replication, cores: [] }));
  const crossbars: number[][] = layers.map(() => []);
  for (let ag = 0; ag < ags.count; ag++) {
    data[ags.mapped[ag]!]!.cores.push(ags.core[ag]!);
    crossbars[ags.mapped[ag]!]!.push(ags.crossbars[ag]!);
  }
  return {
    layers: data.map((layer, index) => {
      const sizes = crossbars[index]!;
      const even = sizes.every((size) => size === layers[index]!.crossbarsPerAg);
      return even ? layer : { ...layer, crossbars: sizes };
    }),
    method,
  };
}

/** The mapping that the data describe, over the same network, cut in the same way. */
export function mappingFromData(
  data: MappingData,
  partitioned: readonly MappedLayer[],
  hardware: Hardware,
): Result<Mapping> {
  const byName = new Map(data.layers.map((layer) => [layer.name, layer]));
  const layers = partitioned.map((layer) => ({ ...layer, replication: byName.get(layer.name)?.replication ?? 1 }));
  const ags = agTable(layers, hardware);
  const free = new Int32Array(coreCount(hardware)).fill(hardware.crossbar.perCore);
  const next = new Int32Array(layers.length);
  for (let ag = 0; ag < ags.count; ag++) {
    const mapped = ags.mapped[ag]!;
    const core = byName.get(layers[mapped]!.name)?.cores[next[mapped]!++];
    if (core === undefined || core < 0 || core >= free.length || free[core]! < ags.crossbars[ag]!) {
      const what = `The mapping does not belong to this network and chip: array group ${ag} of layer "${layers[mapped]!.name}" has no room in core ${core ?? 'none'}.`;
      return fail(error('mapping-mismatch', what, 'Compile the design again.'));
    }
    free[core]! -= ags.crossbars[ag]!;
    ags.core[ag] = core;
  }
  return ok({ layers, ags, method: data.method });
}
