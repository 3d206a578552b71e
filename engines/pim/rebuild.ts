import type { Job } from '../core/job.ts';
import type { Result } from '../core/result.ts';
import { type Built, build, prepare } from './build.ts';
import { mappingFromData } from './mapping-data.ts';
import type { ProgramSpec } from './program/compiled.ts';

/** Compiles a slice again under the mapping of its report: what the entries that read the program start from. */
export async function rebuild({ slice, mapping: data }: ProgramSpec, job: Job): Promise<Result<Built>> {
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  const mapping = mappingFromData(data, prepared.value.layers, prepared.value.hardware);
  return mapping.ok ? build(prepared.value, mapping.value, slice, job) : mapping;
}
