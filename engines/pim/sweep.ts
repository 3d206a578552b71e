import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { PimFigures, PimReport, PimSlice } from './types.ts';

/** One parameter that a sweep moves: a path in the slice ("hardware.crossbar.rows", "mode") and its values. */
export interface SweepAxis {
  path: string;
  values: (number | string)[];
}

export interface SweepSpec {
  slice: PimSlice;
  /** One or two. */
  axes: SweepAxis[];
}

export interface SweepPoint {
  /** In the order of the axes. */
  values: (number | string)[];
  figures?: PimFigures;
  /** Why there are none. */
  problem?: Problem;
}

export interface SweepReport {
  axes: SweepAxis[];
  /** The last axis moves fastest. */
  points: SweepPoint[];
}

const MOST_POINTS = 400;
/** Points that run between two reports: enough for all cores, few enough to watch. */
const AT_ONCE = 8;

/** Compiles a design at every combination of the axes' values, on all cores. A point that fails says why, and is a gap. */
export async function sweep({ slice, axes }: SweepSpec, job: Job): Promise<Result<SweepReport>> {
  const points = axes.reduce<(number | string)[][]>(
    (all, axis) => all.flatMap((before) => axis.values.map((value) => [...before, value])),
    [[]],
  );
  if (axes.length < 1 || axes.length > 2 || points.length === 0 || points.length > MOST_POINTS) {
    const what = `A sweep of ${axes.length} parameters with ${points.length} points cannot be run.`;
    return fail(error('sweep-size', what, `Move one or two parameters, over ${MOST_POINTS} points at most.`));
  }
  const found: SweepPoint[] = [];
  for (let first = 0; first < points.length; first += AT_ONCE) {
    const batch = points.slice(first, first + AT_ONCE);
    const results = await job.map<PimReport>(
      'pim/compile',
      batch.map((values) =>
        axes.reduce<unknown>((spec, axis, index) => withValue(spec, axis.path, values[index]!), slice),
      ),
    );
    for (const [index, result] of results.entries()) {
      const values = batch[index]!;
      found.push(result.ok ? { values, figures: result.value.figures } : { values, problem: result.problems[0] });
    }
    job.progress(found.length / points.length, `${found.length} of ${points.length} points`, {
      axes,
      points: [...found],
    });
  }
  return ok({ axes, points: found });
}

/** A copy of the slice with one value changed. A preset that is named becomes that preset with a change. */
export function withValue(slice: unknown, path: string, value: number | string): unknown {
  const [key = '', ...rest] = path.split('.');
  const object = typeof slice === 'string' ? { base: slice } : ((slice ?? {}) as Record<string, unknown>);
  return {
    ...object,
    [key]: rest.length === 0 ? value : withValue((object as Record<string, unknown>)[key], rest.join('.'), value),
  };
}
