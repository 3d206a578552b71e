import { breathe, checkAborted } from '../../core/abort.ts';
import { math } from '../../core/index.ts';
import { createRandom } from '../../core/random.ts';
import { type Aim, aimValue, excess } from './aim.ts';
import { exactPlan } from './exact.ts';
import { type LocalOperand, localOperands, localTables, type Reach, withDrops } from './refine-local.ts';
import { costOf, keyOf } from './table.ts';
import type { Assignment, PlanSpace } from './types.ts';

export interface RefineTask {
  aim: Aim;
  /** Plans to start from: the best of them by their probes. */
  starts: readonly Assignment[];
  /** Plans that may be probed. */
  probes: number;
  seed: number;
  signal: AbortSignal;
  onProgress?(fraction: number): void;
}

export interface Refined {
  /** Plans that were probed, the best by an aim first. */
  best(aim: Aim): Assignment[];
  probes: number;
}

type Probe = NonNullable<PlanSpace['probing']>['probe'];

/** Rounds at most: each measures all differences around the best plan so far once. Ours, as all constants here. */
const ROUNDS = 4;
/** Plans probed at once: fixed, so that the outcome is the same on any number of workers. */
const BATCH = 64;
/**
 * What leaving the incumbent's choice costs in each proposal, in mean differences of a step: none trusts the differences
 * fully, the largest takes only the few moves that pay most.
 */
const STAY = [0, 0.25, 1, 3];
/** When none of those is better: moves that pay for sure, few at a time. */
const STAY_CLOSE = [6, 12, 24, 48];
/** Proposals of each round whose differences are doubted, one by one, by random factors: 2^(normal times this). */
const DOUBTED = 4;
const DOUBT_BITS = 0.7;
const NODES = 200;

/**
 * Goes on from plans that a model around float32 proposed, where that model is off (at low widths errors are large and meet
 * each other): measures what changing one operand of the best plan does to the network's outputs, solves the exact problem
 * again with these differences, in a neighbourhood and with a charge on every move, probes the proposals, and repeats from
 * the best while it gets better (sequential programming with a trust region: Fletcher, Leyffer, Toint 2002, in discrete
 * form). A probe is the distance of a whole plan's outputs from those of float32 on a few search samples: no labels, and much
 * finer than accuracy. Never ends worse than the best start, by probes.
 * @throws AbortError when the signal is aborted.
 */
export async function refinePlans(space: PlanSpace, ask: Probe, task: RefineTask): Promise<Refined> {
  const { aim, starts, signal } = task;
  const known = new Map<string, { plan: Assignment; distance: number }>();

  const probe = async (plans: readonly Assignment[]): Promise<void> => {
    const keys = new Set<string>();
    const fresh = plans.filter((plan) => !known.has(keyOf(plan)) && !keys.has(keyOf(plan)) && keys.add(keyOf(plan)));
    for (let at = 0; at < fresh.length && known.size < task.probes; at += BATCH) {
      checkAborted(signal);
      const batch = fresh.slice(at, at + Math.min(BATCH, task.probes - known.size));
      const distances = await ask(batch, signal);
      for (const [i, plan] of batch.entries()) known.set(keyOf(plan), { plan, distance: distances[i]! });
      task.onProgress?.(Math.min(1, known.size / task.probes));
    }
  };
  const distanceOf = (plan: Assignment) => known.get(keyOf(plan))?.distance;
  const ranked = (by: Aim) =>
    [...known.values()]
      .map(({ plan, distance }) => {
        const cost = { ...costOf(space, plan), drop: distance };
        return { plan, over: excess(by, cost), value: aimValue(by, cost) };
      })
      .sort((a, b) => a.over - b.over || a.value - b.value)
      .map(({ plan }) => plan);

  await probe(starts);
  const reach = reachOf(space, task.probes - known.size);
  for (let round = 0; round < ROUNDS && known.size > 0 && reach; round++) {
    const incumbent = ranked(aim)[0]!;
    const operands = localOperands(space, incumbent, reach);
    const asked = operands.flatMap(({ place, probed }) => probed.map((choice) => swapped(incumbent, place, choice)));
    // Differences of some operands alone would move bits to those that happen to come first.
    if (task.probes - known.size < asked.length + STAY.length) break;
    await probe(asked);
    const at = distanceOf(incumbent)!;
    const differences = operands.map((operand) =>
      operand.choices.map((choice) => differenceOf(space, operand, choice, incumbent, at, distanceOf)),
    );
    for (const stay of [STAY, STAY_CLOSE]) {
      await probe(await proposals(space, aim, incumbent, operands, differences, at, stay, task.seed + round, signal));
      if (keyOf(ranked(aim)[0]!) !== keyOf(incumbent)) break;
    }
    if (keyOf(ranked(aim)[0]!) === keyOf(incumbent)) break;
  }
  return { best: ranked, probes: known.size };
}

