import { Play } from 'lucide-react';
import { type ComponentType, lazy, Suspense } from 'react';
import { useView } from '../../../design/index.ts';
import { JobBar } from '../../../jobs/JobBar.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { type TabItem, Tabs } from '../../../ui/Tabs.tsx';
import { openPlace, useRtl } from '../state.ts';
import './ppa.css';
import { useSdcProblems } from './sdc-problems.ts';
import { type Analysed, analyseNow, type PpaTab, SDC_FILE, stopAnalysis, usePpa } from './state.ts';
import { texts } from './texts.ts';

const PathsView = lazy(() => import('./PathsView.tsx'));
const SlackView = lazy(() => import('./SlackView.tsx'));
const AreaView = lazy(() => import('./AreaView.tsx'));
const SweepView = lazy(() => import('./SweepView.tsx'));
const ConstraintsView = lazy(() => import('./ConstraintsView.tsx'));
const ProvePane = lazy(() => import('../prove/ProvePane.tsx').then((module) => ({ default: module.ProvePane })));

const PANEL = 'ppa-panel';

/** Those that show figures of the newest analysis. */
const OF_RESULT: Partial<Record<PpaTab, ComponentType<{ result: Analysed; stale: boolean }>>> = {
  paths: PathsView,
  slack: SlackView,
  area: AreaView,
};

/** Timing, area and power of the mapped design, the sweep, the constraints, and the proof. */
export function PpaPane() {
  const [wanted, setTab] = useView<PpaTab>('rtl.ppa', 'paths');
  const tabs = useTabs();
  const tab = tabs.some(({ id }) => id === wanted) ? wanted : 'paths';
  const Shown = OF_RESULT[tab];
  return (
    <section className="view ppa" aria-label={texts.title} data-lesson="ppa">
      <Tabs
        label={texts.title}
        value={tab}
        onChange={(id) => setTab(id as PpaTab)}
        tabs={tabs}
        panelId={PANEL}
        aside={tab === 'prove' ? undefined : <Head />}
      />
      <div id={PANEL} role="tabpanel" aria-label={texts.tabs[tab]} className="ppa-panel">
        <Suspense fallback={<p className="source-note">{texts.loading}</p>}>
          {(Shown || tab === 'constraints') && <Progress />}
          {Shown && <OfResult Shown={Shown} />}
          {tab === 'sweep' && <SweepView />}
          {tab === 'constraints' && <ConstraintsView />}
          {tab === 'prove' && <ProvePane />}
        </Suspense>
      </div>
    </section>
  );
}

function useTabs(): TabItem[] {
  const failing = usePpa((state) => {
    const summary = state.result?.report.timing.summary;
    return summary ? summary.failingEndpoints + summary.failingHoldEndpoints : 0;
  });
  const wrong = useSdcProblems().length;
  const item = (id: PpaTab, count = 0, tone?: TabItem['tone']): TabItem => ({
    id,
    label: texts.tabs[id],
    ...(count > 0 && { badge: count, tone }),
  });
  return [
    item('paths', failing, 'bad'),
    item('slack'),
    item('area'),
    item('sweep'),
    item('constraints', wrong, 'bad'),
    item('prove'),
  ];
}

/** What the figures are of, and the run. */
function Head() {
  const running = usePpa((state) => state.phase === 'running');
  const report = usePpa((state) => state.result?.report);
  const stale = usePpa((state) => state.stale);
  return (
    <>
      {report && (
        <span className="ppa-head">
          {stale ? (
            <span title={texts.stale}>
              <Badge tone="warn">{texts.staleShort}</Badge>
            </span>
          ) : (
            <span className="ppa-pre" title={texts.preLayoutAbout}>
              <Badge>{texts.preLayout}</Badge>
            </span>
          )}
        </span>
      )}
      <Button
        size="small"
        variant={report || running ? 'plain' : 'primary'}
        icon={Play}
        label={texts.run}
        busy={running}
        onClick={analyseNow}
      />
    </>
  );
}

/** How far the analysis is, while it runs. */
function Progress() {
  const running = usePpa((state) => state.phase === 'running');
  const progress = usePpa((state) => state.progress);
  if (!running) return null;
  return (
    <JobBar
      label={texts.running}
      what={progress?.what ?? texts.running}
      fraction={progress?.fraction}
      stop={texts.stop}
      onStop={stopAnalysis}
    />
  );
}

/** The newest figures, and what went wrong. */
function OfResult({ Shown }: { Shown: ComponentType<{ result: Analysed; stale: boolean }> }) {
  const phase = usePpa((state) => state.phase);
  const result = usePpa((state) => state.result);
  const stale = usePpa((state) => state.stale);
  const problems = usePpa((state) => state.problems);
  const unsound = useRtl((state) => state.problems.some(({ severity }) => severity === 'error'));
  const [live] = useView('rtl.live', true);
  const [, setTab] = useView<PpaTab>('rtl.ppa', 'paths');
  return (
    <>
      {phase === 'failed' && (
        <div className="ppa-failed">
          <ProblemList
            problems={problems}
            onOpen={({ where }) => (where?.file === SDC_FILE ? setTab('constraints') : where && openPlace(where))}
          />
        </div>
      )}
      {phase !== 'running' && phase !== 'failed' && stale && unsound && (
        <p className="hint ppa-note">{texts.blocked}</p>
      )}
      {result ? (
        <Shown result={result} stale={stale} />
      ) : (
        phase !== 'failed' &&
        phase !== 'running' && (
          <EmptyState
            title={phase === 'cancelled' ? texts.cancelled : texts.notRun.title}
            text={unsound ? texts.notRun.unsound : live && phase === 'idle' ? texts.notRun.waiting : texts.notRun.text}
            action={<Button variant="primary" icon={Play} label={texts.run} onClick={analyseNow} />}
          />
        )
      )}
    </>
  );
}
