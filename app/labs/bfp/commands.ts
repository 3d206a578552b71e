import type { Command } from '../../design/index.ts';
import { type LabActions, labCommands } from '../../shell/lab-commands.ts';
import { canMap, currentSlice, mapToCrossbars } from './actions.ts';
import { downloadItems } from './download/items.ts';
import { measureNow, searchNow, stopRun, takeBest } from './run/controls.ts';
import { chooseModel } from './setup/open-file.ts';
import { useBfp } from './state.ts';
import { texts } from './texts.ts';

export const VIEWS = ['layers', 'tensor', 'search', 'results', 'loops', 'compare'] as const;
export type ViewId = (typeof VIEWS)[number];

const words = texts.commands;
const { group } = words;

/** What can be done in this lab, for the menu, the palette and the keys. */
export function bfpCommands(actions: LabActions<ViewId>): Command[] {
  const { never, stop, liveAndPinned, view, download } = labCommands(
    {
      id: 'bfp',
      words: { ...words, pin: texts.pin, pinAgain: texts.pinAgain, unpin: texts.unpin },
      isRunning: () => useBfp.getState().phase === 'running',
      hasResult: () => useBfp.getState().result !== undefined,
      stop: stopRun,
    },
    actions,
  );
  return [
    { ...never, id: 'bfp.run', label: words.run, shortcut: 'Mod+Enter', global: true, run: measureNow },
    {
      id: 'bfp.search',
      label: words.search,
      group,
      capture: 'now',
      shortcut: 'Mod+Shift+Enter',
      global: true,
      enabled: actions.editable,
      run: searchNow,
    },
    stop,
    {
      id: 'bfp.take',
      label: words.take,
      group,
      capture: 'now',
      enabled: () => {
        const { searching, phase, search } = useBfp.getState();
        return actions.editable() && searching && phase === 'running' && search !== undefined;
      },
      run: takeBest,
    },
    ...liveAndPinned,
    ...VIEWS.map((id, index) => view(id, words.view(texts.views[id]), index + 1)),
    { ...never, id: 'bfp.gallery', label: words.gallery, run: () => useBfp.setState({ galleryOpen: true }) },
    {
      id: 'bfp.open',
      label: words.open,
      group,
      capture: 'now',
      enabled: actions.editable,
      run: () => void chooseModel(),
    },
    {
      ...never,
      id: 'bfp.map',
      label: words.map,
      enabled: () => canMap(currentSlice()),
      run: () => void mapToCrossbars(),
    },
    ...downloadItems.map(download),
  ];
}
