import {
  type Axis,
  axisBottom,
  axisLeft,
  type ScaleLogarithmic,
  scaleLog,
  symbol,
  symbolCircle,
  symbolDiamond,
} from 'd3';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { CimHardware } from '../../../../../engines/cim/hardware.ts';
import type { CimOperator } from '../../../../../engines/cim/types.ts';
import { ChartFrame } from '../../../../charts/ChartFrame.tsx';
import { Plane } from '../../../../charts/Plane.tsx';
import { LETTER, shortened, useWidth } from '../../../../charts/use-width.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { hover, useCim } from '../../state.ts';
import {
  type PalePoint,
  peakRate,
  type RooflinePoint,
  type Roofs,
  ridgeOf,
  roofsOf,
  thinned,
} from './roofline-model.ts';
import { texts } from './texts.ts';

const words = texts.roofline;
const EDGES = { left: 76, right: 20, top: 16, bottom: 44 };
const HEIGHT = 320;
/** How near the pointer must come to a point, px. */
const REACH = 24;

interface Props {
  operators: readonly CimOperator[];
  hardware: CimHardware;
  segment: number;
  points: readonly RooflinePoint[];
  inPlan: readonly RooflinePoint[];
  pale: readonly PalePoint[];
  operator: number;
  slowest?: number;
  stale: boolean;
  onPick(link: { segment: number; operator: number }): void;
}

type Scale = ScaleLogarithmic<number, number>;

