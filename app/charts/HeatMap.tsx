import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { formatNumber } from '../ui/format.ts';
import { ChartFrame } from './ChartFrame.tsx';
import { rampColour } from './ramp.ts';
import { texts } from './texts.ts';
import { LETTER, useWidth } from './use-width.ts';

export interface HeatMapProps {
  title: string;
  /** What the colours measure: "Time". */
  quantity: string;
  unit: string;
  x: { label: string; values: readonly string[] };
  y: { label: string; values: readonly string[] };
  /** By column and row; undefined where there is no value. */
  value(column: number, row: number): number | undefined;
  /** Why there is no value. */
  why?(column: number, row: number): string | undefined;
  fileName: string;
  better?: 'lower' | 'higher';
  /** A cell to be told from the others, and what it is: the design's own. */
  marked?: { column: number; row: number; name: string };
}

const CELL = 36;
const TOP = 4;
const BOTTOM = 44;
const KEY = 28;

/** A quantity over two others, as colours along the ramp; the best cell is outlined. */
export function HeatMap(props: HeatMapProps) {
  const { title, quantity, unit, x, y, value, why, fileName, better, marked } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<{ column: number; row: number }>();
  const left = Math.min(Math.max(...y.values.map(({ length }) => length), 4) * LETTER + 32, width * 0.4);
  const cell = Math.min(88, Math.max(24, (width - left - 12) / Math.max(1, x.values.length)));
  const height = TOP + y.values.length * CELL + BOTTOM + KEY;

  const all = y.values.flatMap((_, row) => x.values.map((_, column) => value(column, row)));
  const known = all.filter((each) => each !== undefined);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const best = better === 'higher' ? high : low;
  const share = (each: number) => (high > low ? (each - low) / (high - low) : 0.5);

  const isMarked = (column: number, row: number) => marked?.column === column && marked.row === row;
  const words = (column: number, row: number) => {
    const found = value(column, row);
    const said = found === undefined ? (why?.(column, row) ?? texts.noValue) : formatNumber(found, unit);
    return `${x.label} ${x.values[column]}, ${y.label} ${y.values[row]}: ${said}${better && found === best ? `, ${texts.best}` : ''}${isMarked(column, row) ? `, ${marked?.name}` : ''}`;
  };
  const move = (event: KeyboardEvent) => {
    const at = active ?? { column: 0, row: 0 };
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const within = (wanted: number, count: number) => Math.min(Math.max(wanted, 0), count - 1);
    setActive({
      column: within(at.column + step[0]!, x.values.length),
      row: within(at.row + step[1]!, y.values.length),
    });
  };
  const rows = () => [
    [`${y.label} \\ ${x.label}`, ...x.values],
    ...y.values.map((label, row) => [label, ...x.values.map((_, column) => value(column, row))]),
  ];
  const keyAt = TOP + y.values.length * CELL + BOTTOM;
  const keyWidth = Math.min(220, width - left - 12);
  return (
    <ChartFrame
      title={title}
      readout={active && words(active.column, active.row)}
      hint={texts.heatHint}
      fileName={fileName}
      drawing={drawing}
      width={width}
      height={height}
      rows={rows}
    >
      <div
        ref={box}
        className="chart-box"
        role="listbox"
        aria-label={title}
        aria-activedescendant={active && `${id}${active.column}-${active.row}`}
        tabIndex={0}
        onKeyDown={move}
        onFocus={() => setActive((was) => was ?? { column: 0, row: 0 })}
        onBlur={() => setActive(undefined)}
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
          <text
            className="chart-axis-name"
            transform={`translate(12 ${keyAt / 2 - 16}) rotate(-90)`}
            textAnchor="middle"
          >
            {y.label}
          </text>
          {y.values.map((label, row) => (
            <text key={label} className="chart-label" x={left - 8} y={TOP + row * CELL + CELL / 2 + 4}>
              {label}
            </text>
          ))}
          {x.values.map((label, column) => (
            <text
              key={label}
              className="chart-axis-name"
              x={left + column * cell + cell / 2}
              y={TOP + y.values.length * CELL + 16}
            >
              {label}
            </text>
          ))}
          <text
            className="chart-axis-name"
            x={left + (x.values.length * cell) / 2}
            y={TOP + y.values.length * CELL + 36}
          >
            {x.label}
          </text>
          {y.values.flatMap((rowLabel, row) =>
            x.values.map((columnLabel, column) => {
              const found = value(column, row);
              const on = active?.column === column && active.row === row;
              return (
                <g
                  key={`${rowLabel} ${columnLabel}`}
                  id={`${id}${column}-${row}`}
                  role="option"
                  aria-selected={on}
                  aria-label={words(column, row)}
                  onPointerEnter={() => setActive({ column, row })}
                  onPointerDown={() => setActive({ column, row })}
                >
                  <rect
                    className={on ? 'chart-cell chart-cell-on' : 'chart-cell'}
                    x={left + column * cell + 1}
                    y={TOP + row * CELL + 1}
                    width={cell - 2}
                    height={CELL - 2}
                    style={{ fill: found === undefined ? 'var(--sunken)' : rampColour(share(found)) }}
                  />
                  {found === undefined && (
                    <path
                      className="chart-none"
                      d={`M${left + column * cell + cell / 2 - 5},${TOP + row * CELL + CELL / 2 - 5}l10,10m0,-10l-10,10`}
                    />
                  )}
                  {isMarked(column, row) && (
                    <circle
                      className="chart-marked"
                      cx={left + column * cell + cell / 2}
                      cy={TOP + row * CELL + CELL / 2}
                      r={6}
                    />
                  )}
                  {better && found === best && (
                    <rect
                      className="chart-best"
                      x={left + column * cell + 4}
                      y={TOP + row * CELL + 4}
                      width={cell - 8}
                      height={CELL - 8}
                    />
                  )}
                </g>
              );
            }),
          )}
          {known.length > 0 &&
            Array.from({ length: 24 }, (_, step) => (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: steps of a scale.
                key={step}
                x={left + (step * keyWidth) / 24}
                y={keyAt}
                width={keyWidth / 24 + 0.5}
                height={8}
                style={{ fill: rampColour(step / 23) }}
              />
            ))}
          {known.length > 0 && (
            <>
              <text x={left} y={keyAt + 22}>
                {formatNumber(low, unit)}
              </text>
              <text className="chart-end" x={left + keyWidth} y={keyAt + 22}>
                {formatNumber(high, unit)} {quantity.toLowerCase()}
              </text>
            </>
          )}
        </svg>
      </div>
    </ChartFrame>
  );
}
