import type { Capture } from './types.ts';

/** A thing the user can do. Menu, palette, shortcuts and tests read one list. */
export interface Command {
  id: string;
  label: string;
  /** As in `Mod+Shift+Z`; `Mod` is Ctrl, or Command on a Mac. */
  shortcut?: string;
  /** Further shortcuts that do the same and are not shown. */
  otherShortcuts?: string[];
  /** The heading it stands under in the palette. */
  group: string;
  /** How undo captures what it does. */
  capture: Capture;
  /** Runs by its shortcut even while an editor or a text field has the focus. */
  global?: boolean;
  enabled?(): boolean;
  run(): void;
}

let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Command[]): void {
  commands = next;
  for (const listener of [...listeners]) listener();
}

/** Adds commands; one with the id of an older takes its place. Answers with the function that removes them. */
export function registerCommands(added: readonly Command[]): () => void {
  const ids = new Set(added.map(({ id }) => id));
  change([...commands.filter(({ id }) => !ids.has(id)), ...added]);
  return () => change(commands.filter((command) => !added.includes(command)));
}

/** All commands, in the order they were registered; the same array until something changes. */
export function allCommands(): readonly Command[] {
  return commands;
}

export function onCommands(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Runs a command by its id. False when there is none or it is not enabled. */
export function runCommand(id: string): boolean {
  const command = commands.find((each) => each.id === id);
  if (!command || command.enabled?.() === false) return false;
  command.run();
  return true;
}
