import { math } from '../../core/index.ts';
import { levelOf, topLevel } from './coding.ts';
import { cellDraws } from './draw.ts';
import type { Coding, Device, PhysicalColumn } from './types.ts';

/** An array of cells, row by row over its physical columns. Conductances in siemens. */
export interface Cells {
  rows: number;
  columns: readonly PhysicalColumn[];
  levels: Uint16Array;
  target: Float64Array;
}

/** Of a level's step, in siemens. */
export function levelStep(coding: Coding, device: Pick<Device, 'gMinUs' | 'gMaxUs'>): number {
  return ((device.gMaxUs - device.gMinUs) * 1e-6) / topLevel(coding);
}

/** Levels are evenly spaced from the least conductance to the greatest. `weights[row][column]` whole and in range. */
export function programCells(
  weights: readonly (readonly number[])[],
  columns: readonly PhysicalColumn[],
  coding: Coding,
  device: Pick<Device, 'gMinUs' | 'gMaxUs'>,
): Cells {
  const rows = weights.length;
  const count = columns.length;
  const levels = new Uint16Array(rows * count);
  const target = new Float64Array(rows * count);
  const step = levelStep(coding, device);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < count; k++) {
      const column = columns[k]!;
      const level = levelOf(weights[i]![column.weight] ?? 0, column, coding);
      levels[i * count + k] = level;
      target[i * count + k] = device.gMinUs * 1e-6 + level * step;
    }
  }
  return { rows, columns, levels, target };
}

/**
 * Conductances as they are at the time of a read: each programmed with a normally distributed error in proportion to it
 * (and never below 0), then all of them drifted. In siemens.
 */
export function agedConductance(
  cells: Cells,
  device: Pick<Device, 'variationPercent' | 'driftExponent' | 'driftSeconds'>,
  seed: number,
): Float64Array {
  const count = cells.columns.length;
  const actual = cells.target.slice();
  const spread = device.variationPercent / 100;
  const kept = driftFactor(device);
  for (let i = 0; i < cells.rows; i++) {
    const draws = spread > 0 ? cellDraws(i, count, seed) : undefined;
    for (let k = 0; k < count; k++) {
      const at = i * count + k;
      const programmed = draws ? Math.max(0, actual[at]! * (1 + spread * draws[k]!)) : actual[at]!;
      actual[at] = programmed * kept;
    }
  }
  return actual;
}

/** What is left of a conductance: (t / 1 s)^-nu, and all of it before the first second. */
export function driftFactor({ driftExponent, driftSeconds }: Pick<Device, 'driftExponent' | 'driftSeconds'>): number {
  return driftExponent === 0 || driftSeconds <= 1 ? 1 : math.pow(driftSeconds, -driftExponent);
}
