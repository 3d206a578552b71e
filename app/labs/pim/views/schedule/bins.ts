import type { Program, Trace } from '../../../../../engines/pim/program/types.ts';
import { WORK, WORK_OF } from '../../readings/kinds.ts';

/** Stretches of equal length into which the whole run is cut for the view from afar. */
export const BINS = 4096;
/** Instructions counted before the page is let breathe. */
const PIECE = 150_000;
const KINDS = WORK.length;

/**
 * Work by core, kind and stretch of time, summed up from the start: what lies between any two times is one subtraction.
 * `sums[(core * 4 + kind) * (BINS + 1) + bin]`, in lengths of a bin.
 */
export interface Bins {
  cores: number;
  endNs: number;
  binNs: number;
  sums: Float32Array;
  /** The same over all cores. */
  all: Float64Array;
}

export async function countBins(program: Program, trace: Trace, signal: AbortSignal): Promise<Bins | undefined> {
  const { startNs, endNs } = trace;
  let end = 0;
  for (const each of endNs) if (each > end) end = each;
  const binNs = (end || 1) / BINS;
  const { cores } = program;
  const width = BINS + 1;
  const sums = new Float32Array(cores * KINDS * width);
  const all = new Float64Array(KINDS * width);
  let counted = 0;
  for (let core = 0; core < cores; core++) {
    for (let at = program.coreStart[core]!; at < program.coreStart[core + 1]!; at++) {
      const row = (core * KINDS + WORK_OF[program.op[at]!]!) * width;
      spread(sums, row, startNs[at]! / binNs, endNs[at]! / binNs);
      if (++counted % PIECE !== 0) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return undefined;
    }
    for (let kind = 0; kind < KINDS; kind++) {
      const row = (core * KINDS + kind) * width;
      let sum = 0;
      // Work was noted one place on, so that the sum at a place is of all before it.
      for (let bin = 0; bin < width; bin++) {
        sum += sums[row + bin]!;
        sums[row + bin] = sum;
        all[kind * width + bin]! += sum;
      }
    }
  }
  return { cores, endNs: end, binNs, sums, all };
}

/** Notes a stretch, in lengths of a bin, at the bins that it covers, each one place on. */
function spread(sums: Float32Array, row: number, from: number, to: number): void {
  const first = Math.min(Math.floor(from), BINS - 1);
  const last = Math.min(Math.floor(to), BINS - 1);
  if (first === last) {
    sums[row + first + 1]! += to - from;
    return;
  }
  sums[row + first + 1]! += first + 1 - from;
  for (let bin = first + 1; bin < last; bin++) sums[row + bin + 1]! += 1;
  sums[row + last + 1]! += to - last;
}

/** Work between two times given in bins, in lengths of a bin; inside a bin it is taken as even. */
export function workBetween(sums: Float32Array | Float64Array, row: number, from: number, to: number): number {
  return workUntil(sums, row, to) - workUntil(sums, row, from);
}

/** Work from the start until a time given in bins, in lengths of a bin. */
export function workUntil(sums: Float32Array | Float64Array, row: number, at: number): number {
  const within = Math.min(Math.max(at, 0), BINS);
  const bin = Math.min(Math.floor(within), BINS - 1);
  const low = sums[row + bin]!;
  return low + (within - bin) * (sums[row + bin + 1]! - low);
}
