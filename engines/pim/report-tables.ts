import type { Network } from '../onnx/network.ts';
import { type LayerNoise, layerSignalToNoise, type NoiseSettings } from './crossbar/index.ts';
import type { Evaluation } from './evaluate/types.ts';
import { coreCount, type Hardware } from './hardware.ts';
import { columnsPerWeight } from './presets/geometry.ts';
import type { Program } from './program/types.ts';
import type { Mapping, PimCore, PimLayer } from './types.ts';

/** The layers of the network, with what each takes of the chip and of the time. */
export function layerTable(
  network: Network,
  mapping: Mapping,
  hardware: Hardware,
  evaluation: Evaluation,
  noise: NoiseSettings,
): PimLayer[] {
  const { ags } = mapping;
  const groups = new Int32Array(mapping.layers.length);
  const crossbars = new Int32Array(mapping.layers.length);
  const cells = new Float64Array(mapping.layers.length);
  for (let ag = 0; ag < ags.count; ag++) {
    const at = ags.mapped[ag]!;
    const { weightBits } = mapping.layers[at]!;
    groups[at]!++;
    crossbars[at]! += ags.crossbars[ag]!;
    const columns = (ags.columnEnd[ag]! - ags.columnStart[ag]!) * columnsPerWeight(hardware, weightBits);
    cells[at]! += (ags.rowEnd[ag]! - ags.rowStart[ag]!) * columns;
  }
  const byLayer = new Map(mapping.layers.map((mapped, index) => [mapped.layer, { mapped, index }]));
  const known = new Map<string, LayerNoise>();
  const times = evaluation.layers;
  return network.layers.map((layer): PimLayer => {
    const on = byLayer.get(layer.index);
    const arrays = on ? crossbars[on.index]! : 0;
    const all = arrays * hardware.crossbar.rows * hardware.crossbar.columns;
    const row: PimLayer = {
      layer: layer.index,
      name: layer.name,
      op: layer.kind.op,
      windows: on?.mapped.windows ?? 0,
      replication: on?.mapped.replication ?? 0,
      arrayGroups: on ? groups[on.index]! : 0,
      crossbars: arrays,
      cellsUsedPercent: all > 0 ? (100 * cells[on!.index]!) / all : 0,
      macs: layer.macs,
      parameters: layer.parameters,
      mvms: times.mvms[layer.index]!,
      startNs: times.startNs[layer.index]!,
      endNs: times.endNs[layer.index]!,
      mvmNs: times.mvmNs[layer.index]!,
      vectorNs: times.vectorNs[layer.index]!,
      transferNs: times.transferNs[layer.index]!,
      memoryNs: times.memoryNs[layer.index]!,
      energyPj: times.energyPj[layer.index]!,
    };
    const ratio = on && layerSignalToNoise(on.mapped, hardware, noise, known).signalToNoiseDb;
    return ratio === undefined ? row : { ...row, signalToNoiseDb: ratio };
  });
}

/** The cores of the chip, empty ones included. */
export function coreTable(mapping: Mapping, hardware: Hardware, program: Program, evaluation: Evaluation): PimCore[] {
  const { ags } = mapping;
  const rows = Array.from({ length: coreCount(hardware) }, (_, core): PimCore => {
    const { cores } = evaluation;
    return {
      core,
      crossbars: 0,
      arrayGroups: 0,
      instructions: (program.coreStart[core + 1] ?? 0) - (program.coreStart[core] ?? 0),
      busyNs: cores.busyNs[core] ?? 0,
      mvmNs: cores.mvmNs[core] ?? 0,
      vectorNs: cores.vectorNs[core] ?? 0,
      transferNs: cores.transferNs[core] ?? 0,
      waitNs: cores.waitNs[core] ?? 0,
      memoryNs: cores.memoryNs[core] ?? 0,
      peakLocalMemoryBytes: (program.localElements[core] ?? 0) * program.elementBytes,
    };
  });
  for (let ag = 0; ag < ags.count; ag++) {
    const row = rows[ags.core[ag]!]!;
    row.arrayGroups++;
    row.crossbars += ags.crossbars[ag]!;
  }
  return rows;
}
