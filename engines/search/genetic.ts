import { sortedByCost } from './island.ts';
import type { IslandReport, IslandTask, Member } from './types.ts';

export interface GeneticSettings {
  seed: number;
  /** Fixed by the spec: the result depends on it, and not on how many workers serve them. */
  islands: number;
  /** Members over all islands. */
  population: number;
  /** A generation makes half as many children as there are members. 0: the seeds alone are compared. */
  generations: number;
  /** Generations that an island lives alone, before its best goes to the next island. */
  generationsPerEpoch: number;
  /** Ends after so many generations in which the best cost fell by less than 1 in 1000. 0: never. */
  patience: number;
  /** Ends at the first epoch in which so many evaluations are reached. 0: never. */
  stopAfter: number;
  /** Exact costs at most for each island at the end of an epoch (see `IslandTask`), and of the seeds at the start. */
  survivors: number;
  /** Named seeds get their exact cost where their cost is within this factor of the best seed's; the best one always. */
  margin: number;
}

/** How the search stands at the end of an epoch. */
export interface GeneticState<G, N> {
  generation: number;
  /** Assessments and exact evaluations together. */
  evaluations: number;
  exactEvaluations: number;
  /** The best of the named seeds by exact cost. */
  start: Member<G, N>;
  /** The best by the cost that counts. */
  best: Member<G, N>;
  /** Median of the exact costs known in this epoch's islands. */
  median: number;
}

export interface GeneticOutcome<G, N> extends GeneticState<G, N> {
  history: GeneticState<G, N>[];
  stopped: 'finished' | 'patience' | 'taken';
}

export interface GeneticHooks<G, N> {
  /** Runs the tasks, in any order or at once, and answers in the tasks' order. */
  run(tasks: IslandTask<G, N>[]): Promise<IslandReport<G, N>[]>;
  key(genome: G): string;
  onEpoch?(state: GeneticState<G, N>): void;
}

/** A gain that keeps a search going. */
const GAIN = 0.999;

/**
 * A seeded, elitist, anytime genetic algorithm with islands: the named seeds are compared by the exact cost, then islands
 * evolve apart by the cheap one and hand their best around a ring; their best are compared by the exact cost. The best by
 * exact cost is kept apart and never lost, so the outcome is at least as good as every named seed (within `margin`). Same
 * settings and seeds, same outcome, however many workers serve `run`.
 */
