import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { LIGHT } from './export-svg.ts';

it('exports in the colours of the light theme', () => {
  const css = readFileSync(resolve(import.meta.dirname, '../shell/tokens.css'), 'utf8');
  const light = css.slice(css.indexOf('[data-theme="light"]'), css.indexOf('[data-theme="dark"]'));
  const six = (colour: string) => colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
  for (const [token, colour] of Object.entries(LIGHT)) {
    const value = light.match(new RegExp(`--${token}: (#[0-9a-f]+);`))?.[1];
    expect(value && six(value), token).toBe(colour);
  }
});
