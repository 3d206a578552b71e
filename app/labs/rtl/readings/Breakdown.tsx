import { useMemo } from 'react';
import type { RtlReport } from '../../../../engines/rtl/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import { judge } from '../../../ui/Readings.tsx';
import { openPlace } from '../state.ts';
import { texts } from '../texts.ts';
import { describeType } from './cell-types.ts';
import { compareModules, compareTypes } from './compare.ts';

const MOST_BARS = 10;

/** Cells of each type as bars, with their change against the pinned result. The table behind it is in Cells. */
export function TypeBars({ report, pinned }: { report: RtlReport; pinned: RtlReport | undefined }) {
  const rows = useMemo(() => compareTypes(report.cellsByType, pinned?.cellsByType), [report, pinned]);
  const most = rows.reduce((found, row) => Math.max(found, row.now, row.pinned ?? 0), 1);
  return (
    <>
      <ul className="bars">
        {rows.slice(0, MOST_BARS).map(({ key, now, pinned: before }) => {
          const { name, kind } = describeType(key);
          return (
            <li key={key} className="bar-row" title={key}>
              <span className="bar-name">{name}</span>
              <span className="bar-count num">{formatNumber(now)}</span>
              {before !== undefined && <Change now={now} before={before} />}
              <span className="bar-track" aria-hidden>
                <i className={`bar-fill kind-${kind}`} style={{ width: `${(100 * now) / most}%` }} />
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
  const rows = useMemo(() => compareModules(report.cellsByModule, pinned?.cellsByModule), [report, pinned]);
  return (
    <ul className="jumps">
      {rows.slice(0, 30).map(({ key, now, pinned: before }) => {
        const module = report.cellsByModule.find((each) => each.module === key);
        const where = report.modules.find((info) => info.name === key)?.where;
        const body = (
          <>
            <span className="jump-name mono">{plainModule(key, report)}</span>
            {module && module.instances > 1 && (
              <span className="jump-times num">{`\u00d7\u202f${module.instances}`}</span>
            )}
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

/** A module's name as written, with its parameters when it was made from a parametrised one. */
function plainModule(name: string, report: RtlReport): string {
  const info = report.modules.find((each) => each.name === name);
  if (!info || info.sourceName === name) return name;
  return `${info.sourceName} (${info.parameters.map((each) => `${each.name} ${each.value}`).join(', ')})`;
}
