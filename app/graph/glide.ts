import type { Camera } from './camera.ts';
import { GLIDE_MS } from './surface.ts';

/** Moves a camera in a short motion; answers with the function that stops it where it is. */
export function glideTo(from: Camera, to: Camera, step: (camera: Camera) => void): () => void {
  const begin = performance.now();
  let frame = 0;
  const tick = () => {
    const t = Math.min(1, (performance.now() - begin) / GLIDE_MS);
    const eased = t * (2 - t);
    const mix = (a: number, b: number) => a + (b - a) * eased;
    step({ x: mix(from.x, to.x), y: mix(from.y, to.y), zoom: mix(from.zoom, to.zoom) });
    if (t < 1) frame = requestAnimationFrame(tick);
  };
  frame = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(frame);
}
