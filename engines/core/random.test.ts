import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, fromState } from './random.ts';

function take<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('random numbers', () => {
  it('are those of the reference implementation, xoshiro128starstar.c 1.1', () => {
    const reference = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(take(10, fromState([1, 2, 3, 4]).bits)).toEqual(reference);
  });

  it('are the same for the same seed for ever', () => {
    expect(take(4, createRandom(1).bits)).toMatchInlineSnapshot(`
      [
        2464728017,
        524766766,
        2797235571,
        2526252332,
      ]
    `);
    expect(take(4, createRandom(1, 1).bits)).toMatchInlineSnapshot(`
      [
        3710037171,
        1356471126,
        2915087017,
        3738873562,
      ]
    `);
    expect(createRandom(1).shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toMatchInlineSnapshot(`
      [
        5,
        7,
        0,
        4,
        2,
        3,
        6,
        1,
      ]
    `);
    expect(take(3, createRandom(1).normal)).toMatchInlineSnapshot(`
      [
        0.9155292268174271,
        1.8751062530912537,
        0.3200674059941008,
      ]
    `);
  });

  it('differ between seeds and between streams', () => {
    const first = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      for (let stream = 0; stream < 100; stream++) first.add(createRandom(seed, stream).float());
    }
    expect(first.size).toBe(10_000);
  });

  it('are uniform below any bound, at its ends too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.nat(), (below, seed) => {
        const random = createRandom(seed);
        for (let draw = 0; draw < 20; draw++) expect(random.int(below)).toBeLessThan(below);
      }),
    );
    const counts = new Array<number>(6).fill(0);
    const random = createRandom(3);
    for (let draw = 0; draw < 60_000; draw++) counts[random.int(6)]! += 1;
    // Chi-square with 5 degrees of freedom: above 20.5 once in a thousand seeds.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(20.5);
    // Of 3 * 2^30 values, a draw without rejection would give the lowest third half as often again as each other third.
    const thirds = take(30_000, () => Math.floor(random.int(3 * 2 ** 30) / 2 ** 30));
    expect(thirds.filter((third) => third === 0).length).toBeLessThan(10_600);
    expect(random.int(1)).toBe(0);
    expect(() => random.int(0)).toThrow(RangeError);
    expect(() => random.int(2.5)).toThrow(RangeError);
  });

  it('have the moments of their distributions', () => {
    const random = createRandom(5);
    const floats = take(100_000, random.float);
    expect(Math.min(...floats)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...floats)).toBeLessThan(1);
    expect(mean(floats)).toBeCloseTo(0.5, 2);
    const normals = take(100_000, random.normal);
    expect(mean(normals)).toBeCloseTo(0, 1.5);
    expect(mean(normals.map((x) => x * x))).toBeCloseTo(1, 1.5);
    expect(mean(normals.map((x) => (Math.abs(x) < 1.959964 ? 1 : 0)))).toBeCloseTo(0.95, 2);
    expect(mean(normals.slice(1).map((x, index) => x * normals[index]!))).toBeCloseTo(0, 1.5);
  });

  it('shuffle into every order equally often, leaving the list as it was', () => {
    const random = createRandom(11);
    const items = [1, 2, 3];
    const orders = new Map<string, number>();
    for (let trial = 0; trial < 6000; trial++) {
      const order = random.shuffle(items).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(items).toEqual([1, 2, 3]);
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
