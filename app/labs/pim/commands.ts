import type { Command } from '../../design/index.ts';
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
export function pimCommands(actions: Actions): Command[] {
  const never = { group, capture: 'never' } as const;
  return [
    { ...never, id: 'pim.run', label: words.run, shortcut: 'Mod+Enter', global: true, run: runNow },
    {
      ...never,
      id: 'pim.stop',
      label: words.stop,
      shortcut: 'Mod+.',
      global: true,
      enabled: () => usePim.getState().phase === 'running',
      run: stopRun,
    },
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
    { ...never, id: 'pim.live', label: words.live, run: actions.toggleLive },
    {
      ...never,
      id: actions.pinId,
      label: actions.isPinned() ? texts.pinAgain : texts.pin,
      shortcut: 'Mod+Shift+P',
      global: true,
      enabled: () => usePim.getState().result !== undefined,
      run: actions.pin,
    },
    { ...never, id: 'pim.unpin', label: texts.unpin, enabled: actions.isPinned, run: actions.unpin },
    ...VIEWS.map(
      (id, index): Command => ({
        ...never,
        id: `pim.view.${id}`,
        label: words.view(texts.views[id]),
        shortcut: `Alt+${index + 1}`,
        global: true,
        run: () => actions.setView(id),
      }),
    ),
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
    ...downloadItems.map(
      ({ id, label, enabled, run }): Command => ({
        ...never,
        id: `pim.download.${id}`,
        label: words.download(label),
        enabled,
        run,
      }),
    ),
  ];
}
