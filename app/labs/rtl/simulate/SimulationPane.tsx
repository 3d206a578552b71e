import { Play, Square } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo } from 'react';
import { describePlace } from '../../../../engines/core/result.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import type { Failure, SimulateReport } from '../../../../engines/verilog/types.ts';
import { EMPTY_VIEW, type WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { isEditable, useDesign, useSlice, useView } from '../../../design/index.ts';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Split } from '../../../ui/Split.tsx';
import { openPlace } from '../state.ts';
import { useOpenedWaves } from '../wave/opened.ts';
import { timeText } from '../wave/viewport.ts';
import { Console } from './Console.tsx';
import './simulate.css';
import { writeBench } from './first-bench.ts';
import { hasBench } from './SimulateEngine.tsx';
import { simulateGates, simulateNow, stopSimulation, useSim } from './state.ts';
import { texts } from './texts.ts';

const WaveView = lazy(() => import('../wave/WaveView.tsx'));

/** The bench's run: its verdict, its waves, and what it prints. */
export function SimulationPane() {
  const slice = useSlice<RtlSlice>('rtl');
  const editable = useDesign(() => isEditable());
  const database = useSim((state) => state.database);
  const running = useSim((state) => state.phase === 'running');
  const touched = useSim((state) => state.phase !== 'idle' || state.result !== undefined);
  const opened = useOpenedWaves(({ name }) => name !== undefined);
  const [view, setView] = useView<WaveViewState>('rtl.waves', EMPTY_VIEW);
  const onTime = useCallback((ticks: number | undefined) => useSim.setState({ cursorTicks: ticks }), []);
  // A cursor that is kept with the design shows its values from the start.
  const [kept] = view.cursors;
  useEffect(() => onTime(kept), [kept, onTime]);
  const goTo = useCallback(
    (ticks: number) => {
      const span = view.to - view.from;
      const seen = span <= 0 || (ticks >= view.from && ticks <= view.to);
      const from = seen ? view.from : Math.max(0, ticks - span / 2);
      setView({ ...view, from, to: from + span, cursors: [ticks, ...view.cursors.slice(1)] });
    },
    [view, setView],
  );
  const enough = hasBench(slice);
  return (
    <section className="view simulation" aria-label={texts.title} data-lesson="simulation">
      <Head onFailure={goTo} />
      {!touched && !opened ? (
        <EmptyState
          title={enough ? texts.notRun.title : texts.noBench.title}
          text={enough ? texts.notRun.text : texts.noBench.text}
          action={
            enough ? (
              <Button variant="primary" icon={Play} label={texts.run} onClick={simulateNow} />
            ) : (
              <Button variant="primary" label={texts.noBench.write} disabled={!editable} onClick={writeBench} />
            )
          }
        />
      ) : (
        <Split
          id="rtl.simulation"
          direction="column"
          share={0.72}
          firstLabel={texts.waves}
          first={
            <Suspense fallback={<p className="source-note">{texts.loading}</p>}>
              <WaveView
                database={database}
                running={running}
                view={view}
                onView={setView}
                onTime={onTime}
                onShowSource={openPlace}
              />
            </Suspense>
          }
          second={<Console onTime={goTo} />}
        />
      )}
    </section>
  );
}

function Head({ onFailure }: { onFailure(ticks: number): void }) {
  const running = useSim((state) => state.phase === 'running');
  const progress = useSim((state) => state.progress);
  const result = useSim((state) => state.result);
  const stale = useSim((state) => state.stale);
  const report = result?.report;
  const failed = useSim((state) => (state.phase === 'failed' ? state.problems[0] : undefined));
  const now = useSim((state) => (state.nowTicks === undefined ? undefined : timeText(state.nowTicks, state.precision)));
  return (
    <div className="sim-head">
      {running ? (
        <Button size="small" icon={Square} label={texts.stop} onClick={stopSimulation} />
      ) : (
        <>
          <Button size="small" variant="primary" icon={Play} label={texts.run} onClick={simulateNow} />
          <Button size="small" variant="ghost" label={texts.gates} title={texts.gatesAbout} onClick={simulateGates} />
        </>
      )}
      {running && (
        <span className="sim-progress">
          {progress?.what ?? texts.running} {now && texts.at(now)}
        </span>
      )}
      {!running && failed && (
        <button type="button" className="sim-failure" onClick={() => failed.where && openPlace(failed.where)}>
          {describePlace(failed.where)} {failed.what}
        </button>
      )}
      {!running && !failed && report && <Verdict report={report} stale={stale} />}
      {!running && !failed && report?.failure && (
        <FirstFailure failure={report.failure} precision={report.precision} onGo={onFailure} />
      )}
    </div>
  );
}

const TONES = { passed: 'good', failed: 'bad', none: 'plain' } as const;

function Verdict({ report, stale }: { report: SimulateReport; stale: boolean }) {
  const { verdict, end, endTicks, precision } = report;
  const gates = useSim((state) => state.gates);
  const ended = useMemo(
    () => `${texts.end[end.kind]} ${texts.at(timeText(endTicks, precision))}`,
    [end, endTicks, precision],
  );
  return (
    <span className="sim-verdict" role="status">
      <Badge tone={TONES[verdict.kind]}>
        <span title={verdict.why ?? texts.verdict.noneAbout}>{texts.verdict[verdict.kind]}</span>
      </Badge>
      {gates && <Badge>{texts.onGates}</Badge>}
      {stale && <Badge tone="warn">{texts.stale}</Badge>}
      <span className="sim-ended">{ended}</span>
    </span>
  );
}

/** The first thing that went wrong, one press away: its line in the source, its moment in the waves. */
function FirstFailure({
  failure,
  precision,
  onGo,
}: {
  failure: Failure;
  precision: number;
  onGo(ticks: number): void;
}) {
  const { where, timeTicks } = failure;
  return (
    <button
      type="button"
      className="sim-failure"
      title={texts.showFailure}
      onClick={() => {
        openPlace(where);
        onGo(timeTicks);
      }}
    >
      {texts.firstFailure}: <span className="mono">{`${where.file}:${where.line}`}</span>{' '}
      {texts.at(timeText(timeTicks, precision))}
    </button>
  );
}
