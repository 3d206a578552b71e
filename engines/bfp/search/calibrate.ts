import { spearman } from '../statistics/index.ts';

/** An additive drop (or a measured output error) and the points that were measured to be lost with it. */
export interface CalibrationPoint {
  x: number;
  points: number;
}

export interface Calibration {
  /** Points per unit for small losses: what makes the additive model additive in points. Always above 0. */
  slope: number;
  /** Points by a rising curve. */
  points(x: number): number;
}

/** Losses up to so many points count as small: beyond, plans fall off a cliff and no line follows. Ours. */
const NEAR_POINTS = 10;

/**
 * From losses in any unit to points of accuracy, by what was measured. `slope` is a ratio estimate over the plans that lose
 * little. The curve is the isotonic regression through the origin (pool adjacent violators: Ayer, Brunk, Ewing, Reid,
 * Silverman 1955), linear between its knots and level at its ends: it bends where accuracy falls off or bottoms out.
 */
export function calibrate(measured: readonly CalibrationPoint[]): Calibration {
  const sorted = measured.filter(({ x }) => x > 0).sort((a, b) => a.x - b.x || a.points - b.points);
  const near = sorted.filter(({ points }) => points <= NEAR_POINTS);
  const of = near.length > 0 ? near : sorted.slice(0, 1);
  const sum = (key: keyof CalibrationPoint) => of.reduce((total, it) => total + it[key], 0);
  const [across, up] = [sum('x'), sum('points')];
  // Where nothing was lost, something below what the measurements can see is still lost.
  const least = 0.01 * of.length;
  const slope = across > 0 ? Math.max(up, least) / across : 1;
  const knots = isotonic([{ x: 0, points: 0 }, ...sorted]);
  return { slope, points: (x) => (sorted.length === 0 ? slope * x : interpolated(knots, x)) };
}

/** What each plan's points would have been estimated as from the others alone. */
export function leaveOneOut(measured: readonly CalibrationPoint[]): number[] {
  return measured.map((own, at) => calibrate(measured.filter((_, index) => index !== at)).points(own.x));
}

/** How far the estimates are from the measurements, each estimate made without its own measurement. */
export function estimateErrors(measured: readonly CalibrationPoint[]): {
  meanAbsPoints: number;
  worstPoints: number;
  rankCorrelation: number;
} {
  const misses = leaveOneOut(measured).map((estimate, i) => Math.abs(estimate - measured[i]!.points));
  return {
    meanAbsPoints: misses.length === 0 ? 0 : misses.reduce((sum, it) => sum + it, 0) / misses.length,
    worstPoints: misses.reduce((worst, it) => Math.max(worst, it), 0),
    rankCorrelation:
      spearman(
        measured.map(({ x }) => x),
        measured.map(({ points }) => points),
      ) ?? 0,
  };
}

/** Of points sorted by x: never falls, never below 0. */
function isotonic(sorted: readonly CalibrationPoint[]): CalibrationPoint[] {
  const pools: { sum: number; members: number[] }[] = [];
  for (const { x, points } of sorted) {
    pools.push({ sum: Math.max(0, points), members: [x] });
    while (pools.length > 1) {
      const [one, other] = [pools.at(-2)!, pools.at(-1)!];
      if (one.sum / one.members.length <= other.sum / other.members.length) break;
      pools.splice(-2, 2, { sum: one.sum + other.sum, members: [...one.members, ...other.members] });
    }
  }
  return pools.flatMap(({ sum, members }) => {
    const points = sum / members.length;
    const ends = members.length > 1 ? [members[0]!, members.at(-1)!] : members;
    return ends.map((x) => ({ x, points }));
  });
}

function interpolated(knots: readonly CalibrationPoint[], x: number): number {
  const above = knots.findIndex((knot) => knot.x >= x);
  if (above < 0) return knots.at(-1)!.points;
  if (above === 0) return knots[0]!.points;
  const [low, high] = [knots[above - 1]!, knots[above]!];
  if (high.x === low.x) return high.points;
  return low.points + ((x - low.x) / (high.x - low.x)) * (high.points - low.points);
}
