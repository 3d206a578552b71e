import type { Program, Trace } from '../../../../../engines/pim/program/types.ts';
import { WORK, WORK_OF } from '../../readings/kinds.ts';
import { BINS, type Bins, workUntil } from './bins.ts';
import { type Timeline, window } from './timeline.ts';

const KINDS = WORK.length;
/** Kinds of what stands out, then kinds of what does not. */
const PARTS = 2 * KINDS;

/** A core's row on the screen, in pixels of the canvas. */
export interface GanttRow {
  core: number;
  top: number;
  height: number;
}

/** Colours as the canvas holds them: 0xAABBGGRR. */
export interface GanttTheme {
  ground: number;
  stripe: number;
  kinds: readonly number[];
  /** The same for what is not pointed at while something is. */
  faded: readonly number[];
  accent: number;
}

export interface GanttScene {
  program: Program;
  trace: Trace;
  bins: Bins;
  /** Undefined until it has been made: the row is then drawn from the bins. */
  timeline(core: number): Timeline | undefined;
  fromNs: number;
  toNs: number;
  rows: readonly GanttRow[];
  /** The layer that stands out, and the instruction with a frame. */
  layer?: number;
  instruction?: number;
  theme: GanttTheme;
}

/** Lanes thinner than this run into one another: then the core's row is one lane. */
export const LANE_PX = 3;
/** More instructions than these for a pixel are shown by their shares of its time: bars one upon another, and in lanes. */
const FEW = 8;
const DENSE = { heaped: 0.12, lanes: 0.6 };

/**
 * Draws rows of cores into the pixels of a picture `width` x `height`. From afar a pixel's column shows the shares of its
 * time by kind (work that overlaps fills it); from near every instruction is a bar of its own.
 */
export function paintGantt(pixels: Uint32Array, width: number, height: number, scene: GanttScene): void {
  const { rows, theme, bins, fromNs, toNs } = scene;
  pixels.fill(theme.ground);
  const pixelNs = (toNs - fromNs) / width;
  const shares = new Float32Array(width * PARTS);
  const colours = [...theme.kinds, ...theme.faded];
  for (const [index, row] of rows.entries()) {
    if (row.top >= height || row.top + row.height <= 0) continue;
    if (index % 2 === 1) fill(pixels, width, height, 0, width, row.top, row.height, theme.stripe);
    const inner = { ...row, top: row.top + gapOf(row), height: Math.max(1, row.height - 2 * gapOf(row)) };
    const line = pixelNs >= bins.binNs ? undefined : scene.timeline(row.core);
    if (!line) {
      sharesFromBins(shares, width, row.core, scene, pixelNs);
      paintShares(pixels, width, height, inner, shares, colours);
      continue;
    }
    const [first, last] = window(line, scene.trace, fromNs, toNs);
    const dense = lanesOf(inner, line).lanes > 1 ? DENSE.lanes : DENSE.heaped;
    if (last - first > Math.max(FEW, width * dense)) {
      sharesFromInstructions(shares, width, line, first, last, scene, pixelNs);
      paintShares(pixels, width, height, inner, shares, colours);
    } else {
      paintBars(pixels, width, height, inner, line, first, last, scene, pixelNs);
    }
  }
}

/** Air above and below the bars of a row. */
export function gapOf({ height }: Pick<GanttRow, 'height'>): number {
  return height >= 12 ? 2 : height >= 5 ? 1 : 0;
}

function sharesFromBins(shares: Float32Array, width: number, core: number, scene: GanttScene, pixelNs: number): void {
  const { sums, binNs } = scene.bins;
  const step = pixelNs / binNs;
  const start = scene.fromNs / binNs;
  shares.fill(0);
  for (let kind = 0; kind < KINDS; kind++) {
    const row = (core * KINDS + kind) * (BINS + 1);
    let before = workUntil(sums, row, start);
    for (let x = 0; x < width; x++) {
      const after = workUntil(sums, row, start + (x + 1) * step);
      shares[x * PARTS + kind] = (after - before) / step;
      before = after;
    }
  }
}

