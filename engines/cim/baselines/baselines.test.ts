import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { judge } from '../judge.ts';
import { prepare } from '../prepare.ts';
import { slice } from '../slice.ts';
import type { CimProblem, CimSlice } from '../types.ts';
import { duplicate } from './cim-mlc.ts';
import { greedySegments } from './greedy.ts';
import { runBaseline } from './index.ts';
import { balancePipeline } from './puma.ts';

async function problemOf(choices: Partial<CimSlice>): Promise<CimProblem> {
  const prepared = await prepare({ ...slice.defaults, ...choices }, inlineJob());
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems));
  return prepared.value.problem;
}

/** Three operators of 1, 2 and 4 arrays with 8, 8 and 2 vectors, on a chip of so many arrays. */
async function threeOn(arrays: number): Promise<CimProblem> {
  const base = await problemOf({ model: 'lenet5' });
  const sizes = [
    [1, 8],
    [2, 8],
    [4, 2],
  ] as const;
  return {
    ...base,
    hardware: { ...base.hardware, arrays },
    operators: sizes.map(([own, vectors], index) => ({
      ...base.operators[0]!,
      index,
      arrays: own,
      vectors,
      inputs: [],
    })),
    sections: [{ name: 'all', first: 0, count: 3, times: 1, carried: [] }],
  };
}

describe('CIM-MLC’s duplication', () => {
  it('spends spare arrays where the sum of the times falls most, in divisors of the vectors', async () => {
    // Times with one copy: 64, 64 and 16 cycles. Nothing spare; one; three.
    expect(duplicate(await threeOn(7), [0, 1, 2])).toEqual([1, 1, 1]);
    expect(duplicate(await threeOn(8), [0, 1, 2])).toEqual([2, 1, 1]);
    // 64/2 + 64/2 (three arrays) is less than 64/4 + 64 (three arrays: four copies of the first).
    expect(duplicate(await threeOn(10), [0, 1, 2])).toEqual([2, 2, 1]);
  });

  it('then gives no operator more copies than reach it', async () => {
    const problem = await threeOn(7 + 4);
    const [first, second, third] = problem.operators;
    // The last has a quarter of the first’s vectors: two strides of two before it halve what the first’s copies keep busy.
    expect(first!.vectors / third!.vectors).toBe(4);
    problem.operators = [first!, { ...second!, vectors: 8 }, { ...third!, arrays: 1 }];
    const copies = duplicate(problem, [0, 1, 2]);
    expect(copies[1]).toBeLessThanOrEqual(copies[0]!);
    expect(copies[2]).toBeLessThanOrEqual(Math.max(1, Math.floor(copies[0]! / 2)));
  });
});

describe('PUMA’s balance', () => {
  it('gives the next copy to the slowest operator while arrays last', async () => {
    expect(balancePipeline(await threeOn(8), [0, 1, 2])).toEqual([2, 1, 1]);
    // 32, 64, 16: the second is slowest; two arrays for it.
    expect(balancePipeline(await threeOn(10), [0, 1, 2])).toEqual([2, 2, 1]);
  });
});

describe('all re-implemented methods', () => {
  it('fill segments while weights fit, and compute with every array that they use', async () => {
    const problem = await problemOf({ model: 'vgg16' });
    const arrays = (chosen: readonly number[]) => chosen.reduce((sum, at) => sum + problem.operators[at]!.arrays, 0);
    const cut = greedySegments(problem, 0);
    for (const [at, chosen] of cut.entries()) {
      expect(arrays(chosen)).toBeLessThanOrEqual(96);
      const next = cut[at + 1];
      if (next) expect(arrays([...chosen, next[0]!])).toBeGreaterThan(96);
    }
    for (const id of ['cim-mlc-like', 'puma-like', 'occ-like'] as const) {
      const plan = await runBaseline(id, problem, inlineJob());
      if (!plan.ok) throw new Error(id);
      const planned = plan.value.sections.flatMap(({ section, segments }) =>
        segments.map((each) => ({ ...each, section })),
      );
      const { segments, totals } = judge(problem, planned);
      expect(segments.flatMap(({ operators }) => operators)).toEqual(problem.operators.map(({ index }) => index));
      expect(totals.memoryArraySharePercent).toBe(0);
      for (const { cost } of segments) expect(cost.computeArrays).toBeLessThanOrEqual(96);
    }
  });
});
