import { useEffect, useRef } from 'react';
import type { EntryName } from '../../../../engines/core/job.ts';
import { useJob } from '../../../jobs/index.ts';
import { type CimState, type SideRun, useCim } from '../state.ts';
import { sideRuns } from './controls.ts';

type Side = 'sweep' | 'sensitivity';
type SpecOf<K extends Side> = NonNullable<CimState[K]['spec']>;
type ReportOf<K extends Side> = NonNullable<CimState[K]['report']>;

/** Runs sweeps and maps; they stay while views come and go, so that one may look at something else meanwhile. */
export function SideRuns() {
  useSideRun('sweep', 'cim/sweep');
  useSideRun('sensitivity', 'cim/sensitivity');
  return null;
}

function useSideRun<K extends Side>(side: K, entry: EntryName): void {
  const job = useJob<SpecOf<K>, ReportOf<K>>(entry);
  const spec = useRef<SpecOf<K>>(undefined);
  const { run, cancel } = job;
  useEffect(() => {
    const controls = {
      start(next: SpecOf<K>) {
        spec.current = next;
        put(side, { spec: next, report: undefined });
        run(next, {});
      },
      stop: cancel,
    };
    Object.assign(sideRuns, { [side]: controls });
    return () => {
      delete sideRuns[side];
    };
  }, [side, run, cancel]);
  useEffect(() => {
    put(side, { phase: job.state, progress: job.progress, problems: job.problems ?? [] });
  }, [side, job.state, job.progress, job.problems]);
  const report = (job.fresh ? job.result : job.partial) as ReportOf<K> | undefined;
  useEffect(() => {
    if (report) put(side, { report });
  }, [side, report]);
}

function put<K extends Side>(side: K, more: Partial<SideRun<SpecOf<K>, ReportOf<K>>>): void {
  useCim.setState((state) => ({ [side]: { ...state[side], ...more } }) as Partial<CimState>);
}
