import { checkAborted } from '../core/abort.ts';
import { hashValue } from '../core/hash.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { BitPlan } from '../onnx/bit-plan.ts';
import { loadNetwork } from '../onnx/load.ts';
import type { Network } from '../onnx/network.ts';
import { evaluateOwnAsync } from './evaluate/own.ts';
import { evaluateReference } from './evaluate/reference.ts';
import { REFERENCE_MVM_NS } from './evaluate/reference-walk.ts';
import type { Evaluation } from './evaluate/types.ts';
import type { Hardware } from './hardware.ts';
import { partition } from './partition.ts';
import { resolveHardware } from './presets.ts';
import type { Program } from './program/types.ts';
import { latencyGaps, scheduleLatency } from './schedule/latency.ts';
import { scheduleThroughput } from './schedule/throughput.ts';
import { notScheduled } from './schedule/throughput-work.ts';
import { type CompileStyle, OWN, RELEASED } from './style.ts';
import type { EvaluatorName, MappedLayer, Mapping, PimSlice } from './types.ts';

/** What a design comes to before anything is placed: network, chip and manner, and the layers cut into array groups. */
export interface Prepared {
  network: Network;
  /** With the product latency of the design's own clock. */
  hardware: Hardware;
  /** The same chip under either clock, to time one program by both. */
  clocks: Record<EvaluatorName, Hardware>;
  style: CompileStyle;
  bits: BitPlan['layers'];
  layers: MappedLayer[];
  problems: Problem[];
}

const WHERE_MODEL = { path: 'slices.pim.model' };

/** Network, chip, and the network cut for the chip. */
export async function prepare(slice: PimSlice, job: Job): Promise<Result<Prepared>> {
  const network = await loadNetwork(slice.model, job);
  if (!network.ok) return network;
  checkAborted(job.signal);
  const clocks = await clocksOf(slice, job);
  if (!clocks.ok) return clocks;
  const hardware = clocks.value[slice.evaluator];
  const style = slice.evaluator === 'reference' ? RELEASED : OWN;
  const refusal = refuse(network.value);
  if (refusal) return fail(refusal);
  const bits = layersOf(slice.bits);
  const layers = partition(network.value, hardware, {
    style,
    unrolling: slice.unrolling,
    mode: slice.mode,
    bits,
  });
  if (!layers.ok) return layers;
  const problems = [
    ...unknownNames(Object.keys(bits), network.value),
    ...notKnown(network.value),
    ...(slice.mode === 'throughput' ? notScheduled(network.value, style) : takenAsZeros(network.value)),
  ];
  return ok({ network: network.value, hardware, clocks: clocks.value, style, bits, layers: layers.value, problems });
}

async function clocksOf({ hardware }: PimSlice, job: Job): Promise<Result<Prepared['clocks']>> {
  let choice = hardware;
  if (typeof choice === 'object' && 'pimcompConfig' in choice && typeof choice.pimcompConfig === 'object') {
    const { name, sha256 } = choice.pimcompConfig;
    const bytes = await job.blob(sha256);
    if (!bytes) {
      const what = `The file "${name}" of this design is not here.`;
      return fail(error('blob-missing', what, 'Add it to the design again.', { path: 'slices.pim.hardware' }));
    }
    choice = { pimcompConfig: new TextDecoder().decode(bytes) };
  }
  const resolved = resolveHardware(choice);
  if (!resolved.ok) return resolved;
  const own = resolved.value;
  const given = typeof choice === 'object' && 'mvmLatencyNs' in choice && choice.mvmLatencyNs !== undefined;
  return ok({ own, reference: given ? own : { ...own, mvmLatencyNs: REFERENCE_MVM_NS } });
}

/** A bit plan as it stands in the document, or as another lab handed it down. */
function layersOf(bits: PimSlice['bits']): BitPlan['layers'] {
  if ('layers' in bits) return bits.layers;
  return 'data' in bits ? bits.data.layers : {};
}

function refuse(network: Network): Problem | undefined {
  const weighted = network.layers.some(({ kind }) => kind.op === 'conv' || kind.op === 'fc');
  if (weighted) return undefined;
  const what = `The network "${network.name}" has no layer with weights, so there is nothing to put on crossbars.`;
  return error('no-weights', what, 'Choose a network with convolutions or FC layers.', WHERE_MODEL);
}

