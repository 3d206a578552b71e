import type { Command } from '../../design/index.ts';
import { type LabActions, labCommands } from '../../shell/lab-commands.ts';
import { setCuts } from './actions.ts';
import { downloadItems } from './download/items.ts';
import { runNow, stopRun } from './run/controls.ts';
import { chooseFile } from './setup/open-file.ts';
import { useCim } from './state.ts';
import { texts } from './texts.ts';

export const VIEWS = [
  'segments',
  'chip',
  'roofline',
  'timeline',
  'compare',
  'sensitivity',
  'sweeps',
  'program',
  'proof',
] as const;
export type ViewId = (typeof VIEWS)[number];

const words = texts.commands;

/** What can be done in this lab, for the menu, the palette and the keys. */
export function cimCommands(actions: LabActions<ViewId>): Command[] {
  const { never, stop, liveAndPinned, view, download } = labCommands(
    {
      id: 'cim',
      words: { ...words, pin: texts.pin, pinAgain: texts.pinAgain, unpin: texts.unpin },
      isRunning: () => useCim.getState().phase === 'running',
      hasResult: () => useCim.getState().result !== undefined,
      stop: stopRun,
    },
    actions,
  );
  return [
    { ...never, id: 'cim.run', label: words.run, shortcut: 'Mod+Enter', global: true, run: runNow },
    stop,
    {
      id: 'cim.uncut',
      label: words.uncut,
      group: words.group,
      capture: 'now',
      enabled: actions.editable,
      run: () => void setCuts(null),
    },
    ...liveAndPinned,
    ...VIEWS.map((id, index) => view(id, words.view(texts.views[id]), index + 1)),
    { ...never, id: 'cim.gallery', label: words.gallery, run: () => useCim.setState({ galleryOpen: true }) },
    {
      id: 'cim.open',
      label: words.open,
      group: words.group,
      capture: 'now',
      enabled: actions.editable,
      run: () => void chooseFile(),
    },
    ...downloadItems.map(download),
  ];
}
