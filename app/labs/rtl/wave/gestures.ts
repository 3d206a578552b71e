import { RULER } from './paint.ts';
import type { WaveStage } from './stage.ts';
import { timeAt, xOf } from './viewport.ts';

/** Pixels within which a cursor is caught, and within which a click is no drag. */
const CATCH = 5;
const STILL = 4;

export interface Gestures {
  /** Rows up or down, in pixels. */
  scroll(dy: number): void;
  /** A press without a move. `second`: the other cursor. */
  click(x: number, y: number, second: boolean, event: PointerEvent): void;
  /** A stretch is being chosen; undefined: no longer. */
  band(band: { from: number; to: number } | undefined): void;
}

type Drag =
  | { kind: 'pan'; x: number; y: number; moved: boolean; shift: boolean }
  | { kind: 'cursor'; index: number }
  | { kind: 'band'; from: number; x: number; moved: boolean };

/** Wheel, drag and pinch on the drawing. Answers how to stop listening. */
export function listenToWaves(element: HTMLElement, stage: WaveStage, gestures: Gestures): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pointers = new Map<number, { x: number; y: number }>();
  let drag: Drag | undefined;
  const place = (event: { clientX: number; clientY: number }) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const cursorNear = (x: number) => {
    const { viewport } = stage;
    return stage.cursors.findIndex((time) => Math.abs(xOf(viewport, time) - x) <= CATCH);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    const aside = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (event.altKey) gestures.scroll(event.deltaY * unit);
    else if (event.shiftKey || aside) stage.pan((aside ? event.deltaX : event.deltaY) * unit);
    else stage.zoom(2 ** (event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.003)), place(event).x);
  };
  const down = (event: PointerEvent) => {
    if (event.button > 1) return;
    const at = place(event);
    pointers.set(event.pointerId, at);
    element.setPointerCapture(event.pointerId);
    const near = cursorNear(at.x);
    if (near >= 0 && !event.shiftKey) drag = { kind: 'cursor', index: near };
    else if (at.y < RULER) {
      const index = event.shiftKey ? 1 : 0;
      drag = { kind: 'cursor', index };
      stage.setCursor(index, timeAt(stage.viewport, at.x));
    } else if (event.shiftKey) drag = { kind: 'band', from: timeAt(stage.viewport, at.x), x: at.x, moved: false };
    else drag = { kind: 'pan', ...at, moved: false, shift: event.shiftKey };
  };
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      element.style.cursor = cursorNear(place(event).x) >= 0 ? 'ew-resize' : '';
      return;
    }
    const now = place(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other) {
      drag = undefined;
      const spread = (point: { x: number }) => Math.max(8, Math.abs(point.x - other.x));
      stage.zoom(spread(before) / spread(now), (now.x + other.x) / 2);
      stage.pan((before.x - now.x) / 2);
      return;
    }
    if (drag?.kind === 'cursor') stage.setCursor(drag.index, timeAt(stage.viewport, now.x));
    else if (drag?.kind === 'band') {
      drag.moved ||= Math.abs(now.x - drag.x) > STILL;
      if (drag.moved) gestures.band({ from: drag.from, to: timeAt(stage.viewport, now.x) });
    } else if (drag?.kind === 'pan') {
      drag.moved ||= Math.hypot(now.x - drag.x, now.y - drag.y) > STILL;
      if (!drag.moved) return;
      stage.pan(before.x - now.x);
      gestures.scroll(before.y - now.y);
    }
  };
  const up = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    const at = place(event);
    const was = drag;
    drag = undefined;
    if (was?.kind === 'pan' && !was.moved) gestures.click(at.x, at.y, false, event);
    if (was?.kind !== 'band') return;
    gestures.band(undefined);
    if (!was.moved) gestures.click(at.x, at.y, true, event);
    else {
      const to = timeAt(stage.viewport, at.x);
      stage.look(Math.min(was.from, to), Math.max(was.from, to));
    }
  };
  const cancel = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    drag = undefined;
    gestures.band(undefined);
  };
  element.addEventListener('wheel', wheel, { passive: false, signal });
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', cancel, { signal });
  return () => stop.abort();
}
