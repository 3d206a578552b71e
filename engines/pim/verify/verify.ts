import { checkAborted } from '../../core/abort.ts';
import type { Job } from '../../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import { type NumberArray, zeros } from '../../onnx/reference/arrays.ts';
import { combine } from '../../onnx/reference/pointwise.ts';
import { type NetworkNumbers, notComputed, runNetwork } from '../../onnx/reference/run.ts';
import { Op, type Program } from '../program/types.ts';
import type { Mapping } from '../types.ts';
import { type AgWeights, executeProgram } from './execute.ts';
import { drawInput, drawNumbers } from './numbers.ts';
import { agWeights } from './weights.ts';

/** One layer's output as the program computed it, against the reference. */
export interface VerifiedLayer {
  layer: number;
  name: string;
  values: number;
  /** Largest difference, over the largest magnitude of the layer's reference output. NaN: something was never computed. */
  relativeError: number;
  agrees: boolean;
}

export interface Verification {
  agrees: boolean;
  layers: VerifiedLayer[];
  executed: number;
  /** Layers that the program does not compute, whose reference values were put in place for those after them. */
  supplied: string[];
}

/** Float32 immediates (the divisor of a mean) are what the program has to live with; sums themselves are in double. */
const TOLERANCE = 1e-6;
/** Multiply-accumulates of networks that are verified: the reference does them one by one. */
export const MOST_MACS = 2e9;

/**
 * The proof that the compiler is one: runs the instruction stream on random weights and a random input, and the network
 * directly by the definitions of its operators, and compares what each layer puts into global memory.
 */
export async function verifyProgram(
  network: Network,
  mapping: Mapping,
  program: Program,
  job: Pick<Job, 'seed' | 'signal' | 'progress'>,
): Promise<Result<Verification>> {
  const refusal = refuse(network);
  if (refusal) return fail(refusal);
  const drawn = drawNumbers(job.seed);
  // A program without the folded normalisation's shift (the released style has none) is compared with a network without it.
  const numbers: NetworkNumbers = (layer) => {
    const own = drawn(layer);
    const weighted = layer.kind.op === 'conv' || layer.kind.op === 'fc';
    return weighted && program.constants[layer.index]! < 0 ? { ...own, bias: undefined } : own;
  };
  const inputLayers = network.layers.filter(({ kind }) => kind.op === 'input');
  const inputs = inputLayers.map((layer) => drawInput(layer, network, job.seed));
  job.progress(0, 'Running the network directly');
  const reference = runNetwork(network, numbers, inputs);
  checkAborted(job.signal);

  const global = new Float64Array(program.globalElements).fill(Number.NaN);
  placeConstants(network, program, numbers, global);
  const stored = layersReached(program, Op.ST, program.dst);
  const loaded = layersReached(program, Op.LD, program.src1);
  const supplied: string[] = [];
  for (const layer of network.layers) {
    if (!loaded.has(layer.index) || stored.has(layer.index)) continue;
    global.set(arranged(layer, program, reference[layer.index]!), program.regions[layer.index]!);
    if (layer.kind.op !== 'input') supplied.push(layer.name);
  }

  const weights = new Map<number, AgWeights>();
  const executed = await executeProgram(program, {
    weights(ag) {
      const layer = network.layers[mapping.layers[mapping.ags.mapped[ag]!]!.layer]!;
      const held = weights.get(ag) ?? agWeights(mapping, network, numbers(layer), ag);
      weights.set(ag, held);
      return held;
    },
    global,
    layers: network.layers.map(({ index }) => index),
    signal: job.signal,
    progress: (fraction) => job.progress(fraction, 'Executing the program'),
  });
  if (!executed.ok) return executed;

  const layers: VerifiedLayer[] = [];
  for (const layer of network.layers) {
    if (!stored.has(layer.index) || program.regions[layer.index]! < 0) continue;
    layers.push(
      compare(layer, arranged(layer, program, reference[layer.index]!), global, program.regions[layer.index]!),
    );
  }
  const agrees = layers.length > 0 && layers.every((layer) => layer.agrees);
  return ok({ agrees, layers, executed: executed.value.executed, supplied });
}

function refuse(network: Network): Problem | undefined {
  const [first] = notComputed(network);
  if (first) {
    const what = `The program cannot be verified: the reference does not compute layer "${first.layer.name}", since ${first.why}.`;
    return error('not-verifiable', what, 'Verify a network of known operators.');
  }
  const macs = network.layers.reduce((sum, layer) => sum + layer.macs, 0);
  if (macs <= MOST_MACS) return undefined;
  const what = `This network has ${Math.round(macs / 1e6)} million multiply-accumulates, too many to run one by one.`;
  return error(
    'too-large-to-verify',
    what,
    `Verify a network of at most ${MOST_MACS / 1e6} million, such as lenet5 or squeezenet1.1.`,
  );
}

/**
 * Layers whose region is reached by the instructions of a kind, by address: a layer may be done by the instructions of the
 * one before it, and layers that only give a map another shape share its region.
 */
function layersReached({ count, op, regions }: Program, kind: number, address: Int32Array): Set<number> {
  const starts = [...new Set(regions)].filter((at) => at >= 0).sort((a, b) => a - b);
  const reached = new Set<number>();
  for (let at = 0; at < count; at++) {
    if (op[at] !== kind) continue;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= address[at]!) low = middle;
      else high = middle - 1;
    }
    reached.add(starts[low]!);
  }
  return new Set([...regions.keys()].filter((layer) => reached.has(regions[layer]!)));
}

function placeConstants(network: Network, program: Program, numbers: NetworkNumbers, global: Float64Array): void {
  for (const layer of network.layers) {
    const at = program.constants[layer.index]!;
    if (at < 0) continue;
    const { weight, bias, constant } = numbers(layer);
    if (layer.kind.op === 'normalise') {
      if (weight) global.set(weight, at);
      if (bias) global.set(bias, at + (weight?.length ?? 0));
    } else if (layer.kind.op === 'gather') {
      if (weight) global.set(weight, at);
    } else if (bias) global.set(bias, at);
    else if (constant) global.set(arranged(layer, program, stretched(constant, layer.outputShape)), at);
  }
}

/** A layer's values in the order in which the program keeps them. */
function arranged(layer: Layer, program: Program, values: NumberArray): Float64Array {
  return program.rowMajor?.includes(layer.index) ? values.data : pixelMajor(values);
}

/** A constant operand over the whole of the layer's output, which is how programs keep it. */
function stretched(constant: NumberArray, shape: readonly number[]): NumberArray {
  return combine('add', zeros(shape), constant, shape);
}

/** As feature maps lie in global memory: the channels of a pixel together. Other arrays are row-major as they are. */
function pixelMajor({ shape, data }: NumberArray): Float64Array {
  if (shape.length !== 4) return data;
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  const area = height * width;
  const moved = new Float64Array(data.length);
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let pixel = 0; pixel < area; pixel++)
        moved[(n * area + pixel) * channels + c] = data[(n * channels + c) * area + pixel]!;
  return moved;
}

function compare(layer: Layer, wanted: Float64Array, global: Float64Array, at: number): VerifiedLayer {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < wanted.length; i++) {
    const gap = Math.abs(wanted[i]! - global[at + i]!);
    // Math.max keeps NaN: what was never computed must not be lost.
    difference = Math.max(difference, gap);
    scale = Math.max(scale, Math.abs(wanted[i]!));
  }
  const relativeError = difference === 0 ? 0 : difference / scale;
  return {
    layer: layer.index,
    name: layer.name,
    values: wanted.length,
    relativeError,
    agrees: relativeError <= TOLERANCE,
  };
}
