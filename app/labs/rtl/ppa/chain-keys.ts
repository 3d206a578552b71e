import type { KeyboardEvent } from 'react';

/** The keys of a row of things: left and right, the first and the last, Enter and space for the one that is pointed at. */
export function chainKeys(
  event: KeyboardEvent,
  count: number,
  at: number,
  point: (index: number) => void,
  press: (index: number) => void,
): void {
  if ((event.key === 'Enter' || event.key === ' ') && at >= 0) {
    event.preventDefault();
    press(at);
    return;
  }
  const next = { ArrowRight: at + 1, ArrowLeft: at < 0 ? count - 1 : at - 1, Home: 0, End: count - 1 }[event.key];
  if (next === undefined || count === 0) return;
  event.preventDefault();
  point(Math.min(Math.max(next, 0), count - 1));
}
