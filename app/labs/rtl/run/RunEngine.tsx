import { useCallback, useEffect, useRef } from 'react';
import type { Problem } from '../../../../engines/core/result.ts';
import { slice as definition } from '../../../../engines/rtl/slice.ts';
import type { CheckReport, RtlReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import { useDesign, useSlice, useView } from '../../../design/index.ts';
import { firstReport, type PinnedResult, useJob, usePinnedJob } from '../../../jobs/index.ts';
import { unique } from '../../../jobs/problems.ts';
import { publishReport } from '../../../lessons/report-store.ts';
import { toggleBenchPart } from '../../../ui/bench-store.ts';
import { reportForLessons } from '../lessons/context.ts';
import { usePpa } from '../ppa/state.ts';
import { useProve } from '../prove/state.ts';
import { currentSpec, typing } from '../session.ts';
import { useSim } from '../simulate/state.ts';
import { resetRtl, type Shown, useRtl } from '../state.ts';
import { setControls } from './controls.ts';
import { Live } from './live.ts';
import { sameSpec } from './spec.ts';

/** Figures of the word level stand in for the gates when those take longer than this. */
const PROMOTE_MS = 1200;

/**
 * Runs the engine for the design on the screen and puts what comes of it on the lab's table. Draws nothing, so that a
 * line of log or a step of progress redraws no panel.
 */
export function RunEngine() {
  const slice = useSlice<RtlSlice>('rtl');
  const seed = useDesign((state) => state.design?.document.seed);
  const [liveOn] = useView('rtl.live', true);
  const check = useJob<RtlSlice, CheckReport>('rtl/check');
  const synthesis = useJob<RtlSlice, RtlReport>('rtl/synthesise');
  const specs = useRef<{ check?: RtlSlice; synthesis?: RtlSlice }>({});
  const live = useRef<Live<RtlSlice>>(undefined);
  /** The user asked for the run: what is wrong is then shown, not only counted. */
  const asked = useRef(false);
  const settings = useRef({ liveOn, seed });
  settings.current = { liveOn, seed };

  const follow = useCallback((soon: boolean) => {
    const spec = currentSpec();
    live.current?.changed(spec, soon);
    markStale(spec);
  }, []);

  const { run: runCheck } = check;
  const { run: runSynthesis, cancel } = synthesis;
  useEffect(() => {
    const made = new Live<RtlSlice>(
      {
        check(spec) {
          specs.current.check = spec;
          useRtl.setState({ checking: true });
          runCheck(spec, { flush: false, seed: settings.current.seed });
        },
        synthesise(spec) {
          specs.current.synthesis = spec;
          runSynthesis(spec, { seed: settings.current.seed });
        },
      },
      settings.current.liveOn,
    );
    live.current = made;
    setControls({
      run() {
        asked.current = true;
        typing.flush();
        made.runNow(currentSpec());
      },
      stop() {
        cancel();
        made.stopped();
      },
    });
    const stop = typing.subscribe(() => follow(false));
    follow(true);
    return () => {
      stop();
      made.dispose();
      setControls(undefined);
      resetRtl();
    };
  }, [runCheck, runSynthesis, cancel, follow]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the document is what is followed.
  useEffect(() => follow(true), [slice, follow]);
  useEffect(() => live.current?.setOn(liveOn), [liveOn]);

  useEffect(() => {
    let wanted = true;
    const spec = currentSpec();
    void firstReport<RtlSlice, RtlReport>(definition, spec).then((report) => {
      if (!wanted || !report || useRtl.getState().result) return;
      const shown = { report, spec, source: 'first' as const };
      useRtl.setState({ result: shown, drawn: shown });
    });
    return () => {
      wanted = false;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: two runs that fail in a row differ in their problems only.
  useEffect(() => {
    if (check.state === 'idle' || check.state === 'running') return;
    const sound = check.state === 'done' && !(check.result?.problems ?? []).some(isError);
    useRtl.setState({ checking: false, checkedOnce: true });
    if (check.state === 'done' && check.result) keepModules(check.result);
    live.current?.checkEnded(sound);
  }, [check.state, check.result, check.problems]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    if (synthesis.state === 'idle' || synthesis.state === 'running') return;
    const spec = specs.current.synthesis;
    if (synthesis.state === 'done' && synthesis.result && spec) {
      const shown = { report: synthesis.result, spec, source: 'live' as const };
      useRtl.setState({ result: shown });
      draw(shown);
    }
    if (synthesis.state === 'done') asked.current = false;
    markStale(currentSpec());
    live.current?.runEnded();
  }, [synthesis.state, synthesis.result, synthesis.problems]);

  useEffect(() => {
    const report = synthesis.partial;
    const spec = specs.current.synthesis;
    if (!report || !spec) return;
    const shown = { report, spec, source: 'live' as const };
    draw(shown);
    const promote = () => {
      const { result } = useRtl.getState();
      if (result && sameSpec(result.spec, spec)) return;
      useRtl.setState({ result: shown });
      markStale(currentSpec());
    };
    if (!useRtl.getState().result) promote();
    const timer = setTimeout(promote, PROMOTE_MS);
    return () => clearTimeout(timer);
  }, [synthesis.partial]);

  useEffect(() => {
    useRtl.setState({ phase: synthesis.state, progress: synthesis.progress });
  }, [synthesis.state, synthesis.progress]);
  useEffect(() => useRtl.setState({ log: synthesis.log }), [synthesis.log]);

  const result = useRtl((state) => state.result);
  const stale = useRtl((state) => state.stale);
  // A question of a lesson is about the text on the screen: figures of an earlier one do not answer it.
  const simulated = useSim((state) => (state.stale ? undefined : state.result?.report));
  const analysed = usePpa((state) => (state.stale ? undefined : state.result?.report));
  const proved = useProve((state) => (state.stale ? undefined : state.result?.report));
  useEffect(() => {
    const synthesised = result && !stale && result.report.stage === 'gates' ? result.report : undefined;
    publishReport(
      'rtl',
      reportForLessons({ synthesis: synthesised, simulation: simulated, ppa: analysed, proof: proved }),
    );
  }, [result, stale, simulated, analysed, proved]);
  useEffect(() => () => publishReport('rtl', undefined), []);

  useEffect(() => {
    const found = [...((check.state === 'failed' ? check.problems : check.result?.problems) ?? [])];
    const runSpec = specs.current.synthesis;
    if (synthesis.state === 'failed' && runSpec && runSpec === currentSpec()) found.push(...(synthesis.problems ?? []));
    if (result && !stale) found.push(...result.report.problems);
    useRtl.setState({ problems: unique(found) });
    if (asked.current && found.some(isError)) {
      asked.current = false;
      toggleBenchPart('bottom', true);
    }
  }, [check.state, check.result, check.problems, synthesis.state, synthesis.problems, result, stale]);

  return <PinnedRun seed={seed} />;
}

function PinnedRun({ seed }: { seed: number | undefined }) {
  const result = useRtl((state) => state.result);
  const idle = useRtl((state) => state.phase !== 'running' && !state.checking && state.result !== undefined);
  const current = result?.report.stage === 'gates' ? result : undefined;
  usePinnedJob<RtlSlice, RtlReport>({
    lab: 'rtl',
    entry: 'rtl/synthesise',
    seed,
    current,
    idle,
    same: sameSpec,
    keep: keepPinned,
  });
  return null;
}

function keepPinned(found: PinnedResult<RtlSlice, RtlReport> | undefined): void {
  useRtl.setState({ pinned: found && { ...found, source: 'live' } });
}

/** While a text cannot be read, the modules it had before are the ones to choose from. */
function keepModules(check: CheckReport): void {
  if (check.modules.length > 0 || currentSpec().files.length === 0) useRtl.setState({ check });
}

/** The schematic of a spec is drawn once: word level and gates bring the same netlist. */
function draw(shown: Shown): void {
  const { drawn } = useRtl.getState();
  if (!drawn || !sameSpec(drawn.spec, shown.spec)) useRtl.setState({ drawn: shown });
}

function markStale(spec: RtlSlice): void {
  const { result, stale, changed } = useRtl.getState();
  const now = result !== undefined && !sameSpec(result.spec, spec);
  const what = now && sameSpec({ ...result.spec, files: spec.files }, result.spec) ? 'settings' : 'text';
  if (now !== stale || what !== changed) useRtl.setState({ stale: now, changed: what });
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}
