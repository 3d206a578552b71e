import type { CellsOfType, RtlReport } from '../../../../engines/rtl/types.ts';

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

/** Cells of each module of the source, all its instances together, whatever parameters they have. */
export function compareModules(now: RtlReport, pinned?: RtlReport): (Compared & { instances: number })[] {
  const rows = modulesOf(now);
  const compared = join(
    [...rows.values()].sort((a, b) => b.cells - a.cells || (a.name < b.name ? -1 : 1)),
    pinned && [...modulesOf(pinned).values()],
    (row) => row.name,
    (row) => row.cells,
  );
  return compared.map((row) => ({ ...row, instances: rows.get(row.key)?.instances ?? 0 }));
}

function modulesOf(report: RtlReport): Map<string, { name: string; cells: number; instances: number }> {
  const sources = new Map(report.modules.map((info) => [info.name, info.sourceName]));
  const found = new Map<string, { name: string; cells: number; instances: number }>();
  for (const { module, cellsInAll, instances } of report.cellsByModule) {
    const name = sources.get(module) ?? module.replace(/ #\(.*$/, '');
    const row = found.get(name) ?? { name, cells: 0, instances: 0 };
    found.set(name, { name, cells: row.cells + cellsInAll, instances: row.instances + instances });
  }
  return found;
}

/** Figures of a word-level result and of a gate-level one are different things: only like is set against like. */
export function comparable(now: RtlReport, pinned: RtlReport | undefined): RtlReport | undefined {
  return pinned && pinned.stage === now.stage ? pinned : undefined;
}
