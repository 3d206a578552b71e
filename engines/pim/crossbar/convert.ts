import { sliceCount, topDigit, topLevel, weightOffset } from './coding.ts';
import type { Coding, Device } from './types.ts';

export interface Converter {
  leastCode: number;
  mostCode: number;
  /** One code, in units of the sums. */
  step: number;
  /** The largest sum that can occur, in units. */
  largestSum: number;
}

/**
 * The converter of an array of `rows`: codes from 0, or for pairs as many below 0 as above. A code is `step` units of the
 * sum, the full scale over the codes, but never less than one unit: sums are whole, and finer codes would only read noise.
 */
export function converterOf(
  rows: number,
  coding: Coding,
  device: Pick<Device, 'adcBits' | 'adcRangePercent'>,
): Converter {
  const largestSum = rows * topLevel(coding) * topDigit(coding);
  const codes = coding.signed === 'pair' ? 2 ** (device.adcBits - 1) - 1 : 2 ** device.adcBits - 1;
  const fullScale = (largestSum * device.adcRangePercent) / 100;
  const step = Math.max(1, fullScale / codes);
  const mostCode = step > 1 ? codes : Math.max(1, Math.round(fullScale));
  return { leastCode: coding.signed === 'pair' ? -mostCode : 0, mostCode, step, largestSum };
}

export interface Conversion {
  code: number;
  clipped: boolean;
}

/** The nearest code, halves to the even one; a sum beyond the last code's half step is clipped. */
export function convert(sum: number, { step, leastCode, mostCode }: Converter): Conversion {
  const code = roundToEven(sum / step);
  if (code < leastCode) return { code: leastCode, clipped: true };
  if (code > mostCode) return { code: mostCode, clipped: true };
  return { code, clipped: false };
}

function roundToEven(value: number): number {
  const near = Math.round(value);
  return near - value === 0.5 && near % 2 !== 0 ? near - 1 : near + 0;
}

/** A sum that only the range limits, not the number of codes. */
export function limit(sum: number, { step, leastCode, mostCode }: Converter): number {
  return Math.min((mostCode + 0.5) * step, Math.max((leastCode - 0.5) * step, sum));
}

/**
 * What a plane adds to each output, in units of the product: slices shifted and added, the offset times the plane's digits
 * taken off (these are counted exactly, in digital), all shifted by the plane's place. `values` by conversion, in units.
 */
export function shiftAndAdd(
  values: ArrayLike<number>,
  digits: readonly number[],
  plane: number,
  coding: Coding,
): number[] {
  const slices = sliceCount(coding);
  const offset = weightOffset(coding) * digits.reduce((sum, digit) => sum + digit, 0);
  const scale = 2 ** (coding.dacBits * plane);
  return Array.from({ length: values.length / slices }, (_, weight) => {
    let sum = 0;
    for (let place = 0; place < slices; place++) {
      sum += values[weight * slices + place]! * 2 ** (coding.cellBits * (slices - 1 - place));
    }
    return scale * (sum - offset);
  });
}
