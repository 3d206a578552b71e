import { type KeyboardEvent, memo, type PointerEvent, useId, useRef, useState } from 'react';
import type { TensorReport } from '../../../../../engines/bfp/tensor-entry.ts';
import { ChartFrame, ChartLegend } from '../../../../charts/ChartFrame.tsx';
import { useWidth } from '../../../../charts/use-width.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { texts } from './texts.ts';

const HEIGHT = 128;
const FOOT = 18;
const LEAST_WIDTH = 200;

export interface SpreadChartProps {
  spread: TensorReport['spread'];
  fileName: string;
}

/** How the weights are spread before and after, in the same bins. */
export const SpreadChart = memo(function SpreadChart({ spread, fileName }: SpreadChartProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box, LEAST_WIDTH);
  const [active, setActive] = useState<number>();
  const { before, after, maxAbs } = spread;
  const bins = before.length;
  const most = Math.sqrt([...before, ...after].reduce((found, count) => Math.max(found, count), 1));
  const height = (count: number) => (Math.sqrt(count) / most) * (HEIGHT - FOOT - 4);
  const each = width / bins;
  const edge = (bin: number) => ((2 * bin) / bins - 1) * maxAbs;
  const words = (bin: number) =>
    texts.binText(formatNumber(edge(bin)), formatNumber(edge(bin + 1)), before[bin] ?? 0, after[bin] ?? 0);
  const base = HEIGHT - FOOT;
  const area = `M0 ${base}${before.map((count, bin) => `L${(bin * each).toFixed(1)} ${(base - height(count)).toFixed(1)}h${each.toFixed(2)}`).join('')}V${base}Z`;
  const keys = (event: KeyboardEvent) => {
    const at = active ?? Math.floor(bins / 2);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bins - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setActive(Math.min(Math.max(next, 0), bins - 1));
  };
  const point = (event: PointerEvent) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const bin = Math.floor(((event.clientX - bounds.left) / bounds.width) * bins);
    setActive(Math.min(Math.max(bin, 0), bins - 1));
  };
  return (
    <ChartFrame
      title={texts.histogram}
      readout={active === undefined ? undefined : words(active)}
      hint={texts.histogramHint}
      fileName={fileName}
      drawing={drawing}
      width={width}
      height={HEIGHT}
      rows={() => [
        [texts.bin, texts.before, texts.after],
        ...before.map((count, bin) => [(edge(bin) + edge(bin + 1)) / 2, count, after[bin]]),
      ]}
      legend={
        <ChartLegend
          items={[
            { name: texts.before, colour: 'var(--c8)' },
            { name: texts.after, colour: 'var(--c6)' },
          ]}
        />
      }
    >
      <div
        ref={box}
        className="chart-box"
        role="slider"
        aria-label={texts.histogram}
        aria-describedby={id}
        aria-valuemin={0}
        aria-valuemax={bins - 1}
        aria-valuenow={active ?? Math.floor(bins / 2)}
        aria-valuetext={active === undefined ? texts.histogramHint : words(active)}
        tabIndex={0}
        onKeyDown={keys}
        onPointerMove={point}
        onPointerDown={point}
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
          <path d={area} style={{ fill: 'var(--c8)', opacity: 0.35 }} />
          {after.map((count, bin) =>
            count === 0 ? null : (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place.
                key={bin}
                x={bin * each}
                y={base - height(count)}
                width={Math.max(1, each - 0.5)}
                height={height(count)}
                style={{ fill: 'var(--c6)', opacity: bin === active ? 1 : 0.75 }}
              />
            ),
          )}
          <line x1={0} x2={width} y1={base} y2={base} style={{ stroke: 'var(--line-strong)' }} />
          {[-maxAbs, 0, maxAbs].map((value, place) => (
            <text
              key={value}
              className="chart-axis-name"
              x={(place / 2) * width}
              y={HEIGHT - 4}
              style={{ textAnchor: (['start', 'middle', 'end'] as const)[place] }}
            >
              {formatNumber(value)}
            </text>
          ))}
        </svg>
      </div>
      <p id={id} className="hint tensor-scale">
        {texts.scale}
      </p>
    </ChartFrame>
  );
});
