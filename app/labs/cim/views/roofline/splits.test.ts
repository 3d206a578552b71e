import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateExactly } from '../../../../../engines/cim/allocate/exact.ts';
import { PRESETS } from '../../../../../engines/cim/presets/index.ts';
import { DEFAULT_RULES } from '../../../../../engines/cim/rules.ts';
import type { CimOperator, CimProblem } from '../../../../../engines/cim/types.ts';
import { allocationAt, bestSplit, chipSplits, computeTimes, feedTimes, operatorSplits } from './splits.ts';

const hardware = { ...PRESETS.dynaplasia!.hardware, arrays: 8 };

/** 8 cycles a vector; 40 bytes a cycle from a memory array, 44 from main memory. */
function operator(index: number, about: Partial<CimOperator>): CimOperator {
  return {
    index,
    name: `op${index}`,
    layer: index,
    kind: 'fc',
    vectors: 100,
    inner: 320,
    columns: 40,
    groups: 1,
    arrays: 1,
    macs: 100 * 320 * 40,
    streamBytes: 32_000,
    weightBytes: 12_800,
    outputBytes: 4_000,
    dynamic: false,
    inputs: [],
    weightsFrom: [],
    ...about,
  };
}

function problemOf(operators: CimOperator[], arrays = 8): CimProblem {
  return {
    operators,
    sections: [{ name: 'all', first: 0, count: operators.length, times: 1, carried: [] }],
    hardware: { ...hardware, arrays },
    rules: DEFAULT_RULES,
    batch: 1,
  };
}

describe('splits of one operator', () => {
  it('leave its weights once, and take the larger of both bounds', () => {
    const splits = operatorSplits(operator(0, { arrays: 2, vectors: 100 }), 5, hardware);
    expect(splits.map(({ memory, compute }) => [memory, compute])).toEqual([
      [0, 5],
      [1, 4],
      [2, 3],
      [3, 2],
    ]);
    // 100 vectors x 2 arrays x 8 cycles over the arrays; 32000 bytes over 44 + 40 a memory array.
    expect(splits[1]).toMatchObject({ computeBoundCycles: 400, feedBoundCycles: 32_000 / 84, cycles: 400 });
    expect(splits[0]).toMatchObject({ computeBoundCycles: 320, feedBoundCycles: 32_000 / 44, cycles: 32_000 / 44 });
    expect(bestSplit(splits, ({ cycles }) => cycles)?.memory).toBe(1);
  });
});

describe('splits of the chip', () => {
  it('give each array more to the slowest', () => {
    const operators = [operator(0, { vectors: 300 }), operator(1, { vectors: 100 })];
    // One each: 2400 and 800. Then all go to the first until it has three and both are equal.
    expect(computeTimes(operators, { ...hardware, arrays: 5 })).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      2400,
      1200,
      800,
      800,
    ]);
  });

  it('count arrays that two operators share once', () => {
    const apart = [operator(0, {}), operator(1, {})];
    const shared = [operator(0, { outputBytes: 40_000 }), operator(1, { inputs: [{ operator: 0, bytes: 40_000 }] })];
    // Both fed by one array: two arrays apart, one where it is the output of the one and the input of the other.
    expect(feedTimes(problemOf(apart), [0, 1]).slice(0, 3)).toEqual([32_000 / 44, 32_000 / 44, 32_000 / 84]);
    expect(feedTimes(problemOf(shared), [0, 1]).slice(0, 2)).toEqual([32_000 / 44, 32_000 / 84]);
  });

  it('have the best of the exact solver as their least', () => {
    const each = fc.record({
      vectors: fc.integer({ min: 1, max: 2000 }),
      arrays: fc.integer({ min: 1, max: 4 }),
      streamBytes: fc.integer({ min: 1, max: 1_000_000 }),
      handed: fc.integer({ min: 0, max: 60_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(each, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 16, max: 40 }),
        fc.boolean(),
        (found, arrays, withReload) => {
          const operators = found.map(({ handed, ...about }, index) =>
            operator(index, { ...about, inputs: index > 0 ? [{ operator: index - 1, bytes: handed }] : [] }),
          );
          const problem = problemOf(operators, arrays);
          const segment = operators.map(({ index }) => index);
          const splits = chipSplits(problem, segment, withReload);
          const best = bestSplit(splits, ({ objective }) => objective)!;
          const solved = allocateExactly(problem, segment, { memory: true, withReload })!;
          expect(best.objective).toBe(solved.objective);
          // What a split promises can be had with its arrays.
          const allocation = allocationAt(problem, segment, best.cycles)!;
          const compute = allocation.allocations.reduce((sum, { compute: own }) => sum + own, 0);
          expect(compute).toBeLessThanOrEqual(best.compute);
        },
      ),
      { numRuns: 60 },
    );
  });
});
