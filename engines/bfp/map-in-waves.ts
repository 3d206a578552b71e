import type { EntryName, Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';

/** Pieces that are out at the same time: enough for all cores, few enough to watch. Fixed, whatever the machine. */
const AT_ONCE = 8;

/** Runs an entry on many specs in other workers, and tells how far it has come. The first piece that fails ends it. */
export async function mapInWaves<R>(
  job: Pick<Job, 'map'>,
  entry: EntryName,
  specs: readonly unknown[],
  progress: (fraction: number) => void,
): Promise<Result<R[]>> {
  const found: R[] = [];
  for (let at = 0; at < specs.length; at += AT_ONCE) {
    for (const result of await job.map<R>(entry, specs.slice(at, at + AT_ONCE))) {
      if (!result.ok) return result;
      found.push(result.value);
    }
    progress(found.length / specs.length);
  }
  return ok(found);
}
