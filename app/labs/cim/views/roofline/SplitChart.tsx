import { type Axis, axisBottom, axisLeft, scaleLinear, scaleLog } from 'd3';
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import type { ChartColour } from '../../../../charts/BarChart.tsx';
import { ChartFrame } from '../../../../charts/ChartFrame.tsx';
import { Plane } from '../../../../charts/Plane.tsx';
import { useWidth } from '../../../../charts/use-width.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { logTicks } from './RooflineChart.tsx';
import { texts } from './texts.ts';
import type { Curve } from './view-model.ts';

const words = texts.time;
const EDGES = { left: 76, right: 20, top: 16, bottom: 44 };
const HEIGHT = 320;

interface Line {
  name: string;
  colour: ChartColour;
  dash?: string;
  bold?: boolean;
  value(at: number): number | undefined;
}

interface Props {
  curve: Curve;
  withReload: boolean;
  /** The split that is shown; undefined: the plan's. */
  memory: number | undefined;
  stale: boolean;
  onPick(memory: number): void;
}

/** What a segment or an operator takes, over how many arrays remember: fewer compute arrays against a faster feed. */
export function SplitChart({ curve, withReload, memory, stale, onPick }: Props) {
  const { splits, plan, best, othersCycles, mode } = curve;
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<number>();
  const lines = useMemo(() => {
    const made: Line[] = [
      { name: words.computeBound, colour: 'c1', dash: '6 4', value: (at) => splits[at]?.computeBoundCycles },
      { name: words.feedBound, colour: 'c3', dash: '2 3', value: (at) => splits[at]?.feedBoundCycles },
      { name: words.cycles[mode], colour: 'c8', bold: true, value: (at) => splits[at]?.cycles },
    ];
    if (withReload && mode === 'chip') {
      made.push({ name: words.withReload, colour: 'c6', bold: true, value: (at) => splits[at]?.objective });
    }
    return made;
  }, [splits, withReload, mode]);
  const last = Math.max(0, splits.length - 1);
  const { x, y } = useMemo(() => {
    const values = lines.flatMap(({ value }) => splits.map((_, at) => value(at)));
    const known = [...values, plan.objective, othersCycles].filter(
      (value): value is number => value !== undefined && Number.isFinite(value) && value > 0,
    );
    const [low, high] = known.length > 0 ? [Math.min(...known), Math.max(...known)] : [1, 10];
    return {
      x: scaleLinear([0, Math.max(1, last)], [EDGES.left + 8, width - EDGES.right]),
      y: scaleLog([low / 1.15, high * 1.15], [HEIGHT - EDGES.bottom, EDGES.top]).clamp(true),
    };
  }, [lines, splits, last, plan.objective, othersCycles, width]);
  const axes = useMemo(() => {
    const horizontal = (axisBottom(x) as Axis<number>)
      .tickValues(
        x.ticks(Math.max(2, Math.min(10, (width - EDGES.left) / 70))).filter((tick) => Number.isInteger(tick)),
      )
      .tickFormat((value) => formatNumber(value))
      .tickSize(4)
      .tickPadding(6);
    const vertical = (axisLeft(y) as Axis<number>)
      .tickValues(logTicks(y, 7))
      .tickFormat((value) => formatNumber(value))
      .tickSize(-(width - EDGES.left - EDGES.right))
      .tickPadding(8);
    return { horizontal, vertical };
  }, [x, y, width]);

  const near = (event: PointerEvent | { clientX: number }): number | undefined => {
    const bounds = drawing.current?.getBoundingClientRect();
    if (!bounds || splits.length === 0) return undefined;
    return Math.min(Math.max(Math.round(x.invert(event.clientX - bounds.left)), 0), last);
  };
  const move = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' || event.key === ' ') && active !== undefined) {
      event.preventDefault();
      onPick(active);
      return;
    }
    const at = active ?? memory ?? plan.memory;
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setActive(Math.min(Math.max(next, 0), last));
  };
  const text = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? words.never : formatNumber(value);
  const here = active === undefined ? undefined : splits[active];
  const readout =
    here &&
    `${words.at(here.memory, here.compute)}: ${lines.map(({ name, value }) => `${name} ${text(value(here.memory))}`).join(', ')}`;
  const rows = () => [
    [words.x, ...lines.map(({ name }) => `${name} (cycles)`)],
    ...splits.map((split) => [
      split.memory,
      ...lines.map(({ value }) => {
        const found = value(split.memory);
        return Number.isFinite(found) ? found : undefined;
      }),
    ]),
  ];
  const shown = memory ?? plan.memory;
  const bestValue = splits[best]?.objective;
  return (
    <ChartFrame
      title={words.title}
      readout={readout}
      hint={words.hint}
      fileName="time-over-split"
      drawing={drawing}
      width={width}
      height={HEIGHT}
      rows={rows}
      legend={
        <ul className="chart-legend cim-roof-legend">
          {lines.map(({ name, colour, dash, bold }) => (
            <li key={name}>
              <svg width={18} height={12} viewBox="0 0 18 12" aria-hidden>
                <path
                  d="M0,6H18"
                  style={{ stroke: `var(--${colour})`, strokeWidth: bold ? 2.25 : 1.5 }}
                  strokeDasharray={dash}
                />
              </svg>
              {name}
            </li>
          ))}
          {othersCycles !== undefined && (
            <li>
              <svg width={18} height={12} viewBox="0 0 18 12" aria-hidden>
                <path className="cim-roof-peak" d="M0,6H18" />
              </svg>
              {words.others}
            </li>
          )}
          <li>
            <svg width={14} height={14} viewBox="-7 -7 14 14" aria-hidden>
              <PlanMark />
            </svg>
            {words.plan}
          </li>
          <li>
            <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden>
              <circle className="cim-roof-best" r={4.5} />
            </svg>
            {words.best}
          </li>
        </ul>
      }
    >
      <Plane
        title={words.title}
        box={box}
        drawing={drawing}
        width={width}
        height={HEIGHT}
        edges={EDGES}
        x={{ label: words.x, axis: axes.horizontal }}
        y={{ label: words.y, axis: axes.vertical }}
        count={splits.length}
        at={active ?? shown}
        words={readout ?? words.hint}
        stale={stale}
        reach={{
          onKeyDown: move,
          onFocus: () => active === undefined && setActive(Math.min(shown, last)),
          onBlur: () => setActive(undefined),
          onPointerMove: (event) => setActive(near(event)),
          onPointerLeave: () => setActive(undefined),
          onClick: (event) => {
            const at = near(event);
            if (at !== undefined) onPick(at);
          },
        }}
      >
        {othersCycles !== undefined && othersCycles > 0 && (
          <line
            className="cim-roof-peak"
            x1={EDGES.left}
            x2={width - EDGES.right}
            y1={y(othersCycles)}
            y2={y(othersCycles)}
          />
        )}
        <line className="chart-cursor" x1={x(shown)} x2={x(shown)} y1={EDGES.top} y2={HEIGHT - EDGES.bottom} />
        {lines.map(({ name, colour, dash, bold, value }) => (
          <path
            key={name}
            className="chart-line"
            d={pathOf(splits.length, value, x, y)}
            style={{ stroke: `var(--${colour})`, strokeWidth: bold ? 2.25 : 1.5 }}
            strokeDasharray={dash}
          />
        ))}
        {bestValue !== undefined && Number.isFinite(bestValue) && (
          <circle className="cim-roof-best" cx={x(best)} cy={y(bestValue)} r={6} />
        )}
        <g transform={`translate(${x(Math.min(plan.memory, last))} ${y(plan.objective)})`}>
          <PlanMark />
        </g>
        {here && (
          <g>
            <line
              className="cim-roof-pointed"
              x1={x(here.memory)}
              x2={x(here.memory)}
              y1={EDGES.top}
              y2={HEIGHT - EDGES.bottom}
            />
            {lines.map(({ name, colour, value }) => {
              const found = value(here.memory);
              return found === undefined || !Number.isFinite(found) ? null : (
                <circle key={name} cx={x(here.memory)} cy={y(found)} r={3.5} style={{ fill: `var(--${colour})` }} />
              );
            })}
          </g>
        )}
      </Plane>
    </ChartFrame>
  );
}

/** A cross in a box: told from the dot of the best split by its form. */
function PlanMark() {
  return <path className="cim-roof-planmark" d="M-5,-5H5V5H-5ZM-5,-5L5,5M-5,5L5,-5" />;
}

function pathOf(
  count: number,
  value: (at: number) => number | undefined,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let pen = 'M';
  for (let at = 0; at < count; at++) {
    const found = value(at);
    if (found === undefined || !Number.isFinite(found) || found <= 0) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x(at).toFixed(1)},${y(found).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}
