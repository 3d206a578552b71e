import type { SchematicLayout } from '../../engines/synthesis/index.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The symbol an arrow key goes to. Left and right follow the wires first (a reader to the right, a driver to the left)
 * and take the nearest symbol on that side when no wire leads there; up and down take the nearest symbol.
 */
export function neighbour(layout: SchematicLayout, from: number, direction: Direction): number | undefined {
  if (direction === 'left' || direction === 'right') {
    const wired = new Set<number>();
    for (const wire of layout.wires) {
      if (direction === 'right' && wire.from[0] === from) wired.add(wire.to[0]);
      if (direction === 'left' && wire.to[0] === from) wired.add(wire.from[0]);
    }
    const along = nearest(layout, from, direction, [...wired]);
    if (along !== undefined) return along;
  }
  return nearest(layout, from, direction, layout.symbols.keys());
}

function nearest(
  layout: SchematicLayout,
  from: number,
  direction: Direction,
  among: Iterable<number>,
): number | undefined {
  const start = middle(layout, from);
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const index of among) {
    if (index === from) continue;
    const there = middle(layout, index);
    const [dx, dy] = [there.x - start.x, there.y - start.y];
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    if (ahead < 4) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) {
      least = cost;
      best = index;
    }
  }
  return best;
}

function middle({ symbols }: SchematicLayout, index: number): { x: number; y: number } {
  const { x, y, body } = symbols[index]!;
  return { x: x + body.x + body.w / 2, y: y + body.y + body.h / 2 };
}
