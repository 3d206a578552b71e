import { checkAborted } from '../../core/abort.ts';
import type { LayerFormats, Plan } from '../../onnx/run/types.ts';
import type { SearchPoint, SearchSettings, SearchTrace } from '../types.ts';
import { type Aim, aimOf, aimValue, excess, largestMovement } from './aim.ts';
import { byAim, greedyPlans, randomPlans, rankedPlans } from './baselines.ts';
import { type Calibration, calibrate, estimateErrors } from './calibrate.ts';
import { exactCandidates } from './candidates.ts';
import { chooseBest, type Finalist, measuredDrop } from './choose.ts';
import { equalPlans } from './equal.ts';
import { geneticFront, pickedFrom } from './genetic.ts';
import { neighbours } from './local.ts';
import { quickSpace } from './quick.ts';
import { refinePlans } from './refine.ts';
import { costOf, keyOf, tabulate, withMemory } from './table.ts';
import type { Assignment, MeasuredPlan, PlanCost, PlanSpace } from './types.ts';

export interface SearchOptions {
  seed: number;
  signal: AbortSignal;
  /** After every batch of measurements; `fraction` 0..1 of the expected work. */
  onTrace?(trace: SearchTrace, fraction: number, what: string): void;
  /** What the genetic search goes by: measurements cost as many runs as there are members and generations. */
  fitness?: 'estimated' | 'measured';
}

export interface SearchOutcome {
  trace: SearchTrace;
  /** The plan to take. Absent: no plan keeps the bounds, or there is nothing to choose from. */
  best?: { plan: Plan; assignment: Assignment; cost: PlanCost };
  /** Of the additive model; absent when the method is not exact, or no plan keeps the bounds. */
  optimum?: { proven: boolean; value: number; lowerBound: number };
  /** False: no plan of the space keeps the bounds; the nearest was taken. */
  keepsBounds: boolean;
}

/** Plans measured at once: fixed, so that a search that is stopped ends where any other would. */
const BATCH = 4;
/** Share of the measured plans that are steps around the best, after the optima of the model. Ours. */
const STEPS_SHARE = 0.4;
/** By how much steps may pass a bound on the drop that the model believes in. Ours. */
const LOOSER = 1.5;
/** Measured plans that refinement looks at first. */
const STARTS = 8;
/** A plan that loses more than this has stopped working: narrower equal plans are not measured. Points; ours. */
const COLLAPSED_POINTS = 40;
/** Plans drawn by the baseline that draws. */
const DRAWN = 3;
/** Plans that are shown without having been measured. */
const SHOWN_ESTIMATES = 200;

interface Entry {
  by: string;
  name?: string;
  assignment: Assignment;
  cost: PlanCost;
  measured?: MeasuredPlan;
}

/**
 * Searches a plan: measures the baselines (one format everywhere; ranked; greedy; drawn), learns from them what a unit of
 * the additive drop is worth in points, lets the method propose, measures its proposals, and takes the best of all that was
 * measured. Without measurements the estimates decide. Deterministic in space, settings and seed.
 * @throws AbortError when the signal is aborted.
 */
