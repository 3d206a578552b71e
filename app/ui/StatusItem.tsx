import { type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';

export const STATUS_SLOT = 'status-slot';

/** Draws its children in the bar at the foot of the studio: what the lab is doing, and Stop. */
export function StatusItem({ children }: { children: ReactNode }) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  useEffect(() => setSlot(document.getElementById(STATUS_SLOT)), []);
  return slot && createPortal(children, slot);
}
