import { describe, expect, test } from 'vitest';
import type { SearchSettings, SearchTrace } from '../types.ts';
import { aimOf, aimValue, excess } from './aim.ts';
import { searchPlans } from './run.ts';
import { costOf, withMemory } from './table.ts';
import { allPlans, type ToyOptions, toySpace } from './toy.fixture.ts';
import type { PlanCost } from './types.ts';

const SETTINGS: SearchSettings = {
  method: 'exact',
  objective: 'published',
  lambda: 0.2,
  limit: 0,
  mantissaBits: [3, 4, 6],
  blocks: [32],
  sensitivity: 'output-error',
  measured: 12,
  population: 20,
  generations: 10,
  stopAfter: 0,
};
const TOY: ToyOptions = { layers: 6, weightBits: [3, 4, 6], inputBits: [4, 6], samples: 1_000_000 };
const { signal } = new AbortController();

function search(settings: Partial<SearchSettings>, toy: ToyOptions = {}) {
  return searchPlans(toySpace({ ...TOY, ...toy }), { ...SETTINGS, ...settings }, { seed: 1, signal });
}

describe('where losses add up, the search takes the optimum of 46,656 plans', () => {
  const space = withMemory(toySpace(TOY));
  const costs = [...allPlans(space)].map((plan) => costOf(space, plan));
  const median = (of: (cost: PlanCost) => number) => costs.map(of).sort((a, b) => a - b)[costs.length / 2]!;

  test.each([
    ['published', 0],
    ['average-bits', 4.75],
    ['energy', median((it) => it.energyPj)],
    ['accuracy-drop', median((it) => it.drop)],
  ] as const)('%s (%d)', async (objective, limit) => {
    // Whatever the unit of the sensitivities is: here a point is worth 40 of them.
    const scaled = toySpace({ ...TOY, real: (drop) => drop / 40 });
    for (const layer of scaled.layers) {
      for (const choice of [...layer.weights, ...layer.inputs]) choice.drop *= 40;
    }
    const outcome = await searchPlans(scaled, { ...SETTINGS, objective, limit }, { seed: 1, signal });
    const aim = aimOf(space, { objective, lambda: 0.2, limit }, 1);
    const within = costs.filter((cost) => excess(aim, cost) === 0).map((cost) => aimValue(aim, cost));
    expect(within.length).toBeGreaterThan(0);
    const least = within.reduce((best, it) => Math.min(best, it));
    const cost = costOf(space, outcome.best!.assignment);
    expect(outcome.keepsBounds).toBe(true);
    expect(outcome.optimum!.proven).toBe(true);
    // The last digits are the calibration's: a bound on the drop may be missed by a sample in a million.
    expect(aimValue(aim, cost) / least).toBeLessThan(objective === 'accuracy-drop' ? 1.01 : 1 + 1e-6);
  });
});

test.each(['exact', 'genetic', 'hawq-like', 'greedy', 'random'] as const)(
  '%s is measured, bounded, and no worse than its baselines',
  async (method) => {
    const { trace, best } = await search({ method, objective: 'average-bits', limit: 4.5 });
    const chosen = trace.points[trace.bestId]!;
    expect(chosen.measured).toBeDefined();
    expect(chosen.averageWeightBits).toBeLessThanOrEqual(4.5);
    expect(chosen.averageActivationBits).toBeLessThanOrEqual(4.5);
    expect(Object.keys(best!.plan)).toHaveLength(6);
    expect(Object.keys(trace.baselineIds)).toEqual(expect.arrayContaining(['hawq-like', 'greedy', 'random']));
    for (const id of Object.values(trace.baselineIds)) {
      const baseline = trace.points[id]!;
      const fewer =
        baseline.averageWeightBits <= chosen.averageWeightBits &&
        baseline.averageActivationBits <= chosen.averageActivationBits;
      if (fewer) expect(baseline.measured!.count).toBeLessThanOrEqual(chosen.measured!.count);
    }
  },
);

