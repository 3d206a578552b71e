import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatten, type Path, type PathCommand } from './path.ts';
import { coverage } from './raster.ts';

/** Pixels as they are: y of outlines goes up, so that of pixels is minus it. */
const PLACED = { x: 0, y: 0, scaleX: 1, scaleY: 1 };

function polygon(...points: [number, number][]): Path {
  const commands: PathCommand[] = points.map(([x, y], index) => ({ type: index === 0 ? 'M' : 'L', x, y: -y }));
  return { commands: [...commands, { type: 'Z' }], x: 0 };
}

const rows = (covered: Float64Array, width: number) =>
  Array.from({ length: covered.length / width }, (_, row) => [...covered.subarray(row * width, (row + 1) * width)]);

describe('coverage', () => {
  it('is the area that a rectangle has of every pixel', () => {
    const covered = coverage([polygon([0.5, 0.25], [2.5, 0.25], [2.5, 2], [0.5, 2])], PLACED, 4, 3);
    expect(rows(covered, 4)).toEqual([
      [0.375, 0.75, 0.375, 0],
      [0.5, 1, 0.5, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('halves the pixels of a diagonal', () => {
    const covered = coverage([polygon([0, 0], [3, 3], [0, 3])], PLACED, 3, 3);
    expect(rows(covered, 3)).toEqual([
      [0.5, 0, 0],
      [1, 0.5, 0],
      [1, 1, 0.5],
    ]);
  });

  it('splits an edge that crosses several pixels of one row', () => {
    // Under the line from (0, 1) to (4, 0): a quarter more of each pixel, from 1/8 on.
    const covered = coverage([polygon([0, 1], [4, 0], [4, 1])], PLACED, 4, 1);
    for (const [at, share] of [0.125, 0.375, 0.625, 0.875].entries()) expect(covered[at]).toBeCloseTo(share, 14);
  });

  it('leaves holes, whichever way round the outer contour goes', () => {
    const outer: [number, number][] = [
      [0, 0],
      [3, 0],
      [3, 3],
      [0, 3],
    ];
    const hole: [number, number][] = [
      [1, 1],
      [1, 2],
      [2, 2],
      [2, 1],
    ];
    const ring = [
      [1, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
    ];
    expect(rows(coverage([polygon(...outer), polygon(...hole)], PLACED, 3, 3), 3)).toEqual(ring);
    expect(rows(coverage([polygon(...outer.toReversed()), polygon(...hole.toReversed())], PLACED, 3, 3), 3)).toEqual(
      ring,
    );
  });

  it('of two letters that overlap is not more than one', () => {
    const square = polygon([0, 0], [2, 0], [2, 1], [0, 1]);
    expect([...coverage([square, { ...square, x: 1 }], PLACED, 4, 1)]).toEqual([1, 1, 1, 0]);
  });

  it('adds up to the area of any triangle within the picture, and to what of it is inside where it is not', () => {
    const place = fc.double({ min: 0, max: 9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 3 }), (points) => {
        const [[ax, ay], [bx, by], [cx, cy]] = points as [[number, number], [number, number], [number, number]];
        const area = Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
        const sum = (covered: Float64Array) => covered.reduce((all, share) => all + share, 0);
        const whole = coverage([polygon(...points)], PLACED, 9, 9);
        expect(Math.abs(sum(whole) - area)).toBeLessThan(1e-9);

        // The same picture, shifted so that a third of it is cut off at each side in turn.
        for (const shift of [-3, 3]) {
          let most = 0;
          const moved = rows(coverage([polygon(...points)], { ...PLACED, x: shift }, 9, 9), 9);
          for (const [row, shares] of rows(whole, 9).entries()) {
            for (const [column, share] of shares.entries()) {
              const there = moved[row]![column + shift];
              if (there !== undefined) most = Math.max(most, Math.abs(there - share));
            }
          }
          expect(most).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('flatten', () => {
  it('ends every piece where the outline does, and follows curves', () => {
    const commands: PathCommand[] = [
      { type: 'M', x: 0, y: 0 },
      { type: 'Q', x1: 1, y1: 2, x: 2, y: 0 },
      { type: 'C', x1: 2, y1: -1, x2: 0, y2: -1, x: 0, y: 0 },
    ];
    const points: [number, number][] = [];
    let end: [number, number] = [0, 0];
    flatten({ commands, x: 10 }, { x: 1, y: 100, scaleX: 2, scaleY: 3 }, (x0, y0, x1, y1) => {
      if (points.length > 0) expect([x0, y0]).toEqual(end);
      end = [x1, y1];
      points.push([(x1 - 1) / 2 - 10, (100 - y1) / 3]);
    });
    expect(end).toEqual([21, 100]);
    // The tops of the two curves: (1, 1), and 3/4 of the way to the control points.
    const top = (list: [number, number][], sign: number) => Math.max(...list.map(([, y]) => sign * y));
    expect(top(points, 1)).toBeCloseTo(1, 12);
    expect(top(points, -1)).toBeCloseTo(0.75, 12);
  });
});
