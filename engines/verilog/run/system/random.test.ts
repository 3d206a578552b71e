import { describe, expect, it } from 'vitest';
import { distribution, random, unsignedRange } from './random.ts';

function draw(count: number, next: (seed: number) => { value: number; seed: number }): number[] {
  let seed = 0;
  return Array.from({ length: count }, () => {
    const drawn = next(seed);
    seed = drawn.seed;
    return drawn.value;
  });
}

describe('random streams', () => {
  // Values of Icarus Verilog 11.
  it('gives the stream of $random that every simulator gives', () => {
    expect(draw(6, random)).toEqual([303379748, -1064739199, -2071669239, -1309649309, 112818957, 1189058957]);
  });

  it('gives the stream of $urandom', () => {
    const words = draw(6, (seed) => unsignedRange(seed, 0, 0xffffffff)).map((value) =>
      value.toString(16).padStart(8, '0'),
    );
    expect(words).toEqual(['92153524', '40895e81', '0484d609', '31f05663', '86b97b0d', 'c6df998d']);
  });

  it('stays within its range', () => {
    for (const value of draw(500, (seed) => unsignedRange(seed, 3, 9))) {
      expect(value).toBeGreaterThanOrEqual(3);
      expect(value).toBeLessThanOrEqual(9);
    }
    expect(new Set(draw(500, (seed) => distribution('uniform', seed, -2, 2)!))).toEqual(new Set([-2, -1, 0, 1, 2]));
  });

  it('has the mean that is asked for', () => {
    const mean = (name: string, one: number, two: number) => {
      const values = draw(4000, (seed) => distribution(name, seed, one, two)!);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(Math.abs(mean('normal', 100, 10) - 100)).toBeLessThan(1);
    expect(Math.abs(mean('exponential', 100, 0) - 100)).toBeLessThan(6);
    expect(Math.abs(mean('poisson', 20, 0) - 20)).toBeLessThan(0.5);
    expect(Math.abs(mean('chi_square', 10, 0) - 10)).toBeLessThan(0.5);
    expect(Math.abs(mean('erlang', 4, 100) - 100)).toBeLessThan(4);
    expect(distribution('exponential', 1, 0, 0)).toBeUndefined();
  });
});