test('sensitivities that mislead: the estimate says so, and measurements decide', async () => {
  // Every third operand loses ten times what it should.
  const real = (drop: number, assignment: readonly number[]) =>
    drop + assignment.reduce((sum, choice, i) => sum + (i % 3 === 0 && choice === 0 ? 2 : 0), 0);
  const { trace } = await search({ measured: 16 }, { real });
  expect(trace.estimateError.meanAbsPoints).toBeGreaterThan(0.2);
  expect(trace.estimateError.rankCorrelation).toBeLessThan(0.98);
  const measured = trace.points.filter((it) => it.measured);
  const least = Math.min(...measured.map((it) => it.objective));
  expect(trace.points[trace.bestId]!.objective).toBeLessThan(least + 0.001);
});

test('the front holds the measured that nothing beats, by rising movement', async () => {
  const { trace } = await search({ method: 'random', measured: 30 });
  const front = trace.front.map((id) => trace.points[id]!);
  for (let i = 1; i < front.length; i++) {
    expect(front[i]!.dataMovementBits).toBeGreaterThan(front[i - 1]!.dataMovementBits);
    expect(front[i]!.measured!.percent).toBeGreaterThan(front[i - 1]!.measured!.percent);
  }
  for (const point of trace.points) {
    const beaten = front.some(
      (it) => it.measured!.percent >= point.measured!.percent && it.dataMovementBits <= point.dataMovementBits,
    );
    expect(beaten).toBe(true);
  }
});

test('the same seed gives the same trace, and a stopped search stands where the whole one stood', async () => {
  const traces: SearchTrace[] = [];
  const run = (stopAfter: number, onTrace?: (trace: SearchTrace) => void) =>
    searchPlans(toySpace(TOY), { ...SETTINGS, stopAfter }, { seed: 3, signal, ...(onTrace && { onTrace }) });
  const whole = await run(0, (trace) => traces.push(trace));
  expect((await run(0)).trace).toEqual(whole.trace);
  const middle = traces[3]!;
  const taken = (await run(middle.evaluations)).trace;
  expect(taken).toEqual({ ...middle, stopped: 'taken', settings: { ...SETTINGS, stopAfter: middle.evaluations } });
  const odd = await run(5);
  expect(odd.trace).toMatchObject({ evaluations: 5, stopped: 'taken' });
  expect(odd.best).toBeDefined();
});

test('without labelled data the estimates decide', async () => {
  const { measure: _, ...space } = toySpace(TOY);
  const { trace, best, optimum } = await searchPlans(space, SETTINGS, { seed: 1, signal });
  expect(trace.evaluations).toBe(0);
  expect(trace.points[trace.bestId]!.objective).toBeCloseTo(optimum!.value, 9);
  expect(best).toBeDefined();
  expect(trace.estimateError).toEqual({ meanAbsPoints: 0, worstPoints: 0, rankCorrelation: 0 });
});

test('bounds that no plan keeps are said', async () => {
  const { keepsBounds, optimum } = await search({ objective: 'average-bits', limit: 2 });
  expect(keepsBounds).toBe(false);
  expect(optimum).toBeUndefined();
});

test('the genetic search by measurements measures no plan twice and shows all it saw', async () => {
  const space = toySpace(TOY);
  const settings = { ...SETTINGS, method: 'genetic' as const, generations: 3, stopAfter: 50 };
  const { trace } = await searchPlans(space, settings, { seed: 1, signal, fitness: 'measured' });
  expect(trace.evaluations).toBe(50);
  expect(space.measurements.count).toBe(50);
  expect(trace.points).toHaveLength(50);
});

test('a cancelled search ends', async () => {
  const controller = new AbortController();
  const run = searchPlans(toySpace(TOY), SETTINGS, {
    seed: 1,
    signal: controller.signal,
    onTrace: () => controller.abort(),
  });
  await expect(run).rejects.toThrow();
});
