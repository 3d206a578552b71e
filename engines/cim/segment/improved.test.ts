import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateExactly } from '../allocate/exact.ts';
import { ALL_IMPROVEMENTS, NO_IMPROVEMENTS } from '../rules.ts';
import type { CimProblem, Improvements } from '../types.ts';
import {
  leastByEnumeration,
  leastByJudging,
  type Sketch,
  type Small,
  smallProblem,
  topologicalOrders,
} from './exhaustive.fixture.ts';
import { segmentImproved } from './improved.ts';
import { segmentAsPublished } from './published.ts';
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
      { numRuns: 15 },
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
      { numRuns: 15 },
    );
  });

  it('finds it for six operators on twelve arrays', async () => {
    const problem = smallProblem({
      arrays: 12,
      operators: [
        { arrays: 3, vectors: 9, streamBytes: 60, outputBytes: 40 },
        { arrays: 2, vectors: 6, streamBytes: 30, outputBytes: 24, inputs: [0] },
        { arrays: 4, vectors: 4, streamBytes: 80, outputBytes: 30, inputs: [1] },
        { arrays: 3, vectors: 8, streamBytes: 40, outputBytes: 30, inputs: [0, 2] },
        { arrays: 5, vectors: 2, streamBytes: 20, outputBytes: 16, inputs: [3] },
        { arrays: 4, vectors: 2, streamBytes: 50, outputBytes: 8, inputs: [4] },
      ],
      rules: { sharing: false },
    });
    expect(await cyclesOf(problem)).toBeCloseTo(leastByEnumeration(problem, [0, 1, 2, 3, 4, 5], true), 6);
  });

  it('is no slower with other orders, and no faster than the best of all', async () => {
    await fc.assert(
      fc.asyncProperty(smalls({ operators: 5, arrays: 5 }), async (small) => {
        const problem = smallProblem({ ...small, rules: { ...small.rules, inPlace: false, sharing: false } });
        const given = await cyclesOf(problem);
        const { totals } = await judged(segmentImproved, problem, ALL_IMPROVEMENTS);
        expect(totals.cycles).toBeLessThanOrEqual(given + 1e-6);
        const orders = topologicalOrders(problem);
        if (orders.length > 8) return;
        const best = Math.min(...orders.map((order) => leastByEnumeration(problem, order, true)));
        expect(totals.cycles).toBeGreaterThanOrEqual(best - 1e-6);
      }),
      { numRuns: 15 },
    );
  });

  it('puts small operators of other branches where they fit', async () => {
    // Two branches of a large and a small operator: in the given order each small one follows its large one and stands alone
    // with it; together the small ones need only one more segment.
    const problem = smallProblem({
      arrays: 6,
      writeCycles: 100,
      operators: [
        { arrays: 4, vectors: 2, streamBytes: 8, outputBytes: 8 },
        { arrays: 3, vectors: 2, streamBytes: 8, outputBytes: 8, inputs: [0] },
        { arrays: 4, vectors: 2, streamBytes: 8, outputBytes: 8 },
        { arrays: 3, vectors: 2, streamBytes: 8, outputBytes: 8, inputs: [2] },
      ],
    });
    const { segments } = await judged(segmentImproved, problem, ALL_IMPROVEMENTS);
    expect((await judged(segmentImproved, problem, IN_ORDER)).segments.length).toBe(4);
    expect(segments.map(({ operators }) => operators)).toEqual([[0], [2], [1, 3]]);
  });

  it('takes each improvement away by its switch', async () => {
    const problem = smallProblem({
      arrays: 12,
      writeCycles: 12,
      batch: 4,
      operators: [
        { arrays: 1, vectors: 24, streamBytes: 24, outputBytes: 60 },
        { arrays: 2, vectors: 16, streamBytes: 24, outputBytes: 40, inputs: [0] },
      ],
    });
    const all = await judged(segmentImproved, problem, IN_ORDER);
    // Without the reload in the objective every segment is as fast as can be by itself.
    const fastest = await judged(segmentImproved, problem, { ...IN_ORDER, reload: false });
    for (const { operators, cost } of fastest.segments) {
      const own = allocateExactly(problem, operators, { memory: true, withReload: false });
      expect(cost.computeCycles).toBeLessThanOrEqual(own!.computeCycles);
    }
    expect(all.totals.cycles).toBeLessThan(fastest.totals.cycles);
    // For one sample fewer copies pay than for four.
    const one = await judged(segmentImproved, problem, { ...IN_ORDER, batch: false });
    expect(one.totals.reloadCycles).toBeLessThan(all.totals.reloadCycles);
    // One plan a segment and a prefix: the published method.
    const single = await judged(segmentImproved, problem, { ...IN_ORDER, pareto: false });
    const published = await judged(segmentAsPublished, problem, { ...NO_IMPROVEMENTS, reload: true, batch: true });
    expect(single.totals).toEqual(published.totals);
  });

  it('refuses an operator that the chip has not arrays enough for', async () => {
    const operators = [{ arrays: 9, vectors: 1, streamBytes: 1, outputBytes: 1 }];
    const problem = smallProblem({ arrays: 8, operators });
    const options = { improvements: ALL_IMPROVEMENTS, memory: true, allocate: allocateExactly };
    const job = { signal: new AbortController().signal, progress: () => {} };
    for (const segmenter of [segmentImproved, segmentAsPublished]) {
      const cut = await segmenter(problem, options, job);
      expect(cut).toMatchObject({ ok: false, problems: [{ code: 'cim.fit', where: { path: 'slices.cim.hardware' } }] });
      expect(!cut.ok && cut.problems[0]!.what).toBe('"o0" takes 9 arrays, and the chip has 8.');
    }
  });

  it('reports progress from 0 to 1, and can be cancelled', async () => {
    const operators = Array.from({ length: 40 }, () => ({ arrays: 1, vectors: 1, streamBytes: 9, outputBytes: 1 }));
    const problem = smallProblem({ arrays: 12, operators });
    const options = { improvements: ALL_IMPROVEMENTS, memory: true, allocate: allocateExactly };
    const seen: number[] = [];
    const progress = (fraction: number) => void seen.push(fraction);
    await segmentImproved(problem, options, { signal: new AbortController().signal, progress });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(Math.max(...seen)).toBeLessThanOrEqual(1);
    const signal = AbortSignal.abort();
    await expect(segmentImproved(problem, options, { signal, progress })).rejects.toThrow();
  });
});
