import type { Region } from '../../../../../engines/bfp/tensor-map.ts';

/** Rows and columns of a matrix. */
export interface Size {
  rows: number;
  columns: number;
}

/** As near as one can go. */
const LEAST: Size = { rows: 6, columns: 8 };

export function whole({ rows, columns }: Size): Region {
  return { row: 0, column: 0, rows, columns };
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** The region moved and cut so that it lies in the matrix; its corner and size need not be whole. */
function inside({ row, column, rows, columns }: Region, size: Size): Region {
  const height = clamp(rows, Math.min(LEAST.rows, size.rows), size.rows);
  const width = clamp(columns, Math.min(LEAST.columns, size.columns), size.columns);
  return {
    row: clamp(row, 0, size.rows - height),
    column: clamp(column, 0, size.columns - width),
    rows: height,
    columns: width,
  };
}

/** Zooms by a factor; the place at the shares (0..1) of the picture stays where it is. */
export function zoomed(region: Region, factor: number, x: number, y: number, size: Size): Region {
  const [rows, columns] = [
    clamp(region.rows / factor, Math.min(LEAST.rows, size.rows), size.rows),
    clamp(region.columns / factor, Math.min(LEAST.columns, size.columns), size.columns),
  ];
  const row = region.row + (region.rows - rows) * y;
  const column = region.column + (region.columns - columns) * x;
  return inside({ row, column, rows, columns }, size);
}

/** Moves by shares of the picture. */
export function moved(region: Region, x: number, y: number, size: Size): Region {
  return inside({ ...region, row: region.row + y * region.rows, column: region.column + x * region.columns }, size);
}

/** Moves as little as needed to see a place. */
export function showing(region: Region, row: number, column: number, size: Size): Region {
  return inside(
    {
      ...region,
      row: clamp(region.row, row + 1 - region.rows, row),
      column: clamp(region.column, column + 1 - region.columns, column),
    },
    size,
  );
}

/** The whole rows and columns that a region touches. */
export function covered({ row, column, rows, columns }: Region): Region {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  return { row: top, column: left, rows: Math.ceil(row + rows) - top, columns: Math.ceil(column + columns) - left };
}
