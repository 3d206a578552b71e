import { breathe } from '../../core/abort.ts';
import { type Aim, aimValue, withSlack } from './aim.ts';
import { type CostToGo, costToGo, factorAt, LARGEST_REPEATED, levelAt, type QuantityWeights } from './eliminate.ts';
import { type LayerTable, QUANTITIES, type Quantity } from './table.ts';

export interface ExactPlan {
  /** In places of the space's lists. */
  assignment: number[];
  value: number;
  /** No plan that keeps the bounds is below this. */
  lowerBound: number;
  /** The value is the minimum: all that could be better was looked at or bounded away. */
  proven: boolean;
  /** Partial plans that were opened. */
  nodes: number;
  /** Of the aim's bounds. */
  multipliers: number[];
}

export interface ExactOptions {
  /** Ends the proof after so many partial plans; the best so far and its bound are answered. */
  nodeLimit?: number;
  /** Multipliers of a model nearby, from which rough ones are found: for candidates of which no proof is asked. */
  near?: readonly number[];
}

const NODE_LIMIT = 200_000;
const NODES_PER_BREATH = 20_000;
/** Halvings of a multiplier's bracket, and sweeps over the multipliers. */
const HALVINGS = 36;
const ROUGH_HALVINGS = 6;
const SWEEPS = 3;

type Terms = Record<Quantity, number>;

/**
 * The best plan of the additive model under the aim's bounds, or undefined when no plan keeps them.
 *
 * Without bounds: bucket elimination, exact. With bounds: Lagrange multipliers move them into the sum, whose minimum is a
 * lower bound (Everett 1963, Fisher 1981); what gap remains is closed by depth-first branch and bound from the last layer to
 * the first, where the bound of a partial plan is what it costs plus the eliminated cost to go, once for the Lagrangian, once
 * for the plain sum, and once for each bounded quantity (to see early that a bound cannot be kept).
 * @throws AbortError when the signal is aborted.
 */
export async function exactPlan(
  tables: readonly LayerTable[],
  aim: Aim,
  signal: AbortSignal,
  { nodeLimit = NODE_LIMIT, near }: ExactOptions = {},
): Promise<ExactPlan | undefined> {
  const plain = costToGo(tables, aim.minimise);
  const limits = aim.bounds.map(({ limit }) => withSlack(limit));
  const keeps = (terms: Terms) => aim.bounds.every(({ quantity }, i) => terms[quantity] <= limits[i]!);
  const unbounded = decoded(tables, plain);
  if (plain.exact && keeps(unbounded.terms)) {
    const value = aimValue(aim, unbounded.terms);
    return {
      ...finished(tables, unbounded),
      value,
      lowerBound: value,
      proven: true,
      nodes: tables.length,
      multipliers: aim.bounds.map(() => 0),
    };
  }
  const resources = aim.bounds.map(({ quantity }) => costToGo(tables, { [quantity]: 1 }));
  const leasts = resources.map((resource) => decoded(tables, resource));
  for (const [i, { quantity }] of aim.bounds.entries()) {
    if (resources[i]!.exact && leasts[i]!.terms[quantity] > limits[i]!) return undefined;
  }

  let best: Decoded | undefined;
  let bestValue = Number.POSITIVE_INFINITY;
  const consider = (plan: Decoded) => {
    const value = aimValue(aim, plan.terms);
    if (!keeps(plan.terms) || value >= bestValue) return;
    best = plan;
    bestValue = value;
  };
  for (const least of [unbounded, ...leasts]) consider(least);
  const multipliers = await fitMultipliers(tables, aim, limits, near, signal, consider);
  const shifted = costToGo(tables, lagrangian(aim, multipliers));
  const shift = multipliers.reduce((sum, it, i) => sum + it * limits[i]!, 0);
  const dual = decoded(tables, shifted);
  consider(dual);
  if (best) consider(polished(tables, aim, best, keeps));
  const lowerBound = shifted.exact
    ? aimValue({ minimise: lagrangian(aim, multipliers), bounds: [] }, dual.terms) - shift
    : Number.NEGATIVE_INFINITY;

  const search = branchAndBound({ tables, aim, limits, plain, resources, shifted, shift, nodeLimit }, bestValue);
  let step = search.next();
  while (!step.done) {
    await breathe(signal);
    step = search.next();
  }
  const { found, nodes, complete } = step.value;
  if (found) {
    best = found;
    bestValue = aimValue(aim, found.terms);
  }
  if (!best) return undefined;
  const bound = complete ? bestValue : Math.min(lowerBound, bestValue);
  return { ...finished(tables, best), value: bestValue, lowerBound: bound, proven: complete, nodes, multipliers };
}

