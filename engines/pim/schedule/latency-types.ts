import type { Activation, Pool } from '../../onnx/network.ts';
import type { WindowPixels } from './windows.ts';

/*
 * What the latency scheduler works on: units that make pixels out of pixels. A pixel is what travels as one piece: the
 * channels of one place of a map, or one row of a matrix. A unit makes one pixel a window, in the order of its numbers.
 */

/** Which pixels of an operand a window needs. */
export type Need =
  /** The pixel of its own number. */
  | { how: 'same' }
  /** Those under the kernel. */
  | { how: 'window'; pixels: WindowPixels }
  /** All. */
  | { how: 'all' }
  /** Those in a list: of window w, `pixel[start[w]] .. pixel[start[w + 1] - 1]`, ascending. */
  | { how: 'listed'; start: Int32Array; pixel: Int32Array };

export interface Operand {
  from: Unit;
  need: Need;
  store: Store;
}

/** A piece of a pixel that is copied: `repeats` runs of `length` elements, each `stride` after the one before. */
export interface Piece {
  /** Which operand it is of. */
  operand?: number;
  /** -1: zeros. */
  pixel: number;
  from: number;
  length: number;
  stride: number;
  repeats: number;
}

export interface PointwiseSpec {
  how: Activation;
  min?: number;
  max?: number;
  alpha?: number;
}

/** Where a window's part of a constant tensor lies behind the layer's first global address: `pixel` of the pieces is 0. */
export type ConstantOperand = (window: number) => Piece[];

/** What a unit does with a window; `mapped` units are those with weights. */
export type Work =
  | { do: 'source' }
  | { do: 'mapped'; mapped: number; bias: boolean }
  /** Sums parts of products whose columns are kernel positions (TCAD, Table IV), and adds the layer's bias. */
  | { do: 'scatter'; parts: Parts }
  | { do: 'pool'; kind: Pool }
  | {
      do: 'eltwise';
      how: 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min' | 'pow';
      constant?: number | ConstantOperand;
      /** By operand: how often it is repeated along the channels of a pixel. */
      parts?: number[];
    }
  | { do: 'concat' }
  | { do: 'activation'; spec: PointwiseSpec }
  | { do: 'shuffle'; groups: number }
  | { do: 'gather'; pieces: (window: number) => Piece[] }
  | { do: 'softmax'; parts: number }
  | { do: 'normalise'; how: 'layer' | 'rms' | 'batch' | 'lrn' | 'l2'; epsilon: number; scale: boolean; shift: boolean }
  | { do: 'reduce'; how: 'mean' | 'sum' | 'max' | 'min'; across: 'pixels' | 'channels' }
  | { do: 'matmul'; spec: MatmulSpec }
  | { do: 'zeros' };

/** By pixel that is read: the windows that its parts are added to, and the channel at which each part starts. */
export interface Parts {
  start: Int32Array;
  window: Int32Array;
  from: Int32Array;
}

/** A product row by row: `batch` pairs of a piece of the row and the columns of the second operand. */
export interface MatmulSpec {
  batch: number;
  inner: number;
  columns: number;
  /** By batch: where its piece of the row starts in the pixel. */
  rowAt: Int32Array;
  /**
   * The second operand: by batch, where its first column starts, and how far apart columns are; in the block of all its
   * pixels, or, with `pieces`, in a block of `elements` that is copied together from that one.
   */
  second: { at: Int32Array; stride: number; pieces?: Piece[]; elements?: number };
}

export class Unit {
  /** Its place in the order of the schedule. */
  readonly id: number;
  readonly layer: number;
  work: Work;
  readonly pixels: number;
  readonly channels: number;
  readonly operands: Operand[] = [];
  /** Where its pixels are kept for those who read them. */
  readonly stores: Store[] = [];
  /** Done to the pixel before it leaves. */
  activation?: PointwiseSpec;
  /** Its pixels are a result of the network. */
  isResult = false;
  /** The core that makes each pixel; -1 for sources. */
  readonly home: Int16Array;

  constructor(id: number, layer: number, work: Work, pixels: number, channels: number) {
    this.id = id;
    this.layer = layer;
    this.work = work;
    this.pixels = pixels;
    this.channels = channels;
    this.home = new Int16Array(pixels).fill(-1);
  }
}

/**
 * The copies of a unit's pixels in the cores that read them: one copy a core and pixel, shared by the consumers that share
 * the store. A copy holds channels [low, high) of its slot.
 */
export class Store {
  readonly from: Unit;
  readonly consumers: { unit: Unit; operand: number }[] = [];
  /** Its transfers wait for those of all stores of phase 0 in the same round. */
  readonly phase: 0 | 1;
  /** The core that makes a pixel keeps it as its copy, where it reads it too; otherwise it copies it. */
  readonly keepsWhole: boolean;
  /** Slot by core, -1 where no copy is ever kept. */
  readonly slotOf: Int16Array;
  /** The core of each slot; ascending once `seal` was called. */
  cores: number[] = [];
  low: number[] = [];
  high: number[] = [];
  /** By slot, then pixel: uses to come. */
  uses: Int32Array[] = [];
  /** By slot, then pixel: local address of channel `low`, -1 where there is no copy. */
  address: Int32Array[] = [];

  /** All pixels stand one behind the other in one block a core, which its only consumer gives back. */
  readonly isBlock: boolean;
  /** By slot: address of that block, -1 as long as there is none. */
  block: Int32Array<ArrayBufferLike> = new Int32Array(0);

  /** Channels that every copy of a block holds. */
  readonly lowest: number;
  readonly highest: number;

  constructor(
    from: Unit,
    cores: number,
    phase: 0 | 1,
    kind: 'copies' | 'shared' | 'block',
    low = 0,
    high = from.channels,
  ) {
    this.lowest = low;
    this.highest = high;
    this.from = from;
    this.isBlock = kind === 'block';
    this.phase = phase;
    this.keepsWhole = kind === 'shared';
    this.slotOf = new Int16Array(cores).fill(-1);
    from.stores.push(this);
  }

  /** The slot of a core that needs channels [low, high); made if it is new. Slots are in no order until `seal`. */
  slot(core: number, low: number, high: number): number {
    let slot = this.slotOf[core]!;
    if (slot < 0) {
      slot = this.cores.length;
      this.slotOf[core] = slot;
      this.cores.push(core);
      this.uses.push(new Int32Array(this.from.pixels));
      this.low.push(low);
      this.high.push(high);
    }
    if (low < this.low[slot]!) this.low[slot] = low;
    if (high > this.high[slot]!) this.high[slot] = high;
    return slot;
  }

  /** Brings the slots into the order of their cores and makes room for addresses. */
  seal(): void {
    const order = [...this.cores.keys()].sort((a, b) => this.cores[a]! - this.cores[b]!);
    const sorted = <T>(values: T[]): T[] => order.map((slot) => values[slot]!);
    this.cores = sorted(this.cores);
    this.uses = sorted(this.uses);
    this.low = sorted(this.low);
    this.high = sorted(this.high);
    this.address = order.map(() => new Int32Array(this.from.pixels).fill(-1));
    this.block = new Int32Array(this.cores.length).fill(-1);
    for (const [slot, core] of this.cores.entries()) this.slotOf[core] = slot;
  }
}
