import { describe, expect, it } from 'vitest';
import { advance, durationsMs, LEAST_MS } from './play.ts';

describe('a plan that is run through', () => {
  it('shows segments in proportion to their cycles, none too short', () => {
    // 20 s for all: a quarter, three quarters, and one far too short to be seen.
    expect(durationsMs([1000, 3000, 1])).toEqual([expect.closeTo(5000, -1), expect.closeTo(15_000, -1), LEAST_MS]);
    expect(durationsMs([])).toEqual([]);
    expect(durationsMs([0, 0])).toEqual([LEAST_MS, LEAST_MS]);
  });

  it('takes longer where there are many', () => {
    const each = durationsMs(new Array(400).fill(7));
    expect(each[0]).toBeCloseTo(250, 6);
  });

  it('goes on, over several segments where time was lost, and stops at the end', () => {
    const durations = [100, 50, 200];
    expect(advance(durations, { segment: 0, elapsedMs: 90 }, 5)).toEqual({ segment: 0, elapsedMs: 95, ended: false });
    expect(advance(durations, { segment: 0, elapsedMs: 90 }, 70)).toEqual({ segment: 2, elapsedMs: 10, ended: false });
    expect(advance(durations, { segment: 2, elapsedMs: 0 }, 999)).toEqual({ segment: 2, elapsedMs: 200, ended: true });
  });
});
