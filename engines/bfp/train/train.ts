import { breathe } from '../../core/abort.ts';
import * as math from '../../core/math.ts';
import { createRandom } from '../../core/random.ts';
import type { Digits } from '../data/digit-file.ts';
import { decodeClasses, pixelsAsFloats } from '../data/digits.ts';
import { Adam, Averaged } from './adam.ts';
import { type Augmentation, augment } from './augment.ts';
import { crossEntropy } from './loss.ts';
import type { Passes, Rounding } from './passes.ts';

export interface Recipe {
  epochs: number;
  /** Samples a step. */
  batch: number;
  /** At its highest: it rises over the first steps and falls along a cosine to 0 at the end. */
  learningRate: number;
  warmupSteps: number;
  weightDecay: number;
  /** Decay of the exponential mean of the weights that is kept in the end. 0: the last weights. */
  averaging: number;
  augmentation: Augmentation;
}

/** How a plan rounds what a network multiplies. */
export interface InFormats {
  weights(parameter: number, weights: Float32Array, used: Float32Array): void;
  values: Rounding;
}

export interface TrainOptions {
  signal: AbortSignal;
  /** Straight-through: numbers are rounded on the way forward, gradients pass as if they were not. */
  formats?: InFormats;
  /** After each epoch, with the mean loss (nats) of its samples. */
  onEpoch?(epoch: number, loss: number): void;
  /** A few times a second. */
  onProgress?(fraction: number): void;
  /** Ends after so many steps, wherever the schedule is: for tests. */
  stopAfterSteps?: number;
}

/** Samples between two looks at the signal. */
const SAMPLES_A_BREATH = 32;

/** Random streams of the order of samples, one an epoch; those of the augmentation follow. */
const ORDER_STREAM = 1_000_000;
const AUGMENT_STREAM = 2_000_000;

/**
 * Trains the weights of `passes` on digits, and leaves them there. The same digits, recipe and seed give the same bits
 * everywhere. Answers with the mean loss of each epoch.
 */
export async function train(
  passes: Passes,
  digits: Digits,
  recipe: Recipe,
  seed: number,
  options: TrainOptions,
): Promise<number[]> {
  const { weights, gradients } = passes;
  const adam = new Adam(passes.net.parameters, recipe.weightDecay);
  const averaged = recipe.averaging > 0 ? new Averaged(weights, recipe.averaging) : undefined;
  const stepsAnEpoch = Math.ceil(digits.count / recipe.batch);
  const lastStep = Math.min(stepsAnEpoch * recipe.epochs, options.stopAfterSteps ?? Number.POSITIVE_INFINITY);
  const sample = new Float32Array(digits.side * digits.side);
  const losses: number[] = [];
  const places = Array.from({ length: digits.count }, (_, place) => place);
  passes.weightsChanged(options.formats?.weights);
  for (let epoch = 0, step = 0, sinceBreath = 0; step < lastStep; epoch++) {
    const order = createRandom(seed, ORDER_STREAM + epoch).shuffle(places);
    let [lossSum, seen] = [0, 0];
    for (let start = 0; start < order.length && step < lastStep; start += recipe.batch, step++) {
      const batch = order.slice(start, start + recipe.batch);
      passes.clearGradients();
      for (const place of batch) {
        const random = createRandom(seed, AUGMENT_STREAM + epoch * digits.count + place);
        augment(digitAt(digits, place), recipe.augmentation, random, sample);
        const outputs = passes.forward(sample, options.formats?.values);
        const { loss, gradient } = crossEntropy(outputs, digits.labels[place]!, 1 / batch.length);
        passes.backward(gradient);
        lossSum += loss;
        if (++sinceBreath % SAMPLES_A_BREATH === 0) await breathe(options.signal);
      }
      seen += batch.length;
      adam.step(weights, gradients, rateAt(step, stepsAnEpoch * recipe.epochs, recipe));
      averaged?.add(weights);
      passes.weightsChanged(options.formats?.weights);
      options.onProgress?.((step + 1) / lastStep);
    }
    losses.push(lossSum / seen);
    options.onEpoch?.(epoch, lossSum / seen);
  }
  if (averaged) {
    for (const [index, mean] of averaged.weights.entries()) weights[index]!.set(mean);
    passes.weightsChanged(options.formats?.weights);
  }
  return losses;
}

function rateAt(step: number, steps: number, { learningRate, warmupSteps }: Recipe): number {
  const rising = Math.min(1, (step + 1) / Math.max(1, warmupSteps));
  return learningRate * rising * 0.5 * (1 + math.cos((Math.PI * step) / steps));
}

function digitAt({ pixels, side }: Digits, place: number): { pixels: Uint8Array; side: number } {
  return { pixels: pixels.subarray(place * side * side, (place + 1) * side * side), side };
}

/** How many of the digits the network of `passes` says right. */
export async function countRight(
  passes: Passes,
  digits: Digits,
  signal: AbortSignal,
  formats?: InFormats,
): Promise<number> {
  let right = 0;
  for (let place = 0; place < digits.count; place++) {
    const outputs = passes.forward(pixelsAsFloats(digits, place, 1), formats?.values);
    if (decodeClasses(outputs, 1)[0]!.what === digits.labels[place]) right++;
    if (place % SAMPLES_A_BREATH === 0) await breathe(signal);
  }
  return right;
}
