import type { Box } from '../../../../graph/camera.ts';

/** Sides of a drawn array, px. */
const MOST = 64;
const LEAST = 1;

/** Where the arrays of the chip lie in a drawing, row by row, as large as it allows. */
export interface ChipGeometry {
  columns: number;
  rows: number;
  /** From one array to the next, px. */
  step: number;
  box(array: number): Box;
  at(x: number, y: number): number | undefined;
  /** The array `dx` to the right and `dy` down; the same at an edge. */
  neighbour(array: number, dx: number, dy: number): number;
}

export function chipGeometry(
  { arrays, columns: wanted }: { arrays: number; columns: number },
  view: { w: number; h: number },
): ChipGeometry {
  const columns = Math.max(1, Math.min(wanted, arrays));
  const rows = Math.max(1, Math.ceil(arrays / columns));
  const step = Math.max(LEAST, Math.min(MOST, view.w / columns, view.h / rows));
  const gap = step < 6 ? 0 : Math.max(1, Math.round(step * 0.06));
  const left = Math.max(0, (view.w - columns * step) / 2);
  const top = Math.max(0, (view.h - rows * step) / 2);
  return {
    columns,
    rows,
    step,
    box: (array) => ({
      x: left + (array % columns) * step + gap / 2,
      y: top + Math.floor(array / columns) * step + gap / 2,
      w: step - gap,
      h: step - gap,
    }),
    at(x, y) {
      const column = Math.floor((x - left) / step);
      const array = Math.floor((y - top) / step) * columns + column;
      return column >= 0 && column < columns && y >= top && array < arrays ? array : undefined;
    },
    neighbour(array, dx, dy) {
      const column = (array % columns) + dx;
      const next = array + dx + dy * columns;
      return column < 0 || column >= columns || next < 0 || next >= arrays ? array : next;
    },
  };
}
