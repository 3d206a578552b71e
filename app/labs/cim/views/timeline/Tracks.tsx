import { type ScaleLinear, scaleLinear } from 'd3';
import type { RefObject } from 'react';
import type { CimReport } from '../../../../../engines/cim/types.ts';
import { LETTER, shortened } from '../../../../charts/use-width.ts';
import { formatNumber } from '../../../../ui/format.ts';
import type { Link } from '../../state.ts';
import { costOf, coverage, KINDS, type Kind, type Look, spanOf, type Track, visitAt } from './spans.ts';
import { texts } from './texts.ts';

export const COLOURS: Record<Kind, string> = {
  writeBackCycles: 'c4',
  switchCycles: 'c3',
  reloadCycles: 'c7',
  computeCycles: 'c1',
};

export const LEFT = 84;
export const RIGHT = 16;
const AXIS = 34;
const TITLE = 20;
const LANE = 13;
const LANE_GAP = 2;
const PIPELINE = 72;
const GAP = 12;
/** More visits in sight than this are drawn by their shares of each pixel. */
const MOST_BARS = 300;
/** Operators are drawn where a visit's computing is at least so wide. */
const PIPELINE_PX = 4;

/** A track's place in the drawing. */
export interface Place {
  track: Track;
  top: number;
  /** With the operators of each segment below its lanes. */
  pipeline: boolean;
  bottom: number;
}

/** Tracks under one another; the first shows its operators. */
export function placesOf(tracks: readonly Track[]): { places: Place[]; height: number } {
  let top = AXIS;
  const places = tracks.map((track, at) => {
    const pipeline = at === 0;
    const bottom = top + TITLE + KINDS.length * (LANE + LANE_GAP) + (pipeline ? PIPELINE : 0);
    const place = { track, top, pipeline, bottom };
    top = bottom + GAP;
    return place;
  });
  return { places, height: top };
}

/** What lies at a point of a place. */
export interface Spot {
  place: number;
  visit: number;
  kind?: Kind;
  operator?: number;
}

export function spotAt(places: readonly Place[], look: Look, width: number, x: number, y: number): Spot | undefined {
  const at = places.findIndex(({ top, bottom }) => y >= top && y < bottom);
  const place = places[at];
  if (!place || x < LEFT || x > width - RIGHT) return undefined;
  const time = look.from + ((x - LEFT) / (width - LEFT - RIGHT)) * (look.to - look.from);
  const { track, top } = place;
  if (track.visits === 0 || time > track.end) return undefined;
  const visit = visitAt(track, time);
  const lane = Math.floor((y - top - TITLE) / (LANE + LANE_GAP));
  if (lane < 0) return { place: at, visit };
  const kind = KINDS[lane];
  if (kind) return { place: at, visit, kind };
  const { allocations } = track.plan.segments[track.segment[visit]!]!;
  const row = Math.floor(((y - pipelineTop(place)) / pipelineHeight()) * allocations.length);
  const operator = allocations[Math.min(Math.max(row, 0), allocations.length - 1)]?.operator;
  return { place: at, visit, kind: 'computeCycles', ...(operator !== undefined && { operator }) };
}

function pipelineTop({ top }: Place): number {
  return top + TITLE + KINDS.length * (LANE + LANE_GAP) + 4;
}

function pipelineHeight(): number {
  return PIPELINE - 8;
}

interface TracksProps {
  report: CimReport;
  places: readonly Place[];
  look: Look;
  width: number;
  height: number;
  drawing: RefObject<SVGSVGElement | null>;
  spot: Spot | undefined;
  hovered: Link;
  selected: Link;
}

/** Plans under one another on one time axis: a lane for each kind of time, and the operators of the first. */
export function Tracks(props: TracksProps) {
  const { places, look, width, height, drawing } = props;
  const x = scaleLinear([look.from, look.to], [LEFT, width - RIGHT]);
  const ticks = x.ticks(Math.max(2, Math.floor((width - LEFT - RIGHT) / 110)));
  return (
    <svg
      aria-hidden
      ref={drawing}
      className="chart-svg cimtime-svg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      <text className="chart-axis-name" x={(LEFT + width - RIGHT) / 2} y={11}>
        {texts.quantity}
      </text>
      {ticks.map((tick) => (
        <g key={tick} className="tick" transform={`translate(${x(tick)} 0)`}>
          <line y1={AXIS - 4} y2={height - GAP} stroke="currentColor" />
          <text y={AXIS - 8}>{formatNumber(tick)}</text>
        </g>
      ))}
      {places.map((place, at) => (
        <TrackDrawing key={place.track.plan.id} {...props} place={place} index={at} x={x} />
      ))}
    </svg>
  );
}

type DrawingProps = TracksProps & { place: Place; index: number; x: ScaleLinear<number, number> };

