import { Play, Search, Square } from 'lucide-react';
import { lazy, useEffect } from 'react';
import { isEditable, useDesign, useView } from '../../design/index.ts';
import { warmEngine } from '../../jobs/index.ts';
import { ProblemsAndLog } from '../../jobs/ProblemsAndLog.tsx';
import { useLabCommands } from '../../shell/use-lab-commands.ts';
import { Bench } from '../../ui/Bench.tsx';
import { BesideSelect, BesideViews } from '../../ui/BesideViews.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { ProblemCount } from '../../ui/ProblemCount.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { StatusItem } from '../../ui/StatusItem.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { bfpCommands, VIEWS, type ViewId } from './commands.ts';
import { setDesign } from './download/downloads.ts';
import { ReadingsPanel } from './readings/ReadingsPanel.tsx';
import { measureNow, searchNow, stopRun } from './run/controls.ts';
import { RunEngine } from './run/RunEngine.tsx';
import { RunStatus } from './run/RunStatus.tsx';
import { Gallery } from './setup/Gallery.tsx';
import { openDropped } from './setup/open-file.ts';
import { SetupPanel } from './setup/SetupPanel.tsx';
import { useBfp } from './state.ts';
import { texts } from './texts.ts';
import './bfp.css';

const LayersView = lazy(() => import('./views/layers/LayersView.tsx'));
const TensorView = lazy(() => import('./views/tensor/TensorView.tsx'));
const SearchView = lazy(() => import('./views/search/SearchView.tsx'));
const ResultsView = lazy(() => import('./views/results/ResultsView.tsx'));
const LoopsView = lazy(() => import('./views/loops/LoopsView.tsx'));
const CompareView = lazy(() => import('./views/compare/CompareView.tsx'));

/** The bench of number formats. Built anew for each design, so that nothing of one is seen in another. */
export default function Lab() {
  const design = useDesign((state) => state.design?.id);
  return design === undefined ? null : <BfpBench key={design} />;
}

/** One element for good: the frame is told anew whenever it changes. */
const COUNT = <Count />;

function BfpBench() {
  const [view, setView] = useView<ViewId>('bfp.view', 'layers');
  const [beside] = useView<ViewId | ''>('bfp.beside', '');
  useEffect(() => void warmEngine('bfp'), []);
  useCommandsOfLab(setView);
  return (
    <FileDrop className="bfp" label={texts.files.drop} onDrop={(transfer) => void openDropped(transfer)}>
      <RunEngine />
      <Strip view={view} onView={setView} />
      <Bench
        id="bfp"
        leftTitle={texts.designTitle}
        left={<SetupPanel />}
        mainTitle={texts.views[view]}
        main={
          <div className="bfp-view">
            <Failure />
            <BesideViews
              id="bfp"
              view={view}
              beside={beside}
              titles={texts.views}
              loading={texts.loading}
              render={(of) => <Main view={of} />}
            />
          </div>
        }
        rightTitle={texts.readingsTitle}
        right={<ReadingsPanel />}
        bottomTitle={texts.bottomTitle}
        bottom={<Below />}
        bottomAside={COUNT}
      />
      <Gallery />
      <StatusItem>
        <RunStatus />
      </StatusItem>
    </FileDrop>
  );
}

function Strip({ view, onView }: { view: ViewId; onView(view: ViewId): void }) {
  const problems = useBfp((state) => state.problems.filter(({ severity }) => severity === 'error').length);
  const searching = useBfp((state) => state.searching && state.phase === 'running');
  return (
    <Tabs
      label={texts.benchTitle}
      value={view}
      onChange={(id) => onView(id as ViewId)}
      tabs={VIEWS.map((id) => ({
        id,
        label: texts.views[id],
        badge: id === 'search' && searching ? '…' : id === 'layers' && problems > 0 ? problems : undefined,
        tone: id === 'layers' ? ('bad' as const) : undefined,
      }))}
      aside={<RunButtons view={view} />}
    />
  );
}

/** Why the design on the screen cannot be measured, above the last that was. */
function Failure() {
  const problem = useBfp((state) =>
    state.phase === 'failed' && state.result ? state.problems.find(({ severity }) => severity === 'error') : undefined,
  );
  if (!problem) return null;
  return (
    <div className="bfp-failure" role="alert">
      <ProblemList problems={[problem]} />
    </div>
  );
}

function Main({ view }: { view: ViewId }) {
  switch (view) {
    case 'layers':
      return <LayersView />;
    case 'tensor':
      return <TensorView />;
    case 'search':
      return <SearchView />;
    case 'results':
      return <ResultsView />;
    case 'loops':
      return <LoopsView />;
    default:
      return <CompareView />;
  }
}

function RunButtons({ view }: { view: ViewId }) {
  const [live, setLive] = useView('bfp.live', true);
  const [beside, setBeside] = useView<ViewId | ''>('bfp.beside', '');
  const editable = useDesign(() => isEditable());
  const running = useBfp((state) => state.phase === 'running');
  return (
    <>
      <BesideSelect
        label={texts.beside}
        view={view}
        value={beside}
        onChange={setBeside}
        none={texts.besideNone}
        options={VIEWS.map((id) => ({ value: id, label: texts.besideView(texts.views[id]) }))}
      />
      <span className="live" title={texts.liveAbout}>
        {texts.live}
        <Switch label={texts.liveAbout} checked={live} onChange={setLive} />
      </span>
      <Button
        size="small"
        icon={Search}
        label={texts.search}
        title={texts.searchAbout}
        disabled={!editable || running}
        onClick={searchNow}
      />
      {running ? (
        <Button size="small" icon={Square} label={texts.stop} shortcut="Mod+." onClick={stopRun} />
      ) : (
        <Button
          size="small"
          icon={Play}
          label={texts.measure}
          title={texts.measureAbout}
          shortcut="Mod+Enter"
          onClick={measureNow}
        />
      )}
    </>
  );
}

function Below() {
  const problems = useBfp((state) => state.problems);
  const log = useBfp((state) => (state.log.length > 0 ? state.log : (state.result?.report.measured.log ?? state.log)));
  return (
    <ProblemsAndLog
      label={texts.bottomTitle}
      problems={problems}
      problemsTitle={texts.problems.title}
      noProblems={texts.problems.none}
      log={log}
      logTitle={texts.log.title}
      noLog={texts.log.none}
    />
  );
}

/** How many problems there are: in the bar, also while the part is folded. */
function Count() {
  const problems = useBfp((state) => state.problems);
  return <ProblemCount problems={problems} errors={texts.problems.errors} warnings={texts.problems.warnings} />;
}

function useCommandsOfLab(setView: (view: ViewId) => void): void {
  const title = useDesign((state) => state.design?.document.title ?? '');
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const hasResult = useBfp((state) => state.result !== undefined);
  useEffect(() => setDesign(title, seed), [title, seed]);
  useLabCommands('bfp', bfpCommands, setView, hasResult);
}
