import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Aim, aimOf, aimValue, excess, largestMovement } from './aim.ts';
import { exactPlan } from './exact.ts';
import { costOf, tabulate, withMemory } from './table.ts';
import { allPlans, toySpace } from './toy.fixture.ts';
import type { PlanCost, PlanSpace } from './types.ts';

const { signal } = new AbortController();

/** The definition: every plan is looked at. */
function best(costs: readonly PlanCost[], aim: Aim): number | undefined {
  let least: number | undefined;
  for (const cost of costs) {
    const value = aimValue(aim, cost);
    if (excess(aim, cost) === 0 && value < (least ?? Number.POSITIVE_INFINITY)) least = value;
  }
  return least;
}

async function solved(space: PlanSpace, aim: Aim) {
  const plan = await exactPlan(await tabulate(space, signal), aim, signal);
  if (!plan) return undefined;
  expect(plan.proven).toBe(true);
  const cost = costOf(space, plan.assignment);
  expect(excess(aim, cost)).toBe(0);
  expect(aimValue(aim, cost) / plan.value).toBeCloseTo(1, 9);
  return plan.value;
}

const SHAPES = {
  chain: undefined,
  // A residual network: what leaves layer 1 is read by 2 and, past it, by 4.
  branched: (layer: number, layers: number) =>
    [layer + 1, ...(layer % 2 ? [layer + 3] : [])].filter((it) => it < layers),
};

describe.each(Object.entries(SHAPES))('six layers with six choices each, a %s', (_, consumers) => {
  const space = withMemory(toySpace({ consumers }));
  const costs = [...allPlans(space)].map((plan) => costOf(space, plan));
  const sorted = {
    drop: Float64Array.from(costs, (it) => it.drop).sort(),
    energyPj: Float64Array.from(costs, (it) => it.energyPj).sort(),
  };

  test('there are 46,656 plans, and the widest moves most', () => {
    expect(costs).toHaveLength(6 ** 6);
    expect(largestMovement(space)).toBe(costs.reduce((most, it) => Math.max(most, it.dramBits), 0));
  });

  test.each([
    ['published', 0.2, 0],
    ['published', 0.02, 0],
    ['published', 5, 0],
    ['accuracy-drop', 0, 0.2],
    ['accuracy-drop', 0, 0.5],
    ['average-bits', 0, 4.5],
    ['average-bits', 0, 5.25],
    ['average-bits', 0, 6.25],
    ['energy', 0, 0.2],
    ['energy', 0, 0.6],
  ] as const)('%s (lambda %d, limit or quantile %d) finds what enumeration finds', async (objective, lambda, limit) => {
    const at = (share: number, of: 'drop' | 'energyPj') => sorted[of][Math.floor(share * costs.length)]!;
    const limits = {
      published: 0,
      'average-bits': limit,
      'accuracy-drop': at(limit, 'drop'),
      energy: at(limit, 'energyPj'),
    };
    const aim = aimOf(space, { objective, lambda, limit: limits[objective] }, 1);
    const expected = best(costs, aim);
    expect(expected).toBeDefined();
    const value = await solved(space, aim);
    expect(Math.abs(value! - expected!)).toBeLessThan(1e-9 * Math.abs(expected!));
  });

  test('a bound that no plan keeps has no answer', async () => {
    expect(await solved(space, aimOf(space, { objective: 'average-bits', lambda: 0, limit: 3 }, 1))).toBeUndefined();
  });
});

test('on random small networks with random bounds it is what enumeration finds', async () => {
  const property = fc.asyncProperty(
    fc.record({ seed: fc.nat({ max: 1e6 }), layers: fc.integer({ min: 1, max: 3 }), branched: fc.boolean() }),
    fc.constantFrom('published', 'accuracy-drop', 'average-bits', 'energy'),
    fc.double({ min: 0, max: 1, noNaN: true }),
    async ({ seed, layers, branched }, objective, share) => {
      const consumers = branched ? SHAPES.branched : undefined;
      const space = withMemory(toySpace({ seed, layers, consumers, weightBits: [2, 3, 5], inputBits: [3, 4, 8] }));
      const costs = [...allPlans(space)].map((plan) => costOf(space, plan));
      const between = (of: (cost: PlanCost) => number) => {
        const values = costs.map(of).sort((a, b) => a - b);
        return values[Math.floor(share * (values.length - 1))]!;
      };
      const limit = {
        published: 0,
        'accuracy-drop': between((it) => it.drop),
        'average-bits': between((it) => Math.max(it.averageWeightBits, it.averageActivationBits)),
        energy: between((it) => it.energyPj),
      }[objective];
      const aim = aimOf(space, { objective, lambda: share, limit }, 1);
      const [value, expected] = [await solved(space, aim), best(costs, aim)!];
      expect(Math.abs(value! - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

test('thirty layers with 64 choices each, tightly bounded, are proven or bounded closely', async () => {
  const bits = [2, 3, 4, 5, 6, 7, 8, 10];
  const space = withMemory(toySpace({ layers: 30, weightBits: bits, inputBits: bits, consumers: SHAPES.branched }));
  const tables = await tabulate(space, signal);
  const plan = await exactPlan(tables, aimOf(space, { objective: 'average-bits', lambda: 0, limit: 4.25 }, 1), signal, {
    nodeLimit: 3_000,
  });
  expect(plan!.lowerBound).toBeLessThanOrEqual(plan!.value);
  expect(plan!.value / plan!.lowerBound).toBeLessThan(1.01);
});
