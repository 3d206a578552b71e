import type { Kind, Layer, Network } from './network.ts';

/** Product of the sizes; 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  let product = 1;
  for (const size of shape) product *= size;
  return product;
}

/**
 * Multiply-accumulates of a layer: those of convolutions, FC layers and matrix products. Additions of bias, normalisation,
 * pooling and element-wise work are no multiply-accumulates, as torchvision and fvcore count too.
 */
export function macsOf(kind: Kind, outputShape: readonly number[]): number {
  if (kind.op === 'conv') {
    const [height, width] = kind.kernel;
    return elements(outputShape) * (kind.inputChannels / kind.groups) * height * width;
  }
  if (kind.op === 'fc') return kind.rows * kind.inputs * kind.outputs;
  if (kind.op === 'matmul') return kind.batch * kind.rows * kind.inner * kind.columns;
  return 0;
}

/** Weights of a convolution or FC layer, the rows of an embedding; without bias and normalisation. */
export function weightsOf(kind: Kind): number {
  if (kind.op === 'conv')
    return kind.outputChannels * (kind.inputChannels / kind.groups) * kind.kernel[0] * kind.kernel[1];
  if (kind.op === 'fc') return kind.inputs * kind.outputs;
  if (kind.op === 'gather') return kind.table[0] * kind.table[1];
  return 0;
}

export interface Widths {
  weightBits: number;
  activationBits: number;
}

/** What a layer moves when every operand is read once and every result written once. */
export interface LayerBytes {
  weightBytes: number;
  inputBytes: number;
  outputBytes: number;
}

/**
 * Bytes of a layer's operands and result. An embedding reads only the rows that it looks up, a layer that only moves
 * elements under another shape nothing; both are counted as what they hand on.
 */
export function bytesOf(layer: Layer, { weightBits, activationBits }: Widths): LayerBytes {
  const { kind } = layer;
  const outputBytes = (elements(layer.outputShape) * activationBits) / 8;
  if (kind.op === 'input') return { weightBytes: 0, inputBytes: 0, outputBytes };
  const inputs = layer.inputShapes.reduce((sum, shape) => sum + elements(shape), 0);
  // Weights that another layer shares are read here too.
  const weights = kind.op === 'gather' ? elements(layer.outputShape) : Math.max(layer.parameters, weightsOf(kind));
  return { weightBytes: (weights * weightBits) / 8, inputBytes: (inputs * activationBits) / 8, outputBytes };
}

/** Multiply-accumulates for each byte that is moved (weights, inputs and results once each). */
export function intensityOf(layer: Layer, widths: Widths): number {
  const { weightBytes, inputBytes, outputBytes } = bytesOf(layer, widths);
  const bytes = weightBytes + inputBytes + outputBytes;
  return bytes === 0 ? 0 : layer.macs / bytes;
}

export interface NetworkTotals {
  layers: number;
  /** Convolutions and FC layers: those that hold weight matrices. */
  weighted: number;
  parameters: number;
  macs: number;
  /** Elements of all results; the largest one. */
  activations: number;
  largestActivation: number;
  weightBytes: number;
}

/** Sums over a network. `weightBits` is the width that `weightBytes` is given at. */
export function totalsOf(network: Network, weightBits = 16): NetworkTotals {
  const totals: NetworkTotals = {
    layers: network.layers.length,
    weighted: 0,
    parameters: 0,
    macs: 0,
    activations: 0,
    largestActivation: 0,
    weightBytes: 0,
  };
  for (const layer of network.layers) {
    if (layer.kind.op === 'conv' || layer.kind.op === 'fc') totals.weighted++;
    const outputs = elements(layer.outputShape);
    totals.parameters += layer.parameters;
    totals.macs += layer.macs;
    totals.activations += outputs;
    totals.largestActivation = Math.max(totals.largestActivation, outputs);
  }
  totals.weightBytes = (totals.parameters * weightBits) / 8;
  return totals;
}
