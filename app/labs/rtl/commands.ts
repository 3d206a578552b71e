import type { Problem } from '../../../engines/core/result.ts';
import type { Command } from '../../design/index.ts';
import { type LabActions, labCommands } from '../../shell/lab-commands.ts';
import { downloadItems } from './download/items.ts';
import { analyseNow, type PpaTab } from './ppa/state.ts';
import { proveNow } from './prove/state.ts';
import { runNow, stopRun } from './run/controls.ts';
import { simulateNow } from './simulate/state.ts';
import { openPlace, useRtl } from './state.ts';
import { texts } from './texts.ts';
import { allProblems } from './views/all-problems.ts';

export type ViewId = 'split' | 'source' | 'schematic' | 'cells' | 'simulation' | 'ppa';

interface Actions extends LabActions<ViewId> {
  hasFiles(): boolean;
  setPpaTab(tab: PpaTab): void;
  writeFolder?(): void;
}

const words = texts.commands;
const { group } = words;

/** What can be done in this lab, for the menu, the palette and the keys. */
export function rtlCommands(actions: Actions): Command[] {
  const { never, stop, liveAndPinned, view, download } = labCommands(
    {
      id: 'rtl',
      words: { ...words, pin: texts.pin, pinAgain: texts.pinAgain, unpin: texts.unpin },
      isRunning: () => useRtl.getState().phase === 'running',
      hasResult: () => useRtl.getState().result !== undefined,
      stop: stopRun,
    },
    actions,
  );
  const commands: Command[] = [
    {
      id: 'rtl.run',
      label: words.run,
      shortcut: 'Mod+Enter',
      ...never,
      global: true,
      enabled: actions.hasFiles,
      run: runNow,
    },
    stop,
    ...liveAndPinned,
    problemCommand('rtl.problem.next', words.next, 'F8', 1),
    problemCommand('rtl.problem.previous', words.previous, 'Shift+F8', -1),
    view('split', words.viewSplit, 1),
    view('source', words.viewSource, 2),
    view('schematic', words.viewSchematic, 3),
    view('cells', words.viewCells, 4),
    view('simulation', words.viewSimulation, 5),
    view('ppa', words.viewPpa, 6),
    {
      id: 'rtl.simulate',
      label: words.simulate,
      shortcut: 'Mod+Shift+Enter',
      ...never,
      global: true,
      enabled: actions.hasFiles,
      run: () => {
        actions.setView('simulation');
        simulateNow();
      },
    },
    {
      id: 'rtl.analyse',
      label: words.analyse,
      ...never,
      global: true,
      enabled: actions.hasFiles,
      run: () => {
        actions.setView('ppa');
        analyseNow();
      },
    },
    {
      id: 'rtl.prove',
      label: words.prove,
      ...never,
      global: true,
      enabled: actions.hasFiles,
      run: () => {
        actions.setView('ppa');
        actions.setPpaTab('prove');
        proveNow();
      },
    },
    {
      id: 'rtl.examples',
      label: words.examples,
      ...never,
      run: () => useRtl.setState({ examplesOpen: true }),
    },
    {
      id: 'rtl.file.new',
      label: words.newFile,
      group,
      capture: 'now',
      enabled: actions.editable,
      run: () => useRtl.setState({ naming: { kind: 'new' } }),
    },
    ...downloadItems.map(download),
  ];
  const { writeFolder } = actions;
  if (writeFolder) commands.push({ id: 'rtl.folder', label: words.folder, ...never, run: writeFolder });
  return commands;
}

function problemCommand(id: string, label: string, shortcut: string, step: 1 | -1): Command {
  return {
    id,
    label,
    shortcut,
    group,
    capture: 'never',
    global: true,
    enabled: () => allProblems().some((problem) => problem.where?.file !== undefined),
    run: () => {
      const next = neighbour(allProblems(), useRtl.getState().cursor, step);
      if (next?.where) openPlace(next.where);
    },
  };
}

/** The problem after (or before) the cursor, in the order of files and lines, round and round. */
export function neighbour(
  problems: readonly Problem[],
  cursor: { file: string; line: number } | undefined,
  step: 1 | -1,
): Problem | undefined {
  const placed = problems.filter((problem) => problem.where?.file !== undefined);
  const sorted = [...placed].sort((a, b) => order(a.where?.file, b.where?.file) || lineOf(a) - lineOf(b));
  if (!cursor) return sorted[0];
  const compare = (problem: Problem) => order(problem.where?.file, cursor.file) || lineOf(problem) - cursor.line;
  return step === 1
    ? (sorted.find((problem) => compare(problem) > 0) ?? sorted[0])
    : (sorted.findLast((problem) => compare(problem) < 0) ?? sorted.at(-1));
}

function lineOf(problem: Problem): number {
  return problem.where?.line ?? 1;
}

function order(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
