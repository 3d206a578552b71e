import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mcnemarExact, pairedClasses, pairedLines, ranks, spearman, wilsonShare } from './index.ts';

// Published: Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I (score method).
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson's interval of %i in %i", (count, of, low, high) => {
  const share = wilsonShare(count, of);
  expect(share.lowPercent / 100).toBeCloseTo(low, 4);
  expect(share.highPercent / 100).toBeCloseTo(high, 4);
});

test("Wilson's interval holds its share, is mirrored, and refuses what is no share", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (of, draw) => {
      const count = draw % (of + 1);
      const [share, other] = [wilsonShare(count, of), wilsonShare(of - count, of)];
      expect(share.lowPercent).toBeLessThanOrEqual(share.percent);
      expect(share.highPercent).toBeGreaterThanOrEqual(share.percent);
      expect(share.lowPercent).toBeCloseTo(100 - other.highPercent, 9);
    }),
  );
  expect(() => wilsonShare(3, 2)).toThrow(RangeError);
  expect(() => wilsonShare(0, 0)).toThrow(RangeError);
});

// By hand: 2 (1 + 12 + 66) / 4096; 2 / 2^5; 2 (1 + 8) / 256; equal halves are no evidence.
test.each([
  [10, 2, 158 / 4096],
  [2, 10, 158 / 4096],
  [5, 0, 2 / 32],
  [1, 7, 18 / 256],
  [4, 4, 1],
  [0, 0, 1],
  [3, 2, 1],
])('the exact McNemar test of %i against %i', (lost, won, p) => {
  expect(mcnemarExact(lost, won)).toBeCloseTo(p, 14);
});

test('the exact McNemar test of thousands of pairs does not underflow', () => {
  // Normal approximation with continuity correction: z = (|2100 - 1900| - 1) / sqrt(4000) = 3.1465.
  expect(mcnemarExact(2100, 1900)).toBeCloseTo(0.001652, 4);
  expect(mcnemarExact(0, 4000)).toBeGreaterThanOrEqual(0);
});

// Newcombe, Statistics in Medicine 17 (1998), 2635-2650, table II, method 10.
test.each([
  [{ both: 36, lost: 12, won: 2, neither: 0 }, 0.0569, 0.3404],
  [{ both: 20, lost: 12, won: 2, neither: 16 }, 0.0562, 0.3292],
  [{ both: 97, lost: 1, won: 0, neither: 2 }, undefined, undefined],
])('the interval of a paired difference %o', (counts, low, high) => {
  const difference = pairedClasses(counts);
  // The paper's difference is the first's minus the second's.
  if (low !== undefined && high !== undefined) {
    expect(-difference.highPoints / 100).toBeCloseTo(low, 4);
    expect(-difference.lowPoints / 100).toBeCloseTo(high, 4);
  }
  expect(difference.points).toBeCloseTo((100 * (counts.won - counts.lost)) / 50 / (counts.both === 97 ? 2 : 1), 9);
  expect(difference.lowPoints).toBeLessThanOrEqual(difference.points);
  expect(difference.highPoints).toBeGreaterThanOrEqual(difference.points);
});

const line = (floatEdits: number, planEdits: number) => ({ characters: 25, floatEdits, planEdits });

test('the bootstrap over lines: no difference, a clear one, and one that a single line makes', () => {
  const same = pairedLines(Array(40).fill(line(1, 1)), 1);
  expect(same).toMatchObject({ points: 0, lowPoints: 0, highPoints: 0, pValue: 1, lost: 0, won: 0 });

  const worse = pairedLines(
    Array.from({ length: 40 }, (_, i) => line(0, i % 2)),
    1,
  );
  expect(worse.points).toBeCloseTo(-2, 12);
  // Standard error of a mean of 40 fair coins, one of 25 characters each: 4 * 0.5 / sqrt(40) = 0.316 points.
  expect(worse.lowPoints).toBeGreaterThan(-2 - 3 * 0.316);
  expect(worse.lowPoints).toBeLessThan(-2 - 1.5 * 0.316);
  expect(worse.pValue).toBeLessThan(0.001);
  expect(worse.lost).toBe(20);

  const one = pairedLines([line(0, 20), ...Array(39).fill(line(1, 1))], 1);
  expect(one.pValue).toBeGreaterThan(0.3);
});

test('the bootstrap is the same for the same seed, and mirrored when the two are exchanged', () => {
  const lines = Array.from({ length: 30 }, (_, i) => ({ ...line(i % 3, (i * 7) % 4), characters: 20 + (i % 11) }));
  const there = pairedLines(lines, 5);
  expect(pairedLines(lines, 5)).toEqual(there);
  expect(pairedLines(lines, 6).lowPoints).not.toBe(there.lowPoints);
  const back = pairedLines(
    lines.map((it) => ({ ...it, floatEdits: it.planEdits, planEdits: it.floatEdits })),
    5,
  );
  expect(back.lowPoints).toBeCloseTo(-there.highPoints, 12);
  expect(back.pValue).toBe(there.pValue);
});

test("Spearman's rank correlation", () => {
  expect(ranks([30, 10, 20, 10])).toEqual([4, 1.5, 3, 1.5]);
  // The usual textbook example: IQ against hours of television, rho = -29/165.
  const iq = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17];
  expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
  expect(spearman([1, 2, 3], [1, 8, 27])).toBe(1);
  expect(spearman([1, 2, 3], [4, 4, 4])).toBeUndefined();
});
