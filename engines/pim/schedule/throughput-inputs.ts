import type { Conv, Layer } from '../../onnx/network.ts';
import { Op, Stage, type StageCode } from '../program/types.ts';
import type { MappedLayer } from '../types.ts';
import type { Share } from './common-deal.ts';
import type { Emitter } from './common-emit.ts';
import { type LinePlan, planLines } from './throughput-lines.ts';
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
 * In the own style a core keeps all pixels that later windows of its replicas read (`LinePlan`), if they fit: then each is
 * loaded once, and array groups read it in place where their rows lie in a row.
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
  private lines: Lines | undefined;
  /** The last step whose pixels were loaded. */
  private linesUpTo = -1;
  /** By input pixel: its slot, where the core keeps it. */
  private readonly slotOf: Int32Array;
  /** Windows from one to the next below it that shares pixels with it. */
  private readonly rowSpan: number;
  /** By piece of a slice: where it is kept. */
  private readonly sources: Int32Array;

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
    this.rowSpan = (extent.columns + 1) * kind.dilation[0];
    this.slotOf = new Int32Array(this.records ? batch * rows * columns : 0);
    this.sources = new Int32Array(this.pieces.reduce((most, { length }) => Math.max(most, length), 0));
    const size = this.records ? batch * rows * columns * this.cuts.length : 0;
    this.until = new Int32Array(size).fill(-1);
    this.lengths = new Int32Array(size);
    this.places = new Int32Array(size);
  }

  /** To be called before another core's program is begun; with the pixels that it keeps, if it does. */
  begin(lines: Lines | undefined): void {
    this.lines = lines;
    this.linesUpTo = -1;
    if (!lines) this.until.fill(-1);
  }

  /** Whether the rows of a slice are one piece of one pixel. */
  isOnePiece(slice: number): boolean {
    return this.pieces[slice]!.length === 1;
  }

  /** What a core would keep whose replicas have these slices. */
  planLines(users: readonly { share: Share; slices: readonly number[] }[]): LinePlan | undefined {
    if (!this.records) return undefined;
    const pieces = users.flatMap(({ slices }) => slices.flatMap((slice) => this.pieces[slice]!));
    const channels = {
      low: Math.min(...pieces.map(({ from }) => from)),
      high: Math.max(...pieces.map(({ from, length }) => from + length)),
    };
    const reading = users.map(({ share, slices }) => ({
      share,
      positions: [...new Set(slices.flatMap((slice) => this.pieces[slice]!.map(({ position }) => position)))],
    }));
    return planLines(reading, this.pixels, channels, this.rowSpan, this.slotOf);
  }

  /**
   * The address at which the rows of a slice for a window lie, in round `round`: they are brought to `dst`, or read where
   * they are kept.
   */
  bring(out: Emitter, slice: number, window: number, dst: number, round: number, validUntil: number): number {
    if (!this.lines) {
      this.load(out, slice, window, dst, round, validUntil);
      return dst;
    }
    this.lookUnder(window);
    this.loadLines(out, this.lines, round);
    return this.gather(out, this.lines, slice, dst);
  }

  private lookUnder(window: number): void {
    if (window === this.lastWindow) return;
    this.pixels.pixelsOf(window, this.under);
    this.lastWindow = window;
  }

  /** Loads the pixels that are first needed in a step. */
  private loadLines(out: Emitter, { plan, at }: Lines, step: number): void {
    const { low, width, slots, order, batchEnd } = plan;
    if (this.linesUpTo < 0) out.put(Op.LLDI, Stage.MAIN, at + slots * width, -1, -1, width);
    if (step <= this.linesUpTo) return;
    const from = this.linesUpTo < 0 ? 0 : batchEnd[this.linesUpTo]!;
    this.linesUpTo = step;
    let last = -1;
    for (let index = from; index < batchEnd[step]!; index++) {
      this.slotOf[order[index]!] = index % slots;
      last = this.fetch(out, at + (index % slots) * width, order[index]!, low, width, last);
    }
  }

  /** Copies the pieces of a slice from where they are kept, unless they lie there in a row. */
  private gather(out: Emitter, { plan, at }: Lines, slice: number, dst: number): number {
    const { low, width, slots } = plan;
    const pieces = this.pieces[slice]!;
    const { sources } = this;
    let inARow = true;
    let next = -1;
    for (let index = 0; index < pieces.length; index++) {
      const { position, from, length } = pieces[index]!;
      const pixel = this.under[position]!;
      const source = at + (pixel < 0 ? slots : this.slotOf[pixel]!) * width + from - low;
      sources[index] = source;
      if (index > 0 && source !== next) inARow = false;
      next = source + length;
    }
    if (inARow) return sources[0]!;
    let target = dst;
    let last = -1;
    for (let index = 0; index < pieces.length; index++) {
      const { position, length } = pieces[index]!;
      last =
        this.under[position]! < 0
          ? extendOr(out, Op.LLDI, Stage.MAIN, target, -1, length, last)
          : repeatOr(out, target, sources[index]!, length, last);
      target += length;
    }
    return dst;
  }

  /**
   * Loads the rows of a slice for a window to `dst`, in round `round`. `validUntil`: the last round in which what lies
   * there may still be read.
   */
  load(out: Emitter, slice: number, window: number, dst: number, round: number, validUntil: number): void {
    this.lookUnder(window);
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

/** The same for copies, and where a copy of as many elements follows at the same distance, one instruction with a stride. */
function repeatOr(out: Emitter, dst: number, src: number, length: number, last: number): number {
  const { columns } = out.to;
  if (last < 0 || columns.op[last] !== Op.LMV) return out.put(Op.LMV, Stage.MAIN, dst, src, -1, length);
  const times = columns.repeats[last]!;
  if (times === 1 && columns.src1[last]! + columns.elements[last]! === src)
    return extendOr(out, Op.LMV, Stage.MAIN, dst, src, length, last);
  const stride = times === 1 ? src - columns.src1[last]! : columns.stride[last]!;
  const follows = columns.src1[last]! + times * stride === src && columns.dst[last]! + times * length === dst;
  if (columns.elements[last] !== length || stride <= 0 || !follows)
    return out.put(Op.LMV, Stage.MAIN, dst, src, -1, length);
  columns.stride[last] = stride;
  columns.repeats[last] = times + 1;
  return last;
}

/** Pixels that a core keeps, and where. */
interface Lines {
  plan: LinePlan;
  at: number;
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
