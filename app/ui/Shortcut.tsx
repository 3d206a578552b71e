const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** `Mod+Shift+Z` in the words of this machine: `Ctrl Shift Z`, `⌘ ⇧ Z`. */
export function shortcutText(shortcut: string): string {
  return shortcut
    .split('+')
    .map((key) => {
      if (key === 'Mod') return isMac ? '⌘' : 'Ctrl';
      if (isMac && key === 'Shift') return '⇧';
      if (isMac && key === 'Alt') return '⌥';
      return key;
    })
    .join(' ');
}

/** A shortcut, as drawn keys. */
export function Shortcut({ keys }: { keys: string }) {
  return <kbd className="kbd">{shortcutText(keys)}</kbd>;
}
