import { type LayerTable, QUANTITIES, type Quantity } from './table.ts';

export type QuantityWeights = Partial<Record<Quantity, number>>;

/** A function of the input choices of some layers. */
interface Factor {
  /** Layers, rising, and what one step of each is worth in `values`. */
  scope: number[];
  strides: number[];
  values: Float64Array;
}

/** What the layers before a place cost at least, as a function of the choices from there on. */
export interface CostToGo {
  /** [layer]: messages that come from layers before it and speak of none before it. */
  cuts: Factor[][];
  /** [layer]: weighted costs [weights][inputs][level]. */
  weighted: Float64Array[];
  /** False: a table would have been too large and was taken apart, so that costs to go are lower bounds. */
  exact: boolean;
}

/** Entries of one table, beyond which it is taken apart: where costs to go are asked for once, and many times over. */
export const LARGEST = 500_000;
export const LARGEST_REPEATED = 30_000;

/**
 * Minimises a weighted sum of costs by bucket elimination (Dechter, "Bucket elimination: a unifying framework for
 * reasoning", Artificial Intelligence 1999), first layer first. A layer's cost depends on its own choices and on the widest
 * input of its consumers, so on a chain this is dynamic programming over neighbours; where outputs branch, tables grow with
 * the layers that wait for each other. Tables of more than `largest` entries become mini-buckets: bounds instead of minima.
 */
export function costToGo(tables: readonly LayerTable[], weights: QuantityWeights, largest = LARGEST): CostToGo {
  const weighted = tables.map(({ terms }) => {
    const sum = new Float64Array(terms.drop.length);
    for (const quantity of QUANTITIES) {
      const weight = weights[quantity] ?? 0;
      if (weight === 0) continue;
      const values = terms[quantity];
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + weight * values[i]!;
    }
    return sum;
  });
  const buckets: Factor[][] = tables.map(() => []);
  const cuts: Factor[][] = tables.map(() => []);
  let exact = true;
  for (const [layer, table] of tables.entries()) {
    const consumers = consumersInReach(tables, layer, largest);
    const levelOf = consumers.map((it) => table.levelOf[table.consumers.indexOf(it)]!);
    const own = { ...table, consumers, levelOf, least: leastOverWeights(table, weighted[layer]!) };
    const groups = grouped(tables, [layer, ...consumers], buckets[layer]!, largest);
    if (groups.length > 1 || consumers.length < table.consumers.length) exact = false;
    for (const [index, group] of groups.entries()) {
      const message = eliminated(tables, layer, group, index === 0 ? own : undefined);
      const target = message.scope[0] ?? tables.length;
      if (target < tables.length) buckets[target]!.push(message);
      for (let at = layer + 1; at <= Math.min(target, tables.length - 1); at++) cuts[at]!.push(message);
    }
  }
  return { cuts, weighted, exact };
}

export function factorAt({ scope, strides, values }: Factor, inputs: ArrayLike<number>): number {
  let at = 0;
  for (let i = 0; i < scope.length; i++) at += strides[i]! * inputs[scope[i]!]!;
  return values[at]!;
}

/** The level of a layer's output, when its consumers have chosen. */
export function levelAt(
  { consumers, levelOf }: Pick<LayerTable, 'consumers' | 'levelOf'>,
  inputs: ArrayLike<number>,
): number {
  let level = 0;
  for (let i = 0; i < consumers.length; i++) level = Math.max(level, levelOf[i]![inputs[consumers[i]!]!]!);
  return level;
}

/** [inputs][level]: the best choice of weights for each. */
function leastOverWeights({ weights, inputs, levels }: LayerTable, weighted: Float64Array): Float64Array {
  const size = inputs.length * levels.length;
  const least = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  for (let w = 0; w < weights.length; w++) {
    for (let i = 0; i < size; i++) least[i] = Math.min(least[i]!, weighted[w * size + i]!);
  }
  return least;
}

/** Consumers that one table can hold. Without the others the output looks no wider than it is, which costs no more. */
function consumersInReach(tables: readonly LayerTable[], layer: number, largest: number): number[] {
  let entries = tables[layer]!.inputs.length;
  return tables[layer]!.consumers.filter((it) => {
    const more = entries * tables[it]!.inputs.length;
    if (more > largest) return false;
    entries = more;
    return true;
  });
}

/** Messages that are handled in one table; the first group holds the layer's own cost too. */
function grouped(
  tables: readonly LayerTable[],
  own: readonly number[],
  messages: readonly Factor[],
  largest: number,
): Factor[][] {
  const groups: { scope: Set<number>; factors: Factor[] }[] = [{ scope: new Set(own), factors: [] }];
  const entries = (scope: Set<number>) => [...scope].reduce((size, it) => size * tables[it]!.inputs.length, 1);
  for (const factor of messages) {
    const room = groups.find(({ scope }) => entries(new Set([...scope, ...factor.scope])) <= largest);
    const group = room ?? { scope: new Set([own[0]!]), factors: [] };
    if (!room) groups.push(group);
    for (const it of factor.scope) group.scope.add(it);
    group.factors.push(factor);
  }
  return groups.map(({ factors }) => factors);
}

function eliminated(
  tables: readonly LayerTable[],
  layer: number,
  factors: readonly Factor[],
  own: (LayerTable & { least: Float64Array }) | undefined,
): Factor {
  const scope = [...new Set([...(own?.consumers ?? []), ...factors.flatMap((it) => it.scope)])]
    .filter((it) => it !== layer)
    .sort((a, b) => a - b);
  const sizes = scope.map((it) => tables[it]!.inputs.length);
  const strides = sizes.map((_, i) => sizes.slice(i + 1).reduce((size, it) => size * it, 1));
  const values = new Float64Array(sizes.reduce((size, it) => size * it, 1));
  const choices = new Int32Array(tables.length);
  const ownChoices = tables[layer]!.inputs.length;
  for (let at = 0; at < values.length; at++) {
    for (let i = 0; i < scope.length; i++) choices[scope[i]!] = Math.floor(at / strides[i]!) % sizes[i]!;
    const level = own ? levelAt(own, choices) : 0;
    const levels = own?.levels.length ?? 0;
    let least = Number.POSITIVE_INFINITY;
    for (let choice = 0; choice < ownChoices; choice++) {
      choices[layer] = choice;
      let sum = own ? own.least[choice * levels + level]! : 0;
      for (const factor of factors) sum += factorAt(factor, choices);
      if (sum < least) least = sum;
    }
    values[at] = least;
  }
  return { scope, strides, values };
}
