import type { NumberFormat } from '../../tensor/formats/types.ts';
import type { Conv } from '../network.ts';

/*
 * Running an ONNX graph on numbers, fast and the same everywhere: float32 with a fixed order of additions (no relaxed
 * SIMD), products computed from numbers that were put into the formats of a plan first.
 *
 * What lies in a row, for formats whose blocks run along rows:
 * - Weights of a layer are a matrix of `outputs` rows, in the order kernel height, kernel width, input channel (so that a
 *   block holds neighbouring input channels of one place of the kernel). A row is cut at every place of the kernel where
 *   there are at least as many input channels as a block has elements; with fewer (first layers, depthwise) a block takes
 *   several places.
 * - Activations are N, H, W, C: a row holds the channels of one pixel where there are at least as many as a block has
 *   elements, else the pixels of one line of the image. Of matrices (FC, MatMul) a row is one vector.
 * That is the order in which a dot product takes them, so two blocks that meet share their exponents (BitQ, 2.2).
 */

/** The formats of one layer's operands. */
export interface LayerFormats {
  weights: NumberFormat;
  /** Its input, as it is read. */
  inputs: NumberFormat;
  /** Its output before the next layer reads it; absent: float32, which the next layer's `inputs` then rounds. */
  outputs?: NumberFormat;
}

/** By name of the layer. Layers that a plan does not name run in float32. */
export type Plan = Record<string, LayerFormats>;

/** A layer whose operands can be put into a format: convolution, depthwise convolution, product with learned weights. */
export interface RunLayer {
  name: string;
  op: 'conv' | 'depthwise' | 'fc';
  /** Learned numbers with normalisations folded in, as a matrix: see above. Shared, not to be changed. */
  weights: Float32Array;
  rows: number;
  rowLength: number;
  /**
   * What is added to each of the `rows` outputs, with normalisations folded in; absent: nothing. With `weights` it is all
   * that the nodes of this layer compute: what is written to a file in their place.
   */
  bias?: Float32Array;
  /** Input channels at one place of the kernel; FC: rowLength. */
  channels: number;
  /** As ONNX has it: O, I / groups, Kh, Kw, or inputs, outputs. */
  weightShape: number[];
  /** Name of the weight in the file, and of the nodes that the layer was made from. */
  weightName: string;
  nodes: string[];
  conv?: Conv;
  /** Shapes of one sample (batch 1), channels last: 1, H, W, C or rows, features. */
  inputShape: number[];
  outputShape: number[];
  /** Of one sample. */
  macs: number;
  /** Layers that read its output, directly or through operators without learned weights (element-wise, pools, softmax). */
  consumers: string[];
}

/**
 * What passed through a layer, while it ran, channels last, of all samples that ran together: its input before that was put
 * into a format, its output as the next node reads it (activation and output format included). Valid during the call only:
 * the memory is used again.
 */
export type Observer = (layer: RunLayer, what: 'input' | 'output', values: Float32Array) => void;

/** A model that is ready to run. One is used by one caller at a time. */
export interface Runner {
  readonly layers: readonly RunLayer[];
  /** One sample as the model has it (N = 1): 1, C, H, W. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** So many samples take about 50 ms: callers that must breathe in between run that many at once. */
  readonly batch: number;
  /** Every weight is put into its format once; cheap to call again with a plan that differs in one layer. */
  setPlan(plan: Plan, seed: number): void;
  /**
   * Runs `count` samples that follow each other in `samples` (N, C, H, W as the model has it) and answers with their
   * outputs (the model's first output), copied. Any count: batches are cut inside, results do not depend on the cut.
   */
  run(samples: Float32Array, count: number, observe?: Observer): Float32Array;
  dispose(): void;
}
