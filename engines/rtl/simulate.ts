import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import type { SimulateReport } from '../verilog/types.ts';
import { simulateSpecOf } from './simulation.ts';
import type { RtlSlice } from './types.ts';

/** A run of the bench as text can carry it: value changes are in the files that the bench dumps, or in `sim --vcd`. */
export type SimulatedReport = Omit<SimulateReport, 'waves' | 'files'> & { files: { path: string; bytes: number }[] };

/** Simulates a design with its bench, for the command line's `run` and `sweep`. The page asks `verilog/simulate`, which streams. */
export async function simulate(slice: RtlSlice, job: Job): Promise<Result<SimulatedReport>> {
  // Most runs of this engine synthesise: the simulator is loaded when it is asked for.
  const { simulateEntry } = await import('../verilog/entries/simulate.ts');
  const result = await simulateEntry(simulateSpecOf(slice), job);
  if (!result.ok) return result;
  const { waves: _waves, files, ...report } = result.value;
  return ok({ ...report, files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length })) });
}
