import { allCommands, type Command } from './commands.ts';

/** What of a keyboard event a shortcut looks at. */
export type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** Whether the keys are those of a shortcut such as `Mod+Shift+Z`. */
export function matches(shortcut: string, keys: Keys, mac = isMac): boolean {
  const parts = shortcut.split('+');
  const wanted = parts.pop()?.toLowerCase() ?? '';
  const has = (name: string) => parts.includes(name);
  if ((mac ? keys.metaKey : keys.ctrlKey) !== has('Mod')) return false;
  if ((mac ? keys.ctrlKey : keys.metaKey) !== has('Ctrl')) return false;
  if (keys.altKey !== has('Alt')) return false;
  // A sign such as `?` takes Shift on one keyboard and not on another; it says itself all there is to say.
  const isSign = wanted.length === 1 && !/[a-z0-9]/.test(wanted);
  if (!isSign && keys.shiftKey !== has('Shift')) return false;
  const key = keys.key.toLowerCase();
  if (key === wanted) return true;
  // On a keyboard of another script, and with Alt on a Mac, a letter or digit is told by its place.
  const code = keys.code.toLowerCase();
  return /^[^\x20-\x7e]$/.test(key) && (code === `key${wanted}` || code === `digit${wanted}`);
}

/** The command that the keys mean. While text is being edited its own keys come first: only global commands count. */
export function commandFor(keys: Keys, inText: boolean, commands = allCommands()): Command | undefined {
  return commands.find(
    (command) =>
      (command.global || !inText) &&
      [command.shortcut, ...(command.otherShortcuts ?? [])].some((shortcut) => shortcut && matches(shortcut, keys)) &&
      command.enabled?.() !== false,
  );
}

/** Runs commands by their shortcuts. Answers with the function that stops it. */
export function installShortcuts(target: Window): () => void {
  const hear = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandFor(event, editsText(event.target));
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command.run();
  };
  // Before the editor sees the key: it would take some of the global ones for itself.
  target.addEventListener('keydown', hear, { capture: true });
  return () => target.removeEventListener('keydown', hear, { capture: true });
}

/** Inputs whose keys are no text: Ctrl+Z over a checkbox is the design's. */
const NOT_TEXT = new Set(['checkbox', 'radio', 'range', 'button', 'submit', 'reset', 'color', 'file', 'image']);

function editsText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('.monaco-editor')) return true;
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