export async function searchPlans(
  given: PlanSpace,
  settings: SearchSettings,
  { seed, signal, onTrace, fitness = 'estimated' }: SearchOptions,
): Promise<SearchOutcome> {
  const space = withMemory(given);
  const quick = quickSpace(space, settings.objective === 'energy');
  const largest = largestMovement(quick);
  const entries = new Map<string, Entry>();
  const baselines: Record<string, string> = {};
  const hidden: Assignment[] = [];
  let evaluations = 0;
  let taken = false;
  let optimum: SearchOutcome['optimum'];

  const samples = () =>
    [...entries.values()].flatMap(({ measured, cost }) =>
      measured ? [{ x: cost.drop, points: measuredDrop({ measured }, space.floatAccuracyPercent) }] : [],
    );
  const aimNow = (calibration: Calibration): Aim => aimOf(quick, settings, calibration.slope);

  const snapshot = (): { trace: SearchTrace; best?: Entry } => {
    const calibration = space.measure ? calibrate(samples()) : { slope: 1, points: (x: number) => x };
    return assemble(space, settings, [...entries.values()], {
      calibration,
      aim: aimNow(calibration),
      largest,
      baselines,
      evaluations,
      taken,
      hidden,
    });
  };

  /** New plans, measured batch by batch until the search is to stop; all of them come with what is known of them. */
  const tell = async (
    by: string,
    plans: readonly Assignment[],
    fraction: [from: number, to: number],
    names?: string[],
    enough?: (last: Entry) => boolean,
  ) => {
    const fresh: Entry[] = [];
    for (const [i, assignment] of plans.entries()) {
      const key = keyOf(assignment);
      if (names) baselines[names[i]!] ??= key;
      if (entries.has(key) || fresh.some((it) => keyOf(it.assignment) === key)) continue;
      fresh.push({ by, assignment, cost: costOf(space, assignment), ...(names && { name: names[i]! }) });
    }
    for (let start = 0; start < fresh.length && !taken; start += BATCH) {
      const room = settings.stopAfter > 0 && space.measure ? settings.stopAfter - evaluations : BATCH;
      const batch = fresh.slice(start, start + Math.min(BATCH, room));
      checkAborted(signal);
      const measured = await space.measure?.(
        batch.map((it) => it.assignment),
        signal,
      );
      for (const [i, entry] of batch.entries()) {
        entries.set(keyOf(entry.assignment), measured ? { ...entry, measured: measured[i]! } : entry);
        if (measured) evaluations++;
      }
      taken = space.measure !== undefined && settings.stopAfter > 0 && evaluations >= settings.stopAfter;
      const done = fraction[0] + ((fraction[1] - fraction[0]) * (start + batch.length)) / fresh.length;
      onTrace?.(snapshot().trace, done, by);
      const last = batch.at(-1);
      if (last && enough?.(entries.get(keyOf(last.assignment))!)) break;
    }
  };

  // From wide to narrow: past a plan with which nothing works, narrower ones tell nothing.
  const equal = equalPlans(quick).reverse();
  await tell(
    'equal',
    equal.map((it) => it.assignment),
    [0, 0.3],
    equal.map((it) => `equal ${it.format}`),
    ({ measured }) =>
      measured !== undefined && measuredDrop({ measured }, space.floatAccuracyPercent) > COLLAPSED_POINTS,
  );
  if (!taken) await others();
  if (!taken) await proposals();
  const { trace, best } = snapshot();
  const aim = aimNow(space.measure ? calibrate(samples()) : { slope: 1, points: (x) => x });
  return {
    trace,
    ...(best && { best: { plan: planOf(space, best.assignment), assignment: best.assignment, cost: best.cost } }),
    ...(optimum && { optimum }),
    keepsBounds:
      best !== undefined &&
      excess({ ...aim, bounds: aim.bounds.filter((it) => it.quantity !== 'drop') }, best.cost) === 0,
  };

  async function others(): Promise<void> {
    const aim = aimNow(calibrate(samples()));
    const ranked = rankedPlans(quick, aim).slice(0, 1);
    await tell('hawq-like', ranked, [0.3, 0.33], ['hawq-like']);
    if (taken) return;
    const greedy = (await greedyPlans(quick, aim, signal)).slice(0, 1);
    await tell('greedy', greedy, [0.33, 0.36], ['greedy']);
    if (taken) return;
    const drawn = randomPlans(quick, aim, DRAWN, seed);
    await tell(
      'random',
      drawn,
      [0.36, 0.4],
      drawn.map((_, i) => (i === 0 ? 'random' : `random ${i + 1}`)),
    );
  }

  async function proposals(): Promise<void> {
    const { method } = settings;
    if (method === 'exact') return exact();
    const aim = aimNow(calibrate(samples()));
    if (method === 'genetic') return genetic(aim);
    const plans = {
      'hawq-like': async () => rankedPlans(quick, aim),
      greedy: async () => greedyPlans(quick, aim, signal),
      random: async () => byAim(quick, aim, randomPlans(quick, aim, settings.measured, seed + 1)),
    };
    await tell(method, (await plans[method]()).slice(0, settings.measured), [0.4, 1]);
  }

  /**
   * Two rounds of optima, the second with what the first told of a unit of drop. Then, where the model and the network may
   * differ: what plans around the best do to the outputs, or where that cannot be asked, steps around the best.
   */
  async function exact(): Promise<void> {
    const tables = await tabulate(quick, signal);
    const { measured } = settings;
    const steps = space.measure ? Math.floor(measured * STEPS_SHARE) : 0;
    const rounds = space.measure ? [Math.ceil((measured - steps) / 2), Math.floor((measured - steps) / 2)] : [measured];
    for (const [round, count] of rounds.entries()) {
      if (taken || count === 0) break;
      const { slope } = calibrate(samples());
      const known = new Set(entries.keys());
      const found = await exactCandidates(quick, tables, settings, slope, count, seed + round, known, signal);
      if (found.optimum) {
        const { proven, value, lowerBound } = found.optimum;
        optimum = { proven, value, lowerBound };
      }
      await tell('exact', found.plans, [0.4 + 0.2 * round, 0.6 + 0.2 * round]);
    }
    if (space.probing && !taken && steps > 0) return refined(steps);
    for (let done = 0; done < steps && !taken; done += BATCH) {
      const { best } = snapshot();
      if (!best) return;
      const aim = aimNow(calibrate(samples()));
      // What the model says of a bounded drop is not what was measured: steps may pass it.
      const bounds = aim.bounds.map((it) => (it.quantity === 'drop' ? { ...it, limit: LOOSER * it.limit } : it));
      const next = neighbours(quick, { ...aim, bounds }, best.assignment, new Set(entries.keys())).slice(
        0,
        Math.min(BATCH, steps - done),
      );
      if (next.length === 0) return;
      await tell('exact', next, [0.8 + (0.2 * done) / steps, 0.8 + (0.2 * (done + BATCH)) / steps]);
    }
  }

  async function refined(count: number): Promise<void> {
    const measured = () =>
      [...entries.values()].flatMap(({ assignment, cost, measured: it }) =>
        it?.distance === undefined ? [] : [{ assignment, cost: { ...cost, drop: it.distance }, measured: it }],
      );
    // What a unit of distance is worth, as of the additive drop.
    const aimOfDistances = () =>
      aimNow(
        calibrate(measured().map((it) => ({ x: it.cost.drop, points: measuredDrop(it, space.floatAccuracyPercent) }))),
      );
    const aim = aimOfDistances();
    const starts = measured().sort(
      (a, b) => excess(aim, a.cost) - excess(aim, b.cost) || aimValue(aim, a.cost) - aimValue(aim, b.cost),
    );
    const { plans: probes, probe } = space.probing!;
    const found = await refinePlans(quick, probe, {
      aim,
      starts: starts.slice(0, STARTS).map(({ assignment }) => assignment),
      probes,
      seed,
      signal,
      onProgress: (fraction) => onTrace?.(snapshot().trace, 0.8 + 0.15 * fraction, 'refined'),
    });
    for (let done = 0; done < count && !taken; done += BATCH) {
      const next = found
        .best(aimOfDistances())
        .filter((plan) => !entries.has(keyOf(plan)))
        .slice(0, Math.min(BATCH, count - done));
      if (next.length === 0) return;
      await tell('refined', next, [0.95 + (0.05 * done) / count, 0.95 + (0.05 * (done + BATCH)) / count]);
    }
  }

  async function genetic(aim: Aim): Promise<void> {
    const seeds = [...entries.values()].map((it) => it.assignment);
    const { population, generations } = settings;
    const task = { seed, population, generations, seeds };
    if (fitness === 'measured' && space.measure) {
      const drops = async (plans: readonly Assignment[]) => {
        await tell('genetic', plans, [0.4, 1]);
        // Plans past the stop were not measured: they must not look good.
        return plans.map((plan) => {
          const measured = entries.get(keyOf(plan))?.measured;
          return measured ? measuredDrop({ measured }, space.floatAccuracyPercent) : 100;
        });
      };
      await geneticFront(quick, aim, { ...task, drops }, signal);
      return;
    }
    const front = await geneticFront(quick, aim, task, signal);
    hidden.push(...front);
    await tell('genetic', pickedFrom(quick, aim, front, settings.measured), [0.4, 1]);
  }
}

