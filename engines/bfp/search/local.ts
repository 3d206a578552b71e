import { type Aim, aimValue, excess } from './aim.ts';
import { costOf, efficientChoices, keyOf, outputBitsOf, QUANTITIES, type Quantity } from './table.ts';
import type { Assignment, PlanSpace } from './types.ts';

/** One operand of one layer, as a place of an assignment. */
export interface Operand {
  place: number;
  layer: number;
  kind: 'weights' | 'inputs';
  /** Places in the layer's list, by rising bits. */
  efficient: number[];
}

export function operandsOf(space: PlanSpace): Operand[] {
  return space.layers.flatMap(({ weights, inputs }, layer) => [
    { place: 2 * layer, layer, kind: 'weights' as const, efficient: efficientChoices(weights) },
    { place: 2 * layer + 1, layer, kind: 'inputs' as const, efficient: efficientChoices(inputs) },
  ]);
}

/** Layers that read from a layer's point of view: whose output it reads. */
export function producersOf(space: PlanSpace): number[][] {
  const producers: number[][] = space.layers.map(() => []);
  for (const [at, { consumers }] of space.layers.entries()) for (const it of consumers) producers[it]!.push(at);
  return producers;
}

/** What one layer of a plan costs. */
export function layerCost(space: PlanSpace, assignment: Assignment, at: number): Record<Quantity, number> {
  const layer = space.layers[at]!;
  const weight = layer.weights[assignment[2 * at]!]!;
  const input = layer.inputs[assignment[2 * at + 1]!]!;
  const outputs = outputBitsOf(space, assignment, at);
  const moved = space.movement(at, { weights: weight.bitsPerValue, inputs: input.bitsPerValue, outputs });
  return {
    drop: weight.drop + input.drop,
    weightBits: weight.bitsPerValue * layer.weightCount,
    activationBits: input.bitsPerValue * layer.inputCount,
    dramBits: moved.dramBits,
    energyPj: moved.energyPj,
  };
}

/** How the sums change when one operand gets another choice: only its layer, and those whose output it reads, can. */
export function change(
  space: PlanSpace,
  producers: readonly number[][],
  assignment: Assignment,
  operand: Operand,
  choice: number,
): Record<Quantity, number> {
  const next = [...assignment];
  next[operand.place] = choice;
  const touched = operand.kind === 'inputs' ? [operand.layer, ...producers[operand.layer]!] : [operand.layer];
  const sum = { drop: 0, weightBits: 0, activationBits: 0, dramBits: 0, energyPj: 0 };
  for (const layer of touched) {
    const [before, after] = [layerCost(space, assignment, layer), layerCost(space, next, layer)];
    for (const quantity of QUANTITIES) sum[quantity] += after[quantity] - before[quantity];
  }
  return sum;
}

/**
 * Plans one step from a plan: one operand to the next narrower or wider choice, or one up and another down. Those that keep
 * the bounds and are not known, the best by the additive model first.
 */
export function neighbours(space: PlanSpace, aim: Aim, plan: Assignment, known: ReadonlySet<string>): Assignment[] {
  const steps = operandsOf(space).flatMap(({ place, efficient }) => {
    const rank = efficient.indexOf(plan[place]!);
    if (rank < 0) return [];
    return [-1, 1].flatMap((by) => {
      const choice = efficient[rank + by];
      return choice === undefined ? [] : [{ place, choice, by }];
    });
  });
  const moved = (...taken: typeof steps): Assignment => {
    const next = [...plan];
    for (const { place, choice } of taken) next[place] = choice;
    return next;
  };
  const ups = steps.filter(({ by }) => by > 0);
  const downs = steps.filter(({ by }) => by < 0);
  const pairs = ups.flatMap((up) => downs.filter((it) => it.place !== up.place).map((down) => moved(up, down)));
  const judged = [...steps.map((step) => moved(step)), ...pairs].flatMap((next) => {
    if (known.has(keyOf(next))) return [];
    const cost = costOf(space, next);
    return excess(aim, cost) > 0 ? [] : [{ next, value: aimValue(aim, cost) }];
  });
  return judged.sort((one, other) => one.value - other.value).map(({ next }) => next);
}
