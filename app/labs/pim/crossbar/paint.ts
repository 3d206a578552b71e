import type { CrossbarPlane, CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { rampSteps } from '../../../charts/ramp.ts';
import type { Geometry } from './geometry.ts';

/** What the cells' colours stand for. */
export type CellView = 'conductance' | 'deviation' | 'current' | 'voltage';

/** The colours of the theme that is on. */
export interface Palette {
  /** 256 steps, as [red, green, blue]. */
  ramp: [number, number, number][];
  /** From too little over none to too much. */
  apart: [number, number, number][];
  /** Of what is written on pale cells. */
  quiet: string;
  font: string;
}

const STEPS = 256;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ramp: rampSteps(['r0', 'r1', 'r2', 'r3', 'r4'].map(token), STEPS),
    apart: rampSteps(['c1', 'line', 'c6'].map(token), STEPS),
    quiet: token('text-2'),
    font: `12px ${token('mono')}`,
  };
}

/** A share of each cell's colour scale, 0..1, and the values at its two ends. */
export interface Shades {
  of(cell: number): number;
  low: number;
  high: number;
  unit: string;
}

export function shadesOf(view: CellView, report: CrossbarReport, plane: CrossbarPlane, spec: CrossbarSpec): Shades {
  const { gMinUs, gMaxUs, readVolts } = spec;
  const count = report.physicalColumns.length;
  const volts = (cell: number) =>
    plane.wordVolts && plane.bitVolts
      ? plane.wordVolts[cell]! - plane.bitVolts[cell]!
      : plane.volts[Math.floor(cell / count)]!;
  switch (view) {
    case 'conductance':
      return {
        of: (cell) => (report.microsiemens[cell]! - gMinUs) / (gMaxUs - gMinUs),
        low: gMinUs,
        high: gMaxUs,
        unit: 'µS',
      };
    case 'deviation': {
      const most = report.microsiemens.reduce(
        (high, g, cell) => Math.max(high, Math.abs(g - report.targetMicrosiemens[cell]!)),
        (gMaxUs - gMinUs) / 1000,
      );
      return {
        of: (cell) => 0.5 + (report.microsiemens[cell]! - report.targetMicrosiemens[cell]!) / (2 * most),
        low: -most,
        high: most,
        unit: 'µS',
      };
    }
    case 'current': {
      const most = gMaxUs * readVolts;
      return { of: (cell) => (volts(cell) * report.microsiemens[cell]!) / most, low: 0, high: most, unit: 'µA' };
    }
    case 'voltage': {
      const share = (cell: number) => (100 * volts(cell)) / (plane.volts[Math.floor(cell / count)]! || 1);
      let least = 100;
      for (const [row, v] of plane.volts.entries()) {
        for (let cell = row * count; v > 0 && cell < (row + 1) * count; cell++) least = Math.min(least, share(cell));
      }
      const low = least > 99.9 ? 0 : Math.floor(least);
      return { of: (cell) => (share(cell) - low) / (100 - low), low, high: 100, unit: '%' };
    }
  }
}

/** Rows at 0 V carry nothing; they are pale where the colour is the cells' own. */
const RESTING = 0.26;

export function paintCells(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  report: CrossbarReport,
  plane: CrossbarPlane,
  shades: Shades,
  view: CellView,
  palette: Palette,
): void {
  const { columns, rows } = geometry;
  const count = columns.length;
  context.font = palette.font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < count; k++) {
      const at = i * count + k;
      const { x, y, width, height, radius } = cellBox(geometry, i, k);
      const { colour, alpha } = cellColour(at, plane.digits[i]!, shades, view, palette);
      context.globalAlpha = alpha;
      context.fillStyle = `rgb(${colour.join(' ')})`;
      if (radius > 0) {
        context.beginPath();
        context.roundRect(x, y, width, height, radius);
        context.fill();
      } else context.fillRect(x, y, width, height);
      if (view !== 'conductance' || width < 26 || height < 18) continue;
      context.globalAlpha = 1;
      context.fillStyle = alpha < 1 ? palette.quiet : readableOn(colour);
      context.fillText(String(report.levels[at]), x + width / 2, y + height / 2 + 0.5);
    }
  }
  context.globalAlpha = 1;
}

/** Where a cell is drawn, its gap taken off. */
export function cellBox({ cell, columns, rows }: Geometry, row: number, column: number) {
  return {
    x: columns[column]! + cell.gap / 2,
    y: rows[row]! + cell.gap / 2,
    width: Math.max(0.5, cell.width - cell.gap),
    height: cell.height - cell.gap,
    radius: cell.gap >= 6 ? 4 : cell.gap >= 2 ? 1.5 : 0,
  };
}

/** The colour of a cell in a row of this digit. */
export function cellColour(cell: number, digit: number, shades: Shades, view: CellView, palette: Palette) {
  const share = Math.min(1, Math.max(0, shades.of(cell)));
  const scale = view === 'deviation' ? palette.apart : palette.ramp;
  return { colour: scale[Math.round(share * (STEPS - 1))]!, alpha: digit === 0 && view !== 'current' ? RESTING : 1 };
}

/** Black or white, whichever stands out more (WCAG 2, relative luminance). */
function readableOn([red, green, blue]: readonly [number, number, number]): string {
  const linear = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.18 ? '#14181c' : '#ffffff';
}
