import { type KeyboardEvent, type PointerEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { CimReport } from '../../../../../engines/cim/types.ts';
import { hover, select, useCim } from '../../state.ts';
import { Boundaries } from './Boundaries.tsx';
import { type Arc, cellsIn, nearestPlace, nextPlace, positionAt, type Row, xOfPlace } from './cells.ts';
import { type Ends, moveEnd, reachOf, segmentAt } from './cuts.ts';
import type { Pieces } from './estimate.ts';
import { STRIP_HEIGHT, StripDrawing } from './StripDrawing.tsx';
import { texts } from './texts.ts';

export interface StripProps {
  report: CimReport;
  row: Row;
  order: readonly number[];
  arcs: readonly Arc[];
  ends: Ends;
  shown: Pieces;
  rival?: Pieces;
  editable: boolean;
  stale: boolean;
  /** Cuts while a boundary is held; undefined puts them back. */
  onDraft(ends: Ends | undefined): void;
  /** Cuts to keep. */
  onCut(ends: Ends): void;
  onToggle(group: number): void;
  onZoom(steps: number): void;
}

/** Pixels around what is in sight that are drawn too, so that scrolling shows them at once. */
const SPARE = 400;
/** From here on a pointer that holds a boundary scrolls the row, and by how much. */
const EDGE = 28;
const EDGE_STEP = 14;

/** The products in a row that scrolls, cut into segments whose boundaries can be moved. */
export function Strip(props: StripProps) {
  const { report, row, order, ends, shown, editable, onDraft, onCut, onToggle, onZoom } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ from: 0, width: 1200 });
  const hovered = useCim((state) => state.hovered);
  const selected = useCim((state) => state.selected);
  const drag = useRef<{ from: number; start: Ends; at: number }>(undefined);
  const wanted = useRef<number>(undefined);
  const [at, setAt] = useState(0);
  const current = row.cells[Math.min(at, row.cells.length - 1)];

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const { scrollLeft, clientWidth } = element;
      // Drawn anew only when what is in sight comes near the end of what is drawn.
      setSight((was) =>
        Math.abs(was.from - scrollLeft) < SPARE / 2 && was.width === clientWidth
          ? was
          : { from: scrollLeft, width: clientWidth },
      );
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey) {
        event.preventDefault();
        zoom.current(event.deltaY < 0 ? 1 : -1);
      } else if (event.deltaX === 0 && element.scrollWidth > element.clientWidth) {
        // The row has one direction: the wheel goes along it, and past its ends on down the page.
        const end =
          event.deltaY > 0 ? element.scrollWidth - element.clientWidth - element.scrollLeft : element.scrollLeft;
        if (end <= 1) return;
        event.preventDefault();
        element.scrollLeft += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY;
      }
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  // The middle of what is in sight stays there while the products get wider.
  const before = useRef({ width: row.cellWidth });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (before.current.width !== row.cellWidth) {
      element.scrollLeft =
        (element.scrollLeft + element.clientWidth / 2) * (row.cellWidth / before.current.width) -
        element.clientWidth / 2;
    }
    before.current.width = row.cellWidth;
  }, [row.cellWidth]);

  const reveal = (x: number) => {
    const element = box.current;
    if (!element) return;
    const { scrollLeft, clientWidth } = element;
    if (x < scrollLeft + 24 || x > scrollLeft + clientWidth - 24) element.scrollLeft = x - clientWidth / 2;
  };
  // What is held in another view comes into sight here.
  const place = selected.operator !== undefined ? order.indexOf(selected.operator) : -1;
  const live = useRef(reveal);
  live.current = reveal;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice scrolls, not another width.
  useEffect(() => {
    if (place >= 0) live.current(xOfPlace(row, place) + row.cellWidth / 2);
  }, [place]);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const found = box.current?.querySelector<HTMLElement>(`[data-place="${wanted.current}"]`);
    found?.focus();
    if (found) wanted.current = undefined;
  });
  useEffect(() => () => hover(), []);

  const xOf = (event: { clientX: number }) => {
    const element = box.current;
    return element ? event.clientX - element.getBoundingClientRect().left + element.scrollLeft : 0;
  };
  const link = (position: number) => ({ segment: segmentAt(ends, position), operator: order[position] });
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const handle = (event.target as Element).closest<HTMLElement>('[data-place]');
    if (event.button !== 0 || !handle || !editable) return;
    const from = Number(handle.dataset.place);
    drag.current = { from, start: ends, at: from };
    event.currentTarget.setPointerCapture(event.pointerId);
    handle.focus();
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const held = drag.current;
    const x = xOf(event);
    if (!held) {
      const inRow = x >= 0 && x < row.width && row.count > 0;
      hover(inRow ? link(positionAt(row, x)) : undefined);
      return;
    }
    const element = box.current;
    if (element) {
      const inside = event.clientX - element.getBoundingClientRect().left;
      if (inside < EDGE) element.scrollLeft -= EDGE_STEP;
      else if (inside > element.clientWidth - EDGE) element.scrollLeft += EDGE_STEP;
    }
    const { low, high } = reachOf(report.problem.sections, held.from);
    const to = Math.min(Math.max(nearestPlace(row, xOf(event)), low), high);
    if (to === held.at) return;
    held.at = to;
    onDraft(moveEnd(held.start, held.from, to));
  };
  const drop = (keep: boolean) => {
    const held = drag.current;
    drag.current = undefined;
    if (!held) return;
    onDraft(undefined);
    if (!keep || held.at === held.from) return;
    wanted.current = held.at;
    onCut(moveEnd(held.start, held.from, held.at));
  };
  const dropped = useRef(drop);
  dropped.current = drop;
  useEffect(() => {
    // What is dragged is another element with each step, so that it cannot be heard there.
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape' && drag.current) dropped.current(false);
    };
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);
  const split = (position: number) => {
    const { low, high } = reachOf(report.problem.sections, position);
    if (low > high || position < low || position > high || ends.includes(position) || position <= 0) return;
    onCut([...ends, position].sort((a, b) => a - b));
  };
  const onCellKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || !current) return;
    const last = row.cells.length - 1;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      const to = Math.min(Math.max(next, 0), last);
      setAt(to);
      hover(link(row.cells[to]!.first));
      reveal((to + 0.5) * row.cellWidth);
    } else if (event.key === 'Enter' || event.key === ' ') select(link(current.first));
    else if (event.key === 'o' && current.group !== undefined) onToggle(current.group);
    else if (event.key === 's' && editable) split(current.first + current.count);
    else if (event.key === '+' || event.key === '=') onZoom(1);
    else if (event.key === '-') onZoom(-1);
    else return;
    event.preventDefault();
  };

  const from = Math.max(0, sight.from - SPARE);
  const to = Math.min(row.width, sight.from + sight.width + SPARE);
  const height = STRIP_HEIGHT + (props.rival ? 64 : 0);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointers of the row and of its boundaries, which have the keys.
    <div
      ref={box}
      className={props.stale ? 'cimseg-strip cimseg-pale' : 'cimseg-strip'}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => drop(true)}
      onPointerCancel={() => drop(false)}
      onPointerLeave={() => !drag.current && hover()}
      onDoubleClick={(event) => {
        if (editable && !(event.target as Element).closest('[data-toggle]')) split(nearestPlace(row, xOf(event)));
      }}
    >
      <div className="cimseg-all" style={{ width: row.width, height }}>
        <div
          className="cimseg-row"
          role="listbox"
          aria-label={texts.row}
          aria-description={texts.rowHelp}
          aria-orientation="horizontal"
          aria-activedescendant={current && `${id}${current.first}`}
          tabIndex={0}
          onKeyDown={onCellKey}
          onClick={(event) => {
            const toggle = (event.target as Element).closest<HTMLElement>('[data-toggle]');
            if (toggle) onToggle(Number(toggle.dataset.toggle));
            else {
              const position = positionAt(row, xOf(event));
              setAt(row.cellOf[position] ?? 0);
              select(link(position));
            }
          }}
        >
          <StripDrawing
            {...props}
            id={id}
            from={from}
            to={to}
            range={cellsIn(row, from, to)}
            height={height}
            hovered={hovered}
            selected={selected}
            current={current}
          />
        </div>
        <Boundaries
          report={report}
          row={row}
          ends={ends}
          shown={shown}
          from={from}
          to={to}
          editable={editable}
          onMove={(place, by) => {
            const { low, high } = reachOf(report.problem.sections, place);
            const goal = Math.min(Math.max(nextPlace(row, place, by), low), high);
            if (goal === place) return;
            wanted.current = goal;
            reveal(xOfPlace(row, goal));
            onCut(moveEnd(ends, place, goal));
          }}
          onJoin={(place) => {
            const index = ends.indexOf(place);
            wanted.current = ends[index + 1] === row.count ? ends[index - 1] : ends[index + 1];
            onCut(ends.filter((each) => each !== place));
          }}
        />
      </div>
    </div>
  );
}
