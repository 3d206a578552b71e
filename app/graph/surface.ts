import type { Ref } from 'react';
import type { SchematicLayout } from '../../engines/synthesis/index.ts';
import type { Camera } from './camera.ts';
import type { Marked } from './painter.ts';

/** What the view asks of the thing that shows the drawing, whichever it is. */
export interface Surface {
  camera(): Camera;
  /** @param glide moves there in a short motion (unless the user asked for none) */
  look(camera: Camera, glide?: boolean): void;
}

export interface SurfaceProps {
  layout: SchematicLayout;
  marked: Marked;
  /** The camera it begins with. */
  start: Camera;
  ref: Ref<Surface>;
  /** The user moved the camera. */
  onMove(camera: Camera): void;
}

export const GLIDE_MS = 160;

export function wantsStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
