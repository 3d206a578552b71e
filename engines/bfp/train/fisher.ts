import { breathe } from '../../core/abort.ts';
import { ok, type Result } from '../../core/result.ts';
import type { ElementFiles } from '../../onnx/read-elements.ts';
import type { Model } from '../../onnx/types.ts';
import type { SampleSet } from '../data/types.ts';
import { openPasses } from './digit-networks.ts';
import { softmax } from './loss.ts';

/** Fisher information of one layer's operands, element by element, in nats per squared unit of the element. */
export interface LayerFisher {
  name: string;
  /** rows x rowLength, in the order of `RunLayer.weights`. */
  weights: Float64Array;
  /** Height, width, channels of the layer's input, as it comes through this layer alone. */
  inputs: Float64Array;
}

/**
 * Classes that the network gives less than this are left out of the expectation: what they add is no more than that share
 * of a squared gradient. Ours.
 */
const LEAST_SHARE = 1e-5;

/**
 * The diagonal of the Fisher information: the mean over samples of E[(d log p / d x)^2], the expectation over the classes
 * as the network itself sees them, exactly (no labels, nothing drawn at random). For a trained network it stands for the
 * Hessian's diagonal, so that rounding operands by dx raises the loss by about 1/2 sum of F dx^2 (LeCun, Denker and Solla
 * 1990, "Optimal brain damage"; Dong et al. 2020, "HAWQ-V2").
 *
 * Problems: a network of operators that training does not know.
 */
export async function fisherDiagonal(
  { model, files }: { model: Model; files: ElementFiles },
  samples: Pick<SampleSet, 'samples' | 'count'>,
  signal: AbortSignal,
): Promise<Result<LayerFisher[]>> {
  const opened = await openPasses(model, files);
  if (!opened.ok) return opened;
  const passes = opened.value;
  const { steps, parameters, values } = passes.net;
  const layers = steps.flatMap((step) => {
    if (!('weight' in step)) return [];
    const { height, width, channels } = values[step.input]!;
    const { rows, rowLength } = parameters[step.weight]!;
    const weights = new Float64Array(rows * rowLength);
    return { name: step.name, weight: step.weight, weights, inputs: new Float64Array(height * width * channels) };
  });
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  for (let sample = 0; sample < samples.count; sample++) {
    const outputs = passes.forward(samples.samples(sample, 1));
    const shares = softmax(outputs);
    for (const [label, share] of shares.entries()) {
      if (share < LEAST_SHARE) continue;
      const of = share / samples.count;
      passes.clearGradients();
      const gradient = shares.map((other, at) => other - (at === label ? 1 : 0));
      passes.backward(gradient, (name, slope) => addSquares(byName.get(name)!.inputs, slope, of));
      for (const { weight, weights } of layers) addSquares(weights, passes.gradients[weight]!, of);
    }
    if (sample % 8 === 0) await breathe(signal);
  }
  return ok(layers.map(({ name, weights, inputs }) => ({ name, weights, inputs })));
}

function addSquares(sums: Float64Array, slopes: Float32Array, share: number): void {
  for (let at = 0; at < sums.length; at++) sums[at]! += share * slopes[at]! * slopes[at]!;
}

/**
 * By how much the loss (nats a sample) grows, to second order, when `values` are replaced by `rounded`. Several samples may
 * follow each other: the mean is taken.
 */
export function lossIncrease(fisher: Float64Array, values: ArrayLike<number>, rounded: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    const error = rounded[at]! - values[at]!;
    sum += fisher[at % fisher.length]! * error * error;
  }
  return fisher.length === 0 ? 0 : (0.5 * sum * fisher.length) / values.length;
}
