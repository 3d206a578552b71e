import type { CellsOfModule, CellsOfType, RtlReport } from '../../../../engines/rtl/types.ts';

/** A count now and in the pinned result; 0 where one of them has none. */
export interface Compared {
  key: string;
  now: number;
  pinned: number | undefined;
}

/** Rows of both results, those of the current one first, in its order; `pinned` is left out when nothing is pinned. */
function join<T>(
  now: readonly T[],
  pinned: readonly T[] | undefined,
  keyOf: (row: T) => string,
  countOf: (row: T) => number,
): Compared[] {
  const before = new Map((pinned ?? []).map((row) => [keyOf(row), countOf(row)]));
  const rows = now.map((row) => {
    const key = keyOf(row);
    const old = before.get(key) ?? 0;
    before.delete(key);
    return { key, now: countOf(row), pinned: pinned && old };
  });
  for (const [key, old] of before) rows.push({ key, now: 0, pinned: old });
  return rows;
}

export function compareTypes(now: readonly CellsOfType[], pinned?: readonly CellsOfType[]): Compared[] {
  return join(
    [...now].sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1)),
    pinned,
    (row) => row.type,
    (row) => row.count,
  );
}

export function compareModules(now: readonly CellsOfModule[], pinned?: readonly CellsOfModule[]): Compared[] {
  return join(
    [...now].sort((a, b) => b.cellsInAll - a.cellsInAll || (a.module < b.module ? -1 : 1)),
    pinned,
    (row) => row.module,
    (row) => row.cellsInAll,
  );
}

/** Figures of a word-level result and of a gate-level one are different things: only like is set against like. */
export function comparable(now: RtlReport, pinned: RtlReport | undefined): RtlReport | undefined {
  return pinned && pinned.stage === now.stage ? pinned : undefined;
}
