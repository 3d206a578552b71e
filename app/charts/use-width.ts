import { type RefObject, useLayoutEffect, useState } from 'react';

export const MIN_WIDTH = 320;

/** The width of an element, followed as it changes; never below what a chart can be read at. */
export function useWidth(box: RefObject<HTMLElement | null>, least = MIN_WIDTH): number {
  const [width, setWidth] = useState(least);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(Math.max(least, element.clientWidth));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [box, least]);
  return width;
}

/** Of a letter at the size of labels, on average. */
export const LETTER = 6.4;

/** A text cut to the room in letters that it has. */
export function shortened(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room) - 1))}…`;
}
