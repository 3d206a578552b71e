import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGIT_SIDE, digitPicture } from './pad-picture.ts';

const SIDE = 40;

function pad(isInk: (x: number, y: number) => boolean): Float32Array {
  return Float32Array.from({ length: SIDE * SIDE }, (_, at) => (isInk(at % SIDE, Math.floor(at / SIDE)) ? 1 : 0));
}

function inkOf(picture: ArrayLike<number>) {
  const at = Array.from(picture, (value, place) => ({
    value,
    x: place % DIGIT_SIDE,
    y: Math.floor(place / DIGIT_SIDE),
  }));
  const on = at.filter(({ value }) => value > 0);
  const mass = on.reduce((sum, { value }) => sum + value, 0);
  return {
    width: Math.max(...on.map(({ x }) => x)) - Math.min(...on.map(({ x }) => x)) + 1,
    height: Math.max(...on.map(({ y }) => y)) - Math.min(...on.map(({ y }) => y)) + 1,
    centreX: on.reduce((sum, { value, x }) => sum + value * (x + 0.5), 0) / mass,
    centreY: on.reduce((sum, { value, y }) => sum + value * (y + 0.5), 0) / mass,
    mass,
  };
}

describe('digitPicture', () => {
  it('says nothing of an empty pad', () => {
    expect(
      digitPicture(
        pad(() => false),
        SIDE,
      ),
    ).toBeUndefined();
  });

  it('fills the box of 20 with what is drawn, wherever that is, and keeps its proportions', () => {
    const bar = inkOf(
      digitPicture(
        pad((x, y) => x >= 3 && x < 7 && y >= 9 && y < 37),
        SIDE,
      )!,
    );
    expect(bar.height).toBe(20);
    expect(bar.width).toBe(3);
    // 28 x 4 pixels of ink, each 20/28 of a pixel wide and tall.
    expect(bar.mass).toBeCloseTo(28 * 4 * (20 / 28) ** 2, 9);
  });

  it('is the same wherever on the pad it was drawn, and has its centre of mass within a pixel of the middle', () => {
    fc.assert(
      fc.property(fc.nat({ max: 12 }), fc.nat({ max: 12 }), fc.nat({ max: 5 }), (right, down, cut) => {
        const shape = (x: number, y: number) => x >= 0 && x < 24 && y >= 0 && y < 24 && (x < 12 || y > 4 + cut);
        const there = digitPicture(
          pad((x, y) => shape(x - right, y - down)),
          SIDE,
        )!;
        expect(there).toEqual(digitPicture(pad(shape), SIDE));
        const { centreX, centreY } = inkOf(there);
        expect(Math.abs(centreX - DIGIT_SIDE / 2)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(Math.abs(centreY - DIGIT_SIDE / 2)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});
