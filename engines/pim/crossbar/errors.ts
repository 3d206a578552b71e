import { math } from '../../core/index.ts';
import { weightRange } from './coding.ts';
import type { Coding } from './types.ts';

export interface ErrorFigures {
  rmsError: number;
  maxError: number;
  signalToNoiseDb?: number;
}

/** How far outputs are from the ideal ones. No signal-to-noise ratio where there is no error or no signal. */
export function errorFigures(outputs: readonly number[], ideal: readonly number[]): ErrorFigures {
  let noise = 0;
  let signal = 0;
  let maxError = 0;
  for (const [at, wanted] of ideal.entries()) {
    const error = outputs[at]! - wanted;
    noise += error * error;
    signal += wanted * wanted;
    maxError = Math.max(maxError, Math.abs(error));
  }
  const rmsError = Math.sqrt(noise / Math.max(1, ideal.length));
  return noise > 0 && signal > 0
    ? { rmsError, maxError, signalToNoiseDb: decibels(signal / noise) }
    : { rmsError, maxError };
}

/** Of a ratio of powers. */
export function decibels(ratio: number): number {
  return 10 * math.log10(ratio);
}

/** Least and greatest output that any weights and inputs of these bits could give over `rows`. */
export function outputRange(rows: number, coding: Coding): { least: number; most: number } {
  const { least, most } = weightRange(coding);
  const input = rows * (2 ** coding.inputBits - 1);
  return { least: least * input + 0, most: most * input };
}

/**
 * Bits of the uniform quantiser over the whole output range whose rms error, step / sqrt(12) (Bennett, 1948), is this one;
 * at most the bits that number every possible output.
 */
export function effectiveBits(rmsError: number, { least, most }: { least: number; most: number }): number {
  const exact = math.log2(most - least + 1);
  return rmsError === 0 ? exact : Math.max(0, Math.min(exact, math.log2((most - least) / (rmsError * Math.sqrt(12)))));
}
