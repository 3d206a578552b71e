import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { MinMax } from '../../../../engines/verilog/wave/summary.ts';
import type { TraceData } from '../../../../engines/verilog/wave/trace.ts';
import { numberAt, type Radix, realText, valueText } from '../../../../engines/verilog/wave/value.ts';
import type { Wave } from '../../../../engines/verilog/wave/wave.ts';
import type { Pen, WaveToken } from './pen.ts';
import type { Row } from './rows.ts';
import { columnsOf, type Segment, segmentsOf } from './segments.ts';
import { tickStep, ticksOf, tickText, timeText, type Viewport, xOf } from './viewport.ts';

export const RULER = 28;
/** Between the line of a row and its neighbours. */
const INSET = 4;
/** Width of the crossing where a bus changes. */
const SLANT = 3;
/** Between the hatches of an unknown value. */
const HATCH = 6;
const TEXT_PAD = 5;
const TICK_PIXELS = 96;

export interface Scene {
  database: WaveDatabase;
  rows: readonly Row[];
  /** Of the rows, those within sight. */
  first: number;
  end: number;
  /** How far the rows are scrolled up. */
  scrolled: number;
  view: Viewport;
  height: number;
  cursors: readonly number[];
  selected: ReadonlySet<string>;
  /** Pixels of the device for one of the page. */
  ratio: number;
  summaries: Summaries;
  /** A stretch that is being chosen. */
  band?: { from: number; to: number };
}

/** Names of the cursors: A, B ... */
export function cursorName(index: number): string {
  return String.fromCharCode(65 + (index % 26));
}

/** Least and greatest of what is drawn as curves, kept from frame to frame. */
export class Summaries {
  private readonly known = new Map<string, { data: TraceData; rewrites: number; summary: MinMax }>();

  of(key: string, data: TraceData, how: 'unsigned' | 'signed' | 'float'): MinMax {
    const id = `${how} ${key}`;
    const found = this.known.get(id);
    if (found && found.data === data && found.rewrites === data.rewrites) return found.summary;
    const summary = new MinMax((entry) => numberAt(data, entry, how));
    this.known.set(id, { data, rewrites: data.rewrites, summary });
    return summary;
  }
}

/** Draws ruler, rows and cursors. */
export function paintWaves(pen: Pen, scene: Scene): void {
  const { view, height, rows, database } = scene;
  const { width } = view;
  const step = tickStep(view, TICK_PIXELS);
  const ticks = ticksOf(view, step);
  pen.rects([0, 0, width, height], 'surface');
  paintOutside(pen, scene);
  const grid: number[] = [];
  for (const tick of ticks) {
    const x = crisp(xOf(view, tick), scene.ratio);
    if (x >= 0 && x <= width) grid.push(x, RULER, x, height);
  }
  pen.lines(grid, 'line', 1);
  const count = Math.max(1, Math.round(width * scene.ratio));
  const columns = columnsOf(database, view.from, view.to, count);
  for (let index = scene.first; index < scene.end; index++) {
    const row = rows[index]!;
    const top = RULER + row.top - scene.scrolled;
    if (row.kind !== 'wave') continue;
    if (scene.selected.has(row.key)) pen.rects([0, top, width, row.height], 'accent-soft', 0.7);
    const data = row.wave && database.data(row.wave);
    if (!row.wave || !data) continue;
    const token: WaveToken = row.shown.colour ? (`c${row.shown.colour}` as WaveToken) : 'c1';
    const box = { top: top + INSET, bottom: top + row.height - INSET, token };
    const segments = clipped(segmentsOf(data, columns), scene, count);
    if (row.height > 40) paintCurve(pen, scene, row, data, segments, box);
    else if (data.type === 'event') paintEvents(pen, segments, box, scene.ratio);
    else if (data.type === 'bits' && data.width === 1) paintBit(pen, data, segments, box, scene.ratio);
    else paintBus(pen, scene, row.wave, row.radix, data, segments, box);
  }
  paintRuler(pen, scene, ticks, step);
  if (scene.band) {
    const [from, to] = [xOf(view, scene.band.from), xOf(view, scene.band.to)];
    pen.rects([Math.min(from, to), RULER, Math.abs(to - from), height - RULER], 'accent', 0.16);
    pen.lines([from, RULER, from, height, to, RULER, to, height], 'accent', 1);
  }
  paintCursors(pen, scene);
}

