import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { classes } from './classes.ts';
import { formatNumber } from './format.ts';

export interface Column<R> {
  id: string;
  label: string;
  /** What is sorted by, and shown when there is no `render`. Numbers stand on the right. */
  value(row: R): string | number | undefined;
  render?(row: R): ReactNode;
  unit?: string;
  align?: 'left' | 'right';
  mono?: boolean;
}

export interface TableProps<R> {
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey(row: R): string;
  caption: string;
  onRowClick?(row: R): void;
  onRowHover?(row: R | undefined): void;
  selectedKey?: string;
  rowClass?: string;
  /** The column it starts sorted by; left out, the rows' own order. */
  sort?: { column: string; descending: boolean };
  empty?: string;
}

/** Rows drawn at first, and added whenever the end comes into view: thousands of rows stay fluid. */
const PAGE = 200;

/** A table that sorts by any column; rows can be pressed, also from the keyboard. */
export function Table<R>(props: TableProps<R>) {
  const { columns, rows, rowKey, caption, onRowClick, onRowHover, selectedKey, empty } = props;
  const [sort, setSort] = useState(props.sort);
  const [shown, setShown] = useState(PAGE);
  const sorted = useMemo(() => {
    const column = columns.find(({ id }) => id === sort?.column);
    return column && sort ? sortRows(rows, column.value, sort.descending) : rows;
  }, [columns, rows, sort]);
  const end = useRef<HTMLTableRowElement>(null);
  const more = sorted.length > shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page added moves the end, which is then watched anew.
  useEffect(() => {
    if (!more || !end.current) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setShown((count) => count + PAGE);
    });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [more, shown]);
  const right = (column: Column<R>) =>
    column.align
      ? column.align === 'right'
      : typeof rows[0] !== 'undefined' && typeof column.value(rows[0]) === 'number';
  const press = (id: string) =>
    setSort((was) => {
      const column = columns.find((each) => each.id === id);
      const numeric = column ? right(column) : false;
      return was?.column === id ? { column: id, descending: !was.descending } : { column: id, descending: numeric };
    });
  return (
    <table className="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => {
            const on = sort?.column === column.id;
            const Arrow = sort?.descending ? ArrowDown : ArrowUp;
            return (
              <th
                key={column.id}
                scope="col"
                className={classes(right(column) && 'table-right')}
                aria-sort={on ? (sort.descending ? 'descending' : 'ascending') : undefined}
              >
                <button type="button" className="table-sort" onClick={() => press(column.id)}>
                  {column.label}
                  {on && <Arrow size={12} aria-hidden />}
                </button>
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody onPointerLeave={onRowHover && (() => onRowHover(undefined))}>
        {sorted.slice(0, shown).map((row) => {
          const key = rowKey(row);
          return (
            <tr
              key={key}
              className={classes(props.rowClass, onRowClick && 'table-press', key === selectedKey && 'table-selected')}
              aria-selected={onRowClick ? key === selectedKey : undefined}
              tabIndex={onRowClick ? 0 : undefined}
              onClick={onRowClick && (() => onRowClick(row))}
              onPointerEnter={onRowHover && (() => onRowHover(row))}
              onFocus={onRowHover && (({ target, currentTarget }) => target === currentTarget && onRowHover(row))}
              onKeyDown={
                onRowClick &&
                ((event) => {
                  if (event.target !== event.currentTarget) return;
                  if (event.key === 'Enter' || event.key === ' ') onRowClick(row);
                  else if (event.key === 'ArrowDown')
                    (event.currentTarget.nextElementSibling as HTMLElement | null)?.focus();
                  else if (event.key === 'ArrowUp')
                    (event.currentTarget.previousElementSibling as HTMLElement | null)?.focus();
                  else return;
                  event.preventDefault();
                })
              }
            >
              {columns.map((column) => (
                <td key={column.id} className={classes(right(column) && 'table-right num', column.mono && 'mono')}>
                  {column.render ? column.render(row) : cellText(column.value(row), column.unit)}
                </td>
              ))}
            </tr>
          );
        })}
        {sorted.length === 0 && empty && (
          <tr>
            <td colSpan={columns.length} className="table-empty">
              {empty}
            </td>
          </tr>
        )}
        {more && (
          <tr ref={end}>
            <td colSpan={columns.length} className="table-empty">
              {formatNumber(sorted.length - shown)} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function cellText(value: string | number | undefined, unit?: string): string {
  return typeof value === 'string' ? value : formatNumber(value, unit);
}

/** Sorted by value, the missing last in both directions, ties in the order given. Words go by their numbers: `u2` before `u10`. */
export function sortRows<R>(
  rows: readonly R[],
  value: (row: R) => string | number | undefined,
  descending: boolean,
): R[] {
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  return [...rows].sort((left, right) => {
    const a = value(left);
    const b = value(right);
    if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b));
    return descending ? -order : order;
  });
}
