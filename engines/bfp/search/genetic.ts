import type { Fitness } from '../../search/non-dominated.ts';
import { type Nsga2Problem, nsga2 } from '../../search/nsga2.ts';
import { type Aim, aimValue, excess } from './aim.ts';
import { operandsOf } from './local.ts';
import { costOf, keyOf } from './table.ts';
import type { Assignment, PlanSpace } from './types.ts';

export interface GeneticTask {
  seed: number;
  population: number;
  generations: number;
  /** Points that plans lose, measured; absent: the additive drop counts. */
  drops?(plans: readonly Assignment[]): Promise<number[]>;
  /** Plans that the population starts with. */
  seeds: readonly Assignment[];
  onGeneration?(front: readonly Assignment[]): void;
}

/**
 * The front of accuracy lost against data movement (energy, where energy is bounded) by NSGA-II, under the aim's bounds. A
 * child takes each layer's pair of choices from one parent, and about two operands move to a neighbouring width.
 */
export async function geneticFront(
  space: PlanSpace,
  aim: Aim,
  task: GeneticTask,
  signal: AbortSignal,
): Promise<Assignment[]> {
  const operands = operandsOf(space);
  const second = aim.bounds.some(({ quantity }) => quantity === 'energyPj') ? 'energyPj' : 'dramBits';
  const problem: Nsga2Problem<Assignment> = {
    create: (random) => operands.map(({ efficient }) => efficient[random.int(efficient.length)]!),
    cross: (mother, father, random) =>
      space.layers.flatMap((_, at) => (random.int(2) ? mother : father).slice(2 * at, 2 * at + 2)),
    mutate(genome, random) {
      const copy = [...genome];
      for (const { place, efficient } of operands) {
        if (efficient.length < 2 || random.int(operands.length) >= 2) continue;
        const rank = efficient.indexOf(copy[place]!);
        const next = Math.max(0, rank) + (random.int(2) ? 1 : -1) * (1 + random.int(2));
        copy[place] = efficient[Math.min(efficient.length - 1, Math.max(0, next))]!;
      }
      return copy;
    },
    key: keyOf,
    async evaluate(genomes): Promise<Fitness[]> {
      const drops = await task.drops?.(genomes);
      return genomes.map((genome, i) => {
        const cost = costOf(space, genome);
        return { objectives: [drops?.[i] ?? cost.drop, cost[second]], violation: excess(aim, cost) };
      });
    },
  };
  const { population, generations, seed } = task;
  const outcome = await nsga2(
    problem,
    task.seeds,
    { seed, population, generations, stopAfter: 0 },
    signal,
    ({ front }) => task.onGeneration?.(front.map(({ genome }) => genome)),
  );
  return outcome.front.map(({ genome }) => genome);
}

/** So many of a front: half of them the best by the aim, the others spread over its length. */
export function pickedFrom(space: PlanSpace, aim: Aim, front: readonly Assignment[], count: number): Assignment[] {
  const judged = front.map((plan) => ({ plan, cost: costOf(space, plan) }));
  const best = [...judged].sort(
    (a, b) => excess(aim, a.cost) - excess(aim, b.cost) || aimValue(aim, a.cost) - aimValue(aim, b.cost),
  );
  const picked = new Set(best.slice(0, Math.ceil(count / 2)).map(({ plan }) => plan));
  const along = [...judged].sort((a, b) => a.cost.dramBits - b.cost.dramBits);
  for (let spread = 2; picked.size < Math.min(count, front.length); spread++) {
    for (let i = 0; i < spread && picked.size < count; i++) {
      picked.add(along[Math.round((i * (along.length - 1)) / (spread - 1))]!.plan);
    }
  }
  return [...picked];
}
