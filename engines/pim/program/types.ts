/*
 * The compiled program: pseudo-instructions (TCAD, section IV-E; mnemonics of the released listing) held by column, a few
 * bytes an instruction, since programs run to millions. Instructions stand core by core, in program order.
 *
 * Memory: one local memory a core and one global memory, both addressed by element. Feature maps in global memory are
 * pixel-major (H, W, C: the channels of a pixel are contiguous), each at `Program.regions[layer]`. What an instruction
 * does is exact, so that a program can be executed on numbers and compared with the network (`verify/`).
 */

export const Op = {
  /** dst(local) <- src1(global), `elements`. */
  LD: 0,
  /** dst(global) <- src1(local). */
  ST: 1,
  /** dst <- src1, local copy. With `stride` > 0: `repeats` pieces of `elements`, the source advancing by `stride`, the target dense. */
  LMV: 2,
  /** dst <- immediate, `elements` times. */
  LLDI: 3,
  /** dst[0..columns) <- weights(ag)^T . local[src1 .. src1 + rows). `elements` = rows. */
  MVMUL: 4,
  /** dst <- src1 + src2. */
  VVADD: 5,
  VVSUB: 6,
  VVMUL: 7,
  VVDIV: 8,
  VVMAX: 9,
  VVMIN: 10,
  /** dst <- src1 * immediate (average pooling, scales). */
  VMULI: 11,
  /** dst <- src1 + immediate. */
  VADDI: 12,
  VRELU: 13,
  VTANH: 14,
  VSIGM: 15,
  /** dst <- min(src1, immediate). */
  VRSU: 16,
  /** dst <- max(src1, immediate). */
  VRSL: 17,
  /** dst <- f(src1) where `immediate` is an index in `FUNCTIONS`: pointwise functions beyond the released listing. */
  VFUN: 18,
  /** dst <- softmax(src1[0..elements)). */
  VSOFTMAX: 19,
  /** dst <- (src1 - mean) / sqrt(variance + immediate); scale and shift follow as VVMUL and VVADD. */
  VNORM: 20,
  /** dst <- root mean square normalisation of src1. */
  VRMS: 21,
  /** dst[0] <- src1 . src2, `elements` long; with `repeats` columns, src2 advancing by `stride`: dynamic products. */
  VDOT: 22,
  /** Local response normalisation over the channels of one pixel. */
  VLRN: 23,
  /** Local src1 -> the core `peer`, together with the RECV of the same `pair`. Asynchronous: dst is the address there. */
  SEND: 24,
  RECV: 25,
} as const;

export type OpCode = (typeof Op)[keyof typeof Op];

export const FUNCTIONS = [
  'gelu',
  'silu',
  'hard-swish',
  'hard-sigmoid',
  'mish',
  'exp',
  'sqrt',
  'reciprocal',
  'leaky-relu',
] as const;

/** Names of the phases in which the released listing sorts its instructions. */
export const Stage = {
  BIAS: 0,
  INPUT: 1,
  MAIN: 2,
  /** Sum of array groups inside a core. */
  MAIN_A: 3,
  MAIN_B: 4,
  /** Sum after a receive. */
  MAIN_C: 5,
  POST: 6,
  OUTPUT: 7,
} as const;

export type StageCode = (typeof Stage)[keyof typeof Stage];

/** One instruction as an object: what builders append and the listing shows. Missing numbers are -1 (0 for immediate, stride). */
export interface Instruction {
  op: OpCode;
  stage: StageCode;
  /** Instruction group: one round of the schedule. Never falls along a core's program. */
  group: number;
  /** Index in `Network.layers`. */
  layer: number;
  replica?: number;
  /** MVMUL, and sums that belong to an AG: its number. */
  ag?: number;
  /** The layer's input cycle (output pixel, row by row). */
  window?: number;
  dst?: number;
  src1?: number;
  src2?: number;
  elements: number;
  /** SEND and RECV: number of the pair and the core at the other end. */
  pair?: number;
  peer?: number;
  immediate?: number;
  stride?: number;
  repeats?: number;
}

/** All columns have `count` entries. */
export interface ProgramColumns {
  op: Uint8Array;
  stage: Uint8Array;
  group: Int32Array;
  layer: Int16Array;
  replica: Int16Array;
  ag: Int32Array;
  window: Int32Array;
  dst: Int32Array;
  src1: Int32Array;
  src2: Int32Array;
  elements: Int32Array;
  pair: Int32Array;
  peer: Int16Array;
  immediate: Float32Array;
  stride: Int32Array;
  repeats: Int32Array;
}

export interface Program extends ProgramColumns {
  count: number;
  cores: number;
  /** Instructions of core c are [coreStart[c], coreStart[c + 1]). */
  coreStart: Int32Array;
  groups: number;
  pairs: number;
  elementBytes: number;
  /** First global address of a layer's output by index of the layer, -1 where it has none. Weights of no layer are here. */
  regions: Int32Array;
  /** Layers of four axes whose region is row-major nevertheless: products of computed tensors, and what follows from them. */
  rowMajor?: number[];
  /** First global address of a layer's bias (or of a constant operand), -1 where it has none. */
  constants: Int32Array;
  globalElements: number;
  /** Most elements of local memory in use, by core. */
  localElements: Int32Array;
  /** The layer whose windows it runs one batch element at a time: 1 unless the mode pipelines samples. */
  samples: number;
  /**
   * Throughput programs run one pipeline cycle, in which each layer works on a sample of its own: functionally, layers are
   * executed in topological order, each on the output of the one before. Latency programs run as they stand.
   */
  order: 'pipelined' | 'as-is';
}

/** When each instruction ran, in the program's order. */
export interface Trace {
  startNs: Float64Array;
  endNs: Float64Array;
}
