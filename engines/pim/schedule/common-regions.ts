import type { Layer, Network } from '../../onnx/network.ts';
import type { CompileStyle } from '../style.ts';

/** Where feature maps, biases and constant operands lie in global memory, in elements. */
export interface GlobalLayout {
  /** First address of each layer's output; -1 for a layer that only renames its input (see `source`). */
  regions: Int32Array;
  /** First address of each layer's bias or constants, -1 where it has none. */
  constants: Int32Array;
  /** The layer in whose region the output of each layer lies: itself, or what it renames. */
  source: Int32Array;
  elements: number;
}

/** Moves that leave every element where it is: only the shape changes. */
const RENAMES = new Set(['flatten', 'reshape', 'squeeze', 'identity']);

export function renames(layer: Layer): boolean {
  const { kind } = layer;
  return kind.op === 'move' && layer.inputs.length === 1 && RENAMES.has(kind.how);
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Whether a vector is added to a layer's sums: its bias, and in the own style also the shift of a normalisation that was
 * folded into its weights (the released program leaves that out).
 */
export function hasBias(layer: Layer, style: CompileStyle): boolean {
  return layer.bias || (style.id === 'own' && layer.normalised);
}

/** Elements of a layer's constants: a bias, scale and shift of a normalisation, a table, a constant operand. */
export function constantElements(layer: Layer, style: CompileStyle): number {
  const { kind } = layer;
  switch (kind.op) {
    case 'conv':
      return hasBias(layer, style) ? kind.outputChannels : 0;
    case 'fc':
      return hasBias(layer, style) ? kind.outputs : 0;
    case 'gather':
      return kind.table[0] * kind.table[1];
    case 'normalise':
      return layer.parameters;
    case 'eltwise':
      return kind.constant === 'tensor' ? elementsOf(layer.outputShape) : 0;
    default:
      return 0;
  }
}

/** Lays out global memory: the outputs of all layers in the network's order, then their constants. */
export function layOutGlobal(network: Network, style: CompileStyle): GlobalLayout {
  const count = network.layers.length;
  const layout: GlobalLayout = {
    regions: new Int32Array(count).fill(-1),
    constants: new Int32Array(count).fill(-1),
    source: new Int32Array(count),
    elements: 0,
  };
  for (const layer of network.layers) {
    if (renames(layer)) {
      layout.source[layer.index] = layout.source[layer.inputs[0]!]!;
      continue;
    }
    layout.source[layer.index] = layer.index;
    layout.regions[layer.index] = layout.elements;
    layout.elements += elementsOf(layer.outputShape);
  }
  for (const layer of network.layers) {
    const size = constantElements(layer, style);
    if (size === 0) continue;
    layout.constants[layer.index] = layout.elements;
    layout.elements += size;
  }
  return layout;
}

/** Global address of the first element of a layer's first operand. */
export function inputRegion(layout: GlobalLayout, layer: Layer, operand = 0): number {
  return layout.regions[layout.source[layer.inputs[operand]!]!]!;
}
