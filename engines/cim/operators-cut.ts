import { type CimHardware, columnsPerWeight } from './hardware.ts';
import { arraysFor } from './operators-product.ts';

/** [from, to) of inner, columns and groups of a product. */
export interface Piece {
  inner: [number, number];
  columns: [number, number];
  groups: [number, number];
}

/** Row tiles of a part at most a quarter of the chip, so that a part is not one column of arrays alone (ours). */
export const ROW_SHARE = 4;

interface Matrices {
  inner: number;
  columns: number;
  groups: number;
}

/** How a product is cut: in so many pieces of its groups, each in so many of inner and of columns. */
interface Cut {
  groups: number;
  inner: number;
  columns: number;
}

/**
 * A product cut into pieces that each fit on the chip (CMSwitch, section 4.2: greedily), in equal lengths, the last
 * shorter: first by groups, then by inner (at most a quarter of the chip's arrays below one another), then by columns.
 * Undefined where not even one column of weights fits.
 */
export function cut(product: Matrices, hardware: CimHardware): { number: number; pieces(): Piece[] } | undefined {
  const found = cutOf(product, hardware);
  if (!found) return undefined;
  const groups = even(product.groups, found.groups);
  const inner = even(product.inner, found.inner);
  const columns = even(product.columns, found.columns);
  return {
    number: groups.length * inner.length * columns.length,
    pieces: () =>
      groups.flatMap((own) =>
        inner.flatMap((rows) => columns.map((wide) => ({ inner: rows, columns: wide, groups: own }))),
      ),
  };
}

function cutOf({ inner, columns, groups }: Matrices, hardware: CimHardware): Cut | undefined {
  const { arrays } = hardware;
  if (arraysFor(inner, columns, groups, hardware) <= arrays) return { groups: 1, inner: 1, columns: 1 };
  if (arraysFor(inner, columns, 1, hardware) <= arrays) {
    let times = 2;
    while (arraysFor(inner, columns, Math.ceil(groups / times), hardware) > arrays) times++;
    return { groups: times, inner: 1, columns: 1 };
  }
  const rows = Math.ceil(inner / hardware.array.rows);
  const wide = Math.ceil((columns * columnsPerWeight(hardware)) / hardware.array.columns);
  for (let tile = Math.min(rows, Math.max(1, Math.floor(arrays / ROW_SHARE))); tile >= 1; tile--) {
    const down = Math.ceil(rows / tile);
    const length = Math.ceil(inner / down);
    for (let across = Math.ceil(wide / Math.max(1, Math.floor(arrays / tile))); across <= columns; across++) {
      if (arraysFor(length, Math.ceil(columns / across), 1, hardware) <= arrays) {
        return { groups, inner: down, columns: across };
      }
      // Whole weights only: their columns do not end where the arrays do, so a few more pieces may be needed.
      if (Math.ceil(columns / across) === 1) break;
    }
  }
  return undefined;
}

/** [0, size) in at most `times` pieces of equal length, the last shorter. */
function even(size: number, times: number): [number, number][] {
  const each = Math.ceil(size / times);
  const pieces: [number, number][] = [];
  for (let from = 0; from < size; from += each) pieces.push([from, Math.min(size, from + each)]);
  return pieces;
}
