/** Where a drawing is looked at: a point of the drawing (wx, wy) is on the screen at (wx * zoom + x, wy * zoom + y). */
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Extent {
  w: number;
  h: number;
}

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 4;

const clamp = (zoom: number): number => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));

/** Shows the whole box in the middle, never larger than `most` (125 % when left out). */
export function fitBox(box: Box, view: Extent, margin = 12, most = 1.25): Camera {
  const zoom = clamp(Math.min((view.w - 2 * margin) / box.w, (view.h - 2 * margin) / box.h, most));
  return centre(box, view, zoom);
}

/** The middle of the box in the middle of the view. */
export function centre(box: Box, view: Extent, zoom: number): Camera {
  return { zoom, x: view.w / 2 - (box.x + box.w / 2) * zoom, y: view.h / 2 - (box.y + box.h / 2) * zoom };
}

/** Zooms by a factor; the point of the drawing under (sx, sy) stays there. */
export function zoomAt(camera: Camera, factor: number, sx: number, sy: number): Camera {
  const zoom = clamp(camera.zoom * factor);
  const ratio = zoom / camera.zoom;
  return { zoom, x: sx - (sx - camera.x) * ratio, y: sy - (sy - camera.y) * ratio };
}

/** Moves as little as needed to bring the box into view; a box larger than the view is centred. */
export function bringIntoView(camera: Camera, box: Box, view: Extent, margin = 32): Camera {
  const shift = (low: number, high: number, size: number): number => {
    if (high - low > size - 2 * margin) return size / 2 - (low + high) / 2;
    if (low < margin) return margin - low;
    return high > size - margin ? size - margin - high : 0;
  };
  const left = box.x * camera.zoom + camera.x;
  const top = box.y * camera.zoom + camera.y;
  return {
    zoom: camera.zoom,
    x: camera.x + shift(left, left + box.w * camera.zoom, view.w),
    y: camera.y + shift(top, top + box.h * camera.zoom, view.h),
  };
}

/** Whether any of the box is in view. */
export function sees(camera: Camera, box: Box, view: Extent): boolean {
  const left = box.x * camera.zoom + camera.x;
  const top = box.y * camera.zoom + camera.y;
  return left < view.w && top < view.h && left + box.w * camera.zoom > 0 && top + box.h * camera.zoom > 0;
}
