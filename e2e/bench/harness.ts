/**
 * How benches are timed. A machine's speed drifts, so a fixed kernel is timed before and after each bench, and a time is
 * printed raw and scaled to a quiet reference machine. Ratios and scaled medians are judged, never one absolute time.
 */

export interface Bench {
  name: string;
  /** What one run is compared with, if anything: the ratio of the medians is printed. */
  baseline?: { name: string; run(): Promise<number> };
  unit?: 'ms' | 'bytes' | 'kB' | 'MB' | 'count';
  runs?: number;
  /** One run, answering with its figure (milliseconds unless `unit` says otherwise). */
  run(): Promise<number>;
  /** Limit of the scaled median (or of the plain median for other units), as the project asks for it. */
  limit?: number;
  /** Limit of the ratio to the baseline. */
  ratioLimit?: number;
  /** The median must not be above that of the baseline: for counts, which may be 0. */
  notMore?: boolean;
  prepare?(): Promise<void>;
  finish?(): Promise<void>;
}

/**
 * Time of the calibration kernel on the reference machine when quiet, in ms: 2 cores, Node 20. It was found as the least
 * CPU time (`process.cpuUsage`) of 25 runs, which is what a quiet machine's clock shows.
 */
const referenceMs = 100;

/**
 * Integer hashing and double arithmetic over a table that fits the second-level cache: the mix that the engines and the
 * page do. Its work is fixed for ever; changing it changes the meaning of every scaled time.
 */
function kernel(): number {
  const table = new Float64Array(1 << 15);
  let state = 0x9e3779b9;
  let sum = 0;
  for (let i = 0; i < 38_000_000; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const slot = state & (table.length - 1);
    const value = (table[slot] ?? 0) * 0.5 + (state >>> 8);
    table[slot] = value;
    sum += value;
  }
  return sum;
}

/** The kernel as text, to be run in another thread. */
export const kernelText = kernel.toString();

/** Milliseconds of the calibration kernel: the median of three. */
export function calibrate(): number {
  const times = [0, 1, 2].map(() => {
    const start = performance.now();
    if (!(kernel() > 0)) throw new Error('The calibration kernel is wrong.');
    return performance.now() - start;
  });
  return median(times);
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * fraction;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

function spread(values: readonly number[]): string {
  return `${format(Math.min(...values))} to ${format(Math.max(...values))}`;
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

/** Runs the benches one after the other and prints a line for each; answers with the number of limits not kept. */
export async function runBenches(benches: readonly Bench[], print: (line: string) => void): Promise<number> {
  let missed = 0;
  for (const bench of benches) {
    const unit = bench.unit ?? 'ms';
    const runs = bench.runs ?? 5;
    await bench.prepare?.();
    const before = calibrate();
    const own: number[] = [];
    const base: number[] = [];
    // In turn, so that a drift of the machine falls on both.
    for (let i = 0; i < runs; i++) {
      own.push(await bench.run());
      if (bench.baseline) base.push(await bench.baseline.run());
    }
    const scale = (2 * referenceMs) / (before + calibrate());
    await bench.finish?.();
    const middle = median(own);
    const judged = unit === 'ms' ? middle * scale : middle;
    const parts = [`${bench.name}: median ${format(middle)} ${unit} of ${runs} (${spread(own)})`];
    if (unit === 'ms') parts.push(`scaled ${format(judged)} ms`);
    if (bench.limit !== undefined) {
      const kept = judged <= bench.limit;
      if (!kept) missed++;
      parts.push(`limit ${format(bench.limit)}: ${kept ? 'kept' : 'MISSED'}`);
    }
    if (bench.baseline) {
      const other = median(base);
      parts.push(`${bench.baseline.name} ${format(other)} ${unit} (${spread(base)})`);
      if (unit !== 'count') parts.push(`ratio ${(middle / other).toFixed(2)}`);
      if (bench.ratioLimit !== undefined || bench.notMore) {
        const kept = bench.notMore ? middle <= other : middle / other <= (bench.ratioLimit ?? 0);
        if (!kept) missed++;
        parts.push(`limit ${bench.ratioLimit ?? 'not more'}: ${kept ? 'kept' : 'MISSED'}`);
      }
    }
    print(parts.join('; '));
  }
  return missed;
}
