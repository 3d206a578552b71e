import type { Allocate, Allocated, AllocateOptions } from '../allocate/types.ts';
import { incomingBytes, mayLieInPlace } from '../judge.ts';
import type { CimProblem } from '../types.ts';

/** Names what an allocation of a segment depends on: segments of the same name have the same plans, place by place. */
export function namer({ operators, rules }: CimProblem): (chosen: readonly number[]) => string {
  const classes = new Map<string, number>();
  const feedsWeights = new Set(
    operators.filter(mayLieInPlace).flatMap(({ weightsFrom }) => weightsFrom.map(({ operator }) => operator)),
  );
  const classOf = operators.map((operator) => {
    const { index, arrays, vectors, streamBytes } = operator;
    // Bytes that are reloaded (rules.reload), and what may become weights in place (rules.inPlace).
    const inPlace = `${mayLieInPlace(operator)} ${feedsWeights.has(index)}`;
    const key = `${arrays} ${vectors} ${streamBytes} ${incomingBytes(operator)} ${inPlace}`;
    const known = classes.get(key) ?? classes.size;
    classes.set(key, known);
    return known;
  });
  return (chosen) => {
    let name = chosen.map((each) => classOf[each]).join(' ');
    if (!rules.sharing || chosen.length === 1) return name;
    for (const [to, index] of chosen.entries()) {
      for (const { operator, bytes } of operators[index]!.inputs) {
        const from = chosen.indexOf(operator);
        if (from >= 0) name += `;${from},${to},${bytes}`;
      }
    }
    return name;
  };
}

/** `allocate`, with every kind of segment solved once; `solved` counts. */
export function remember(
  problem: CimProblem,
  allocate: Allocate,
  options: AllocateOptions,
): { allocate: (chosen: readonly number[]) => Allocated | undefined; solved: () => number } {
  const nameOf = namer(problem);
  const known = new Map<string, { chosen: readonly number[]; found: Allocated | undefined }>();
  return {
    solved: () => known.size,
    allocate: (chosen) => {
      const name = nameOf(chosen);
      const same = known.get(name);
      if (same) return same.found && relabelled(same.found, same.chosen, chosen);
      const found = allocate(problem, chosen, options);
      known.set(name, { chosen: [...chosen], found });
      return found;
    },
  };
}

function relabelled(found: Allocated, from: readonly number[], to: readonly number[]): Allocated {
  const renamed = new Map(from.map((each, at) => [each, to[at]!]));
  const { allocations, shared } = found.segment;
  return {
    ...found,
    segment: {
      operators: [...to],
      allocations: allocations.map((each) => ({ ...each, operator: renamed.get(each.operator)! })),
      shared: shared.map((each) => ({ ...each, from: renamed.get(each.from)!, to: renamed.get(each.to)! })),
    },
  };
}
