import type { Parameter } from './net.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam with decoupled weight decay on weights, not on biases (Loshchilov and Hutter 2019, "Decoupled weight decay
 * regularization"). Moments are kept as doubles.
 */
export class Adam {
  readonly #parameters: readonly Parameter[];
  readonly #weightDecay: number;
  readonly #means: Float64Array[];
  readonly #squares: Float64Array[];
  #bias1 = 1;
  #bias2 = 1;

  constructor(parameters: readonly Parameter[], weightDecay: number) {
    this.#parameters = parameters;
    this.#weightDecay = weightDecay;
    const zeros = (): Float64Array[] => parameters.map(({ rows, rowLength }) => new Float64Array(rows * rowLength));
    this.#means = zeros();
    this.#squares = zeros();
  }

  /** One step down the gradients. */
  step(weights: readonly Float32Array[], gradients: readonly Float32Array[], learningRate: number): void {
    this.#bias1 *= BETA1;
    this.#bias2 *= BETA2;
    const rate = learningRate / (1 - this.#bias1);
    for (const [index, { kind }] of this.#parameters.entries()) {
      const [mean, square, weight, gradient] = [
        this.#means[index]!,
        this.#squares[index]!,
        weights[index]!,
        gradients[index]!,
      ];
      const keep = kind === 'weight' ? 1 - learningRate * this.#weightDecay : 1;
      for (let at = 0; at < weight.length; at++) {
        const slope = gradient[at]!;
        const m = BETA1 * mean[at]! + (1 - BETA1) * slope;
        const v = BETA2 * square[at]! + (1 - BETA2) * slope * slope;
        mean[at] = m;
        square[at] = v;
        weight[at] = keep * weight[at]! - (rate * m) / (Math.sqrt(v / (1 - this.#bias2)) + EPSILON);
      }
    }
  }
}

/** Exponential mean of the weights over the steps (Polyak averaging), which ends nearer to the middle of a valley. */
export class Averaged {
  readonly weights: Float64Array[];
  readonly #decay: number;
  #steps = 0;

  constructor(weights: readonly Float32Array[], decay: number) {
    this.weights = weights.map((of) => Float64Array.from(of));
    this.#decay = decay;
  }

  add(weights: readonly Float32Array[]): void {
    this.#steps++;
    // Short at first, so that the start is forgotten.
    const decay = Math.min(this.#decay, this.#steps / (this.#steps + 9));
    for (const [index, mean] of this.weights.entries()) {
      const now = weights[index]!;
      for (let at = 0; at < mean.length; at++) mean[at] = decay * mean[at]! + (1 - decay) * now[at]!;
    }
  }
}
