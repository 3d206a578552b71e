import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateExactly } from '../allocate/exact.ts';
import { type Before, readersOf, segmentCost, startingMode } from '../judge.ts';
import { NO_IMPROVEMENTS } from '../rules.ts';
import { smallProblem } from './exhaustive.fixture.ts';
import { fits } from './fits.ts';
import { segmentAsPublished } from './published.ts';
import { judged } from './zoo.fixture.ts';

const chains = fc
  .array(
    fc.record({
      arrays: fc.integer({ min: 1, max: 5 }),
      vectors: fc.integer({ min: 1, max: 20 }),
      streamBytes: fc.integer({ min: 1, max: 100 }),
      outputBytes: fc.integer({ min: 1, max: 60 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((sketches) => sketches.map((each, at) => ({ ...each, inputs: at > 0 ? [at - 1] : [] })));

describe('segmentAsPublished', () => {
  it('follows the recurrence of Eq. 3', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.boolean(), async (operators, batch) => {
        const problem = smallProblem({ arrays: 8, operators });
        const readers = readersOf(problem.operators);
        // L[m] = min over i of L[i] + T_inter + T_intra(i..m), written down as it stands: from the prefix, recursively.
        const best = (end: number): { cycles: number; before: Before } => {
          if (end === 0) return { cycles: 0, before: { inComputeMode: startingMode(problem.hardware) } };
          let found: { cycles: number; before: Before } | undefined;
          for (let start = end - 1; start >= 0; start--) {
            const own = Array.from({ length: end - start }, (_, at) => start + at);
            if (!fits(problem, own)) continue;
            const { segment } = allocateExactly(problem, own, { memory: true, withReload: false })!;
            const previous = best(start);
            const cost = segmentCost(problem, segment, previous.before, readers);
            const cycles = previous.cycles + cost.cycles;
            if (found && found.cycles <= cycles) continue;
            found = { cycles, before: { segment, inComputeMode: cost.inComputeMode } };
          }
          return found!;
        };
        const { totals } = await judged(segmentAsPublished, problem, { ...NO_IMPROVEMENTS, batch });
        expect(totals.cycles).toBeCloseTo(best(operators.length).cycles, 9);
      }),
      { numRuns: 25 },
    );
  });

  it('searches with the costs of one sample where the batch is not known', async () => {
    const operators = [
      { arrays: 2, vectors: 64, streamBytes: 64, outputBytes: 64 },
      { arrays: 3, vectors: 32, streamBytes: 32, outputBytes: 32, inputs: [0] },
    ];
    const one = smallProblem({
      arrays: 12,
      operators: operators.map((each) => ({
        ...each,
        vectors: each.vectors / 8,
        streamBytes: each.streamBytes / 8,
        outputBytes: each.outputBytes / 8,
      })),
    });
    const eight = smallProblem({ arrays: 12, operators, batch: 8 });
    const options = { ...NO_IMPROVEMENTS, reload: true };
    const counts = async (problem: typeof one, batch: boolean) =>
      (await judged(segmentAsPublished, problem, { ...options, batch })).segments.map((each) => each.allocations);
    expect(await counts(eight, false)).toEqual(await counts(one, true));
    expect(await counts(eight, true)).not.toEqual(await counts(one, true));
  });
});
