import { breathe } from '../core/abort.ts';
import { createRandom, type Random } from '../core/random.ts';
import { crowding, type Fitness, nonDominatedFronts } from './non-dominated.ts';

export interface Nsga2Problem<G> {
  create(random: Random): G;
  /** A child of two; neither parent is changed. */
  cross(mother: G, father: G, random: Random): G;
  mutate(genome: G, random: Random): G;
  /** Equal for equal genomes. */
  key(genome: G): string;
  /** In the genomes' order; no genome is asked for twice. As many at once as it likes. */
  evaluate(genomes: readonly G[], signal: AbortSignal): Promise<Fitness[]>;
}

export interface Nsga2Settings {
  seed: number;
  /** At least 2. */
  population: number;
  generations: number;
  /** Ends once so many genomes were evaluated: the last batch is cut to fit. 0: never. */
  stopAfter: number;
}

export interface Individual<G> extends Fitness {
  genome: G;
}

export interface Nsga2State<G> {
  generation: number;
  evaluations: number;
  population: Individual<G>[];
  /** Members that no other dominates, and that keep their constraints best. */
  front: Individual<G>[];
}

export interface Nsga2Outcome<G> extends Nsga2State<G> {
  stopped: 'finished' | 'taken';
}

/** Tries for a child that is not there yet. */
const TRIES = 10;

/**
 * NSGA-II (Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE Trans.
 * Evolutionary Computation 2002): parents and children together are sorted into fronts, the best fronts survive, and of the
 * last front that fits in part those in the emptiest places; parents win a tournament by front, then by emptiness. Equal
 * genomes are kept once. Same seed and problem, same outcome.
 * @throws AbortError when the signal is aborted.
 */
export async function nsga2<G>(
  problem: Nsga2Problem<G>,
  seeds: readonly G[],
  settings: Nsga2Settings,
  signal: AbortSignal,
  onGeneration?: (state: Nsga2State<G>) => void,
): Promise<Nsga2Outcome<G>> {
  const { population: size, stopAfter } = settings;
  if (!Number.isInteger(size) || size < 2)
    throw new RangeError(`A population of ${size} has no parents: it needs two.`);
  const random = createRandom(settings.seed);
  const seen = new Map<string, Individual<G>>();
  let evaluations = 0;

  /** Those of the genomes that may still be evaluated, with what is known of them. */
  const assess = async (genomes: readonly G[]): Promise<Individual<G>[]> => {
    await breathe(signal);
    const room = stopAfter > 0 ? Math.max(0, stopAfter - evaluations) : Number.POSITIVE_INFINITY;
    const fresh = genomes.slice(0, room);
    const fitness = await problem.evaluate(fresh, signal);
    evaluations += fresh.length;
    return fresh.map((genome, i) => {
      const individual = { genome, ...fitness[i]! };
      seen.set(problem.key(genome), individual);
      return individual;
    });
  };

  /** `make` until there are enough that were never seen. */
  const fresh = (count: number, make: () => G): G[] => {
    const made = new Map<string, G>();
    for (let tries = 0; made.size < count && tries < count * TRIES; tries++) {
      const genome = make();
      const key = problem.key(genome);
      if (!seen.has(key)) made.set(key, made.get(key) ?? genome);
    }
    return [...made.values()];
  };

  const first = [...new Map(seeds.map((genome) => [problem.key(genome), genome])).values()].slice(0, size);
  let ranked = survivors(await assess(first), size);
  const rest = fresh(size - ranked.length, () => problem.create(random));
  ranked = survivors([...ranked.map(({ member }) => member), ...(await assess(rest))], size);
  const stateAt = (generation: number): Nsga2State<G> => ({
    generation,
    evaluations,
    population: ranked.map(({ member }) => member),
    front: ranked.filter(({ rank }) => rank === 0).map(({ member }) => member),
  });
  onGeneration?.(stateAt(0));
  let generation = 0;
  while (generation < settings.generations && ranked.length >= 2) {
    if (stopAfter > 0 && evaluations >= stopAfter) return { ...stateAt(generation), stopped: 'taken' };
    const parent = () => tournament(ranked, random).member.genome;
    const children = fresh(size, () => problem.mutate(problem.cross(parent(), parent(), random), random));
    // The space is exhausted around the population.
    if (children.length === 0) break;
    ranked = survivors([...ranked.map(({ member }) => member), ...(await assess(children))], size);
    generation++;
    onGeneration?.(stateAt(generation));
  }
  return { ...stateAt(generation), stopped: stopAfter > 0 && evaluations >= stopAfter ? 'taken' : 'finished' };
}

interface Ranked<G> {
  member: Individual<G>;
  rank: number;
  crowding: number;
}

function survivors<G>(members: readonly Individual<G>[], size: number): Ranked<G>[] {
  const kept: Ranked<G>[] = [];
  for (const [rank, front] of nonDominatedFronts(members).entries()) {
    const distances = crowding(members, front);
    const ranked = front.map((place, i) => ({ member: members[place]!, rank, crowding: distances[i]! }));
    // Stable: equal crowding keeps the order of birth.
    if (kept.length + front.length > size) ranked.sort((one, other) => descending(one.crowding, other.crowding));
    kept.push(...ranked.slice(0, size - kept.length));
    if (kept.length >= size) break;
  }
  return kept;
}

function descending(one: number, other: number): number {
  return one === other ? 0 : other - one;
}

function tournament<G>(ranked: readonly Ranked<G>[], random: Random): Ranked<G> {
  const [one, other] = [ranked[random.int(ranked.length)]!, ranked[random.int(ranked.length)]!];
  if (one.rank !== other.rank) return one.rank < other.rank ? one : other;
  return one.crowding >= other.crowding ? one : other;
}
