import { describe, expect, it } from 'vitest';
import { fromPosition, positions, toPosition } from './slider-scale.ts';

describe('a slider', () => {
  it('counts evenly by its own step, without the dust of binary fractions', () => {
    const range = { min: 0, max: 1, step: 0.1 };
    expect(positions(range)).toMatchObject({ min: 0, max: 1, step: 0.1 });
    expect(fromPosition(0.1 + 0.2, range)).toBe(0.3);
    expect(toPosition(0.3, range)).toBe(0.3);
  });

  it('goes over decades evenly, with 0 before the first', () => {
    const range = { min: 0, max: 100, step: 0.01, least: 0.01, scale: 'log' as const };
    const { max } = positions(range);
    expect(fromPosition(0, range)).toBe(0);
    expect(fromPosition(1, range)).toBe(0.01);
    expect(fromPosition(max, range)).toBe(100);
    expect(toPosition(0, range)).toBe(0);
    const [one, ten, hundred] = [1, 10, 100].map((value) => toPosition(value, range));
    expect(ten! - one!).toBeCloseTo(hundred! - ten!, -0.5);
  });

  it('comes back to where it was', () => {
    const range = { min: 1, max: 3e8, step: 1, scale: 'log' as const };
    for (let at = 0; at <= 200; at++) {
      const value = fromPosition(at, range);
      expect(fromPosition(toPosition(value, range), range)).toBe(value);
    }
    expect(fromPosition(0, range)).toBe(1);
    expect(fromPosition(200, range)).toBe(3e8);
  });
});