export async function evolve<G, N>(
  seeds: { named: G[]; further: G[] },
  settings: GeneticSettings,
  hooks: GeneticHooks<G, N>,
): Promise<GeneticOutcome<G, N>> {
  if (seeds.named.length + seeds.further.length === 0)
    throw new RangeError('A genetic search needs at least one seed.');
  const { islands, seed } = settings;
  const capacity = Math.max(2, Math.ceil(settings.population / islands));
  const counts = { evaluations: 0, exactEvaluations: 0 };

  const run = async (tasks: Partial<IslandTask<G, N>>[], epoch: number): Promise<Member<G, N>[][]> => {
    const idle = { seed, epoch, members: [], unassessed: [], children: 0, capacity, survivors: 0 };
    const reports = await hooks.run(tasks.map((task, island) => ({ ...idle, island, ...task })));
    for (const report of reports) {
      counts.evaluations += report.assessments + report.exactEvaluations;
      counts.exactEvaluations += report.exactEvaluations;
    }
    return reports.map(({ members }) => members);
  };

  const genomes = [...seeds.named, ...seeds.further];
  const assessed = await run(
    dealt(genomes, islands).map((unassessed) => ({ unassessed })),
    0,
  );
  const members = sortedByCost(distinct(assessed.flat(), hooks.key));
  const isNamed = new Set(seeds.named.map(hooks.key));
  const firstNamed = members.find(({ genome }) => isNamed.has(hooks.key(genome)));
  const wanted = members.filter(
    (member, rank) =>
      rank < settings.survivors ||
      member === firstNamed ||
      (isNamed.has(hooks.key(member.genome)) && member.cost <= settings.margin * members[0]!.cost),
  );
  const settled = await run(
    wanted.map((member) => ({ members: [member], survivors: 1 })),
    1,
  );
  const exact = settled.flat();
  const known = new Map(exact.map((member) => [hooks.key(member.genome), member]));
  const start = bestExact(exact.filter(({ genome }) => isNamed.has(hooks.key(genome)))) ?? bestExact(exact)!;
  let best = bestExact(exact)!;
  // What the cheap fitness does not see of those that were settled, it will hardly see of the others.
  const bias = median(exact.map((member) => member.bias))!;
  const corrected = members.map(
    (member) => known.get(hooks.key(member.genome)) ?? { ...member, bias, cost: member.cost * bias },
  );
  let population = settle(sortedByCost(corrected), islands, capacity);

  const history: GeneticState<G, N>[] = [];
  const record = (generation: number, among: readonly Member<G, N>[]) => {
    const costs = among.flatMap((it) => (it.exact === undefined ? [] : [it.exact]));
    const state = { generation, ...counts, start, best, median: median(costs) ?? best.exact! };
    history.push(state);
    hooks.onEpoch?.(state);
  };
  record(0, exact);

  let stopped: GeneticOutcome<G, N>['stopped'] = 'finished';
  let idle = 0;
  let reference = best.exact!;
  for (let generation = 0, epoch = 2; generation < settings.generations; epoch++) {
    if (settings.stopAfter > 0 && counts.evaluations >= settings.stopAfter) {
      stopped = 'taken';
      break;
    }
    if (settings.patience > 0 && idle >= settings.patience) {
      stopped = 'patience';
      break;
    }
    const generations = Math.min(settings.generationsPerEpoch, settings.generations - generation);
    const children = Math.ceil((capacity * generations) / 2);
    const evolved = await run(
      population.map((own) => ({ members: own, children, survivors: settings.survivors })),
      epoch,
    );
    generation += generations;
    const all = evolved.flat();
    const found = bestExact(all);
    if (found && found.exact! < best.exact!) best = found;
    const cost = all.reduce((least, it) => Math.min(least, it.cost), Number.POSITIVE_INFINITY);
    if (cost < reference * GAIN) {
      reference = cost;
      idle = 0;
    } else idle += generations;
    population = migrated(evolved, capacity, hooks.key);
    record(generation, all);
  }
  return { ...history.at(-1)!, history, stopped };
}

function dealt<T>(items: readonly T[], hands: number): T[][] {
  return Array.from({ length: hands }, (_, hand) => items.filter((_, index) => index % hands === hand));
}

function distinct<G, N>(members: readonly Member<G, N>[], key: (genome: G) => string): Member<G, N>[] {
  return [...new Map(members.map((member) => [key(member.genome), member])).values()];
}

function bestExact<G, N>(members: readonly Member<G, N>[]): Member<G, N> | undefined {
  let best: Member<G, N> | undefined;
  for (const member of members)
    if (member.exact !== undefined && member.exact < (best?.exact ?? Number.POSITIVE_INFINITY)) best = member;
  return best;
}

/** Every island starts with the best; the others are dealt in turn. */
function settle<G, N>(sorted: readonly Member<G, N>[], islands: number, capacity: number): Member<G, N>[][] {
  const [best, ...others] = sorted;
  return dealt(others, islands).map((share) => [best!, ...share].slice(0, capacity));
}

/** The best of each island goes to the next, in the place of the worst. */
function migrated<G, N>(islands: Member<G, N>[][], capacity: number, key: (genome: G) => string): Member<G, N>[][] {
  if (islands.length < 2) return islands;
  return islands.map((members, index) => {
    const guest = islands[(index + islands.length - 1) % islands.length]![0];
    if (!guest || members.some((it) => key(it.genome) === key(guest.genome))) return members;
    return sortedByCost([...members.slice(0, capacity - 1), guest]);
  });
}

function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
