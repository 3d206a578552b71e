import { breathe } from '../../core/abort.ts';
import { createRandom } from '../../core/random.ts';
import { type Aim, aimValue, excess } from './aim.ts';
import { change, type Operand, operandsOf, producersOf } from './local.ts';
import { costOf, extremePlan, keyOf, QUANTITIES, type Quantity } from './table.ts';
import type { Assignment, PlanSpace } from './types.ts';

/** Plans by the additive model: what keeps the bounds first, then what is least. */
export function byAim(space: PlanSpace, aim: Aim, plans: readonly Assignment[]): Assignment[] {
  const judged = [...new Map(plans.map((plan) => [keyOf(plan), plan])).values()].map((plan) => {
    const cost = costOf(space, plan);
    return { plan, over: excess(aim, cost), value: aimValue(aim, cost) };
  });
  judged.sort((one, other) => one.over - other.over || one.value - other.value);
  return judged.map(({ plan }) => plan);
}

/** The efficient choice with the most bits up to `bits`; below all of them, the narrowest. */
function upTo(space: PlanSpace, { efficient, layer, kind }: Operand, bits: number): number {
  const list = space.layers[layer]![kind];
  return efficient.findLast((it) => list[it]!.bitsPerValue <= bits + 1e-9) ?? efficient[0]!;
}

/** Cuts of a ranking: at most so many, evenly. */
const CUTS = 6;

/**
 * Bits by rank, in the manner of HAWQ (Dong, Yao, Gholami, Mahoney, Keutzer, ICCV 2019): operands are ranked by what
 * quantizing them costs per value (sensitivity times perturbation, here the additive drop at the narrowest choice), and the
 * most sensitive share of the weights, and of the inputs, gets the next more bits. All such plans, over neighbouring widths
 * and shares, the best by the additive model first. The ranking is theirs; which two widths, and one cut each, is ours.
 */
export function rankedPlans(space: PlanSpace, aim: Aim): Assignment[] {
  const operands = operandsOf(space);
  const widths = distinctBits(space, operands);
  const families = (['weights', 'inputs'] as const).map((kind) => {
    const own = operands.filter((it) => it.kind === kind);
    const sensitivity = ({ layer, efficient }: Operand) => {
      const { weightCount, inputCount, [kind]: choices } = space.layers[layer]!;
      return choices[efficient[0]!]!.drop / Math.max(1, kind === 'weights' ? weightCount : inputCount);
    };
    const ranked = [...own].sort((a, b) => sensitivity(b) - sensitivity(a) || a.place - b.place);
    const plans = new Map<string, Map<number, number>>();
    for (const [i, low] of widths.entries()) {
      const high = widths[Math.min(i + 1, widths.length - 1)]!;
      for (let cut = 0; cut < CUTS; cut++) {
        const sensitive = Math.round((cut / CUTS) * ranked.length);
        const picks = new Map(ranked.map((it, rank) => [it.place, upTo(space, it, rank < sensitive ? high : low)]));
        plans.set([...picks.values()].join(), picks);
      }
    }
    return [...plans.values()];
  });
  const all = families[0]!.flatMap((weights) =>
    families[1]!.map((inputs) => operands.map(({ place }) => weights.get(place) ?? inputs.get(place)!)),
  );
  return byAim(space, aim, all);
}

function distinctBits(space: PlanSpace, operands: readonly Operand[]): number[] {
  const bits = operands.flatMap(({ efficient, layer, kind }) =>
    efficient.map((it) => Math.ceil(2 * space.layers[layer]![kind][it]!.bitsPerValue) / 2),
  );
  return [...new Set(bits)].sort((a, b) => a - b);
}

/**
 * From the widest plan on, the operand whose next narrower choice loses least for what it saves, until all are narrowest.
 * The plans on the way, the best by the additive model first.
 */
export async function greedyPlans(space: PlanSpace, aim: Aim, signal: AbortSignal): Promise<Assignment[]> {
  const operands = operandsOf(space);
  const producers = producersOf(space);
  const plan = extremePlan(space, 'widest');
  for (const { place, efficient } of operands) plan[place] = efficient.at(-1)!;
  const path = [[...plan]];
  for (;;) {
    await breathe(signal);
    const cost = costOf(space, plan);
    let best: { place: number; choice: number; price: number } | undefined;
    for (const operand of operands) {
      const rank = operand.efficient.indexOf(plan[operand.place]!);
      if (rank <= 0) continue;
      const choice = operand.efficient[rank - 1]!;
      const changed = change(space, producers, plan, operand, choice);
      const saved = -saving(aim, cost, changed);
      if (!(saved > 0)) continue;
      const price = changed.drop / saved;
      if (!best || price < best.price) best = { place: operand.place, choice, price };
    }
    if (!best) return byAim(space, aim, path);
    plan[best.place] = best.choice;
    path.push([...plan]);
  }
}

/** What a step changes of that which is scarce: bounds that are broken, relative to each; else movement. */
function saving(aim: Aim, cost: Record<Quantity, number>, changed: Record<Quantity, number>): number {
  const broken = aim.bounds.filter(({ quantity, limit }) => quantity !== 'drop' && cost[quantity] > limit);
  if (broken.length === 0) return changed.dramBits;
  return broken.reduce((sum, { quantity, limit }) => sum + changed[quantity] / Math.max(limit, Number.MIN_VALUE), 0);
}

/**
 * Plans drawn at random among the efficient choices: each plan draws two ends of a range of bits first, so that narrow and
 * wide plans come up too. Those that break a bound on bits or energy are narrowed, operand by operand at random, until they
 * keep it.
 */
export function randomPlans(space: PlanSpace, aim: Aim, count: number, seed: number): Assignment[] {
  const random = createRandom(seed, 7);
  const operands = operandsOf(space);
  const plans = new Map<string, Assignment>();
  for (let tries = 0; plans.size < count && tries < 20 * count; tries++) {
    const ends = [random.float(), random.float()].sort((a, b) => a - b);
    const plan = operands.map(({ efficient }) => {
      const share = ends[0]! + random.float() * (ends[1]! - ends[0]!);
      return efficient[Math.min(efficient.length - 1, Math.floor(share * efficient.length))]!;
    });
    for (const { place, efficient } of random.shuffle([...operands, ...operands, ...operands])) {
      const cost = costOf(space, plan);
      const scarce = QUANTITIES.some((it) => it !== 'drop' && aim.bounds.some((b) => b.quantity === it));
      if (!scarce || excess({ ...aim, bounds: aim.bounds.filter((it) => it.quantity !== 'drop') }, cost) === 0) break;
      plan[place] = efficient[Math.max(0, efficient.indexOf(plan[place]!) - 1)]!;
    }
    plans.set(keyOf(plan), plan);
  }
  return [...plans.values()];
}
