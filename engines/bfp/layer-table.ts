import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import type { LayerFormats, Plan, RunLayer, Runner } from '../onnx/run/types.ts';
import { blockOf, lineLength, loadQuantizer, storedBits } from '../tensor/formats/index.ts';
import type { NumberFormat, StoredBits } from '../tensor/formats/types.ts';
import { signalToNoiseDb } from './measure.ts';
import { bestTiling } from './movement/best.ts';
import { layersOf } from './movement/layers.ts';
import type { LayerMovement, Machine, OperandBits } from './movement/types.ts';
import type { BfpLayer } from './types.ts';

/** The network's own output stays float32: nobody reads it in a format. */
export const OUTPUT_BITS = 32;
const BINS = 48;

/** Stored bits of a layer's weights, blocks cut by the rule of `engines/onnx/run/types.ts`. */
export function weightBits({ rows, rowLength, channels }: RunLayer, format: NumberFormat): StoredBits {
  const line = lineLength(channels, rowLength, blockOf(format));
  return storedBits((rows * rowLength) / line, line, format);
}

/** Stored bits of an activation of one sample, channels last. */
export function activationBits(shape: readonly number[], format: NumberFormat): StoredBits {
  const elements = shape.reduce((product, size) => product * size, 1);
  const line = activationLine(shape, format);
  return storedBits(elements / line, line, format);
}

/** Elements of a row of an activation: its channels, or where those are few a line of the image. */
export function activationLine(shape: readonly number[], format: NumberFormat): number {
  const channels = shape[shape.length - 1] ?? 1;
  const width = shape.length === 4 ? shape[2]! : 1;
  return lineLength(channels, width * channels, blockOf(format));
}

/** Bits per value of a layer's operands; its output's are those of the widest reader, unless the plan says them. */
export function operandBits(layer: RunLayer, plan: Plan, layers: ReadonlyMap<string, RunLayer>): OperandBits {
  const { weights, inputs, outputs } = formatsOf(plan, layer);
  const readers = layer.consumers.map((name) => layers.get(name)!);
  const read = readers.map((reader) => activationBits(reader.inputShape, formatsOf(plan, reader).inputs).perElement);
  return {
    weights: weightBits(layer, weights).perElement,
    inputs: activationBits(layer.inputShape, inputs).perElement,
    outputs: outputs
      ? activationBits(layer.outputShape, outputs).perElement
      : read.length > 0
        ? Math.max(...read)
        : OUTPUT_BITS,
  };
}

const FLOAT: LayerFormats = { weights: { kind: 'float32' }, inputs: { kind: 'float32' } };

function formatsOf(plan: Plan, { name }: RunLayer): LayerFormats {
  return plan[name] ?? FLOAT;
}

/** What a plan stores, moves and costs, layer by layer. Problems: a machine that does not hold the smallest tile. */
export async function costLayers(
  layers: readonly RunLayer[],
  plan: Plan,
  machine: Machine,
  signal: AbortSignal,
): Promise<Result<{ bits: OperandBits; movement: LayerMovement }[]>> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const costs: { bits: OperandBits; movement: LayerMovement }[] = [];
  for (const layer of layers) {
    const bits = operandBits(layer, plan, byName);
    const movement = bestTiling(layersOf([layer])[0]!, bits, machine);
    if (!movement.ok) return movement;
    costs.push({ bits, movement: movement.value });
    await breathe(signal);
  }
  return ok(costs);
}

export interface Totals {
  averageWeightBits: number;
  averageActivationBits: number;
  weightBytes: number;
  dataMovementBits: number;
  movementEnergyPj: number;
  computeEnergyPj: number;
}

