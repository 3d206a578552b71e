import type { KeyboardEvent } from 'react';

export interface RowKeys {
  /** Ids of the rows, from the top. */
  rows: readonly string[];
  /** The row that is pointed at. */
  active: string | undefined;
  point(id: string | undefined): void;
  /** Enter and space; left out, they do what the browser does with them. */
  press?(id: string): void;
}

/** The keys of a chart of rows: up and down, the first and the last, and pressing the one that is pointed at. */
export function onRowKey(event: KeyboardEvent, { rows, active, point, press }: RowKeys): void {
  const at = active === undefined ? -1 : rows.indexOf(active);
  if (press && (event.key === 'Enter' || event.key === ' ') && active !== undefined) {
    event.preventDefault();
    press(active);
    return;
  }
  const last = rows.length - 1;
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  point(rows[Math.min(Math.max(next, 0), last)]);
}

/** Scrolls to the row that the keys went to. */
export function showRow(elementId: string): void {
  document.getElementById(elementId)?.scrollIntoView({ block: 'nearest' });
}
