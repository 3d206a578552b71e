import type { SearchSettings } from '../types.ts';
import { type Aim, excess } from './aim.ts';
import { type CalibrationPoint, leaveOneOut } from './calibrate.ts';
import type { MeasuredPlan, PlanCost } from './types.ts';

/** A plan that was measured. */
export interface Finalist {
  cost: PlanCost;
  measured: MeasuredPlan;
  /** One format everywhere. */
  equal: boolean;
}

export interface ChoiceContext {
  settings: Pick<SearchSettings, 'objective' | 'lambda' | 'limit'>;
  /** Its bounds on bits and energy count; a bound on the drop is judged by measurements instead. */
  aim: Aim;
  floatAccuracyPercent: number;
  largestMovement: number;
}

/** Plans beyond this loss say nothing of how well small losses are foretold. Points; ours. */
const NEAR_POINTS = 5;

/** Accuracy lost against float32 on the same samples, points; below 0: gained. */
export function measuredDrop({ measured }: Pick<Finalist, 'measured'>, floatAccuracyPercent: number): number {
  return floatAccuracyPercent - measured.accuracy.percent;
}

/** The drop that a choice goes by: rounding takes nothing but accuracy away, so what a plan gained it gained by chance. */
function lossOf(finalist: Pick<Finalist, 'measured'>, floatAccuracyPercent: number): number {
  return Math.max(0, measuredDrop(finalist, floatAccuracyPercent));
}

/**
 * Standard error of a measured drop, points: of the paired difference where it is known (sqrt(lost + won) / samples), else
 * of the share alone, which is larger. Never 0: one sample more might have told.
 */
export function dropError({ accuracy, lost, won }: MeasuredPlan): number {
  const { of, percent } = accuracy;
  const pairs = lost === undefined || won === undefined ? (percent / 100) * (1 - percent / 100) * of : lost + won;
  return (100 * Math.sqrt(pairs + 1)) / of;
}

/**
 * What each plan probably loses, points: its measured drop, and what the others let expect of its additive drop and of its
 * output error (where outputs were compared), weighed by how sure each is. A thousand samples tell plans apart by tenths of a
 * point at best; the outputs of the same samples tell them apart finely.
 */
export function probableDrops(finalists: readonly Finalist[], floatAccuracyPercent: number): number[] {
  const drops = finalists.map((it) => lossOf(it, floatAccuracyPercent));
  const byDistance = finalists.every(({ measured }) => measured.distance !== undefined);
  const byOutput = byDistance || finalists.every(({ measured }) => measured.outputError !== undefined);
  const clues: ((it: Finalist) => number)[] = [
    // The distance of the whole plan's outputs says all that the sum of its operands' does, and more.
    ...(byDistance ? [] : [({ cost }: Finalist) => cost.drop]),
    ...(byOutput ? [({ measured }: Finalist) => (byDistance ? measured.distance! : measured.outputError!)] : []),
  ];
  const foretold = clues.map((clue) =>
    leaveOneOut(finalists.map((it, i): CalibrationPoint => ({ x: clue(it), points: drops[i]! }))),
  );
  const expected = finalists.map((_, i) => foretold.reduce((sum, by) => sum + by[i]!, 0) / foretold.length);
  const near = finalists.map((_, i) => i).filter((i) => drops[i]! <= NEAR_POINTS);
  const mean = (of: (i: number) => number) => near.reduce((sum, i) => sum + of(i), 0) / Math.max(1, near.length);
  const noise = mean((i) => dropError(finalists[i]!.measured) ** 2);
  const spread = Math.max(mean((i) => (expected[i]! - drops[i]!) ** 2) - noise, noise / 25);
  return finalists.map(({ measured }, i) => {
    const own = dropError(measured) ** 2;
    return (drops[i]! * spread + expected[i]! * own) / (spread + own);
  });
}

/**
 * The place of the plan to take, or -1 without finalists. The objective counts with the measured accuracy; plans that are
 * within one standard error of the best by it are told apart by what they probably lose (then by movement). A bound on the
 * drop must be kept by the measured drop and by the probable one, as far as any plan does. At the end no equal plan that
 * measured better at no more bits of either kind is passed over.
 */
export function chooseBest(finalists: readonly Finalist[], context: ChoiceContext): number {
  const { settings, aim, floatAccuracyPercent, largestMovement } = context;
  if (finalists.length === 0) return -1;
  const probable = probableDrops(finalists, floatAccuracyPercent);
  const drops = finalists.map((it) => lossOf(it, floatAccuracyPercent));
  const fixed: Aim = { ...aim, bounds: aim.bounds.filter(({ quantity }) => quantity !== 'drop') };
  const over = finalists.map(({ cost }) => excess(fixed, cost));
  const leastOver = Math.min(...over);
  let eligible = finalists.map((_, i) => i).filter((i) => over[i] === leastOver);
  const least = (of: (i: number) => number, among: readonly number[]) =>
    among.reduce((best, i) => (of(i) < of(best) ? i : best), among[0]!);

  if (settings.objective === 'accuracy-drop') {
    const keeping = eligible.filter((i) => drops[i]! <= settings.limit + 1e-9);
    const probably = keeping.filter((i) => probable[i]! <= settings.limit + 1e-9);
    if (probably.length > 0) eligible = probably;
    else if (keeping.length > 0) eligible = keeping;
    else eligible = [least((i) => drops[i]!, eligible)];
  }
  const movement = (i: number) => finalists[i]!.cost.dramBits / Math.max(largestMovement, Number.MIN_VALUE);
  const worth = (points: readonly number[]) => (i: number) => {
    if (settings.objective === 'accuracy-drop') return movement(i);
    return points[i]! / 100 + (settings.objective === 'published' ? settings.lambda * movement(i) : 0);
  };
  const first = least(worth(drops), eligible);
  const room = settings.objective === 'accuracy-drop' ? 0 : dropError(finalists[first]!.measured) / 100;
  const close = eligible.filter((i) => worth(drops)(i) <= worth(drops)(first) + room);
  let best = least((i) => worth(probable)(i), close);

  const better = (i: number) =>
    finalists[i]!.equal &&
    drops[i]! < drops[best]! - 1e-9 &&
    finalists[i]!.cost.averageWeightBits <= finalists[best]!.cost.averageWeightBits &&
    finalists[i]!.cost.averageActivationBits <= finalists[best]!.cost.averageActivationBits &&
    probable[i]! <= probable[best]!;
  const passedOver = eligible.filter(better);
  if (passedOver.length > 0) best = least((i) => worth(probable)(i), passedOver);
  return best;
}
