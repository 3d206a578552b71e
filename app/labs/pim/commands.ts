import type { Command } from '../../design/index.ts';
import { type LabActions, labCommands } from '../../shell/lab-commands.ts';
import { downloadItems } from './download/items.ts';
import { runNow, stopRun, takeBest } from './run/controls.ts';
import { chooseFile } from './setup/open-file.ts';
import { usePim } from './state.ts';
import { texts } from './texts.ts';

export const VIEWS = [
  'crossbar',
  'network',
  'chip',
  'schedule',
  'listing',
  'memory',
  'layers',
  'compare',
  'search',
] as const;
export type ViewId = (typeof VIEWS)[number];

const words = texts.commands;
const { group } = words;

/** What can be done in this lab, for the menu, the palette and the keys. */
export function pimCommands(actions: LabActions<ViewId>): Command[] {
  const { never, stop, liveAndPinned, view, download } = labCommands(
    {
      id: 'pim',
      words: { ...words, pin: texts.pin, pinAgain: texts.pinAgain, unpin: texts.unpin },
      isRunning: () => usePim.getState().phase === 'running',
      hasResult: () => usePim.getState().result !== undefined,
      stop: stopRun,
    },
    actions,
  );
  return [
    { ...never, id: 'pim.run', label: words.run, shortcut: 'Mod+Enter', global: true, run: runNow },
    stop,
    {
      ...never,
      id: 'pim.take',
      label: words.take,
      enabled: () => {
        const { searching, phase, genetic } = usePim.getState();
        return (searching || phase === 'cancelled') && genetic !== undefined;
      },
      run: takeBest,
    },
    ...liveAndPinned,
    ...VIEWS.map((id, index) => view(id, words.view(texts.views[id]), index + 1)),
    {
      ...never,
      id: 'pim.gallery',
      label: words.gallery,
      run: () => usePim.setState({ galleryOpen: true }),
    },
    {
      id: 'pim.open',
      label: words.open,
      group,
      capture: 'now',
      enabled: actions.editable,
      run: () => void chooseFile(),
    },
    ...downloadItems.map(download),
  ];
}
