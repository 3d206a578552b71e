import { breathe } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import { loadNetwork } from '../../onnx/load.ts';
import { bestTiling, isKnown } from './best.ts';
import { layersOf } from './layers.ts';
import { LISTS } from './lists.ts';
import { type MachineChoice, resolveMachine } from './machines.ts';
import type { LayerMovement, LoopLayer, Machine, OperandBits } from './types.ts';

/** The same bits in all layers, or every layer's own by name. */
export type BitsOfLayers = OperandBits | Record<string, OperandBits>;

/** Layers that are solved between two looks at the signal: some milliseconds each. */
const TOGETHER = 4;

/**
 * Best tiles and movement of every layer, in order. Problems: those of `bestTiling`, and a layer without bits.
 *
 * @throws an AbortError when the job is cancelled.
 */
export async function movementOf(
  layers: readonly LoopLayer[],
  bits: BitsOfLayers,
  machine: Machine,
  job: Pick<Job, 'signal'>,
): Promise<Result<LayerMovement[]>> {
  const found: LayerMovement[] = [];
  let solved = 0;
  for (const layer of layers) {
    const own = bitsOf(bits, layer.name);
    if (!own) {
      const what = `The layer ${layer.name} has no bits.`;
      return fail(error('bfp.movement.bits', what, 'Give the stored bits of its inputs, weights and outputs.'));
    }
    if (!isKnown(layer, own, machine) && ++solved % TOGETHER === 0) await breathe(job.signal);
    const movement = bestTiling(layer, own, machine);
    if (!movement.ok) return movement;
    found.push(movement.value);
  }
  return ok(found);
}

function bitsOf(bits: BitsOfLayers, name: string): OperandBits | undefined {
  if (typeof bits.inputs === 'number') return bits as OperandBits;
  return Object.hasOwn(bits, name) ? (bits as Record<string, OperandBits>)[name] : undefined;
}

/** Spec of the entry `movement`: layers, or a list or a model of the zoo whose layers are meant. */
export interface MovementSpec {
  /** "resnet18-as-published", "resnet18-corrected", "googlenet-as-published", or a model of the zoo. */
  model?: string;
  layers?: LoopLayer[];
  bits: BitsOfLayers;
  machine: MachineChoice;
}

export interface MovementReport {
  title: string;
  machine: Machine;
  layers: LayerMovement[];
  totals: MovementTotals;
}

export interface MovementTotals {
  layers: number;
  macs: number;
  weights: number;
  dramBits: number;
  sramBits: number;
  movementPj: number;
  computePj: number;
}

/** What the layers of a network move at best on a machine; needs no data and no trained weights. */
export async function movementEntry(spec: MovementSpec, job: Job): Promise<Result<MovementReport>> {
  const machine = resolveMachine(spec.machine);
  if (!machine.ok) return machine;
  const source = await layersFor(spec, job);
  if (!source.ok) return source;
  const { title, layers } = source.value;
  const found = await movementOf(layers, spec.bits, machine.value, job);
  if (!found.ok) return found;
  return ok({ title, machine: machine.value, layers: found.value, totals: totalsOf(found.value) });
}

async function layersFor(
  { model, layers }: MovementSpec,
  job: Job,
): Promise<Result<{ title: string; layers: readonly LoopLayer[] }>> {
  if (layers) return ok({ title: '', layers });
  const list = LISTS.find(({ id }) => id === model);
  if (list) return ok(list);
  if (model === undefined) {
    return fail(error('bfp.movement.model', 'No layers were named.', 'Give "layers", or the name of a "model".'));
  }
  const network = await loadNetwork(model, job);
  return network.ok ? ok({ title: network.value.name, layers: layersOf(network.value) }) : network;
}

export function totalsOf(layers: readonly LayerMovement[]): MovementTotals {
  const totals = { layers: layers.length, macs: 0, weights: 0, dramBits: 0, sramBits: 0, movementPj: 0, computePj: 0 };
  for (const { sizes, repeats, macs, dramBits, sramBits, movementPj, computePj } of layers) {
    totals.macs += macs;
    totals.weights += sizes.f * sizes.c * sizes.w * sizes.h * repeats;
    totals.dramBits += dramBits;
    totals.sramBits += sramBits;
    totals.movementPj += movementPj;
    totals.computePj += computePj;
  }
  return totals;
}
