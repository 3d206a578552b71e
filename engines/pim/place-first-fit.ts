import type { AgTable } from './types.ts';

/**
 * Writes `core` of every array group; answers with false (the table is then of no use) where one finds no room in `cores`
 * cores. Groups of a layer have the same size, so the search for the next starts where the last one was placed.
 */
export function firstFit(ags: AgTable, perCore: number, cores: number): boolean {
  const free = new Int32Array(cores).fill(perCore);
  let from = 0;
  let lastSize = 0;
  for (let ag = 0; ag < ags.count; ag++) {
    const size = ags.crossbars[ag]!;
    if (size < lastSize) from = 0;
    lastSize = size;
    while (from < cores && free[from]! < size) from++;
    if (from === cores) return false;
    free[from]! -= size;
    ags.core[ag] = from;
  }
  return true;
}
