import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../../../engines/cim/presets/index.ts';
import type { CimOperator } from '../../../../../engines/cim/types.ts';
import { peakRate, pointOf, ridgeOf, roofsOf, thinned } from './roofline-model.ts';

const { hardware } = PRESETS.dynaplasia!;

/** 320 x 80 weights of 8 bits in two arrays of 320 x 320 cells of one bit. */
const operator: CimOperator = {
  index: 0,
  name: 'fc',
  layer: 0,
  kind: 'fc',
  vectors: 10,
  inner: 320,
  columns: 80,
  groups: 1,
  arrays: 2,
  macs: 10 * 320 * 80,
  streamBytes: 3200,
  weightBytes: 25_600,
  outputBytes: 800,
  dynamic: false,
  inputs: [],
  weightsFrom: [],
};

describe('the roofline', () => {
  it('has as roofs what Eq. 10 multiplies', () => {
    const roofs = roofsOf(operator, 6, 2, hardware);
    // OP_cim: 320 x 80 weights / 2 arrays / 8 cycles a vector; the feed: 44 + 2 x 40 bytes a cycle.
    expect(roofs).toEqual({ compute: 6 * 1600, bytesPerCycle: 124 });
    expect(ridgeOf(roofs)).toBe(9600 / 124);
  });

  it('puts an operator under the lower of its roofs', () => {
    // 80 MACs for each byte. One memory array: 84 bytes a cycle, 6720 MACs a cycle; six compute arrays: 9600.
    const fed = pointOf(operator, 6, 1, hardware);
    expect(fed).toMatchObject({ intensity: 80, bound: 'feed' });
    expect(fed.rate).toBeCloseTo(6720, 9);
    expect(pointOf(operator, 4, 1, hardware)).toMatchObject({ rate: 6400, bound: 'compute', cycles: 40 });
  });

  it('has the peak of all arrays where every cell works', () => {
    // 320 rows x 40 weights a row / 8 cycles, of 96 arrays.
    expect(peakRate(96, hardware)).toBe(153_600);
  });

  it('draws one of those that lie on the same place', () => {
    expect(
      thinned([
        { x: 1, y: 1 },
        { x: 1.2, y: 0.9 },
        { x: 30, y: 1 },
      ]),
    ).toHaveLength(2);
  });
});
