import { type Axis, axisBottom, axisLeft, scaleLinear } from 'd3';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { useAxis } from '../../../charts/axis.ts';
import { ChartFrame, ChartLegend } from '../../../charts/ChartFrame.tsx';
import { useWidth } from '../../../charts/use-width.ts';
import { formatNumber } from '../../../ui/format.ts';
import { nameOf } from '../download/downloads.ts';
import type { Bin } from './bins.ts';
import { chainKeys } from './chain-keys.ts';
import { nsText, withNs } from './format.ts';
import { texts } from './texts.ts';

const words = texts.slack;
const LEFT = 52;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 44;
const HEIGHT = 220;

export interface SlackChartProps {
  /** "setup" or "hold". */
  kind: string;
  bins: readonly Bin[];
  stale: boolean;
  /** Where the chosen bar begins. */
  chosen: number | undefined;
  onChoose(from: number | undefined): void;
}

/** Endpoints by slack: those that fail in another colour, left of a line at zero; the pinned result as outlines. */
export function SlackChart({ kind, bins, stale, chosen, onChoose }: SlackChartProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const across = useRef<SVGGElement>(null);
  const up = useRef<SVGGElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<number>();
  const pinned = bins.some((bin) => bin.pinned !== undefined);
  const low = bins[0]?.from ?? 0;
  const high = bins.at(-1)?.to ?? 1;

  const { x, y } = useMemo(() => {
    const most = bins.reduce((found, bin) => Math.max(found, bin.count, bin.pinned ?? 0), 1);
    return {
      x: scaleLinear([low, high], [LEFT, width - RIGHT]),
      y: scaleLinear([0, most], [HEIGHT - BOTTOM, TOP]).nice(4),
    };
  }, [bins, low, high, width]);
  const axes = useMemo(() => {
    const horizontal = (axisBottom(x) as Axis<number>)
      .tickValues(x.ticks(Math.max(2, Math.min(8, (width - LEFT) / 80))))
      .tickFormat((value) => (value === 0 ? '0' : `${Number(value.toPrecision(6))}`.replace('-', '\u2212')))
      .tickSize(4)
      .tickPadding(6);
    const vertical = (axisLeft(y) as Axis<number>)
      .tickValues(y.ticks(4).filter(Number.isInteger))
      .tickFormat((value) => formatNumber(value))
      .tickSize(-(width - LEFT - RIGHT))
      .tickPadding(8);
    return { horizontal, vertical };
  }, [x, y, width]);
  useAxis(across, axes.horizontal);
  useAxis(up, axes.vertical);

  const say = (bin: Bin) =>
    `${words.bin(nsText(bin.from), withNs(bin.to))}: ${words.endpoints(bin.count)}${bin.pinned === undefined ? '' : `, ${words.pinned.toLowerCase()} ${formatNumber(bin.pinned)}`}`;
  const press = (index: number) => onChoose(bins[index]?.from);
  const onKeyDown = (event: KeyboardEvent) => chainKeys(event, bins.length, active ?? -1, setActive, press);
  const here = active === undefined ? undefined : bins[active];
  const rows = () => [
    [words.from, words.to, words.count, ...(pinned ? [words.pinned] : [])],
    ...bins.map((bin) => [bin.from, bin.to, bin.count, ...(pinned ? [bin.pinned] : [])]),
  ];
  const left = (bin: Bin) => x(bin.from) + 1;
  const wide = (bin: Bin) => Math.max(1, x(bin.to) - x(bin.from) - 2);
  return (
    <ChartFrame
      title={words.chart(kind)}
      readout={here && say(here)}
      hint={words.hint}
      fileName={nameOf(`-${kind}-slack`)}
      drawing={drawing}
      width={width}
      height={HEIGHT}
      rows={rows}
      legend={
        <ChartLegend
          items={[
            ...(low < 0 ? [{ name: words.failing, colour: 'var(--c6)' }] : []),
            ...(high > 0 ? [{ name: words.meeting, colour: 'var(--c1)' }] : []),
            ...(pinned ? [{ name: words.pinned, pinned }] : []),
          ]}
        />
      }
    >
      <div
        ref={box}
        className={stale ? 'chart-box chart-stale' : 'chart-box'}
        role="listbox"
        aria-label={words.chart(kind)}
        aria-orientation="horizontal"
        aria-activedescendant={active === undefined ? undefined : `${id}${active}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setActive((was) => was ?? 0)}
        onBlur={() => setActive(undefined)}
        onPointerLeave={() => setActive(undefined)}
      >
        <svg
          role="presentation"
          ref={drawing}
          className="chart-svg"
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
        >
          <g ref={across} aria-hidden transform={`translate(0 ${HEIGHT - BOTTOM})`} />
          <g ref={up} aria-hidden className="chart-axis-y" transform={`translate(${LEFT} 0)`} />
          <text className="chart-axis-name" aria-hidden x={(LEFT + width - RIGHT) / 2} y={HEIGHT - 6}>
            {words.axis(texts.kinds[kind === 'hold' ? 'hold' : 'setup'])}, ns
          </text>
          <text
            className="chart-axis-name"
            aria-hidden
            transform={`translate(12 ${(HEIGHT - BOTTOM + TOP) / 2}) rotate(-90)`}
            textAnchor="middle"
          >
            {words.quantity}
          </text>
          {bins.map((bin, index) => (
            <g
              key={bin.from}
              id={`${id}${index}`}
              role="option"
              aria-selected={bin.from === chosen}
              aria-label={say(bin)}
              className={index === active ? 'ppa-bin ppa-bin-on' : 'ppa-bin'}
              onPointerEnter={() => setActive(index)}
              onClick={() => press(index)}
            >
              <rect
                className="ppa-bin-reach"
                x={left(bin) - 1}
                y={TOP}
                width={wide(bin) + 2}
                height={HEIGHT - BOTTOM - TOP}
              />
              <rect
                className="chart-fill"
                x={left(bin)}
                y={y(bin.count)}
                width={wide(bin)}
                height={HEIGHT - BOTTOM - y(bin.count)}
                style={{ fill: `var(--${bin.to <= 0 ? 'c6' : 'c1'})` }}
              />
              {bin.pinned !== undefined && bin.pinned !== bin.count && (
                <rect
                  className="chart-pinned"
                  x={left(bin)}
                  y={y(bin.pinned)}
                  width={wide(bin)}
                  height={HEIGHT - BOTTOM - y(bin.pinned)}
                />
              )}
              {bin.from === chosen && (
                <rect
                  className="ppa-bin-chosen"
                  x={left(bin) - 1}
                  y={TOP}
                  width={wide(bin) + 2}
                  height={HEIGHT - BOTTOM - TOP}
                />
              )}
            </g>
          ))}
          {low < 0 && high > 0 && (
            <line className="ppa-zero" aria-hidden x1={x(0)} x2={x(0)} y1={TOP} y2={HEIGHT - BOTTOM} />
          )}
        </svg>
      </div>
    </ChartFrame>
  );
}
