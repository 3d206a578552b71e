import type { Conv, Layer } from '../../onnx/network.ts';
import { Op, Stage, type StageCode } from '../program/types.ts';
import type { MappedLayer } from '../types.ts';
import type { Emitter } from './common-emit.ts';
import { type Extent, WindowPixels } from './windows.ts';

/** Elements of one pixel that an array group reads: `length` of them from channel `from`, under one kernel position. */
interface Piece {
  position: number;
  from: number;
  length: number;
  /** Elements of the row of pixels that this piece begins and that lie side by side in global memory. */
  run: number;
}

/** Global memory is 64 bytes wide (facts 1.7): a load of fewer bytes takes as long. */
const WIDTH_BYTES = 64;

/**
 * Brings the inputs of a convolution's array groups into local memory: by LD from global memory, or by LMV where this core
 * has the same elements already (facts 1.5: "only the part not already local"), and zeros for padding. Pieces of pixels
 * that follow one another become one instruction.
 *
 * `exact` is the released manner: a piece is taken over only from a piece of the same first element and length that was
 * loaded in the same round. Otherwise any part of a pixel is taken from wherever it lies, also from the round before (where
 * buffers take turns), and rows of few bytes are just loaded. The record of what is local holds for one core at a time, as
 * programs are made core by core.
 */
export class ConvInputs {
  private readonly channels: number;
  private readonly pixels: WindowPixels;
  private readonly under: Int32Array;
  private lastWindow = -1;
  private readonly pieces: Piece[][];
  private readonly base: number;
  private readonly exact: boolean;
  private readonly records: boolean;
  private readonly shortRun: number;
  /** Distinct channels at which pieces start: the record has a row of them for each pixel. */
  private readonly cuts: Int32Array;
  private readonly cutOf: Int32Array;
  private readonly until: Int32Array;
  private readonly lengths: Int32Array;
  private readonly places: Int32Array;
  private foundLength = 0;

  /** `base`: first global address of the layer's input. `windows`: what is read at a time, and how many of it. */
  constructor(
    layer: Layer,
    mapped: MappedLayer,
    slices: readonly RowRange[],
    base: number,
    windows: { kind: Conv; extent: Extent },
    options: { exact: boolean; elementBytes: number },
  ) {
    const { kind, extent } = windows;
    const [batch = 1, channels = 1, rows = 1, columns = 1] = layer.inputShapes[0]!;
    this.channels = channels;
    this.base = base;
    this.exact = options.exact;
    this.shortRun = options.exact ? 0 : WIDTH_BYTES / options.elementBytes;
    this.pixels = new WindowPixels(kind, { rows, columns }, extent);
    this.under = new Int32Array(this.pixels.positions);
    this.pieces = slices.map((slice) => piecesOf(slice, mapped, kind, channels));
    this.records = this.pixels.positions > 1 || mapped.columnParts > 1;
    this.cuts = Int32Array.from([...new Set(this.pieces.flat().map((piece) => piece.from))].sort((a, b) => a - b));
    this.cutOf = new Int32Array(channels).fill(-1);
    for (const [index, cut] of this.cuts.entries()) this.cutOf[cut] = index;
    const size = this.records ? batch * rows * columns * this.cuts.length : 0;
    this.until = new Int32Array(size).fill(-1);
    this.lengths = new Int32Array(size);
    this.places = new Int32Array(size);
  }

  /** To be called before another core's program is begun. */
  forget(): void {
    this.until.fill(-1);
  }

  /**
   * Loads the rows of a slice for a window to `dst`, in round `round`. `validUntil`: the last round in which what lies
   * there may still be read.
   */
  load(out: Emitter, slice: number, window: number, dst: number, round: number, validUntil: number): void {
    if (window !== this.lastWindow) {
      this.pixels.pixelsOf(window, this.under);
      this.lastWindow = window;
    }
    const pieces = this.pieces[slice]!;
    let at = dst;
    let last = -1;
    let asOne = 0;
    for (let index = 0; index < pieces.length; index++) {
      const piece = pieces[index]!;
      const { from, length } = piece;
      if (asOne <= 0 && piece.run <= this.shortRun) asOne = piece.run;
      const pixel = this.under[piece.position]!;
      if (pixel < 0) last = extendOr(out, Op.LLDI, Stage.MAIN, at, -1, length, last);
      else if (asOne > 0 || !this.records) last = this.fetch(out, at, pixel, from, length, last);
      else if (this.exact) last = this.exactly(out, at, pixel, from, length, round, last);
      else last = this.inParts(out, at, pixel, from, length, round, validUntil, last);
      asOne -= length;
      at += length;
    }
  }

  private fetch(out: Emitter, at: number, pixel: number, from: number, length: number, last: number): number {
    return extendOr(out, Op.LD, Stage.INPUT, at, this.base + pixel * this.channels + from, length, last);
  }

