import { useMemo } from 'react';
import type { RtlReport } from '../../../../engines/rtl/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import { judge } from '../../../ui/Readings.tsx';
import { openPlace } from '../state.ts';
import { texts } from '../texts.ts';
import { type CellKind, describeType, KIND_COLOURS } from './cell-types.ts';
import { type Compared, compareModules, compareTypes } from './compare.ts';

const MOST_BARS = 10;

/** Cells of each type as bars, with their change against the pinned result. The table behind it is in Cells. */
export function TypeBars({ report, pinned }: { report: RtlReport; pinned: RtlReport | undefined }) {
  const rows = useMemo(() => byName(compareTypes(report.cellsByType, pinned?.cellsByType)), [report, pinned]);
  const most = rows.reduce((found, row) => Math.max(found, row.now, row.pinned ?? 0), 1);
  return (
    <>
      <ul className="bars">
        {rows.slice(0, MOST_BARS).map(({ key: name, kind, types, now, pinned: before }) => {
          return (
            <li key={name} className="bar-row" title={`${name}: ${types.join(', ')}`}>
              <span className="bar-name">{name}</span>
              <span className="bar-count num">{formatNumber(now)}</span>
              {before !== undefined && <Change now={now} before={before} />}
              <span className="bar-track" aria-hidden>
                <i
                  className="bar-fill"
                  style={{ width: `${(100 * now) / most}%`, background: `var(--${KIND_COLOURS[kind]})` }}
                />
                {before !== undefined && before !== now && (
                  <i className="bar-before" style={{ left: `${(100 * before) / most}%` }} />
                )}
              </span>
            </li>
          );
        })}
      </ul>
      {rows.length > MOST_BARS && <p className="hint">{texts.types.rest(rows.length - MOST_BARS)}</p>}
    </>
  );
}

/** Types that are one in words (they differ in the sense of a clock or a reset) as one row. */
export function byName(rows: readonly Compared[]): (Compared & { kind: CellKind; types: string[] })[] {
  const merged = new Map<string, Compared & { kind: CellKind; types: string[] }>();
  for (const row of rows) {
    const { name, kind } = describeType(row.key);
    const same = merged.get(name);
    merged.set(name, {
      key: name,
      kind,
      types: [...(same?.types ?? []), row.key],
      now: row.now + (same?.now ?? 0),
      pinned: row.pinned === undefined ? undefined : row.pinned + (same?.pinned ?? 0),
    });
  }
  return [...merged.values()].sort((a, b) => b.now - a.now);
}

/** How many more or fewer than in the pinned result: a sign and a number. */
export function Change({ now, before }: { now: number; before: number }) {
  const verdict = judge({ value: now, pinned: before, better: 'lower' });
  const words = verdict ? ` ${verdict}` : '';
  return (
    <span
      className={`bar-change num delta ${verdict ? `delta-${verdict}` : ''}`}
      title={`${formatNumber(before)}${words}`}
    >
      {now === before ? '=' : `${now > before ? '+' : '\u2212'}${formatNumber(Math.abs(now - before))}`}
    </span>
  );
}

/** Cells of each module; a press goes to the module's source. */
export function ModuleTable({ report, pinned }: { report: RtlReport; pinned: RtlReport | undefined }) {
  const rows = useMemo(() => compareModules(report, pinned), [report, pinned]);
  return (
    <ul className="jumps">
      {rows.slice(0, 30).map(({ key, now, pinned: before, instances }) => {
        const where = report.modules.find((info) => info.sourceName === key)?.where;
        const body = (
          <>
            <span className="jump-name mono">{key}</span>
            {instances > 1 && <span className="jump-times num">{`${formatNumber(instances)}\u202f\u00d7`}</span>}
            <span className="jump-value num">{formatNumber(now)}</span>
            {before !== undefined && <Change now={now} before={before} />}
          </>
        );
        return (
          <li key={key}>
            {where ? (
              <button type="button" className="jump jump-press" onClick={() => openPlace(where)}>
                {body}
              </button>
            ) : (
              <span className="jump">{body}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
