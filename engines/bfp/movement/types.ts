/*
 * BitQ's data-movement model (arXiv 2409.17093 and its released program; facts 2.3): a convolution as seven nested loops,
 * tiled for registers, L1, L2 and memory.
 */

/** Indices of the loop nest: batch, output channel, output width, output height, input channel, kernel width, kernel height. */
export type LoopIndex = 'b' | 'f' | 'x' | 'y' | 'c' | 'w' | 'h';

export type Sizes = Record<LoopIndex, number>;

/** A layer as the model sees it. Groups: `repeats` equal nests of `f` and `c` channels each (depthwise: f = c = 1). */
export interface LoopLayer {
  name: string;
  sizes: Sizes;
  stride: [x: number, y: number];
  repeats: number;
}

/** Stored bits per value, shared exponents included: what a format costs, not only its mantissa. */
export interface OperandBits {
  inputs: number;
  weights: number;
  outputs: number;
}

export type Operand = keyof OperandBits;

/** `memory` is the last level on the chip (L3), outside which all data starts. */
export type MemoryLevel = 'registers' | 'l1' | 'l2' | 'memory';

/**
 * How wide a piece of the input is that `t` outputs under a window of `w` need. `published`: t + w, as the released program
 * counts, without regard to stride. `exact`: (t - 1) stride + w, or t w where
 * windows do not overlap.
 */
export type InputSpan = 'published' | 'exact';

export interface Machine {
  id: string;
  title: string;
  /**
   * Innermost first: registers, L1, L2, memory. Bandwidth: of the border between this level and the next (of `memory`: to
   * the large memory), of one thread except the last; only ratios count.
   */
  levels: { level: MemoryLevel; capacityBits: number; bandwidth: number }[];
  threads: number;
  /** Tile that the inner kernel keeps in registers; what is left out is 1. Cut to the size of the layer. */
  registerTile: Partial<Sizes>;
  inputSpan: InputSpan;
  /** pJ for 32 bits moved from and to the large memory and inside the chip (facts 2.4). */
  dramPjPerWord: number;
  sramPjPerWord: number;
  /** Constants that are ours, with their reason. */
  assumptions: { id: string; what: string; reason: string }[];
}

export interface LevelMovement {
  level: MemoryLevel;
  tile: Sizes;
  /** Loop order, inner to outer. */
  order: LoopIndex[];
  footprintBits: { inputs: number; weights: number; outputs: number };
  capacityBits: number;
  /** Moved across this level's border for the whole layer, all threads and repeats; outputs are read and written. */
  volumeBits: { inputs: number; weights: number; outputs: number };
  /** volume over bandwidth, per thread: what the bottleneck is judged by. */
  cost: number;
  /** Its capacity is what keeps the tile from growing: a next larger tile would move less, and does not fit. */
  binds: boolean;
}

export interface LayerMovement {
  name: string;
  bits: OperandBits;
  sizes: Sizes;
  stride: [x: number, y: number];
  repeats: number;
  /** Registers, L1, L2, memory. */
  levels: LevelMovement[];
  bottleneck: MemoryLevel;
  /** Into how many parts the tile in memory is split for the threads; their product is the number of threads at work. */
  split: { f: number; x: number; y: number };
  /** Sum over tensors at the border of the large memory: the data movement that the objective counts. */
  dramBits: number;
  sramBits: number;
  movementPj: number;
  computePj: number;
  macs: number;
}
