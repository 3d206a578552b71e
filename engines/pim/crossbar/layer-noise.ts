import type { Hardware } from '../hardware.ts';
import type { MappedLayer } from '../types.ts';
import { closedFormError, inputSquare, weightSquare } from './closed-form.ts';
import { sliceCount } from './coding.ts';
import { drawInputs, drawWeights } from './draw.ts';
import { decibels } from './errors.ts';
import { multiply } from './product.ts';
import type { Coding, Device } from './types.ts';

/** What of the bench's settings is no part of the chip's description. */
export type NoiseSettings = Omit<Device, 'adcBits'>;

export interface LayerNoise {
  /** Power of the layer's outputs over that of their error. Missing where there is no error. */
  signalToNoiseDb?: number;
  method: 'exact' | 'closed-form' | 'sampled';
}

/** What decides a layer's noise. */
export type LayerGeometry = Pick<MappedLayer, 'height' | 'width' | 'weightBits' | 'activationBits'>;

/**
 * Signal-to-noise ratio of a mapped layer's outputs on a chip, by the model of the single crossbar: every array group adds
 * its error to the sum over the layer's rows. Weights and inputs are uniform over their whole range, weights with mean 0;
 * biases and activations come after. `known` keeps results by geometry, for a network of many equal layers.
 *
 * By closed form where its conditions hold (`closedFormError`), else sampled: whole arrays with weights and inputs of a
 * fixed seed, so that equal layers get equal figures.
 */
export function layerSignalToNoise(
  layer: LayerGeometry,
  hardware: Hardware,
  settings: NoiseSettings,
  known = new Map<string, LayerNoise>(),
): LayerNoise {
  const { height, width, weightBits, activationBits } = layer;
  const key = [height, width, weightBits, activationBits].join();
  const found = known.get(key) ?? compute(layer, hardware, settings);
  known.set(key, found);
  return found;
}

function compute(layer: LayerGeometry, { crossbar }: Hardware, settings: NoiseSettings): LayerNoise {
  const weightBits = Math.max(2, layer.weightBits);
  const { rows, signed } = crossbar;
  const coding: Coding = {
    weightBits,
    inputBits: layer.activationBits,
    // A logical cell holds a whole signed weight.
    cellBits: crossbar.cells === 'logical' ? weightBits : crossbar.cellBits,
    dacBits: Math.min(crossbar.dacBits, layer.activationBits),
    signed,
  };
  const device: Device = { ...settings, adcBits: Math.max(signed === 'pair' ? 2 : 1, crossbar.adcBits) };
  const groups = groupsOf(layer.height, rows);
  const signal = layer.height * weightSquare(coding) * inputSquare(coding);
  const closed = closedFormError(groups, coding, device);
  const error =
    closed ?? sampledError(groups, Math.min(layer.width, weightsAcross(crossbar.columns, coding)), coding, device);
  if (error === 0) return { method: 'exact' };
  return { signalToNoiseDb: decibels(signal / error), method: closed === undefined ? 'sampled' : 'closed-form' };
}

/** Array groups of the same height. */
export interface Groups {
  rows: number;
  times: number;
}

/** Full ones and the rest. */
function groupsOf(height: number, rows: number): Groups[] {
  return [
    { rows, times: Math.floor(height / rows) },
    { rows: height % rows, times: 1 },
  ].filter((group) => group.rows > 0 && group.times > 0);
}

/** Weights that an array holds side by side, its reference column taken off. */
function weightsAcross(columns: number, coding: Coding): number {
  const each = sliceCount(coding) * (coding.signed === 'pair' ? 2 : 1);
  return Math.max(1, Math.floor((columns - (coding.signed === 'offset' ? 1 : 0)) / each));
}

/** With perfect wires columns have nothing to do with each other, and some of them, in several arrays, stand for all. */
const SAMPLE = { arrays: 8, products: 2, weights: 16 };
/** With wires a whole array is one sample: what they do depends on the place in it. */
const WIRED_SAMPLE = { arrays: 1, products: 1, weights: Number.POSITIVE_INFINITY };
/** Of node voltages, far below what a converter tells apart. */
const WIRED_TOLERANCE = 1e-6;

/**
 * Mean squared error of an output, from sampled arrays of each height: what differs from output to output adds by its
 * variance over the array groups, what all have in common by its mean.
 */
function sampledError(groups: readonly Groups[], across: number, coding: Coding, device: Device): number {
  const size = device.wireOhm > 0 ? WIRED_SAMPLE : SAMPLE;
  const columns = Math.min(across, size.weights);
  let variance = 0;
  let common = 0;
  for (const { rows, times } of groups) {
    const errors: number[] = [];
    for (let array = 0; array < size.arrays; array++) {
      const weights = drawWeights(rows, columns, 'uniform', coding, array);
      for (let product = 0; product < size.products; product++) {
        const inputs = drawInputs(rows, coding.inputBits, array * size.products + product);
        const { outputs, ideal } = multiply(weights, inputs, coding, device, array, { tolerance: WIRED_TOLERANCE });
        for (const [at, output] of outputs.entries()) errors.push(output - ideal[at]!);
      }
    }
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    variance += (times * errors.reduce((sum, error) => sum + (error - mean) ** 2, 0)) / errors.length;
    common += times * mean;
  }
  return variance + common * common;
}
