import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allOrders, dominates, footprint, INDICES, OPERANDS, ORDERS, prunedOrders, reuseOf, volume } from './loops.ts';
import type { LoopIndex, Operand, Sizes } from './types.ts';

const LAYER = { sizes: sizes(1, 64, 56, 56, 64, 3, 3), stride: [1, 1] as [number, number] };

function sizes(b: number, f: number, x: number, y: number, c: number, w: number, h: number): Sizes {
  return { b, f, x, y, c, w, h };
}

// Values of facts 2.3, counted by hand from the released program's rules: one level below the whole layer, C doubled.
const GOLDEN: [tile: Sizes, order: string, a: number, b: number, twiceC: number, sum: number, held: number][] = [
  [sizes(1, 16, 7, 7, 16, 3, 3), 'hcwbfxy', 1_638_400, 2_359_296, 401_408, 4_399_104, 4_688],
  [sizes(1, 16, 7, 7, 16, 3, 3), 'xbyfcwh', 1_208_320, 36_864, 1_605_632, 2_850_816, 4_688],
  [sizes(1, 32, 14, 14, 16, 3, 3), 'cwhbfxy', 591_872, 589_824, 401_408, 1_583_104, 15_504],
  [sizes(1, 64, 7, 56, 8, 3, 3), 'xybfcwh', 222_784, 36_864, 3_211_264, 3_470_912, 34_416],
];

test.each(GOLDEN)(
  'volumes and footprints of the published rules: %o under %s',
  (tile, order, a, b, twiceC, sum, held) => {
    const of = (operand: Operand) => volume(LAYER, operand, [...order] as LoopIndex[], tile, LAYER.sizes, 'published');
    expect([of('inputs'), of('weights'), 2 * of('outputs')]).toEqual([a, b, twiceC]);
    expect(of('inputs') + of('weights') + 2 * of('outputs')).toBe(sum);
    expect(OPERANDS.reduce((total, operand) => total + footprint(LAYER, operand, tile, 'published'), 0)).toBe(held);
  },
);

test('the three cases of reuse: all, a sliding window, none', () => {
  expect(reuseOf('inputs', ORDERS.inputsX)).toEqual({
    f: 'full',
    x: 'partial',
    b: 'none',
    y: 'none',
    c: 'none',
    w: 'none',
    h: 'none',
  });
  expect(reuseOf('weights', ORDERS.weightsX)).toMatchObject({ x: 'full', b: 'full', y: 'full', f: 'none', c: 'none' });
  expect(reuseOf('outputs', ORDERS.outputs)).toMatchObject({ h: 'full', c: 'full', w: 'full', b: 'none', f: 'none' });
});

test('of the 5,040 orders eight are left: ours, and two that swap the window’s width and height', () => {
  const kept = prunedOrders();
  expect(kept).toHaveLength(8);
  const ours: LoopIndex[][] = Object.values(ORDERS).map((order) => [...order]);
  const twins: LoopIndex[][] = [[...'wchbfxy'], [...'fwbxych'], [...'fhbxycw']] as LoopIndex[][];
  for (const order of kept) {
    expect([...ours, ...twins].some((other) => dominates(other, order) && dominates(order, other))).toBe(true);
  }
});

const pair = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), { minLength: 5, maxLength: 5 })
  .map((five): [Sizes, Sizes] => {
    const tile = sizes(1, 1, 1, 1, 1, 3, 2);
    const next = sizes(1, 1, 1, 1, 1, 3, 2);
    for (const [at, index] of (['b', 'f', 'x', 'y', 'c'] as const).entries()) {
      tile[index] = five[at]![0];
      next[index] = five[at]![0] * five[at]![1];
    }
    return [tile, next];
  });

test('pruning loses nothing: with the whole window in the tile the best of five is the best of all', () => {
  const every = allOrders();
  fc.assert(
    fc.property(pair, fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)), ([tile, next], bits) => {
      const layer = { sizes: next, stride: [1, 1] as [number, number] };
      const cost = (order: readonly LoopIndex[]) =>
        OPERANDS.reduce(
          (sum, operand, at) => sum + (bits[at]! + 1) * volume(layer, operand, order, tile, next, 'published'),
          0,
        );
      const best = Math.min(...every.map(cost));
      expect(Math.min(...Object.values(ORDERS).map(cost))).toBeCloseTo(best, 6);
    }),
    { numRuns: 8 },
  );
});

test('the exact span regards stride and does not count one too many', () => {
  const strided = { sizes: sizes(1, 64, 56, 56, 3, 7, 7), stride: [2, 2] as [number, number] };
  const tile = { ...strided.sizes, x: 4, y: 5 };
  expect(footprint(strided, 'inputs', tile, 'exact')).toBe(3 * 13 * 15);
  expect(footprint(strided, 'inputs', tile, 'published')).toBe(3 * 11 * 12);
});

test('a product of matrices has inputs one wide by either rule', () => {
  const fully = { sizes: sizes(40, 6625, 1, 1, 120, 1, 1), stride: [1, 1] as [number, number] };
  for (const rule of ['published', 'exact'] as const) expect(footprint(fully, 'inputs', fully.sizes, rule)).toBe(4800);
});

test('all orders are permutations', () => {
  const orders = allOrders();
  expect(new Set(orders.map((order) => order.join(''))).size).toBe(5040);
  expect(orders.every((order) => INDICES.every((index) => order.includes(index)))).toBe(true);
});
