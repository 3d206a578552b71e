import { House, Info, Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import { Fragment } from 'react';
import { IconButton } from '../ui/IconButton.tsx';
import type { LabGroup } from './lab.ts';
import { labs } from './labs.ts';
import { showOverlay } from './overlay.ts';
import { texts } from './texts.ts';
import { chooseTheme, type ThemeChoice, useTheme } from './theme.ts';

const GROUPS: readonly LabGroup[] = ['network', 'mapping', 'hardware', 'system'];

/** The labs by group, and below them what belongs to the whole studio. `active`: the lab on the screen. */
export function Nav({ active, home }: { active?: string; home: boolean }) {
  return (
    <nav className="nav" aria-label={texts.nav.label}>
      <a className="nav-link" href="#/" aria-current={home ? 'page' : undefined}>
        <House size={18} strokeWidth={1.6} aria-hidden />
        {texts.nav.home}
      </a>
      {GROUPS.map((group) => {
        const inside = labs.filter((lab) => lab.group === group);
        if (inside.length === 0) return null;
        return (
          <Fragment key={group}>
            <div className="nav-group">{texts.groups[group]}</div>
            {inside.map(({ id, short, title, icon: Icon }) => (
              <a
                key={id}
                className="nav-link"
                href={id === active ? location.hash : `#/${id}`}
                title={title}
                aria-current={id === active ? 'page' : undefined}
              >
                <Icon size={18} strokeWidth={1.6} />
                {short}
              </a>
            ))}
          </Fragment>
        );
      })}
      <div className="nav-end">
        <ThemeButton />
        <IconButton icon={Keyboard} label={texts.shortcuts.title} onClick={() => showOverlay('shortcuts')} />
        <IconButton icon={Info} label={texts.about.title} onClick={() => showOverlay('about')} />
      </div>
    </nav>
  );
}

const THEMES: Record<ThemeChoice, { icon: typeof Sun; next: ThemeChoice }> = {
  system: { icon: Monitor, next: 'light' },
  light: { icon: Sun, next: 'dark' },
  dark: { icon: Moon, next: 'system' },
};

function ThemeButton() {
  const choice = useTheme((state) => state.choice);
  const { icon, next } = THEMES[choice];
  return (
    <IconButton icon={icon} label={`${texts.theme.label}: ${texts.theme[choice]}`} onClick={() => chooseTheme(next)} />
  );
}
