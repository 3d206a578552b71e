import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { PointReport, PointSpec } from './point.ts';
import type { CimSlice, PlanId } from './types.ts';
import { withConstant } from './with-constant.ts';

/** The two constants that no paper gives and that decide the result: main bandwidth, and cycles to write an array. */
export interface SensitivitySpec {
  slice: CimSlice;
  /** B/cycle. */
  mainBytesPerCycle: number[];
  /** Cycles. */
  writeCycles: number[];
}

/** How often the design's own segmentation is as fast as another method, at one pair of constants. */
export interface SensitivityPoint {
  computeOnly?: number;
  cimMlc?: number;
  memoryArraySharePercent?: number;
  problem?: Problem;
}

export interface SpeedupRange {
  least: number;
  median: number;
  most: number;
}

export interface SensitivityReport {
  mainBytesPerCycle: number[];
  writeCycles: number[];
  /** By write cycles, then by bandwidth; as far as the run has come. */
  rows: SensitivityPoint[][];
  ranges: { computeOnly?: SpeedupRange; cimMlc?: SpeedupRange };
}

const MOST_POINTS = 400;

/**
 * The speed-up over a grid of the two sensitive constants, a row at a time on all cores. Everything else of the design stays
 * as it is; every point is compiled anew, so plans change along the map.
 */
export async function sensitivity(spec: SensitivitySpec, job: Job): Promise<Result<SensitivityReport>> {
  const { slice, mainBytesPerCycle, writeCycles } = spec;
  const size = mainBytesPerCycle.length * writeCycles.length;
  if (size === 0 || size > MOST_POINTS) {
    const what = `A map of ${mainBytesPerCycle.length} by ${writeCycles.length} points cannot be run.`;
    return fail(error('cim.map-size', what, `Take between 1 and ${MOST_POINTS} points in all.`));
  }
  const plans: PlanId[] = [slice.segmentation, 'compute-only', 'cim-mlc-like'];
  const rows: SensitivityPoint[][] = [];
  for (const write of writeCycles) {
    const specs = mainBytesPerCycle.map((main): PointSpec => {
      const hardware = withConstant(
        withConstant(slice.hardware, 'mainBytesPerCycle', main),
        'array.writeCycles',
        write,
      );
      return { slice: { ...slice, hardware, cuts: null, solver: 'exact' }, plans };
    });
    const results = await job.map<PointReport>('cim/point', specs);
    rows.push(results.map(pointOf));
    const report = { mainBytesPerCycle, writeCycles, rows: [...rows], ranges: rangesOf(rows) };
    job.progress(rows.length / writeCycles.length, `${rows.length} of ${writeCycles.length} rows`, report);
  }
  return ok({ mainBytesPerCycle, writeCycles, rows, ranges: rangesOf(rows) });
}

function pointOf(result: Result<PointReport>): SensitivityPoint {
  if (!result.ok) return { problem: result.problems[0] };
  const [own, computeOnly, cimMlc] = result.value.plans;
  return {
    computeOnly: computeOnly!.cycles / own!.cycles,
    cimMlc: cimMlc!.cycles / own!.cycles,
    memoryArraySharePercent: own!.memoryArraySharePercent,
  };
}

function rangesOf(rows: readonly SensitivityPoint[][]): SensitivityReport['ranges'] {
  const all = rows.flat();
  const range = (of: 'computeOnly' | 'cimMlc') => {
    const values = all.flatMap((each) => each[of] ?? []).sort((a, b) => a - b);
    if (values.length === 0) return undefined;
    const middle = values.length >> 1;
    const median = values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
    return { least: values[0]!, median, most: values.at(-1)! };
  };
  const [computeOnly, cimMlc] = [range('computeOnly'), range('cimMlc')];
  return { ...(computeOnly && { computeOnly }), ...(cimMlc && { cimMlc }) };
}
