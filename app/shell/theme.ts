import { create } from 'zustand';
import { recall, remember } from '../ui/remember.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';

const CHOICES: readonly unknown[] = ['light', 'dark', 'system'];
const isChoice = (value: unknown): value is ThemeChoice => CHOICES.includes(value);
const preference = matchMedia('(prefers-color-scheme: dark)');

interface ThemeStore {
  choice: ThemeChoice;
  /** What the choice comes to now. */
  theme: 'light' | 'dark';
}

function resolve(choice: ThemeChoice): 'light' | 'dark' {
  return choice === 'system' ? (preference.matches ? 'dark' : 'light') : choice;
}

const first = recall<ThemeChoice>('theme', 'system', isChoice);
export const useTheme = create<ThemeStore>(() => ({ choice: first, theme: resolve(first) }));

/** `public/boot.js` does the same before the first paint, from the same key. */
function apply(): void {
  const { choice } = useTheme.getState();
  const theme = resolve(choice);
  document.documentElement.dataset.theme = theme;
  useTheme.setState({ choice, theme });
}

export function chooseTheme(choice: ThemeChoice): void {
  remember('theme', choice);
  useTheme.setState({ choice });
  apply();
}

/** Follows the system's preference, and the choice made in another tab. */
export function startTheme(): void {
  apply();
  preference.addEventListener('change', apply);
  addEventListener('storage', (event) => {
    if (event.key !== 'crossbar.theme') return;
    useTheme.setState({ choice: recall<ThemeChoice>('theme', 'system', isChoice) });
    apply();
  });
}
