import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClocks } from './clocks.ts';
import { paretoFront } from './pareto.ts';

describe('the front', () => {
  it('has the points that no other beats', () => {
    const points = [[1, 5], [2, 2], [3, 3], undefined, [5, 1], [5, 2]];
    expect([...paretoFront(points)]).toEqual([0, 1, 4]);
  });

  it('keeps equal points', () => {
    expect([
      ...paretoFront([
        [1, 1],
        [1, 1],
      ]),
    ]).toEqual([0, 1]);
  });

  it('is never empty, and beats all that is not on it', () => {
    const point = fc.tuple(fc.integer({ max: 9, min: 0 }), fc.integer({ max: 9, min: 0 }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const front = paretoFront(points);
        expect(front.size).toBeGreaterThan(0);
        points.forEach(([x, y], index) => {
          const beaten = points.some(([a, b], at) => front.has(at) && a <= x && b <= y && (a < x || b < y));
          expect(beaten).toBe(!front.has(index));
        });
      }),
    );
  });
});

describe('clock periods', () => {
  it('are read as lists and ranges', () => {
    expect(readClocks('2, 0.5 1')).toEqual({ values: [0.5, 1, 2] });
    expect(readClocks('2ns; 1 ns')).toEqual({ values: [1, 2] });
    expect(readClocks('0.5..2 step 0.5, 0.7')).toEqual({ values: [0.5, 0.7, 1, 1.5, 2] });
    expect(readClocks('1..2')).toEqual({ values: [1, 1.25, 1.5, 1.75, 2] });
    expect(readClocks('1..1')).toEqual({ values: [1] });
    expect(readClocks('0.1..0.3 step 0.1')).toEqual({ values: [0.1, 0.2, 0.3] });
  });

  it('are refused with a sentence', () => {
    for (const text of ['', 'fast', '0', '-1', '2..1', '1..2 step 0', '1..900 step 0.1']) {
      expect(readClocks(text)).toEqual({ fault: expect.stringMatching(/\.$/) });
    }
  });
});
