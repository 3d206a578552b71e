import { useEffect } from 'react';
import { onAsk, registerCommands } from '../design/index.ts';
import { type BenchPart, toggleBenchPart, useBenchParts } from '../ui/bench-store.ts';
import { go } from './address.ts';
import { labs } from './labs.ts';
import { showOverlay } from './overlay.ts';
import { texts } from './texts.ts';
import { chooseTheme } from './theme.ts';

const { commands: words } = texts;
const { groups } = words;

const GENERAL = [
  {
    id: 'shell.palette',
    label: words.palette,
    shortcut: 'Mod+K',
    group: groups.view,
    global: true,
    run: () => showOverlay('palette'),
  },
  { id: 'shell.home', label: words.home, group: groups.go, run: () => go({ kind: 'home' }) },
  ...labs.map(({ id, title }) => ({
    id: `shell.lab.${id}`,
    label: title,
    group: groups.go,
    run: () => go({ kind: 'lab', lab: id }),
  })),
  { id: 'shell.designs', label: words.designs, group: groups.go, run: () => showOverlay('designs') },
  { id: 'shell.light', label: words.light, group: groups.view, run: () => chooseTheme('light') },
  { id: 'shell.dark', label: words.dark, group: groups.view, run: () => chooseTheme('dark') },
  { id: 'shell.system', label: words.system, group: groups.view, run: () => chooseTheme('system') },
  {
    id: 'shell.shortcuts',
    label: words.shortcuts,
    shortcut: '?',
    group: groups.help,
    run: () => showOverlay('shortcuts'),
  },
  { id: 'shell.about', label: words.about, group: groups.help, run: () => showOverlay('about') },
].map((command) => ({ ...command, capture: 'never' as const }));

/** As in the code editors that most people know. */
const FOLD_KEYS: Record<BenchPart, string> = { left: 'Mod+B', bottom: 'Mod+J', right: 'Mod+Alt+B' };

/** What the frame itself can do, as commands: places to go, theme, dialogs, the parts of the bench on the screen. */
export function useShellCommands(): void {
  useEffect(() => registerCommands(GENERAL), []);
  useEffect(() => onAsk((question) => showOverlay(question)), []);
  const left = useBenchParts(({ parts }) => parts.left?.title);
  const bottom = useBenchParts(({ parts }) => parts.bottom?.title);
  const right = useBenchParts(({ parts }) => parts.right?.title);
  useEffect(() => {
    const titles: Record<BenchPart, string | undefined> = { left, bottom, right };
    const parts = (['left', 'bottom', 'right'] as const).filter((part) => titles[part] !== undefined);
    return registerCommands(
      parts.map((part) => ({
        id: `shell.fold.${part}`,
        label: words.fold(titles[part] ?? ''),
        shortcut: FOLD_KEYS[part],
        group: groups.view,
        capture: 'never' as const,
        global: true,
        run: () => toggleBenchPart(part),
      })),
    );
  }, [left, bottom, right]);
}
