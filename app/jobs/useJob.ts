import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { EntryName } from '../../engines/core/job.ts';
import { flushEditors, readContent } from '../design/index.ts';
import { ResultCache } from './cache.ts';
import { loadHost } from './host-client.ts';
import { JobRunner, type JobState, RESULT_BYTES, type RunnerWorld, type RunSettings } from './runner.ts';

export interface JobHandle<S, R> extends JobState<R> {
  run(spec: S | (() => S), settings?: RunSettings): void;
  cancel(): void;
}

const world: RunnerWorld = { loadHost, cache: new ResultCache(RESULT_BYTES), flush: flushEditors, blob: readContent };

/**
 * Runs an entry of an engine for the screen. A newer run cancels the older, a stale result never lands, leaving the
 * screen cancels. `run` and `cancel` stay the same functions, so effects may name them.
 */
export function useJob<S, R>(entry: EntryName): JobHandle<S, R> {
  const runner = useMemo(() => new JobRunner<S, R>(entry, world), [entry]);
  const state = useSyncExternalStore(runner.subscribe, runner.getState);
  useEffect(() => runner.cancel, [runner]);
  return { ...state, run: runner.run, cancel: runner.cancel };
}
