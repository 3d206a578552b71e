import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayBytes } from '../hardware.ts';
import { arraysOf } from '../judge.ts';
import { allCounts, smallOperators, smallProblem } from './brute.fixture.ts';
import { allocateExactly } from './exact.ts';
import { paretoOf } from './pareto.ts';

const chip = fc.record({
  arrays: fc.integer({ min: 4, max: 8 }),
  memoryBytesPerCycle: fc.integer({ min: 1, max: 8 }),
  mainBytesPerCycle: fc.integer({ min: 1, max: 8 }),
  writeCycles: fc.integer({ min: 0, max: 30 }),
  externalBytesPerCycle: fc.integer({ min: 1, max: 8 }),
  switchToComputeCycles: fc.integer({ min: 0, max: 9 }),
  switchToMemoryCycles: fc.integer({ min: 0, max: 9 }),
});

describe('plans that may be part of a best whole plan', () => {
  it('are those with fewer arrays for more time, by hand', () => {
    // 12 cycles of work, fed from main memory: time and reload of k arrays are 12 / k + k. An array fewer saves two switches of
    // 1 cycle each, and may keep 8 bytes on the chip on both sides, at 2 bytes a cycle: 10 cycles.
    const problem = smallProblem([{ arrays: 1, vectors: 12, streamBytes: 1 }], { writeCycles: 1 });
    const plans = paretoOf(problem, [0], { memory: true });
    // Three arrays do as well as four, and faster ones cost more.
    expect(plans.map(({ mostCompute, computeCycles, objective }) => [mostCompute, computeCycles, objective])).toEqual([
      [3, 4, 7],
      [2, 6, 8],
      [1, 12, 13],
    ]);
    // Without memory arrays nothing is kept: one array costs 5 more than two, and saves 2.
    const alone = paretoOf(problem, [0], { memory: false });
    expect(alone.map(({ mostCompute }) => mostCompute)).toEqual([3, 2]);
  });

  it('are all of them where weights may lie in place', () => {
    const own = { arrays: 1, vectors: 12, streamBytes: 1 };
    const operators = [own, { ...own, dynamic: true, weightsFrom: [0] }, own];
    const problem = smallProblem(operators, { writeCycles: 1 }, { inPlace: true });
    const counts = (operator: number) =>
      paretoOf(problem, [operator], { memory: true }).map((each) => each.mostCompute);
    const every = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    expect(counts(0)).toEqual(every);
    expect(counts(1)).toEqual(every);
    expect(counts(2)).toEqual([3, 2, 1]);
  });

  it('replace every other choice of counts at no loss', () => {
    fc.assert(
      fc.property(smallOperators(3), chip, fc.boolean(), fc.boolean(), (operators, sizes, sharing, inPlace) => {
        const problem = smallProblem(operators, sizes, { sharing, inPlace });
        const own = operators.map((_, index) => index);
        const plans = paretoOf(problem, own, { memory: true }).map((plan) => ({ ...plan, ...arraysOf(plan.segment) }));
        const perSwitch = sizes.switchToComputeCycles + sizes.switchToMemoryCycles;
        const perKept = (2 * arrayBytes(problem.hardware)) / sizes.externalBytesPerCycle;
        for (const each of allCounts(problem, { memory: true, withReload: true })) {
          const replaced = plans.some(({ objective, compute, memory }) => {
            const dearer =
              Math.max(0, compute - each.computeArrays) * (perSwitch + perKept) +
              Math.max(0, memory - each.memoryArrays) * perSwitch;
            return objective + dearer <= each.objective + 1e-9;
          });
          expect(replaced).toBe(true);
        }
        const best = allocateExactly(problem, own, { memory: true, withReload: true });
        expect(plans.length > 0).toBe(best !== undefined);
        if (best) expect(Math.min(...plans.map(({ objective }) => objective))).toBe(best.objective);
      }),
      { numRuns: 60 },
    );
  });

  it('come fastest first, each with fewer arrays than the one before', () => {
    fc.assert(
      fc.property(smallOperators(6), chip, fc.boolean(), (operators, sizes, inPlace) => {
        const problem = smallProblem(operators, { ...sizes, arrays: 30 }, { inPlace });
        const own = operators.map((_, index) => index);
        const plans = paretoOf(problem, own, { memory: true });
        for (const [at, plan] of plans.slice(1).entries()) {
          const before = arraysOf(plans[at]!.segment);
          const now = arraysOf(plan.segment);
          expect(plan.computeCycles).toBeGreaterThan(plans[at]!.computeCycles);
          expect(now.compute).toBeLessThanOrEqual(before.compute);
          expect(now.memory).toBeLessThanOrEqual(before.memory);
          expect(now.compute + now.memory).toBeLessThanOrEqual(before.compute + before.memory);
        }
      }),
    );
  });
});
