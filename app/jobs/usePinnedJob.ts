import { useEffect, useRef } from 'react';
import type { EntryName } from '../../engines/core/job.ts';
import { usePinned } from '../design/index.ts';
import { useJob } from './useJob.ts';

/** A report with the spec it belongs to. */
export interface PinnedResult<S, R> {
  spec: S;
  report: R;
}

export interface PinnedJobOptions<S, R> {
  lab: string;
  entry: EntryName;
  seed: number | undefined;
  /** The finished result on the screen; undefined while there is none, or only a first form of it. */
  current: PinnedResult<S, R> | undefined;
  /** Nothing else runs and there is something to compare with: the pinned design may be run now. */
  idle: boolean;
  /** What the run depends on, of the slice that was pinned; the whole slice when left out. */
  specOf?(slice: S): S;
  /** Whether two specs ask for the same run. */
  same(a: S, b: S): boolean;
  /** Takes what was found, and `undefined` when the pin was removed. The same function from draw to draw. */
  keep(found: PinnedResult<S, R> | undefined): void;
}

/** Finds the result of what is pinned in a lab: the one on the screen when it is its own, else by a run of its own. */
export function usePinnedJob<S, R>(options: PinnedJobOptions<S, R>): void {
  const { lab, entry, seed, current, idle, keep } = options;
  const { pinned } = usePinned<S>(lab);
  const job = useJob<S, R>(entry);
  const asked = useRef<{ slice: S; spec: S }>(undefined);
  const known = useRef<S>(undefined);
  const rules = useRef(options);
  rules.current = options;
  const { run } = job;

  useEffect(() => {
    const { same, specOf = (slice) => slice } = rules.current;
    if (!pinned) {
      asked.current = undefined;
      if (known.current !== undefined) keep(undefined);
      known.current = undefined;
      return;
    }
    const spec = specOf(pinned.slice);
    if (known.current !== undefined && same(known.current, spec)) return;
    if (current && same(current.spec, spec)) {
      known.current = spec;
      keep(current);
    } else if (idle && asked.current?.slice !== pinned.slice) {
      asked.current = { slice: pinned.slice, spec };
      run(spec, { flush: false, seed });
    }
  }, [pinned, current, idle, run, seed, keep]);

  useEffect(() => {
    const spec = asked.current?.spec;
    if (job.state !== 'done' || !job.result || spec === undefined) return;
    known.current = spec;
    keep({ spec, report: job.result });
  }, [job.state, job.result, keep]);
}
