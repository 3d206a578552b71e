import type { CrossbarReport } from '../../../../engines/pim/crossbar/types.ts';

/** A stretch of the drawing, from top to bottom. */
export interface Band {
  y: number;
  height: number;
}

/** Where everything of a crossbar stands, in CSS pixels. */
export interface Geometry {
  width: number;
  height: number;
  /** Left edge of the cells, and the end of the drivers before them. */
  left: number;
  cell: { width: number; height: number; gap: number };
  /** Left edge of each physical column. */
  columns: number[];
  /** Top edge of each row. */
  rows: number[];
  /** Each weight's group of columns. */
  groups: { x: number; width: number }[];
  /** Each conversion's columns. */
  conversions: { x: number; width: number }[];
  bits: { x: number; width: number };
  header: Band;
  grid: Band;
  currents: Band;
  codes: Band;
  tree: Band;
  /** Numbers of each output, one band a line; lying down where a group has no room for them. */
  lines: (Band & { line: Line })[];
  upright: boolean;
  outputs: Band;
  errors: Band;
}

/** Width of a letter of the mono font at 12 px. */
export const LETTER = 7.3;
const LABELS = 118;
const BIT = 13;
const VALUE = 44;
const DRIVER = 26;
const RIGHT = 12;
/** Numbers lie down below this room for a letter. */
const LINE = 20;

/** The lines of numbers under the drawing: this plane's part, the sum so far, the result, the ideal. */
export type Line = 'partial' | 'so-far' | 'result' | 'ideal';

export function layOut(
  report: Pick<CrossbarReport, 'rows' | 'columns' | 'physicalColumns' | 'slices' | 'outputs' | 'ideal'>,
  inputBits: number,
  room: number,
): Geometry {
  const { rows, columns, physicalColumns, slices } = report;
  const count = physicalColumns.length;
  const reference = physicalColumns.at(-1)!.weight < 0;
  const bitWidth = inputBits > 8 ? 9 : BIT;
  const left = Math.max(LABELS, VALUE + inputBits * bitWidth + DRIVER + 8);
  const groupGap = columns > 16 ? 3 : columns > 8 ? 6 : 10;
  const referenceGap = reference ? 14 : 0;
  const free = Math.max(200, room - left - RIGHT - groupGap * (columns - 1) - referenceGap);
  const cellWidth = Math.max(1, Math.min(88, free / count));
  const cellHeight = Math.min(Math.max(13, Math.min(52, 400 / rows)), Math.max(18, cellWidth * 1.4));
  const gap =
    Math.min(cellWidth, cellHeight) >= 24 ? 6 : Math.min(cellWidth, cellHeight) >= 10 ? 2 : cellWidth >= 4 ? 1 : 0;

  const xs: number[] = [];
  let x = left;
  for (const [k, column] of physicalColumns.entries()) {
    if (k > 0 && column.weight < 0) x += referenceGap;
    else if (k > 0 && column.weight !== physicalColumns[k - 1]!.weight) x += groupGap;
    xs.push(x);
    x += cellWidth;
  }
  const each = (reference ? count - 1 : count) / columns;
  const groups = Array.from({ length: columns }, (_, weight) => ({ x: xs[weight * each]!, width: each * cellWidth }));
  const perConversion = each / slices;
  const conversions = Array.from({ length: columns * slices }, (_, q) => ({
    x: xs[q * perConversion]!,
    width: perConversion * cellWidth,
  }));

  const letters = Math.max(...[...report.outputs, ...report.ideal].map((value) => value.toFixed(0).length)) + 1.5;
  const upright = groups[0]!.width + groupGap >= letters * LETTER;
  const shown: readonly Line[] = upright ? ['partial', 'so-far', 'result', 'ideal'] : ['result', 'ideal'];

  const header: Band = { y: 4, height: 22 };
  const grid: Band = { y: header.y + header.height + 4, height: rows * cellHeight };
  const currents: Band = { y: grid.y + grid.height + 10, height: 52 };
  const codes: Band = { y: currents.y + currents.height + 8, height: 20 };
  const tree: Band = { y: codes.y + codes.height + 2, height: slices > 1 ? 26 : 10 };
  const lineHeight = upright ? LINE : letters * LETTER + 6;
  const lines = shown.map((line, at) => ({ line, y: tree.y + tree.height + 2 + at * lineHeight, height: lineHeight }));
  const last = lines.at(-1)!;
  const outputs: Band = { y: last.y + last.height + 10, height: 76 };
  const errors: Band = { y: outputs.y + outputs.height + 10, height: 52 };
  return {
    width: Math.max(room, Math.floor(x + RIGHT)),
    height: errors.y + errors.height + 8,
    left,
    cell: { width: cellWidth, height: cellHeight, gap },
    columns: xs,
    rows: Array.from({ length: rows }, (_, i) => grid.y + i * cellHeight),
    groups,
    conversions,
    bits: { x: VALUE, width: bitWidth },
    header,
    grid,
    currents,
    codes,
    tree,
    lines,
    upright,
    outputs,
    errors,
  };
}

/** The cell under a point; undefined between groups and outside. */
export function cellAt(geometry: Geometry, x: number, y: number): { row: number; column: number } | undefined {
  const row = Math.floor((y - geometry.grid.y) / geometry.cell.height);
  if (row < 0 || row >= geometry.rows.length) return undefined;
  const column = columnAt(geometry, x);
  return column === undefined ? undefined : { row, column };
}

export function columnAt({ columns, cell }: Geometry, x: number): number | undefined {
  let low = 0;
  let high = columns.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (columns[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  const start = columns[low]!;
  return x >= start && x < start + cell.width ? low : undefined;
}

/** The bit of an input under a point. */
export function bitAt(
  { bits, grid, cell, rows }: Geometry,
  inputBits: number,
  x: number,
  y: number,
): { row: number; bit: number } | undefined {
  const row = Math.floor((y - grid.y) / cell.height);
  const place = Math.floor((x - bits.x) / bits.width);
  if (row < 0 || row >= rows.length || place < 0 || place >= inputBits) return undefined;
  return { row, bit: inputBits - 1 - place };
}
