import { useEffect, useRef } from 'react';
import { slice as definition } from '../../../../engines/cim/slice.ts';
import type { CimReport, CimSlice } from '../../../../engines/cim/types.ts';
import { sameJson } from '../../../../engines/document/json.ts';
import { useDesign, useSlice, useView } from '../../../design/index.ts';
import { AutoRun } from '../../../jobs/auto-run.ts';
import { firstReport, type PinnedResult, useJob, usePinnedJob } from '../../../jobs/index.ts';
import { unique } from '../../../jobs/problems.ts';
import { publishReport } from '../../../lessons/report-store.ts';
import { toggleBenchPart } from '../../../ui/bench-store.ts';
import { currentSlice } from '../actions.ts';
import { resetCim, useCim } from '../state.ts';
import { setControls } from './controls.ts';
import { SideRuns } from './SideRuns.tsx';

/**
 * Runs the compiler for the design on the screen and puts what comes of it on the lab's table. Draws nothing, so that a
 * step of progress redraws no panel.
 */
export function RunEngine() {
  const slice = useSlice<CimSlice>('cim');
  const seed = useDesign((state) => state.design?.document.seed);
  const [liveOn] = useView('cim.live', true);
  const job = useJob<CimSlice, CimReport>('cim/compile');
  const auto = useRef<AutoRun<CimSlice>>(undefined);
  const running = useRef<{ spec: CimSlice; since: number }>(undefined);
  const followed = useRef<CimSlice>(undefined);
  /** The user asked for the run: what is wrong is then shown, not only counted. */
  const asked = useRef(false);
  const settings = useRef({ liveOn, seed });
  settings.current = { liveOn, seed };
  const { run, cancel } = job;

  useEffect(() => {
    const made = new AutoRun<CimSlice>(
      {
        start(spec) {
          running.current = { spec, since: performance.now() };
          run(spec, { seed: settings.current.seed });
        },
        // A mixed-integer program takes seconds: it starts when it is asked to.
        onDemand: ({ solver }) => solver !== 'exact',
        alike: (a, b) => sameJson(a.model, b.model) && a.solver === b.solver && a.blocks === b.blocks,
      },
      settings.current.liveOn,
    );
    auto.current = made;
    setControls({
      run() {
        asked.current = true;
        made.runNow(currentSlice());
      },
      stop() {
        cancel();
        made.stopped();
      },
    });
    return () => {
      made.dispose();
      followed.current = undefined;
      setControls(undefined);
      resetCim();
    };
  }, [run, cancel]);

  useEffect(() => {
    const first = followed.current === undefined;
    if (first || !sameJson(followed.current, slice)) {
      auto.current?.changed(slice, first);
      followed.current = slice;
    }
    markStale(slice);
  }, [slice]);
  useEffect(() => auto.current?.setOn(liveOn), [liveOn]);

  useEffect(() => {
    let wanted = true;
    const spec = currentSlice();
    void firstReport<CimSlice, CimReport>(definition, spec).then((report) => {
      if (wanted && report && !useCim.getState().result) useCim.setState({ result: { report, spec, source: 'first' } });
    });
    return () => {
      wanted = false;
    };
  }, []);

  useEffect(() => {
    useCim.setState({ phase: job.state, progress: job.progress });
  }, [job.state, job.progress]);
  useEffect(() => useCim.setState({ log: job.log }), [job.log]);

  useEffect(() => {
    if (job.state === 'idle' || job.state === 'running') return;
    const { spec, since } = running.current ?? {};
    if (job.state === 'done' && job.result && spec) {
      useCim.setState({ result: { report: job.result, spec, source: 'live' } });
      asked.current = false;
    }
    markStale(currentSlice());
    if (job.state !== 'cancelled') auto.current?.ended(since === undefined ? 0 : performance.now() - since);
  }, [job.state, job.result]);

  const result = useCim((state) => state.result);
  const stale = useCim((state) => state.stale);
  // A question of a lesson is about the design on the screen: figures of an earlier one do not answer it.
  useEffect(() => publishReport('cim', result && !stale ? result.report : undefined), [result, stale]);
  useEffect(() => () => publishReport('cim', undefined), []);

  useEffect(() => {
    const found = [];
    const spec = running.current?.spec;
    if (job.state === 'failed' && spec && sameJson(spec, currentSlice())) found.push(...(job.problems ?? []));
    if (result && !stale) found.push(...result.report.problems);
    useCim.setState({ problems: unique(found) });
    if (asked.current && job.state === 'failed') {
      asked.current = false;
      toggleBenchPart('bottom', true);
    }
  }, [job.state, job.problems, result, stale]);

  return (
    <>
      <PinnedRun seed={seed} />
      <SideRuns />
    </>
  );
}

function PinnedRun({ seed }: { seed: number | undefined }) {
  const result = useCim((state) => state.result);
  const idle = useCim((state) => state.phase !== 'running' && state.result !== undefined);
  usePinnedJob<CimSlice, CimReport>({
    lab: 'cim',
    entry: 'cim/compile',
    seed,
    current: result,
    idle,
    specOf: (spec) => spec,
    same: sameJson,
    keep: keepPinned,
  });
  return null;
}

function keepPinned(found: PinnedResult<CimSlice, CimReport> | undefined): void {
  useCim.setState({ pinned: found });
}

function markStale(spec: CimSlice): void {
  const { result, stale } = useCim.getState();
  const now = result !== undefined && !sameJson(result.spec, spec);
  if (now !== stale) useCim.setState({ stale: now });
}
