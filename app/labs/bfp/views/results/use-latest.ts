import { useEffect, useRef } from 'react';
import type { EntryName } from '../../../../../engines/core/job.ts';
import type { Problem } from '../../../../../engines/core/result.ts';
import { useJob } from '../../../../jobs/index.ts';

export interface Latest<R> {
  /** Of the last question answered: while the newest is under way, of one before. */
  result?: R;
  problems: readonly Problem[];
  running: boolean;
  what?: string;
}

/**
 * What an entry says of a spec that changes often, while one draws or types: one question at a time, and after its answer
 * the newest one. Nothing is asked for undefined.
 */
export function useLatest<S, R>(entry: EntryName, spec: S | undefined, seed: number): Latest<R> {
  const { run, state, result, problems = [], progress } = useJob<S, R>(entry);
  const asked = useRef<string>(undefined);
  const key = spec && JSON.stringify([spec, seed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says the spec and the seed.
  useEffect(() => {
    if (state === 'running' || key === undefined || asked.current === key) return;
    asked.current = key;
    run(spec!, { seed, flush: false, cached: false });
  }, [key, state, run]);
  return {
    result: key === undefined ? undefined : result,
    problems: state === 'failed' ? problems : [],
    running: state === 'running',
    what: progress?.what,
  };
}
