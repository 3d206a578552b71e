import { coreCount } from '../../../../../engines/pim/hardware.ts';
import type { PimLayer, PimReport } from '../../../../../engines/pim/types.ts';

/** Array groups on the chip by column; the index of a row is the AG's number, in the order of the mapping. */
export interface ChipModel {
  cores: number;
  perCore: number;
  count: number;
  core: Int32Array;
  /** First crossbar of the core that it takes, and how many. */
  start: Int32Array;
  size: Int32Array;
  /** Index in `Network.layers`. */
  layer: Int32Array;
  replica: Int32Array;
  /** Its number within the replica. */
  slice: Int32Array;
  /** AGs of core c are `byCore[coreStart[c] .. coreStart[c + 1])`, in the order in which they lie. */
  coreStart: Int32Array;
  byCore: Int32Array;
  /** AG of every crossbar of the chip, -1 where it is free. */
  slots: Int32Array;
  /** The mapped layers in order, by index in `Network.layers`, with their report. */
  layers: PimLayer[];
  /** Place of a layer in `layers`, by index in `Network.layers`. */
  order: Map<number, number>;
}

/** Lays out a report's mapping: each core's AGs one after another, in the order of the mapping. */
export function chipModel(report: PimReport): ChipModel {
  const { hardware } = report;
  const mapping = report.artefacts[0].data;
  const cores = coreCount(hardware);
  const { perCore } = hardware.crossbar;
  const count = mapping.layers.reduce((sum, each) => sum + each.cores.length, 0);
  const byName = new Map(report.layers.map((layer) => [layer.name, layer]));
  const model: ChipModel = {
    cores,
    perCore,
    count,
    core: new Int32Array(count),
    start: new Int32Array(count),
    size: new Int32Array(count),
    layer: new Int32Array(count),
    replica: new Int32Array(count),
    slice: new Int32Array(count),
    coreStart: new Int32Array(cores + 1),
    byCore: new Int32Array(count),
    slots: new Int32Array(cores * perCore).fill(-1),
    layers: [],
    order: new Map(),
  };
  const used = new Int32Array(cores);
  let ag = 0;
  for (const each of mapping.layers) {
    const layer = byName.get(each.name);
    if (layer) {
      model.order.set(layer.layer, model.layers.length);
      model.layers.push(layer);
    }
    const ofReplica = Math.max(1, Math.round(each.cores.length / Math.max(1, each.replication)));
    const even = layer && layer.arrayGroups > 0 ? Math.max(1, Math.round(layer.crossbars / layer.arrayGroups)) : 1;
    for (const [index, core] of each.cores.entries()) {
      const size = each.crossbars?.[index] ?? even;
      model.core[ag] = core;
      model.size[ag] = size;
      model.start[ag] = used[core] ?? 0;
      model.layer[ag] = layer?.layer ?? -1;
      model.replica[ag] = Math.floor(index / ofReplica);
      model.slice[ag] = index % ofReplica;
      const first = core * perCore + (used[core] ?? 0);
      model.slots.fill(ag, first, Math.min(first + size, (core + 1) * perCore));
      used[core] = (used[core] ?? 0) + size;
      model.coreStart[core + 1] = (model.coreStart[core + 1] ?? 0) + 1;
      ag++;
    }
  }
  for (let core = 0; core < cores; core++) model.coreStart[core + 1]! += model.coreStart[core]!;
  const next = model.coreStart.slice();
  for (let at = 0; at < count; at++) model.byCore[next[model.core[at]!]!++] = at;
  return model;
}

/** Crossbars of a core side by side: the widest of the near-square shapes that leaves no gap, else a square with one. */
export function coreColumns(perCore: number): number {
  const square = Math.ceil(Math.sqrt(perCore));
  for (let columns = square; columns <= square * 2; columns++) if (perCore % columns === 0) return columns;
  return square;
}
