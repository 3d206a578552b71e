import { type Axis, select } from 'd3';
import { type RefObject, useEffect } from 'react';

/** Draws an axis into its group anew whenever it is another; the chart has edges of its own, so the axis has no line. */
export function useAxis(group: RefObject<SVGGElement | null>, axis: Axis<number>): void {
  useEffect(() => {
    if (!group.current) return;
    select(group.current)
      .call(axis)
      .call((drawn) => drawn.select('.domain').remove());
  }, [group, axis]);
}
