import type { KernelParameters, NumberFormat } from '../../tensor/formats/index.ts';
import { blockOf, kernelParameters, lineLength, quantizeReference } from '../../tensor/formats/index.ts';
import type { Memory } from './program.ts';
import type { LayerFormats, RunLayer } from './types.ts';

/** A format as one operand of one layer takes it. */
export interface Applied {
  format: NumberFormat;
  /** Undefined: only the reference knows the format. */
  parameters: KernelParameters | undefined;
  line: number;
  /** Whether samples must be taken one by one, so that no scale and no draw depends on others. */
  bySample: boolean;
  seed: number;
}

/** Undefined for float32, which changes nothing. `lineElements`: elements of a whole line, `channels` of one place of it. */
export function apply(
  format: NumberFormat | undefined,
  channels: number,
  lineElements: number,
  seed: number,
): Applied | undefined {
  if (!format || format.kind === 'float32') return undefined;
  const block = blockOf(format);
  const parameters = kernelParameters(format);
  const draws = 'rounding' in format && format.rounding === 'stochastic';
  return {
    format,
    parameters,
    line: lineLength(channels, lineElements, block),
    bySample: draws || format.kind === 'nvfp4' || block === 'tensor' || Array.isArray(block),
    // Without draws a seed changes nothing, and weights stay as they are.
    seed: draws ? seed : 0,
  };
}

/** Puts `count` numbers at `from` into the format, to `to` (which may be the same). */
export function quantize(memory: Memory, applied: Applied, from: number, to: number, count: number): void {
  const { format, parameters, line, seed } = applied;
  const { kernel } = memory;
  if (parameters && kernel.quantizeTiles) {
    const { blockRows, block, family, mantissaBits, exponentBits, rounding } = parameters;
    kernel.quantizeTiles(
      from,
      to,
      count / line,
      line,
      blockRows,
      block,
      family,
      mantissaBits,
      exponentBits,
      rounding,
      seed,
      0,
    );
    return;
  }
  const values = memory.floats.slice(from / 4, from / 4 + count);
  memory.floats.set(quantizeReference(values, line, format, seed), to / 4);
}

/** The same for a batch of samples that lie one after the other. */
export function quantizeSamples(
  memory: Memory,
  applied: Applied,
  from: number,
  to: number,
  count: number,
  samples: number,
): void {
  if (!applied.bySample) {
    quantize(memory, applied, from, to, count);
    return;
  }
  const each = count / samples;
  for (let at = 0; at < count; at += each) quantize(memory, applied, from + 4 * at, to + 4 * at, each);
}

/** What a layer's weights become in memory. */
export type Packing = { how: 'panels'; groups: number } | { how: 'depthwise' };

/** A layer with learned weights: as all programs of a runner share it. */
export class LearnedLayer {
  readonly layer: RunLayer;
  readonly panelsAt: number;
  readonly biasAt: number;
  inputs: Applied | undefined;
  outputs: Applied | undefined;
  readonly #packing: Packing;
  readonly #memory: Memory;
  #packed = '';

  constructor(memory: Memory, layer: RunLayer, bias: Float32Array, packing: Packing) {
    this.#memory = memory;
    this.layer = layer;
    this.#packing = packing;
    const { rows, rowLength } = layer;
    if (packing.how === 'depthwise') {
      this.panelsAt = memory.take(4 * rows * rowLength);
      this.biasAt = memory.takeFloats(bias);
      return;
    }
    const each = rows / packing.groups;
    const padded = 8 * Math.ceil(each / 8);
    this.panelsAt = memory.take(4 * packing.groups * padded * rowLength);
    const biases = new Float32Array(packing.groups * padded);
    for (let group = 0; group < packing.groups; group += 1) {
      biases.set(bias.subarray(group * each, (group + 1) * each), group * padded);
    }
    this.biasAt = memory.takeFloats(biases);
  }

  /** Puts weights into their format and in place, where they are not so already. `scratch` holds them all. */
  setFormats(formats: LayerFormats | undefined, seed: number, scratch: number): void {
    const { channels, rowLength, inputShape, outputShape } = this.layer;
    const line = (shape: readonly number[]) => shape.at(-1)! * (shape.length === 4 ? shape[2]! : 1);
    this.inputs = apply(formats?.inputs, inputShape.at(-1)!, line(inputShape), seed + 1);
    this.outputs = apply(formats?.outputs, outputShape.at(-1)!, line(outputShape), seed + 2);
    const weights = apply(formats?.weights, channels, rowLength, seed);
    const key = weights ? JSON.stringify([weights.format, weights.seed]) : 'float32';
    if (key === this.#packed) return;
    this.#packed = key;
    this.#memory.floats.set(this.layer.weights, scratch / 4);
    if (weights) quantize(this.#memory, weights, scratch, scratch, this.layer.weights.length);
    this.#pack(scratch);
  }

  #pack(from: number): void {
    const { rows, rowLength } = this.layer;
    const { kernel } = this.#memory;
    if (this.#packing.how === 'depthwise') {
      kernel.copy(from, this.panelsAt, 1, rowLength, rows, 0, 1, rowLength, 0, rows, 1);
      return;
    }
    const { groups } = this.#packing;
    const each = rows / groups;
    const panels = Math.ceil(each / 8);
    for (let group = 0; group < groups; group += 1) {
      const to = this.panelsAt + 32 * group * panels * rowLength;
      kernel.packPanels(from + 4 * group * each * rowLength, to, each, rowLength, rowLength, 1);
    }
  }
}
