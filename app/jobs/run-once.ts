import type { EntryName } from '../../engines/core/job.ts';
import { error, fail, type Result } from '../../engines/core/result.ts';
import { notify, readContent } from '../design/index.ts';
import { loadHost } from './host-client.ts';

/** Runs an entry once, for a download; what goes wrong is told, and the answer is then undefined. */
export async function runOnce<R>(entry: EntryName, spec: unknown, seed?: number): Promise<R | undefined> {
  const result = await (async (): Promise<Result<R>> => {
    try {
      return await (await loadHost()).run<R>(entry, spec, { blob: readContent, seed });
    } catch {
      return fail(error('download-stopped', 'The download was stopped.', 'Start it again.'));
    }
  })();
  if (result.ok) return result.value;
  for (const problem of result.problems.slice(0, 3)) notify(problem);
  return undefined;
}
