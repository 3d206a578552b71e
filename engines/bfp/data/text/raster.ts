import { flatten, type Path, type Placement } from './path.ts';

/**
 * How much of every pixel lies inside the outlines, 0 to 1, row by row. Exact for straight edges: every edge adds the
 * signed area between itself and the right border of the picture to the pixels that it crosses, and a running sum along the
 * row gives the winding, weighted by area (the method of font rasterisers such as FreeType's and font-rs's). Where outlines
 * overlap, the sum is cut at 1. Only + - * / on doubles: the same bits everywhere.
 */
export function coverage(paths: readonly Path[], placement: Placement, width: number, height: number): Float64Array {
  // One column more: what an edge in the last column adds to the pixel after it.
  const stride = width + 2;
  const sums = new Float64Array(stride * height);

  /** An edge within 0 to `width`. Going down it adds to the winding, going up it takes from it. */
  function inside(x0: number, y0: number, x1: number, y1: number): void {
    if (y0 === y1) return;
    const sign = y0 < y1 ? 1 : -1;
    const [topX, topY, lowX, lowY] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
    const slope = (lowX - topX) / (lowY - topY);
    const first = Math.max(0, Math.floor(topY));
    const last = Math.min(height - 1, Math.ceil(lowY) - 1);
    for (let row = first; row <= last; row++) {
      const from = Math.max(topY, row);
      const to = Math.min(lowY, row + 1);
      const tall = (to - from) * sign;
      if (tall === 0) continue;
      const a = topX + (from - topY) * slope;
      const b = topX + (to - topY) * slope;
      acrossRow(row * stride, Math.min(a, b), Math.max(a, b), tall);
    }
  }

  /** The piece of an edge within one row: from `left` to `right`, covering `tall` of the row's height. */
  function acrossRow(base: number, left: number, right: number, tall: number): void {
    const firstColumn = Math.min(width, Math.max(0, Math.floor(left)));
    const lastColumn = Math.min(width, Math.max(firstColumn, Math.ceil(right) - 1));
    if (firstColumn === lastColumn) {
      const middle = (left + right) / 2 - firstColumn;
      sums[base + firstColumn]! += tall * (1 - middle);
      sums[base + firstColumn + 1]! += tall * middle;
      return;
    }
    // The share of the edge in a column, and how much of that column lies right of it.
    const perColumn = tall / (right - left);
    for (let column = firstColumn; column <= lastColumn; column++) {
      const from = Math.max(left, column);
      const to = Math.min(right, column + 1);
      const part = (to - from) * perColumn;
      const middle = (from + to) / 2 - column;
      sums[base + column]! += part * (1 - middle);
      sums[base + column + 1]! += part * middle;
    }
  }

  /** What lies left of the picture covers all of it, what lies right of it nothing: the edge is cut at both borders. */
  function edge(x0: number, y0: number, x1: number, y1: number): void {
    if (Math.min(x0, x1) >= 0 && Math.max(x0, x1) <= width) {
      inside(x0, y0, x1, y1);
      return;
    }
    const cuts = [0, ...crossings(x0, x1, 0), ...crossings(x0, x1, width), 1].sort((a, b) => a - b);
    for (let part = 0; part + 1 < cuts.length; part++) {
      const [from, to] = [cuts[part]!, cuts[part + 1]!];
      const at = (t: number, start: number, end: number) =>
        t === 0 ? start : t === 1 ? end : start + t * (end - start);
      const clamp = (x: number) => Math.min(width, Math.max(0, x));
      inside(clamp(at(from, x0, x1)), at(from, y0, y1), clamp(at(to, x0, x1)), at(to, y0, y1));
    }
  }

  for (const path of paths) flatten(path, placement, edge);

  const covered = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    let winding = 0;
    for (let column = 0; column < width; column++) {
      winding += sums[row * stride + column]!;
      covered[row * width + column] = Math.min(1, Math.abs(winding));
    }
  }
  return covered;
}

function crossings(x0: number, x1: number, border: number): number[] {
  return x0 < border !== x1 < border ? [(border - x0) / (x1 - x0)] : [];
}
