import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookup, lookupCheck, lookupDelay } from './table.ts';
import type { Table, TableVariable } from './types.ts';

function table(variables: TableVariable[], axes: number[][], values: number[]): Table {
  return { variables, axes: axes.map((axis) => Float64Array.from(axis)), values: Float64Array.from(values) };
}

const GRID = table(
  ['input-slew', 'output-load'],
  [
    [1, 2, 4],
    [10, 20, 40],
  ],
  [1, 2, 4, 3, 5, 9, 7, 11, 19],
);

describe('a lookup', () => {
  it('gives the corners exactly', () => {
    [1, 2, 4].forEach((x, row) => {
      [10, 20, 40].forEach((y, column) => {
        expect(lookup(GRID, x, y)).toBe(GRID.values[3 * row + column]);
      });
    });
  });

  it('is bilinear between them', () => {
    // Halfway on both axes of the first cell: the mean of 1, 2, 3, 5.
    expect(lookup(GRID, 1.5, 15)).toBe(2.75);
    // A quarter down, on an edge: 3 + (7 - 3) / 4.
    expect(lookup(GRID, 2.5, 10)).toBe(4);
    // 3/4 right of the last cell, halfway down: rows give 5 + 3 = 8 and 11 + 6 = 17.
    expect(lookup(GRID, 3, 35)).toBe(12.5);
  });

  it("goes on by the border cell's slopes outside", () => {
    // Below: row 1 at 0 is 1 - 1 = 0, row 2 is 3 - 2 = 1; at x = 0: 0 - 1.
    expect(lookup(GRID, 0, 0)).toBe(-1);
    expect(lookup(GRID, 1, 0)).toBe(0);
    // Above: rows at 60 are 13 and 27; at x = 6: 27 + 14.
    expect(lookup(GRID, 6, 60)).toBe(41);
    expect(lookup(GRID, 1, 60)).toBe(6);
  });

  it('takes none, one and three axes, and axes of one value', () => {
    expect(lookup(table([], [], [7]))).toBe(7);
    const line = table(['input-slew'], [[0, 2]], [1, 5]);
    expect([lookup(line, 0), lookup(line, 1), lookup(line, 3)]).toEqual([1, 3, 7]);
    expect(lookup(table(['input-slew', 'output-load'], [[1], [0, 2]], [1, 5]), 99, 1)).toBe(3);
    expect(lookup(table(['input-slew', 'output-load'], [[0, 2], [1]], [1, 5]), 1, 99)).toBe(3);
    expect(lookup(table(['input-slew'], [[3]], [8]), 1)).toBe(8);
    const cube = table(
      ['input-slew', 'output-load', 'other'],
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      [0, 1, 10, 11, 100, 101, 110, 111],
    );
    expect(lookup(cube, 0.5, 0.25, 2)).toBe(54.5);
  });

  it('asks by variable, whatever the order of the axes', () => {
    const turned = table(
      ['output-load', 'input-slew'],
      [
        [10, 20],
        [1, 2],
      ],
      [1, 3, 2, 5],
    );
    expect(lookupDelay(turned, 1.5, 15)).toBe(lookupDelay(GRID, 1.5, 15));
    expect(lookupDelay(turned, 1, 20)).toBe(2);
    expect(lookupDelay(table(['output-load'], [[0, 1]], [0, 2]), 9, 0.5)).toBe(1);
    expect(lookupDelay(table(['input-slew'], [[0, 1]], [0, 2]), 0.5, 9)).toBe(1);
    const check = table(
      ['constrained-slew', 'related-slew'],
      [
        [0, 1],
        [0, 1],
      ],
      [0, 1, 10, 11],
    );
    expect(lookupCheck(check, 1, 0)).toBe(1);
    expect(lookupCheck(check, 0, 1)).toBe(10);
  });

  it('of a plane gives the plane everywhere', () => {
    const whole = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(whole, whole, whole, whole, whole, (a, b, c, x, y) => {
        const xs = [-3, 1, 2, 8];
        const ys = [0, 5, 7];
        const plane = table(
          ['input-slew', 'output-load'],
          [xs, ys],
          xs.flatMap((p) => ys.map((q) => a + b * p + c * q)),
        );
        expect(lookup(plane, x, y)).toBeCloseTo(a + b * x + c * y, 6);
      }),
    );
  });
});
