import { useEffect, useState } from 'react';
import { rampSteps } from '../../../charts/ramp.ts';

/** Resolves tokens where they are drawn on a canvas. */
export function readTokens(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

/** The ramp as so many colours in the theme of an element. */
export function readRamp(token: (name: string) => string, steps: number): string[] {
  const stops = ['r0', 'r1', 'r2', 'r3', 'r4'].map(token);
  return rampSteps(stops, steps).map(([red, green, blue]) => `rgb(${red} ${green} ${blue})`);
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
