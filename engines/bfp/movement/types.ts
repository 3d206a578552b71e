/*
 * BitQ's data-movement model (arXiv 2409.17093 and its released program; facts 2.3): a convolution as seven nested loops,
 * tiled for registers, L1, L2 and memory.
 */

/** Indices of the loop nest: batch, output channel, output width, output height, input channel, kernel width, kernel height. */
export type LoopIndex = 'b' | 'f' | 'x' | 'y' | 'c' | 'w' | 'h';

/** A layer as the model sees it. Groups: `repeats` equal nests of `f` and `c` channels each (depthwise: f = c = 1). */
export interface LoopLayer {
  name: string;
  sizes: Record<LoopIndex, number>;
  stride: [x: number, y: number];
  repeats: number;
}

/** Stored bits per value, shared exponents included: what a format costs, not only its mantissa. */
export interface OperandBits {
  inputs: number;
  weights: number;
  outputs: number;
}

export type MemoryLevel = 'registers' | 'l1' | 'l2' | 'memory';

export interface Machine {
  id: string;
  title: string;
  /** Innermost first; `memory` is the last level on the chip or beside it, outside which all data starts. */
  levels: { level: MemoryLevel; capacityBits: number; bandwidth: number }[];
  threads: number;
  /** pJ for 32 bits moved from and to the large memory and inside the chip (facts 2.4). */
  dramPjPerWord: number;
  sramPjPerWord: number;
  /** Constants that are ours, with their reason. */
  assumptions: { id: string; what: string; reason: string }[];
}

export interface LevelMovement {
  level: MemoryLevel;
  tile: Record<LoopIndex, number>;
  /** Loop order, inner to outer. */
  order: LoopIndex[];
  footprintBits: { inputs: number; weights: number; outputs: number };
  capacityBits: number;
  /** Moved across this level's border for the whole layer; outputs are read and written. */
  volumeBits: { inputs: number; weights: number; outputs: number };
  /** volume over bandwidth, per thread: what the bottleneck is judged by. */
  cost: number;
  /** Its capacity is what keeps the tile from growing. */
  binds: boolean;
}

export interface LayerMovement {
  name: string;
  bits: OperandBits;
  levels: LevelMovement[];
  bottleneck: MemoryLevel;
  /** Sum over tensors at the border of the large memory: the data movement that the objective counts. */
  dramBits: number;
  sramBits: number;
  movementPj: number;
  computePj: number;
  macs: number;
}
