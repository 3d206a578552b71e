import { expect, test } from 'vitest';
import { wilsonShare } from '../../../../../engines/bfp/statistics/index.ts';
import type { SearchPoint, SearchTrace } from '../../../../../engines/bfp/types.ts';
import { accuracyOf, accuracySpan, costOn, frontOn, namesOf, shownBits } from './plans.ts';

function point(
  id: number,
  right: number | undefined,
  dataMovementBits: number,
  change: Partial<SearchPoint> = {},
): SearchPoint {
  return {
    id,
    by: 'exact',
    plan: {},
    averageWeightBits: 4,
    averageActivationBits: 6,
    dataMovementBits,
    energyPj: 100 - dataMovementBits,
    estimatedDropPoints: 1.5,
    ...(right !== undefined && { measured: wilsonShare(right, 100) }),
    objective: 0,
    ...change,
  };
}

test('the front of each cost, by rising cost; estimates are no part of it', () => {
  const points = [point(0, 90, 10), point(1, 95, 20), point(2, 93, 30), point(3, undefined, 5), point(4, 95, 15)];
  expect(frontOn('movement', points)).toEqual([0, 4]);
  expect(frontOn('energy', points)).toEqual([2, 1]);
  expect(costOn('bits', points[0]!)).toBe(5);
});

test('accuracy is measured, else estimated, else unknown', () => {
  expect(accuracyOf({ floatPercent: 99 }, point(0, 90, 1))).toBe(90);
  expect(accuracyOf({ floatPercent: 99 }, point(0, undefined, 1))).toBe(97.5);
  expect(accuracyOf({}, point(0, undefined, 1))).toBeUndefined();
});

test('baselines go by their names, others by method and number', () => {
  const trace = {
    points: [point(0, 1, 1, { by: 'equal' }), point(1, 1, 1), point(2, 1, 1), point(3, 1, 1, { by: 'random' })],
    baselineIds: { 'equal bfp4/32': 0, 'random 2': 3 },
  } as unknown as SearchTrace;
  const names = namesOf(trace, { equal: 'Equal', exact: 'Exact', random: 'Random' });
  expect([...names.values()]).toEqual(['Equal bfp4/32', 'Exact 1', 'Exact 2', 'Random 2']);
});

test('the span keeps near the best, or shows all', () => {
  expect(accuracySpan([10, 98, 99], true)[0]).toBeGreaterThan(94);
  expect(accuracySpan([10, 98, 99], false)[0]).toBeLessThan(10);
  expect(accuracySpan([], true)).toEqual([0, 100]);
  expect(accuracySpan([100], true)[1]).toBe(100);
});

test('bits of codes', () => {
  expect(shownBits({ kind: 'bfp', mantissaBits: 5, exponentBits: 8, block: 16, rounding: 'even' })).toBe(5);
  expect(shownBits({ kind: 'mx', element: 'e3m2', block: 32, rounding: 'even' })).toBe(6);
  expect(shownBits({ kind: 'gguf', type: 'q5_1' })).toBe(5);
});
