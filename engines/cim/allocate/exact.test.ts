import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { arraysOf, operatorCost, segmentCost } from '../judge.ts';
import { prepare } from '../prepare.ts';
import { STUDY_RULES } from '../rules.ts';
import { slice } from '../slice.ts';
import type { CimProblem, CimSlice } from '../types.ts';
import { bestByTrial, SMALL_CHIP, type SmallChip, smallOperators, smallProblem } from './brute.fixture.ts';
import { checkSegment } from './check.ts';
import { allocateExactly, allocateWithin, lowerBound } from './exact.ts';
import type { Allocated, AllocateOptions } from './types.ts';

const WITH = { memory: true, withReload: true };
const EQ9 = { memory: true, withReload: false };

function counts({ segment }: Allocated) {
  return segment.allocations.map(({ compute, memoryIn, memoryOut }) => [compute, memoryIn + memoryOut]);
}

function all({ operators }: CimProblem): number[] {
  return operators.map((_, index) => index);
}

async function problemOf(choices: Partial<CimSlice>): Promise<CimProblem> {
  const prepared = await prepare({ ...slice.defaults, ...choices }, inlineJob());
  if (!prepared.ok) throw new Error(prepared.problems[0]!.what);
  return prepared.value.problem;
}

describe('by hand', () => {
  it('feeds an operator that starves', () => {
    // 60 cycles of work on one array, 80 bytes at 2 a cycle. Twelve arrays: c compute, 12 - c memory at 4 bytes a cycle.
    // max(60 / c, 80 / (2 + 4 m)): c = 9 gives 6.67 and m = 3 gives 5.71; c = 10 gives 6 and m = 2 gives 8.
    const problem = smallProblem([{ arrays: 1, vectors: 60, streamBytes: 80 }]);
    const found = allocateExactly(problem, [0], EQ9)!;
    expect(counts(found)).toEqual([[9, 3]]);
    expect(found).toMatchObject({ computeCycles: 60 / 9, mostCompute: 9, objective: 60 / 9 });
  });

  it('gives back what does not pay for its own reload', () => {
    // Time and reload of k arrays: 60 / k + 5 k. Best at k = 3 and 4 (35), of which 3 takes fewer.
    const problem = smallProblem([{ arrays: 1, vectors: 60, streamBytes: 8 }]);
    const found = allocateExactly(problem, [0], WITH)!;
    expect(counts(found)).toEqual([[3, 0]]);
    expect(found.objective).toBe(35);
    expect(found.solved).toEqual({ by: 'exact', optimal: true, bound: 35, objective: 35 });
  });

  it('does not save on a reload that the weights’ own bytes set', () => {
    // 60 bytes at 2 a cycle: 30 cycles, as six arrays take. 60 / 6 + 30.
    const operators = [{ arrays: 1, vectors: 60, streamBytes: 8, weightBytes: 60 }];
    const found = allocateExactly(smallProblem(operators, {}, { reload: 'bytes' }), [0], WITH)!;
    expect(counts(found)).toEqual([[6, 0]]);
    expect(found.objective).toBe(40);
  });

  it('takes fewer arrays for the operators that do not set the pace', () => {
    const problem = smallProblem([
      { arrays: 1, vectors: 20, streamBytes: 1 },
      { arrays: 2, vectors: 3, streamBytes: 1 },
    ]);
    // Twenty cycles of work against six: nine arrays take 2.2 cycles, for which three are enough; ten would leave two.
    const found = allocateExactly(problem, [0, 1], EQ9)!;
    expect(found.computeCycles).toBe(20 / 9);
    expect(counts(found)).toEqual([
      [9, 0],
      [3, 0],
    ]);
  });

  it('has no plan for what does not fit, with what reads from nowhere, or within too low a bound', () => {
    const wide = smallProblem([{ arrays: 13, vectors: 1, streamBytes: 8 }]);
    expect(allocateExactly(wide, [0], EQ9)).toBeUndefined();
    expect(lowerBound(wide, [0], EQ9)).toBeUndefined();
    const cut = smallProblem([{ arrays: 1, vectors: 8, streamBytes: 8 }], { mainBytesPerCycle: 0 });
    expect(allocateExactly(cut, [0], { memory: false, withReload: true })).toBeUndefined();
    expect(counts(allocateExactly(cut, [0], EQ9)!)).toEqual([[9, 3]]);
    const two = smallProblem([{ arrays: 2, vectors: 8, streamBytes: 8 }]);
    expect(allocateExactly(two, [0], { ...EQ9, mostCompute: 1 })).toBeUndefined();
    expect(counts(allocateExactly(two, [0], { ...EQ9, mostCompute: 2 })!)).toEqual([[2, 0]]);
  });
});

describe('VGG16 on 96 arrays of 320 x 320', () => {
  let problem: CimProblem;
  const arraysIn = (first: number, count: number) => {
    const operators = Array.from({ length: count }, (_, at) => first + at);
    const found = allocateExactly(problem, operators, WITH)!;
    return { counts: counts(found), ...arraysOf(found.segment) };
  };
  beforeAll(async () => {
    problem = await problemOf({ model: 'vgg16', rules: STUDY_RULES });
  });

  it('has the counts of the study that the constants were chosen with', () => {
    expect(arraysIn(0, 4)).toEqual({
      compute: 78,
      memory: 18,
      counts: [
        [13, 0],
        [26, 11],
        [13, 2],
        [26, 5],
      ],
    });
    expect(arraysIn(4, 2)).toMatchObject({ compute: 86, memory: 10 });
    expect(arraysIn(6, 1)).toMatchObject({ compute: 66, memory: 8 });
    // conv8 in two parts, conv9 in three, and so on.
    expect(problem.operators[9]!.name).toBe('stage4/conv2[1/3]');
    expect(arraysIn(9, 1)).toMatchObject({ compute: 75, memory: 14 });
  });
});