function unknownNames(names: readonly string[], network: Network): Problem[] {
  const known = new Set(network.layers.map(({ name }) => name));
  return names
    .filter((name) => !known.has(name))
    .map((name) => ({
      code: 'unknown-layer',
      severity: 'warning' as const,
      what: `Bits are given for a layer "${name}", which this network does not have.`,
      where: { path: 'slices.pim.bits' },
      remedy: 'Remove it, or use the name in the table of layers.',
    }));
}

/** What a latency program reads as zeros, since no instruction computes it. */
function takenAsZeros(network: Network): Problem[] {
  return latencyGaps(network).map(({ layer, why }) => ({
    code: 'layer-left-out',
    severity: 'warning' as const,
    what: `Layer "${network.layers[layer]!.name}" is not part of the program: ${why}.`,
    where: WHERE_MODEL,
    remedy: 'Its output counts as zeros, its time and energy are not counted.',
  }));
}

function notKnown(network: Network): Problem[] {
  return network.unsupported.map(({ op, count, places, why }) => ({
    code: 'unsupported-operator',
    severity: 'warning' as const,
    what: `The operator ${op} (${count === 1 ? 'once' : `${count} times`}, first at "${places[0]}") is not known: ${why}`,
    where: WHERE_MODEL,
    remedy: 'What depends on it is left out, or refused where it is needed.',
  }));
}

export async function schedule(
  { network, hardware, style }: Prepared,
  mapping: Mapping,
  { mode, memory, transferRounds, layerGroups }: PimSlice,
  job: Pick<Job, 'signal' | 'progress'>,
): Promise<Result<Program>> {
  if (mode === 'throughput')
    return scheduleThroughput(network, mapping, hardware, { style, memory, layerGroups }, job.signal);
  const policy = memory === 'naive' ? 'naive' : 'pixels';
  return ok(await scheduleLatency(network, mapping, hardware, { style, memory: policy, transferRounds }, job));
}

export async function evaluate(
  evaluator: EvaluatorName,
  { network, hardware }: Prepared,
  mapping: Mapping,
  program: Program,
  job: Pick<Job, 'signal' | 'progress'>,
): Promise<Evaluation> {
  if (evaluator === 'own') return evaluateOwnAsync(program, mapping, hardware, job);
  return evaluateReference(program, mapping, hardware, network);
}

/** A compiled design: what the report is made of, and what the views read. */
export interface Built {
  prepared: Prepared;
  mapping: Mapping;
  program: Program;
  evaluation: Evaluation;
}

let last: { key: string; built: Built } | undefined;

/** Lets go of the result that is kept, before its arrays are handed over to another thread. */
export function forget(): void {
  last = undefined;
}

/** What decides a program and its times, given the mapping; methods and their settings do not. */
function keyOf(slice: PimSlice, mapping: Mapping): string {
  const { model, hardware, mode, evaluator, unrolling, memory, transferRounds, layerGroups, bits } = slice;
  const { core } = mapping.ags;
  const replicas = mapping.layers.map(({ replication }) => replication);
  return hashValue({
    model,
    hardware,
    mode,
    evaluator,
    unrolling,
    memory,
    transferRounds,
    layerGroups,
    bits,
    core,
    replicas,
  });
}

/**
 * Schedules and evaluates under a mapping. The last result is kept, so that a view that asks for the program of the report
 * on the screen gets it at once when it comes to the same worker.
 */
export async function build(prepared: Prepared, mapping: Mapping, slice: PimSlice, job: Job): Promise<Result<Built>> {
  const key = keyOf(slice, mapping);
  if (last?.key === key) return ok(last.built);
  const program = await schedule(prepared, mapping, slice, job);
  if (!program.ok) return program;
  const evaluation = await evaluate(slice.evaluator, prepared, mapping, program.value, job);
  checkAborted(job.signal);
  const built = { prepared, mapping, program: program.value, evaluation };
  last = { key, built };
  return ok(built);
}
