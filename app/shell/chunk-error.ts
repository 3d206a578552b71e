import { error, type Problem } from '../../engines/core/result.ts';
import { texts } from './texts.ts';

/** Whether an import failed because its file did not arrive: no network, or a newer deployment took it away. */
export function isChunkError(reason: unknown): boolean {
  return (
    reason instanceof Error &&
    /dynamically imported module|importing a module script|Unable to preload CSS|module script failed/i.test(
      reason.message,
    )
  );
}

export function chunkProblem(): Problem {
  return error('part-missing', `${texts.chunk.title}.`, texts.chunk.text);
}