/** Sums over the layers; averages are over values, all layers counted alike. */
export function totalsOf(
  layers: readonly RunLayer[],
  costs: readonly { bits: OperandBits; movement: LayerMovement }[],
): Totals {
  let [weights, weightBitsInAll, inputs, inputBits] = [0, 0, 0, 0];
  const totals = { dataMovementBits: 0, movementEnergyPj: 0, computeEnergyPj: 0 };
  for (const [index, layer] of layers.entries()) {
    const { bits, movement } = costs[index]!;
    const values = layer.inputShape.reduce((product, size) => product * size, 1);
    weights += layer.weights.length;
    weightBitsInAll += layer.weights.length * bits.weights;
    inputs += values;
    inputBits += values * bits.inputs;
    totals.dataMovementBits += movement.dramBits;
    totals.movementEnergyPj += movement.movementPj;
    totals.computeEnergyPj += movement.computePj;
  }
  return {
    averageWeightBits: weights === 0 ? 0 : weightBitsInAll / weights,
    averageActivationBits: inputs === 0 ? 0 : inputBits / inputs,
    weightBytes: weightBitsInAll / 8,
    ...totals,
  };
}

/** The list of layers, with what the weights lose in their formats. `costs` in the order of the layers. */
export async function layerTable(
  { layers }: Runner,
  plan: Plan,
  costs: readonly { bits: OperandBits; movement: LayerMovement }[],
  job: Pick<Job, 'signal' | 'seed'>,
): Promise<BfpLayer[]> {
  const quantizer = await loadQuantizer();
  const table: BfpLayer[] = [];
  for (const [index, layer] of layers.entries()) {
    const formats = formatsOf(plan, layer);
    const { bits, movement } = costs[index]!;
    const line = lineLength(layer.channels, layer.rowLength, blockOf(formats.weights));
    const quantized = quantizer.rows(layer.weights, line, formats.weights, job.seed);
    const weightSignalToNoiseDb = signalToNoiseDb(errorEnergy(layer.weights, quantized));
    table.push({
      name: layer.name,
      op: layer.op,
      weightShape: layer.weightShape,
      parameters: layer.weights.length,
      macs: layer.macs,
      formats,
      weightBits: bits.weights,
      inputBits: bits.inputs,
      outputBits: bits.outputs,
      ...(weightSignalToNoiseDb !== undefined && { weightSignalToNoiseDb }),
      histogram: histogramOf(layer.weights),
      movement,
    });
    await breathe(job.signal);
  }
  return table;
}

/** Sums of (b - a)^2 and a^2. */
export function errorEnergy(a: Float32Array, b: Float32Array): { noise: number; signal: number } {
  let [noise, signal] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const difference = b[i]! - a[i]!;
    noise += difference * difference;
    signal += a[i]! * a[i]!;
  }
  return { noise, signal };
}

function histogramOf(values: Float32Array): BfpLayer['histogram'] {
  let maxAbs = 0;
  for (const value of values) maxAbs = Math.max(maxAbs, Math.abs(value));
  const counts = new Array<number>(BINS).fill(0);
  if (maxAbs === 0) return { counts, maxAbs };
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((value / maxAbs + 1) / 2) * BINS));
    counts[bin]! += 1;
  }
  return { counts, maxAbs };
}

/**
 * Output signal to noise of every layer in a network that runs by a plan, against float32, over a few samples: what earlier
 * layers lost counts too.
 */
export async function layerNoise(
  runner: Runner,
  plan: Plan,
  samples: Float32Array,
  count: number,
  job: Pick<Job, 'signal' | 'seed'>,
): Promise<Map<string, number | undefined>> {
  const reference = new Map<string, Float32Array>();
  const energy = new Map<string, { noise: number; signal: number }>();
  const size = samples.length / count;
  for (let sample = 0; sample < count; sample++) {
    const one = samples.subarray(sample * size, (sample + 1) * size);
    runner.setPlan({}, job.seed);
    runner.run(one, 1, (layer, what, values) => {
      if (what === 'output') reference.set(layer.name, values.slice());
    });
    runner.setPlan(plan, job.seed);
    runner.run(one, 1, (layer, what, values) => {
      if (what !== 'output') return;
      const { noise, signal } = errorEnergy(reference.get(layer.name)!, values);
      const sum = energy.get(layer.name) ?? { noise: 0, signal: 0 };
      energy.set(layer.name, { noise: sum.noise + noise, signal: sum.signal + signal });
    });
    await breathe(job.signal);
  }
  return new Map([...energy].map(([name, sums]) => [name, signalToNoiseDb(sums)]));
}
