import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { CimReport, PlannedSegment } from '../../../../../engines/cim/types.ts';
import { wantsStillness } from '../../../../graph/surface.ts';
import { hover, select, useCim } from '../../state.ts';
import { type ChipGeometry, chipGeometry } from './chip-geometry.ts';
import { arrayFacts } from './chip-model.ts';
import { ChipPainter, type ChipPicture, type ChipTheme } from './chip-painter.ts';
import { factLines } from './facts-text.ts';
import type { RoleMaps, Roles } from './role-maps.ts';
import { texts } from './texts.ts';
import { readTheme, useThemeVersion } from './theme.ts';

/** How long switched arrays glow when their segment begins. */
const GLOW_MS = 700;
const MARGIN = 10;

interface Props {
  report: CimReport;
  planned: PlannedSegment;
  segment: number;
  maps: RoleMaps;
  roles: Roles;
  by: 'role' | 'operator';
  onStep(by: number): void;
  onPlay(): void;
}

/** The chip on a canvas: point at arrays or walk with the arrow keys; Enter or a press holds the operator. */
export function ChipSurface({ report, planned, segment, maps, roles, by, onStep, onPlay }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useMemo(() => new ChipPainter(), []);
  const version = useThemeVersion();
  const stale = useCim((state) => state.stale);
  const hovered = useCim((state) => state.hovered.operator);
  const selected = useCim((state) => state.selected.operator);
  const [focus, setFocus] = useState<number>();
  const [card, setCard] = useState<{ x: number; y: number; array: number }>();
  const state = useRef({
    frame: 0,
    theme: undefined as ChipTheme | undefined,
    geometry: undefined as ChipGeometry | undefined,
    glowFrom: Number.NEGATIVE_INFINITY,
  });

  const ordinals = useMemo(
    () => new Map(planned.operators.map((operator, at) => [operator, at + 1])),
    [planned.operators],
  );
  const wanted = hovered ?? selected;
  const lit = wanted !== undefined && ordinals.has(wanted) ? wanted : undefined;
  const shown = card?.array ?? focus;
  const latest = useRef<Omit<ChipPicture, 'glow'>>({ roles, ordinals, by, lit, focus: shown });
  latest.current = { roles, ordinals, by, lit, focus: shown };
  const { arrays, grid } = report.hardware;

  const draw = useRef((_now: number) => {});
  draw.current = (now) => {
    const at = state.current;
    at.frame = 0;
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context) return;
    const ratio = devicePixelRatio;
    const view = { w: element.clientWidth, h: element.clientHeight };
    const [w, h] = [Math.round(view.w * ratio), Math.round(view.h * ratio)];
    if (w === 0 || h === 0) return;
    if (element.width !== w || element.height !== h) {
      element.width = w;
      element.height = h;
      at.geometry = undefined;
    }
    at.theme ??= readTheme(element);
    at.geometry ??= inset(arrays, grid.columns, view);
    const glow = Math.max(0, 1 - (now - at.glowFrom) / GLOW_MS);
    painter.paint(context, view, ratio, at.theme, at.geometry, { ...latest.current, glow: Math.min(1, glow) });
    if (glow > 0) ask.current();
  };
  const ask = useRef(() => {
    if (state.current.frame === 0) state.current.frame = requestAnimationFrame((now) => draw.current(now));
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another chip has another grid.
  useEffect(() => {
    state.current.geometry = undefined;
    ask.current();
  }, [arrays, grid.columns]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is read anew.
  useEffect(() => {
    state.current.theme = undefined;
    ask.current();
  }, [version]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what asks for a frame.
  useEffect(() => ask.current(), [roles, ordinals, by, lit, shown]);
  const first = useRef(roles);
  useEffect(() => {
    if (first.current === roles || wantsStillness()) return;
    first.current = roles;
    state.current.glowFrom = performance.now();
    ask.current();
  }, [roles]);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const watch = new ResizeObserver(() => ask.current());
    watch.observe(element);
    return () => {
      watch.disconnect();
      cancelAnimationFrame(state.current.frame);
      state.current.frame = 0;
      hover();
    };
  }, []);

  const arrayAt = (event: PointerEvent): number | undefined => {
    const bounds = canvas.current?.getBoundingClientRect();
    return bounds && state.current.geometry?.at(event.clientX - bounds.left, event.clientY - bounds.top);
  };
  const mark = (array: number | undefined) => {
    const operator = array === undefined ? undefined : roles.operator(array);
    hover(operator === undefined ? undefined : { segment, operator });
  };
  const point = (event: PointerEvent) => {
    const array = arrayAt(event);
    const bounds = box.current?.getBoundingClientRect();
    setCard(
      array !== undefined && bounds
        ? { x: event.clientX - bounds.left, y: event.clientY - bounds.top, array }
        : undefined,
    );
    mark(array);
  };
  const hold = (array: number | undefined) => {
    const operator = array === undefined ? undefined : roles.operator(array);
    const was = useCim.getState().selected;
    if (operator === undefined || (was.operator === operator && was.segment === segment)) {
      useCim.setState({ selected: { segment } });
    } else select({ segment, operator });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (step && state.current.geometry) {
      const next = focus === undefined ? 0 : state.current.geometry.neighbour(focus, step[0]!, step[1]!);
      setFocus(next);
      setCard(undefined);
      mark(next);
    } else if (event.key === 'PageDown') onStep(1);
    else if (event.key === 'PageUp') onStep(-1);
    else if (event.key === 'Enter') hold(focus);
    else if (event.key === ' ') onPlay();
    else if (event.key === 'Escape') {
      setFocus(undefined);
      useCim.setState({ selected: { segment } });
    } else return;
    event.preventDefault();
  };
  const facts = shown === undefined ? undefined : arrayFacts(report, maps, segment, shown);
  const lines = facts ? factLines(facts, report.problem.operators) : [];

  return (
    <div ref={box} className={stale ? 'cim-chip-box cim-chip-pale' : 'cim-chip-box'}>
      {/* A drawing that is walked through; the table of arrays is the other way. */}
      <div
        className="cim-chip-frame"
        role="application"
        aria-label={texts.label}
        aria-describedby={`${id}said`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys go from array to array.
        tabIndex={0}
        onKeyDown={press}
        onPointerMove={point}
        onPointerUp={(event) => hold(arrayAt(event))}
        onPointerLeave={() => {
          setCard(undefined);
          hover();
        }}
        onBlur={() => hover()}
      >
        <canvas ref={canvas} className="cim-chip-canvas" aria-hidden />
      </div>
      <p id={`${id}said`} className="visually-hidden" aria-live="polite">
        {card ? '' : lines.map(([name, value]) => `${name}: ${value}`).join(', ')}
      </p>
      {shown !== undefined && lines.length > 0 && (
        <Card lines={lines} at={card ?? placeOf(state.current.geometry, shown)} box={box.current} />
      )}
    </div>
  );
}

function inset(arrays: number, columns: number, view: { w: number; h: number }): ChipGeometry {
  const geometry = chipGeometry({ arrays, columns }, { w: view.w - 2 * MARGIN, h: view.h - 2 * MARGIN });
  return {
    ...geometry,
    box: (array) => {
      const found = geometry.box(array);
      return { ...found, x: found.x + MARGIN, y: found.y + MARGIN };
    },
    at: (x, y) => geometry.at(x - MARGIN, y - MARGIN),
  };
}

function placeOf(geometry: ChipGeometry | undefined, array: number): { x: number; y: number } {
  const found = geometry?.box(array);
  return found ? { x: found.x + found.w, y: found.y + found.h / 2 } : { x: 0, y: 0 };
}

const CARD = { w: 320, h: 170 };

function Card({
  lines,
  at,
  box,
}: {
  lines: readonly (readonly [string, string])[];
  at: { x: number; y: number };
  box: HTMLElement | null;
}) {
  const { clientWidth = 0, clientHeight = 0 } = box ?? {};
  const style = {
    left: at.x + CARD.w > clientWidth ? undefined : at.x + 14,
    right: at.x + CARD.w > clientWidth ? Math.max(4, clientWidth - at.x + 14) : undefined,
    top: at.y + CARD.h > clientHeight ? undefined : at.y + 14,
    bottom: at.y + CARD.h > clientHeight ? Math.max(4, clientHeight - at.y + 14) : undefined,
  };
  return (
    <dl className="cim-chip-card" style={style} aria-hidden>
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
