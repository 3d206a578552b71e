import {
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { goToInstruction, hover, type Link, markedLayer, type ShownProgram, select, usePim } from '../../state.ts';
import { texts } from '../../texts.ts';
import { describeInstruction, linkOfInstruction } from '../instruction.ts';
import { readTokens, useThemeVersion } from '../theme.ts';
import type { Bins } from './bins.ts';
import { type GanttRow, type GanttTheme, gapOf, LANE_PX, lanesOf, paintGantt } from './gantt-painter.ts';
import { packTheme } from './gantt-theme.ts';
import { formatTime, niceStep } from './time-format.ts';
import { type Timeline, timelineOf, window as windowOf } from './timeline.ts';

const words = texts.schedule;
const FRAME_MEASURE = 'gantt-frame';
const MEASURES_KEPT = 2000;
/** Pixels on the left for names of cores, and on top for the ruler. */
const GUTTER = 72;
const RULER = 22;
/** The shortest stretch that is shown. */
const LEAST_NS = 4;
/** Height of the row of the core that is held, at most. */
const TALL = 140;
/** Milliseconds of preparing before the page is let breathe. */
const PIECE_MS = 8;

export type RowSize = 'all' | 'rows';

export interface GanttHandle {
  look(fromNs: number, toNs: number): void;
}

interface GanttSurfaceProps {
  shown: ShownProgram;
  bins: Bins;
  /** Cores with work, in the order of the rows. */
  cores: readonly number[];
  size: RowSize;
  fromNs: number;
  toNs: number;
  onLook(fromNs: number, toNs: number): void;
  ref?: React.Ref<GanttHandle>;
}

/**
 * Instructions of every core over time. Wheel and pinch zoom, dragging moves; from the keyboard: arrows, + and -, Home for
 * the whole run, comma and full stop from one instruction to the next.
 */
export function GanttSurface({ shown, bins, cores, size, fromNs, toNs, onLook, ref }: GanttSurfaceProps) {
  const { program, trace } = shown;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { timeline, known } = useTimelines(shown, cores, () => ask.current());
  const hovered = usePim((state) => state.hovered);
  const selected = usePim((state) => state.selected);
  const goal = usePim((state) => state.goal);
  const stale = usePim((state) => state.stale);
  const themeVersion = useThemeVersion();
  const [extent, setExtent] = useState({ width: 600, height: 300 });
  const [card, setCard] = useState<{ x: number; y: number; instruction: number }>();

  const rows = useMemo(() => {
    const room = extent.height - RULER;
    const base = size === 'all' ? Math.max(2, Math.min(28, room / Math.max(1, cores.length))) : 20;
    let top = 0;
    return cores.map((core): GanttRow => {
      const lanes = core === selected.core ? timeline(core).lanes : 1;
      const height = Math.max(
        base,
        core === selected.core ? Math.min(TALL, Math.max(28, lanes * (LANE_PX + 2) + 4)) : 0,
      );
      const row = { core, top, height };
      top += height;
      return row;
    });
  }, [cores, size, extent.height, selected.core, timeline]);
  const last = rows.at(-1);
  const total = last ? last.top + last.height : 0;

  const live = useRef({
    fromNs,
    toNs,
    rows,
    frame: 0,
    measures: 0,
    theme: undefined as GanttTheme | undefined,
    image: undefined as ImageData | undefined,
  });
  Object.assign(live.current, { fromNs, toNs, rows });
  const marks = useRef({
    layer: undefined as number | undefined,
    instruction: undefined as number | undefined,
    core: undefined as number | undefined,
  });
  marks.current = {
    // What is pointed at here is seen to be pointed at; only what is meant elsewhere, or held, pales the rest.
    layer: hovered.instruction === undefined ? markedLayer({ hovered, selected }) : selected.layer,
    instruction: selected.instruction ?? hovered.instruction,
    core: selected.core,
  };

  const draw = useRef(() => {});
  draw.current = () => {
    live.current.frame = 0;
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context) return;
    const begin = performance.now();
    const ratio = devicePixelRatio;
    const [w, h] = [Math.round(element.clientWidth * ratio), Math.round(element.clientHeight * ratio)];
    if (w <= GUTTER * ratio || h <= RULER * ratio) return;
    if (element.width !== w || element.height !== h) {
      element.width = w;
      element.height = h;
    }
    live.current.theme ??= packTheme(element);
    const { theme } = live.current;
    const [plotW, plotH] = [Math.round(w - GUTTER * ratio), Math.round(h - RULER * ratio)];
    let { image } = live.current;
    if (!image || image.width !== plotW || image.height !== plotH) {
      image = context.createImageData(plotW, plotH);
      live.current.image = image;
    }
    const scrolled = scroller.current?.scrollTop ?? 0;
    const { fromNs: from, toNs: to } = live.current;
    paintGantt(new Uint32Array(image.data.buffer), plotW, plotH, {
      program,
      trace,
      bins,
      timeline: known,
      fromNs: from,
      toNs: to,
      rows: live.current.rows.map(({ core, top, height }) => ({
        core,
        top: Math.round((top - scrolled) * ratio),
        height: Math.round((top + height - scrolled) * ratio) - Math.round((top - scrolled) * ratio),
      })),
      layer: marks.current.layer,
      instruction: marks.current.instruction,
      theme,
    });
    paintFrame(context, element, ratio, { rows: live.current.rows, scrolled, from, to, core: marks.current.core });
    context.putImageData(image, Math.round(GUTTER * ratio), Math.round(RULER * ratio));
    if (++live.current.measures % MEASURES_KEPT === 0) performance.clearMeasures(FRAME_MEASURE);
    performance.measure(FRAME_MEASURE, { start: begin, end: performance.now() });
  };
  const ask = useRef(() => {
    if (live.current.frame === 0) live.current.frame = requestAnimationFrame(() => draw.current());
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what asks for a frame.
  useEffect(() => {
    live.current.theme = undefined;
    ask.current();
  }, [shown, bins, rows, fromNs, toNs, hovered, selected, themeVersion, extent]);

  const look = useCallback(
    (from: number, to: number) => {
      const span = Math.min(Math.max(to - from, LEAST_NS), bins.endNs || LEAST_NS);
      const start = Math.min(Math.max(from, 0), Math.max(0, bins.endNs - span));
      onLook(start, start + span);
    },
    [bins.endNs, onLook],
  );
  useImperativeHandle(ref, () => ({ look }), [look]);
  const lookRef = useRef(look);
  lookRef.current = look;

  useEffect(() => {
    const element = canvas.current;
    const box = scroller.current;
    if (!element || !box) return;
    const measure = () => setExtent({ width: box.clientWidth, height: box.clientHeight });
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(box);
    const stop = listen(
      element,
      () => live.current,
      (from, to) => lookRef.current(from, to),
      (dy) => box.scrollBy(0, dy),
    );
    const onScroll = () => ask.current();
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      resize.disconnect();
      stop();
      box.removeEventListener('scroll', onScroll);
      cancelAnimationFrame(live.current.frame);
      live.current.frame = 0;
      hover();
    };
  }, []);

  // An instruction chosen elsewhere: its core's row and its time come into sight.
  useEffect(() => {
    if (!goal) return;
    const { instruction } = goal;
    const [start, end] = [trace.startNs[instruction] ?? 0, trace.endNs[instruction] ?? 0];
    const { fromNs: from, toNs: to } = live.current;
    const span = to - from;
    const wanted = Math.min(span, Math.max((end - start) * 20, 400));
    if (start < from || end > to || span > (end - start) * 400) {
      const middle = (start + end) / 2;
      lookRef.current(middle - wanted / 2, middle + wanted / 2);
    }
  }, [goal, trace]);
  useEffect(() => {
    const box = scroller.current;
    const row = rows.find(({ core }) => core === selected.core);
    if (!box || !row) return;
    const room = box.clientHeight - RULER;
    if (row.top < box.scrollTop) box.scrollTop = row.top;
    else if (row.top + row.height > box.scrollTop + room) box.scrollTop = row.top + row.height - room;
  }, [rows, selected.core]);

  const instructionAt = (x: number, y: number): { core: number; instruction?: number } | undefined => {
    const inRows = y - RULER + (scroller.current?.scrollTop ?? 0);
    const row = rows.find(({ top, height }) => inRows >= top && inRows < top + height);
    if (!row || y < RULER) return undefined;
    if (x < GUTTER) return { core: row.core };
    const pixel = (toNs - fromNs) / (extent.width - GUTTER);
    const at = fromNs + (x - GUTTER) * pixel;
    return { core: row.core, instruction: nearest(timeline(row.core), row, at, pixel, inRows - row.top) };
  };
  const nearest = (line: Timeline, row: GanttRow, at: number, pixel: number, y: number): number | undefined => {
    const [first, end] = windowOf(line, trace, at - pixel, at + pixel);
    const gap = gapOf(row);
    const { lanes, laneHeight } = lanesOf({ height: row.height - 2 * gap }, line);
    const lane = Math.floor((y - gap) / laneHeight);
    let best: number | undefined;
    let distance = Number.POSITIVE_INFINITY;
    for (let place = first; place < end; place++) {
      const instruction = line.order[place]!;
      if (lanes > 1 && line.lane[place] !== lane) continue;
      const away = Math.max(trace.startNs[instruction]! - at, at - trace.endNs[instruction]!, 0);
      if (away > pixel || away > distance) continue;
      // Of those that hold the point, the one that began last lies on top.
      distance = away;
      best = instruction;
    }
    return best;
  };
  const place = (event: PointerEvent) => {
    const bounds = canvas.current?.getBoundingClientRect();
    return { x: event.clientX - (bounds?.left ?? 0), y: event.clientY - (bounds?.top ?? 0) };
  };
  const pressed = useRef<{ x: number; y: number }>(undefined);
  const point = (event: PointerEvent) => {
    if (event.buttons !== 0 && event.pointerType === 'mouse') {
      setCard(undefined);
      return;
    }
    const { x, y } = place(event);
    const found = instructionAt(x, y);
    const { instruction } = found ?? {};
    const link: Link | undefined =
      instruction !== undefined ? linkOfInstruction(shown, instruction) : found && { core: found.core };
    hover(link);
    setCard(instruction === undefined ? undefined : { x, y, instruction });
  };
  const step = (direction: 1 | -1) => {
    const core = selected.core ?? cores[0];
    if (core === undefined) return;
    const line = timeline(core);
    const known = selected.instruction === undefined ? -1 : line.order.indexOf(selected.instruction);
    const from = known >= 0 ? known + direction : windowOf(line, trace, fromNs, toNs)[0];
    const next = line.order[Math.min(Math.max(from, 0), line.order.length - 1)];
    if (next !== undefined) goToInstruction(next, linkOfInstruction(shown, next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const span = toNs - fromNs;
    const middle = (fromNs + toNs) / 2;
    const zoom = (factor: number) => look(middle - (span * factor) / 2, middle + (span * factor) / 2);
    const row = rows.findIndex(({ core }) => core === selected.core);
    const toRow = (index: number) => {
      const found = rows[Math.min(Math.max(index, 0), rows.length - 1)];
      if (found) usePim.setState({ selected: { core: found.core } });
    };
    const keys: Record<string, () => void> = {
      ArrowLeft: () => look(fromNs - span * 0.2, toNs - span * 0.2),
      ArrowRight: () => look(fromNs + span * 0.2, toNs + span * 0.2),
      ArrowUp: () => toRow(row - 1),
      ArrowDown: () => toRow(row + 1),
      '+': () => zoom(0.5),
      '=': () => zoom(0.5),
      '-': () => zoom(2),
      Home: () => look(0, bins.endNs),
      '0': () => look(0, bins.endNs),
      ',': () => step(-1),
      '.': () => step(1),
      Escape: () => select(),
    };
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  const told = selected.instruction ?? hovered.instruction;
  return (
    <div className={stale ? 'gantt pim-pale' : 'gantt'}>
      <div ref={scroller} className="gantt-scroll">
        <div style={{ height: Math.max(total + RULER, extent.height) }}>
          {/* A drawing that is walked through; the listing is the table of the same. */}
          <div
            className="gantt-frame"
            role="application"
            aria-label={words.label}
            aria-describedby={`${id}told`}
            style={{ height: extent.height }}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys go from instruction to instruction.
            tabIndex={0}
            onKeyDown={onKeyDown}
            onPointerMove={point}
            onPointerLeave={() => {
              hover();
              setCard(undefined);
            }}
            onPointerDown={(event) => {
              pressed.current = place(event);
            }}
            onPointerUp={(event) => {
              const from = pressed.current;
              const to = place(event);
              pressed.current = undefined;
              if (!from || Math.hypot(to.x - from.x, to.y - from.y) > 4) return;
              const found = instructionAt(to.x, to.y);
              if (!found) return;
              if (found.instruction === undefined) select({ core: found.core });
              else goToInstruction(found.instruction, linkOfInstruction(shown, found.instruction));
            }}
            onDoubleClick={() => look(fromNs + (toNs - fromNs) / 4, toNs - (toNs - fromNs) / 4)}
          >
            <canvas ref={canvas} className="gantt-canvas" aria-hidden />
          </div>
        </div>
      </div>
      <p id={`${id}told`} className="visually-hidden" aria-live="polite">
        {told === undefined
          ? words.range(formatTime(fromNs, (toNs - fromNs) / 100), formatTime(toNs, (toNs - fromNs) / 100))
          : describeInstruction(shown, told)
              .map(([name, value]) => `${name} ${value}`)
              .join(', ')}
      </p>
      {card && <Card shown={shown} card={card} extent={extent} />}
    </div>
  );
}

/** Cores by time: made one after the other in the background, or at once where one is pointed at. */
function useTimelines({ program, trace }: ShownProgram, cores: readonly number[], onMade: () => void) {
  const made = useMemo(() => ({ of: program, byCore: new Map<number, Timeline>() }), [program]).byCore;
  const tell = useRef(onMade);
  tell.current = onMade;
  const timeline = useCallback(
    (core: number) => {
      const found = made.get(core) ?? timelineOf(program, trace, core);
      made.set(core, found);
      return found;
    },
    [made, program, trace],
  );
  useEffect(() => {
    let there = true;
    const work = async () => {
      let since = performance.now();
      for (const core of cores) {
        timeline(core);
        if (performance.now() - since < PIECE_MS) continue;
        await new Promise((resolve) => setTimeout(resolve));
        if (!there) return;
        since = performance.now();
      }
      tell.current();
    };
    void work();
    return () => {
      there = false;
    };
  }, [cores, timeline]);
  const known = useCallback((core: number) => made.get(core), [made]);
  return { timeline, known };
}

function Card({
  shown,
  card,
  extent,
}: {
  shown: ShownProgram;
  card: { x: number; y: number; instruction: number };
  extent: { width: number; height: number };
}) {
  const style = {
    left: card.x + 300 > extent.width ? undefined : card.x + 14,
    right: card.x + 300 > extent.width ? extent.width - card.x + 14 : undefined,
    top: card.y + 220 > extent.height ? undefined : card.y + 14,
    bottom: card.y + 220 > extent.height ? extent.height - card.y + 14 : undefined,
  };
  return (
    <dl className="pim-card" style={style} aria-hidden>
      {describeInstruction(shown, card.instruction).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Frame {
  rows: readonly GanttRow[];
  scrolled: number;
  from: number;
  to: number;
  core: number | undefined;
}

/** Ruler and names of cores: all that is text. */
function paintFrame(
  context: CanvasRenderingContext2D,
  element: HTMLElement,
  ratio: number,
  { rows, scrolled, from, to, core }: Frame,
): void {
  const token = readTokens(element);
  const { clientWidth: w, clientHeight: h } = element;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = token('surface');
  context.fillRect(0, 0, w, h);
  context.font = `12px ${token('mono')}`;
  context.textBaseline = 'middle';
  const step = niceStep(to - from, (w - GUTTER) / 110);
  const perNs = (w - GUTTER) / (to - from);
  context.strokeStyle = token('line');
  context.lineWidth = 1;
  context.beginPath();
  context.fillStyle = token('text-3');
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const x = Math.round(GUTTER + (at - from) * perNs) + 0.5;
    context.moveTo(x, RULER - 5);
    context.lineTo(x, RULER);
    const text = formatTime(at, step);
    const wide = context.measureText(text).width;
    context.fillText(text, Math.min(x + 4, w - wide - 4), RULER / 2 - 1);
  }
  context.moveTo(0, RULER - 0.5);
  context.lineTo(w, RULER - 0.5);
  context.moveTo(GUTTER - 0.5, 0);
  context.lineTo(GUTTER - 0.5, h);
  context.stroke();
  context.textAlign = 'right';
  let lowest = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const y = RULER + row.top - scrolled + row.height / 2;
    const held = row.core === core;
    if (y < RULER + 6 || y > h || (!held && y - lowest < 14)) continue;
    lowest = y;
    context.fillStyle = held ? token('accent') : token('text-2');
    context.fillText(`${words.core} ${row.core}`, GUTTER - 8, y);
  }
  context.textAlign = 'left';
}

interface Looked {
  fromNs: number;
  toNs: number;
}

/** Wheel and pinch zoom in time, Shift and the wheel, or dragging, moves. Returns what stops listening. */
function listen(
  element: HTMLElement,
  looked: () => Looked,
  look: (fromNs: number, toNs: number) => void,
  scroll: (dy: number) => void,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pointers = new Map<number, { x: number; y: number }>();
  const share = (x: number) => (x - GUTTER) / Math.max(1, element.clientWidth - GUTTER);
  const zoom = (factor: number, at: number) => {
    const { fromNs, toNs } = looked();
    const held = fromNs + (toNs - fromNs) * at;
    const span = (toNs - fromNs) * factor;
    look(held - span * at, held + span * (1 - at));
  };
  const pan = (pixels: number) => {
    const { fromNs, toNs } = looked();
    const ns = (pixels * (toNs - fromNs)) / Math.max(1, element.clientWidth - GUTTER);
    look(fromNs + ns, toNs + ns);
  };
  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const wheel = (event: WheelEvent) => {
    const { x } = place(event);
    // Over the names of the cores the wheel scrolls, as everywhere.
    if (x < GUTTER) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      pan((Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY) * unit);
      return;
    }
    zoom(2 ** (event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.003)), Math.min(Math.max(share(x), 0), 1));
  };
  const down = (event: globalThis.PointerEvent) => {
    if (event.button > 1) return;
    pointers.set(event.pointerId, place(event));
    element.setPointerCapture(event.pointerId);
  };
  const drag = (event: globalThis.PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const other = [...pointers].find(([pointer]) => pointer !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other) {
      const spread = (point: { x: number }) => Math.max(8, Math.abs(point.x - other.x));
      zoom(spread(before) / spread(now), share((now.x + other.x) / 2));
      pan((before.x - now.x) / 2);
      return;
    }
    pan(before.x - now.x);
    scroll(before.y - now.y);
  };
  const up = (event: globalThis.PointerEvent) => pointers.delete(event.pointerId);
  element.addEventListener('wheel', wheel, { passive: false, signal });
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', drag, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  return () => stop.abort();
}
