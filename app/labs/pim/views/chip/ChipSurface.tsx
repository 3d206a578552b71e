import { Maximize } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { PimReport } from '../../../../../engines/pim/types.ts';
import { bringIntoView, type Camera, fitBox, zoomAt } from '../../../../graph/camera.ts';
import { listen } from '../../../../graph/gestures.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { hover, type Link, markedLayer, select, usePim } from '../../state.ts';
import { texts } from '../../texts.ts';
import { readRamp, readTokens, useThemeVersion } from '../theme.ts';
import { COLOUR_STEPS, type Colouring } from './chip-colours.ts';
import { chipGeometry } from './chip-geometry.ts';
import type { ChipModel } from './chip-model.ts';
import { type ChipMarks, ChipPainter, type ChipTheme } from './chip-painter.ts';

const words = texts.chip;
/** Name of the performance measure that each frame leaves: script time of drawing. */
const FRAME_MEASURE = 'chip-frame';
const MEASURES_KEPT = 2000;

interface Props {
  report: PimReport;
  model: ChipModel;
  colouring: Colouring;
}

/** The chip on a canvas: point, press, drag, zoom; the arrow keys go from core to core, and with Shift along its array groups. */
export function ChipSurface({ report, model, colouring }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const geometry = useMemo(() => chipGeometry(report.hardware), [report.hardware]);
  const painter = useMemo(() => new ChipPainter(model, geometry), [model, geometry]);
  useMemo(() => painter.colour(colouring.steps, COLOUR_STEPS), [painter, colouring]);
  const themeVersion = useThemeVersion();
  const hovered = usePim((state) => state.hovered);
  const selected = usePim((state) => state.selected);
  const stale = usePim((state) => state.stale);
  const [card, setCard] = useState<{ x: number; y: number; link: Link }>();
  const state = useRef({
    camera: undefined as Camera | undefined,
    frame: 0,
    measures: 0,
    theme: undefined as ChipTheme | undefined,
  });

  const marks = useMemo(() => marksOf(model, hovered, selected), [model, hovered, selected]);
  const latest = useRef({ painter, marks, steps: colouring.steps });
  latest.current = { painter, marks, steps: colouring.steps };

  const fitted = useCallback((): Camera => {
    const { clientWidth: w = 300, clientHeight: h = 200 } = canvas.current ?? {};
    return fitBox({ x: 0, y: -10, w: geometry.width, h: geometry.height + 10 }, { w, h }, 16, 3);
  }, [geometry]);

  const draw = useRef(() => {
    state.current.frame = 0;
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context) return;
    const begin = performance.now();
    const ratio = devicePixelRatio;
    const view = { w: element.clientWidth, h: element.clientHeight };
    const [w, h] = [Math.round(view.w * ratio), Math.round(view.h * ratio)];
    if (w === 0 || h === 0) return;
    if (element.width !== w || element.height !== h) {
      element.width = w;
      element.height = h;
    }
    state.current.theme ??= readTheme(element);
    state.current.camera ??= fit.current();
    const { painter: by, marks: what, steps } = latest.current;
    by.paint(context, state.current.camera, view, ratio, state.current.theme, steps, what);
    if (++state.current.measures % MEASURES_KEPT === 0) performance.clearMeasures(FRAME_MEASURE);
    performance.measure(FRAME_MEASURE, { start: begin, end: performance.now() });
  });
  const fit = useRef(fitted);
  fit.current = fitted;
  const ask = useRef(() => {
    if (state.current.frame === 0) state.current.frame = requestAnimationFrame(draw.current);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another chip is looked at from the start.
  useEffect(() => {
    state.current.camera = undefined;
    ask.current();
  }, [geometry]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what asks for a frame.
  useEffect(() => {
    state.current.theme = undefined;
    ask.current();
  }, [painter, marks, colouring, themeVersion]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const stop = listen(
      element,
      () => state.current.camera ?? fit.current(),
      (camera) => {
        state.current.camera = camera;
        ask.current();
      },
    );
    const resize = new ResizeObserver(() => ask.current());
    resize.observe(element);
    return () => {
      stop();
      resize.disconnect();
      cancelAnimationFrame(state.current.frame);
      state.current.frame = 0;
      hover();
    };
  }, []);

  const linkAt = (event: PointerEvent): Link | undefined => {
    const bounds = canvas.current?.getBoundingClientRect();
    const { camera } = state.current;
    if (!bounds || !camera) return undefined;
    const found = geometry.at(
      (event.clientX - bounds.left - camera.x) / camera.zoom,
      (event.clientY - bounds.top - camera.y) / camera.zoom,
    );
    if (!found) return undefined;
    const ag = found.slot === undefined ? -1 : (model.slots[found.core * model.perCore + found.slot] ?? -1);
    return ag < 0 ? { core: found.core } : linkOf(model, ag);
  };
  const pressed = useRef<{ x: number; y: number }>(undefined);
  const point = (event: PointerEvent) => {
    const link = event.buttons === 0 || event.pointerType === 'touch' ? linkAt(event) : undefined;
    hover(link);
    const bounds = box.current?.getBoundingClientRect();
    setCard(link && bounds ? { x: event.clientX - bounds.left, y: event.clientY - bounds.top, link } : undefined);
  };
  const look = (core: number) => {
    const element = canvas.current;
    if (!element || !state.current.camera) return;
    const view = { w: element.clientWidth, h: element.clientHeight };
    state.current.camera = bringIntoView(state.current.camera, geometry.coreBox(core), view);
    ask.current();
  };
  const zoom = (factor: number) => {
    const element = canvas.current;
    if (!element) return;
    state.current.camera = zoomAt(
      state.current.camera ?? fit.current(),
      factor,
      element.clientWidth / 2,
      element.clientHeight / 2,
    );
    ask.current();
  };
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowRight: [1, 0],
      ArrowLeft: [-1, 0],
      ArrowDown: [0, 1],
      ArrowUp: [0, -1],
    };
    const step = steps[event.key];
    const at = selected.core ?? hovered.core ?? 0;
    if (step && event.shiftKey) {
      const [from, to] = [model.coreStart[at] ?? 0, model.coreStart[at + 1] ?? 0];
      if (to <= from) return;
      const known = selected.ag === undefined ? -1 : model.byCore.indexOf(selected.ag, from);
      const next =
        known < 0 || known >= to ? from : from + ((known - from + step[0] + step[1] + to - from) % (to - from));
      usePim.setState({ selected: linkOf(model, model.byCore[next]!) });
    } else if (step) {
      const core = selected.core === undefined ? at : geometry.neighbour(at, ...step);
      usePim.setState({ selected: { core } });
      look(core);
    } else if (event.key === '+' || event.key === '=') zoom(1.4);
    else if (event.key === '-') zoom(1 / 1.4);
    else if (event.key === '0') {
      state.current.camera = undefined;
      ask.current();
    } else if (event.key === 'Escape') select();
    else return;
    event.preventDefault();
  };
  const said = words.say(...describe(report, model, hovered.core !== undefined ? hovered : selected));

  return (
    <div ref={box} className={stale ? 'pim-canvas-box pim-pale' : 'pim-canvas-box'}>
      {/* A drawing that is walked through; the table of cores is the other way. */}
      <div
        className="pim-canvas-frame"
        role="application"
        aria-label={words.label}
        aria-describedby={`${id}said`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys go from core to core.
        tabIndex={0}
        onKeyDown={move}
        onPointerMove={point}
        onPointerDown={(event) => {
          pressed.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerUp={(event) => {
          const from = pressed.current;
          pressed.current = undefined;
          if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) > 4) return;
          select(linkAt(event));
        }}
        onPointerLeave={() => {
          hover();
          setCard(undefined);
        }}
      >
        <canvas ref={canvas} className="pim-canvas" aria-hidden />
      </div>
      <p id={`${id}said`} className="visually-hidden" aria-live="polite">
        {said}
      </p>
      {card && <Card report={report} model={model} card={card} box={box.current} />}
      <span className="pim-canvas-tools">
        <IconButton
          size="small"
          icon={Maximize}
          label={words.fit}
          onClick={() => {
            state.current.camera = undefined;
            ask.current();
          }}
        />
      </span>
    </div>
  );
}

