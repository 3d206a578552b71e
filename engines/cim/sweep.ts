import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { PointReport, PointSpec } from './point.ts';
import type { CimSlice, PlanId } from './types.ts';
import { withConstant } from './with-constant.ts';

/** What a sweep moves. 'input' and 'output' are lengths of a generation: a prompt is read, then tokens are written one by one. */
export type SweepAxis =
  | 'sequence'
  | 'batch'
  | 'arrays'
  | 'mainBytesPerCycle'
  | 'array.writeCycles'
  | 'input'
  | 'output';

export interface SweepSpec {
  slice: CimSlice;
  axis: SweepAxis;
  values: number[];
  plans: PlanId[];
  /** The length that stays while the other of the two moves. */
  otherLength: number;
}

export interface SweepPoint {
  value: number;
  /** Cycles, and memory share in percent, by method. */
  cycles?: Partial<Record<PlanId, number>>;
  memoryArraySharePercent?: Partial<Record<PlanId, number>>;
  problem?: Problem;
}

export interface SweepReport {
  axis: SweepAxis;
  plans: PlanId[];
  points: SweepPoint[];
}

const MOST_POINTS = 64;

/**
 * Lengths at which a token of a generation is compiled; between them cycles are taken as a straight line, since what grows
 * with the length are products over keys and values (an assumption of ours, stated on the screen).
 */
export const DECODE_SAMPLES = 5;

/** Compiles a design at each value of one axis, on all cores. A point that fails says why, and is a gap. */
export async function sweep(spec: SweepSpec, job: Job): Promise<Result<SweepReport>> {
  const { axis, values, plans } = spec;
  if (values.length === 0 || values.length > MOST_POINTS || plans.length === 0) {
    const what = `A sweep of ${values.length} points and ${plans.length} methods cannot be run.`;
    return fail(error('cim.sweep-size', what, `Take 1 to ${MOST_POINTS} points and at least one method.`));
  }
  const points: SweepPoint[] = [];
  for (const value of values) {
    const parts = partsOf(spec, value);
    const results = await job.map<PointReport>(
      'cim/point',
      parts.map(({ slice }): PointSpec => ({ slice, plans })),
    );
    points.push(pointOf(value, parts, results));
    job.progress(points.length / values.length, `${points.length} of ${values.length} points`, {
      axis,
      plans,
      points: [...points],
    });
  }
  return ok({ axis, plans, points });
}

/** A design that counts so many times in a point. */
interface Part {
  slice: CimSlice;
  weight: number;
}

function partsOf({ slice: given, axis, otherLength }: SweepSpec, value: number): Part[] {
  const slice: CimSlice = { ...given, cuts: null, solver: 'exact' };
  switch (axis) {
    case 'sequence':
    case 'batch':
      return [{ slice: { ...slice, [axis]: value }, weight: 1 }];
    case 'input':
      return generation(slice, value, otherLength);
    case 'output':
      return generation(slice, otherLength, value);
    default:
      return [{ slice: { ...slice, hardware: withConstant(slice.hardware, axis, value) }, weight: 1 }];
  }
}

/** Reading a prompt, then writing tokens: the token after `past` others is a decode step with that many before it. */
function generation(slice: CimSlice, input: number, output: number): Part[] {
  const parts: Part[] = [{ slice: { ...slice, phase: 'prefill', sequence: input }, weight: 1 }];
  for (const { past, weight } of samplesOf(input, input + output - 1)) {
    parts.push({ slice: { ...slice, phase: 'decode', sequence: past }, weight });
  }
  return parts;
}

/**
 * Whole lengths from `first` to `last` at which to compile, and how much each counts, so that a quantity that is a straight
 * line between them is summed exactly over every length.
 */
export function samplesOf(first: number, last: number): { past: number; weight: number }[] {
  if (last < first) return [];
  const count = Math.min(DECODE_SAMPLES, last - first + 1);
  const at = (index: number) => (count === 1 ? first : Math.round(first + ((last - first) * index) / (count - 1)));
  const samples = Array.from({ length: count }, (_, index) => ({ past: at(index), weight: 0 }));
  samples[0]!.weight += 1;
  for (let index = 1; index < count; index++) {
    const [left, right] = [samples[index - 1]!, samples[index]!];
    const steps = right.past - left.past;
    // Lengths left+1 .. right: sum of the line's values there, as weights of its ends.
    const toRight = (steps + 1) / 2;
    right.weight += toRight;
    left.weight += steps - toRight;
  }
  return samples;
}

function pointOf(value: number, parts: readonly Part[], results: readonly Result<PointReport>[]): SweepPoint {
  const cycles: Partial<Record<PlanId, number>> = {};
  const share: Partial<Record<PlanId, number>> = {};
  for (const [index, result] of results.entries()) {
    if (!result.ok) return { value, problem: result.problems[0] };
    for (const plan of result.value.plans) {
      const own = plan.cycles * parts[index]!.weight;
      // Weighted by time, so that the share is that of the whole.
      share[plan.id] = (share[plan.id] ?? 0) + own * plan.memoryArraySharePercent;
      cycles[plan.id] = (cycles[plan.id] ?? 0) + own;
    }
  }
  for (const id of Object.keys(share) as PlanId[]) share[id] = share[id]! / cycles[id]!;
  return { value, cycles, memoryArraySharePercent: share };
}