/** Operators by how much they compute for a fed byte and how fast; the roofs of the chosen one above them. */
export function RooflineChart(props: Props) {
  const { operators, hardware, segment, points, inPlan, pale, operator, slowest, stale, onPick } = props;
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<number>();
  const [other, setOther] = useState<PalePoint>();
  const linked = useCim((state) => state.hovered.operator);
  const name = (index: number) => operators[index]?.name ?? '';

  const own = points.find((each) => each.operator === operator);
  const planned = inPlan.find((each) => each.operator === operator);
  const roofs = own && roofsOf(operators[operator]!, own.compute, own.memory, hardware);
  const planRoofs = planned && roofsOf(operators[operator]!, planned.compute, planned.memory, hardware);
  const planRidge = planRoofs && ridgeOf(planRoofs);
  const peak = peakRate(hardware.arrays, hardware);
  const span = useMemo(() => {
    const all = [...inPlan, ...pale];
    const xs = all.map(({ intensity }) => intensity);
    // The chosen operator's slope is to be seen too.
    if (planRidge !== undefined && Number.isFinite(planRidge)) xs.push(planRidge);
    const ys = all.map(({ rate }) => rate);
    return {
      x: [Math.min(...xs) / 2, Math.max(...xs) * 2] as const,
      y: [Math.min(...ys) / 3, Math.max(peak, ...ys) * 1.6] as const,
    };
  }, [inPlan, pale, peak, planRidge]);
  const { x, y } = useMemo(
    () => ({
      x: scaleLog(span.x, [EDGES.left, width - EDGES.right]).clamp(true),
      y: scaleLog(span.y, [HEIGHT - EDGES.bottom, EDGES.top]).clamp(true),
    }),
    [span, width],
  );
  const axes = useMemo(() => {
    const horizontal = (axisBottom(x) as Axis<number>)
      .tickValues(logTicks(x, Math.max(2, (width - EDGES.left) / 80)))
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
  const paleDots = useMemo(
    () => thinned(pale.map((point) => ({ point, x: x(point.intensity), y: y(point.rate) }))),
    [pale, x, y],
  );

  const order = [...points].sort((a, b) => a.intensity - b.intensity || a.rate - b.rate);
  const point = (to: number | undefined, pointed?: PalePoint) => {
    setActive(to);
    setOther(pointed);
    hover(
      to !== undefined
        ? { segment, operator: to }
        : pointed && { segment: pointed.segment, operator: pointed.operator },
    );
  };
  const near = (event: { clientX: number; clientY: number }): { own?: number; pale?: PalePoint } => {
    const bounds = drawing.current?.getBoundingClientRect();
    if (!bounds) return {};
    const [atX, atY] = [event.clientX - bounds.left, event.clientY - bounds.top];
    let least = REACH * REACH;
    let found: { own?: number; pale?: PalePoint } = {};
    const consider = (px: number, py: number, weight: number, what: typeof found) => {
      const distance = ((px - atX) ** 2 + (py - atY) ** 2) * weight;
      if (distance >= least) return;
      least = distance;
      found = what;
    };
    for (const each of points) consider(x(each.intensity), y(each.rate), 1, { own: each.operator });
    // Pale points are reached only from close by.
    for (const each of paleDots) consider(each.x, each.y, 6, { pale: each.point });
    return found;
  };
  const pick = (found: { own?: number; pale?: PalePoint }) => {
    if (found.own !== undefined) onPick({ segment, operator: found.own });
    else if (found.pale) onPick({ segment: found.pale.segment, operator: found.pale.operator });
  };
  const move = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' || event.key === ' ') && active !== undefined) {
      event.preventDefault();
      pick({ own: active });
      return;
    }
    const at = order.findIndex((each) => each.operator === active);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: order.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    point(order[Math.min(Math.max(next, 0), order.length - 1)]?.operator);
  };
  const say = ({ operator: index, rate, intensity, cycles, bound }: RooflinePoint) =>
    words.point(name(index), formatNumber(rate), formatNumber(intensity), formatNumber(cycles), bound);
  const here = points.find((each) => each.operator === (active ?? linked));
  const readout = here
    ? say(here)
    : other &&
      words.other(other.segment + 1, name(other.operator), formatNumber(other.rate), formatNumber(other.intensity));
  const rows = () => [
    [texts.table.operator, words.x, words.y, texts.table.compute, texts.table.memory, texts.table.cycles],
    ...points.map((each) => [name(each.operator), each.intensity, each.rate, each.compute, each.memory, each.cycles]),
  ];
  const moved = own && planned && (own.compute !== planned.compute || own.memory !== planned.memory);
  return (
    <ChartFrame
      title={words.title}
      readout={readout}
      hint={words.hint}
      fileName="roofline"
      drawing={drawing}
      width={width}
      height={HEIGHT}
      rows={rows}
      legend={
        <ul className="chart-legend cim-roof-legend">
          <li>
            <Glyph d={symbol(symbolCircle, 56)() ?? ''} colour="c1" /> {words.here}
          </li>
          <li>
            <Glyph d={symbol(symbolDiamond, 64)() ?? ''} colour="c6" /> {words.slowest}
          </li>
          {paleDots.length > 0 && (
            <li>
              <Glyph d={symbol(symbolCircle, 14)() ?? ''} colour="c8" /> {words.others}
            </li>
          )}
          <li>
            <Stroke name="cim-roof-own" /> {own && words.roof(name(operator), own.compute, own.memory)}
          </li>
          {moved && (
            <li>
              <Stroke name="cim-roof-plan" /> {planned && words.planRoof(planned.compute, planned.memory)}
            </li>
          )}
          <li>
            <Stroke name="cim-roof-peak" /> {words.peak(hardware.arrays)}
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
        count={order.length}
        at={order.findIndex((each) => each.operator === active)}
        words={readout ?? words.hint}
        stale={stale}
        reach={{
          onKeyDown: move,
          onFocus: () => active === undefined && point(operator),
          onBlur: () => point(undefined),
          onPointerMove: (event) => {
            const found = near(event);
            point(found.own, found.pale);
          },
          onPointerLeave: () => point(undefined),
          onClick: (event) => pick(near(event)),
        }}
      >
        <line className="cim-roof-peak" x1={EDGES.left} x2={width - EDGES.right} y1={y(peak)} y2={y(peak)} />
        {paleDots.map((dot) => (
          <circle
            key={`${dot.point.segment} ${dot.point.operator}`}
            className="cim-roof-pale"
            cx={dot.x}
            cy={dot.y}
            r={2}
          />
        ))}
        {moved && planRoofs && <path className="cim-roof-plan" d={roofPath(planRoofs, x, y)} />}
        {roofs && <path className="cim-roof-own" d={roofPath(roofs, x, y)} />}
        {points.map((each) => {
          const isSlowest = each.operator === slowest;
          return (
            <path
              key={each.operator}
              className="chart-fill"
              d={symbol(isSlowest ? symbolDiamond : symbolCircle, isSlowest ? 84 : 60)() ?? ''}
              transform={`translate(${x(each.intensity)} ${y(each.rate)})`}
              style={{ fill: `var(--${isSlowest ? 'c6' : 'c1'})`, stroke: 'var(--surface)' }}
            />
          );
        })}
        {own && (
          <>
            <circle className="cim-roof-chosen" cx={x(own.intensity)} cy={y(own.rate)} r={9} />
            <NameOf point={own} name={name(operator)} x={x} y={y} end={width - EDGES.right} />
          </>
        )}
        {here && here.operator !== operator && (
          <>
            <circle className="cim-roof-here" cx={x(here.intensity)} cy={y(here.rate)} r={9} />
            <NameOf point={here} name={name(here.operator)} x={x} y={y} end={width - EDGES.right} />
          </>
        )}
        {other && !here && <circle className="cim-roof-here" cx={x(other.intensity)} cy={y(other.rate)} r={6} />}
      </Plane>
    </ChartFrame>
  );
}

/** From the left edge up the feed's slope to the ridge, and flat from there. */
function roofPath(roofs: Roofs, x: Scale, y: Scale): string {
  const [left = 1, right = 1] = x.domain();
  const [bottom = 1, top = 1] = y.domain();
  const feed = (intensity: number) => Math.min(roofs.compute, roofs.bytesPerCycle * intensity);
  const ridge = Math.min(Math.max(ridgeOf(roofs), left), right);
  const start = Math.max(left, Math.min(ridge, bottom / roofs.bytesPerCycle));
  const within = (value: number) => Math.min(Math.max(value, bottom), top);
  const at = (intensity: number) => `${x(intensity).toFixed(1)},${y(within(feed(intensity))).toFixed(1)}`;
  return `M${at(start)}L${at(ridge)}L${at(right)}`;
}

function NameOf({ point, name, x, y, end }: { point: RooflinePoint; name: string; x: Scale; y: Scale; end: number }) {
  const left = x(point.intensity);
  const text = shortened(name, 36);
  const flip = left + 14 + text.length * LETTER > end;
  return (
    <text
      className="cim-roof-name"
      x={flip ? left - 14 : left + 14}
      y={y(point.rate) + 16}
      textAnchor={flip ? 'end' : 'start'}
    >
      {text}
    </text>
  );
}

function Glyph({ d, colour }: { d: string; colour: string }) {
  return (
    <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden>
      <path d={d} style={{ fill: `var(--${colour})` }} />
    </svg>
  );
}

function Stroke({ name }: { name: string }) {
  return (
    <svg width={18} height={12} viewBox="0 0 18 12" aria-hidden>
      <path className={name} d="M0,6H18" />
    </svg>
  );
}

/** Powers of ten, and between them as many as there is room for. */
export function logTicks(scale: Scale, most: number): number[] {
  const [low = 1, high = 10] = scale.domain();
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  for (const digits of [[1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (let power = from; power <= to; power++) for (const digit of digits) ticks.push(digit * 10 ** power);
    const within = ticks.filter((tick) => tick >= low && tick <= high);
    if (within.length <= most) return within;
  }
  const step = Math.ceil((to - from) / most);
  return Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at)).filter(
    (tick, at) => at % step === 0 && tick >= low && tick <= high,
  );
}
