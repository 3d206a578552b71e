import { useEffect, useRef } from 'react';
import type { GateSimulatedReport } from '../../../../engines/rtl/gate-simulate.ts';
import { simulateSpecOf } from '../../../../engines/rtl/simulation.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import type {
  ConsoleLine,
  SimulatePiece,
  SimulateReport,
  SimulateSpec,
  VerilogCheckReport,
} from '../../../../engines/verilog/types.ts';
import { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { useDesign, useSlice, useView } from '../../../design/index.ts';
import { useJob } from '../../../jobs/index.ts';
import type { ViewId } from '../commands.ts';
import { sameSimulation } from '../run/spec.ts';
import { currentSimulation, typing } from '../session.ts';
import { resetSim, setSimControls, simulateNow, useSim } from './state.ts';

/** A text is looked at this long after the last key. */
const CHECK_MS = 250;
/** A bench that ran within this is run again after each pause in typing. */
const QUICK_MS = 1500;
const RERUN_MS = 700;
const MOST_LINES = 5000;

/** Runs the simulator for the design on the screen and puts what comes of it on the table. Draws nothing. */
export function SimulateEngine() {
  const slice = useSlice<RtlSlice>('rtl');
  const seed = useDesign((state) => state.design?.document.seed);
  const [live] = useView('rtl.live', true);
  const [view] = useView<ViewId>('rtl.view', 'split');
  const simulate = useJob<SimulateSpec, SimulateReport>('verilog/simulate');
  const gates = useJob<RtlSlice, GateSimulatedReport>('rtl/gate-bench');
  const check = useJob<SimulateSpec, VerilogCheckReport>('verilog/check');
  const spec = useRef<RtlSlice>(undefined);
  const shownLines = useRef<ConsoleLine[]>([]);
  /** What the run under way has streamed. */
  const streamed = useRef<WaveDatabase>(undefined);
  const settings = useRef({ seed, live, view });
  settings.current = { seed, live, view };
  const { run, cancel } = simulate;
  const ofSources = useRef(simulate.state);
  ofSources.current = simulate.state;
  const { run: runGates, cancel: cancelGates } = gates;
  const { run: runCheck } = check;

  useEffect(() => {
    let checkTimer: ReturnType<typeof setTimeout> | undefined;
    let runTimer: ReturnType<typeof setTimeout> | undefined;
    let checked: RtlSlice | undefined;

    const start = () => {
      clearTimeout(runTimer);
      cancelGates();
      typing.flush();
      const wanted = currentSimulation();
      spec.current = wanted;
      shownLines.current = [];
      streamed.current = undefined;
      useSim.setState({ lines: [], nowTicks: undefined });
      run(simulateSpecOf(wanted), {
        seed: settings.current.seed,
        onPartial(partial) {
          const lines: ConsoleLine[] = [];
          for (const piece of (partial as { stream: SimulatePiece[] }).stream) {
            if (piece.kind === 'console') lines.push(...piece.lines);
            else if (piece.kind === 'waves') {
              streamed.current ??= new WaveDatabase();
              streamed.current.append(piece.delta);
            } else useSim.setState({ precision: piece.precision, nowTicks: piece.timeTicks });
          }
          if (lines.length > 0) {
            shownLines.current = [...shownLines.current, ...lines].slice(-MOST_LINES);
            useSim.setState({ lines: shownLines.current });
          }
          const database = streamed.current;
          if (database && useSim.getState().database !== database) useSim.setState({ database });
        },
      });
    };
    const follow = () => {
      const wanted = currentSimulation();
      if (checked && sameSimulation(checked, wanted)) return;
      checked = wanted;
      clearTimeout(checkTimer);
      clearTimeout(runTimer);
      checkTimer = setTimeout(() => runCheck(simulateSpecOf(wanted), { flush: false }), CHECK_MS);
      const { result, phase } = useSim.getState();
      // What failed was another text.
      if (phase === 'failed') useSim.setState({ phase: 'idle', problems: [] });
      useSim.setState({ stale: result !== undefined && !sameSimulation(result.spec, wanted) });
      const quick = result === undefined || (result.report.measured.timesMs.all ?? QUICK_MS) < QUICK_MS;
      if (settings.current.live && settings.current.view === 'simulation' && quick && hasBench(wanted)) {
        runTimer = setTimeout(start, result ? RERUN_MS : 0);
      }
    };
    setSimControls({
      run: start,
      runGates() {
        clearTimeout(runTimer);
        cancel();
        typing.flush();
        spec.current = currentSimulation();
        useSim.setState({ lines: [], nowTicks: undefined, database: undefined });
        runGates(spec.current, { seed: settings.current.seed });
      },
      stop() {
        cancel();
        cancelGates();
      },
    });
    const stop = typing.subscribe(follow);
    followed.current = follow;
    follow();
    return () => {
      stop();
      clearTimeout(checkTimer);
      clearTimeout(runTimer);
      setSimControls(undefined);
      resetSim();
    };
  }, [run, cancel, runCheck, runGates, cancelGates]);

  const followed = useRef<() => void>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the document is what is followed.
  useEffect(() => followed.current?.(), [slice]);
  // The view is opened: its bench runs once by itself.
  useEffect(() => {
    const { phase, result } = useSim.getState();
    if (view !== 'simulation' || !live || phase === 'running' || result || !hasBench(currentSimulation())) return;
    const timer = setTimeout(() => {
      const state = useSim.getState();
      if (state.phase === 'idle' && !state.result) simulateNow();
    }, 0);
    return () => clearTimeout(timer);
  }, [view, live]);

  useEffect(() => {
    useSim.setState({ phase: simulate.state, progress: simulate.progress });
    if (simulate.state === 'done' && simulate.result && spec.current) {
      const report = simulate.result;
      let database = streamed.current;
      if (database?.changes !== report.figures.valueChanges) {
        database = new WaveDatabase();
        for (const delta of report.waves) database.append(delta);
      }
      useSim.setState({
        result: { report, spec: spec.current },
        gates: false,
        stale: !sameSimulation(spec.current, currentSimulation()),
        lines: report.console,
        database,
        precision: report.precision,
        problems: report.problems,
      });
    } else if (simulate.state === 'failed') {
      useSim.setState({ problems: simulate.problems ?? [] });
    }
  }, [simulate.state, simulate.result, simulate.progress, simulate.problems]);

  useEffect(() => {
    // A run of the sources that took its place has the word.
    if (gates.state === 'idle' || (gates.state === 'cancelled' && ofSources.current === 'running')) return;
    useSim.setState({ phase: gates.state, progress: gates.progress });
    if (gates.state === 'done' && gates.result && spec.current) {
      const { report, recorded } = gates.result;
      const database = new WaveDatabase();
      for (const delta of report.waves) database.append(delta);
      useSim.setState({
        result: { report, spec: spec.current },
        gates: true,
        stale: !sameSimulation(spec.current, currentSimulation()),
        lines: report.console,
        database,
        precision: report.precision,
        problems: [...report.problems, ...recorded.problems],
      });
    } else if (gates.state === 'failed') useSim.setState({ problems: gates.problems ?? [] });
  }, [gates.state, gates.result, gates.progress, gates.problems]);

  useEffect(() => {
    if (check.state === 'done') useSim.setState({ check: check.result });
  }, [check.state, check.result]);
  return null;
}

export function hasBench(slice: RtlSlice): boolean {
  return slice.simulation.tops.length > 0 || slice.files.some(({ role }) => role === 'bench');
}
