import { Play, Square } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import type { PimSlice } from '../../../engines/pim/types.ts';
import { useDesign, useSlice, useView } from '../../design/index.ts';
import { warmEngine } from '../../jobs/index.ts';
import { ProblemsAndLog } from '../../jobs/ProblemsAndLog.tsx';
import { useLabCommands } from '../../shell/use-lab-commands.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Bench } from '../../ui/Bench.tsx';
import { BesideSelect, BesideViews } from '../../ui/BesideViews.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { ProblemCount } from '../../ui/ProblemCount.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { StatusItem } from '../../ui/StatusItem.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { pimCommands, VIEWS, type ViewId } from './commands.ts';
import { setDesign } from './download/downloads.ts';
import { ReadingsPanel } from './readings/ReadingsPanel.tsx';
import { runNow, stopRun } from './run/controls.ts';
import { RunEngine } from './run/RunEngine.tsx';
import { RunStatus } from './run/RunStatus.tsx';
import { Gallery } from './setup/Gallery.tsx';
import { openFile } from './setup/open-file.ts';
import { SetupPanel } from './setup/SetupPanel.tsx';
import { usePim } from './state.ts';
import { texts } from './texts.ts';
import './pim.css';

const CrossbarPart = lazy(() => import('./views/CrossbarPart.tsx'));
const NetworkView = lazy(() => import('./views/network/NetworkView.tsx'));
const ChipView = lazy(() => import('./views/chip/ChipView.tsx'));
const ScheduleView = lazy(() => import('./views/schedule/ScheduleView.tsx'));
const ListingView = lazy(() => import('./views/listing/ListingView.tsx'));
const MemoryView = lazy(() => import('./views/memory/MemoryView.tsx'));
const LayersView = lazy(() => import('./views/LayersView.tsx'));
const CompareView = lazy(() => import('./views/compare/CompareView.tsx'));
const SearchView = lazy(() => import('./views/search/SearchView.tsx'));

/** The bench of the crossbar compiler. Built anew for each design, so that nothing of one is seen in another. */
export default function Lab() {
  const design = useDesign((state) => state.design?.id);
  return design === undefined ? null : <PimBench key={design} />;
}

/** One element for good: the frame is told anew whenever it changes. */
const COUNT = <Count />;

function PimBench() {
  const [view, setView] = useView<ViewId>('pim.view', 'crossbar');
  useEffect(() => void warmEngine('pim'), []);
  useCommandsOfLab(setView);
  return (
    <FileDrop
      className="pim"
      label={texts.files.drop}
      onDrop={(transfer) => {
        const file = transfer.files[0];
        if (file) void openFile(file);
      }}
    >
      <RunEngine />
      <Strip view={view} onView={setView} />
      {view === 'crossbar' ? (
        <Waiting>
          <CrossbarPart />
        </Waiting>
      ) : (
        <Bench
          id="pim"
          leftTitle={texts.designTitle}
          left={<SetupPanel />}
          mainTitle={texts.views[view]}
          main={
            <div className="pim-view">
              <Failure />
              <Views view={view} />
            </div>
          }
          rightTitle={texts.readingsTitle}
          right={<ReadingsPanel />}
          bottomTitle={texts.bottomTitle}
          bottom={<Below />}
          bottomAside={COUNT}
        />
      )}
      <Gallery />
      <StatusItem>
        <RunStatus />
      </StatusItem>
    </FileDrop>
  );
}

function Waiting({ children }: { children: ReactNode }) {
  return <Suspense fallback={<EmptyState title={texts.loading} />}>{children}</Suspense>;
}

function Strip({ view, onView }: { view: ViewId; onView(view: ViewId): void }) {
  const problems = usePim((state) => state.problems.filter(({ severity }) => severity === 'error').length);
  const { evaluator } = useSlice<PimSlice>('pim');
  const searching = usePim((state) => state.searching && state.phase === 'running');
  return (
    <Tabs
      label={texts.benchTitle}
      value={view}
      onChange={(id) => onView(id as ViewId)}
      tabs={VIEWS.map((id) => ({
        id,
        label: texts.views[id],
        badge: id === 'search' && searching ? '…' : id === 'network' && problems > 0 ? problems : undefined,
        tone: id === 'network' ? ('bad' as const) : undefined,
      }))}
      aside={view !== 'crossbar' && <RunButtons view={view} evaluator={evaluator} />}
    />
  );
}