function lagrangian(aim: Aim, multipliers: readonly number[]): QuantityWeights {
  const weights = { ...aim.minimise };
  for (const [i, { quantity }] of aim.bounds.entries()) weights[quantity] = (weights[quantity] ?? 0) + multipliers[i]!;
  return weights;
}

/** A whole plan, in places of the tables. */
interface Decoded {
  weights: Int32Array;
  inputs: Int32Array;
  terms: Terms;
}

/** The plan that reaches the eliminated minimum: from the last layer on, the choice that costs least with its cost to go. */
function decoded(tables: readonly LayerTable[], toGo: CostToGo): Decoded {
  const weights = new Int32Array(tables.length);
  const inputs = new Int32Array(tables.length);
  const terms = noTerms();
  for (let layer = tables.length - 1; layer >= 0; layer--) {
    const table = tables[layer]!;
    const level = levelAt(table, inputs);
    let [least, bestWeight, bestInput] = [Number.POSITIVE_INFINITY, 0, 0];
    for (let a = 0; a < table.inputs.length; a++) {
      inputs[layer] = a;
      const rest = toGoAt(toGo, layer, inputs);
      for (let w = 0; w < table.weights.length; w++) {
        const value = toGo.weighted[layer]![placeOf(table, w, a, level)]! + rest;
        if (value < least) [least, bestWeight, bestInput] = [value, w, a];
      }
    }
    [weights[layer], inputs[layer]] = [bestWeight, bestInput];
    addTerms(terms, table, placeOf(table, bestWeight, bestInput, level));
  }
  return { weights, inputs, terms };
}

/** Changes one operand at a time, the one that gains most first, as long as the bounds are kept and something is gained. */
function polished(tables: readonly LayerTable[], aim: Aim, start: Decoded, keeps: (terms: Terms) => boolean): Decoded {
  let plan = start;
  let value = aimValue(aim, plan.terms);
  for (;;) {
    let better: Decoded | undefined;
    for (const [layer, table] of tables.entries()) {
      const tries = [
        ...table.weights.map((_, w) => ({ w, a: plan.inputs[layer]! })),
        ...table.inputs.map((_, a) => ({ w: plan.weights[layer]!, a })),
      ];
      for (const { w, a } of tries) {
        if (w === plan.weights[layer] && a === plan.inputs[layer]) continue;
        const next = changed(tables, plan, layer, w, a);
        const nextValue = aimValue(aim, next.terms);
        if (nextValue >= value || !keeps(next.terms)) continue;
        better = next;
        value = nextValue;
      }
    }
    if (!better) return plan;
    plan = better;
  }
}

function changed(tables: readonly LayerTable[], plan: Decoded, layer: number, w: number, a: number): Decoded {
  const [weights, inputs, terms] = [plan.weights.slice(), plan.inputs.slice(), noTerms()];
  [weights[layer], inputs[layer]] = [w, a];
  for (const [at, table] of tables.entries()) {
    addTerms(terms, table, placeOf(table, weights[at]!, inputs[at]!, levelAt(table, inputs)));
  }
  return { weights, inputs, terms };
}

/**
 * Multipliers near the largest Lagrangian bound: each in turn by halving, on the sign of what its quantity leaves free.
 * Every plan on the way is offered.
 */
async function fitMultipliers(
  tables: readonly LayerTable[],
  aim: Aim,
  limits: readonly number[],
  near: readonly number[] | undefined,
  signal: AbortSignal,
  consider: (plan: Decoded) => void,
): Promise<number[]> {
  const multipliers = aim.bounds.map(() => 0);
  const over = (i: number, multiplier: number): boolean => {
    const tried = multipliers.map((it, at) => (at === i ? multiplier : it));
    const plan = decoded(tables, costToGo(tables, lagrangian(aim, tried), LARGEST_REPEATED));
    consider(plan);
    return plan.terms[aim.bounds[i]!.quantity] > limits[i]!;
  };
  for (let sweep = 0; sweep < (aim.bounds.length > 1 && !near ? SWEEPS : 1); sweep++) {
    for (const i of aim.bounds.keys()) {
      await breathe(signal);
      if (!over(i, 0)) {
        multipliers[i] = 0;
        continue;
      }
      let low = 0;
      const guess = multipliers[i]! > 0 ? multipliers[i]! : 2 * (near?.[i] ?? 0);
      let high = guess > 0 ? guess : 1 / Math.max(limits[i]!, Number.MIN_VALUE);
      for (let doublings = 0; doublings < 200 && over(i, high); doublings++) {
        low = high;
        high *= 4;
      }
      for (let halving = 0; halving < (near ? ROUGH_HALVINGS : HALVINGS); halving++) {
        const middle = (low + high) / 2;
        if (over(i, middle)) low = middle;
        else high = middle;
      }
      multipliers[i] = high;
    }
  }
  return multipliers;
}

