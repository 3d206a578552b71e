import { sameJson } from '../../engines/document/json.ts';
import type { SliceDefinition } from '../../engines/document/types.ts';

/** Written by the build, by running every lab's default design through the command line. Absent during development. */
const files = import.meta.glob<unknown>('../../build/first/*.json', { import: 'default' });

/**
 * The report of a lab's default design as it was computed when the studio was built: what the lab shows until its own
 * engine has answered. Undefined for any other design.
 */
export async function firstReport<S, R>({ id, defaults }: SliceDefinition<S>, slice: S): Promise<R | undefined> {
  if (!sameJson(slice, defaults)) return undefined;
  return (await files[`../../build/first/${id}.json`]?.()) as R | undefined;
}
