import { useMemo } from 'react';
import type { Corner, MapScript, SweepPoint } from '../../../../engines/rtl/types.ts';
import type { ChartColour } from '../../../charts/BarChart.tsx';
import { type Dot, type Mark, Scatter } from '../../../charts/Scatter.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { nameOf } from '../download/downloads.ts';
import { AXES, type SweepAxis } from './axes.ts';
import { plain } from './format.ts';
import { texts } from './texts.ts';

const words = texts.sweep;
const COLOURS: Record<MapScript, ChartColour> = { area: 'c3', balanced: 'c1', delay: 'c6' };
const MARKS: Record<Corner, Mark> = { slow: 'triangle', typical: 'circle', fast: 'square' };

const kindsOf = (own: boolean): Record<string, { name: string; mark: Mark; colour: ChartColour }> =>
  Object.fromEntries(
    (Object.keys(COLOURS) as MapScript[]).flatMap((script) =>
      (Object.keys(MARKS) as Corner[]).map((corner) => [
        `${script} ${corner}`,
        {
          name: `${words.scripts_[script]}${own ? '' : `, ${words.corners_[corner]}`}`,
          mark: MARKS[corner],
          colour: COLOURS[script],
        },
      ]),
    ),
  );

export interface SweepChartProps {
  points: readonly SweepPoint[];
  /** Of a library that is one corner. */
  own: boolean;
  /** Indices of the points that no other beats: filled and joined; the others are hollow. */
  front: ReadonlySet<number>;
  x: SweepAxis;
  y: SweepAxis;
  chosen: number | undefined;
  stale: boolean;
  onChoose(index: number): void;
}

/** Points of a sweep over two quantities: scripts by colour, corners by shape. */
export function SweepChart({ points, own, front, x, y, chosen, stale, onChoose }: SweepChartProps) {
  const dots = useMemo(
    () =>
      points.flatMap((point, id): Dot[] => {
        const [across, up] = [point.figures?.[x.id], point.figures?.[y.id]];
        if (across === undefined || across === null || up === undefined || up === null) return [];
        return [
          {
            id,
            x: across,
            y: up,
            kind: `${point.script} ${point.corner}`,
            hollow: !front.has(id),
            words: say(point, own, !front.has(id)),
          },
        ];
      }),
    [points, own, front, x, y],
  );
  const kinds = useMemo(() => kindsOf(own), [own]);
  const span = useMemo(() => spanOf(dots.map((dot) => dot.y)), [dots]);
  const line = useMemo(
    () => ({
      name: words.front,
      ids: dots
        .filter(({ id }) => front.has(id))
        .sort((a, b) => a.x - b.x || a.y - b.y)
        .map(({ id }) => id),
    }),
    [dots, front],
  );
  if (dots.length === 0) return <p className="hint ppa-note">{words.noAxis}</p>;
  const rows = () => [
    [words.clock, words.script, words.corner, ...Object.values(AXES).map(({ head }) => head), words.dominated],
    ...points.map((point, index) => [
      point.clockNs,
      point.script,
      own ? words.ownCorner : point.corner,
      ...Object.values(AXES).map(({ id }) => point.figures?.[id] ?? undefined),
      point.figures ? (front.has(index) ? words.no : words.yes) : words.failed,
    ]),
  ];
  return (
    <Scatter
      title={words.chart(y.label, x.label.toLowerCase())}
      x={{ label: `${x.label}, ${x.unit}`, unit: '' }}
      y={{ label: `${y.label}, ${y.unit}`, unit: '', span }}
      kinds={kinds}
      dots={dots}
      line={line}
      hint={words.hint}
      fileName={nameOf('-sweep')}
      rows={rows}
      selected={chosen}
      height={280}
      stale={stale}
      onPick={onChoose}
    />
  );
}

/** The exact numbers of a point. */
function say({ clockNs, script, corner, figures }: SweepPoint, own: boolean, beaten: boolean): string {
  const values = Object.values(AXES).flatMap(({ id, label, unit }) => {
    const value = figures?.[id];
    return value === undefined || value === null ? [] : [`${label.toLowerCase()} ${plain(value)} ${unit}`];
  });
  const head = `${formatNumber(clockNs, 'ns')}, ${words.scripts_[script]}${own ? '' : `, ${words.corners_[corner]}`}`;
  return `${head}: ${values.join(', ')}${beaten ? `, ${words.dominated.toLowerCase()}` : ''}`;
}

/** A little air above and below what there is. */
function spanOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(low <= high)) return [0, 1];
  const air = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 ? Math.max(0, low - air) : low - air, high + air];
}
