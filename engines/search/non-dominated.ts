/** What a solution reaches: objectives to be minimised, and by how much it breaks its constraints (0: not at all). */
export interface Fitness {
  objectives: readonly number[];
  violation: number;
}

/**
 * Deb's constrained domination: what keeps its constraints beats what does not, of two that do not the lesser offender
 * wins, and of two that do, one that is nowhere worse and somewhere better.
 */
export function dominates(one: Fitness, other: Fitness): boolean {
  if (one.violation !== other.violation) return one.violation < other.violation;
  let better = false;
  for (let i = 0; i < one.objectives.length; i++) {
    if (one.objectives[i]! > other.objectives[i]!) return false;
    if (one.objectives[i]! < other.objectives[i]!) better = true;
  }
  return better;
}

/** Fronts of places: the first holds what nothing dominates, the next what only the first dominates, and so on. */
export function nonDominatedFronts(fitness: readonly Fitness[]): number[][] {
  const dominatedBy = fitness.map(() => 0);
  const beats: number[][] = fitness.map(() => []);
  for (let i = 0; i < fitness.length; i++) {
    for (let j = i + 1; j < fitness.length; j++) {
      if (dominates(fitness[i]!, fitness[j]!)) {
        beats[i]!.push(j);
        dominatedBy[j]!++;
      } else if (dominates(fitness[j]!, fitness[i]!)) {
        beats[j]!.push(i);
        dominatedBy[i]!++;
      }
    }
  }
  const fronts: number[][] = [];
  let front = fitness.flatMap((_, i) => (dominatedBy[i] === 0 ? [i] : []));
  while (front.length > 0) {
    fronts.push(front);
    const next: number[] = [];
    for (const i of front) for (const j of beats[i]!) if (--dominatedBy[j]! === 0) next.push(j);
    front = next.sort((a, b) => a - b);
  }
  return fronts;
}

/**
 * For each of a front's members the size of the box between its neighbours, in units of the front's extent: what keeps a
 * front spread out. Ends are infinite.
 */
export function crowding(fitness: readonly Fitness[], front: readonly number[]): number[] {
  const distance = front.map(() => 0);
  const objectives = front.length === 0 ? 0 : fitness[front[0]!]!.objectives.length;
  for (let objective = 0; objective < objectives; objective++) {
    const value = (place: number) => fitness[front[place]!]!.objectives[objective]!;
    const order = front.map((_, place) => place).sort((a, b) => value(a) - value(b) || front[a]! - front[b]!);
    const [first, last] = [order[0]!, order.at(-1)!];
    const extent = value(last) - value(first);
    distance[first] = Number.POSITIVE_INFINITY;
    distance[last] = Number.POSITIVE_INFINITY;
    if (!(extent > 0)) continue;
    for (let i = 1; i < order.length - 1; i++) {
      distance[order[i]!]! += (value(order[i + 1]!) - value(order[i - 1]!)) / extent;
    }
  }
  return distance;
}
