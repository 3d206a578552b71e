import type { Conv, Layer } from '../../onnx/network.ts';
import { Op, Stage } from '../program/types.ts';
import type { MappedLayer } from '../types.ts';
import { type Emitter, emitActivation } from './common-emit.ts';
import { lastInput } from './windows.ts';

/** A rectangle of output pixels, made by one replica, and the input pixels that it takes. */
interface Tile {
  rowStart: number;
  rowEnd: number;
  columnStart: number;
  columnEnd: number;
  inputRowStart: number;
  inputRowEnd: number;
  /** Input columns for 'kernel-columns'; output columns for 'half-columns', which takes kernel rows at them. */
  acrossStart: number;
  acrossEnd: number;
}

/** Where the results of a step are added up, in local memory. */
export interface ColumnsPlace {
  /** The products of the step: kernel positions side by side, the output channels of each together. */
  products: number;
  /** First of the accumulators, see `accumulators`. */
  sums: number;
  /** -1: the layer has none. */
  bias: number;
  scratch: number;
  /** Global address of the layer's output, and elements from one of its pixels to the next. */
  target: { at: number; stride: number };
}

/**
 * The two unrollings of TCAD, Table IV, whose matrices have columns for kernel positions: one input vector makes parts of
 * several output pixels, which wait in local memory until all their parts are there. 'kernel-columns' takes an input pixel
 * a step (I x O*K^2), 'half-columns' the pixels under one kernel row (I*K x O*K). Padding is never fired.
 *
 * Parts of one output pixel must meet in one core, so every replica makes a rectangle of output pixels of its own, input
 * column by input column; the input around it is taken by its neighbours too, which costs steps that the table's formulas
 * (one replica) do not have. An assumption of ours: the paper does not say how replicas share such layers.
 */
export class ColumnsPlan {
  readonly layer: Layer;
  private readonly kind: Conv;
  private readonly half: boolean;
  private readonly tiles: Tile[];
  private readonly outputs: number;
  private readonly outputColumns: number;
  private readonly inputRows: number;
  private readonly inputColumns: number;
  /** Output columns that are open at once. */
  private readonly open: number;
  private readonly tallest: number;

  constructor(layer: Layer, mapped: MappedLayer) {
    const { kind } = layer;
    if (kind.op !== 'conv') throw new Error(`layer ${layer.name} is no convolution`);
    this.layer = layer;
    this.kind = kind;
    this.half = mapped.unrolling === 'half-columns';
    this.outputs = kind.outputChannels;
    const [, , outputRows = 1, outputColumns = 1] = layer.outputShape;
    const [, , inputRows = 1, inputColumns = 1] = layer.inputShapes[0]!;
    this.outputColumns = outputColumns;
    this.inputRows = inputRows;
    this.inputColumns = inputColumns;
    this.tiles = this.cut(mapped.replication, outputRows, outputColumns);
    const reach = (kind.kernel[1] - 1) * kind.dilation[1] + 1;
    this.open = this.half ? 1 : Math.ceil(reach / kind.stride[1]) + 1;
    this.tallest = Math.max(...this.tiles.map((tile) => tile.rowEnd - tile.rowStart));
  }

  /** The convolution whose windows are the steps: what is to be loaded for each. */
  get stepKind(): Conv {
    const { kind, half } = this;
    if (!half) return { ...kind, kernel: [1, 1], stride: [1, 1], pads: [0, 0, 0, 0], dilation: [1, 1] };
    return {
      ...kind,
      kernel: [1, kind.kernel[1]],
      stride: [1, kind.stride[1]],
      pads: [0, kind.pads[1], 0, kind.pads[3]],
      dilation: [1, kind.dilation[1]],
    };
  }

  /** Rows and columns of the map of steps. */
  get stepExtent(): { rows: number; columns: number } {
    return { rows: this.inputRows, columns: this.half ? this.outputColumns : this.inputColumns };
  }

  steps(replica: number): number {
    const tile = this.tiles[replica];
    if (!tile) return 0;
    return (tile.inputRowEnd - tile.inputRowStart) * (tile.acrossEnd - tile.acrossStart);
  }

  /** The place of a step in the map of steps. */
  window(replica: number, step: number): number {
    const { row, across } = this.at(this.tiles[replica]!, step);
    return row * this.stepExtent.columns + across;
  }

  /** Elements of local memory that a replica's open output pixels take. */
  get accumulators(): number {
    return this.open * this.tallest * this.outputs;
  }

