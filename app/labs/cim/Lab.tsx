import { Play, Square } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import type { CimSlice, PlanId } from '../../../engines/cim/types.ts';
import { useDesign, useSlice, useView } from '../../design/index.ts';
import { warmEngine } from '../../jobs/index.ts';
import { ProblemsAndLog } from '../../jobs/ProblemsAndLog.tsx';
import { useLabCommands } from '../../shell/use-lab-commands.ts';
import { Bench } from '../../ui/Bench.tsx';
import { BesideSelect, BesideViews } from '../../ui/BesideViews.tsx';
import { Button } from '../../ui/Button.tsx';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { ProblemCount } from '../../ui/ProblemCount.tsx';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { Select } from '../../ui/Select.tsx';
import { StatusItem } from '../../ui/StatusItem.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { cimCommands, VIEWS, type ViewId } from './commands.ts';
import { setDesign } from './download/items.ts';
import { ReadingsPanel } from './readings/ReadingsPanel.tsx';
import { runNow, stopRun } from './run/controls.ts';
import { RunEngine } from './run/RunEngine.tsx';
import { RunStatus } from './run/RunStatus.tsx';
import { Gallery } from './setup/Gallery.tsx';
import { openFile } from './setup/open-file.ts';
import { SetupPanel } from './setup/SetupPanel.tsx';
import { planOf, showPlan, useCim } from './state.ts';
import { texts } from './texts.ts';
import './cim.css';

const PARTS = {
  segments: lazy(() => import('./views/segments/SegmentsView.tsx')),
  chip: lazy(() => import('./views/chip/ChipView.tsx')),
  roofline: lazy(() => import('./views/roofline/RooflineView.tsx')),
  timeline: lazy(() => import('./views/timeline/TimelineView.tsx')),
  compare: lazy(() => import('./views/compare/CompareView.tsx')),
  sensitivity: lazy(() => import('./views/sensitivity/SensitivityView.tsx')),
  sweeps: lazy(() => import('./views/sweeps/SweepsView.tsx')),
  program: lazy(() => import('./views/program/ProgramView.tsx')),
  proof: lazy(() => import('./views/proof/ProofView.tsx')),
} satisfies Record<ViewId, unknown>;

/** The bench of the compiler for switching arrays. Built anew for each design, so that nothing of one is seen in another. */
export default function Lab() {
  const design = useDesign((state) => state.design?.id);
  return design === undefined ? null : <CimBench key={design} />;
}

/** One element for good: the frame is told anew whenever it changes. */
const COUNT = <Count />;

function CimBench() {
  const [view, setView] = useView<ViewId>('cim.view', 'segments');
  useEffect(() => void warmEngine('cim'), []);
  useCommandsOfLab(setView);
  return (
    <FileDrop
      className="cim"
      label={texts.files.drop}
      onDrop={(transfer) => {
        const file = transfer.files[0];
        if (file) void openFile(file);
      }}
    >
      <RunEngine />
      <Strip view={view} onView={setView} />
      <Bench
        id="cim"
        leftTitle={texts.designTitle}
        left={<SetupPanel />}
        mainTitle={texts.views[view]}
        main={
          <div className="cim-view">
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
      <Gallery />
      <StatusItem>
        <RunStatus />
      </StatusItem>
    </FileDrop>
  );
}

function Strip({ view, onView }: { view: ViewId; onView(view: ViewId): void }) {
  return (
    <Tabs
      label={texts.benchTitle}
      value={view}
      onChange={(id) => onView(id as ViewId)}
      tabs={VIEWS.map((id) => ({ id, label: texts.views[id] }))}
      aside={<RunButtons view={view} />}
    />
  );
}

/** Why the design on the screen does not compile, above the last that did. */
function Failure() {
  const problem = useCim((state) =>
    state.phase === 'failed' && state.result ? state.problems.find(({ severity }) => severity === 'error') : undefined,
  );
  if (!problem) return null;
  return (
    <div className="cim-failure" role="alert">
      <ProblemList problems={[problem]} />
    </div>
  );
}

function Views({ view }: { view: ViewId }) {
  const [beside] = useView<ViewId | ''>('cim.beside', '');
  return (
    <BesideViews
      id="cim"
      view={view}
      beside={beside}
      titles={texts.views}
      loading={texts.loading}
      render={(of) => <Main view={of} />}
    />
  );
}

function Main({ view }: { view: ViewId }) {
  const View = PARTS[view] ?? PARTS.segments;
  return (
    <Suspense fallback={null}>
      <View />
    </Suspense>
  );
}

/** Views of one plan: which of the report's plans they show can be chosen. */
const OF_A_PLAN: readonly ViewId[] = ['segments', 'chip', 'roofline', 'timeline', 'program', 'proof'];

function PlanSelect() {
  const plans = useCim((state) => state.result?.report.plans);
  const shown = useCim((state) => planOf(state)?.id);
  if (!plans || plans.length < 2 || shown === undefined) return null;
  return (
    <span className="cim-plan">
      <Select<PlanId>
        label={texts.plan}
        value={shown}
        onChange={(id) => showPlan(id === plans[0]!.id ? undefined : id)}
        options={plans.map(({ id, title }) => ({ value: id, label: title }))}
      />
    </span>
  );
}

function RunButtons({ view }: { view: ViewId }) {
  const { solver } = useSlice<CimSlice>('cim');
  const [live, setLive] = useView('cim.live', true);
  const [beside, setBeside] = useView<ViewId | ''>('cim.beside', '');
  const running = useCim((state) => state.phase === 'running');
  return (
    <>
      {OF_A_PLAN.includes(view) && <PlanSelect />}
      <BesideSelect
        label={texts.beside}
        view={view}
        value={beside}
        onChange={setBeside}
        none={texts.besideNone}
        options={VIEWS.map((id) => ({ value: id, label: texts.besideView(texts.views[id]) }))}
      />
      <span className="live" title={solver === 'exact' ? texts.liveAbout : texts.notLive}>
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
  const problems = useCim((state) => state.problems);
  const log = useCim((state) => (state.log.length > 0 ? state.log : (state.result?.report.measured.log ?? state.log)));
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
  const problems = useCim((state) => state.problems);
  return <ProblemCount problems={problems} errors={texts.problems.errors} warnings={texts.problems.warnings} />;
}

function useCommandsOfLab(setView: (view: ViewId) => void): void {
  const title = useDesign((state) => state.design?.document.title ?? '');
  const hasResult = useCim((state) => state.result !== undefined);
  useEffect(() => setDesign(title), [title]);
  useLabCommands('cim', cimCommands, setView, hasResult);
}
