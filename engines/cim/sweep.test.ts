import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { engine } from './index.ts';
import { sensitivity } from './sensitivity.ts';
import { slice } from './slice.ts';
import { samplesOf, sweep } from './sweep.ts';

const small = { ...slice.defaults, model: 'vgg8' };
const job = (onProgress?: (fraction: number, what: string, partial?: unknown) => void) =>
  inlineJob({ engines: { cim: engine }, ...(onProgress && { onProgress }) });

describe('lengths of a generation', () => {
  it('count every token once, and sum a straight line exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 }), (first, count) => {
        const samples = samplesOf(first, first + count - 1);
        const sum = (of: (past: number) => number) =>
          samples.reduce((all, { past, weight }) => all + weight * of(past), 0);
        expect(sum(() => 1)).toBeCloseTo(count, 6);
        expect(sum((past) => past) / count).toBeCloseTo(first + (count - 1) / 2, 6);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a sweep', () => {
  it('is the design compiled at each value, streamed as it comes, with gaps that say why', async () => {
    const partials: number[] = [];
    const result = await sweep(
      {
        slice: small,
        axis: 'mainBytesPerCycle',
        values: [0, 44, 88],
        plans: ['improved', 'compute-only'],
        otherLength: 1,
      },
      job((_, __, partial) => partials.push((partial as { points: unknown[] }).points.length)),
    );
    if (!result.ok) throw new Error('No sweep.');
    const [none, own, twice] = result.value.points;
    expect(partials).toEqual([1, 2, 3]);
    expect(none!.problem?.what).toMatch(/andwidth/);
    expect(own!.cycles!.improved!).toBeLessThan(own!.cycles!['compute-only']!);
    expect(twice!.cycles!['compute-only']!).toBeLessThan(own!.cycles!['compute-only']!);
  });

  it('adds a prompt and its tokens up', async () => {
    const generate = { ...slice.defaults, model: 'gpt2', blocks: 'one' as const, sequence: 16 };
    const plans = ['improved' as const];
    const run = async (output: number) => {
      const result = await sweep({ slice: generate, axis: 'output', values: [output], plans, otherLength: 16 }, job());
      if (!result.ok) throw new Error('No sweep.');
      return result.value.points[0]!.cycles!.improved!;
    };
    const [two, three] = [await run(2), await run(3)];
    const alone = await sweep(
      { slice: { ...generate, phase: 'decode' }, axis: 'sequence', values: [18], plans, otherLength: 1 },
      job(),
    );
    if (!alone.ok) throw new Error('No sweep.');
    expect(three - two).toBeCloseTo(alone.value.points[0]!.cycles!.improved!, 3);
  });
});

describe('the map of the two sensitive constants', () => {
  it('has every point under its own constants, and says the range', async () => {
    const result = await sensitivity({ slice: small, mainBytesPerCycle: [20, 400], writeCycles: [32, 320] }, job());
    if (!result.ok) throw new Error('No map.');
    const { rows, ranges } = result.value;
    const all = rows.flat().map(({ computeOnly }) => computeOnly!);
    expect(ranges.computeOnly).toEqual({
      least: Math.min(...all),
      median:
        [...all]
          .sort((a, b) => a - b)
          .slice(1, 3)
          .reduce((a, b) => a + b) / 2,
      most: Math.max(...all),
    });
    // Slow feeding and quick writes are where memory arrays are worth most; never less than nothing.
    expect(rows[0]![0]!.computeOnly).toBe(ranges.computeOnly!.most);
    expect(ranges.computeOnly!.least).toBeGreaterThanOrEqual(1);
  });

  it('refuses a map without points, or with too many', async () => {
    const none = await sensitivity({ slice: small, mainBytesPerCycle: [], writeCycles: [1] }, job());
    expect(none.ok).toBe(false);
  });
});
