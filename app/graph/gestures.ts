import { type Camera, zoomAt } from './camera.ts';

/** Wheel and pinch zoom, one pointer pans. Returns what stops listening. */
export function listen(
  element: HTMLElement,
  camera: () => Camera,
  move: (camera: Camera, byUser: boolean) => void,
): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  const stop = new AbortController();
  const { signal } = stop;
  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    const { x, y } = place(event);
    move(zoomAt(camera(), 2 ** (-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.002)), x, y), true);
  };
  const down = (event: PointerEvent) => {
    if (event.button > 1) return;
    pointers.set(event.pointerId, place(event));
    element.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    const { x, y, zoom } = camera();
    const moved = { zoom, x: x + now.x - before.x, y: y + now.y - before.y };
    if (!other) {
      move(moved, true);
      return;
    }
    const spread = (point: { x: number; y: number }) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const half = { zoom, x: x + (now.x - before.x) / 2, y: y + (now.y - before.y) / 2 };
    move(zoomAt(half, spread(now) / spread(before), (now.x + other.x) / 2, (now.y + other.y) / 2), true);
  };
  const up = (event: PointerEvent) => pointers.delete(event.pointerId);
  element.addEventListener('wheel', wheel, { passive: false, signal });
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', drag, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  return () => stop.abort();
}
