import { useEffect, useRef } from 'react';
import type { SweepReport, SweepSpec } from '../../../../engines/pim/sweep.ts';
import { useJob } from '../../../jobs/index.ts';
import { usePim } from '../state.ts';
import { setSweepControls } from './controls.ts';

/** Runs sweeps; it stays while views come and go, so that one may look at something else meanwhile. */
export function SweepRun({ seed }: { seed: number | undefined }) {
  const job = useJob<SweepSpec, SweepReport>('pim/sweep');
  const seedNow = useRef(seed);
  seedNow.current = seed;
  const { run, cancel } = job;
  useEffect(() => {
    setSweepControls({
      start(spec) {
        usePim.setState({ sweep: { spec } });
        run(spec, { seed: seedNow.current });
      },
      stop: cancel,
    });
    return () => setSweepControls(undefined);
  }, [run, cancel]);

  useEffect(() => {
    usePim.setState({ sweepPhase: job.state, sweepProgress: job.progress, sweepProblems: job.problems ?? [] });
  }, [job.state, job.progress, job.problems]);
  const report = job.fresh ? job.result : job.partial;
  useEffect(() => {
    if (report) usePim.setState(({ sweep }) => ({ sweep: sweep && { ...sweep, report } }));
  }, [report]);
  return null;
}