interface Box {
  top: number;
  bottom: number;
  token: WaveToken;
}

/** Nothing is drawn after the end of the run. */
function clipped(segments: Segment[], { database, view, ratio }: Scene, count: number): Segment[] {
  const last = Math.round(xOf(view, database.endTime) * ratio);
  if (last >= count) return segments;
  return segments.filter(({ start }) => start < last).map((each) => (each.end > last ? { ...each, end: last } : each));
}

function crisp(x: number, ratio: number): number {
  return (Math.round(x * ratio) + 0.5) / ratio;
}

/** What lies before and after the run, and the gaps in which nothing was recorded. */
function paintOutside(pen: Pen, { database, view, height }: Scene): void {
  const rects: number[] = [];
  const strip = (from: number, to: number) => {
    const [left, right] = [Math.max(0, from), Math.min(view.width, to)];
    if (right > left) rects.push(left, RULER, right - left, height - RULER);
  };
  strip(0, xOf(view, Math.min(database.startTime, 0)));
  strip(xOf(view, database.endTime), view.width);
  for (const { from, to } of database.gaps) strip(xOf(view, from), xOf(view, to ?? database.endTime));
  pen.rects(rects, 'sunken', 0.8);
}

function paintRuler(pen: Pen, { database, view, height, ratio }: Scene, ticks: readonly number[], step: number): void {
  pen.rects([0, 0, view.width, RULER], 'surface');
  const marks: number[] = [];
  for (const tick of ticks) {
    const x = crisp(xOf(view, tick), ratio);
    if (x >= 0 && x <= view.width) marks.push(x, RULER - 6, x, RULER);
    pen.text(x + 4, RULER / 2 - 1, tickText(tick, step, database.info.timescale, view.to), 'text-3', { sans: true });
  }
  marks.push(0, RULER - 0.5, view.width, RULER - 0.5);
  pen.lines(marks, 'line-strong', 1);
  const end = crisp(xOf(view, database.endTime), ratio);
  if (end >= 0 && end <= view.width) pen.lines([end, RULER, end, height], 'line-strong', 1);
}

function paintCursors(pen: Pen, { cursors, view, height, ratio, database }: Scene): void {
  for (const [index, time] of [...cursors.entries()].reverse()) {
    const x = crisp(xOf(view, time), ratio);
    if (x < -40 || x > view.width + 40) continue;
    const token = index === 0 ? 'accent' : 'text-2';
    pen.lines([x, RULER - 4, x, height], token, index === 0 ? 1.5 : 1, index === 0 ? undefined : [5, 3]);
    const text = `${cursorName(index)} ${timeText(time, database.info.timescale)}`;
    const width = text.length * pen.letter + 10;
    const left = Math.min(Math.max(x - width / 2, 0), view.width - width);
    pen.rects([left, 2, width, RULER - 8], token);
    pen.text(left + width / 2, RULER / 2 - 2, text, 'surface', { align: 'center' });
  }
}

/** High, low, a hatched box for x, a line in the middle for z, a solid band where there is more than pixels can show. */
function paintBit(
  pen: Pen,
  data: TraceData,
  segments: readonly Segment[],
  { top, bottom, token }: Box,
  ratio: number,
): void {
  const lines: number[] = [];
  const middle: number[] = [];
  const unknown: number[] = [];
  const high: number[] = [];
  const bands: number[] = [];
  const centre = (top + bottom) / 2;
  let before: number | undefined;
  for (const { start, end, from, busy, unknown: mixed } of segments) {
    const [left, right] = [start / ratio, end / ratio];
    if (busy) {
      if (mixed) unknown.push(left, right);
      bands.push(left, top, right - left, bottom - top);
      before = undefined;
      continue;
    }
    const a = data.word(from, 0);
    const b = data.wordB(from, 0);
    const level = b === 0 ? (a === 1 ? top : bottom) : centre;
    if (b === 0) lines.push(left, level, right, level);
    else if (a === 0) middle.push(left, centre, right, centre);
    else unknown.push(left, right);
    if (b === 0 && a === 1) high.push(left, top, right - left, bottom - top);
    if (before !== undefined && before !== level) lines.push(left, before, left, level);
    // The box of an x has edges of its own.
    before = b === 1 && a === 1 ? undefined : level;
  }
  pen.rects(high, token, 0.13);
  pen.rects(bands, token, 0.55);
  pen.lines(lines, token, 1.5);
  pen.lines(middle, 'warn', 1.5);
  paintUnknown(pen, unknown, top, bottom);
}

