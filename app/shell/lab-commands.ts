import type { Command } from '../design/index.ts';
import { PIN_COMMAND } from './lab.ts';

/** What commands do to the bench around them. */
export interface LabActions<View extends string> {
  editable(): boolean;
  isPinned(): boolean;
  pin(): void;
  unpin(): void;
  setView(view: View): void;
  toggleLive(): void;
}

/** A lab as the commands that every lab has see it. */
export interface LabRuns {
  /** Before the ids of its commands. */
  id: string;
  words: {
    group: string;
    stop: string;
    live: string;
    pin: string;
    pinAgain: string;
    unpin: string;
    download(label: string): string;
  };
  isRunning(): boolean;
  hasResult(): boolean;
  stop(): void;
}

/** The commands that every lab has, for it to put among its own. */
export function labCommands<View extends string>({ id, words, ...lab }: LabRuns, actions: LabActions<View>) {
  const never = { group: words.group, capture: 'never' } as const;
  const stop: Command = {
    ...never,
    id: `${id}.stop`,
    label: words.stop,
    shortcut: 'Mod+.',
    global: true,
    enabled: lab.isRunning,
    run: lab.stop,
  };
  const liveAndPinned: Command[] = [
    { ...never, id: `${id}.live`, label: words.live, run: actions.toggleLive },
    {
      ...never,
      id: PIN_COMMAND,
      label: actions.isPinned() ? words.pinAgain : words.pin,
      shortcut: 'Mod+Shift+P',
      global: true,
      enabled: lab.hasResult,
      run: actions.pin,
    },
    { ...never, id: `${id}.unpin`, label: words.unpin, enabled: actions.isPinned, run: actions.unpin },
  ];
  return {
    never,
    stop,
    liveAndPinned,
    view: (view: View, label: string, place: number): Command => ({
      ...never,
      id: `${id}.view.${view}`,
      label,
      shortcut: `Alt+${place}`,
      global: true,
      run: () => actions.setView(view),
    }),
    download: (item: { id: string; label: string; enabled?(): boolean; run(): void }): Command => ({
      ...never,
      id: `${id}.download.${item.id}`,
      label: words.download(item.label),
      enabled: item.enabled,
      run: item.run,
    }),
  };
}
