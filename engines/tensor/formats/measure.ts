import { log10 } from '../../core/math.ts';
import { largestFinite } from './reference.ts';
import { countSaturated } from './saturation.ts';
import type { FormatError, NumberFormat } from './types.ts';

/** How the numbers of a tensor are spread, before and after they were put into a format. */
export interface Spread {
  /** Bins from -maxAbs to maxAbs, equally wide; numbers beyond count in the outermost. */
  before: number[];
  after: number[];
  maxAbs: number;
}

/** Sums over a tensor; elements that are not finite before or after count only in `notFinite`. */
export interface Sums {
  elements: number;
  squares: number;
  squaredErrors: number;
  maxAbsError: number;
  flushedToZero: number;
  notFinite: number;
}

/** Bins of histograms where nothing else is asked for. */
export const BINS = 48;

export interface Measured {
  sums: Sums;
  spread: Spread;
}

/** Bins a number 1 away from zero is away from the middle. */
export function binsPerUnit(maxAbs: number, bins: number): number {
  return maxAbs === 0 ? 0 : bins / 2 / maxAbs;
}

/**
 * Errors and histograms in one pass: the definition. Sums are doubles in four lanes (element i in lane i mod 4), added
 * (0 + 1) + (2 + 3), which is what SIMD gives.
 */
export function measureReference(
  values: Float32Array,
  quantized: Float32Array,
  bins = BINS,
  maxAbs = largestFinite(values),
): Measured {
  const [squares, errors] = [new Float64Array(4), new Float64Array(4)];
  const spread: Spread = { before: new Array(bins).fill(0), after: new Array(bins).fill(0), maxAbs };
  const perUnit = binsPerUnit(maxAbs, bins);
  const binOf = (v: number) => Math.max(0, Math.min(bins - 1, Math.floor(v * perUnit + bins / 2)));
  let [maxAbsError, flushedToZero, notFinite] = [0, 0, 0];
  for (let i = 0; i < values.length; i += 1) {
    const [x, q] = [values[i]!, quantized[i]!];
    if (!Number.isFinite(x) || !Number.isFinite(q)) {
      notFinite += 1;
      continue;
    }
    spread.before[binOf(x)]! += 1;
    spread.after[binOf(q)]! += 1;
    if (x !== 0 && q === 0) flushedToZero += 1;
    const error = x - q;
    squares[i & 3]! += x * x;
    errors[i & 3]! += error * error;
    maxAbsError = Math.max(maxAbsError, Math.abs(error));
  }
  const total = (lanes: Float64Array) => lanes[0]! + lanes[1]! + (lanes[2]! + lanes[3]!);
  const sums = { squares: total(squares), squaredErrors: total(errors), maxAbsError, flushedToZero, notFinite };
  return { sums: { elements: values.length, ...sums }, spread };
}

/** Figures of a tensor from its sums. `saturated`: elements beyond the largest code of their block. */
export function errorOfSums(sums: Sums, saturated: number): FormatError {
  const counted = sums.elements - sums.notFinite;
  const signalToNoiseDb = signalToNoise(sums.squares, sums.squaredErrors);
  return {
    meanSquaredError: counted === 0 ? 0 : sums.squaredErrors / counted,
    ...(signalToNoiseDb === undefined ? {} : { signalToNoiseDb }),
    maxAbsError: sums.maxAbsError,
    flushedToZero: sums.flushedToZero,
    saturated,
    notFinite: sums.notFinite,
  };
}

/** 10 log10(signal / noise) in dB; undefined where one of the two is zero. */
export function signalToNoise(squares: number, squaredErrors: number): number | undefined {
  return squares === 0 || squaredErrors === 0 ? undefined : 10 * log10(squares / squaredErrors);
}

/** How well the format holds the matrix, whose numbers it turned into `quantized`. Elements that are not finite: apart. */
export function formatError(
  values: Float32Array,
  quantized: Float32Array,
  rowLength: number,
  format: NumberFormat,
): FormatError {
  return errorOfSums(measureReference(values, quantized).sums, countSaturated(values, rowLength, format));
}
