import { efficientChoices, outputBitsOf, QUANTITIES, type Quantity } from './table.ts';
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
