import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { build, forget, prepare } from './build.ts';
import { mappingFromData } from './mapping-data.ts';
import type { CompiledProgram, ProgramSpec } from './program/compiled.ts';

/** The program of a slice under a mapping, with its times: what the listing, the schedule and the memory views read. */
export async function program({ slice, mapping: data }: ProgramSpec, job: Job): Promise<Result<CompiledProgram>> {
  const prepared = await prepare(slice, job);
  if (!prepared.ok) return prepared;
  const mapping = mappingFromData(data, prepared.value.layers, prepared.value.hardware);
  if (!mapping.ok) return mapping;
  const built = await build(prepared.value, mapping.value, slice, job);
  if (!built.ok) return built;
  // What is returned is handed over, not copied.
  forget();
  const { program, evaluation } = built.value;
  return ok({ program, trace: evaluation.trace, network: prepared.value.network, mapping: built.value.mapping });
}
