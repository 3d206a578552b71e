import { useEffect, useRef } from 'react';
import type { PpaReport, RtlSlice, SweepPoint, SweepReport, SweepSpec } from '../../../../engines/rtl/types.ts';
import { useDesign, useSlice, useView } from '../../../design/index.ts';
import { type PinnedResult, useJob, usePinnedJob } from '../../../jobs/index.ts';
import type { ViewId } from '../commands.ts';
import { samePpa } from '../run/spec.ts';
import { currentDesign, typing } from '../session.ts';
import { useRtl } from '../state.ts';
import { CHOSEN_MS, Follow, TYPED_MS } from './follow.ts';
import { resetPpa, setPpaControls, setSweep, usePpa } from './state.ts';

/** Analyses the design on the screen and puts what comes of it on the table; sweeps when asked. Draws nothing. */
export function PpaEngine() {
  const slice = useSlice<RtlSlice>('rtl');
  const seed = useDesign((state) => state.design?.document.seed);
  const [live] = useView('rtl.live', true);
  const [view] = useView<ViewId>('rtl.view', 'split');
  const job = useJob<RtlSlice, PpaReport>('rtl/ppa');
  const sweep = useJob<SweepSpec, SweepReport>('rtl/sweep');
  const spec = useRef<RtlSlice>(undefined);
  const follow = useRef<Follow<RtlSlice>>(undefined);
  const follows = useRef<(typed: boolean) => void>(undefined);
  const settings = useRef({ seed });
  settings.current = { seed };
  const { run, cancel } = job;
  const { run: runSweep, cancel: cancelSweep } = sweep;

  useEffect(() => {
    let latest: RtlSlice | undefined;
    /** The design with typed text; one object until it asks for other figures. */
    const current = () => {
      const next = currentDesign();
      if (!latest || !samePpa(latest, next)) latest = next;
      return latest;
    };
    const made = new Follow<RtlSlice>((wanted) => {
      spec.current = wanted;
      run(wanted, { flush: false, seed: settings.current.seed });
    });
    follow.current = made;
    follows.current = (typed) => {
      const wanted = current();
      made.changed(wanted, typed ? TYPED_MS : CHOSEN_MS);
      const { result, stale, phase } = usePpa.getState();
      const now = result !== undefined && !samePpa(result.spec, wanted);
      if (now !== stale) usePpa.setState({ stale: now });
      // What failed was another design.
      if (phase === 'failed' && spec.current !== wanted) usePpa.setState({ phase: 'idle', problems: [] });
    };
    setPpaControls({
      run() {
        typing.flush();
        made.runNow(current());
      },
      stop() {
        cancel();
        made.stopped();
      },
      sweep(wanted) {
        setSweep({ spec: wanted, points: [], problems: [], chosen: undefined });
        runSweep(wanted, {
          seed: settings.current.seed,
          onPartial: (partial) => setSweep({ points: (partial as { points: SweepPoint[] }).points }),
        });
      },
      stopSweep: cancelSweep,
    });
    const stopTyping = typing.subscribe(() => follows.current?.(true));
    const readiness = () => {
      const { checking, checkedOnce, phase, problems, result, stale } = useRtl.getState();
      const synthesised = result !== undefined && !stale && phase !== 'running';
      made.setReady(synthesised && checkedOnce && !checking && !problems.some(isError));
    };
    const stopReadiness = useRtl.subscribe(readiness);
    readiness();
    return () => {
      stopTyping();
      stopReadiness();
      made.dispose();
      setPpaControls(undefined);
      resetPpa();
    };
  }, [run, cancel, runSweep, cancelSweep]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the document is what is followed.
  useEffect(() => follows.current?.(false), [slice]);
  useEffect(() => follow.current?.setOn(live && view === 'ppa'), [live, view]);

  useEffect(() => {
    usePpa.setState({ phase: job.state, progress: job.progress });
    if (job.state === 'idle' || job.state === 'running') return;
    if (job.state === 'done' && job.result && spec.current) {
      usePpa.setState({ result: { report: job.result, spec: spec.current }, problems: [], stale: false });
    } else if (job.state === 'failed') usePpa.setState({ problems: job.problems ?? [] });
    follows.current?.(false);
    if (job.state !== 'cancelled') follow.current?.ended();
  }, [job.state, job.result, job.progress, job.problems]);
  useEffect(() => usePpa.setState({ log: job.log }), [job.log]);

  useEffect(() => {
    setSweep({ phase: sweep.state, progress: sweep.progress });
    if (sweep.state === 'done' && sweep.result) setSweep({ points: sweep.result.points, problems: [] });
    else if (sweep.state === 'failed') setSweep({ problems: sweep.problems ?? [] });
  }, [sweep.state, sweep.result, sweep.progress, sweep.problems]);

  return <PinnedAnalysis seed={seed} open={view === 'ppa'} />;
}

/** Figures of the pinned design: those on the screen when they are its own, else of a run after the design's. */
function PinnedAnalysis({ seed, open }: { seed: number | undefined; open: boolean }) {
  const current = usePpa((state) => state.result);
  const idle = usePpa((state) => state.phase !== 'running' && state.result !== undefined);
  usePinnedJob<RtlSlice, PpaReport>({
    lab: 'rtl',
    entry: 'rtl/ppa',
    seed,
    current,
    idle: idle && open,
    same: samePpa,
    keep: keepPinned,
  });
  return null;
}

function keepPinned(found: PinnedResult<RtlSlice, PpaReport> | undefined): void {
  usePpa.setState({ pinned: found });
}

function isError({ severity }: { severity: string }): boolean {
  return severity === 'error';
}
