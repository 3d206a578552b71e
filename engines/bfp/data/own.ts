import { error, fail, type Result } from '../../core/result.ts';
import type { SampleSets } from './types.ts';
export async function loadOwn(_a: unknown, _b: unknown, _job: unknown): Promise<Result<SampleSets>> {
  return fail(error('bfp.later', 'not there yet'));
}
