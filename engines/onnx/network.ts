import type { Tensor } from './types.ts';

/*
 * A network as compilers and cost models see it: layers in topological order, constants folded away, normalisation,
 * activation, padding and clipping fused into the layer before (or after) them, every shape a number. Batch included in
 * shapes as ONNX has it (N, C, H, W, or N, features, or N, sequence, features).
 */

export type Activation =
  | 'relu'
  | 'clip'
  | 'tanh'
  | 'sigmoid'
  | 'gelu'
  | 'silu'
  | 'hard-swish'
  | 'hard-sigmoid'
  | 'leaky-relu'
  | 'mish';

/** A window moving over H and W: convolution and pooling. */
export interface Window {
  kernel: [number, number];
  stride: [number, number];
  /** top, left, bottom, right, as ONNX orders them. */
  pads: [number, number, number, number];
  dilation: [number, number];
}

export interface Conv extends Window {
  op: 'conv';
  inputChannels: number;
  outputChannels: number;
  /** 1: dense; inputChannels: depthwise. */
  groups: number;
}

export interface Fc {
  op: 'fc';
  inputs: number;
  outputs: number;
  /** Rows that share the weights: batch, or batch x sequence. */
  rows: number;
}

export interface Pool extends Window {
  op: 'pool';
  method: 'max' | 'average';
  global: boolean;
  /** Average only: whether padded zeros count in the divisor. */
  countPadding: boolean;
}

/** A product of two computed tensors: batch x (rows x inner) . (inner x columns). Its operands are no weights. */
export interface MatMul {
  op: 'matmul';
  batch: number;
  rows: number;
  inner: number;
  columns: number;
}

export interface Eltwise {
  op: 'eltwise';
  how: 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min' | 'pow';
  /** The second operand is a constant of the file (folded into the layer): a scale, a position table. */
  constant?: number | 'tensor';
}

export interface Concat {
  op: 'concat';
  axis: number;
}

/** An activation that stands alone. One that was fused into the layer before it is that layer's `activation`. */
export interface Activate {
  op: 'activation';
  how: Activation;
  /** Bounds of a clip; absent where there is none. */
  min?: number;
  max?: number;
  /** Slope of a leaky ReLU below zero. */
  alpha?: number;
}

export interface Softmax {
  op: 'softmax';
  axis: number;
}

export interface Normalise {
  op: 'normalise';
  how: 'layer' | 'rms' | 'batch' | 'instance' | 'lrn' | 'l2';
  epsilon?: number;
  /** Local response normalisation only, as ONNX defines them. */
  lrn?: { size: number; alpha: number; beta: number; bias: number };
}

/** Moves elements and computes nothing. `order` where it is a transposition, in axes of the input. */
export interface Move {
  op: 'move';
  how: 'flatten' | 'reshape' | 'transpose' | 'shuffle' | 'slice' | 'split' | 'pad' | 'squeeze' | 'expand' | 'identity';
  order?: number[];
  /** Channel shuffle: groups. */
  groups?: number;
  /** The piece that a slice, or one output of a split, takes of its axis. */
  slice?: { axis: number; start: number; step: number };
}

export interface Resize {
  op: 'resize';
  method: 'nearest' | 'linear' | 'cubic';
}

/** Rows of a table by index: embeddings. */
export interface Gather {
  op: 'gather';
  table: [number, number];
}

export interface Reduce {
  op: 'reduce';
  how: 'mean' | 'sum' | 'max' | 'min' | 'argmax';
  axes: number[];
}

/** An operator that the studio does not know: its shape is carried on where it is known, its cost is not counted. */
export interface Unknown {
  op: 'unknown';
  onnxOp: string;
}

export interface Input {
  op: 'input';
}

export type Kind =
  | Input
  | Conv
  | Fc
  | Pool
  | MatMul
  | Eltwise
  | Concat
  | Activate
  | Softmax
  | Normalise
  | Move
  | Resize
  | Gather
  | Reduce
  | Unknown;

export interface Layer {
  /** Its place in `Network.layers`. */
  index: number;
  name: string;
  kind: Kind;
  /** Layers whose outputs it reads, in the order of its operands. */
  inputs: number[];
  /** Layers that read its output. */
  consumers: number[];
  inputShapes: number[][];
  outputShape: number[];
  /** Done to the result before it leaves the layer. */
  activation?: { how: Activation; min?: number; max?: number; alpha?: number };
  bias: boolean;
  /** A batch normalisation was folded in (its scale and shift count in `parameters`). */
  normalised: boolean;
  /** Learned numbers, folded normalisations included (running statistics are not learned). */
  parameters: number;
  /** Multiply-accumulates, as the layer is (groups and depthwise at their true cost). */
  macs: number;
  /** The weights themselves, where the model has them: kernel O x I/groups x Kh x Kw, or outputs x inputs. */
  weight?: { tensor: Tensor; transposed: boolean };
  biasTensor?: Tensor;
  /** Where it stands in the structure, outermost first: ["stage2", "block1"]. Equal consecutive blocks fold in the view. */
  block: string[];
  /** Names of the graph's nodes that it was made from. */
  nodes: string[];
}

export interface Unsupported {
  op: string;
  count: number;
  /** Names of the first nodes, at most ten. */
  places: string[];
  why: string;
}

export interface Network {
  name: string;
  origin: 'zoo' | 'onnx' | 'pimcomp-json';
  layers: Layer[];
  unsupported: Unsupported[];
  /** Sizes that symbolic dimensions were given. */
  symbols: Record<string, number>;
  /**
   * For models of many equal blocks (transformers): how often the layers of a block stand for themselves is 1; nothing is
   * left out of `layers`. `repeats` lists runs of equal blocks for views and for compilers that work on one of them.
   */
  repeats: { block: string; first: number; layersEach: number; times: number }[];
}
