import { type Axis, axisBottom, axisLeft, bisector, line, scaleLinear, scaleLog } from 'd3';
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { formatNumber } from '../ui/format.ts';
import type { ChartColour } from './BarChart.tsx';
import { ChartFrame, ChartLegend } from './ChartFrame.tsx';
import { Plane } from './Plane.tsx';
import { texts } from './texts.ts';
import { useWidth } from './use-width.ts';

export interface Series {
  id: string;
  name: string;
  colour: ChartColour;
  /** By rising x. A y that is missing leaves a gap. */
  points: readonly (readonly [x: number, y: number | undefined])[];
  dashed?: boolean;
  /** The value holds until the next point: memory in use. */
  steps?: boolean;
}

export interface LineChartProps {
  title: string;
  x: { label: string; unit: string; log?: boolean; whole?: boolean };
  y: { label: string; unit: string; log?: boolean; fromZero?: boolean };
  series: readonly Series[];
  /** A level that is not to be passed: the size of a memory. */
  limit?: { name: string; value: number };
  fileName: string;
  height?: number;
  /** A dot at every point: for few, measured ones. */
  dots?: boolean;
  stale?: boolean;
  onHover?(x: number | undefined): void;
}

const LEFT = 76;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 44;
const EDGES = { left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM };

/** Lines over a common axis. Point, tap or use the arrow keys for exact numbers. */
export function LineChart(props: LineChartProps) {
  const { title, x: across, y: up, series, limit, fileName, height = 240, dots, stale, onHover } = props;
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<number>();

  const xs = useMemo(
    () => [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b),
    [series],
  );
  const { x, y } = useMemo(() => {
    let low = Number.POSITIVE_INFINITY;
    let high = limit?.value ?? Number.NEGATIVE_INFINITY;
    for (const { points } of series)
      for (const [, value] of points)
        if (value !== undefined) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
    if (!(low <= high)) low = high = Number.isFinite(high) ? high : 1;
    const bottom = up.log ? low : up.fromZero === false ? low - (high - low) * 0.08 : Math.min(0, low);
    const top = high > bottom ? high : bottom + Math.abs(bottom || 1) * 0.1;
    const [first = 0, last = 1] = [xs[0], xs.at(-1)];
    const least = across.whole ? 1 : Math.abs(first || 1) * 0.1;
    const span: [number, number] = [first, last > first ? last : first + least];
    return {
      x: (across.log ? scaleLog : scaleLinear)(span, [LEFT, width - RIGHT]),
      y: (up.log ? scaleLog : scaleLinear)([bottom, top], [height - BOTTOM, TOP]).nice(),
    };
  }, [series, xs, limit, up.log, up.fromZero, across.log, across.whole, width, height]);

  const axes = useMemo(() => {
    const few =
      across.log && xs.length <= 9 ? xs : ticksOf(x, Math.max(2, Math.min(8, (width - LEFT) / 90)), across.whole);
    const horizontal = (axisBottom(x) as Axis<number>)
      .tickValues(few)
      .tickFormat((value) => formatNumber(value, across.unit))
      .tickSize(4)
      .tickPadding(6);
    const vertical = (axisLeft(y) as Axis<number>)
      .tickValues(y.ticks(4).filter((_, index, all) => all.length <= 8 || index % Math.ceil(all.length / 8) === 0))
      .tickFormat((value) => formatNumber(value, up.unit))
      .tickSize(-(width - LEFT - RIGHT))
      .tickPadding(8);
    return { horizontal, vertical };
  }, [x, y, xs, width, across.unit, across.log, across.whole, up.unit]);

  const point = (to: number | undefined) => {
    setActive(to);
    onHover?.(to === undefined ? undefined : xs[to]);
  };
  const near = (event: PointerEvent) => {
    const bounds = drawing.current?.getBoundingClientRect();
    if (!bounds || xs.length === 0) return;
    const wanted = x.invert(event.clientX - bounds.left);
    const after = bisector((value: number) => value).left(xs, wanted);
    const before = Math.max(0, after - 1);
    const [low = 0, high = Number.POSITIVE_INFINITY] = [xs[before], xs[after]];
    point(wanted - low <= high - wanted ? before : after);
  };
  const move = (event: KeyboardEvent) => {
    const at = active ?? -1;
    const next = { ArrowRight: at + 1, ArrowLeft: Math.max(0, at - 1), Home: 0, End: xs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    point(Math.min(next, xs.length - 1));
  };
  const valueAt = useMemo(() => {
    const maps = series.map(({ points }) => new Map(points));
    return (index: number, at: number): number | undefined => {
      const found = maps[index]?.get(at);
      if (found !== undefined || !series[index]?.steps) return found;
      const { points } = series[index];
      return points[bisector((each: (typeof points)[number]) => each[0]).right(points, at) - 1]?.[1];
    };
  }, [series]);
  const here = active === undefined ? undefined : xs[active];
  const readout =
    here === undefined
      ? undefined
      : `${across.label} ${formatNumber(here, across.unit)}: ${series
          .map(({ name }, index) => `${name} ${formatNumber(valueAt(index, here), up.unit)}`)
          .join(', ')}`;
  const rows = () => [
    [`${across.label} (${across.unit})`, ...series.map(({ name }) => `${name} (${up.unit})`)],
    ...xs.map((at) => [at, ...series.map((_, index) => valueAt(index, at))]),
  ];
  return (
    <ChartFrame
      title={title}
      readout={readout}
      hint={texts.lineHint}
      fileName={fileName}
      drawing={drawing}
      width={width}
      height={height}
      rows={rows}
      legend={
        series.length > 1 || limit ? (
          <ChartLegend
            items={[
              ...series.map(({ name, colour }) => ({ name, colour: `var(--${colour})` })),
              ...(limit ? [{ name: `${limit.name} ${formatNumber(limit.value, up.unit)}`, colour: 'var(--bad)' }] : []),
            ]}
          />
        ) : undefined
      }
    >
      <Plane
        title={title}
        box={box}
        drawing={drawing}
        width={width}
        height={height}
        edges={EDGES}
        x={{ label: across.label, axis: axes.horizontal }}
        y={{ label: up.label, axis: axes.vertical }}
        count={xs.length}
        at={active ?? 0}
        words={readout ?? texts.lineHint}
        stale={stale}
        reach={{
          onKeyDown: move,
          onFocus: () => active === undefined && point(0),
          onBlur: () => point(undefined),
          onPointerMove: near,
          onPointerDown: near,
          onPointerLeave: () => point(undefined),
        }}
      >
        {limit && (
          <line
            className="chart-limit"
            x1={LEFT}
            x2={width - RIGHT}
            y1={y(limit.value)}
            y2={y(limit.value)}
            style={{ stroke: 'var(--bad)' }}
          />
        )}
        {series.map((each) => (
          <path
            key={each.id}
            className="chart-line"
            d={pathOf(each, x, y)}
            style={{ stroke: `var(--${each.colour})` }}
            strokeDasharray={each.dashed ? '5 4' : undefined}
          />
        ))}
        {dots &&
          series.flatMap((each) =>
            each.points.map(([at, value]) =>
              value === undefined ? null : (
                <circle
                  key={`${each.id} ${at}`}
                  cx={x(at)}
                  cy={y(value)}
                  r={3}
                  style={{ fill: `var(--${each.colour})` }}
                />
              ),
            ),
          )}
        {here !== undefined && (
          <g>
            <line className="chart-cursor" x1={x(here)} x2={x(here)} y1={TOP} y2={height - BOTTOM} />
            {series.map((each, index) => {
              const value = valueAt(index, here);
              return value === undefined ? null : (
                <circle key={each.id} cx={x(here)} cy={y(value)} r={4} style={{ fill: `var(--${each.colour})` }} />
              );
            })}
          </g>
        )}
      </Plane>
    </ChartFrame>
  );
}

function ticksOf(scale: { ticks(count: number): number[] }, count: number, whole = false): number[] {
  return scale.ticks(count).filter((tick) => !whole || Number.isInteger(tick));
}

type Scale = (value: number) => number;

function pathOf({ points, steps }: Series, x: Scale, y: Scale): string {
  if (!steps) {
    const drawn = line<readonly [number, number | undefined]>()
      .defined(([, value]) => value !== undefined)
      .x(([at]) => x(at))
      .y(([, value]) => y(value ?? 0));
    return drawn(points as [number, number | undefined][]) ?? '';
  }
  let path = '';
  for (const [at, value] of points) {
    if (value === undefined) continue;
    path += path === '' ? `M${x(at)},${y(value)}` : `H${x(at).toFixed(1)}V${y(value).toFixed(1)}`;
  }
  return path;
}
