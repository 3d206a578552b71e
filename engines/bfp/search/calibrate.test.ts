import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibrate, estimateErrors, leaveOneOut } from './calibrate.ts';

test('a line is found again, and has no error', () => {
  const points = [1, 2, 3, 4, 5].map((x) => ({ x: x / 10, points: x / 5 }));
  expect(calibrate(points).slope).toBeCloseTo(2, 12);
  expect(calibrate(points).points(0.25)).toBeCloseTo(0.5, 12);
  expect(estimateErrors(points.slice(0, 4)).rankCorrelation).toBe(1);
  // The inner ones lie between their neighbours; the last is estimated by the one before it.
  expect(leaveOneOut(points).map((it, i) => it - points[i]!.points)).toEqual([
    expect.closeTo(0, 12),
    expect.closeTo(0, 12),
    expect.closeTo(0, 12),
    expect.closeTo(0, 12),
    expect.closeTo(-0.2, 12),
  ]);
});

test('a cliff bends the curve and leaves the slope of small losses alone', () => {
  const { slope, points } = calibrate([
    { x: 0.1, points: 0.1 },
    { x: 0.2, points: 0.2 },
    { x: 2, points: 80 },
  ]);
  expect(slope).toBeCloseTo(1, 12);
  expect(points(0.15)).toBeCloseTo(0.15, 12);
  expect(points(2)).toBe(80);
  expect(points(9)).toBe(80);
});

test('pooled where measurements contradict the order', () => {
  const { points } = calibrate([
    { x: 1, points: 3 },
    { x: 2, points: 1 },
    { x: 3, points: 5 },
  ]);
  expect([1, 1.5, 2, 2.5, 3].map(points)).toEqual([2, 2, 2, 3.5, 5]);
});

test('the curve never falls, and the slope is never 0', () => {
  const point = fc.record({
    x: fc.double({ min: 0, max: 10, noNaN: true }),
    points: fc.double({ min: -1, max: 90, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(point, { maxLength: 12 }),
      fc.array(fc.double({ min: 0, max: 12, noNaN: true })),
      (measured, xs) => {
        const { slope, points } = calibrate(measured);
        expect(slope).toBeGreaterThan(0);
        const ys = xs.sort((a, b) => a - b).map(points);
        for (let i = 1; i < ys.length; i++) expect(ys[i]!).toBeGreaterThanOrEqual(ys[i - 1]! - 1e-9);
        const { meanAbsPoints, worstPoints, rankCorrelation } = estimateErrors(measured);
        expect(worstPoints).toBeGreaterThanOrEqual(meanAbsPoints - 1e-9);
        expect(Number.isFinite(rankCorrelation)).toBe(true);
      },
    ),
  );
});