interface BranchTask {
  tables: readonly LayerTable[];
  aim: Aim;
  limits: readonly number[];
  plain: CostToGo;
  resources: readonly CostToGo[];
  shifted: CostToGo;
  shift: number;
  nodeLimit: number;
}

interface Branched {
  found?: Decoded;
  nodes: number;
  complete: boolean;
}

/** Looks for a plan below `incumbent`; yields now and then so that its caller can breathe. */
function* branchAndBound(task: BranchTask, incumbent: number): Generator<undefined, Branched> {
  const { tables, aim, limits, plain, resources, shifted, shift, nodeLimit } = task;
  const weights = new Int32Array(tables.length);
  const inputs = new Int32Array(tables.length);
  const state: Branched = { nodes: 0, complete: true };
  let best = incumbent;

  const improves = (bound: number) => bound < best - 1e-12 * Math.abs(best);

  function* open(layer: number, terms: Terms, value: number, lagrange: number): Generator<undefined, void> {
    if (layer < 0) {
      best = value;
      state.found = { weights: weights.slice(), inputs: inputs.slice(), terms };
      return;
    }
    if (state.nodes >= nodeLimit) {
      state.complete = false;
      return;
    }
    state.nodes++;
    if (state.nodes % NODES_PER_BREATH === 0) yield;
    const table = tables[layer]!;
    const level = levelAt(table, inputs);
    const children: { w: number; a: number; bound: number; value: number; lagrange: number }[] = [];
    for (let a = 0; a < table.inputs.length; a++) {
      inputs[layer] = a;
      const plainRest = toGoAt(plain, layer, inputs);
      const shiftedRest = toGoAt(shifted, layer, inputs);
      const resourceRests = resources.map((it) => toGoAt(it, layer, inputs));
      for (let w = 0; w < table.weights.length; w++) {
        const place = placeOf(table, w, a, level);
        const nextValue = value + plain.weighted[layer]![place]!;
        const nextLagrange = lagrange + shifted.weighted[layer]![place]!;
        const bound = Math.max(nextValue + plainRest, nextLagrange + shiftedRest - shift);
        if (!improves(bound)) continue;
        const fits = aim.bounds.every(
          ({ quantity }, i) => terms[quantity] + table.terms[quantity][place]! + resourceRests[i]! <= limits[i]!,
        );
        if (fits) children.push({ w, a, bound, value: nextValue, lagrange: nextLagrange });
      }
    }
    children.sort((one, other) => one.bound - other.bound);
    for (const child of children) {
      if (!improves(child.bound)) return;
      [weights[layer], inputs[layer]] = [child.w, child.a];
      const next = { ...terms };
      addTerms(next, table, placeOf(table, child.w, child.a, level));
      yield* open(layer - 1, next, child.value, child.lagrange);
    }
  }

  yield* open(tables.length - 1, noTerms(), 0, 0);
  return state;
}

function finished(tables: readonly LayerTable[], { weights, inputs }: Decoded): { assignment: number[] } {
  return { assignment: tables.flatMap((table, i) => [table.weights[weights[i]!]!, table.inputs[inputs[i]!]!]) };
}

function placeOf({ inputs, levels }: LayerTable, w: number, a: number, level: number): number {
  return (w * inputs.length + a) * levels.length + level;
}

function toGoAt(toGo: CostToGo, layer: number, inputs: ArrayLike<number>): number {
  let sum = 0;
  for (const message of toGo.cuts[layer]!) sum += factorAt(message, inputs);
  return sum;
}

function noTerms(): Terms {
  return { drop: 0, weightBits: 0, activationBits: 0, dramBits: 0, energyPj: 0 };
}

function addTerms(terms: Terms, table: LayerTable, place: number): void {
  for (const quantity of QUANTITIES) terms[quantity] += table.terms[quantity][place]!;
}
