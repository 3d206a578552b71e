import { math } from '../../core/index.ts';

/**
 * Outputs as distributions over the last axis, in square roots: what the distance of two of them is a plain sum of squares
 * of. Outputs that are distributions already (none negative, each line sums to 1) stay as they are; others are taken as
 * logits, softened so that samples far from a border between classes say something too.
 */
export interface Distributions {
  roots: Float64Array;
  /** Lines: samples, or characters of samples. */
  lines: number;
}

export interface Reading {
  width: number;
  /** What logits are divided by; 0: the outputs are distributions. */
  temperature: number;
}

/** Gap between the two largest logits of a line, on average, once softened. Ours. */
const SOFT_GAP = 4;

/** How outputs of float32 are to be read, and those of plans with them. */
export function readingOf(outputs: Float32Array, width: number): Reading {
  const lines = outputs.length / width;
  let isDistribution = lines > 0;
  let gaps = 0;
  for (let start = 0; start < outputs.length; start += width) {
    let [sum, first, second] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = start; i < start + width; i++) {
      const value = outputs[i]!;
      sum += value;
      if (value < 0) isDistribution = false;
      if (value > first) [first, second] = [value, first];
      else if (value > second) second = value;
    }
    if (Math.abs(sum - 1) > 1e-3) isDistribution = false;
    if (width > 1) gaps += first - second;
  }
  return { width, temperature: isDistribution ? 0 : Math.max(1, gaps / Math.max(1, lines) / SOFT_GAP) };
}

export function distributionsOf(outputs: Float32Array, { width, temperature }: Reading): Distributions {
  const roots = new Float64Array(outputs.length);
  for (let start = 0; start < outputs.length; start += width) {
    const end = start + width;
    if (temperature === 0) {
      for (let i = start; i < end; i++) roots[i] = Math.sqrt(Math.max(0, outputs[i]!));
      continue;
    }
    let most = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) most = Math.max(most, outputs[i]!);
    let sum = 0;
    for (let i = start; i < end; i++) {
      roots[i] = math.exp((outputs[i]! - most) / temperature);
      sum += roots[i]!;
    }
    for (let i = start; i < end; i++) roots[i] = Math.sqrt(roots[i]! / sum);
  }
  return { roots, lines: outputs.length / width };
}

/**
 * Sum over all lines of sum (sqrt p - sqrt q)^2: twice the squared Hellinger distance, 0 to 2 a line, and to first order
 * half the Kullback-Leibler divergence. What distances between logits count that no answer depends on, it does not.
 */
export function distanceBetween(one: Distributions, other: Distributions): number {
  let sum = 0;
  for (let i = 0; i < one.roots.length; i++) {
    const difference = one.roots[i]! - other.roots[i]!;
    sum += difference * difference;
  }
  return sum;
}
