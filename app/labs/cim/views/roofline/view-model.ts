import type { CimProblem, CimReport, CompiledPlan, PlannedSegment } from '../../../../../engines/cim/types.ts';
import { pointOf, pointsOf, type RooflinePoint } from './roofline-model.ts';
import { allocationAt, bestSplit, type ChipSplit, chipSplits, operatorSplits, type Split } from './splits.ts';

export type SplitMode = 'chip' | 'operator';

const problems = new WeakMap<CimReport, CimProblem>();

/** The problem that a report was compiled from: one object for each report, which the allocation keeps its figures by. */
export function problemOf(report: CimReport): CimProblem {
  const known = problems.get(report);
  if (known) return known;
  const { hardware, rules } = report;
  const made = { ...report.problem, hardware, rules };
  problems.set(report, made);
  return made;
}

/** A number over the splits, where it can be had. */
export interface Curve {
  mode: SplitMode;
  splits: readonly (Split & { objective: number; reloadCycles?: number })[];
  /** The split with the least objective. */
  best: number;
  /** Memory and compute arrays of the plan, and what the plan takes, reload included where it counts. */
  plan: { memory: number; compute: number; cycles: number; objective: number };
  /** Operator only: what the other operators of the segment take. */
  othersCycles?: number;
}

/** The splits of the whole chip, for a segment as it is planned. */
export function chipCurve(problem: CimProblem, planned: PlannedSegment, withReload: boolean): Curve {
  const splits = chipSplits(problem, planned.operators, withReload);
  const { cost } = planned;
  return {
    mode: 'chip',
    splits,
    best: bestSplit<ChipSplit>(splits, ({ objective }) => objective)?.memory ?? 0,
    plan: {
      memory: cost.memoryArrays,
      compute: cost.computeArrays,
      cycles: cost.computeCycles,
      objective: cost.computeCycles + (withReload ? cost.reloadCycles : 0),
    },
  };
}

/** The splits of the arrays that one operator has in the plan. */
export function operatorCurve(problem: CimProblem, planned: PlannedSegment, operator: number): Curve {
  const { hardware, operators } = problem;
  const points = pointsOf(operators, planned.allocations, hardware);
  const own = points.find((each) => each.operator === operator);
  const found = operators[operator]!;
  const [compute, memory] = [own?.compute ?? found.arrays, own?.memory ?? 0];
  const splits = operatorSplits(found, compute + memory, hardware).map((each) => ({ ...each, objective: each.cycles }));
  let others = 0;
  for (const each of points) if (each.operator !== operator) others = Math.max(others, each.cycles);
  return {
    mode: 'operator',
    splits,
    best: bestSplit(splits, ({ cycles }) => cycles)?.memory ?? 0,
    plan: { memory, compute, cycles: own?.cycles ?? 0, objective: own?.cycles ?? 0 },
    ...(points.length > 1 && { othersCycles: others }),
  };
}

/**
 * The operators of a segment with the arrays that they have at a split: the plan's own at the plan's split, and otherwise,
 * of the chip, the fewest that reach the split's time, or of an operator its own.
 */
export function pointsAt(
  problem: CimProblem,
  planned: PlannedSegment,
  curve: Curve,
  operator: number,
  memory: number | undefined,
): RooflinePoint[] {
  const { operators, hardware } = problem;
  const inPlan = pointsOf(operators, planned.allocations, hardware);
  const split = memory === undefined ? undefined : curve.splits[memory];
  if (!split) return inPlan;
  if (curve.mode === 'operator') {
    return inPlan.map((each) =>
      each.operator === operator ? pointOf(operators[operator]!, split.compute, split.memory, hardware) : each,
    );
  }
  const dealt = allocationAt(problem, planned.operators, split.cycles);
  return dealt ? pointsOf(operators, dealt.allocations, hardware) : inPlan;
}

export function slowestOf(points: readonly RooflinePoint[]): number | undefined {
  let found: RooflinePoint | undefined;
  for (const each of points) if (!found || each.cycles > found.cycles) found = each;
  return found?.operator;
}

/** What an array more on either side would save of the objective; negative: cost. Undefined at an end. */
export function marginsAt({ splits }: Curve, memory: number): { memory?: number; compute?: number } {
  const here = splits[memory]?.objective;
  const more = splits[memory + 1]?.objective;
  const less = splits[memory - 1]?.objective;
  const difference = (then: number | undefined) => {
    if (here === undefined || then === undefined) return undefined;
    return here === then ? 0 : here - then;
  };
  return { memory: difference(more), compute: difference(less) };
}

export type Verdict = 'memory' | 'compute' | 'neither';

/** Which mode one array more would serve better. */
export function verdictAt(curve: Curve, memory: number): Verdict {
  const { memory: more = 0, compute: less = 0 } = marginsAt(curve, memory);
  if (more <= 0 && less <= 0) return 'neither';
  return more >= less ? 'memory' : 'compute';
}

/** The segment that is shown, and its operator: those held in any view, else the first and its slowest. */
export function shownOf(
  plan: CompiledPlan,
  selected: { segment?: number; operator?: number },
): { segment: number; operator: number } {
  const held = selected.segment;
  const by = held ?? plan.segments.findIndex(({ operators }) => operators.includes(selected.operator ?? -1));
  const segment = Math.min(Math.max(by, 0), plan.segments.length - 1);
  const planned = plan.segments[segment]!;
  const operator =
    selected.operator !== undefined && planned.operators.includes(selected.operator)
      ? selected.operator
      : planned.cost.slowest;
  return { segment, operator };
}
