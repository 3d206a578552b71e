import type { Layer, Network } from '../../onnx/network.ts';
import type { LayerNumbers } from '../../onnx/reference/run.ts';
import type { MappedLayer, Mapping } from '../types.ts';
import type { AgWeights } from './execute.ts';

/**
 * The matrix that an array group holds, taken from the layer's own weights by the rule of `partition` (rows by kernel
 * position, then channel; grouped convolutions block-diagonally), independently of the schedulers.
 */
export function agWeights(mapping: Mapping, network: Network, numbers: LayerNumbers, ag: number): AgWeights {
  const { ags } = mapping;
  const mapped = mapping.layers[ags.mapped[ag]!]!;
  const layer = network.layers[mapped.layer]!;
  const [rowStart, rowEnd] = [ags.rowStart[ag]!, ags.rowEnd[ag]!];
  const [columnStart, columnEnd] = [ags.columnStart[ag]!, ags.columnEnd[ag]!];
  const [rows, columns] = [rowEnd - rowStart, columnEnd - columnStart];
  const values = new Float64Array(rows * columns);
  const at =
    layer.kind.op === 'fc' ? fcWeight(layer, network, numbers.weight!) : convWeight(layer, mapped, numbers.weight!);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = at(rowStart + row, columnStart + column);
    }
  }
  return { rows, columns, values };
}

type WeightAt = (row: number, column: number) => number;

function convWeight({ kind }: Layer, mapped: MappedLayer, weight: Float64Array): WeightAt {
  if (kind.op !== 'conv') throw new Error('Not a convolution.');
  const [kernelHeight, kernelWidth] = kind.kernel;
  const kernel = kernelHeight * kernelWidth;
  const perGroup = kind.inputChannels / kind.groups;
  const outputsPerGroup = kind.outputChannels / kind.groups;
  const value = (o: number, channel: number, position: number) => {
    const inside = channel - Math.floor(o / outputsPerGroup) * perGroup;
    return inside < 0 || inside >= perGroup ? 0 : weight[(o * perGroup + inside) * kernel + position]!;
  };
  if (mapped.groups > 1) {
    return (row, column) => {
      const block = Math.floor(row / mapped.height);
      const groupsHere = Math.min(mapped.packed, mapped.groups - block * mapped.packed);
      const within = row - block * mapped.height;
      const channels = groupsHere * perGroup;
      const channel = block * mapped.packed * perGroup + (within % channels);
      return value(column, channel, Math.floor(within / channels));
    };
  }
  if (mapped.unrolling === 'kernel-columns') {
    return (row, column) => value(column % kind.outputChannels, row, Math.floor(column / kind.outputChannels));
  }
  if (mapped.unrolling === 'half-columns') {
    return (row, column) => {
      const kernelRow = Math.floor(column / kind.outputChannels);
      const kernelColumn = Math.floor(row / kind.inputChannels);
      return value(column % kind.outputChannels, row % kind.inputChannels, kernelRow * kernelWidth + kernelColumn);
    };
  }
  return (row, column) => value(column, row % kind.inputChannels, Math.floor(row / kind.inputChannels));
}

/** An FC layer behind a feature map reads it pixel by pixel, and its weights are in the order of channels. */
function fcWeight(layer: Layer, network: Network, weight: Float64Array): WeightAt {
  const { kind } = layer;
  if (kind.op !== 'fc') throw new Error('Not an FC layer.');
  const [, channels = 1, height = 1, width = 1] = flattened(layer, network) ?? [1, kind.inputs, 1, 1];
  const area = height * width;
  return (row, column) => {
    const input = (row % channels) * area + Math.floor(row / channels);
    return weight[column * kind.inputs + input]!;
  };
}

/** The shape of the feature map that was flattened into this layer's input, if one was. */
function flattened(layer: Layer, network: Network): number[] | undefined {
  const { kind } = layer;
  let before = network.layers[layer.inputs[0]!]!;
  while (before.kind.op === 'move' && before.outputShape.length < 4 && before.inputs.length === 1) {
    before = network.layers[before.inputs[0]!]!;
  }
  const isMap = before.outputShape.length === 4 && kind.op === 'fc';
  return isMap && before.outputShape.slice(1).reduce((product, size) => product * size, 1) === kind.inputs
    ? before.outputShape
    : undefined;
}
