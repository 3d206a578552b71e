import { FilePlus2, LibraryBig, Play, Square } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { RtlSlice } from '../../../engines/rtl/types.ts';
import { isEditable, useDesign, useSlice, useView } from '../../design/index.ts';
import { warmEngine } from '../../jobs/index.ts';
import type { LabActions } from '../../shell/lab-commands.ts';
import { useLabCommands } from '../../shell/use-lab-commands.ts';
import { Bench } from '../../ui/Bench.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { Split } from '../../ui/Split.tsx';
import { StatusItem } from '../../ui/StatusItem.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { takeFiles } from './actions.ts';
import { rtlCommands, type ViewId } from './commands.ts';
import { setTitle } from './download/downloads.ts';
import { EditorPane } from './editor/EditorPane.tsx';
import { readDrop } from './files/drop.ts';
import { Examples } from './files/Examples.tsx';
import { FilesPanel } from './files/FilesPanel.tsx';
import { useFolder, writeFolder } from './files/useFolder.ts';
import { isLibraryFile, takeLibrary } from './ppa/library-file.ts';
import { PpaEngine } from './ppa/PpaEngine.tsx';
import { PpaReadings } from './ppa/PpaReadings.tsx';
import { PpaSetup } from './ppa/PpaSetup.tsx';
import type { PpaTab } from './ppa/state.ts';
import { ProveEngine } from './prove/ProveEngine.tsx';
import { ReadingsPanel } from './readings/ReadingsPanel.tsx';
import { runNow, stopRun } from './run/controls.ts';
import { RunEngine } from './run/RunEngine.tsx';
import { RunStatus } from './run/RunStatus.tsx';
import { startSession } from './session.ts';
import { SetupPanel } from './setup/SetupPanel.tsx';
import { SimulateEngine } from './simulate/SimulateEngine.tsx';
import { SimulationPane } from './simulate/SimulationPane.tsx';
import { SimulationReadings } from './simulate/SimulationReadings.tsx';
import { SimulationSetup } from './simulate/SimulationSetup.tsx';
import { useSim } from './simulate/state.ts';
import { useRtl } from './state.ts';
import { texts } from './texts.ts';
import './rtl.css';
import { CellsView } from './views/CellsView.tsx';
import { ProblemCount, ProblemsAndLog } from './views/ProblemsAndLog.tsx';
import { SchematicPane } from './views/SchematicPane.tsx';
import { closeWaveFile, isWaveFile, openWaveFile, useOpenedWaves } from './wave/opened.ts';

/** The RTL bench. Built anew for each design, so that nothing of one is seen in another. */
export default function Lab() {
  const design = useDesign((state) => state.design?.id);
  return design === undefined ? null : <RtlBench key={design} design={design} />;
}

/** One element for good: the frame is told anew whenever it changes. */
const COUNT = <ProblemCount />;

function RtlBench({ design }: { design: string }) {
  useEffect(startSession, []);
  useEffect(() => void warmEngine('rtl'), []);
  useCommandsOfLab(design);
  useEffect(() => closeWaveFile, []);
  const [, setView] = useView<ViewId>('rtl.view', 'split');
  const takeDrop = (transfer: DataTransfer) => {
    const waves = [...transfer.files].find(({ name }) => isWaveFile(name));
    if (waves) {
      void openWaveFile(waves);
      setView('simulation');
    }
    const library = [...transfer.files].find(({ name }) => isLibraryFile(name));
    if (library) void takeLibrary(library);
    void readDrop(transfer).then((incoming) => {
      const sources = incoming.filter(({ path }) => !isWaveFile(path) && !isLibraryFile(path));
      if (sources.length > 0 || !(waves || library)) void takeFiles(sources);
    });
  };
  return (
    <FileDrop className="rtl" label={texts.files.drop} onDrop={takeDrop}>
      <RunEngine />
      <SimulateEngine />
      <PpaEngine />
      <ProveEngine />
      <Bench
        id="rtl"
        leftTitle={texts.designTitle}
        left={<Left />}
        mainTitle={texts.benchTitle}
        main={<Main />}
        rightTitle={texts.readingsTitle}
        right={<Right />}
        bottomTitle={texts.bottomTitle}
        bottom={<ProblemsAndLog />}
        bottomAside={COUNT}
      />
      <Examples />
      <Support />
      <StatusItem>
        <RunStatus />
      </StatusItem>
    </FileDrop>
  );
}

const PpaPane = lazy(async () => ({ default: (await import('./ppa/PpaPane.tsx')).PpaPane }));
const SupportDialog = lazy(() => import('./simulate/SupportDialog.tsx'));

function Support() {
  const open = useSim((state) => state.supportOpen);
  return open ? (
    <Suspense>
      <SupportDialog />
    </Suspense>
  ) : null;
}

