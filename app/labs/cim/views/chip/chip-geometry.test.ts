import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chipGeometry } from './chip-geometry.ts';

describe('the field of arrays', () => {
  it('lies row by row, as large as there is room', () => {
    const field = chipGeometry({ arrays: 96, columns: 12 }, { w: 600, h: 300 });
    expect(field).toMatchObject({ columns: 12, rows: 8, step: 37.5 });
    // 450 px wide, in the middle of 600.
    expect(field.at(75 + 1, 1)).toBe(0);
    expect(field.at(75 + 37.5 * 11 + 1, 37.5 * 7 + 1)).toBe(95);
    expect(field.at(74, 1)).toBeUndefined();
    expect(field.at(80, 301)).toBeUndefined();
  });

  it('has neighbours, and edges', () => {
    const field = chipGeometry({ arrays: 10, columns: 4 }, { w: 400, h: 400 });
    expect([field.neighbour(5, 1, 0), field.neighbour(5, 0, -1), field.neighbour(5, 0, 1)]).toEqual([6, 1, 9]);
    expect([field.neighbour(3, 1, 0), field.neighbour(4, -1, 0), field.neighbour(7, 0, 1)]).toEqual([3, 4, 7]);
  });

  it('finds every array where it is drawn', () => {
    const size = fc.integer({ min: 1, max: 1200 });
    fc.assert(
      fc.property(size, size, size, size, fc.nat(), (arrays, columns, w, h, which) => {
        const field = chipGeometry({ arrays, columns }, { w, h });
        const array = which % arrays;
        const { x, y, w: width, h: height } = field.box(array);
        expect(field.at(x + width / 2, y + height / 2)).toBe(array);
      }),
      { numRuns: 100 },
    );
  });
});