/** Boxes with hatches, for x: pairs of left and right. */
function paintUnknown(pen: Pen, spans: readonly number[], top: number, bottom: number): void {
  if (spans.length === 0) return;
  const lines: number[] = [];
  const rects: number[] = [];
  const height = bottom - top;
  for (let at = 0; at < spans.length; at += 2) {
    const [left, right] = [spans[at]!, spans[at + 1]!];
    rects.push(left, top, right - left, height);
    lines.push(left, top, right, top, left, bottom, right, bottom);
    if (right - left > 1) lines.push(left, top, left, bottom, right, top, right, bottom);
    // Rising lines whose lower ends are at multiples of the distance, cut off at both sides.
    for (let foot = Math.ceil((left - height) / HATCH) * HATCH; foot < right; foot += HATCH) {
      const [low, high] = [Math.max(foot, left), Math.min(foot + height, right)];
      if (high > low) lines.push(low, bottom - (low - foot), high, bottom - (high - foot));
    }
  }
  pen.rects(rects, 'bad', 0.1);
  pen.lines(lines, 'bad', 1);
}

function paintBus(
  pen: Pen,
  { database, ratio }: Scene,
  wave: Wave,
  radix: Radix,
  data: TraceData,
  segments: readonly Segment[],
  { top, bottom, token }: Box,
): void {
  const lines: number[] = [];
  const middle: number[] = [];
  const unknown: number[] = [];
  const bands: number[] = [];
  const centre = (top + bottom) / 2;
  const texts: [x: number, text: string, token: WaveToken][] = [];
  const names = wave.enumType === undefined ? undefined : database.enums[wave.enumType];
  const open = segments.at(-1)?.end;
  for (const { start, end, from, busy, unknown: mixed } of segments) {
    const [left, right] = [start / ratio, end / ratio];
    if (busy) {
      bands.push(left, top, right - left, bottom - top);
      lines.push(left, top, right, top, left, bottom, right, bottom);
      if (mixed) unknown.push(left, right);
      continue;
    }
    const doubt = data.unknownAt(from) >= 0 ? data.contents(from, from + 1) : undefined;
    const room = Math.floor((right - left - 2 * TEXT_PAD) / pen.letter);
    const allZ = doubt?.z === 1 && isAllZ(data, from);
    if (allZ) {
      middle.push(left, centre, right, centre);
      continue;
    }
    if (doubt?.x === 1) unknown.push(left, right);
    else {
      const slant = Math.min(SLANT, (right - left) / 2);
      // What goes on beyond the edge of the drawing is not closed there.
      const [opens, closes] = [start === 0 ? 0 : slant, end === open ? 0 : slant];
      if (opens > 0) lines.push(left, centre, left + slant, top, left, centre, left + slant, bottom);
      lines.push(left + opens, top, right - closes, top, left + opens, bottom, right - closes, bottom);
      if (closes > 0) lines.push(right - slant, top, right, centre, right - slant, bottom, right, centre);
    }
    if (room < 1) continue;
    const text = valueText(data, from, radix, names);
    const shown = text.length <= room ? text : room > 1 ? `${text.slice(0, room - 1)}…` : '';
    if (shown !== '') texts.push([left + TEXT_PAD, shown, doubt ? 'bad' : 'text']);
  }
  pen.rects(bands, token, 0.35);
  pen.lines(lines, token, 1.25);
  pen.lines(middle, 'warn', 1.5);
  paintUnknown(pen, unknown, top, bottom);
  for (const [x, text, ink] of texts) {
    // Hatches do not run through the value.
    if (ink === 'bad') pen.rects([x - 2, top + 1.5, text.length * pen.letter + 4, bottom - top - 3], 'surface');
    pen.text(x, centre + 0.5, text, ink);
  }
}

