import { type CimHardware, columnsPerWeight } from '../hardware.ts';
import type { CimOperator } from '../types.ts';

/** How an operator's weights lie on its arrays; the same rule by which they are counted (`arraysFor`). */
export interface Tiles {
  /** Array of the copy, row and column of a group's place in the vector and its column of cells. */
  at(group: number, n: number, column: number): { tile: number; row: number; column: number };
  columnsPerWeight: number;
}

export function tilesOf({ inner, columns, groups }: CimOperator, hardware: CimHardware): Tiles {
  const { rows, columns: width } = hardware.array;
  const perWeight = columnsPerWeight(hardware);
  const wide = columns * perWeight;
  if (groups > 1 && inner <= rows && wide <= width) {
    const perArray = Math.min(Math.floor(rows / inner), Math.floor(width / wide));
    return {
      columnsPerWeight: perWeight,
      at: (group, n, column) => {
        const slot = group % perArray;
        return { tile: Math.floor(group / perArray), row: slot * inner + n, column: slot * wide + column };
      },
    };
  }
  const down = Math.ceil(inner / rows);
  const across = Math.ceil(wide / width);
  return {
    columnsPerWeight: perWeight,
    at: (group, n, column) => ({
      tile: (group * down + Math.floor(n / rows)) * across + Math.floor(column / width),
      row: n % rows,
      column: column % width,
    }),
  };
}
