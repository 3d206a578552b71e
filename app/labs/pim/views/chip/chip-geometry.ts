import type { Hardware } from '../../../../../engines/pim/hardware.ts';
import type { Box } from '../../../../graph/camera.ts';
import { coreColumns } from './chip-model.ts';

/** Side of a crossbar with its gap, in units of the drawing. */
export const CELL = 10;
const GAP = 1;
const CORE_PAD = 3;
const CORE_GAP = 8;
/** Room for the number of a core above it, once that can be read. */
export const LABEL_GAP = 13;
const CHIP_GAP = 36;

/** Where cores and crossbars lie in the drawing; chips, their cores and a core's crossbars are numbered row by row. */
export interface ChipGeometry {
  width: number;
  height: number;
  coreBox(core: number): Box;
  /** Of the crossbar `slot` of a core. */
  cellBox(core: number, slot: number): Box;
  /** What lies at a point: the core, and its crossbar when the point is on one. */
  at(x: number, y: number): { core: number; slot?: number } | undefined;
  /** The core `dx` to the right and `dy` down; the same core at an edge. */
  neighbour(core: number, dx: number, dy: number): number;
}

export function chipGeometry({ chips, cores, crossbar }: Pick<Hardware, 'chips' | 'cores' | 'crossbar'>): ChipGeometry {
  const { perCore } = crossbar;
  const columns = coreColumns(perCore);
  const rows = Math.max(1, Math.ceil(perCore / columns));
  const core = { w: columns * CELL + 2 * CORE_PAD, h: rows * CELL + 2 * CORE_PAD };
  const step = { x: core.w + CORE_GAP, y: core.h + LABEL_GAP };
  const chip = { x: cores.x * step.x - CORE_GAP + CHIP_GAP, y: cores.y * step.y - LABEL_GAP + CHIP_GAP };
  const perChip = cores.x * cores.y;
  const across = chips.x * cores.x;
  const down = chips.y * cores.y;

  const place = (index: number) => {
    const onChip = Math.floor(index / perChip);
    const inside = index % perChip;
    return {
      column: (onChip % chips.x) * cores.x + (inside % cores.x),
      row: Math.floor(onChip / chips.x) * cores.y + Math.floor(inside / cores.x),
    };
  };
  const corner = (index: number) => {
    const { column, row } = place(index);
    return {
      x: Math.floor(column / cores.x) * chip.x + (column % cores.x) * step.x,
      y: Math.floor(row / cores.y) * chip.y + (row % cores.y) * step.y,
    };
  };
  const coreAt = (column: number, row: number) =>
    (Math.floor(row / cores.y) * chips.x + Math.floor(column / cores.x)) * perChip +
    (row % cores.y) * cores.x +
    (column % cores.x);

  return {
    width: chips.x * chip.x - CHIP_GAP,
    height: chips.y * chip.y - CHIP_GAP,
    coreBox: (index) => ({ ...corner(index), ...core }),
    cellBox(index, slot) {
      const { x, y } = corner(index);
      return {
        x: x + CORE_PAD + (slot % columns) * CELL + GAP / 2,
        y: y + CORE_PAD + Math.floor(slot / columns) * CELL + GAP / 2,
        w: CELL - GAP,
        h: CELL - GAP,
      };
    },
    at(x, y) {
      const along = (value: number, chipStep: number, coreStep: number, many: number, each: number) => {
        const which = Math.floor(value / chipStep);
        const inside = Math.floor((value - which * chipStep) / coreStep);
        return which >= 0 && which < many && inside >= 0 && inside < each ? which * each + inside : undefined;
      };
      const column = along(x, chip.x, step.x, chips.x, cores.x);
      const row = along(y, chip.y, step.y, chips.y, cores.y);
      if (column === undefined || row === undefined) return undefined;
      const index = coreAt(column, row);
      const start = corner(index);
      if (x - start.x > core.w || y - start.y > core.h) return undefined;
      const cell = { x: Math.floor((x - start.x - CORE_PAD) / CELL), y: Math.floor((y - start.y - CORE_PAD) / CELL) };
      const slot = cell.y * columns + cell.x;
      const on = cell.x >= 0 && cell.x < columns && cell.y >= 0 && cell.y < rows && slot < perCore;
      return on ? { core: index, slot } : { core: index };
    },
    neighbour(index, dx, dy) {
      const { column, row } = place(index);
      const within = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
      return coreAt(within(column + dx, across), within(row + dy, down));
    },
  };
}
