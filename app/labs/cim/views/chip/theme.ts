import { useEffect, useState } from 'react';
import { rampSteps } from '../../../../charts/ramp.ts';
import { type ChipTheme, ROLE_TOKENS } from './chip-painter.ts';
import type { Role } from './role-maps.ts';

const RAMP_STEPS = 24;

/** The tokens as a canvas needs them, in the theme of an element. */
export function readTheme(element: Element): ChipTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const stops = ['r0', 'r1', 'r2', 'r3', 'r4'].map(token);
  return {
    surface: token('surface'),
    sunken: token('sunken'),
    line: token('line'),
    lineStrong: token('line-strong'),
    text: token('text'),
    text3: token('text-3'),
    accent: token('accent'),
    face: token('mono') || 'monospace',
    roles: Object.fromEntries(Object.entries(ROLE_TOKENS).map(([role, name]) => [role, token(name)])) as Record<
      Role,
      string
    >,
    ramp: rampSteps(stops, RAMP_STEPS).map(([red, green, blue]) => `rgb(${red} ${green} ${blue})`),
  };
}

/** Changes whenever the colours or the fonts of the page do: a canvas is then to be drawn anew. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = () => setVersion((was) => was + 1);
    const themes = new MutationObserver(changed);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
    // Texts drawn before the font arrived have the wrong face.
    let there = true;
    void document.fonts.ready.then(() => there && changed());
    return () => {
      there = false;
      themes.disconnect();
    };
  }, []);
  return version;
}