const chip = fc.record<SmallChip>({
  arrays: fc.integer({ min: 4, max: 9 }),
  memoryBytesPerCycle: fc.integer({ min: 0, max: 8 }),
  mainBytesPerCycle: fc.integer({ min: 1, max: 8 }),
  writeCycles: fc.integer({ min: 0, max: 30 }),
  externalBytesPerCycle: fc.integer({ min: 1, max: 8 }),
});
const rules = fc.record({ sharing: fc.boolean(), reload: fc.constantFrom('largest' as const, 'bytes' as const) });
const options: fc.Arbitrary<AllocateOptions> = fc.record(
  { memory: fc.boolean(), withReload: fc.boolean(), mostCompute: fc.integer({ min: 1, max: 9 }) },
  { requiredKeys: ['memory', 'withReload'] },
);

describe('against every choice of counts', () => {
  it('finds the best, with the fewest arrays', () => {
    fc.assert(
      fc.property(smallOperators(4), chip, rules, options, (operators, sizes, how, asked) => {
        const problem = smallProblem(operators, sizes, how);
        const found = allocateExactly(problem, all(problem), asked);
        const best = bestByTrial(problem, asked);
        expect(found?.objective).toBe(best?.objective);
        if (!found || !best) return;
        expect(counts(found)).toEqual(best.compute.map((each, at) => [each, best.memory[at]]));
        expect(found.computeCycles).toBe(best.cycles);
        expect(found.mostCompute).toBe(Math.max(...best.compute));
        expect(arraysOf(found.segment).memory).toBe(best.memoryArrays);
        expect(checkSegment(problem, found.segment)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('has a bound that nothing beats', () => {
    fc.assert(
      fc.property(smallOperators(4), chip, rules, options, (operators, sizes, how, asked) => {
        const problem = smallProblem(operators, sizes, how);
        const bound = lowerBound(problem, all(problem), asked);
        const found = allocateExactly(problem, all(problem), asked);
        expect(bound === undefined).toBe(found === undefined);
        if (found) expect(bound).toBeLessThanOrEqual(found.objective);
      }),
    );
  });

  it('gives the same counts to whoever has found the best time', () => {
    fc.assert(
      fc.property(smallOperators(4), chip, rules, options, (operators, sizes, how, asked) => {
        const problem = smallProblem(operators, sizes, how);
        const found = allocateExactly(problem, all(problem), asked);
        if (!found) return;
        expect(allocateWithin(problem, all(problem), found.computeCycles, asked)).toEqual(found);
        const less = found.computeCycles * (1 - 1e-9);
        if (asked.withReload || asked.mostCompute !== undefined) return;
        expect(allocateWithin(problem, all(problem), less, asked)).toBeUndefined();
      }),
    );
  });
});

describe('whatever the chip', () => {
  it('is the judge’s time and reload', () => {
    fc.assert(
      fc.property(smallOperators(6), chip, rules, (operators, sizes, how) => {
        const problem = smallProblem(operators, { ...sizes, arrays: 30 }, how);
        const found = allocateExactly(problem, all(problem), WITH)!;
        const readers = operators.map(() => []);
        const cost = segmentCost(problem, found.segment, { inComputeMode: 30 }, readers);
        expect(found.computeCycles).toBe(cost.computeCycles);
        expect(found.objective).toBe(cost.computeCycles + cost.reloadCycles);
      }),
    );
  });

  it('is never slower with memory, with more arrays, or with more bandwidth', () => {
    fc.assert(
      fc.property(smallOperators(6), chip, rules, fc.boolean(), (operators, sizes, how, withReload) => {
        const best = (more: Partial<SmallChip>, memory = true) => {
          const problem = smallProblem(operators, { ...SMALL_CHIP, ...sizes, arrays: 30, ...more }, how);
          return allocateExactly(problem, all(problem), { memory, withReload })!.objective;
        };
        const base = best({});
        expect(best({}, false)).toBeGreaterThanOrEqual(base);
        expect(best({ arrays: 31 })).toBeLessThanOrEqual(base);
        expect(best({ arrays: 60 })).toBeLessThanOrEqual(base);
        expect(best({ mainBytesPerCycle: sizes.mainBytesPerCycle + 1 })).toBeLessThanOrEqual(base);
        expect(best({ memoryBytesPerCycle: sizes.memoryBytesPerCycle + 1 })).toBeLessThanOrEqual(base);
      }),
    );
  });

  it('needs every array that it takes in compute mode: with one less an operator is slower than the segment', () => {
    fc.assert(
      fc.property(smallOperators(6), chip, (operators, sizes) => {
        const problem = smallProblem(operators, { ...sizes, arrays: 30 });
        const { segment, computeCycles } = allocateExactly(problem, all(problem), EQ9)!;
        for (const { operator, compute, memoryIn, memoryOut } of segment.allocations) {
          const own = problem.operators[operator]!;
          const buffers = memoryIn + memoryOut;
          const with1 = (less: number, fewer: number) =>
            operatorCost(own, compute - less, buffers - fewer, problem.hardware).cycles;
          if (compute > own.arrays) expect(with1(1, 0)).toBeGreaterThan(computeCycles);
          if (buffers > 0) expect(with1(0, 1)).toBeGreaterThan(computeCycles);
        }
      }),
    );
  });
});
