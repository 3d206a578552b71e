import type { Job } from '../core/job.ts';
import type { Result } from '../core/result.ts';
import type { ProgramSpec } from './program/compiled.ts';
import { rebuild } from './rebuild.ts';
import { type Verification, verifyProgram } from './verify/verify.ts';

/** Executes the program of a slice under a mapping on random numbers, and compares it with the network run directly. */
export async function verify(spec: ProgramSpec, job: Job): Promise<Result<Verification>> {
  const built = await rebuild(spec, job);
  if (!built.ok) return built;
  const { prepared, mapping, program } = built.value;
  return verifyProgram(prepared.network, mapping, program, job);
}
