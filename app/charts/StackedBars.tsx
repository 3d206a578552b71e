import { type Axis, axisTop, scaleBand, scaleLinear } from 'd3';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { formatDelta, formatNumber } from '../ui/format.ts';
import { useAxis } from './axis.ts';
import type { ChartColour } from './BarChart.tsx';
import { ChartFrame, ChartLegend } from './ChartFrame.tsx';
import { onRowKey, showRow } from './row-keys.ts';
import { texts } from './texts.ts';
import { LETTER, shortened, useWidth } from './use-width.ts';

/** One bar, cut into parts: values by kind, in the order of `kinds`. */
export interface Stack {
  id: string;
  label: string;
  parts: readonly number[];
  /** The whole of the same bar in the pinned result. */
  pinned?: number;
  /** What else belongs to the exact numbers. */
  detail?: string;
}

export interface StackedBarsProps {
  title: string;
  /** What the axis measures: "Energy". */
  quantity: string;
  /** As `formatNumber` takes it: "pJ". */
  unit: string;
  /** What a bar stands for, as the table says it: "Layer". */
  subject: string;
  kinds: readonly { id: string; name: string; colour: ChartColour }[];
  stacks: readonly Stack[];
  fileName: string;
  selected?: string;
  onHover?(id: string | undefined): void;
  onPress?(id: string): void;
  /** Figures of an earlier design: drawn pale. */
  stale?: boolean;
}

const ROW = 22;
const BAR = 12;
const AXIS = 40;
const TOP = AXIS;
const BOTTOM = 4;
const GAP = 8;
/** Bars drawn at once: more are scrolled to. */
const MOST_IN_SIGHT = 24;

