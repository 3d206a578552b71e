import { formatDelta, formatNumber } from './format.ts';
import { judge } from './Readings.tsx';

export interface BarRow {
  id: string;
  label: string;
  value: number;
  unit: string;
  /** A colour as CSS has it. */
  colour: string;
  pinned?: number;
  better?: 'lower' | 'higher';
  /** What the label means, or more exact numbers. */
  title?: string;
}

/** Quantities as bars of a common scale under their names, for narrow panels, with their change against the pinned result. */
export function Bars({ rows, label }: { rows: readonly BarRow[]; label: string }) {
  const most = rows.reduce((found, { value, pinned = 0 }) => Math.max(found, value, pinned), 0) || 1;
  return (
    <ul className="bars" aria-label={label}>
      {rows.map((row) => {
        const { id, label: name, value, unit, colour, pinned, title } = row;
        const verdict = judge(row);
        return (
          <li key={id} className="bar-row" title={title} data-bar={id} data-value={value}>
            <span className="bar-name">{name}</span>
            <span className="bar-count num">{formatNumber(value, unit)}</span>
            {pinned !== undefined && (
              <span
                className={`bar-change num delta ${verdict ? `delta-${verdict}` : ''}`}
                title={`${formatNumber(pinned, unit)}${verdict ? ` ${verdict}` : ''}`}
              >
                {formatDelta(value, pinned, unit)}
              </span>
            )}
            <span className="bar-track" aria-hidden>
              <i className="bar-fill" style={{ width: `${(100 * value) / most}%`, background: colour }} />
              {pinned !== undefined && pinned !== value && (
                <i className="bar-before" style={{ left: `${(100 * pinned) / most}%` }} />
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