/** A plan as runners take it. */
export function planOf({ layers }: Pick<PlanSpace, 'layers'>, assignment: Assignment): Plan {
  const entries = layers.map(({ name, weights, inputs }, at): [string, LayerFormats] => [
    name,
    { weights: weights[assignment[2 * at]!]!.format, inputs: inputs[assignment[2 * at + 1]!]!.format },
  ]);
  return Object.fromEntries(entries);
}

interface State {
  calibration: Calibration;
  aim: Aim;
  largest: number;
  /** Names of baselines, and the keys of their plans. */
  baselines: Record<string, string>;
  evaluations: number;
  taken: boolean;
  hidden: readonly Assignment[];
}

function assemble(
  space: PlanSpace,
  settings: SearchSettings,
  known: readonly Entry[],
  state: State,
): { trace: SearchTrace; best?: Entry } {
  const { calibration, largest } = state;
  const keys = new Set(known.map((it) => keyOf(it.assignment)));
  const unmeasured = state.hidden
    .filter((plan) => !keys.has(keyOf(plan)))
    .slice(0, SHOWN_ESTIMATES)
    .map((assignment): Entry => ({ by: settings.method, assignment, cost: costOf(space, assignment) }));
  const entries = [...known, ...unmeasured];
  const points = entries.map(({ by, assignment, cost, measured }, id): SearchPoint => {
    const estimatedDropPoints = calibration.points(cost.drop);
    const drop = measured ? measuredDrop({ measured }, space.floatAccuracyPercent) : estimatedDropPoints;
    return {
      id,
      by,
      plan: planOf(space, assignment),
      averageWeightBits: cost.averageWeightBits,
      averageActivationBits: cost.averageActivationBits,
      dataMovementBits: cost.dramBits,
      energyPj: cost.energyPj,
      estimatedDropPoints,
      ...(measured && { measured: measured.accuracy }),
      ...(measured?.outputError !== undefined && { outputError: measured.outputError }),
      objective: objectiveOf(settings, space.floatAccuracyPercent - drop, drop, cost, largest),
    };
  });
  const places = entries.flatMap(({ measured }, i) => (measured ? [i] : []));
  const finalists = places.map((i): Finalist => {
    const { cost, measured, by } = entries[i]!;
    return { cost, measured: measured!, equal: by === 'equal' };
  });
  const context = {
    settings,
    aim: state.aim,
    floatAccuracyPercent: space.floatAccuracyPercent,
    largestMovement: largest,
  };
  const chosen = space.measure
    ? (places[chooseBest(finalists, context)] ?? -1)
    : leastEstimated(entries, points, state.aim);
  const calibrationPoints = finalists.map((it) => ({
    x: it.cost.drop,
    points: measuredDrop(it, space.floatAccuracyPercent),
  }));
  const idOf = new Map(entries.map((it, id) => [keyOf(it.assignment), id]));
  const trace: SearchTrace = {
    settings,
    ...(space.measure && { floatPercent: space.floatAccuracyPercent }),
    points,
    front: frontOf(points),
    bestId: chosen,
    baselineIds: Object.fromEntries(
      Object.entries(state.baselines).flatMap(([name, key]) => {
        const id = idOf.get(key);
        return id === undefined ? [] : [[name, id]];
      }),
    ),
    evaluations: state.evaluations,
    estimateError: estimateErrors(calibrationPoints),
    sensitivities: space.layers.flatMap((layer) =>
      (['weights', 'inputs'] as const).flatMap((operand) =>
        layer[operand].map(({ format, drop }) => ({
          layer: layer.name,
          operand,
          format,
          dropPoints: calibration.slope * drop,
        })),
      ),
    ),
    stopped: state.taken ? 'taken' : 'end',
  };
  return { trace, ...(chosen >= 0 && { best: entries[chosen]! }) };
}

