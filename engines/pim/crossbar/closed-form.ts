import { driftFactor } from './cells.ts';
import { heldBits, topLevel, weightOffset, weightRange } from './coding.ts';
import { converterOf } from './convert.ts';
import type { Coding, Device } from './types.ts';

/** Mean square of 0, 1, ... most, all as likely. */
function meanSquare(most: number): number {
  return (most * (2 * most + 1)) / 6;
}

/** Mean square of weights that are uniform from -most to most. */
export function weightSquare(coding: Coding): number {
  const { most } = weightRange(coding);
  return (most * (most + 1)) / 3;
}

/** Mean square of inputs that are uniform over all their values. */
export function inputSquare(coding: Coding): number {
  return meanSquare(2 ** coding.inputBits - 1);
}

/** A digit of a number in base 2^each that is uniform, for every place. The last may have fewer bits. */
function digits(bits: number, each: number): { place: number; most: number; mean: number; square: number }[] {
  return Array.from({ length: Math.ceil(bits / each) }, (_, at) => {
    const most = 2 ** Math.min(each, bits - at * each) - 1;
    return { place: 2 ** (each * at), most, mean: most / 2, square: meanSquare(most) };
  });
}

/** Standard deviations that a converter's range must leave on either side of the mean. */
const CLEAR_OF_ENDS = 5;
/** A step is drowned in noise from this many standard deviations a step on. */
const DROWNED = 0.5;
/** Whole sums fall evenly between codes of so many units. */
const COARSE = 4;

/**
 * Mean squared error of an output of a layer cut into array groups, for uniform weights and inputs, where it has a closed
 * form. With n rows, digits d of the planes, levels l of the slices and conductances g in units of a level, these add up,
 * all independent:
 *
 * - variation, the same at all planes: n E[x^2] sigma^2 E[g^2], over the squares of the slices' places; the reference
 *   column's is in all slices alike, hence over the square of their sum;
 * - read noise, new at every plane: n E[d^2] sigma^2 at the greatest conductance, over the squares of the planes' and
 *   slices' places, the reference column's again over the square of the slices' sum;
 * - a converter's step: step^2 / 12 a conversion (Bennett, "Spectra of Quantized Signals", 1948);
 * - drift, which shrinks all sums alike while the offset that is taken off stays.
 *
 * Undefined where a condition fails: wires that have a resistance; variation beyond 25 %, where conductances reach 0; a range
 * that ends within five standard deviations of a sum's mean; a step that is neither drowned in noise nor both coarse and
 * small beside the spread of the sums (rounding then takes noise away, or whole sums do not fall evenly between codes).
 */
export function closedFormError(
  groups: readonly { rows: number; times: number }[],
  coding: Coding,
  device: Device,
): number | undefined {
  if (device.wireOhm > 0 || device.variationPercent > 25) return undefined;
  const pair = coding.signed === 'pair';
  const kept = driftFactor(device);
  const level = (device.gMaxUs - device.gMinUs) / topLevel(coding);
  const pedestal = device.gMinUs / level;
  const variation = ((device.variationPercent / 100) * kept) ** 2;
  const fluctuation = ((device.readNoisePercent / 100) * (device.gMaxUs / level)) ** 2;

  const slices = digits(heldBits(coding), coding.cellBits).map((slice) => ({
    ...slice,
    // Of the conductances that a conversion reads, but for the reference: one cell, or the two of a pair, of which one holds 0.
    conductance: pedestal ** 2 * (pair ? 2 : 1) + 2 * pedestal * slice.mean + slice.square,
  }));
  const planes = digits(coding.inputBits, coding.dacBits);
  const shared = slices.reduce((sum, { place }) => sum + place, 0) ** 2;

  let error = 0;
  for (const { rows: n, times } of groups) {
    const { step, mostCode } = converterOf(n, coding, device);
    let each = 0;
    for (const slice of slices) {
      each += slice.place ** 2 * n * inputSquare(coding) * variation * slice.conductance;
      for (const plane of planes) {
        const reads = n * plane.square;
        const noise = reads * (variation * (slice.conductance + (pair ? 0 : pedestal ** 2)) + 2 * fluctuation);
        const mean = pair ? 0 : n * plane.mean * slice.mean;
        const spread = Math.sqrt(reads * slice.square - (pair ? 0 : n * (plane.mean * slice.mean) ** 2));
        const step2 = quantised({
          mean: kept * mean,
          spread: kept * spread,
          noise,
          step,
          end: mostCode * step,
          whole: kept === 1,
        });
        if (step2 === undefined) return undefined;
        each += (slice.place * plane.place) ** 2 * (step2 + reads * fluctuation * (pair ? 2 : 1));
      }
    }
    if (!pair) {
      each += shared * n * inputSquare(coding) * variation * pedestal ** 2;
      for (const plane of planes) each += shared * plane.place ** 2 * n * plane.square * fluctuation;
    }
    error += times * each;
  }
  return error + (1 - kept) ** 2 * shrinking(groups, coding);
}

/** The mean squared error that a conversion's rounding adds. Undefined where no closed form holds. */
function quantised(sum: {
  mean: number;
  spread: number;
  noise: number;
  step: number;
  end: number;
  whole: boolean;
}): number | undefined {
  const deviation = Math.sqrt(sum.noise);
  const all = Math.sqrt(sum.spread ** 2 + sum.noise);
  if (sum.mean + CLEAR_OF_ENDS * all > sum.end) return undefined;
  if (sum.step === 1 && sum.noise === 0 && sum.whole) return 0;
  const drowned = deviation >= DROWNED * sum.step;
  const coarse = (sum.step >= COARSE || !sum.whole) && all >= sum.step;
  return drowned || coarse ? sum.step ** 2 / 12 : undefined;
}

/** Mean square of what all conversions of an output together measure: its sum, with the offset that is then taken off. */
function shrinking(groups: readonly { rows: number; times: number }[], coding: Coding): number {
  const rows = groups.reduce((sum, group) => sum + group.rows * group.times, 0);
  const mean = (2 ** coding.inputBits - 1) / 2;
  const square = inputSquare(coding);
  const inputs = rows * (square - mean ** 2) + (rows * mean) ** 2;
  return rows * weightSquare(coding) * square + weightOffset(coding) ** 2 * inputs;
}
