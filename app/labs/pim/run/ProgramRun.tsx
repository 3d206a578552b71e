import { useEffect, useRef } from 'react';
import type { CompiledProgram, ProgramSpec } from '../../../../engines/pim/program/compiled.ts';
import type { PimReport } from '../../../../engines/pim/types.ts';
import { useJob } from '../../../jobs/index.ts';
import { usePim } from '../state.ts';

/** Fetches the instructions of the result on the screen while a view reads them; they are too many to be in the report. */
export function ProgramRun({ seed }: { seed: number | undefined }) {
  const job = useJob<ProgramSpec, CompiledProgram>('pim/program');
  const result = usePim((state) => state.result);
  const wanted = usePim((state) => state.programWanted > 0);
  const idle = usePim((state) => state.phase !== 'running');
  const asked = useRef<PimReport>(undefined);
  const { run, cancel } = job;

  useEffect(() => {
    if (!wanted || !result || !idle) return;
    const { report, spec } = result;
    if (asked.current === report || usePim.getState().program?.report === report) return;
    asked.current = report;
    // A program may be a hundred megabytes: the one on the screen is kept, no others.
    usePim.setState({ program: undefined });
    run({ slice: spec, mapping: report.artefacts[0].data }, { flush: false, seed, cached: false });
  }, [wanted, result, idle, run, seed]);

  useEffect(() => {
    if (wanted || job.state !== 'running') return;
    asked.current = undefined;
    cancel();
  }, [wanted, job.state, cancel]);

  useEffect(() => {
    usePim.setState({ programPhase: job.state, programProblems: job.problems ?? [] });
    const report = asked.current;
    if (job.state === 'done' && job.result && report) usePim.setState({ program: { ...job.result, report } });
  }, [job.state, job.result, job.problems]);
  return null;
}
