import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateExactly } from '../../../../../engines/cim/allocate/exact.ts';
import { planFrom } from '../../../../../engines/cim/methods.ts';
import { NO_IMPROVEMENTS } from '../../../../../engines/cim/rules.ts';
import { segmentByHand } from '../../../../../engines/cim/segment/by-hand.ts';
import { smallProblem } from '../../../../../engines/cim/segment/exhaustive.fixture.ts';
import type { CimProblem } from '../../../../../engines/cim/types.ts';
import { inlineJob } from '../../../../../engines/core/inline-job.ts';
import { type Ends, endsOf, fixedEnds, moveEnd, namesOfEnds } from './cuts.ts';
import { cyclesOf, Estimator, piecesOf } from './estimate.ts';
import { obstacleTo } from './legal.ts';

/** Five products in a chain, 2 to 6 arrays each, on a chip of 12; the middle three are a block that runs five times. */
function chain(repeated = false, weightsFrom?: number): CimProblem {
  return smallProblem({
    arrays: 12,
    operators: [3, 4, 6, 2, 5].map((arrays, at) => ({
      arrays,
      vectors: 10 * (at + 1),
      streamBytes: 120 * (5 - at),
      outputBytes: 40 * (at + 1),
      ...(at > 0 && { inputs: [at - 1] }),
      ...(at === 3 && weightsFrom !== undefined && { weightsFrom: [weightsFrom] }),
    })),
    ...(repeated && {
      sections: [
        { first: 0, count: 1, times: 1, carried: [] },
        { first: 1, count: 3, times: 5, carried: [{ operator: 3, readers: [1] }] },
        { first: 4, count: 1, times: 1, carried: [] },
      ],
    }),
  });
}

/** What the compiler makes of cuts, each segment by itself. */
async function compiled(problem: CimProblem, ends: Ends) {
  const names = namesOfEnds(problem.operators, problem.sections, ends);
  const options = { improvements: { ...NO_IMPROVEMENTS, batch: true }, memory: true, allocate: allocateExactly };
  const cut = await segmentByHand(problem, names, options, inlineJob());
  if (!cut.ok) throw new Error(JSON.stringify(cut.problems));
  const planned = cut.value.sections.flatMap(({ section, segments }) => segments.map((each) => ({ ...each, section })));
  return planFrom(problem, planned);
}

describe('the estimate while a boundary moves', () => {
  it('is the report itself for the cuts of the plan', async () => {
    const problem = chain(true);
    const plan = await compiled(problem, [1, 2, 4, 5]);
    const estimated = new Estimator(problem, plan.segments, allocateExactly, false).pieces(endsOf(plan.segments));
    expect(estimated.exact).toBe(true);
    expect(estimated.cycles).toBeCloseTo(plan.totals.cycles, 6);
    expect(piecesOf(plan.segments).cycles).toBeCloseTo(plan.totals.cycles, 6);
    expect(estimated.pieces.map(({ times }) => times)).toEqual([1, 5, 5, 1]);
    expect(cyclesOf(estimated.pieces[1]!)).toBeCloseTo(
      plan.segments[1]!.cost.cycles + 4 * plan.segments[1]!.costAgain.cycles,
      6,
    );
  });

  it('is what the compiler then says, where it too gives each segment its own best arrays', async () => {
    for (const repeated of [false, true]) {
      const problem = chain(repeated);
      const start = await compiled(problem, [1, 2, 4, 5]);
      const estimator = new Estimator(problem, start.segments, allocateExactly, false);
      await fc.assert(
        fc.asyncProperty(fc.subarray([1, 2, 3, 4]), async (places) => {
          const ends = [...new Set([...places, ...fixedEnds(problem.sections)])].sort((a, b) => a - b);
          const estimated = estimator.pieces(ends);
          if (estimated.illegal) return;
          const plan = await compiled(problem, ends);
          expect(estimated.cycles).toBeCloseTo(plan.totals.cycles, 6);
          for (const [at, piece] of estimated.pieces.entries()) {
            expect(piece.cost!.cycles).toBeCloseTo(plan.segments[at]!.cost.cycles, 6);
          }
        }),
        { numRuns: 12 },
      );
    }
  });

  it('says by how many arrays a segment does not fit, and costs the others', async () => {
    const problem = chain();
    const plan = await compiled(problem, [2, 4, 5]);
    const estimator = new Estimator(problem, plan.segments, allocateExactly, false);
    // 3 + 4 + 6 arrays of 12.
    const moved = estimator.pieces(moveEnd([2, 4, 5], 2, 3));
    expect(moved.illegal).toBe(true);
    expect(moved.pieces[0]!.obstacle).toEqual({ kind: 'arrays', needs: 13, has: 12, over: 1 });
    expect(moved.pieces[0]!.cost).toBeUndefined();
    expect(moved.pieces[1]!.cost!.cycles).toBeGreaterThan(0);
  });

  it('knows products that need another’s whole output first', () => {
    const strict = { ...chain(false, 2), rules: { ...chain().rules, dynamicInSegment: false } };
    expect(obstacleTo(strict, 2, 4)).toEqual({ kind: 'operand', operator: 3, producer: 2 });
    expect(obstacleTo(strict, 3, 5)).toBeUndefined();
    expect(obstacleTo({ ...strict, rules: { ...strict.rules, dynamicInSegment: true } }, 2, 4)).toBeUndefined();
  });
});
