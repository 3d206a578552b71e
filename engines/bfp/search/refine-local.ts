import { efficientChoices } from './table.ts';
import type { Assignment, PlanSpace } from './types.ts';

/** Steps along an operand's choices, by bits, at which differences are measured; the last is how far a move goes. */
export type Reach = readonly number[];

/** An operand that may move, and where to. */
export interface LocalOperand {
  /** In assignments. */
  place: number;
  layer: number;
  kind: 'weights' | 'inputs';
  /** Places in the layer's list within reach, the present one among them, by rising bits. */
  choices: number[];
  /** Those whose difference is measured. */
  probed: number[];
}

/** Operands with a choice, and the choices within reach of a plan's: finer steps than a search over all widths can take. */
export function localOperands({ layers }: PlanSpace, plan: Assignment, reach: Reach): LocalOperand[] {
  return layers.flatMap((layer, at) =>
    (['weights', 'inputs'] as const).flatMap((kind, k): LocalOperand[] => {
      const list = layer[kind];
      const place = 2 * at + k;
      const own = plan[place]!;
      if (list.length < 2) return [];
      const bits = (it: number) => list[it]!.bitsPerValue;
      const others = efficientChoices(list, Number.POSITIVE_INFINITY).filter((it) => bits(it) !== bits(own));
      const narrower = others.filter((it) => bits(it) < bits(own)).reverse();
      const wider = others.filter((it) => bits(it) > bits(own));
      const far = reach.at(-1)!;
      const choices = [...narrower.slice(0, far).reverse(), own, ...wider.slice(0, far)];
      // Where the list ends sooner, its end is the last step.
      const steps = (side: readonly number[]) => reach.map((step) => side[Math.min(step, side.length) - 1]);
      const probed = [...steps(narrower), ...steps(wider)].filter((it) => it !== undefined);
      return [{ place, layer: at, kind, choices, probed: [...new Set(probed)] }];
    }),
  );
}

/** The space of the choices within reach alone, with drops of its own, and the way back. */
export function localSpace(
  space: PlanSpace,
  operands: readonly LocalOperand[],
  drops: readonly number[][],
  plan: Assignment,
): { local: PlanSpace; toGlobal(assignment: Assignment): Assignment } {
  const byPlace = new Map(operands.map((operand, i) => [operand.place, { operand, drops: drops[i]! }]));
  const listOf = (at: number, kind: 'weights' | 'inputs') => {
    const place = 2 * at + (kind === 'weights' ? 0 : 1);
    const list = space.layers[at]![kind];
    const known = byPlace.get(place);
    if (!known) return [{ ...list[plan[place]!]!, drop: 0 }];
    return known.operand.choices.map((choice, i) => ({ ...list[choice]!, drop: known.drops[i]! }));
  };
  const layers = space.layers.map((layer, at) => ({
    ...layer,
    weights: listOf(at, 'weights'),
    inputs: listOf(at, 'inputs'),
  }));
  return {
    local: { ...space, layers },
    toGlobal: (assignment) =>
      assignment.map((choice, place) => byPlace.get(place)?.operand.choices[choice] ?? plan[place]!),
  };
}
