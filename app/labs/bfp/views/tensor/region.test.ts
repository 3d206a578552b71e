import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covered, moved, showing, whole, zoomed } from './region.ts';

const sizes = fc.record({ rows: fc.integer({ min: 1, max: 5000 }), columns: fc.integer({ min: 1, max: 5000 }) });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the part of a matrix that is looked at', () => {
  it('never leaves the matrix, however it is zoomed and moved', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), share, share)),
        (size, steps) => {
          let region = whole(size);
          for (const [factor, x, y] of steps) {
            region = moved(zoomed(region, factor, x, y, size), x - 0.5, y - 0.5, size);
            const cells = covered(region);
            expect(cells.row).toBeGreaterThanOrEqual(0);
            expect(cells.row + cells.rows).toBeLessThanOrEqual(size.rows);
            expect(cells.column).toBeGreaterThanOrEqual(0);
            expect(cells.column + cells.columns).toBeLessThanOrEqual(size.columns);
            expect(cells.rows * cells.columns).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it('keeps the place under the pointer while zooming away from the borders', () => {
    const size = { rows: 1000, columns: 2000 };
    const before = { row: 400, column: 800, rows: 200, columns: 300 };
    const after = zoomed(before, 2, 0.25, 0.75, size);
    expect(after.columns).toBe(150);
    expect(after.column + 0.25 * after.columns).toBeCloseTo(before.column + 0.25 * before.columns);
    expect(after.row + 0.75 * after.rows).toBeCloseTo(before.row + 0.75 * before.rows);
  });

  it('shows a place that was out of sight, moving no further than needed', () => {
    const size = { rows: 100, columns: 100 };
    const region = { row: 10, column: 10, rows: 20, columns: 20 };
    expect(showing(region, 15, 15, size)).toEqual(region);
    expect(showing(region, 15, 40, size)).toEqual({ ...region, column: 21 });
    expect(showing(region, 3, 15, size)).toEqual({ ...region, row: 3 });
  });
});