/** Wholes and their parts as horizontal bars. Whoever uses it puts the table of the same numbers beside it. */
export function StackedBars(props: StackedBarsProps) {
  const { title, quantity, unit, subject, kinds, stacks, fileName, selected, onHover, onPress, stale } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const axis = useRef<SVGGElement>(null);
  const width = useWidth(box, 240);
  const [active, setActive] = useState<string>();
  const totals = useMemo(() => stacks.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0)), [stacks]);
  const hasPinned = stacks.some((stack) => stack.pinned !== undefined);

  const longest = stacks.reduce((most, { label }) => Math.max(most, label.length), 0);
  const left = Math.min(longest * LETTER + GAP, width * 0.34) + GAP;
  const right = width - (hasPinned ? 116 : 72);
  const height = TOP + stacks.length * ROW + BOTTOM;
  const { x, y } = useMemo(() => {
    const most = stacks.reduce((found, { pinned = 0 }, at) => Math.max(found, totals[at] ?? 0, pinned), 0);
    return {
      x: scaleLinear([0, most || 1], [left, Math.max(right, left + 40)]).nice(4),
      y: scaleBand(
        stacks.map((stack) => stack.id),
        [TOP, TOP + stacks.length * ROW],
      ),
    };
  }, [stacks, totals, left, right]);

  const ticks = useMemo(() => {
    return (axisTop(x) as Axis<number>)
      .tickValues(x.ticks(Math.max(2, Math.min(6, (right - left) / 80))))
      .tickFormat((value) => formatNumber(value, unit))
      .tickSize(-stacks.length * ROW)
      .tickPadding(6);
  }, [x, left, right, unit, stacks.length]);
  useAxis(axis, ticks);

  const point = (to: string | undefined) => {
    setActive(to);
    onHover?.(to);
  };
  const move = (event: KeyboardEvent) =>
    onRowKey(event, {
      rows: stacks.map((stack) => stack.id),
      active,
      point: (to) => {
        point(to);
        if (to !== undefined) showRow(`${id}${to}`);
      },
      press: (pressed) => onPress?.(pressed),
    });
  const words = (stack: Stack, total: number) => {
    const parts = kinds
      .map(({ name }, at) => [name, stack.parts[at] ?? 0] as const)
      .filter(([, value]) => value > 0)
      .map(([name, value]) => `${name} ${formatNumber(value, unit)}`);
    const before =
      stack.pinned === undefined
        ? ''
        : `, ${texts.pinnedAt} ${formatNumber(stack.pinned, unit)}, ${formatDelta(total, stack.pinned)}`;
    return `${stack.label}: ${formatNumber(total, unit)}${before}${parts.length > 1 ? ` (${parts.join(', ')})` : ''}${stack.detail ? `, ${stack.detail}` : ''}`;
  };
  const at = stacks.findIndex((stack) => stack.id === active);
  const current = stacks[at];
  const rows = () => [
    [
      subject,
      ...kinds.map(({ name }) => `${name} (${unit})`),
      `${quantity} (${unit})`,
      ...(hasPinned ? [texts.pinned] : []),
    ],
    ...stacks.map((stack, index) => [
      stack.label,
      ...kinds.map((_, kind) => stack.parts[kind] ?? 0),
      totals[index],
      ...(hasPinned ? [stack.pinned] : []),
    ]),
  ];
  const used = kinds.filter((_, kind) => stacks.some(({ parts }) => (parts[kind] ?? 0) > 0));

  return (
    <ChartFrame
      title={title}
      readout={current && words(current, totals[at] ?? 0)}
      fileName={fileName}
      drawing={drawing}
      width={width}
      height={height}
      rows={rows}
      legend={
        <ChartLegend
          items={[
            ...used.map(({ name, colour }) => ({ name, colour: `var(--${colour})` })),
            ...(hasPinned ? [{ name: texts.pinned, pinned: true }] : []),
          ]}
        />
      }
    >
      <div
        ref={box}
        className={stale ? 'chart-box chart-stale' : 'chart-box'}
        style={
          stacks.length > MOST_IN_SIGHT
            ? { maxHeight: TOP + (MOST_IN_SIGHT + 0.5) * ROW, overflowY: 'auto' }
            : undefined
        }
        role="listbox"
        aria-label={title}
        aria-activedescendant={current && `${id}${current.id}`}
        tabIndex={0}
        onKeyDown={move}
        onFocus={() => active === undefined && point(stacks[0]?.id)}
        onBlur={() => point(undefined)}
        onPointerLeave={() => point(undefined)}
      >
        <svg
          role="presentation"
          ref={drawing}
          className="chart-svg"
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
        >
          <g ref={axis} aria-hidden transform={`translate(0 ${TOP})`} />
          <text className="chart-axis-name" aria-hidden x={(left + right) / 2} y={12}>
            {quantity}
          </text>
          {stacks.map((stack, index) => {
            const total = totals[index] ?? 0;
            let from = 0;
            return (
              <g key={stack.id} transform={`translate(0 ${y(stack.id) ?? 0})`}>
                <g
                  id={`${id}${stack.id}`}
                  role="option"
                  aria-selected={stack.id === active || stack.id === selected}
                  aria-label={words(stack, total)}
                  className="chart-row"
                  onPointerEnter={() => point(stack.id)}
                  onPointerDown={() => {
                    point(stack.id);
                    onPress?.(stack.id);
                  }}
                >
                  <rect className="chart-reach" width={width} height={ROW} />
                  {kinds.map((kind, part) => {
                    const value = stack.parts[part] ?? 0;
                    if (value <= 0) return null;
                    const start = x(from);
                    from += value;
                    return (
                      <rect
                        key={kind.id}
                        className="chart-fill"
                        x={start}
                        y={(ROW - BAR) / 2}
                        width={x(from) - start}
                        height={BAR}
                        style={{ fill: `var(--${kind.colour})` }}
                      />
                    );
                  })}
                  {stack.pinned !== undefined && stack.pinned !== total && (
                    <rect
                      className="chart-pinned"
                      x={left}
                      y={(ROW - BAR) / 2 - 3}
                      width={x(stack.pinned) - left}
                      height={BAR + 6}
                    />
                  )}
                </g>
                <text aria-hidden className="chart-label" x={left - GAP} y={ROW / 2 + 4}>
                  {shortened(stack.label, (left - GAP) / LETTER)}
                </text>
                <text
                  aria-hidden
                  className="chart-value"
                  x={x(Math.max(total, stack.pinned ?? 0)) + GAP}
                  y={ROW / 2 + 4}
                >
                  {formatNumber(total, unit)}
                  {stack.pinned !== undefined && stack.pinned !== total && ` ${formatDelta(total, stack.pinned)}`}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
    </ChartFrame>
  );
}
