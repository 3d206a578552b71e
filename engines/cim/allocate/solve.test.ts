import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { compile } from '../compile.ts';
import { prepare } from '../prepare.ts';
import { slice } from '../slice.ts';
import type { CimOperator, CimProblem, CimSlice } from '../types.ts';
import { allocateExactly } from './exact.ts';
import { allocateByMip, sameCounts } from './mip-solve.ts';
import { allocate } from './solve-entry.ts';

/** Segments of the test; `CIM_SEGMENTS` changes how many. */
const SEGMENTS = Number(process.env.CIM_SEGMENTS ?? 500);

const job = inlineJob();

async function base(): Promise<CimProblem> {
  const prepared = await prepare({ ...slice.defaults, model: 'lenet5' }, job);
  if (!prepared.ok) throw new Error('LeNet-5 can be read.');
  return prepared.value.problem;
}

interface Drawn {
  arrays: number;
  operators: { arrays: number; vectors: number; stream: number; output: number; reads: boolean }[];
  sharing: boolean;
  withReload: boolean;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  arrays: fc.integer({ min: 4, max: 12 }),
  operators: fc.array(
    fc.record({
      arrays: fc.integer({ min: 1, max: 3 }),
      vectors: fc.integer({ min: 1, max: 400 }),
      stream: fc.integer({ min: 1, max: 60_000 }),
      output: fc.integer({ min: 0, max: 60_000 }),
      reads: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  sharing: fc.boolean(),
  withReload: fc.boolean(),
});

function problemFrom(from: CimProblem, { arrays, operators, sharing }: Drawn): CimProblem {
  return {
    ...from,
    hardware: { ...from.hardware, arrays },
    rules: { ...from.rules, sharing },
    sections: [{ name: 'all', first: 0, count: operators.length, times: 1, carried: [] }],
    operators: operators.map((each, index): CimOperator => {
      const before = operators[index - 1];
      const inputs = before && each.reads ? [{ operator: index - 1, bytes: before.output }] : [];
      const own = { arrays: each.arrays, vectors: each.vectors, streamBytes: each.stream, outputBytes: each.output };
      return { ...from.operators[0]!, ...own, index, name: `op${index}`, inputs, weightsFrom: [] };
    }),
  };
}

describe('three solvers', () => {
  it(`give the same allocation: over counts and by the exact search, on ${SEGMENTS} random segments`, async () => {
    const from = await base();
    await fc.assert(
      fc.asyncProperty(drawn, async (given) => {
        const problem = problemFrom(from, given);
        const operators = problem.operators.map(({ index }) => index);
        const options = { memory: true, withReload: given.withReload };
        const exact = allocateExactly(problem, operators, options);
        const solved = await allocateByMip(
          problem,
          operators,
          { ...options, solver: 'mip-counts', timeLimitSeconds: 20 },
          job,
        );
        if (!solved.ok) throw new Error(JSON.stringify(solved.problems));
        expect(solved.value === undefined).toBe(exact === undefined);
        if (!exact || !solved.value) return;
        expect(solved.value.objective).toBeCloseTo(exact.objective, 4);
        expect(solved.value.solved.optimal).toBe(true);
        expect(sameCounts(solved.value.segment, exact.segment)).toBe(true);
      }),
      { numRuns: SEGMENTS },
    );
  }, 600_000);

  it('also as published, array by array, on small chips', async () => {
    const from = await base();
    await fc.assert(
      fc.asyncProperty(drawn, async (given) => {
        const problem = problemFrom(from, {
          ...given,
          arrays: Math.min(7, given.arrays),
          operators: given.operators.slice(0, 2),
        });
        const operators = problem.operators.map(({ index }) => index);
        const options = { memory: true, withReload: given.withReload };
        const exact = allocateExactly(problem, operators, options);
        const solved = await allocateByMip(
          problem,
          operators,
          { ...options, solver: 'mip', timeLimitSeconds: 20 },
          job,
        );
        if (!solved.ok) throw new Error(JSON.stringify(solved.problems));
        expect(solved.value === undefined).toBe(exact === undefined);
        if (!exact || !solved.value) return;
        expect(solved.value.objective).toBeCloseTo(exact.objective, 4);
        expect(sameCounts(solved.value.segment, exact.segment)).toBe(true);
      }),
      { numRuns: Math.ceil(SEGMENTS / 5) },
    );
  }, 600_000);
});

describe('a segment of a design', () => {
  const operators = ['stage1/conv1', 'stage1/conv2'];
  const design: CimSlice = { ...slice.defaults, model: 'vgg8' };

  it('is proved by a program over counts, which can be taken away as text', async () => {
    const result = await allocate(
      { slice: design, operators, solver: 'mip-counts', mipSeconds: 20, withReload: true },
      job,
    );
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { agree, solved, lpText } = result.value;
    expect(agree).toBe(true);
    expect(solved).toMatchObject({ optimal: true, bound: solved.objective });
    expect(solved.variables).toBeGreaterThan(10);
    expect(lpText).toMatch(/minimi[sz]e|maximi[sz]e/i);
  });

  it('out of time: what stands, its bound, and that it is not proven', async () => {
    const result = await allocate(
      { slice: design, operators, solver: 'mip-counts', mipSeconds: 0, withReload: true },
      job,
    );
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { solved, exact } = result.value;
    expect(solved.optimal).toBe(false);
    expect(solved.bound).toBeLessThanOrEqual(exact.objective * (1 + 1e-9));
    expect(solved.objective).toBeGreaterThanOrEqual(exact.objective * (1 - 1e-9));
  });

  it('refuses products that are none', async () => {
    const result = await allocate(
      { slice: design, operators: ['conv99'], solver: 'mip', mipSeconds: 1, withReload: true },
      job,
    );
    expect(result.ok).toBe(false);
  });
});

describe('a whole plan', () => {
  it('solved as programs has the same cycles, each segment proven', async () => {
    const design: CimSlice = { ...slice.defaults, model: 'vgg8', baselines: false };
    const [exact, proven] = [await compile(design, job), await compile({ ...design, solver: 'mip-counts' }, job)];
    if (!exact.ok || !proven.ok) throw new Error('It compiles.');
    expect(proven.value.figures.cycles).toBe(exact.value.figures.cycles);
    const [plan] = proven.value.plans;
    expect(plan!.notOptimal).toBe(false);
    for (const { solved, cost } of plan!.segments) {
      expect(solved).toMatchObject({ by: 'mip-counts', optimal: true });
      expect(solved!.bound).toBeCloseTo(cost.computeCycles, 3);
    }
  });
});
