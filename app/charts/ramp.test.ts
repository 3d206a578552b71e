import { describe, expect, it } from 'vitest';
import { rampColour, rampSteps } from './ramp.ts';

describe('the ramp', () => {
  it('meets its stops and stays between its ends', () => {
    expect([0, 0.25, 1].map(rampColour)).toEqual([
      'var(--r0)',
      'var(--r1)',
      'color-mix(in srgb, var(--r4) 100.0%, var(--r3))',
    ]);
    expect([rampColour(-3), rampColour(7)]).toEqual([rampColour(0), rampColour(1)]);
    expect(rampColour(0.125)).toBe('color-mix(in srgb, var(--r1) 50.0%, var(--r0))');
  });

  it('is the same in numbers', () => {
    expect(rampSteps(['#000', '#646464', '#ff0000'], 5)).toEqual([
      [0, 0, 0],
      [50, 50, 50],
      [100, 100, 100],
      [178, 50, 50],
      [255, 0, 0],
    ]);
  });
});