function TrackDrawing(props: DrawingProps) {
  const { place, look, width, x } = props;
  const { track, top } = place;
  const right = width - RIGHT;
  const first = visitAt(track, look.from);
  const last = Math.min(visitAt(track, look.to), track.visits - 1);
  const few = last - first < MOST_BARS;
  return (
    <g>
      <text className="cimtime-title" x={4} y={place.top + 13}>
        {shortened(texts.total(track.plan.title, track.plan.totals.cycles), (width - 8) / LETTER)}
      </text>
      {KINDS.map((kind, lane) => {
        const y = top + TITLE + lane * (LANE + LANE_GAP);
        const style = { fill: `var(--${COLOURS[kind]})` };
        return (
          <g key={kind}>
            <text className="chart-label" x={LEFT - 8} y={y + 10}>
              {texts.kinds[kind]}
            </text>
            <rect className="cimtime-lane" x={LEFT} y={y} width={Math.max(0, right - LEFT)} height={LANE} />
            {track.visits > 0 &&
              (few ? (
                bars(track, kind, first, last).map(([from, to, visit]) => {
                  const [a, b] = [Math.max(LEFT, x(from)), Math.min(right, x(to))];
                  return b > a ? (
                    <rect
                      key={visit}
                      x={a}
                      y={y}
                      width={Math.max(0.75, b - a - (b - a > 3 ? 0.75 : 0))}
                      height={LANE}
                      style={style}
                    />
                  ) : null;
                })
              ) : (
                <path
                  d={sharesPath(coverage(track, kind, look.from, look.to, Math.max(1, Math.floor(right - LEFT))), y)}
                  style={style}
                />
              ))}
          </g>
        );
      })}
      {place.pipeline && <Pipeline {...props} first={first} last={last} />}
      {track.folded.map(({ section, from, to, times }) => {
        const [a, b] = [Math.max(LEFT, x(from)), Math.min(right, x(to))];
        return b > a ? (
          <g key={section}>
            <rect
              className="cimtime-folded"
              x={a}
              y={top + TITLE - 3}
              width={b - a}
              height={place.bottom - top - TITLE + 3}
            />
            <text className="cimtime-times" x={b - 4} y={top + 13}>
              {texts.folded(times)}
            </text>
          </g>
        ) : null;
      })}
      <Marks {...props} />
    </g>
  );
}

function bars(track: Track, kind: Kind, first: number, last: number): [number, number, number][] {
  const found: [number, number, number][] = [];
  for (let visit = first; visit <= last; visit++) {
    const [from, to] = spanOf(track, visit, kind);
    if (to > from) found.push([from, to, visit]);
  }
  return found;
}

/** One column a pixel, as high as its share. */
function sharesPath(shares: Float32Array, y: number): string {
  let path = '';
  for (const [pixel, share] of shares.entries()) {
    if (share <= 0) continue;
    const tall = Math.max(0.75, share * LANE);
    path += `M${LEFT + pixel} ${(y + LANE - tall).toFixed(2)}h1v${tall.toFixed(2)}h-1z`;
  }
  return path;
}

/** Inside each computing: every operator's own time against the slowest, which sets the length. */
function Pipeline({
  report,
  place,
  x,
  width,
  first,
  last,
  hovered,
  selected,
}: DrawingProps & { first: number; last: number }) {
  const { track } = place;
  const right = width - RIGHT;
  const top = pipelineTop(place);
  const tall = pipelineHeight();
  const drawn = [];
  for (let visit = Math.max(0, first); visit <= last && drawn.length < 800; visit++) {
    const [from, to] = spanOf(track, visit, 'computeCycles');
    if (x(to) - x(from) < PIPELINE_PX) continue;
    const segment = track.plan.segments[track.segment[visit]!]!;
    const cost = costOf(segment, track.run[visit]!);
    const height = tall / cost.operators.length;
    for (const [row, { operator, cycles, computeBoundCycles, feedBoundCycles }] of cost.operators.entries()) {
      const a = Math.max(LEFT, x(from));
      const b = Math.min(right, x(from + cycles));
      if (b <= a) continue;
      const y = top + row * height;
      const { name } = report.problem.operators[operator]!;
      const on = hovered.operator === operator || selected.operator === operator;
      drawn.push(
        <g key={`${visit} ${operator}`}>
          <rect
            className={on ? 'cimtime-op cimtime-op-on' : 'cimtime-op'}
            x={a}
            y={y + 0.5}
            width={b - a}
            height={Math.max(0.75, Math.min(18, height - 1))}
            style={{ fill: feedBoundCycles > computeBoundCycles ? 'var(--c2)' : 'var(--c1)' }}
          />
          {height >= 12 && b - a > 40 && (
            <text className="cimtime-name" x={a + 4} y={y + Math.min(18, height - 1) / 2 + 4}>
              {shortened(name, (b - a - 8) / LETTER)}
            </text>
          )}
        </g>,
      );
    }
  }
  return (
    <g>
      <text className="chart-label" x={LEFT - 8} y={top + 10}>
        {texts.pipeline}
      </text>
      {drawn}
      {drawn.length === 0 && (
        <text className="cimtime-hint" x={LEFT + 4} y={top + 10}>
          {texts.pipelineHint}
        </text>
      )}
    </g>
  );
}

/** What is pointed at and what is held, in every run that is in sight. */
function Marks({ place, index, x, width, look, spot, hovered, selected, places }: DrawingProps) {
  const { track } = place;
  const right = width - RIGHT;
  const frame = (visit: number, name: string) => {
    const [a, b] = [Math.max(LEFT, x(track.start[visit]!)), Math.min(right, x(track.start[visit + 1]!))];
    return b > a ? (
      <rect
        key={`${name}${visit}`}
        className={name}
        x={a - 1}
        y={place.top + TITLE - 2}
        width={b - a + 2}
        height={place.bottom - place.top - TITLE + 2}
      />
    ) : null;
  };
  if (spot && places[spot.place] === place) return frame(spot.visit, 'cimtime-mark');
  // Links name segments of the plan that the lab shows: the first.
  if (index > 0) return null;
  const marks = [];
  for (const [segment, name] of [
    [selected.segment, 'cimtime-mark'],
    [hovered.segment, 'cimtime-mark cimtime-mark-hover'],
  ] as const) {
    if (segment === undefined) continue;
    const last = visitAt(track, look.to);
    for (let visit = Math.max(0, visitAt(track, look.from)); visit <= last && marks.length < 100; visit++) {
      if (track.segment[visit] === segment) marks.push(frame(visit, name));
    }
  }
  return marks;
}
