/** Part of a matrix: rows and columns from a corner on. */
export interface Region {
  row: number;
  column: number;
  rows: number;
  columns: number;
}

/**
 * A part of a matrix as cells, one for each element where there is room, else one for `rowsPerCell` x `columnsPerCell` of
 * them: the number of the largest magnitude with its sign, what became of it, and the largest error in the cell.
 */
export interface TensorMap {
  region: Region;
  rowsPerCell: number;
  columnsPerCell: number;
  cellRows: number;
  cellColumns: number;
  /** Row by row. NaN where a cell holds no finite number. */
  values: Float32Array;
  quantized: Float32Array;
  /** Magnitudes. */
  errors: Float32Array;
}

/** The region moved and cut so that it lies within the matrix. */
export function within({ row, column, rows, columns }: Region, matrixRows: number, rowLength: number): Region {
  const placed = (start: number, length: number, most: number): [number, number] => {
    const size = Math.max(Math.min(1, most), Math.min(most, Math.floor(length)));
    return [Math.min(Math.max(0, Math.floor(start)), most - size), size];
  };
  const [top, height] = placed(row, rows, matrixRows);
  const [left, width] = placed(column, columns, rowLength);
  return { row: top, column: left, rows: height, columns: width };
}

/** Makes a map of at most `most` rows and columns of cells. */
export function tensorMap(
  original: Float32Array,
  quantized: Float32Array,
  rowLength: number,
  region: Region,
  most: readonly [rows: number, columns: number],
): TensorMap {
  const rowsPerCell = Math.max(1, Math.ceil(region.rows / most[0]));
  const columnsPerCell = Math.max(1, Math.ceil(region.columns / most[1]));
  const cellRows = Math.ceil(region.rows / rowsPerCell);
  const cellColumns = Math.ceil(region.columns / columnsPerCell);
  const cells = cellRows * cellColumns;
  const map: TensorMap = {
    region,
    rowsPerCell,
    columnsPerCell,
    cellRows,
    cellColumns,
    values: new Float32Array(cells).fill(Number.NaN),
    quantized: new Float32Array(cells).fill(Number.NaN),
    errors: new Float32Array(cells),
  };
  for (let row = 0; row < region.rows; row += 1) {
    const from = (region.row + row) * rowLength + region.column;
    const cellsFrom = Math.floor(row / rowsPerCell) * cellColumns;
    let next = columnsPerCell;
    let cell = cellsFrom;
    for (let column = 0; column < region.columns; column += 1) {
      if (column === next) {
        cell += 1;
        next += columnsPerCell;
      }
      const value = original[from + column]!;
      const coded = quantized[from + column]!;
      const error = Math.abs(coded - value);
      if (error > map.errors[cell]!) map.errors[cell] = error;
      // Greater than nothing (NaN) is every number.
      if (!(Math.abs(value) <= Math.abs(map.values[cell]!)) && Number.isFinite(value)) {
        map.values[cell] = value;
        map.quantized[cell] = coded;
      }
    }
  }
  return map;
}
