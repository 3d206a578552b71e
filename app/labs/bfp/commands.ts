import type { Command } from '../../design/index.ts';
import { canMap, currentSlice, mapToCrossbars } from './actions.ts';
import { downloadItems } from './download/items.ts';
import { measureNow, searchNow, stopRun, takeBest } from './run/controls.ts';
import { chooseModel } from './setup/open-file.ts';
import { useBfp } from './state.ts';
import { texts } from './texts.ts';

export const VIEWS = ['layers', 'tensor', 'search', 'results', 'loops', 'compare'] as const;
export type ViewId = (typeof VIEWS)[number];

interface Actions {
  pinId: string;
  editable(): boolean;
  isPinned(): boolean;
  pin(): void;
  unpin(): void;
  setView(view: ViewId): void;
  toggleLive(): void;
}

const words = texts.commands;
const { group } = words;

/** What can be done in this lab, for the menu, the palette and the keys. */
export function bfpCommands(actions: Actions): Command[] {
  const never = { group, capture: 'never' } as const;
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
    {
      ...never,
      id: 'bfp.stop',
      label: words.stop,
      shortcut: 'Mod+.',
      global: true,
      enabled: () => useBfp.getState().phase === 'running',
      run: stopRun,
    },
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
    { ...never, id: 'bfp.live', label: words.live, run: actions.toggleLive },
    {
      ...never,
      id: actions.pinId,
      label: actions.isPinned() ? texts.pinAgain : texts.pin,
      shortcut: 'Mod+Shift+P',
      global: true,
      enabled: () => useBfp.getState().result !== undefined,
      run: actions.pin,
    },
    { ...never, id: 'bfp.unpin', label: texts.unpin, enabled: actions.isPinned, run: actions.unpin },
    ...VIEWS.map(
      (id, index): Command => ({
        ...never,
        id: `bfp.view.${id}`,
        label: words.view(texts.views[id]),
        shortcut: `Alt+${index + 1}`,
        global: true,
        run: () => actions.setView(id),
      }),
    ),
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
    ...downloadItems.map(
      ({ id, label, enabled, run }): Command => ({
        ...never,
        id: `bfp.download.${id}`,
        label: words.download(label),
        enabled,
        run,
      }),
    ),
  ];
}
