import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CimOperator, Section } from '../../../../../engines/cim/types.ts';
import {
  endsOf,
  endsOfNames,
  inNetworkOrder,
  joinAt,
  moveEnd,
  namesOfEnds,
  orderOf,
  rangeOf,
  reachOf,
  segmentAt,
  splitAt,
} from './cuts.ts';

const operators = 'abcdefgh'.split('').map((name, index) => ({ name, index }) as CimOperator);
const whole: Section[] = [{ name: 'net', first: 0, count: 8, times: 1, carried: [] }];
const blocks: Section[] = [
  { name: 'before', first: 0, count: 2, times: 1, carried: [] },
  { name: 'block', first: 2, count: 4, times: 12, carried: [] },
  { name: 'after', first: 6, count: 2, times: 1, carried: [] },
];

describe('cuts by hand', () => {
  it('names the product that ends each segment, but not the last one', () => {
    const ends = endsOf([{ operators: [0, 1, 2] }, { operators: [3] }, { operators: [4, 5, 6, 7] }]);
    expect(ends).toEqual([3, 4, 8]);
    expect(namesOfEnds(operators, whole, ends)).toEqual(['c', 'd']);
    expect(endsOfNames(operators, whole, ['d', 'c'])).toEqual({ ends: [3, 4, 8], unknown: [] });
  });

  it('always cuts at borders of repeated blocks, without naming them', () => {
    expect(endsOfNames(operators, blocks, ['d']).ends).toEqual([2, 4, 6, 8]);
    expect(namesOfEnds(operators, blocks, [2, 4, 6, 8])).toEqual(['d']);
    expect(reachOf(blocks, 4)).toEqual({ low: 3, high: 5 });
    expect(reachOf(blocks, 6)).toEqual({ low: 6, high: 6 });
  });

  it('tells names that no product has', () => {
    expect(endsOfNames(operators, whole, ['c', 'conv9']).unknown).toEqual(['conv9']);
  });

  it('moves a boundary, and joins those that it passes or meets', () => {
    expect(moveEnd([2, 4, 8], 4, 5)).toEqual([2, 5, 8]);
    expect(moveEnd([2, 4, 6, 8], 2, 5)).toEqual([5, 6, 8]);
    expect(moveEnd([2, 4, 6, 8], 6, 4)).toEqual([2, 4, 8]);
    expect(moveEnd([2, 4, 8], 4, 4)).toEqual([2, 4, 8]);
  });

  it('splits and joins', () => {
    expect(splitAt([3, 8], 5)).toEqual([3, 5, 8]);
    expect(splitAt([3, 8], 3)).toEqual([3, 8]);
    expect(joinAt([3, 5, 8], 5)).toEqual([3, 8]);
  });

  it('knows which segment a product is in', () => {
    expect([0, 2, 3, 4, 7].map((at) => segmentAt([3, 4, 8], at))).toEqual([0, 0, 1, 2, 2]);
    expect(rangeOf([3, 4, 8], 2)).toEqual([4, 8]);
  });

  it('sees when a plan runs products in another order', () => {
    expect(inNetworkOrder(orderOf([{ operators: [0, 1] }, { operators: [2] }]))).toBe(true);
    expect(inNetworkOrder(orderOf([{ operators: [0, 2] }, { operators: [1] }]))).toBe(false);
  });

  it('keeps every move within the network and the borders', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 });
    fc.assert(
      fc.property(cuts, fc.nat({ max: 6 }), fc.integer({ min: -9, max: 17 }), (places, which, wanted) => {
        const ends = [...new Set([...places, 2, 6, 8])].sort((a, b) => a - b);
        const from = ends[which % ends.length]!;
        const { low, high } = reachOf(blocks, from);
        const after = moveEnd(ends, from, Math.min(Math.max(wanted, low), high));
        expect(after).toEqual([...new Set(after)].sort((a, b) => a - b));
        for (const border of [2, 6, 8]) expect(after).toContain(border);
        expect(endsOfNames(operators, blocks, namesOfEnds(operators, blocks, after)).ends).toEqual(after);
      }),
      { numRuns: 100 },
    );
  });
});