  /** Adds the products of a step to the output pixels that they are parts of, and stores those that are done. */
  emit(out: Emitter, replica: number, step: number, place: ColumnsPlace): void {
    const tile = this.tiles[replica]!;
    const { row, across } = this.at(tile, step);
    const { kernel } = this.kind;
    for (let i = 0; i < kernel[0]; i++) {
      const outputRow = this.outputAt(row, 0, i);
      if (outputRow < tile.rowStart || outputRow >= tile.rowEnd) continue;
      for (let j = 0; j < (this.half ? 1 : kernel[1]); j++) {
        const outputColumn = this.half ? across : this.outputAt(across, 1, j);
        if (outputColumn < tile.columnStart || outputColumn >= tile.columnEnd) continue;
        const product = place.products + (this.half ? i : i * kernel[1] + j) * this.outputs;
        const lastColumn = this.half || j === this.lastInside(outputColumn, 1);
        const firstColumn = this.half || j === this.firstInside(outputColumn, 1);
        const first = firstColumn && i === this.firstInside(outputRow, 0);
        const last = lastColumn && i === this.lastInside(outputRow, 0);
        this.add(out, tile, outputRow, outputColumn, product, first, last, place);
      }
    }
  }

  private add(
    out: Emitter,
    tile: Tile,
    row: number,
    column: number,
    product: number,
    first: boolean,
    last: boolean,
    place: ColumnsPlace,
  ): void {
    const { outputs } = this;
    const slot = (column % this.open) * this.tallest + (row - tile.rowStart);
    const sum = place.sums + slot * outputs;
    if (!first) out.put(Op.VVADD, Stage.MAIN_A, sum, sum, product, outputs);
    else if (place.bias >= 0) out.put(Op.VVADD, Stage.MAIN_B, sum, product, place.bias, outputs);
    else out.put(Op.LMV, Stage.MAIN_A, sum, product, -1, outputs);
    if (!last) return;
    const { activation } = this.layer;
    if (activation) emitActivation(out, Stage.MAIN, activation, sum, sum, outputs, place.scratch);
    const target = place.target.at + (row * this.outputColumns + column) * place.target.stride;
    out.put(Op.ST, Stage.OUTPUT, target, sum, -1, outputs);
  }

  private at(tile: Tile, step: number): { row: number; across: number } {
    const height = tile.inputRowEnd - tile.inputRowStart;
    return { row: tile.inputRowStart + (step % height), across: tile.acrossStart + Math.floor(step / height) };
  }

  /** The output row or column to which an input one contributes under a kernel position; -1 where it does to none. */
  private outputAt(input: number, axis: 0 | 1, position: number): number {
    const { pads, stride, dilation } = this.kind;
    const scaled = input + pads[axis]! - position * dilation[axis];
    return scaled >= 0 && scaled % stride[axis] === 0 ? scaled / stride[axis] : -1;
  }

  /** The first kernel position of an output row or column that does not lie in the padding: input comes in this order. */
  private firstInside(output: number, axis: 0 | 1): number {
    const { pads, stride, dilation } = this.kind;
    return Math.max(0, Math.ceil((pads[axis]! - output * stride[axis]) / dilation[axis]));
  }

  private lastInside(output: number, axis: 0 | 1): number {
    const { kernel, pads, stride, dilation } = this.kind;
    const size = axis === 0 ? this.inputRows : this.inputColumns;
    const room = size - 1 - (output * stride[axis] - pads[axis]!);
    return Math.min(kernel[axis] - 1, Math.floor(room / dilation[axis]));
  }

  /** The grid of at most so many rectangles whose largest takes fewest steps. */
  private cut(replicas: number, rows: number, columns: number): Tile[] {
    let best: Tile[] = [];
    let least = Number.POSITIVE_INFINITY;
    for (let down = 1; down <= Math.min(replicas, rows); down++) {
      const right = Math.min(columns, Math.floor(replicas / down));
      const tallest = this.tile(0, Math.ceil(rows / down), 0, Math.ceil(columns / right));
      const steps = (tallest.inputRowEnd - tallest.inputRowStart) * (tallest.acrossEnd - tallest.acrossStart);
      if (steps >= least) continue;
      least = steps;
      best = [];
      for (let y = 0; y < down; y++) {
        for (let x = 0; x < right; x++) {
          best.push(
            this.tile(
              Math.floor((y * rows) / down),
              Math.floor(((y + 1) * rows) / down),
              Math.floor((x * columns) / right),
              Math.floor(((x + 1) * columns) / right),
            ),
          );
        }
      }
    }
    return best;
  }

  private tile(rowStart: number, rowEnd: number, columnStart: number, columnEnd: number): Tile {
    const { kernel, stride, pads, dilation } = this.kind;
    const first = (output: number, axis: 0 | 1) => Math.max(0, output * stride[axis] - pads[axis]!);
    const last = (output: number, axis: 0 | 1, size: number) =>
      lastInput(output - 1, size, kernel[axis], stride[axis], pads[axis]!, dilation[axis]) + 1;
    return {
      rowStart,
      rowEnd,
      columnStart,
      columnEnd,
      inputRowStart: first(rowStart, 0),
      inputRowEnd: last(rowEnd, 0, this.inputRows),
      acrossStart: this.half ? columnStart : first(columnStart, 1),
      acrossEnd: this.half ? columnEnd : last(columnEnd, 1, this.inputColumns),
    };
  }
}
