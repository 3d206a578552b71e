import { useEffect, useRef } from 'react';
import type { ProofReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import type { ProofOutcome } from '../../../../engines/synthesis/equivalence/types.ts';
import { useDesign, useSlice } from '../../../design/index.ts';
import { useJob } from '../../../jobs/index.ts';
import { sameProof } from '../run/spec.ts';
import { currentDesign, typing } from '../session.ts';
import { useAgainst } from './against.ts';
import { resetProve, setProveControls, useProve } from './state.ts';

/** Runs proofs for the design on the screen and puts what comes of them on the table. Draws nothing. */
export function ProveEngine() {
  const slice = useSlice<RtlSlice>('rtl');
  const seed = useDesign((state) => state.design?.document.seed);
  const { against } = useAgainst();
  const job = useJob<RtlSlice, ProofReport>('rtl/prove');
  const spec = useRef<RtlSlice>(undefined);
  const settings = useRef({ seed, against });
  settings.current = { seed, against };
  const { run, cancel } = job;

  useEffect(() => {
    const wanted = (): RtlSlice | undefined =>
      settings.current.against && { ...currentDesign(), against: settings.current.against };
    const follow = () => {
      const { result, phase } = useProve.getState();
      const now = wanted();
      if (phase === 'failed') useProve.setState({ phase: 'idle', problems: [] });
      useProve.setState({ stale: result !== undefined && (!now || !sameProof(result.spec, now)) });
    };
    setProveControls({
      run() {
        typing.flush();
        const now = wanted();
        if (!now) return;
        spec.current = now;
        useProve.setState({ partial: undefined });
        run(now, {
          seed: settings.current.seed,
          onPartial: (partial) => useProve.setState({ partial: partial as Partial<ProofOutcome> }),
        });
      },
      stop: cancel,
    });
    followed.current = follow;
    const stop = typing.subscribe(follow);
    return () => {
      stop();
      setProveControls(undefined);
      resetProve();
    };
  }, [run, cancel]);

  const followed = useRef<() => void>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the document, or of what it is compared with, is what is followed.
  useEffect(() => followed.current?.(), [slice, against]);

  useEffect(() => {
    useProve.setState({ phase: job.state, progress: job.progress });
    if (job.state === 'done' && job.result && spec.current) {
      useProve.setState({
        result: { report: job.result, spec: spec.current },
        stale: false,
        problems: job.result.problems,
      });
      followed.current?.();
    } else if (job.state === 'failed') useProve.setState({ problems: job.problems ?? [] });
  }, [job.state, job.result, job.progress, job.problems]);
  return null;
}
