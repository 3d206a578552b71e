import { desk } from '../design/instance.ts';
import type { OpenDesign } from '../design/types.ts';

/** The open design at this moment, for what is no component. */
export function openNow(): OpenDesign | undefined {
  return desk.store.getState().design;
}
