import { breathe } from '../../core/abort.ts';
import type { Assignment, MovementCost, OperandChoice, PlanCost, PlanSpace } from './types.ts';

/** What adds up over the layers. */
export const QUANTITIES = ['drop', 'weightBits', 'activationBits', 'dramBits', 'energyPj'] as const;
export type Quantity = (typeof QUANTITIES)[number];

/** A layer's choices that can be part of a best plan, and what every combination of them costs. */
export interface LayerTable {
  /** Places in the layer's lists, by rising bits. */
  weights: number[];
  inputs: number[];
  /** Bits per value that its output can have, rising. */
  levels: number[];
  consumers: number[];
  /** [consumer][input choice of it, of those kept]: the level it asks for. */
  levelOf: number[][];
  /** [weights][inputs][level], flat. */
  terms: Record<Quantity, Float64Array>;
}

/** Choices of one operand that a search compares; ours. What an exact search proves, it proves of these. */
const MOST_CHOICES = 12;

/**
 * Drops what another choice beats in both bits and loss: since more bits never move less, no best plan needs it. The rest,
 * by rising bits; of more than `most`, as many spread over their order.
 */
export function efficientChoices(choices: readonly OperandChoice[], most = MOST_CHOICES): number[] {
  const order = choices
    .map((_, index) => index)
    .sort(
      (a, b) => choices[a]!.bitsPerValue - choices[b]!.bitsPerValue || choices[a]!.drop - choices[b]!.drop || a - b,
    );
  const kept: number[] = [];
  for (const index of order) {
    if (kept.length === 0 || choices[index]!.drop < choices[kept.at(-1)!]!.drop) kept.push(index);
  }
  if (kept.length <= most) return kept;
  return Array.from({ length: most }, (_, i) => kept[Math.round((i * (kept.length - 1)) / (most - 1))]!);
}

/** Every combination of every layer's efficient choices, with its costs. Asks for the movement of each once. */
export async function tabulate(
  space: PlanSpace,
  signal: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<LayerTable[]> {
  const { layers } = space;
  const inputs = layers.map((layer) => efficientChoices(layer.inputs));
  const tables: LayerTable[] = [];
  for (const [at, layer] of layers.entries()) {
    const weights = efficientChoices(layer.weights);
    const asked = layer.consumers.map((it) => inputs[it]!.map((choice) => layers[it]!.inputs[choice]!.bitsPerValue));
    const levels = asked.length === 0 ? [layer.outputBits] : [...new Set(asked.flat())].sort((a, b) => a - b);
    const shape = weights.length * inputs[at]!.length * levels.length;
    const terms = Object.fromEntries(QUANTITIES.map((it) => [it, new Float64Array(shape)])) as LayerTable['terms'];
    let place = 0;
    for (const w of weights) {
      await breathe(signal);
      for (const a of inputs[at]!) {
        for (const level of levels) {
          const [weight, input] = [layer.weights[w]!, layer.inputs[a]!];
          const bits = { weights: weight.bitsPerValue, inputs: input.bitsPerValue, outputs: level };
          const moved = space.movement(at, bits);
          terms.drop[place] = weight.drop + input.drop;
          terms.weightBits[place] = weight.bitsPerValue * layer.weightCount;
          terms.activationBits[place] = input.bitsPerValue * layer.inputCount;
          terms.dramBits[place] = moved.dramBits;
          terms.energyPj[place] = moved.energyPj;
          place++;
        }
      }
    }
    const levelOf = asked.map((bits) => bits.map((it) => levels.indexOf(it)));
    tables.push({ weights, inputs: inputs[at]!, levels, consumers: layer.consumers, levelOf, terms });
    onProgress?.((at + 1) / layers.length);
  }
  return tables;
}

/** The space with its movement remembered. */
export function withMemory(space: PlanSpace): PlanSpace {
  const known = new Map<string, MovementCost>();
  return {
    ...space,
    movement(layer, bits) {
      const key = `${layer}:${bits.weights}:${bits.inputs}:${bits.outputs}`;
      let cost = known.get(key);
      if (!cost) {
        cost = space.movement(layer, bits);
        known.set(key, cost);
      }
      return cost;
    },
  };
}

export function outputBitsOf(space: PlanSpace, assignment: Assignment, layer: number): number {
  const { consumers, outputBits } = space.layers[layer]!;
  if (consumers.length === 0) return outputBits;
  return Math.max(...consumers.map((it) => space.layers[it]!.inputs[assignment[2 * it + 1]!]!.bitsPerValue));
}

/** Sums over the layers, in their order. */
export function costOf(space: PlanSpace, assignment: Assignment): PlanCost {
  const cost = { drop: 0, weightBits: 0, activationBits: 0, dramBits: 0, energyPj: 0 };
  let [weightCount, inputCount] = [0, 0];
  for (const [at, layer] of space.layers.entries()) {
    const weight = layer.weights[assignment[2 * at]!]!;
    const input = layer.inputs[assignment[2 * at + 1]!]!;
    const bits = {
      weights: weight.bitsPerValue,
      inputs: input.bitsPerValue,
      outputs: outputBitsOf(space, assignment, at),
    };
    const moved = space.movement(at, bits);
    cost.drop += weight.drop + input.drop;
    cost.weightBits += weight.bitsPerValue * layer.weightCount;
    cost.activationBits += input.bitsPerValue * layer.inputCount;
    cost.dramBits += moved.dramBits;
    cost.energyPj += moved.energyPj;
    weightCount += layer.weightCount;
    inputCount += layer.inputCount;
  }
  return {
    ...cost,
    averageWeightBits: weightCount === 0 ? 0 : cost.weightBits / weightCount,
    averageActivationBits: inputCount === 0 ? 0 : cost.activationBits / inputCount,
  };
}

/** The plan whose operands all have the most, or the fewest, bits. */
export function extremePlan(space: PlanSpace, which: 'widest' | 'narrowest'): number[] {
  const sign = which === 'widest' ? 1 : -1;
  const pick = (choices: readonly OperandChoice[]) =>
    choices.reduce(
      (best, choice, index) => (sign * (choice.bitsPerValue - choices[best]!.bitsPerValue) > 0 ? index : best),
      0,
    );
  return space.layers.flatMap((layer) => [pick(layer.weights), pick(layer.inputs)]);
}

export function keyOf(assignment: Assignment): string {
  return assignment.join(',');
}
