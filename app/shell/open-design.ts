import { desk } from '../design/instance.ts';
import type { Notice, OpenDesign } from '../design/types.ts';

/** The open design at this moment, for what is no component. */
export function openNow(): OpenDesign | undefined {
  return desk.store.getState().design;
}

export function noticesNow(): readonly Notice[] {
  return desk.store.getState().notices;
}