/** Files, and what the view at hand goes by first. */
function Left() {
  const [view] = useView<ViewId>('rtl.view', 'split');
  return (
    <>
      <FilesPanel />
      {view === 'ppa' && <PpaSetup />}
      <SetupPanel />
      <SimulationSetup />
      {view !== 'ppa' && <PpaSetup />}
    </>
  );
}

/** Figures of the synthesis; in the simulation's view those of the run first, in that of timing and power those of the analysis. */
function Right() {
  const [view] = useView<ViewId>('rtl.view', 'split');
  return (
    <>
      {view === 'simulation' && <SimulationReadings />}
      {view === 'ppa' && <PpaReadings />}
      <ReadingsPanel />
    </>
  );
}

/** Source, schematic and cells. Source and schematic stay built whichever is shown: an editor keeps its undo. */
function Main() {
  const { files } = useSlice<RtlSlice>('rtl');
  const editable = useDesign(() => isEditable());
  const [view, setView] = useView<ViewId>('rtl.view', 'split');
  const goal = useRtl((state) => state.goal);
  useEffect(() => {
    if (goal?.focus && (view === 'schematic' || view === 'cells')) setView('split');
  }, [goal, view, setView]);
  const box = useRef<HTMLDivElement>(null);
  const direction = useDirection(box);
  /** What needs the whole width stands below the source. */
  const below = view === 'simulation' || view === 'ppa';
  const waves = useOpenedWaves(({ name }) => name !== undefined);
  if (files.length === 0 && waves) {
    return (
      <div ref={box} className="rtl-views">
        <SimulationPane />
      </div>
    );
  }
  if (files.length === 0) {
    return (
      <EmptyState
        icon={FilePlus2}
        title={texts.empty.title}
        text={texts.empty.text}
        action={
          <span className="rtl-starts">
            <Button
              variant="primary"
              icon={FilePlus2}
              label={texts.files.newFile}
              disabled={!editable}
              onClick={() => useRtl.setState({ naming: { kind: 'new' } })}
            />
            <Button
              icon={LibraryBig}
              label={texts.files.examples}
              onClick={() => useRtl.setState({ examplesOpen: true })}
            />
          </span>
        }
      />
    );
  }
  return (
    <>
      <Tabs
        label={texts.benchTitle}
        value={view}
        onChange={(id) => setView(id as ViewId)}
        tabs={(['split', 'source', 'schematic', 'cells', 'simulation', 'ppa'] as const).map((id) => ({
          id,
          label: texts.views[id],
        }))}
        aside={<RunButtons />}
      />
      <div ref={box} className="rtl-views" data-view={view}>
        <Split
          id={below ? 'rtl.bench' : `rtl.${direction}`}
          direction={below ? 'column' : direction}
          share={below ? 0.35 : direction === 'row' ? 0.5 : 0.55}
          firstLabel={texts.source.title}
          first={<EditorPane />}
          second={
            view === 'simulation' ? (
              <SimulationPane />
            ) : view === 'ppa' ? (
              <Suspense>
                <PpaPane />
              </Suspense>
            ) : (
              <SchematicPane shown={view === 'split' || view === 'schematic'} />
            )
          }
        />
        {view === 'cells' && <CellsView />}
      </div>
    </>
  );
}

/** Side by side where there is room for two, else one above the other. */
function useDirection(box: React.RefObject<HTMLDivElement | null>): 'row' | 'column' {
  const [direction, setDirection] = useState<'row' | 'column'>('column');
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = element;
      setDirection(clientWidth >= 1180 && clientWidth > 1.5 * clientHeight ? 'row' : 'column');
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [box]);
  return direction;
}

function RunButtons() {
  const [live, setLive] = useView('rtl.live', true);
  const running = useRtl((state) => state.phase === 'running');
  return (
    <>
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

function useCommandsOfLab(design: string): void {
  const title = useDesign((state) => state.design?.document.title ?? '');
  const [, setView] = useView<ViewId>('rtl.view', 'split');
  const [, setPpaTab] = useView<PpaTab>('rtl.ppa', 'paths');
  const { files } = useSlice<RtlSlice>('rtl');
  const hasFiles = files.length > 0;
  const folder = useFolder(design) !== undefined;
  const hasResult = useRtl((state) => state.result !== undefined);
  useEffect(() => setTitle(title), [title]);
  const commands = useCallback(
    (actions: LabActions<ViewId>) =>
      rtlCommands({
        ...actions,
        hasFiles: () => hasFiles,
        setPpaTab,
        writeFolder: folder ? () => void writeFolder(design) : undefined,
      }),
    [design, hasFiles, folder, setPpaTab],
  );
  useLabCommands('rtl', commands, setView, hasResult);
}
