import type { SchematicLayout } from '../../engines/synthesis/index.ts';

/** What is under the pointer: a symbol or a wire, by its index in the layout. */
export type Hit = { kind: 'symbol'; index: number } | { kind: 'wire'; index: number } | undefined;

const TILE = 256;

/** Finds symbols and wires by place, through a grid of tiles. */
export class HitGrid {
  private readonly symbols = new Map<number, number[]>();
  /** wire, first point; wire, first point ... */
  private readonly stretches = new Map<number, number[]>();
  private readonly columns: number;

  constructor(private readonly layout: SchematicLayout) {
    this.columns = Math.ceil(layout.width / TILE) + 1;
    for (const [index, { x, y, w, h }] of layout.symbols.entries()) this.add(this.symbols, x, y, x + w, y + h, index);
    layout.wires.forEach(({ points }, index) => {
      for (let at = 0; at + 3 < points.length; at += 2) {
        const [x1, y1, x2, y2] = [points[at]!, points[at + 1]!, points[at + 2]!, points[at + 3]!];
        this.add(this.stretches, Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2), index, at);
      }
    });
  }

  private add(to: Map<number, number[]>, x1: number, y1: number, x2: number, y2: number, ...entry: number[]): void {
    for (let row = Math.floor(y1 / TILE); row <= Math.floor(y2 / TILE); row++) {
      for (let column = Math.floor(x1 / TILE); column <= Math.floor(x2 / TILE); column++) {
        const key = row * this.columns + column;
        const list = to.get(key);
        if (list) list.push(...entry);
        else to.set(key, [...entry]);
      }
    }
  }

  /** @param reach how far from a wire still counts, in units of the drawing */
  at(x: number, y: number, reach: number): Hit {
    const key = Math.floor(y / TILE) * this.columns + Math.floor(x / TILE);
    for (const index of this.symbols.get(key) ?? []) {
      const symbol = this.layout.symbols[index]!;
      const { body } = symbol;
      const [left, top] = [symbol.x + body.x, symbol.y + body.y];
      if (x >= left - 2 && x <= left + body.w + 2 && y >= top - 2 && y <= top + body.h + 2)
        return { kind: 'symbol', index };
    }
    let best: Hit;
    let nearest = reach;
    const list = this.stretches.get(key) ?? [];
    for (let entry = 0; entry < list.length; entry += 2) {
      const index = list[entry]!;
      const at = list[entry + 1]!;
      const { points } = this.layout.wires[index]!;
      const distance = distanceTo(x, y, points[at]!, points[at + 1]!, points[at + 2]!, points[at + 3]!);
      if (distance <= nearest) {
        nearest = distance;
        best = { kind: 'wire', index };
      }
    }
    return best;
  }
}

/** Distance to a horizontal or vertical stretch. */
function distanceTo(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const dx = Math.max(Math.min(x1, x2) - x, 0, x - Math.max(x1, x2));
  const dy = Math.max(Math.min(y1, y2) - y, 0, y - Math.max(y1, y2));
  return Math.hypot(dx, dy);
}
