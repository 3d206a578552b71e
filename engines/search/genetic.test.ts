import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Random } from '../core/random.ts';
import { evolve, type GeneticSettings } from './genetic.ts';
import { runIsland } from './island.ts';
import type { IslandReport, IslandTask, Member, Species } from './types.ts';

/** Whole numbers that should become 0 each; the cost that counts sees a little more than the cheap one. */
const LINE: Species<number[], null> = {
  assess: (genome) => ({ cost: genome.reduce((sum, x) => sum + x * x, 0), notes: null }),
  vary({ genome }: Member<number[], null>, random: Random) {
    const copy = [...genome];
    copy[random.int(copy.length)]! += random.int(2) === 0 ? 1 : -1;
    return copy;
  },
  exact: async (genome) => genome.reduce((sum, x) => sum + x * x + Math.abs(x % 3), 0),
  key: (genome) => genome.join(),
  breathEvery: 1000,
};

const SETTINGS: GeneticSettings = {
  seed: 1,
  islands: 3,
  population: 18,
  generations: 60,
  generationsPerEpoch: 3,
  patience: 0,
  stopAfter: 0,
  survivors: 2,
  margin: Number.POSITIVE_INFINITY,
};

const SEEDS = { named: [[9, -7, 4, 4]], further: [[20, 20, 20, 20]] };

type Tasks = IslandTask<number[], null>[];

async function inOrder(tasks: Tasks): Promise<IslandReport<number[], null>[]> {
  const reports = [];
  for (const task of tasks) reports.push(await runIsland(LINE, task, new AbortController().signal));
  return reports;
}

/** As many workers would: copies of the tasks, the last one first. */
async function outOfOrder(tasks: Tasks): Promise<IslandReport<number[], null>[]> {
  const reversed = await inOrder(structuredClone(tasks).reverse());
  return structuredClone(reversed.reverse());
}

const key = LINE.key;

test('it finds the minimum', async () => {
  const outcome = await evolve<number[], null>(SEEDS, SETTINGS, { run: inOrder, key });
  expect(outcome.best).toMatchObject({ genome: [0, 0, 0, 0], exact: 0 });
  expect(outcome.start.genome).toEqual([9, -7, 4, 4]);
  expect(outcome.stopped).toBe('finished');
});

test('the same seed gives the same search, whoever runs its islands; another seed another', async () => {
  const run = (seed: number, runner: typeof inOrder) =>
    evolve<number[], null>(SEEDS, { ...SETTINGS, seed, generations: 12 }, { run: runner, key });
  const one = await run(1, inOrder);
  expect(await run(1, outOfOrder)).toEqual(one);
  expect((await run(2, inOrder)).history).not.toEqual(one.history);
});

test('it stops where it was stopped before', async () => {
  const whole = await evolve<number[], null>(SEEDS, SETTINGS, { run: inOrder, key });
  const { evaluations, best } = whole.history[3]!;
  const taken = await evolve<number[], null>(SEEDS, { ...SETTINGS, stopAfter: evaluations }, { run: inOrder, key });
  expect(taken).toMatchObject({ stopped: 'taken', evaluations, best });
});

test('it gives up when nothing is gained', async () => {
  const seeds = { named: [[0, 0]], further: [] };
  const outcome = await evolve<number[], null>(seeds, { ...SETTINGS, patience: 6 }, { run: inOrder, key });
  expect(outcome).toMatchObject({ stopped: 'patience', generation: 6, best: { genome: [0, 0] } });
});

test('without generations the seeds alone are compared', async () => {
  const outcome = await evolve<number[], null>(SEEDS, { ...SETTINGS, generations: 0 }, { run: inOrder, key });
  expect(outcome).toMatchObject({ generation: 0, best: { genome: [9, -7, 4, 4] } });
});

test('it is never behind a seed, and its best never gets worse', async () => {
  const genome = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 3, maxLength: 3 });
  const property = fc.asyncProperty(
    fc.array(genome, { minLength: 1, maxLength: 4 }),
    fc.record({
      seed: fc.nat(),
      islands: fc.integer({ min: 1, max: 5 }),
      population: fc.integer({ min: 1, max: 20 }),
      generations: fc.integer({ min: 0, max: 9 }),
      generationsPerEpoch: fc.integer({ min: 1, max: 4 }),
      survivors: fc.integer({ min: 1, max: 3 }),
    }),
    async (named, settings) => {
      const outcome = await evolve<number[], null>(
        { named, further: [] },
        { ...SETTINGS, ...settings },
        { run: inOrder, key },
      );
      const seeds = await Promise.all(named.map((it) => LINE.exact(it)));
      expect(outcome.best.exact).toBeLessThanOrEqual(Math.min(...seeds));
      const bests = outcome.history.map(({ best }) => best.exact!);
      expect(bests).toEqual([...bests].sort((a, b) => b - a));
      expect(outcome.best.exact).toBe(await LINE.exact(outcome.best.genome));
    },
  );
  await fc.assert(property, { numRuns: 40 });
});

test('a cancelled island ends at once', async () => {
  const controller = new AbortController();
  controller.abort();
  const run = async (tasks: Tasks) => [await runIsland(LINE, tasks[0]!, controller.signal)];
  await expect(evolve<number[], null>(SEEDS, SETTINGS, { run, key })).rejects.toThrow();
});
