import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Result } from '../core/result.ts';
import type { Network } from '../onnx/network.ts';
import { layerPrograms } from './baselines/layer-programs.ts';
import { oneLayerACore } from './baselines/one-layer-a-core.ts';
import { staticEnergyPj } from './evaluate/energy.ts';
import type { Evaluation } from './evaluate/types.ts';
import { doesNotFit } from './fit.ts';
import { coreCount, type Hardware } from './hardware.ts';
import { agTable, crossbarsOf } from './partition-ags.ts';
import { place } from './place.ts';
import { firstFit } from './place-first-fit.ts';
import type { Program } from './program/types.ts';
import type { CompileStyle } from './style.ts';
import type { Baseline, BaselineResult, EnergyParts, MappedLayer, Mapping, Mode } from './types.ts';

/** What a baseline runs on: the design's own network, chip, cuts, scheduler and clock, so that only the method differs. */
export interface BaselineContext {
  network: Network;
  hardware: Hardware;
  style: CompileStyle;
  mode: Mode;
  /** Layers as `partition` cut them, before replication. */
  layers: readonly MappedLayer[];
  schedule(mapping: Mapping, mode: Mode): Promise<Result<Program>>;
  evaluate(program: Program, mapping: Mapping): Promise<Evaluation> | Evaluation;
}

export const BASELINE_LABELS: Record<Baseline, string> = {
  'puma-like': 'PUMA-like (re-implementation)',
  'polyhedral-like': 'Polyhedral-like (re-implementation)',
  'layer-by-layer': 'Layer by layer, weights moved (re-implementation)',
};

/** Samples that share one loading of a layer's weights in throughput mode: the batch of TCAD's experiments. */
export const RELOAD_BATCH = 128;

/**
 * A published baseline, re-implemented from its description in TCAD (Table I, section VI) and the facts' section 3; not by
 * its authors. The problem of the result says why a baseline cannot run on this network and chip.
 *
 * - PUMA-like: one replica a layer, first fit, and the same pipelines.
 * - Polyhedral-like: one layer a core, balanced replicas, pipelined by whole samples: in latency mode a layer starts when
 *   the one before has ended.
 * - Layer by layer (after SongC): the whole chip does one layer after the other, one replica each; before each, its weights
 *   come from global memory, for every sample in latency mode and for `RELOAD_BATCH` samples in throughput mode.
 */
export async function runBaseline(
  id: Baseline,
  context: BaselineContext,
  job: Pick<Job, 'signal'>,
): Promise<Result<BaselineResult>> {
  const { network, hardware, mode, layers } = context;
  const single = layers.map((layer) => ({ ...layer, replication: 1 }));
  switch (id) {
    case 'puma-like': {
      const placed = place(single, hardware, 'one replica, first fit');
      return placed.ok ? pipelined(id, context, placed.value) : placed;
    }
    case 'polyhedral-like': {
      const placed = oneLayerACore(layers, network, hardware, context.style);
      if (!placed.ok) return placed;
      if (mode === 'throughput') return pipelined(id, context, placed.value);
      const run = await oneByOne(context, placed.value, job);
      return run.ok ? ok(resultOf(id, context, placed.value, run.value.timeNs, run.value.dynamicPj)) : run;
    }
    case 'layer-by-layer': {
      const placed = eachAlone(single, hardware);
      if (!placed.ok) return placed;
      const run = await oneByOne(context, placed.value, job);
      if (!run.ok) return run;
      const reload = weightReload(single, hardware);
      const share = mode === 'throughput' ? RELOAD_BATCH : 1;
      const timeNs = run.value.timeNs + reload.timeNs / share;
      return ok(resultOf(id, context, placed.value, timeNs, run.value.dynamicPj + reload.energyPj / share));
    }
  }
}

async function pipelined(id: Baseline, context: BaselineContext, mapping: Mapping): Promise<Result<BaselineResult>> {
  const program = await context.schedule(mapping, context.mode);
  if (!program.ok) return program;
  const { timeNs, energy } = await context.evaluate(program.value, mapping);
  return ok(resultOf(id, context, mapping, timeNs, dynamicPj(energy)));
}

/** Every layer alone on the chip, one after the other: the sum of their times. */
async function oneByOne(
  context: BaselineContext,
  mapping: Mapping,
  job: Pick<Job, 'signal'>,
): Promise<Result<{ timeNs: number; dynamicPj: number }>> {
  const whole = await context.schedule(mapping, 'throughput');
  if (!whole.ok) return whole;
  let timeNs = 0;
  let energyPj = 0;
  for (const { program } of layerPrograms(whole.value)) {
    await breathe(job.signal);
    const one = await context.evaluate(program, mapping);
    timeNs += one.timeNs;
    energyPj += dynamicPj(one.energy);
  }
  return ok({ timeNs, dynamicPj: energyPj });
}

/** Every layer placed on the empty chip: they are never there at the same time. */
function eachAlone(layers: readonly MappedLayer[], hardware: Hardware): Result<Mapping> {
  const ags = agTable(layers, hardware);
  let at = 0;
  for (const layer of layers) {
    const one = agTable([layer], hardware);
    if (!firstFit(one, hardware.crossbar.perCore, coreCount(hardware))) {
      const problem = doesNotFit([layer], hardware);
      const what = `Layer "${layer.name}" alone needs more than the chip. ${problem.what}`;
      return fail(error('does-not-fit', what, problem.remedy));
    }
    ags.core.set(one.core, at);
    at += one.count;
  }
  return ok({ layers: [...layers], ags, method: 'layer by layer' });
}

/** Moving all weights from the chips' global memories into the crossbars; programming the cells is not counted. */
function weightReload(layers: readonly MappedLayer[], hardware: Hardware): { timeNs: number; energyPj: number } {
  const ags = agTable(layers, hardware);
  let bytes = 0;
  for (let ag = 0; ag < ags.count; ag++) {
    const weights = (ags.rowEnd[ag]! - ags.rowStart[ag]!) * (ags.columnEnd[ag]! - ags.columnStart[ag]!);
    bytes += (weights * layers[ags.mapped[ag]!]!.weightBits) / 8;
  }
  const chips = hardware.chips.x * hardware.chips.y;
  const energyPj = bytes * (hardware.energy.globalMemoryPjPerByte + hardware.energy.localMemoryPjPerByte);
  return { timeNs: bytes / (hardware.globalMemory.gbps * chips), energyPj };
}

function resultOf(
  id: Baseline,
  { hardware }: BaselineContext,
  mapping: Mapping,
  timeNs: number,
  dynamicEnergyPj: number,
): BaselineResult {
  return {
    id,
    label: BASELINE_LABELS[id],
    timeNs,
    energyPj: dynamicEnergyPj + staticEnergyPj(hardware, timeNs),
    crossbars: crossbarsOf(mapping.layers, hardware),
  };
}

function dynamicPj(energy: EnergyParts): number {
  const { staticPj: _, ...parts } = energy;
  return Object.values(parts).reduce((sum, part) => sum + part, 0);
}
