import { createRandom } from '../../core/random.ts';
import type { Layer, Network } from '../../onnx/network.ts';
import { type NumberArray, sizeOf } from '../../onnx/reference/arrays.ts';
import type { LayerNumbers, NetworkNumbers } from '../../onnx/reference/run.ts';

/**
 * Numbers for a network that has none: normally distributed, weights scaled by the square root of their fan-in so that
 * values stay in range through many layers. The same for the same seed; each layer has a stream of its own.
 */
export function drawNumbers(seed: number): NetworkNumbers {
  const kept = new Map<number, LayerNumbers>();
  return (layer) => {
    const known = kept.get(layer.index) ?? draw(layer, seed);
    kept.set(layer.index, known);
    return known;
  };
}

function draw(layer: Layer, seed: number): LayerNumbers {
  const random = createRandom(seed, 2 * layer.index + 1);
  const normal = (count: number, scale: number) => Float64Array.from({ length: count }, () => random.normal() * scale);
  const { kind } = layer;
  const biases = (count: number) => (layer.bias || layer.normalised ? normal(count, 0.5) : undefined);
  switch (kind.op) {
    case 'conv': {
      const fanIn = (kind.kernel[0] * kind.kernel[1] * kind.inputChannels) / kind.groups;
      return {
        weight: normal(kind.outputChannels * fanIn, 1 / Math.sqrt(fanIn)),
        bias: biases(kind.outputChannels),
      };
    }
    case 'fc':
      return { weight: normal(kind.inputs * kind.outputs, 1 / Math.sqrt(kind.inputs)), bias: biases(kind.outputs) };
    case 'normalise': {
      const count = kind.how === 'batch' || kind.how === 'instance' ? layer.outputShape[1]! : layer.outputShape.at(-1)!;
      const has = layer.parameters > 0;
      return {
        weight: has ? normal(count, 1) : undefined,
        bias: has && kind.how !== 'rms' ? normal(count, 0.5) : undefined,
      };
    }
    case 'gather':
      return { weight: normal(kind.table[0] * kind.table[1], 1) };
    case 'eltwise':
      return kind.constant === 'tensor' ? { constant: operand(layer, normal) } : {};
    default:
      return {};
  }
}

/** The constant operand of an element-wise layer: one number a feature, away from 0 so that it can divide. */
function operand(layer: Layer, normal: (count: number, scale: number) => Float64Array): NumberArray {
  const rank = layer.outputShape.length;
  const shape = layer.outputShape.map((size, axis) => (axis === (rank === 4 ? 1 : rank - 1) ? size : 1));
  return { shape, data: normal(sizeOf(shape), 0.3).map((value) => 1 + Math.abs(value)) };
}

/** An input: indices for embeddings, else normally distributed. */
export function drawInput(layer: Layer, network: Network, seed: number): NumberArray {
  const random = createRandom(seed, 2 * layer.index);
  const readers = layer.consumers.map((index) => network.layers[index]!.kind);
  const rows = Math.min(...readers.map((kind) => (kind.op === 'gather' ? kind.table[0] : Number.POSITIVE_INFINITY)));
  const draw = () => (Number.isFinite(rows) ? random.int(rows) : random.normal());
  return { shape: [...layer.outputShape], data: Float64Array.from({ length: sizeOf(layer.outputShape) }, draw) };
}
