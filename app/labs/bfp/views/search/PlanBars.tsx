import { type Axis, axisTop, scaleLinear } from 'd3';
import { type KeyboardEvent, useId, useMemo, useRef } from 'react';
import type { Plan } from '../../../../../engines/onnx/run/types.ts';
import { formatText } from '../../../../../engines/tensor/formats/text.ts';
import { useAxis } from '../../../../charts/axis.ts';
import { ChartFrame, ChartLegend } from '../../../../charts/ChartFrame.tsx';
import { onRowKey, showRow } from '../../../../charts/row-keys.ts';
import { LETTER, shortened, useWidth } from '../../../../charts/use-width.ts';
import { hoverLayer, markedLayer, selectLayer, useBfp } from '../../state.ts';
import { shownBits } from './plans.ts';
import { texts } from './texts.ts';

const words = texts.plan;

const ROW = 26;
const BAR = 9;
const TOP = 40;
const GAP = 8;
/** Letters of the formats at the end of a row. */
const FORMATS = 20;
const MOST_IN_SIGHT = 20;

/** The bits that a plan gives to each layer's weights and inputs, as pairs of bars. */
export function PlanBars({ plan, title, fileName }: { plan: Plan; title: string; fileName: string }) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const axis = useRef<SVGGElement>(null);
  const width = useWidth(box, 280);
  const marked = useBfp(markedLayer);
  const layers = useMemo(
    () =>
      Object.entries(plan).map(([name, { weights, inputs }]) => ({
        name,
        bits: [shownBits(weights), shownBits(inputs)] as const,
        formats: [formatText(weights), formatText(inputs)] as const,
      })),
    [plan],
  );
  const longest = layers.reduce((most, { name }) => Math.max(most, name.length), 0);
  const left = Math.min(longest * LETTER + GAP, width * 0.34) + GAP;
  const right = Math.max(left + 60, width - FORMATS * LETTER);
  const height = TOP + layers.length * ROW + 4;
  const most = layers.reduce((found, { bits }) => Math.max(found, ...bits), 8);
  const x = useMemo(() => scaleLinear([0, most], [left, right]), [most, left, right]);

  const ticks = useMemo(() => {
    return (axisTop(x) as Axis<number>)
      .tickValues(x.ticks(Math.min(most, 8)).filter(Number.isInteger))
      .tickFormat((value) => String(value))
      .tickSize(-layers.length * ROW)
      .tickPadding(6);
  }, [x, most, layers.length]);
  useAxis(axis, ticks);

  const say = ({ name, formats }: (typeof layers)[number]) =>
    `${name}: ${words.weights} ${formats[0]}, ${words.inputs} ${formats[1]}`;
  const current = layers.find(({ name }) => name === marked);
  const move = (event: KeyboardEvent) =>
    onRowKey(event, {
      rows: layers.map(({ name }) => name),
      active: marked,
      point: (to) => {
        hoverLayer(to);
        if (to !== undefined) showRow(`${id}${to}`);
      },
      press: selectLayer,
    });
  const rows = () => [
    [words.layer, words.weights, words.inputs, `${words.format}: ${words.weights}`, `${words.format}: ${words.inputs}`],
    ...layers.map(({ name, bits, formats }) => [name, ...bits, ...formats]),
  ];
  return (
    <ChartFrame
      title={title}
      readout={current && say(current)}
      fileName={fileName}
      drawing={drawing}
      width={width}
      height={height}
      rows={rows}
      legend={
        <ChartLegend
          items={[
            { name: words.weights, colour: 'var(--c1)' },
            { name: words.inputs, colour: 'var(--c2)' },
          ]}
        />
      }
    >
      <div
        ref={box}
        className="chart-box"
        style={
          layers.length > MOST_IN_SIGHT
            ? { maxHeight: TOP + (MOST_IN_SIGHT + 0.5) * ROW, overflowY: 'auto' }
            : undefined
        }
        role="listbox"
        aria-label={title}
        aria-activedescendant={current && `${id}${current.name}`}
        tabIndex={0}
        onKeyDown={move}
        onPointerLeave={() => hoverLayer()}
        onBlur={() => hoverLayer()}
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
            {words.quantity}
          </text>
          {layers.map((layer, index) => (
            <g key={layer.name} transform={`translate(0 ${TOP + index * ROW})`}>
              <g
                id={`${id}${layer.name}`}
                role="option"
                aria-selected={layer.name === marked}
                aria-label={say(layer)}
                className="chart-row"
                onPointerEnter={() => hoverLayer(layer.name)}
                onPointerDown={() => selectLayer(layer.name)}
              >
                <rect className="chart-reach" width={width} height={ROW} />
                {layer.bits.map((bits, operand) => (
                  <rect
                    key={words[operand === 0 ? 'weights' : 'inputs']}
                    x={left}
                    y={ROW / 2 - BAR - 1 + operand * (BAR + 2)}
                    width={Math.max(0, x(bits) - left)}
                    height={BAR}
                    style={{ fill: `var(--${operand === 0 ? 'c1' : 'c2'})` }}
                  />
                ))}
              </g>
              <text aria-hidden className="chart-label" x={left - GAP} y={ROW / 2 + 4}>
                {shortened(layer.name, (left - GAP) / LETTER)}
              </text>
              <text aria-hidden className="chart-value" x={right + GAP} y={ROW / 2 + 4}>
                {layer.formats[0] === layer.formats[1] ? layer.formats[0] : layer.formats.join(', ')}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </ChartFrame>
  );
}