/** Why the design on the screen does not compile, above the last that did. */
function Failure() {
  const problem = usePim((state) =>
    state.phase === 'failed' && state.result ? state.problems.find(({ severity }) => severity === 'error') : undefined,
  );
  if (!problem) return null;
  return (
    <div className="pim-failure" role="alert">
      <ProblemList problems={[problem]} />
    </div>
  );
}

function Views({ view }: { view: ViewId }) {
  const [beside] = useView<ViewId | ''>('pim.beside', '');
  return (
    <BesideViews
      id="pim"
      view={view}
      beside={beside}
      titles={texts.views}
      loading={texts.loading}
      render={(of) => <Main view={of} />}
    />
  );
}

function Main({ view }: { view: ViewId }) {
  switch (view) {
    case 'network':
      return <NetworkView />;
    case 'chip':
      return <ChipView />;
    case 'schedule':
      return <ScheduleView />;
    case 'listing':
      return <ListingView />;
    case 'memory':
      return <MemoryView />;
    case 'layers':
      return <LayersView />;
    case 'compare':
      return <CompareView />;
    default:
      return <SearchView />;
  }
}

/** Views that say something beside another. */
const BESIDE: readonly ViewId[] = ['network', 'chip', 'schedule', 'listing', 'memory', 'layers'];

function RunButtons({ view, evaluator }: { view: ViewId; evaluator: PimSlice['evaluator'] }) {
  const [live, setLive] = useView('pim.live', true);
  const [beside, setBeside] = useView<ViewId | ''>('pim.beside', '');
  const running = usePim((state) => state.phase === 'running');
  return (
    <>
      <BesideSelect
        label={texts.beside}
        view={view}
        value={beside}
        onChange={setBeside}
        none={texts.besideNone}
        options={BESIDE.map((id) => ({ value: id, label: texts.besideView(texts.views[id]) }))}
      />
      <span className="pim-clock">
        <Badge tone={evaluator === 'reference' ? 'warn' : 'plain'}>{texts.clocks[evaluator]}</Badge>
      </span>
      <span className="live" title={texts.liveAbout}>
        {texts.live}
        <Switch label={texts.liveAbout} checked={live} onChange={setLive} />
      </span>
      {running ? (
        <Button size="small" icon={Square} label={texts.stop} shortcut="Mod+." onClick={stopRun} />
      ) : (
        <Button size="small" icon={Play} label={texts.run} shortcut="Mod+Enter" onClick={runNow} />
      )}
    </>
  );
}

function Below() {
  const problems = usePim((state) => state.problems);
  const log = usePim((state) => (state.log.length > 0 ? state.log : (state.result?.report.measured.log ?? state.log)));
  const stages = usePim((state) => state.result?.report.stages);
  return (
    <ProblemsAndLog
      label={texts.bottomTitle}
      problems={problems}
      problemsTitle={texts.problems.title}
      noProblems={texts.problems.none}
      log={log}
      logTitle={texts.log.title}
      noLog={texts.log.none}
      others={[
        {
          id: 'stages',
          label: texts.stages.title,
          content: (
            <ol className="pim-stages">
              {(stages ?? []).map(({ id, what }) => (
                <li key={id}>
                  <b>{texts.stages.names[id]}</b> {what}
                </li>
              ))}
            </ol>
          ),
        },
      ]}
    />
  );
}

/** How many problems there are: in the bar, also while the part is folded. */
function Count() {
  const problems = usePim((state) => state.problems);
  return <ProblemCount problems={problems} errors={texts.problems.errors} warnings={texts.problems.warnings} />;
}

function useCommandsOfLab(setView: (view: ViewId) => void): void {
  const title = useDesign((state) => state.design?.document.title ?? '');
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const hasResult = usePim((state) => state.result !== undefined);
  useEffect(() => setDesign(title, seed), [title, seed]);
  useLabCommands('pim', pimCommands, setView, hasResult);
}