  private exactly(
    out: Emitter,
    at: number,
    pixel: number,
    from: number,
    length: number,
    round: number,
    last: number,
  ): number {
    const key = pixel * this.cuts.length + this.cutOf[from]!;
    if (this.until[key]! >= round && this.lengths[key] === length)
      return extendOr(out, Op.LMV, Stage.MAIN, at, this.places[key]!, length, last);
    this.remember(key, at, length, round);
    return this.fetch(out, at, pixel, from, length, last);
  }

  private inParts(
    out: Emitter,
    first: number,
    pixel: number,
    firstFrom: number,
    whole: number,
    round: number,
    validUntil: number,
    last: number,
  ): number {
    let at = first;
    let from = firstFrom;
    let left = whole;
    let latest = last;
    while (left > 0) {
      const place = this.find(pixel, from, round);
      let length = left;
      if (place >= 0) {
        length = Math.min(left, this.foundLength);
        latest = extendOr(out, Op.LMV, Stage.MAIN, at, place, length, latest);
      } else {
        length = this.gap(pixel, from, left, round);
        latest = this.fetch(out, at, pixel, from, length, latest);
      }
      at += length;
      from += length;
      left -= length;
    }
    this.remember(pixel * this.cuts.length + this.cutOf[firstFrom]!, first, whole, validUntil);
    return latest;
  }

  private remember(key: number, place: number, length: number, validUntil: number): void {
    this.until[key] = validUntil;
    this.lengths[key] = length;
    this.places[key] = place;
  }

  /** Where the element is in local memory, or -1; sets how many from it on are there. */
  private find(pixel: number, channel: number, round: number): number {
    const { cuts } = this;
    const row = pixel * cuts.length;
    for (let cut = 0; cut < cuts.length && cuts[cut]! <= channel; cut++) {
      const key = row + cut;
      const inside = channel - cuts[cut]!;
      if (this.until[key]! < round || this.lengths[key]! <= inside) continue;
      this.foundLength = this.lengths[key]! - inside;
      return this.places[key]! + inside;
    }
    return -1;
  }

  /** Elements from `channel` on that are not local. */
  private gap(pixel: number, channel: number, most: number, round: number): number {
    const { cuts } = this;
    for (let cut = 0; cut < cuts.length; cut++) {
      const start = cuts[cut]!;
      if (start <= channel) continue;
      if (start >= channel + most) break;
      if (this.until[pixel * cuts.length + cut]! >= round) return start - channel;
    }
    return most;
  }
}

/** Lengthens the last instruction where this one would go on where it ends. Answers with the instruction's number. */
function extendOr(
  out: Emitter,
  op: typeof Op.LD | typeof Op.LMV | typeof Op.LLDI,
  stage: StageCode,
  dst: number,
  src: number,
  length: number,
  last: number,
): number {
  const { columns } = out.to;
  if (last >= 0 && columns.op[last] === op) {
    const before = columns.elements[last]!;
    if (columns.dst[last]! + before === dst && (src < 0 || columns.src1[last]! + before === src)) {
      columns.elements[last] = before + length;
      return last;
    }
  }
  return out.put(op, stage, dst, src, -1, length);
}

/** Rows of one slice in the whole unrolled matrix. */
export interface RowRange {
  rowStart: number;
  rowEnd: number;
}

/** The pieces of pixels that make up a slice's rows, in order. */
function piecesOf(slice: RowRange, mapped: MappedLayer, kind: Conv, channels: number): Piece[] {
  const perGroup = channels / kind.groups;
  const block = mapped.groups > 1 ? Math.floor(slice.rowStart / mapped.height) : 0;
  const firstChannel = mapped.groups > 1 ? block * mapped.packed * perGroup : 0;
  const width =
    mapped.groups > 1 ? Math.min(mapped.packed, mapped.groups - block * mapped.packed) * perGroup : channels;
  const blockStart = mapped.groups > 1 ? block * mapped.height : 0;
  const pieces: Piece[] = [];
  for (let row = slice.rowStart - blockStart; row < slice.rowEnd - blockStart; ) {
    const within = row % width;
    const length = Math.min(width - within, slice.rowEnd - blockStart - row);
    pieces.push({ position: Math.floor(row / width), from: firstChannel + within, length, run: length });
    row += length;
  }
  markRuns(pieces, kind, channels);
  return pieces;
}

/** Pieces of whole pixels beside one another in a kernel's row are one run; `run` of its first piece says how long it is. */
function markRuns(pieces: Piece[], kind: Conv, channels: number): void {
  const inRow = kind.dilation[1] === 1;
  for (let index = pieces.length - 2; index >= 0; index--) {
    const [here, next] = [pieces[index]!, pieces[index + 1]!];
    const sameRow = Math.floor(here.position / kind.kernel[1]) === Math.floor(next.position / kind.kernel[1]);
    if (inRow && sameRow && here.from + here.length === channels && next.from === 0) here.run += next.run;
  }
}
