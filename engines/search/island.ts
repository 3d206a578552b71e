import { breathe } from '../core/abort.ts';
import { createRandom, type Random } from '../core/random.ts';
import type { IslandReport, IslandTask, Member, Species } from './types.ts';

/** Tries of one child before it is given up: a drawn mutation may not apply, or give a genome that is already there. */
const TRIES = 12;

/**
 * Islands of one search draw from streams of their own; a million epochs fit between two islands. Nothing but seed, island
 * and epoch decides what an island does with its members.
 */
function randomOf({ seed, island, epoch }: { seed: number; island: number; epoch: number }): Random {
  return createRandom(seed, island * 1_000_000 + epoch);
}

/**
 * Runs one island for some children: a steady-state, elitist algorithm. A child takes its parent's place when it is at
 * least as good; otherwise the worst member's when it is better than that. So the best never gets lost.
 * @throws AbortError when the signal is aborted.
 */
export async function runIsland<G, N>(
  species: Species<G, N>,
  task: IslandTask<G, N>,
  signal: AbortSignal,
): Promise<IslandReport<G, N>> {
  const random = randomOf(task);
  const members = [...task.members];
  let assessments = 0;
  let exactEvaluations = 0;

  async function assess(genome: G, bias: number): Promise<Member<G, N>> {
    if (assessments++ % species.breathEvery === 0) await breathe(signal);
    const { cost, notes } = species.assess(genome);
    return { genome, cost: cost * bias, notes, bias };
  }

  async function settle(member: Member<G, N>): Promise<Member<G, N>> {
    await breathe(signal);
    const exact = await species.exact(member.genome);
    exactEvaluations++;
    const cheap = member.cost / member.bias;
    return { ...member, exact, bias: exact / cheap, cost: exact };
  }

  for (const genome of task.unassessed) members.push(await assess(genome, 1));
  const keys = new Set<string>();
  const distinct = sortedByCost(members).filter(({ genome }) => {
    const key = species.key(genome);
    return keys.has(key) ? false : keys.add(key);
  });
  members.splice(0, members.length, ...distinct);

  for (let child = 0; child < task.children && members.length > 0; child++) {
    const parent = tournament(members, random);
    const genome = newGenome(species, members[parent]!, keys, random);
    if (genome === undefined) continue;
    const born = await assess(genome, members[parent]!.bias);
    let place = -1;
    if (members.length < task.capacity) place = members.length;
    else if (born.cost <= members[parent]!.cost) place = parent;
    else if (born.cost < members[worst(members)]!.cost) place = worst(members);
    if (place < 0) continue;
    const replaced = members[place];
    if (replaced) keys.delete(species.key(replaced.genome));
    keys.add(species.key(genome));
    members[place] = born;
  }

  for (let settled = 0; settled < task.survivors; settled++) {
    const best = sortedByCost(members)[0];
    if (!best || best.exact !== undefined) break;
    members[members.indexOf(best)] = await settle(best);
  }
  return { members: sortedByCost(members), assessments, exactEvaluations };
}

/** The better of two drawn at random. */
function tournament<G, N>(members: readonly Member<G, N>[], random: Random): number {
  const [one, other] = [random.int(members.length), random.int(members.length)];
  return members[one]!.cost <= members[other]!.cost ? one : other;
}

function worst<G, N>(members: readonly Member<G, N>[]): number {
  let at = 0;
  for (const [index, member] of members.entries()) if (member.cost > members[at]!.cost) at = index;
  return at;
}

function newGenome<G, N>(
  species: Species<G, N>,
  parent: Member<G, N>,
  keys: ReadonlySet<string>,
  random: Random,
): G | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    const genome = species.vary(parent, random);
    if (genome !== undefined && !keys.has(species.key(genome))) return genome;
  }
  return undefined;
}

/** Stable: equal costs keep their order. */
export function sortedByCost<G, N>(members: readonly Member<G, N>[]): Member<G, N>[] {
  return [...members].sort((a, b) => a.cost - b.cost);
}
