import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../../../engines/cim/compile.ts';
import { slice } from '../../../../../engines/cim/slice.ts';
import type { CimReport } from '../../../../../engines/cim/types.ts';
import type { Job } from '../../../../../engines/core/job.ts';
import {
  chipCurve,
  marginsAt,
  operatorCurve,
  pointsAt,
  problemOf,
  shownOf,
  slowestOf,
  verdictAt,
} from './view-model.ts';

let report: CimReport;

beforeAll(async () => {
  const job = {
    signal: new AbortController().signal,
    seed: 1,
    progress() {},
    log() {},
    source: async () => undefined,
  } as unknown as Job;
  const done = await compile({ ...slice.defaults, model: 'resnet18', baselines: false }, job);
  if (!done.ok) throw new Error(done.problems[0]?.what);
  report = done.value;
});

describe('the curves of a plan', () => {
  it('are nowhere above what the plan takes', () => {
    const problem = problemOf(report);
    for (const planned of report.plans[0]!.segments) {
      const { splits, best, plan } = chipCurve(problem, planned, false);
      expect(splits[best]!.objective).toBeLessThanOrEqual(plan.cycles);
      // The plan's own arrays can do what it takes, so the split with as many can too.
      if (splits[plan.memory]) expect(splits[plan.memory]!.cycles).toBeLessThanOrEqual(plan.cycles);
    }
  });

  it('give the operators of a segment its time at every split', () => {
    const problem = problemOf(report);
    const planned = report.plans[0]!.segments[0]!;
    const curve = chipCurve(problem, planned, false);
    for (const memory of [0, 3, curve.best, curve.splits.length - 1]) {
      const points = pointsAt(problem, planned, curve, planned.operators[0]!, memory);
      expect(Math.max(...points.map(({ cycles }) => cycles))).toBe(curve.splits[memory]!.cycles);
    }
    const inPlan = pointsAt(problem, planned, curve, planned.operators[0]!, undefined);
    expect(slowestOf(inPlan)).toBe(planned.cost.slowest);
  });

  it('of one operator leave the others as they are', () => {
    const problem = problemOf(report);
    const planned = report.plans[0]!.segments[0]!;
    const [first, second] = planned.operators as [number, number];
    const curve = operatorCurve(problem, planned, second);
    const own = planned.allocations.find(({ operator }) => operator === second)!;
    const arrays = own.compute + own.memoryIn + own.memoryOut;
    expect(curve.splits).toHaveLength(arrays - problem.operators[second]!.arrays + 1);
    const before = pointsAt(problem, planned, curve, second, undefined);
    const after = pointsAt(problem, planned, curve, second, 0);
    expect(after.find(({ operator }) => operator === first)).toEqual(before.find(({ operator }) => operator === first));
    expect(after.find(({ operator }) => operator === second)).toMatchObject({ compute: arrays, memory: 0 });
  });
});

describe('what an array more is worth', () => {
  const curve = {
    mode: 'chip' as const,
    splits: [90, 60, 50, 50, 70].map((cycles, memory) => ({
      memory,
      compute: 4 - memory,
      computeBoundCycles: 0,
      feedBoundCycles: 0,
      cycles,
      objective: cycles,
    })),
    best: 2,
    plan: { memory: 2, compute: 2, cycles: 50, objective: 50 },
  };
  it('is what the next split saves', () => {
    expect(marginsAt(curve, 1)).toEqual({ memory: 10, compute: -30 });
    expect(marginsAt(curve, 0)).toEqual({ memory: 30, compute: undefined });
    expect([0, 2, 3, 4].map((memory) => verdictAt(curve, memory))).toEqual(['memory', 'neither', 'neither', 'compute']);
  });
});

describe('what is shown', () => {
  it('is what is held, and else the first segment and its slowest operator', () => {
    const plan = report.plans[0]!;
    const [first, second] = [plan.segments[0]!, plan.segments[1]!];
    expect(shownOf(plan, {})).toEqual({ segment: 0, operator: first.cost.slowest });
    expect(shownOf(plan, { operator: second.operators[0]! })).toEqual({ segment: 1, operator: second.operators[0] });
    expect(shownOf(plan, { segment: 1, operator: first.operators[0]! })).toEqual({
      segment: 1,
      operator: second.cost.slowest,
    });
    expect(shownOf(plan, { segment: 9999 }).segment).toBe(plan.segments.length - 1);
  });
});
