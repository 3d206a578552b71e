import {
  type Axis,
  axisBottom,
  axisLeft,
  type ScaleLinear,
  type SymbolType,
  scaleLinear,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
} from 'd3';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { formatNumber } from '../ui/format.ts';
import type { ChartColour } from './BarChart.tsx';
import { ChartFrame } from './ChartFrame.tsx';
import { Plane } from './Plane.tsx';
import './scatter.css';
import { LETTER, useWidth } from './use-width.ts';

export type Mark = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'star';

const SYMBOLS: Record<Mark, SymbolType> = {
  circle: symbolCircle,
  square: symbolSquare,
  triangle: symbolTriangle,
  diamond: symbolDiamond,
  cross: symbolCross,
  star: symbolStar,
};

export interface Dot {
  id: number;
  x: number;
  y: number;
  /** An interval of y. */
  low?: number;
  high?: number;
  kind: string;
  /** Drawn hollow. */
  hollow?: boolean;
  /** Written beside it where there is room. */
  label?: string;
  /** The exact numbers. */
  words: string;
}

export interface ScatterProps {
  title: string;
  x: { label: string; unit: string };
  y: { label: string; unit: string; span: readonly [number, number] };
  kinds: Readonly<Record<string, { name: string; mark: Mark; colour: ChartColour }>>;
  dots: readonly Dot[];
  /** Ids of dots that a line joins, and its name. */
  line?: { name: string; ids: readonly number[] };
  level?: { name: string; y: number };
  /** Draws where both are equal. */
  diagonal?: string;
  hint: string;
  fileName: string;
  rows(): (readonly (string | number | undefined)[])[];
  selected?: number;
  height?: number;
  stale?: boolean;
  onPick?(id: number): void;
}

const LEFT = 72;
const RIGHT = 20;
const TOP = 14;
const BOTTOM = 44;
const EDGES = { left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM };
/** How near the pointer must come to a dot, px. */
const REACH = 28;

/**
 * Dots over two quantities: kinds by shape and colour, intervals as whiskers, what lies below the span at its lower edge,
 * pointing down. Exact numbers by pointer or arrow keys; Enter or a click picks.
 */
