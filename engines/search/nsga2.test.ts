import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Random } from '../core/random.ts';
import { crowding, dominates, type Fitness, nonDominatedFronts } from './non-dominated.ts';
import { type Nsga2Problem, type Nsga2Settings, nsga2 } from './nsga2.ts';

const { signal } = new AbortController();
const SETTINGS: Nsga2Settings = { seed: 1, population: 24, generations: 40, stopAfter: 0 };

/** Twelve digits of 0..3; bits against a loss that weighs places by powers of two. The front is known by enumeration. */
const WEIGHTS = Array.from({ length: 8 }, (_, i) => 2 ** (i % 5) + i);
const cost = (genome: readonly number[]) => genome.reduce((sum, x) => sum + x, 0);
const loss = (genome: readonly number[]) => genome.reduce((sum, x, i) => sum + WEIGHTS[i]! / 4 ** x, 0);

function problem(violation: (genome: readonly number[]) => number = () => 0): Nsga2Problem<number[]> {
  return {
    create: (random) => WEIGHTS.map(() => random.int(4)),
    cross: (mother, father, random) => mother.map((x, i) => (random.int(2) === 0 ? x : father[i]!)),
    mutate(genome, random: Random) {
      const copy = [...genome];
      copy[random.int(copy.length)] = random.int(4);
      return copy;
    },
    key: (genome) => genome.join(''),
    evaluate: async (genomes) => genomes.map((it) => ({ objectives: [cost(it), loss(it)], violation: violation(it) })),
  };
}

/** The least loss at each cost, over all 4^8 genomes. */
function leastLosses(): number[] {
  const least = Array<number>(25).fill(Number.POSITIVE_INFINITY);
  for (let code = 0; code < 4 ** 8; code++) {
    const genome = WEIGHTS.map((_, i) => (code >> (2 * i)) & 3);
    least[cost(genome)] = Math.min(least[cost(genome)]!, loss(genome));
  }
  return least;
}

test('fronts are what peeling off the non-dominated gives', () => {
  const point = fc.record({
    objectives: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 2, maxLength: 2 }),
    violation: fc.constantFrom(0, 0, 0, 1, 2),
  });
  fc.assert(
    fc.property(fc.array(point, { maxLength: 25 }), (points: Fitness[]) => {
      let left = points.map((_, i) => i);
      const peeled: number[][] = [];
      while (left.length > 0) {
        const front = left.filter((i) => !left.some((j) => dominates(points[j]!, points[i]!)));
        peeled.push(front);
        left = left.filter((i) => !front.includes(i));
      }
      expect(nonDominatedFronts(points)).toEqual(peeled);
    }),
  );
});

test('the crowding distance is the box between the neighbours', () => {
  const at = (x: number, y: number) => ({ objectives: [x, y], violation: 0 });
  const points = [at(0, 10), at(1, 6), at(4, 5), at(10, 0)];
  const [first, second, third, last] = crowding(points, [0, 1, 2, 3]);
  expect([first, last]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(second).toBeCloseTo(4 / 10 + 5 / 10);
  expect(third).toBeCloseTo(9 / 10 + 6 / 10);
});

test('of 65,536 genomes it finds nearly the whole front', async () => {
  const { front, evaluations } = await nsga2(problem(), [], { ...SETTINGS, population: 60, generations: 60 }, signal);
  const least = leastLosses();
  const hit = front.filter(({ objectives: [bits, lost] }) => lost! <= least[bits!]! + 1e-9);
  expect(hit.length).toBeGreaterThanOrEqual(22);
  expect(evaluations).toBeLessThan(60 * 61 + 1);
});

test('the same seed gives the same search, another seed another', async () => {
  const run = (seed: number) => nsga2(problem(), [], { ...SETTINGS, seed, generations: 8 }, signal);
  const one = await run(1);
  expect(await run(1)).toEqual(one);
  expect((await run(2)).population).not.toEqual(one.population);
});

test('seeds are taken in, and no genome is evaluated twice', async () => {
  const asked: string[] = [];
  const counted = problem();
  const { evaluate } = counted;
  counted.evaluate = (genomes, stop) => {
    asked.push(...genomes.map(counted.key));
    return evaluate(genomes, stop);
  };
  const seeds = [WEIGHTS.map(() => 0), WEIGHTS.map(() => 3), WEIGHTS.map(() => 0)];
  const { front } = await nsga2(counted, seeds, SETTINGS, signal);
  expect(new Set(asked).size).toBe(asked.length);
  expect(front.map(({ genome }) => genome.join(''))).toEqual(expect.arrayContaining(['00000000', '33333333']));
});

test('constraints come first', async () => {
  const within = (genome: readonly number[]) => Math.max(0, cost(genome) - 9);
  const { front } = await nsga2(problem(within), [WEIGHTS.map(() => 3)], SETTINGS, signal);
  expect(front.every(({ violation }) => violation === 0)).toBe(true);
  expect(Math.max(...front.map(({ objectives }) => objectives[0]!))).toBe(9);
});

test('it stops after exactly so many evaluations, as a longer search stood then', async () => {
  const taken = await nsga2(problem(), [], { ...SETTINGS, stopAfter: 100 }, signal);
  expect(taken).toMatchObject({ evaluations: 100, stopped: 'taken' });
  const states: number[] = [];
  await nsga2(problem(), [], { ...SETTINGS, stopAfter: 72 }, signal, ({ evaluations }) => states.push(evaluations));
  expect(states).toEqual([24, 48, 72]);
});

test('a cancelled search ends', async () => {
  const controller = new AbortController();
  const run = nsga2(problem(), [], SETTINGS, controller.signal, () => controller.abort());
  await expect(run).rejects.toThrow();
});
