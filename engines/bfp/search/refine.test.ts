import { describe, expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import type { SearchSettings } from '../types.ts';
import { aimOf, excess } from './aim.ts';
import { exactPlan } from './exact.ts';
import { refinePlans } from './refine.ts';
import { searchPlans } from './run.ts';
import { costOf, keyOf, tabulate } from './table.ts';
import { toySpace } from './toy.fixture.ts';
import type { Assignment, PlanSpace } from './types.ts';

const { signal } = new AbortController();
const LIMIT = { objective: 'average-bits', lambda: 0.2, limit: 4.5 } as const;

/** A toy whose true distance has terms of pairs: what two operands lose together is more, or less, than what each does. */
function pairs(seed: number, strength: number) {
  const space = toySpace({ layers: 4, seed, weightBits: [3, 4, 5, 6], inputBits: [3, 4, 5, 6] });
  const random = createRandom(seed, 99);
  const size = 2 * space.layers.length;
  const coupling = Array.from({ length: size }, () => Array.from({ length: size }, () => random.normal()));
  const distance = (plan: Assignment) => {
    const own = plan.map(
      (choice, place) => space.layers[place >> 1]![place % 2 === 0 ? 'weights' : 'inputs'][choice]!.drop,
    );
    let sum = own.reduce((total, it) => total + it, 0);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) sum += strength * coupling[i]![j]! * Math.sqrt(own[i]! * own[j]!);
    }
    return Math.max(sum, 0);
  };
  let probes = 0;
  const probe = async (plans: Assignment[]) => {
    probes += plans.length;
    return plans.map(distance);
  };
  return { space, distance, probe, probes: () => probes };
}

async function refined(seed: number, strength: number, probes = 150) {
  const toy = pairs(seed, strength);
  const aim = aimOf(toy.space, LIMIT, 1);
  const additive = (await exactPlan(await tabulate(toy.space, signal), aim, signal))!.assignment;
  const task = { aim, starts: [additive], probes, seed: 1, signal };
  const found = await refinePlans(toy.space, toy.probe, task);
  return { ...toy, aim, additive, best: found.best(aim)[0]!, found };
}

describe('from the optimum of the additive model', () => {
  test.each([1, 2, 3])('under loss that has terms of pairs, a plan of no more bits loses less (%d)', async (seed) => {
    const { space, aim, additive, best, distance } = await refined(seed, 0.5);
    expect(excess(aim, costOf(space, best))).toBe(0);
    expect(distance(best)).toBeLessThan(0.97 * distance(additive));
  });

  test.each([0, 1])('no plan worse than the start is best, and no probe is asked for twice (%d)', async (strength) => {
    for (const probes of [1, 10, 120]) {
      const { additive, best, distance, found, probes: asked } = await refined(7, strength, probes);
      expect(distance(best)).toBeLessThanOrEqual(distance(additive));
      expect(asked()).toBeLessThanOrEqual(probes);
      expect(found.probes).toBe(asked());
    }
  });
});

test('where losses add up, the additive optimum stays', async () => {
  const { additive, best, distance } = await refined(3, 0);
  expect(distance(best)).toBeCloseTo(distance(additive), 12);
});

test('the same task gives the same plans', async () => {
  const [one, other] = [await refined(2, 0.5), await refined(2, 0.5)];
  expect(one.found.best(one.aim).map(keyOf)).toEqual(other.found.best(other.aim).map(keyOf));
});

test('a search with probes measures refined plans, counts them, stops where it is told, and can be cancelled', async () => {
  const settings: SearchSettings = {
    ...LIMIT,
    method: 'exact',
    mantissaBits: [],
    blocks: [],
    sensitivity: 'output-error',
    measured: 20,
    population: 20,
    generations: 10,
    stopAfter: 0,
  };
  const { space, distance, probe } = pairs(4, 0.5);
  const { accuracy } = (await space.measure!([space.layers.flatMap(() => [0, 0])], signal))[0]!;
  // Accuracy that tells nothing apart but by whole points; the distance does.
  const measure: PlanSpace['measure'] = async (plans) =>
    plans.map((plan) => {
      const points = Math.min(99, Math.round(distance(plan)));
      return {
        accuracy: { ...accuracy, count: 100 - points, of: 100, percent: 100 - points },
        distance: distance(plan),
      };
    });
  const probing = { plans: 120, probe };
  const run = (stopAfter: number, abort = signal, onTrace = () => {}) =>
    searchPlans({ ...space, measure, probing }, { ...settings, stopAfter }, { seed: 1, signal: abort, onTrace });
  const { trace } = await run(0);
  const best = trace.points[trace.bestId]!;
  const refinedPoints = trace.points.filter(({ by }) => by === 'refined');
  expect(refinedPoints.length).toBeGreaterThan(0);
  expect(trace.evaluations).toBe(trace.points.filter(({ measured }) => measured).length);
  expect(best.averageWeightBits).toBeLessThanOrEqual(4.5);
  expect(best.averageActivationBits).toBeLessThanOrEqual(4.5);

  const stopped = await run(trace.evaluations - 2);
  expect(stopped.trace).toMatchObject({ evaluations: trace.evaluations - 2, stopped: 'taken' });

  const controller = new AbortController();
  const cancelled = searchPlans(
    {
      ...space,
      measure,
      probing: {
        plans: 120,
        probe: async (plans) => {
          controller.abort();
          return probe(plans);
        },
      },
    },
    settings,
    { seed: 1, signal: controller.signal },
  );
  await expect(cancelled).rejects.toThrow();
});