export function Scatter(props: ScatterProps) {
  const {
    title,
    x: across,
    y: up,
    kinds,
    dots,
    line,
    level,
    diagonal,
    hint,
    fileName,
    rows,
    selected,
    stale,
    onPick,
  } = props;
  const { height = 320 } = props;
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<number>();
  const [bottom, top] = up.span;

  const { x, y } = useMemo(() => {
    const xs = dots.map((dot) => dot.x);
    const [low, high] = [Math.min(...xs), Math.max(...xs)];
    const span = low <= high ? [low, high] : [0, 1];
    const air = (span[1]! - span[0]!) * 0.06 || Math.abs(span[1]!) * 0.1 || 1;
    return {
      x: scaleLinear([Math.max(0, span[0]! - air), span[1]! + air], [LEFT, width - RIGHT]),
      y: scaleLinear([bottom, top], [height - BOTTOM, TOP]),
    };
  }, [dots, bottom, top, width, height]);

  const axes = useMemo(() => {
    const horizontal = (axisBottom(x) as Axis<number>)
      .tickValues(x.ticks(Math.max(2, Math.min(7, (width - LEFT) / 100))))
      .tickFormat((value) => formatNumber(value, across.unit))
      .tickSize(4)
      .tickPadding(6);
    const ticks = y.ticks(5);
    const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const vertical = (axisLeft(y) as Axis<number>)
      .tickValues(ticks)
      .tickFormat((value) => `${value.toFixed(digits)}${up.unit && `\u202f${up.unit}`}`.replace('-', '\u2212'))
      .tickSize(-(width - LEFT - RIGHT))
      .tickPadding(8);
    return { horizontal, vertical };
  }, [x, y, width, across.unit, up.unit]);

  const order = useMemo(() => [...dots].sort((a, b) => a.x - b.x || a.y - b.y), [dots]);
  const near = (event: { clientX: number; clientY: number }): number | undefined => {
    const bounds = drawing.current?.getBoundingClientRect();
    if (!bounds) return undefined;
    let found: number | undefined;
    let least = REACH * REACH;
    for (const dot of dots) {
      const distance =
        (x(dot.x) - event.clientX + bounds.left) ** 2 + (clamped(dot.y, y) - event.clientY + bounds.top) ** 2;
      if (distance >= least) continue;
      least = distance;
      found = dot.id;
    }
    return found;
  };
  const move = (event: KeyboardEvent) => {
    const at = order.findIndex(({ id }) => id === active);
    if ((event.key === 'Enter' || event.key === ' ') && active !== undefined) {
      event.preventDefault();
      onPick?.(active);
      return;
    }
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: order.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setActive(order[Math.min(Math.max(next, 0), order.length - 1)]?.id);
  };
  const here = dots.find(({ id }) => id === active);
  const chosen = dots.find(({ id }) => id === selected);
  const byId = new Map(dots.map((dot) => [dot.id, dot]));
  const joined = line?.ids.flatMap((id) => byId.get(id) ?? []) ?? [];
  const labels = placedLabels(dots, x, y, width - RIGHT);
  const used = Object.entries(kinds).filter(([id]) => dots.some((dot) => dot.kind === id));

  return (
    <ChartFrame
      title={title}
      readout={here?.words}
      hint={hint}
      fileName={fileName}
      drawing={drawing}
      width={width}
      height={height}
      rows={rows}
      legend={
        <ul className="chart-legend">
          {used.map(([id, { name, mark, colour }]) => (
            <li key={id} className="scatter-legend">
              <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden>
                <path d={symbol(SYMBOLS[mark], 56)() ?? ''} style={{ fill: `var(--${colour})` }} />
              </svg>
              {name}
            </li>
          ))}
          {line && joined.length > 1 && (
            <li className="scatter-legend">
              <svg width={16} height={12} viewBox="0 0 16 12" aria-hidden>
                <path className="scatter-front" d="M0,6H16" />
              </svg>
              {line.name}
            </li>
          )}
        </ul>
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
        count={order.length}
        at={order.findIndex(({ id }) => id === active)}
        words={here?.words ?? hint}
        stale={stale}
        reach={{
          onKeyDown: move,
          onFocus: () => active === undefined && setActive(selected ?? order[0]?.id),
          onBlur: () => setActive(undefined),
          onPointerMove: (event) => setActive(near(event)),
          onPointerLeave: () => setActive(undefined),
          onClick: (event) => {
            const id = near(event);
            setActive(id);
            if (id !== undefined) onPick?.(id);
          },
        }}
      >
        {level && level.y >= bottom && level.y <= top && (
          <g>
            <line className="scatter-level" x1={LEFT} x2={width - RIGHT} y1={y(level.y)} y2={y(level.y)} />
            <text className="chart-end" x={width - RIGHT - 4} y={y(level.y) - 4}>
              {level.name}
            </text>
          </g>
        )}
        {diagonal && <Diagonal x={x} y={y} />}
        {dots.map((dot) =>
          dot.low === undefined || dot.high === undefined || dot.y < bottom ? null : (
            <line
              key={dot.id}
              className={dot.id === active || dot.id === selected ? 'scatter-whisker-on' : 'scatter-whisker'}
              x1={x(dot.x)}
              x2={x(dot.x)}
              y1={clamped(dot.low, y)}
              y2={clamped(dot.high, y)}
            />
          ),
        )}
        {joined.length > 1 && (
          <path
            className="scatter-front"
            d={joined.map((dot, i) => `${i === 0 ? 'M' : 'L'}${x(dot.x)},${clamped(dot.y, y)}`).join('')}
          />
        )}
        {dots.map((dot) => {
          const { mark, colour } = kinds[dot.kind] ?? { mark: 'circle' as const, colour: 'c8' as const };
          const below = dot.y < bottom;
          return (
            <path
              key={dot.id}
              className={below ? 'chart-fill scatter-below' : 'chart-fill'}
              d={symbol(below ? symbolTriangle : SYMBOLS[mark], dot.hollow ? 28 : 56)() ?? ''}
              transform={`translate(${x(dot.x)} ${clamped(dot.y, y)})${below ? ' rotate(180)' : ''}`}
              style={
                dot.hollow
                  ? { fill: 'var(--surface)', stroke: `var(--${colour})` }
                  : { fill: `var(--${colour})`, stroke: 'var(--surface)' }
              }
            />
          );
        })}
        {labels.map(({ dot, left }) => (
          <text key={dot.id} className="scatter-label" x={left} y={clamped(dot.y, y) + 4}>
            {dot.label}
          </text>
        ))}
        {chosen && <circle className="scatter-chosen" cx={x(chosen.x)} cy={clamped(chosen.y, y)} r={8} />}
        {here && here !== chosen && <circle className="scatter-here" cx={x(here.x)} cy={clamped(here.y, y)} r={8} />}
      </Plane>
    </ChartFrame>
  );
}

type Scale = ScaleLinear<number, number>;

function clamped(value: number, y: Scale): number {
  const [low = 0, high = 1] = y.domain();
  return y(Math.min(Math.max(value, low), high));
}

function Diagonal({ x, y }: { x: Scale; y: Scale }) {
  const from = Math.max(x.domain()[0]!, y.domain()[0]!);
  const to = Math.min(x.domain()[1]!, y.domain()[1]!);
  if (from >= to) return null;
  return <line className="scatter-level" x1={x(from)} x2={x(to)} y1={y(from)} y2={y(to)} />;
}

/** Labels to the right of their dots, those left out that would cover another label or leave the chart. */
function placedLabels(dots: readonly Dot[], x: Scale, y: Scale, end: number): { dot: Dot; left: number }[] {
  const placed: { dot: Dot; left: number; right: number; middle: number }[] = [];
  const marks = dots.map((dot) => ({ id: dot.id, x: x(dot.x), y: clamped(dot.y, y) }));
  for (const dot of dots) {
    if (!dot.label || dot.y < (y.domain()[0] ?? 0)) continue;
    const left = x(dot.x) + 9;
    const right = left + dot.label.length * LETTER;
    const middle = clamped(dot.y, y);
    const covers = placed.some((it) => Math.abs(it.middle - middle) < 14 && left < it.right && right > it.left);
    const hides = marks.some(
      (it) => it.id !== dot.id && it.x > left - 4 && it.x < right && Math.abs(it.y - middle) < 9,
    );
    if (right <= end && !covers && !hides) placed.push({ dot, left, right, middle });
  }
  return placed;
}