/** What the settings minimise: the published sum, bits moved, or points lost. */
function objectiveOf(
  { objective, lambda }: SearchSettings,
  accuracyPercent: number,
  dropPoints: number,
  { dramBits }: PlanCost,
  largest: number,
): number {
  if (objective === 'published')
    return (100 - accuracyPercent) / 100 + (lambda * dramBits) / Math.max(largest, Number.MIN_VALUE);
  return objective === 'accuracy-drop' ? dramBits : dropPoints;
}

function leastEstimated(entries: readonly Entry[], points: readonly SearchPoint[], aim: Aim): number {
  let best = -1;
  for (const [i, { cost }] of entries.entries()) {
    const over = excess(aim, cost);
    const bestOver = best < 0 ? Number.POSITIVE_INFINITY : excess(aim, entries[best]!.cost);
    if (over < bestOver || (over === bestOver && points[i]!.objective < points[best]!.objective)) best = i;
  }
  return best;
}

/** Ids of measured points that no other beats in accuracy and data movement, by rising movement. */
function frontOf(points: readonly SearchPoint[]): number[] {
  const measured = points.filter((it) => it.measured);
  const order = [...measured].sort(
    (a, b) => a.dataMovementBits - b.dataMovementBits || b.measured!.percent - a.measured!.percent,
  );
  const front: number[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const point of order) {
    if (point.measured!.percent <= most) continue;
    most = point.measured!.percent;
    front.push(point.id);
  }
  return front;
}
