import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { forget } from './build.ts';
import type { CompiledProgram, ProgramSpec } from './program/compiled.ts';
import { rebuild } from './rebuild.ts';

/** The program of a slice under a mapping, with its times: what the listing, the schedule and the memory views read. */
export async function program(spec: ProgramSpec, job: Job): Promise<Result<CompiledProgram>> {
  const built = await rebuild(spec, job);
  if (!built.ok) return built;
  // What is returned is handed over, not copied.
  forget();
  const { prepared, mapping, program, evaluation } = built.value;
  return ok({ program, trace: evaluation.trace, network: prepared.network, mapping });
}
