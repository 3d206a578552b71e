import type { Provenance } from '../../engines/core/report.ts';
import { classes } from './classes.ts';
import { formatDelta, formatNumber } from './format.ts';
import { Term, type TermInfo } from './Term.tsx';

export interface Reading {
  id: string;
  label: string;
  value: number | undefined;
  unit?: string;
  /** The same figure of the pinned result. */
  pinned?: number;
  /** Which direction is an improvement; left out where neither is. */
  better?: 'lower' | 'higher';
  provenance?: Provenance;
  term?: TermInfo;
  format?(value: number | undefined, unit?: string): string;
  /** How a change is written, where percent of the pinned value would mislead: shares differ by points. */
  change?(value: number, pinned: number): string;
  lesson?: string;
}

const TAGS: Record<Provenance, string> = {
  computed: 'computed',
  measured: 'measured here',
  claimed: 'claimed by a paper',
};

/** Whether a change is good news. Undefined: no change, no pinned value, or neither direction is better. */
export function judge({
  value,
  pinned,
  better,
}: Pick<Reading, 'value' | 'pinned' | 'better'>): 'better' | 'worse' | undefined {
  if (value === undefined || pinned === undefined || value === pinned || !better) return undefined;
  return value < pinned === (better === 'lower') ? 'better' : 'worse';
}

/** The change against the pinned value: arrow for the direction, word (and colour) for what it means. */
export function Delta({ reading }: { reading: Reading }) {
  const { value, pinned, unit } = reading;
  if (value === undefined || pinned === undefined) return null;
  const verdict = judge(reading);
  const before = (reading.format ?? formatNumber)(pinned, unit);
  return (
    <span className={classes('delta', verdict && `delta-${verdict}`)} title={`Pinned: ${before}`}>
      {value === pinned ? 'same' : (reading.change ?? formatDelta)(value, pinned, unit)}
      {verdict && ` ${verdict}`}
    </span>
  );
}

export interface ReadingsProps {
  rows: readonly Reading[];
  /** The first row large, as the figure that the lab is about. */
  hero?: boolean;
  caption?: string;
  /** The figures belong to a design that has changed since: drawn pale until the new ones are there. */
  stale?: boolean;
}

/** Figures with their units, right-aligned, with their change against the pinned result and where they come from. */
export function Readings({ rows, hero, caption = 'Readings', stale }: ReadingsProps) {
  const [first, ...others] = rows;
  const list = hero ? others : rows;
  return (
    <div className={classes('read', stale && 'read-stale')} aria-busy={stale || undefined}>
      {hero && first && (
        <div className="read-hero" data-lesson={first.lesson}>
          <span className="hero num" data-figure={first.id} data-value={first.value}>
            {(first.format ?? formatNumber)(first.value, first.unit)} <small>{first.label}</small>
          </span>
          {first.pinned !== undefined && (
            <div className="read-against">
              against pinned: <Delta reading={first} />
            </div>
          )}
        </div>
      )}
      {list.length > 0 && (
        <table className="read-table">
          <caption className="visually-hidden">{caption}</caption>
          <tbody>
            {list.map((row) => (
              <tr key={row.id} data-reading={row.id} data-lesson={row.lesson}>
                <th scope="row">
                  {row.label}
                  {row.term && <Term term={row.term} mark />}
                  {row.provenance && row.provenance !== 'computed' && (
                    <span className="read-tag">{TAGS[row.provenance]}</span>
                  )}
                </th>
                <td className="read-value num" data-figure={row.id} data-value={row.value}>
                  {(row.format ?? formatNumber)(row.value, row.unit)}
                </td>
                <td className="read-delta">
                  <Delta reading={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
