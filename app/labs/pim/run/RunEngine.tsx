import { useEffect, useRef, useState } from 'react';
import { sameJson } from '../../../../engines/document/json.ts';
import type { BitPlan } from '../../../../engines/onnx/bit-plan.ts';
import type { Network } from '../../../../engines/onnx/network.ts';
import type { ModelRef } from '../../../../engines/onnx/types.ts';
import type { TakenSpec } from '../../../../engines/pim/compile.ts';
import type { SearchPartial } from '../../../../engines/pim/genetic/index.ts';
import { slice as definition } from '../../../../engines/pim/slice.ts';
import type { PimReport, PimSlice } from '../../../../engines/pim/types.ts';
import { useDesign, useSlice, useView } from '../../../design/index.ts';
import { AutoRun } from '../../../jobs/auto-run.ts';
import { firstReport, type PinnedResult, useJob, usePinnedJob, useUpstream } from '../../../jobs/index.ts';
import { unique } from '../../../jobs/problems.ts';
import { publishReport } from '../../../lessons/report-store.ts';
import { toggleBenchPart } from '../../../ui/bench-store.ts';
import { currentSlice, edit } from '../actions.ts';
import type { ViewId } from '../commands.ts';
import { resetPim, usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { setControls } from './controls.ts';
import { ProgramRun } from './ProgramRun.tsx';
import { SweepRun } from './SweepRun.tsx';
import { handDown, sameSpec, searches, specOf } from './spec.ts';

/**
 * Runs the compiler for the design on the screen and puts what comes of it on the lab's table. Draws nothing, so that a
 * step of progress redraws no panel.
 */
export function RunEngine() {
  const slice = useSlice<PimSlice>('pim');
  const seed = useDesign((state) => state.design?.document.seed);
  const [liveOn] = useView('pim.live', true);
  const [view] = useView<ViewId>('pim.view', 'crossbar');
  const onBench = view === 'crossbar';
  const job = useJob<PimSlice, PimReport>('pim/compile');
  const auto = useRef<AutoRun<PimSlice>>(undefined);
  const running = useRef<{ spec: PimSlice; since: number }>(undefined);
  const partly = useRef<SearchPartial>(undefined);
  const followed = useRef<PimSlice>(undefined);
  /** The user asked for the run: what is wrong is then shown, not only counted. */
  const asked = useRef(false);
  const settings = useRef({ liveOn, seed });
  settings.current = { liveOn, seed };
  const taken = useJob<TakenSpec, PimReport>('pim/taken');
  const takenFor = useRef<PimSlice>(undefined);
  const [last, setLast] = useState<'compile' | 'taken'>('compile');
  const { run, cancel } = job;
  const { run: runTaken, cancel: cancelTaken } = taken;
  const upstream = useUpstream<BitPlan>({ value: slice.bits, kind: 'bit-plan', path: 'slices.pim.bits' });
  const waiting = useRef(upstream);
  waiting.current = upstream;
  useEffect(() => {
    handDown(upstream.artefact as PimSlice['bits'] | undefined);
    usePim.setState({ upstream });
  }, [upstream]);

  useEffect(() => {
    const made = new AutoRun<PimSlice>(
      {
        start(spec) {
          running.current = { spec, since: performance.now() };
          partly.current = undefined;
          cancelTaken();
          setLast('compile');
          usePim.setState({ searching: searches(spec), genetic: undefined });
          run(spec, { seed: settings.current.seed });
        },
        onDemand: searches,
        alike: (a, b) => sameJson(a.model, b.model) && sameJson(a.baselines, b.baselines),
      },
      settings.current.liveOn,
    );
    auto.current = made;
    setControls({
      run() {
        asked.current = true;
        const { state, again } = waiting.current;
        if (state === 'failed') again();
        else if (state !== 'running') made.runNow(specOf(currentSlice()));
      },
      stop() {
        cancel();
        cancelTaken();
        made.stopped();
      },
      take() {
        const best = partly.current;
        if (!best) return;
        cancel();
        made.stopped();
        const spec = running.current?.spec ?? specOf(currentSlice());
        const kept: PimSlice = { ...spec, genetic: { ...spec.genetic, stopAfter: best.genetic.evaluations } };
        edit(texts.edits.takeBest, (was) => ({ ...was, genetic: kept.genetic }));
        takenFor.current = kept;
        setLast('taken');
        runTaken(
          { slice: kept, mapping: best.mapping, genetic: { ...best.genetic, stopped: 'taken' } },
          { seed: settings.current.seed },
        );
      },
    });
    return () => {
      made.dispose();
      followed.current = undefined;
      setControls(undefined);
      resetPim();
    };
  }, [run, cancel, runTaken, cancelTaken]);

  useEffect(() => {
    const spec = specOf(slice);
    if (upstream.state === 'running' || upstream.state === 'failed') {
      markStale(spec);
      return;
    }
    const first = followed.current === undefined;
    // While the single crossbar is on the screen, its sliders have the machine; the compiler follows when it is left.
    if (first || (!onBench && !sameSpec(followed.current!, spec))) {
      auto.current?.changed(spec, first);
      followed.current = spec;
    }
    markStale(spec);
  }, [slice, onBench, upstream]);
  useEffect(() => auto.current?.setOn(liveOn), [liveOn]);

  useEffect(() => {
    let wanted = true;
    const spec = specOf(currentSlice());
    void firstReport<PimSlice, PimReport>(definition, spec).then((report) => {
      if (wanted && report && !usePim.getState().result) usePim.setState({ result: { report, spec, source: 'first' } });
    });
    return () => {
      wanted = false;
    };
  }, []);

  useEffect(() => {
    if (job.state === 'idle' || job.state === 'running') return;
    const { spec, since } = running.current ?? {};
    if (job.state === 'done' && job.result && spec) {
      usePim.setState({ result: { report: job.result, spec, source: 'live' }, genetic: job.result.genetic });
      asked.current = false;
    }
    usePim.setState({ searching: false });
    markStale(specOf(currentSlice()));
    if (job.state !== 'cancelled') auto.current?.ended(since === undefined ? 0 : performance.now() - since);
  }, [job.state, job.result]);

  useEffect(() => {
    const partial = job.partial as SearchPartial | undefined;
    if (!partial) return;
    partly.current = partial;
    usePim.setState({ genetic: partial.genetic });
  }, [job.partial]);

  useEffect(() => {
    const spec = takenFor.current;
    if (taken.state === 'done' && taken.result && spec) {
      usePim.setState({ result: { report: taken.result, spec, source: 'live' }, genetic: taken.result.genetic });
      markStale(specOf(currentSlice()));
    }
  }, [taken.state, taken.result]);

  // Whichever was started last is what the screen tells of.
  const shown = last === 'taken' ? taken : job;
  useEffect(() => {
    usePim.setState({ phase: shown.state, progress: shown.progress });
  }, [shown.state, shown.progress]);
  useEffect(() => usePim.setState({ log: job.log }), [job.log]);

  const result = usePim((state) => state.result);
  const stale = usePim((state) => state.stale);
  const networkProblems = usePim((state) => state.networkProblems);
  // A question of a lesson is about the design on the screen: figures of an earlier one do not answer it.
  // While the single crossbar is looked at, the questions are about that.
  useEffect(() => {
    if (onBench) return;
    publishReport('pim', result && !stale ? result.report : undefined);
  }, [result, stale, onBench]);
  useEffect(() => () => publishReport('pim', undefined), []);

  useEffect(() => {
    const found = [...networkProblems, ...upstream.problems];
    const spec = running.current?.spec;
    if (job.state === 'failed' && spec && sameSpec(spec, currentSlice())) found.push(...(job.problems ?? []));
    if (result && !stale) found.push(...result.report.problems);
    usePim.setState({ problems: unique(found) });
    if (asked.current && job.state === 'failed') {
      asked.current = false;
      toggleBenchPart('bottom', true);
    }
  }, [job.state, job.problems, result, stale, networkProblems, upstream.problems]);

  return (
    <>
      <NetworkRun model={slice.model} />
      <PinnedRun seed={seed} />
      <ProgramRun seed={seed} />
      <SweepRun seed={seed} />
    </>
  );
}

/** Reads the model by itself, so that its layers are there before, and also when, it does not compile. */
function NetworkRun({ model }: { model: ModelRef }) {
  const job = useJob<ModelRef, { network: Network }>('onnx/network');
  const { run } = job;
  const asked = useRef<ModelRef>(undefined);
  useEffect(() => {
    if (asked.current !== undefined && sameJson(asked.current, model)) return;
    asked.current = model;
    run(model, { flush: false });
  }, [model, run]);
  useEffect(() => {
    usePim.setState({ reading: job.state === 'running' });
    if (job.state === 'done' && job.result) usePim.setState({ network: job.result.network, networkProblems: [] });
    if (job.state === 'failed') usePim.setState({ network: undefined, networkProblems: job.problems ?? [] });
  }, [job.state, job.result, job.problems]);
  return null;
}

function PinnedRun({ seed }: { seed: number | undefined }) {
  const result = usePim((state) => state.result);
  const idle = usePim((state) => state.phase !== 'running' && state.result !== undefined);
  usePinnedJob<PimSlice, PimReport>({
    lab: 'pim',
    entry: 'pim/compile',
    seed,
    current: result,
    idle,
    specOf,
    same: sameSpec,
    keep: keepPinned,
  });
  return null;
}

function keepPinned(found: PinnedResult<PimSlice, PimReport> | undefined): void {
  usePim.setState({ pinned: found });
}

function markStale(spec: PimSlice): void {
  const { result, stale } = usePim.getState();
  const now = result !== undefined && !sameSpec(result.spec, spec);
  if (now !== stale) usePim.setState({ stale: now });
}
