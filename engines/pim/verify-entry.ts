import type { Job } from '../core/job.ts';
import type { Result } from '../core/result.ts';
import { build, prepare } from './build.ts';
import { mappingFromData } from './mapping-data.ts';
import type { ProgramSpec } from './program/compiled.ts';
import { type Verification, verifyProgram } from './verify/verify.ts';

/** Executes the program of a slice under a mapping on random numbers, and compares it with the network run directly. */
export async function verify({ slice, mapping: data }: ProgramSpec, job: Job): Promise<Result<Verification>> {
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  const mapping = mappingFromData(data, prepared.value.layers, prepared.value.hardware);
  if (!mapping.ok) return mapping;
  const built = await build(prepared.value, mapping.value, slice, job);
  if (!built.ok) return built;
  return verifyProgram(prepared.value.network, built.value.mapping, built.value.program, job);
}
