import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBin, niceStep, slackBins } from './bins.ts';

describe('bins of slack', () => {
  it('have round borders, zero among them', () => {
    const bins = slackBins([-0.12, -0.01, 0, 0.04, 0.09], undefined, 6);
    expect(bins.map(({ from, to, count }) => [from, to, count])).toEqual([
      [-0.15, -0.1, 1],
      [-0.1, -0.05, 0],
      [-0.05, 0, 1],
      [0, 0.05, 2],
      [0.05, 0.1, 1],
    ]);
  });

  it('are 1, 2 or 5 times a power of ten wide', () => {
    expect([0.21, 0.06, 12, 100].map((span) => niceStep(span, 6))).toEqual([0.05, 0.01, 2, 20]);
  });

  it('hold one value alone', () => {
    const [bin, ...others] = slackBins([0.3]);
    expect(others).toEqual([]);
    expect(bin!.from <= 0.3 && 0.3 < bin!.to && bin!.count === 1).toBe(true);
    expect(slackBins([0])).toHaveLength(1);
    expect(slackBins([])).toEqual([]);
  });

  it('count the pinned in the same bins', () => {
    const bins = slackBins([0.1], [-0.1], 4);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(1);
    expect(bins.reduce((sum, { pinned = 0 }) => sum + pinned, 0)).toBe(1);
    expect(bins[0]!.pinned).toBe(1);
  });

  it('hold each value once, never a failing one with a met one, and no more bins than asked for by two', () => {
    const slack = fc.integer({ min: -50_000, max: 50_000 }).map((ps) => ps / 1000);
    fc.assert(
      fc.property(fc.array(slack, { minLength: 1, maxLength: 60 }), fc.integer({ min: 3, max: 40 }), (slacks, most) => {
        const bins = slackBins(slacks, undefined, most);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(slacks.length);
        for (const value of slacks) {
          const holding = bins.filter((bin) => inBin(value, bin));
          expect(holding).toHaveLength(1);
          expect(value < 0 ? holding[0]!.to <= 0 : holding[0]!.from >= 0).toBe(true);
        }
        expect(bins.length).toBeLessThanOrEqual(Math.max(most, 10) + 2);
      }),
    );
  });
});