function sharesFromInstructions(
  shares: Float32Array,
  width: number,
  { order }: Timeline,
  first: number,
  last: number,
  { program, trace, fromNs, layer }: GanttScene,
  pixelNs: number,
): void {
  shares.fill(0);
  for (let at = first; at < last; at++) {
    const instruction = order[at]!;
    const kind =
      WORK_OF[program.op[instruction]!]! + (layer === undefined || program.layer[instruction] === layer ? 0 : KINDS);
    const from = Math.max(0, (trace.startNs[instruction]! - fromNs) / pixelNs);
    const to = Math.min(width, (trace.endNs[instruction]! - fromNs) / pixelNs);
    if (to <= from) continue;
    const lastPixel = Math.min(width - 1, Math.floor(to));
    for (let x = Math.floor(from); x <= lastPixel; x++)
      shares[x * PARTS + kind]! += Math.min(to, x + 1) - Math.max(from, x);
  }
}

function paintShares(
  pixels: Uint32Array,
  width: number,
  height: number,
  row: GanttRow,
  shares: Float32Array,
  colours: readonly number[],
): void {
  const bottom = row.top + row.height;
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let part = 0; part < PARTS; part++) sum += shares[x * PARTS + part]!;
    if (sum < 1e-4) continue;
    const scale = row.height / Math.max(1, sum);
    let filled = 0;
    let reached = bottom;
    for (let part = 0; part < PARTS; part++) {
      const share = shares[x * PARTS + part]!;
      if (share <= 0) continue;
      filled += share * scale;
      // What is there at all is at least a pixel high.
      const top = Math.max(row.top, Math.min(reached - (reached === bottom ? 1 : 0), Math.round(bottom - filled)));
      for (let y = Math.min(reached, height) - 1; y >= Math.max(top, 0); y--) pixels[y * width + x] = colours[part]!;
      reached = Math.min(reached, top);
    }
  }
}

function paintBars(
  pixels: Uint32Array,
  width: number,
  height: number,
  row: GanttRow,
  line: Timeline,
  first: number,
  last: number,
  scene: GanttScene,
  pixelNs: number,
): void {
  const { program, trace, fromNs, theme, layer } = scene;
  const { lanes, laneHeight } = lanesOf(row, line);
  for (let at = first; at < last; at++) {
    const instruction = line.order[at]!;
    const from = (trace.startNs[instruction]! - fromNs) / pixelNs;
    const to = (trace.endNs[instruction]! - fromNs) / pixelNs;
    if (to < 0 || from > width) continue;
    const kind = WORK_OF[program.op[instruction]!]!;
    const colours = layer === undefined || program.layer[instruction] === layer ? theme.kinds : theme.faded;
    const left = Math.round(from);
    // A line of ground between neighbours, where there is room for one.
    const right = Math.max(left + 1, Math.round(to) - (to - from > 3 ? 1 : 0));
    const lane = lanes === 1 ? 0 : line.lane[at]!;
    const top = row.top + Math.round(lane * laneHeight);
    const tall = Math.max(
      1,
      Math.round((lane + 1) * laneHeight) - Math.round(lane * laneHeight) - (laneHeight >= 5 ? 1 : 0),
    );
    fill(pixels, width, height, left, right, top, tall, colours[kind]!);
    if (instruction === scene.instruction) frame(pixels, width, height, left, right, top, tall, theme.accent);
  }
}

export function lanesOf(row: Pick<GanttRow, 'height'>, line: Timeline): { lanes: number; laneHeight: number } {
  const lanes = row.height / line.lanes >= LANE_PX ? line.lanes : 1;
  return { lanes, laneHeight: row.height / lanes };
}

function fill(
  pixels: Uint32Array,
  width: number,
  height: number,
  left: number,
  right: number,
  top: number,
  tall: number,
  colour: number,
): void {
  const from = Math.max(0, left);
  const to = Math.min(width, right);
  if (to <= from) return;
  const last = Math.min(height, top + tall);
  for (let y = Math.max(0, top); y < last; y++) pixels.fill(colour, y * width + from, y * width + to);
}

function frame(
  pixels: Uint32Array,
  width: number,
  height: number,
  left: number,
  right: number,
  top: number,
  tall: number,
  colour: number,
): void {
  fill(pixels, width, height, left - 2, right + 2, top - 2, 2, colour);
  fill(pixels, width, height, left - 2, right + 2, top + tall, 2, colour);
  fill(pixels, width, height, left - 2, left, top - 2, tall + 4, colour);
  fill(pixels, width, height, right, right + 2, top - 2, tall + 4, colour);
}
