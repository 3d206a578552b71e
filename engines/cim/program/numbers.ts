import { log2 } from '../../core/math.ts';
import { createRandom } from '../../core/random.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import type { CimHardware } from '../hardware.ts';
import type { Values } from './vector-unit.ts';

/** What a run is made of: weights and inputs of every layer that has them, and the shift of its sums. */
export interface Numbers {
  /** By layer: outputs x inner, each group's outputs together. Only of layers with weights of their own. */
  weights: (Values | undefined)[];
  /** By layer: of inputs. */
  inputs: (Values | undefined)[];
  /** By layer: bits that its sums are shifted by. */
  shifts: number[];
  /** Largest activation. */
  most: number;
}

/** Random whole numbers over the whole range of the weights' and activations' bits; the same for the same seed. */
export function makeNumbers({ layers }: Network, { weightBits, activationBits }: CimHardware, seed: number): Numbers {
  const mostWeight = 2 ** (weightBits - 1) - 1;
  const most = 2 ** (activationBits - 1) - 1;
  const filled = (length: number, bound: number, stream: number) => {
    const random = createRandom(seed, stream);
    random.bits();
    return Int32Array.from({ length }, () => random.int(2 * bound + 1) - bound);
  };
  const numbers: Numbers = { weights: [], inputs: [], shifts: [], most };
  for (const layer of layers) {
    const { index, kind, outputShape } = layer;
    const size = outputShape.reduce((all, each) => all * each, 1);
    const [outputs, inner] = weightSize(layer);
    numbers.weights.push(outputs * inner > 0 ? filled(outputs * inner, mostWeight, 2 * index) : undefined);
    numbers.inputs.push(kind.op === 'input' ? filled(size, most, 2 * index + 1) : undefined);
    const depth = kind.op === 'matmul' ? kind.inner : inner;
    const bound = kind.op === 'matmul' ? most : mostWeight;
    // Sums of random signs grow with the root of their number: so the largest stay in range, and few are clipped.
    numbers.shifts.push(depth > 0 ? Math.max(0, Math.round(log2(Math.sqrt(depth) * bound * 0.5))) : 0);
  }
  return numbers;
}

/** Outputs and inputs of each of a layer's weights. */
export function weightSize({ kind }: Layer): [outputs: number, inner: number] {
  if (kind.op === 'conv') {
    return [kind.outputChannels, (kind.kernel[0] * kind.kernel[1] * kind.inputChannels) / kind.groups];
  }
  return kind.op === 'fc' ? [kind.outputs, kind.inputs] : [0, 0];
}
