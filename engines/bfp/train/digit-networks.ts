import { ok, type Result } from '../../core/result.ts';
import type { ElementFiles } from '../../onnx/read-elements.ts';
import type { Model } from '../../onnx/types.ts';
import { writeModel } from '../../onnx/write.ts';
import { buildZooModel, findZooModel } from '../../onnx/zoo/index.ts';
import type { Digits } from '../data/digit-file.ts';
import { initialWeights } from './initial.ts';
import { netOf, readParameters, withParameters } from './net.ts';
import { createPasses, type Passes } from './passes.ts';
import { type Recipe, type TrainOptions, train } from './train.ts';

export type DigitNetwork = 'digits-cnn' | 'digits-resnet';

/** Of the split of the digits, of the first weights, of the order of samples, and of how they are bent. */
export const SEED = 20_261_122;

const COMMON = {
  batch: 32,
  warmupSteps: 200,
  weightDecay: 0.01,
  averaging: 0.998,
  augmentation: { rotation: 12, scale: 0.12, shear: 0.12, shift: 2, elastic: 0.9 },
};

/** How the committed weights were trained. Chosen on the search digits. */
export const RECIPES: Record<DigitNetwork, Recipe> = {
  'digits-cnn': { ...COMMON, epochs: 30, learningRate: 2e-3 },
  'digits-resnet': { ...COMMON, epochs: 24, learningRate: 2e-3 },
};

export interface Trained {
  /** The ONNX file, weights inside. */
  onnx: Uint8Array;
  lossByEpoch: number[];
  passes: Passes;
}

/** Trains a digit network from its first weights. */
export async function trainDigitNetwork(
  id: DigitNetwork,
  digits: Digits,
  recipe: Recipe,
  seed: number,
  options: TrainOptions,
): Promise<Result<Trained>> {
  const found = findZooModel(id);
  if (!found.ok) return found;
  const built = buildZooModel(found.value);
  if (!built.ok) return built;
  const { model } = built.value;
  const net = netOf(model);
  if (!net.ok) return net;
  const passes = await createPasses(net.value);
  const { parameters } = net.value;
  for (const [index, initial] of initialWeights(net.value, seed).entries()) passes.weights[index]!.set(initial);
  const lossByEpoch = await train(passes, digits, recipe, seed, options);
  return ok({ onnx: writeModel(withParameters(model, parameters, passes.weights)), lossByEpoch, passes });
}

/** A model with its weights, ready to go forward and backward. Fails where it has operators that training does not know. */
export async function openPasses(model: Model, files: ElementFiles): Promise<Result<Passes>> {
  const net = netOf(model);
  if (!net.ok) return net;
  const read = await readParameters(model, net.value.parameters, files);
  if (!read.ok) return read;
  const passes = await createPasses(net.value);
  for (const [index, elements] of read.value.entries()) passes.weights[index]!.set(elements);
  passes.weightsChanged();
  return ok(passes);
}
