import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { Layer, Network } from '../onnx/network.ts';
import type { Hardware } from './hardware.ts';
import { shapeConv, type Unrolled } from './partition-unroll.ts';
import { arraysPerCrossbar, weightsPerRow } from './presets/geometry.ts';
import type { CompileStyle } from './style.ts';
import type { MappedLayer, Mode } from './types.ts';

export interface PartitionOptions {
  style: CompileStyle;
  /** 'table-iv': the five unrollings of TCAD, Table IV, by its rule. Only `groups: 'apart'` styles and dense layers. */
  unrolling: 'rows' | 'table-iv';
  /** Decides ties of Table IV: least load volume in throughput mode, least memory in latency mode. */
  mode: Mode;
  /** Precision by name of layer, over the hardware's own. */
  bits?: Record<string, { weights: number; activations: number }>;
}

/**
 * Stage 1 (DAC'23, section IV-A; TCAD, section IV-B): cuts every convolution and FC layer into array groups. The kernel is
 * unrolled to a matrix of Kh*Kw*Cin rows (ordered by kernel position, then channel) and Cout columns; its rows are cut at
 * the crossbar's height, and each cut is an array group: the crossbars side by side that share its inputs. A group wider
 * than a core is cut into column parts, each placed like a replica.
 *
 * Grouped and depthwise convolutions, where the style keeps them apart: with h = Kh*Kw*Cin/groups and w = Cout/groups, as
 * many groups as fit by rows and by columns, min(floor(rows/h), floor(columns/w)), share one crossbar block-diagonally
 * (each has rows and columns of its own, the cells between hold zeros). Rows of such a block are ordered by kernel
 * position, then by channel over all its groups, so that a pixel's channels are one run. A group that is larger than a
 * crossbar has array groups of its own.
 *
 * Layers come in the network's order with `replication` 1. Fails where an array cannot hold a single weight, or where there
 * are no crossbars at all.
 */
export function partition(network: Network, hardware: Hardware, options: PartitionOptions): Result<MappedLayer[]> {
  const { perCore, rows } = hardware.crossbar;
  if (!(perCore >= 1 && rows >= 1 && hardware.crossbar.columns >= 1)) {
    const what = `A core of this chip has ${perCore} crossbars of ${rows} rows and ${hardware.crossbar.columns} columns, so it can hold no weights.`;
    return fail(error('no-crossbars', what, 'Give every core at least one crossbar with a row and a column.'));
  }
  const mapped: MappedLayer[] = [];
  const problems: Problem[] = [];
  for (const layer of network.layers) {
    if (layer.kind.op !== 'conv' && layer.kind.op !== 'fc') continue;
    const one = partitionLayer(layer, hardware, options);
    if (one.ok) mapped.push(one.value);
    else problems.push(...one.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : ok(mapped);
}

function partitionLayer(layer: Layer, hardware: Hardware, options: PartitionOptions): Result<MappedLayer> {
  const precision = options.bits?.[layer.name];
  const weightBits = precision?.weights ?? hardware.weightBits;
  const activationBits = precision?.activations ?? hardware.activationBits;
  const across = weightsPerRow(hardware, weightBits);
  const unitsPerCore = Math.floor(hardware.crossbar.perCore / arraysPerCrossbar(hardware));
  if (!(across >= 1)) {
    const { columns, cellBits } = hardware.crossbar;
    const what = `A weight of layer "${layer.name}" has ${weightBits} bit and takes ${Math.ceil(weightBits / cellBits)} cells of ${cellBits} bit; a crossbar is only ${columns} columns wide.`;
    return fail(
      error('weight-too-wide', what, 'Take fewer bits for its weights, cells of more bits, or wider crossbars.'),
    );
  }
  if (unitsPerCore < 1) {
    const what = 'Signed weights take a pair of crossbars, and a core of this chip has only one.';
    return fail(error('no-crossbar-pair', what, 'Give every core two crossbars, or code signs by an offset.'));
  }
  const unrolled = unroll(layer, hardware, { across, units: unitsPerCore }, options);
  const units = Math.ceil(unrolled.width / across);
  return ok({
    layer: layer.index,
    name: layer.name,
    ...unrolled,
    weightBits,
    activationBits,
    agsPerReplica: Math.ceil(unrolled.height / hardware.crossbar.rows) * unrolled.blocks,
    crossbarsPerAg: Math.min(units, unitsPerCore) * arraysPerCrossbar(hardware),
    columnParts: Math.ceil(units / unitsPerCore),
    replication: 1,
  });
}

function unroll(
  layer: Layer,
  hardware: Hardware,
  core: { across: number; units: number },
  options: PartitionOptions,
): Unrolled {
  const { kind } = layer;
  if (kind.op === 'conv') return shapeConv(layer, kind, hardware.crossbar.rows, core, options);
  if (kind.op !== 'fc') throw new Error(`layer ${layer.name} has no weights to unroll`);
  return {
    height: kind.inputs,
    width: kind.outputs,
    groups: 1,
    packed: 1,
    blocks: 1,
    windows: kind.rows,
    unrolling: 'rows',
  };
}
