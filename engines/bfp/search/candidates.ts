import { math } from '../../core/index.ts';
import { createRandom } from '../../core/random.ts';
import type { SearchSettings } from '../types.ts';
import { aimOf } from './aim.ts';
import { exactPlan } from './exact.ts';
import { keyOf, type LayerTable } from './table.ts';
import type { Assignment, PlanSpace } from './types.ts';

/** Spread of the doubt in each sensitivity: standard deviation of its base-2 logarithm. Ours. */
const DOUBT_BITS = 0.7;
/** Factors on what a unit of drop is worth, tried before the sensitivities are doubted one by one. */
const EXCHANGE = [1, 2, 0.5, 4, 0.25, 8];
/** Shares of a bound on energy, which proposals see interpolated only: some stay clear of it. */
const CLEAR = [1, 0.98, 0.95];
/** Partial plans a doubted model may open: its optimum is a candidate, not a claim. */
const DOUBTED_NODES = 2_000;

export interface Candidates {
  /** The optimum of the additive model, and whether it is proven. Undefined: no plan keeps the bounds. */
  optimum: { assignment: number[]; proven: boolean; value: number; lowerBound: number } | undefined;
  /** `optimum` first. */
  plans: Assignment[];
}

/**
 * The optimum of the additive model, and optima of models nearby, all different: what a unit of drop is worth varied, where
 * that changes anything, then every sensitivity by a random factor of its own. Each is the best plan if its model is the true one,
 * so that measuring them spends its runs on plans that may be best, and not on copies of one.
 */
export async function exactCandidates(
  space: PlanSpace,
  tables: readonly LayerTable[],
  settings: Pick<SearchSettings, 'objective' | 'lambda' | 'limit'>,
  pointsPerDrop: number,
  count: number,
  seed: number,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Candidates> {
  const aim = aimOf(space, settings, pointsPerDrop);
  const optimum = await exactPlan(tables, aim, signal);
  const plans = new Map<string, Assignment>();
  const add = (plan: Assignment | undefined) => {
    if (plan && !known.has(keyOf(plan)) && plans.size < count) plans.set(keyOf(plan), plan);
  };
  add(optimum?.assignment);
  if (!optimum) return { optimum, plans: [] };
  const doubtedOptions = { nodeLimit: DOUBTED_NODES, near: optimum.multipliers };
  const exchanged = settings.objective === 'published' || settings.objective === 'accuracy-drop';
  for (const factor of exchanged ? EXCHANGE.slice(1) : []) {
    if (plans.size >= Math.ceil(count / 2)) break;
    const other = aimOf(space, settings, pointsPerDrop * factor);
    add((await exactPlan(tables, other, signal, doubtedOptions))?.assignment);
  }
  const random = createRandom(seed, 11);
  for (let tries = 0; plans.size < count && tries < 3 * count; tries++) {
    const factors = space.layers
      .flatMap(() => [random.normal(), random.normal()])
      .map((it) => math.pow(2, DOUBT_BITS * it));
    const factor = exchanged ? EXCHANGE[tries % 3]! : 1;
    const limit = settings.objective === 'energy' ? settings.limit * CLEAR[tries % CLEAR.length]! : settings.limit;
    const doubted = aimOf(space, { ...settings, limit }, pointsPerDrop * factor);
    add((await exactPlan(weighed(space, tables, factors), doubted, signal, doubtedOptions))?.assignment);
  }
  return { optimum, plans: [...plans.values()] };
}

/** The tables with each operand's drops multiplied by a factor. */
export function weighed(space: PlanSpace, tables: readonly LayerTable[], factors: readonly number[]): LayerTable[] {
  return tables.map((table, at) => {
    const { weights, inputs, levels, terms } = table;
    const layer = space.layers[at]!;
    const drop = new Float64Array(terms.drop.length);
    let place = 0;
    for (const w of weights) {
      for (const a of inputs) {
        const value = factors[2 * at]! * layer.weights[w]!.drop + factors[2 * at + 1]! * layer.inputs[a]!.drop;
        drop.fill(value, place, place + levels.length);
        place += levels.length;
      }
    }
    return { ...table, terms: { ...terms, drop } };
  });
}