function isAllZ(data: TraceData, entry: number): boolean {
  let bits = 0;
  for (let word = 0; word < data.words; word++) {
    if (data.word(entry, word) !== 0) return false;
    for (let rest = data.wordB(entry, word); rest !== 0; rest &= rest - 1) bits++;
  }
  return bits === data.width;
}

function paintEvents(pen: Pen, segments: readonly Segment[], { top, bottom, token }: Box, ratio: number): void {
  const lines: number[] = [];
  const bands: number[] = [];
  for (const { start, end, busy, from } of segments) {
    const left = start / ratio;
    if (busy) bands.push(left, top, (end - start) / ratio, bottom - top);
    // What began before the left edge is not to be seen.
    else if (start > 0 || from === 0) {
      lines.push(left, bottom, left, top, left - 3, top + 4, left, top, left + 3, top + 4, left, top);
    }
  }
  pen.rects(bands, token, 0.55);
  pen.lines(lines, token, 1.5);
}

/** A curve between the least and the greatest value in sight. */
function paintCurve(
  pen: Pen,
  scene: Scene,
  row: Extract<Row, { kind: 'wave' }>,
  data: TraceData,
  segments: readonly Segment[],
  { top, bottom, token }: Box,
): void {
  const how = row.radix === 'signed' || row.radix === 'float' ? row.radix : 'unsigned';
  const summary = scene.summaries.of(row.wave!.path, data, how);
  const { ratio } = scene;
  const [first, last] = [segments[0], segments.at(-1)];
  const range = first && last && summary.range(first.from, last.to, data.count);
  if (!range) {
    paintUnknown(
      pen,
      segments.flatMap(({ start, end }) => [start / ratio, end / ratio]),
      top,
      bottom,
    );
    return;
  }
  const { least, greatest } = range;
  const yOf = (value: number) =>
    greatest === least ? (top + bottom) / 2 : bottom - ((value - least) / (greatest - least)) * (bottom - top);
  const unknown: number[] = [];
  let points: number[] = [];
  const flush = () => {
    pen.polyline(points, token, 1.5);
    points = [];
  };
  for (const segment of segments) {
    const { start, end, from, to, busy } = segment;
    const [left, right] = [start / ratio, end / ratio];
    if (busy) {
      if (!traceBusy(scene, data, summary, segment, yOf, points)) unknown.push(left, right);
      continue;
    }
    const value = numberAt(data, from, how);
    if (value === undefined) {
      flush();
      unknown.push(left, right);
      continue;
    }
    points.push(left, yOf(value));
    if (row.shown.analog === 'step') points.push(right, yOf(value));
    else if (end === last.end) {
      const after = to < data.count ? numberAt(data, to, how) : undefined;
      points.push(right, yOf(after ?? value));
    }
  }
  flush();
  paintUnknown(pen, unknown, top, bottom);
  const label = (y: number, value: number) => {
    const text = realText(value);
    pen.rects([2, y - 7, text.length * pen.letter + 4, 14], 'surface', 0.8);
    pen.text(4, y, text, 'text-2');
  };
  label(top + 6, greatest);
  if (greatest !== least) label(bottom - 6, least);
}

/** In each column the curve goes to its least and its greatest value there. Answers whether there is any. */
function traceBusy(
  { database, view, ratio }: Scene,
  data: TraceData,
  summary: MinMax,
  segment: Segment,
  yOf: (value: number) => number,
  points: number[],
): boolean {
  const each = (view.to - view.from) / (view.width * ratio);
  let entry = segment.from;
  let some = false;
  for (let column = segment.start; column < segment.end; column++) {
    const edge = view.from + (column + 1) * each;
    let step = database.stepAt(edge);
    if (step >= 0 && database.timeOf(step) === edge) step--;
    const end = Math.min(data.after(step, entry), segment.to);
    const range = summary.range(entry, end, data.count);
    entry = end;
    if (!range) continue;
    some = true;
    const x = (column + 0.5) / ratio;
    const [high, low] = [yOf(range.greatest), yOf(range.least)];
    // The nearer end first, so that the line does not cross itself.
    const before = points.at(-1) ?? high;
    if (Math.abs(before - high) < Math.abs(before - low)) points.push(x, high, x, low);
    else points.push(x, low, x, high);
  }
  return some;
}
