import { useEffect, useState } from 'react';
import { parseHex, rampSteps } from '../../../../charts/ramp.ts';

type Colour = [red: number, green: number, blue: number];

/** Colours of the map, as numbers. */
export interface MapTheme {
  /** From the most negative over zero to the most positive. */
  signed: Colour[];
  /** From no error to the largest. */
  errors: Colour[];
  ground: string;
  mark: string;
  accent: string;
}

const STEPS = 255;

/** Colours in the theme of an element: blue and orange for signs, the ramp for quantities. */
export function readTheme(element: Element): MapTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const ramp = ['r0', 'r1', 'r2', 'r3', 'r4'].map(token);
  return {
    signed: rampSteps([token('c1'), token('surface'), token('c6')], STEPS),
    errors: rampSteps([token('surface'), ...(isDark(token('surface')) ? ramp : ramp.toReversed())], STEPS),
    ground: css(parseHex(token('sunken'))),
    mark: token('text'),
    accent: token('accent'),
  };
}

/** On a dark ground the ramp grows brighter, on a light one darker: no error is the ground. */
function isDark(colour: string): boolean {
  return parseHex(colour).reduce((sum, channel) => sum + channel, 0) < 384;
}

export function css([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Changes whenever the colours of the page do: a canvas is then to be drawn anew. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const themes = new MutationObserver(() => setVersion((was) => was + 1));
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
    return () => themes.disconnect();
  }, []);
  return version;
}
