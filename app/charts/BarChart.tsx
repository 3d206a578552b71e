import { type Axis, axisBottom, scaleBand, scaleLinear } from 'd3';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { formatDelta, formatNumber } from '../ui/format.ts';
import { judge } from '../ui/Readings.tsx';
import { useAxis } from './axis.ts';
import { ChartFrame, ChartLegend } from './ChartFrame.tsx';
import { onRowKey } from './row-keys.ts';
import { texts } from './texts.ts';
import { LETTER, shortened, useWidth } from './use-width.ts';

export interface Bar {
  id: string;
  label: string;
  value: number;
  /** The same in the pinned result. */
  pinned?: number;
  /** Its category, named in the legend, and that category's colour. */
  kind: string;
  colour: ChartColour;
  /** What else belongs to the exact numbers. */
  detail?: string;
}

/** The eight data colours. */
export type ChartColour = `c${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

export interface BarChartProps {
  title: string;
  /** What the bars are counts of, as the axis says it: "Cells". */
  quantity: string;
  unit: string;
  /** What a bar stands for, as the table says it: "Cell type". */
  subject: string;
  bars: readonly Bar[];
  better?: 'lower' | 'higher';
  /** Of saved files, without an ending. */
  fileName: string;
}

const ROW = 24;
const BAR = 12;
const TOP = 4;
const AXIS = 40;
const GAP = 8;

/**
 * Counts as horizontal bars, each with the outline of its pinned value where that differs. Hover, tap and the arrow keys tell the exact
 * numbers; the chart can be saved as SVG, PNG and CSV. Whoever uses it puts the table of the same numbers beside it.
 */
export function BarChart(props: BarChartProps) {
  const { title, quantity, unit, subject, bars, better, fileName } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const axis = useRef<SVGGElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<string>();
  const pinned = bars.some((bar) => bar.pinned !== undefined);

  const longest = bars.reduce((most, { label }) => Math.max(most, label.length), 0);
  const left = Math.min(longest * LETTER, width * 0.36) + GAP;
  const right = width - (pinned ? 128 : 64);
  const height = TOP + bars.length * ROW + AXIS;
  const { x, y } = useMemo(() => {
    const most = bars.reduce((found, { value, pinned: before = 0 }) => Math.max(found, value, before), 1);
    return {
      x: scaleLinear([0, most], [left, Math.max(right, left + 40)]).nice(5),
      y: scaleBand(
        bars.map((bar) => bar.id),
        [TOP, TOP + bars.length * ROW],
      ),
    };
  }, [bars, left, right]);

  const ticks = useMemo(() => {
    const whole = x.ticks(Math.max(2, Math.min(8, (right - left) / 72))).filter(Number.isInteger);
    return (axisBottom(x) as Axis<number>)
      .tickValues(whole)
      .tickFormat((value) => formatNumber(value))
      .tickSize(-bars.length * ROW)
      .tickPadding(6);
  }, [x, left, right, bars.length]);
  useAxis(axis, ticks);

  const current = bars.find((bar) => bar.id === active);
  const move = (event: KeyboardEvent) => onRowKey(event, { rows: bars.map((bar) => bar.id), active, point: setActive });
  const words = (bar: Bar) => exact(bar, unit, better);
  const rows = () => {
    const head = [subject, texts.kind, quantity, ...(pinned ? [texts.pinned] : [])];
    return [head, ...bars.map((bar) => [bar.label, bar.kind, bar.value, ...(pinned ? [bar.pinned] : [])])];
  };
  const kinds = new Map(bars.map(({ kind, colour }) => [kind, colour]));

  return (
    <ChartFrame
      title={title}
      readout={current && words(current)}
      fileName={fileName}
      drawing={drawing}
      width={width}
      height={height}
      rows={rows}
      legend={
        <ChartLegend
          items={[
            ...[...kinds].map(([name, colour]) => ({ name, colour: `var(--${colour})` })),
            ...(pinned ? [{ name: texts.pinned, pinned }] : []),
          ]}
        />
      }
    >
      <div
        ref={box}
        className="chart-box"
        role="listbox"
        aria-label={title}
        aria-activedescendant={current && `${id}${current.id}`}
        tabIndex={0}
        onKeyDown={move}
        onFocus={() => setActive((was) => was ?? bars[0]?.id)}
        onPointerLeave={() => setActive(undefined)}
      >
        <svg
          role="presentation"
          ref={drawing}
          className="chart-svg"
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
        >
          <g ref={axis} aria-hidden transform={`translate(0 ${TOP + bars.length * ROW})`} />
          <text className="chart-axis-name" aria-hidden x={(left + right) / 2} y={height - 6}>
            {quantity}
          </text>
          {bars.map((bar) => (
            <g key={bar.id} transform={`translate(0 ${y(bar.id) ?? 0})`}>
              <g
                id={`${id}${bar.id}`}
                role="option"
                aria-selected={bar.id === active}
                aria-label={words(bar)}
                className="chart-row"
                onPointerEnter={() => setActive(bar.id)}
                onPointerDown={() => setActive(bar.id)}
              >
                <rect className="chart-reach" width={width} height={ROW} />
                <rect
                  x={left}
                  y={(ROW - BAR) / 2}
                  width={x(bar.value) - left}
                  height={BAR}
                  style={{ fill: `var(--${bar.colour})` }}
                />
                {bar.pinned !== undefined && bar.pinned !== bar.value && (
                  <rect
                    className="chart-pinned"
                    x={left}
                    y={(ROW - BAR) / 2 - 3}
                    width={x(bar.pinned) - left}
                    height={BAR + 6}
                  />
                )}
              </g>
              <text aria-hidden className="chart-label" x={left - GAP} y={ROW / 2 + 4}>
                {shortened(bar.label, (left - GAP) / LETTER)}
              </text>
              <text
                aria-hidden
                className="chart-value"
                x={x(Math.max(bar.value, bar.pinned ?? 0)) + GAP}
                y={ROW / 2 + 4}
              >
                {formatNumber(bar.value)}
                {bar.pinned !== undefined && bar.pinned !== bar.value && ` ${formatDelta(bar.value, bar.pinned)}`}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </ChartFrame>
  );
}

/** "XOR: 42 cells, pinned 40 cells, ▲ 5.0 % worse ($_XOR_)". */
function exact({ label, value, pinned, detail }: Bar, unit: string, better: BarChartProps['better']): string {
  const verdict = judge({ value, pinned, better });
  const change =
    pinned === undefined
      ? ''
      : `, ${texts.pinnedAt} ${formatNumber(pinned, unit)}, ${formatDelta(value, pinned)}${verdict ? ` ${verdict}` : ''}`;
  return `${label}: ${formatNumber(value, unit)}${change}${detail ? ` (${detail})` : ''}`;
}
