import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { CimReport, CompiledPlan } from '../../../../../engines/cim/types.ts';
import { ChartFrame, ChartLegend } from '../../../../charts/ChartFrame.tsx';
import { useWidth } from '../../../../charts/use-width.ts';
import { useView } from '../../../../design/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { View } from '../../../../ui/View.tsx';
import { hover, planOf, select, useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { Minimap } from './Minimap.tsx';
import { costOf, KINDS, type Look, type Scale, showing, spanOf, type Track, trackOf, within, zoomed } from './spans.ts';
import { COLOURS, LEFT, placesOf, RIGHT, type Spot, spotAt, Tracks } from './Tracks.tsx';
import { texts } from './texts.ts';
import { VisitTable } from './VisitTable.tsx';
import './timeline.css';

/** When what happens: each segment's write-back, switches, reload and computing, of several plans on one axis. */
export default function TimelineView() {
  const report = useCim((state) => state.result?.report);
  const plan = useCim(planOf);
  if (!report || !plan) {
    return (
      <View title={texts.title} lesson="timeline">
        <NoResult />
      </View>
    );
  }
  return <Timeline report={report} plan={plan} />;
}

/** Beside the plan that the lab shows, where nobody chose. */
const FIRST: readonly string[] = ['compute-only', 'cim-mlc-like'];

function Timeline({ report, plan }: { report: CimReport; plan: CompiledPlan }) {
  const [scale, setScale] = useView<Scale>('cim.timeline.scale', 'once');
  const [others, setOthers] = useView<readonly string[]>('cim.timeline.plans', FIRST);
  const { sections } = report.problem;
  const repeated = sections.some(({ times }) => times > 1);
  const tracks = useMemo(() => {
    const chosen = [plan, ...report.plans.filter((each) => each !== plan && others.includes(each.id))];
    return chosen.map((each) => trackOf(each, sections, scale));
  }, [plan, report, others, sections, scale]);
  const end = tracks.reduce((most, track) => Math.max(most, track.end), 0);
  const [held, setLook] = useState<{ end: number; look: Look }>();
  const look = held?.end === end ? held.look : { from: 0, to: end };
  const setTo = (next: Look) => setLook({ end, look: next });
  const zoom = (factor: number) => setTo(zoomed(look, factor, (look.from + look.to) / 2, end));
  return (
    <View
      title={texts.title}
      about={texts.about(formatNumber(Math.round(look.from)), texts.cycles(look.to))}
      lesson="timeline"
      aside={
        <>
          {repeated && (
            <Segmented<Scale>
              label={texts.scale}
              value={scale}
              onChange={setScale}
              options={[
                { value: 'once', label: texts.scales.once },
                { value: 'all', label: texts.scales.all },
              ]}
            />
          )}
          <IconButton size="small" icon={ZoomOut} label={texts.zoomOut} onClick={() => zoom(2)} />
          <IconButton size="small" icon={ZoomIn} label={texts.zoomIn} onClick={() => zoom(0.5)} />
          <IconButton size="small" icon={Maximize} label={texts.whole} onClick={() => setTo({ from: 0, to: end })} />
        </>
      }
    >
      <div className="cimtime">
        {report.plans.length > 1 && (
          // biome-ignore lint/a11y/useSemanticElements: buttons of a bar, not fields of a form.
          <div className="cimtime-plans" role="group" aria-label={texts.plans}>
            {report.plans.map(({ id, title }) => (
              <Button
                key={id}
                size="small"
                label={title}
                pressed={id === plan.id || others.includes(id)}
                disabled={id === plan.id}
                onClick={() => setOthers(others.includes(id) ? others.filter((each) => each !== id) : [...others, id])}
              />
            ))}
          </div>
        )}
        <Chart report={report} tracks={tracks} end={end} look={look} onLook={setTo} />
        {scale === 'once' && repeated && <p className="cimtime-note">{texts.notTrue}</p>}
        <VisitTable report={report} track={tracks[0]!} />
      </div>
    </View>
  );
}

interface ChartProps {
  report: CimReport;
  tracks: readonly Track[];
  end: number;
  look: Look;
  onLook(look: Look): void;
}

function Chart({ report, tracks, end, look, onLook }: ChartProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box, 360);
  const stale = useCim((state) => state.stale);
  const hovered = useCim((state) => state.hovered);
  const selected = useCim((state) => state.selected);
  const { places, height } = useMemo(() => placesOf(tracks), [tracks]);
  const [spot, setSpot] = useState<Spot>();
  const known = spot && places[spot.place] && spot.visit < places[spot.place]!.track.visits ? spot : undefined;
  const pressed = useRef<{ x: number; look: Look; moved: boolean }>(undefined);
  const inner = width - LEFT - RIGHT;
  const live = useRef({ look, end, inner, onLook });
  live.current = { look, end, inner, onLook };

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      const { look: now, end: most, inner: room, onLook: tell } = live.current;
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      // Further out than the whole there is nothing: the page scrolls on.
      if (!event.shiftKey && event.deltaY > 0 && event.deltaX === 0 && now.to - now.from >= most) return;
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = ((sideways * unit) / room) * (now.to - now.from);
        tell(within({ from: now.from + by, to: now.to + by }, most));
        return;
      }
      const x = event.clientX - element.getBoundingClientRect().left - LEFT;
      const around = now.from + (Math.min(Math.max(x, 0), room) / room) * (now.to - now.from);
      tell(zoomed(now, 2 ** (event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.002)), around, most));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);
  useEffect(() => () => hover(), []);

  const point = (next: Spot | undefined) => {
    setSpot(next);
    const place = next && places[next.place];
    // Links name segments of the plan that the lab shows.
    if (!next || !place || next.place > 0) hover();
    else {
      const segment = place.track.segment[next.visit]!;
      hover({ segment, ...(next.operator !== undefined && { operator: next.operator }) });
    }
  };
  const at = (event: PointerEvent) => {
    const bounds = box.current?.getBoundingClientRect();
    return {
      x: event.clientX - (bounds?.left ?? 0) + (box.current?.scrollLeft ?? 0),
      y: event.clientY - (bounds?.top ?? 0),
    };
  };
  const hold = (chosen: Spot) => {
    const { track } = places[chosen.place]!;
    const segment = track.segment[chosen.visit]!;
    const operator = chosen.operator ?? track.plan.segments[segment]!.operators[0];
    select(chosen.place === 0 ? { segment, ...(operator !== undefined && { operator }) } : undefined);
  };
  const step = (by: number) => {
    const place = known?.place ?? 0;
    const { track } = places[place]!;
    const visit = known
      ? Math.min(Math.max(known.visit + by, 0), track.visits - 1)
      : Math.max(0, by > 0 ? 0 : track.visits - 1);
    if (track.visits === 0) return;
    point({ place, visit });
    onLook(showing(look, track.start[visit]!, track.start[visit + 1]!, end));
  };
  const toPlace = (by: number) => {
    const place = Math.min(Math.max((known?.place ?? -by) + by, 0), places.length - 1);
    const { track } = places[place]!;
    if (track.visits > 0) point({ place, visit: Math.min(known?.visit ?? 0, track.visits - 1) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const span = look.to - look.from;
    const track = known && places[known.place]!.track;
    const spot = track && (track.start[known.visit]! + track.start[known.visit + 1]!) / 2;
    // What is pointed at stays in sight.
    const middle = spot !== undefined && spot > look.from && spot < look.to ? spot : (look.from + look.to) / 2;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => onLook(within({ from: look.from - span * 0.2, to: look.to - span * 0.2 }, end)),
      ArrowRight: () => onLook(within({ from: look.from + span * 0.2, to: look.to + span * 0.2 }, end)),
      ArrowUp: () => toPlace(-1),
      ArrowDown: () => toPlace(1),
      '+': () => onLook(zoomed(look, 0.5, middle, end)),
      '=': () => onLook(zoomed(look, 0.5, middle, end)),
      '-': () => onLook(zoomed(look, 2, middle, end)),
      Home: () => onLook({ from: 0, to: end }),
      '0': () => onLook({ from: 0, to: end }),
      ',': () => step(-1),
      '.': () => step(1),
      Enter: () => known && hold(known),
      Escape: () => {
        setSpot(undefined);
        select();
      },
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const readout = known && wordsOf(report, places[known.place]!.track, known);
  return (
    <>
      <ChartFrame
        title={texts.label}
        readout={readout}
        hint={texts.hint}
        fileName="cim-time-line"
        drawing={drawing}
        width={width}
        height={height}
        rows={() => rowsOf(tracks)}
        legend={
          <ChartLegend items={KINDS.map((kind) => ({ name: texts.kinds[kind], colour: `var(--${COLOURS[kind]})` }))} />
        }
      >
        <Minimap track={tracks[0]!} end={end} look={look} width={width} onLook={onLook} />
        {/* A drawing that is walked through; the table below has the same numbers. */}
        <div
          ref={box}
          className={stale ? 'chart-box cimtime-box chart-stale' : 'chart-box cimtime-box'}
          role="application"
          aria-label={texts.label}
          aria-description={texts.help}
          aria-describedby={`${id}told`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys go from segment to segment.
          tabIndex={0}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            pressed.current = { x: at(event).x, look, moved: false };
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={(event) => {
            const { x, y } = at(event);
            const down = pressed.current;
            if (!down) {
              point(spotAt(places, look, width, x, y));
              return;
            }
            if (Math.abs(x - down.x) > 4) down.moved = true;
            if (!down.moved) return;
            const by = ((x - down.x) / inner) * (down.look.to - down.look.from);
            onLook(within({ from: down.look.from - by, to: down.look.to - by }, end));
          }}
          onPointerUp={(event) => {
            const down = pressed.current;
            pressed.current = undefined;
            const { x, y } = at(event);
            const found = spotAt(places, look, width, x, y);
            if (down && !down.moved && found) hold(found);
          }}
          onPointerCancel={() => {
            pressed.current = undefined;
          }}
          onPointerLeave={() => !pressed.current && point(undefined)}
        >
          <Tracks
            report={report}
            places={places}
            look={look}
            width={width}
            height={height}
            drawing={drawing}
            spot={known}
            hovered={hovered}
            selected={selected}
          />
        </div>
      </ChartFrame>
      <p id={`${id}told`} className="visually-hidden">
        {texts.about(formatNumber(Math.round(look.from)), texts.cycles(look.to))}
      </p>
    </>
  );
}

/** The exact numbers of what is pointed at. */
function wordsOf(report: CimReport, track: Track, { visit, kind, operator }: Spot): string {
  const segment = track.plan.segments[track.segment[visit]!]!;
  const run = track.run[visit]!;
  const cost = costOf(segment, run);
  const parts = [texts.visit(track.plan.title, track.segment[visit]! + 1, run, segment.times)];
  const own = operator === undefined ? undefined : cost.operators.find((each) => each.operator === operator);
  if (own) {
    const { name } = report.problem.operators[own.operator]!;
    parts.push(texts.operator(name, own.cycles, cost.computeCycles > 0 ? (100 * own.cycles) / cost.computeCycles : 0));
  } else if (kind) {
    const [from, to] = spanOf(track, visit, kind);
    parts.push(texts.span(texts.kinds[kind], to - from, from, to));
    if (cost.cycles > 0) parts.push(texts.share((100 * (to - from)) / cost.cycles));
  } else {
    for (const each of KINDS) parts.push(`${texts.kinds[each]} ${texts.cycles(cost[each])}`);
  }
  const folded = track.folded.find(({ from, to }) => track.start[visit]! >= from && track.start[visit]! < to);
  if (folded) parts.push(texts.foldedInFull(folded.times, folded.againCycles));
  return parts.join('; ');
}

function rowsOf(tracks: readonly Track[]): (string | number)[][] {
  const rows: (string | number)[][] = [[...texts.csv, ...KINDS.map((kind) => `${texts.kinds[kind]} (cycles)`)]];
  for (const track of tracks) {
    for (let visit = 0; visit < track.visits; visit++) {
      const cost = costOf(track.plan.segments[track.segment[visit]!]!, track.run[visit]!);
      rows.push([
        track.plan.id,
        track.segment[visit]! + 1,
        track.run[visit]! + 1,
        track.start[visit]!,
        track.start[visit + 1]!,
        ...KINDS.map((kind) => cost[kind]),
      ]);
    }
  }
  return rows;
}
