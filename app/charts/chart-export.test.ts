import { describe, expect, it } from 'vitest';
import { inRange, plainColour } from './chart-export.ts';

describe('the characters of a font file', () => {
  it('are looked up in its unicode-range', () => {
    const latin = 'U+0000-00FF, U+2000-206F, U+2212';
    expect(inRange(latin, 'XOR')).toBe(true);
    expect(inRange(latin, '\u2212')).toBe(true);
    expect(inRange(latin, '▲ł')).toBe(false);
    expect(inRange('U+0100-02BA', 'Żółw')).toBe(true);
  });

  it('are all there where none is named', () => {
    expect(inRange('', '▲')).toBe(true);
    expect(inRange('', '')).toBe(false);
  });
});

describe('colours that leave the studio', () => {
  it('are written as every reader of SVG knows them', () => {
    expect(plainColour('color(srgb 0.5 0 1)')).toBe('rgb(128, 0, 255)');
    expect(plainColour('rgb(1, 2, 3)')).toBe('rgb(1, 2, 3)');
  });
});
