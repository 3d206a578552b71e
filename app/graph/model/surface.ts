import type { Ref } from 'react';
import type { Camera } from '../camera.ts';
import type { Surface } from '../surface.ts';
import type { ModelMarks, NodeLook, Placed } from './shape.ts';

export interface ModelSurfaceProps {
  placed: Placed;
  looks: readonly NodeLook[];
  marks: ModelMarks;
  start: Camera;
  ref: Ref<Surface>;
  onMove(camera: Camera): void;
}
