import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import type { Measurement } from '../../../../../engines/bfp/types.ts';
import { ChartFrame } from '../../../../charts/ChartFrame.tsx';
import { LETTER, useWidth } from '../../../../charts/use-width.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { texts } from './texts.ts';

const words = texts.confusion;

export type Whose = 'float' | 'plan';

/** Samples of one class that were said to be of another. */
export interface Pick {
  whose: Whose;
  label: number;
  said: number;
}

/** What is taken for what, in float32 and in the plan, side by side. */
export function Confusions({ measurement, onPick }: { measurement: Measurement; onPick(pick: Pick): void }) {
  const { confusion } = measurement;
  if (!confusion) return <p className="hint results-part">{words.none}</p>;
  const { float, plan, classes } = confusion;
  const most = Math.max(1, errorsMost(float), errorsMost(plan));
  return (
    <div className="results-part">
      <p className="hint">{words.about}</p>
      <div className="results-confusions">
        {(['float', 'plan'] as const).map((whose) => (
          <Confusion
            key={whose}
            name={texts[whose]}
            matrix={whose === 'float' ? float : plan}
            classes={classes}
            most={most}
            onPick={(label, said) => onPick({ whose, label, said })}
          />
        ))}
      </div>
    </div>
  );
}

function errorsMost(matrix: readonly (readonly number[])[]): number {
  return Math.max(0, ...matrix.flatMap((row, label) => row.filter((_, said) => said !== label)));
}

interface ConfusionProps {
  name: string;
  /** [label][said]. */
  matrix: readonly (readonly number[])[];
  classes: readonly string[];
  /** Errors of the cell with the strongest colour. */
  most: number;
  onPick(label: number, said: number): void;
}

const LARGEST = 34;
const SMALLEST = 7;
/** Cells at least this large have their numbers written in. */
const WRITTEN = 19;
const HEAD = 20;

function Confusion({ name, matrix, classes, most, onPick }: ConfusionProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const room = useWidth(box);
  const [active, setActive] = useState<{ label: number; said: number }>();
  const letters = Math.min(14, Math.max(...classes.map(({ length }) => length)));
  const left = letters * LETTER + 34;
  const cell = Math.min(LARGEST, Math.max(SMALLEST, (room - left - 4) / classes.length));
  const [width, height] = [left + cell * classes.length + 4, HEAD + cell * classes.length + 40];
  const each = matrix.map((row) => row.reduce((sum, n) => sum + n, 0));
  const errors = matrix.reduce((sum, row, label) => sum + each[label]! - row[label]!, 0);

  const say = (label: number, said: number) => {
    const n = matrix[label]![said]!;
    const of = each[label]!;
    return label === said ? words.right(classes[label]!, n, of) : words.wrong(classes[label]!, classes[said]!, n, of);
  };
  const point = (event: PointerEvent) => {
    const at = drawing.current?.getBoundingClientRect();
    if (!at) return;
    const said = Math.floor((event.clientX - at.left - left) / cell);
    const label = Math.floor((event.clientY - at.top - HEAD) / cell);
    const within = said >= 0 && label >= 0 && said < classes.length && label < classes.length;
    setActive(within ? { label, said } : undefined);
  };
  const pick = () => {
    if (active && active.label !== active.said && matrix[active.label]![active.said]! > 0) {
      onPick(active.label, active.said);
    }
  };
  const move = (event: KeyboardEvent) => {
    const at = active ?? { label: 0, said: 0 };
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (event.key === 'Enter') pick();
    else if (!step) return;
    event.preventDefault();
    if (!step) return;
    const within = (wanted: number) => Math.min(Math.max(wanted, 0), classes.length - 1);
    setActive({ label: within(at.label + step[0]!), said: within(at.said + step[1]!) });
  };
  const rows = () => [
    [`${words.what} \\ ${words.said}`, ...classes],
    ...matrix.map((row, at) => [classes[at], ...row]),
  ];
  const everyName = Math.ceil(12 / cell);
  const on = (label: number, said: number) => active?.label === label && active.said === said;
  return (
    <div className="results-confusion">
      <h3>
        {name} <small>{words.errors(errors)}</small>
      </h3>
      <ChartFrame
        title={words.title(name)}
        readout={active && say(active.label, active.said)}
        hint={words.hint}
        fileName={`confusion-${name.toLowerCase().replaceAll(' ', '-')}`}
        drawing={drawing}
        width={width}
        height={height}
        rows={rows}
      >
        <div
          ref={box}
          className="chart-box"
          role="listbox"
          aria-label={words.title(name)}
          aria-activedescendant={active && `${id}${active.label}-${active.said}`}
          tabIndex={0}
          onKeyDown={move}
          onFocus={() => setActive((was) => was ?? { label: 0, said: 0 })}
          onBlur={() => setActive(undefined)}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setActive(undefined)}
          onClick={pick}
        >
          <svg
            ref={drawing}
            role="presentation"
            className="chart-svg"
            width={width}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
          >
            <text className="chart-axis-name" x={left + (cell * classes.length) / 2} y={height - 4}>
              {words.said}
            </text>
            <text
              className="chart-axis-name"
              transform={`translate(12 ${HEAD + (cell * classes.length) / 2}) rotate(-90)`}
            >
              {words.what}
            </text>
            {classes.map((label, at) =>
              at % everyName === 0 ? (
                <g key={label}>
                  <text className="chart-label" x={left - 8} y={HEAD + at * cell + cell / 2 + 4}>
                    {short(label, letters)}
                  </text>
                  {label.length * LETTER < cell * everyName + 4 && (
                    <text
                      className="chart-axis-name"
                      x={left + at * cell + cell / 2}
                      y={HEAD + cell * classes.length + 16}
                    >
                      {label}
                    </text>
                  )}
                </g>
              ) : null,
            )}
            <rect
              className="results-ground"
              x={left}
              y={HEAD}
              width={cell * classes.length}
              height={cell * classes.length}
            />
            {matrix.flatMap((row, label) =>
              row.map((n, said) => {
                if (n === 0 && label !== said && !on(label, said)) return null;
                const share = label === said ? 0 : n / most;
                return (
                  <g
                    // biome-ignore lint/suspicious/noArrayIndexKey: places in a matrix.
                    key={`${label}-${said}`}
                    id={`${id}${label}-${said}`}
                    role="option"
                    aria-selected={on(label, said)}
                    aria-label={say(label, said)}
                  >
                    <rect
                      className={on(label, said) ? 'chart-cell chart-cell-on' : 'chart-cell'}
                      x={left + said * cell + 0.5}
                      y={HEAD + label * cell + 0.5}
                      width={cell - 1}
                      height={cell - 1}
                      style={{ fill: label === said ? 'var(--line)' : colourOf(share) }}
                    />
                    {cell >= WRITTEN && n > 0 && (
                      <text
                        className={share > 0.55 ? 'results-count results-count-strong' : 'results-count'}
                        x={left + said * cell + cell / 2}
                        y={HEAD + label * cell + cell / 2 + 4}
                      >
                        {formatNumber(n)}
                      </text>
                    )}
                  </g>
                );
              }),
            )}
          </svg>
        </div>
      </ChartFrame>
    </div>
  );
}

/** Errors, from the ground of the chart to the strongest; one error is seen already. */
function colourOf(share: number): string {
  if (share === 0) return 'transparent';
  return `color-mix(in srgb, var(--bad) ${(18 + 72 * share).toFixed(0)}%, var(--surface))`;
}

function short(name: string, letters: number): string {
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}