/** How far around a plan is looked, so that there is enough for two rounds; undefined: not even for one. */
function reachOf({ layers }: PlanSpace, probes: number): Reach | undefined {
  const searched = layers.reduce((sum, it) => sum + Number(it.weights.length > 1) + Number(it.inputs.length > 1), 0);
  const room = probes - 2 * (STAY.length + DOUBTED);
  if (searched === 0 || room < 2 * searched) return undefined;
  return room >= 8 * searched ? [1, 3] : [2];
}

export function swapped(plan: Assignment, place: number, choice: number): Assignment {
  return plan.map((it, at) => (at === place ? choice : it));
}

/**
 * What a choice changes of the distance: probed, or between the two probed next to it, by bits. That fewer bits gain, or more
 * bits lose, is chance of the few samples and counts as nothing.
 */
function differenceOf(
  space: PlanSpace,
  { place, layer, kind, probed }: LocalOperand,
  choice: number,
  incumbent: Assignment,
  at: number,
  distanceOf: (plan: Assignment) => number | undefined,
): number {
  const list = space.layers[layer]![kind];
  const bitsOf = (it: number) => list[it]!.bitsPerValue;
  const own = bitsOf(incumbent[place]!);
  const knots = [
    { bits: own, by: 0 },
    ...probed.map((it) => {
      const by = distanceOf(swapped(incumbent, place, it))! - at;
      return { bits: bitsOf(it), by: bitsOf(it) < own ? Math.max(0, by) : Math.min(0, by) };
    }),
  ].sort((a, b) => a.bits - b.bits);
  const bits = bitsOf(choice);
  const above = knots.findIndex((it) => it.bits >= bits);
  if (above <= 0) return (above < 0 ? knots.at(-1)! : knots[0]!).by;
  const [low, high] = [knots[above - 1]!, knots[above]!];
  return low.by + ((bits - low.bits) / (high.bits - low.bits)) * (high.by - low.by);
}

/** Optima of the model around the incumbent, with charges on moves, and with doubted differences; all different. */
async function proposals(
  space: PlanSpace,
  aim: Aim,
  incumbent: Assignment,
  operands: readonly LocalOperand[],
  differences: readonly number[][],
  at: number,
  stays: readonly number[],
  seed: number,
  signal: AbortSignal,
): Promise<Assignment[]> {
  const sizes = differences
    .flat()
    .map(Math.abs)
    .filter((it) => it > 0);
  const step = sizes.reduce((sum, it) => sum + it, 0) / Math.max(1, sizes.length);
  const random = createRandom(seed, 13);
  const found = new Map<string, Assignment>();
  const variants = [
    ...stays.map((stay) => ({ stay, doubt: 0 })),
    ...Array.from({ length: DOUBTED }, (_, i) => ({ stay: stays[1 + (i % 2)]!, doubt: DOUBT_BITS })),
  ];
  const tables = await localTables(space, operands, incumbent, signal);
  let near: readonly number[] | undefined;
  for (const { stay, doubt } of variants) {
    await breathe(signal);
    const drops = operands.map(({ choices, place }, i) => {
      const factor = doubt > 0 ? math.pow(2, doubt * random.normal()) : 1;
      return choices.map((choice, c) => {
        const moved = choice === incumbent[place] ? 0 : stay * step;
        return at / operands.length + factor * differences[i]![c]! + moved;
      });
    });
    const plan = await exactPlan(withDrops(tables, operands, drops), aim, signal, {
      nodeLimit: NODES,
      ...(near && { near }),
    });
    if (!plan) continue;
    near ??= plan.multipliers;
    found.set(keyOf(plan.assignment), plan.assignment);
  }
  return [...found.values()];
}
