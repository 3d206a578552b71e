import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_IMPROVEMENTS } from '../rules.ts';
import type { CimProblem, Improvements } from '../types.ts';
import { leastByEnumeration, leastByJudging, type Sketch, type Small, smallProblem } from './exhaustive.fixture.ts';
import { segmentImproved } from './improved.ts';
import { judged } from './zoo.fixture.ts';

const IN_ORDER: Improvements = { ...ALL_IMPROVEMENTS, orders: false };

async function cyclesOf(problem: CimProblem, memory = true) {
  return (await judged(segmentImproved, problem, IN_ORDER, memory)).totals.cycles;
}

/** Operators that read some of those before them; dynamic ones two of them. */
function smalls(most: { operators: number; arrays: number }): fc.Arbitrary<Small> {
  const sketch = fc.record({
    arrays: fc.integer({ min: 1, max: Math.max(1, Math.ceil(most.arrays / 3)) }),
    vectors: fc.integer({ min: 1, max: 12 }),
    streamBytes: fc.integer({ min: 1, max: 120 }),
    outputBytes: fc.integer({ min: 1, max: 40 }),
    read: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
    kind: fc.constantFrom('static', 'static', 'dynamic', 'sum'),
  });
  return fc
    .record({
      arrays: fc.integer({ min: Math.ceil(most.arrays / 2), max: most.arrays }),
      sketches: fc.array(sketch, { minLength: 2, maxLength: most.operators }),
      rules: fc.record({
        reload: fc.constantFrom('largest' as const, 'bytes' as const),
        writeBack: fc.constantFrom('kept' as const, 'held' as const),
        sharing: fc.boolean(),
        inPlace: fc.boolean(),
        dynamicInSegment: fc.boolean(),
      }),
      switchCycles: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })),
      writeCycles: fc.integer({ min: 0, max: 16 }),
    })
    .map(({ arrays, sketches, ...rest }) => {
      const operators = sketches.map(({ read, kind, arrays: own, ...each }, at): Sketch => {
        const sources = at === 0 ? [] : [...new Set(read.map((place) => place % at))];
        return {
          ...each,
          arrays: Math.min(own, arrays),
          inputs: sources.slice(0, 1),
          ...(kind === 'dynamic' && sources.length > 0 && { weightsFrom: sources.slice(-1) }),
          ...(kind === 'sum' && { sums: sources.slice(1) }),
        };
      });
      return { arrays, operators, ...rest };
    });
}

describe('segmentImproved', () => {
  it('finds the least time of all segmentations and allocations', async () => {
    await fc.assert(
      fc.asyncProperty(smalls({ operators: 4, arrays: 6 }), fc.boolean(), async (small, memory) => {
        const problem = smallProblem(small);
        const order = problem.operators.map(({ index }) => index);
        const least = leastByEnumeration(problem, order, memory);
        expect(await cyclesOf(problem, memory)).toBeCloseTo(least, 6);
      }),
      { numRuns: 20 },
    );
  });

  it('finds it for sections that run again, entered from their own end', async () => {
    const repeated = smalls({ operators: 3, arrays: 4 }).chain((small) =>
      fc
        .record({
          times: fc.integer({ min: 2, max: 4 }),
          before: fc.integer({ min: 0, max: 1 }),
          after: fc.integer({ min: 0, max: 1 }),
          carry: fc.boolean(),
        })
        .map(({ times, before, after, carry }): Small => {
          const count = small.operators.length;
          const first = Math.min(before, count - 1);
          const last = Math.max(first + 1, count - after);
          const carried = carry ? [{ operator: last - 1, readers: [first] }] : [];
          const sections = [
            { first: 0, count: first, times: 1, carried: [] },
            { first, count: last - first, times, carried },
            { first: last, count: count - last, times: 1, carried: [] },
          ];
          return { ...small, sections };
        }),
    );
    await fc.assert(
      fc.asyncProperty(repeated, async (small) => {
        const problem = smallProblem(small);
        const least = leastByJudging(problem, true);
        const found = await cyclesOf(problem);
        expect(found).toBeGreaterThanOrEqual(least - 1e-6);
        // The first run takes the modes of the further ones: at most its own switches are lost.
        const { arrays, switchToComputeCycles, switchToMemoryCycles } = problem.hardware;
        expect(found).toBeLessThanOrEqual(least + arrays * (switchToComputeCycles + switchToMemoryCycles) + 1e-6);
      }),
      { numRuns: 20 },
    );
  });
});