function linkOf(model: ChipModel, ag: number): Link {
  return { layer: model.layer[ag], replica: model.replica[ag], ag, core: model.core[ag] };
}

/** What lights up: the replica or the layer pointed at or held, wherever it was pointed at. */
function marksOf(model: ChipModel, hovered: Link, selected: Link): ChipMarks {
  const layer = markedLayer({ hovered, selected });
  const source = hovered.layer === undefined ? selected : hovered;
  const lit: number[] = [];
  if (layer !== undefined) for (let ag = 0; ag < model.count; ag++) if (model.layer[ag] === layer) lit.push(ag);
  return { lit: lit.length > 0 ? lit : undefined, core: hovered.core ?? selected.core, ag: source.ag };
}

/** The lines of the card, and of what is said: the layer, its replica, the array group, the core. */
function describe(report: PimReport, model: ChipModel, link: Link): [string, string][] {
  const lines: [string, string][] = [];
  const order = link.layer === undefined ? undefined : model.order.get(link.layer);
  const layer = order === undefined ? undefined : model.layers[order];
  if (layer) {
    lines.push([words.layer, layer.name]);
    if (link.replica !== undefined) lines.push([words.replica, words.of(link.replica + 1, layer.replication)]);
  }
  if (link.ag !== undefined && layer) {
    const each = Math.round(layer.arrayGroups / Math.max(1, layer.replication));
    lines.push([words.arrayGroup, words.of((model.slice[link.ag] ?? 0) + 1, each)]);
    lines.push([words.crossbars, String(model.size[link.ag] ?? 0)]);
    lines.push([words.cells, formatNumber(layer.cellsUsedPercent, '%')]);
  }
  if (link.core !== undefined) {
    const core = report.cores.find((each) => each.core === link.core);
    lines.push([words.core, String(link.core)]);
    if (core) {
      lines.push([words.coreCrossbars, words.of(core.crossbars, model.perCore)]);
      lines.push([words.coreBusy, formatNumber((100 * core.busyNs) / (report.figures.timeNs || 1), '%')]);
    }
  }
  return lines;
}

interface CardProps {
  report: PimReport;
  model: ChipModel;
  card: { x: number; y: number; link: Link };
  box: HTMLElement | null;
}

function Card({ report, model, card, box }: CardProps) {
  const { clientWidth = 0, clientHeight = 0 } = box ?? {};
  const style = {
    left: card.x + 240 > clientWidth ? undefined : card.x + 14,
    right: card.x + 240 > clientWidth ? clientWidth - card.x + 14 : undefined,
    top: card.y + 190 > clientHeight ? undefined : card.y + 14,
    bottom: card.y + 190 > clientHeight ? clientHeight - card.y + 14 : undefined,
  };
  return (
    <dl className="pim-card" style={style} aria-hidden>
      {describe(report, model, card.link).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function readTheme(element: Element): ChipTheme {
  const token = readTokens(element);
  return {
    surface: token('surface'),
    sunken: token('sunken'),
    line: token('line'),
    text: token('text'),
    text3: token('text-3'),
    accent: token('accent'),
    font: `12px ${token('mono') || 'monospace'}`,
    ramp: readRamp(token, COLOUR_STEPS),
  };
}
