import { describe, expect, it } from 'vitest';
import type { CimOperator, CimProblem } from '../../../../../engines/cim/types.ts';
import { arcsOf, inSight, nearestPlace, nextPlace, positionAt, rowOf, xOfPlace } from './cells.ts';

/** conv1, then conv2 in four parts that all read conv1, then fc that reads them. */
function problem(): Pick<CimProblem, 'operators' | 'sections'> {
  const part = (number: number) => ({
    inner: [0, 9] as [number, number],
    columns: [number, number + 1] as [number, number],
    groups: [0, 1] as [number, number],
    of: 4,
    number,
  });
  const operators = [
    { name: 'stage1/conv1', layer: 1, kind: 'conv', inputs: [], weightsFrom: [], outputBytes: 100 },
    ...[0, 1, 2, 3].map((number) => ({
      name: `stage1/conv2[${number + 1}/4]`,
      layer: 2,
      kind: 'conv',
      inputs: [{ operator: 0, bytes: 100 }],
      weightsFrom: [],
      outputBytes: 25,
      part: part(number),
    })),
    {
      name: 'fc',
      layer: 3,
      kind: 'fc',
      inputs: [1, 2, 3, 4].map((operator) => ({ operator, bytes: 25 })),
      weightsFrom: [{ operator: 0, bytes: 7 }],
      outputBytes: 10,
    },
  ].map((each, index) => ({ ...each, index })) as unknown as CimOperator[];
  return { operators, sections: [{ name: 'net', first: 0, count: 6, times: 1, carried: [] }] };
}
const order = [0, 1, 2, 3, 4, 5];

describe('the row of products', () => {
  it('folds the parts of a layer into one cell, and opens them', () => {
    const folded = rowOf(problem(), order, new Set(), 100);
    expect(folded.cells.map(({ name, scope, count }) => [scope, name, count])).toEqual([
      ['stage1', 'conv1', 1],
      ['stage1', 'conv2', 4],
      ['', 'fc', 1],
    ]);
    expect(folded.width).toBe(300);
    const open = rowOf(problem(), order, new Set([1]), 100);
    expect(open.cells.map(({ name }) => name)).toEqual([
      'conv1',
      'conv2[1/4]',
      'conv2[2/4]',
      'conv2[3/4]',
      'conv2[4/4]',
      'fc',
    ]);
    expect(open.cells.every(({ group }, at) => group === (at >= 1 && at <= 4 ? 1 : undefined))).toBe(true);
  });

  it('finds places from pixels and back', () => {
    const row = rowOf(problem(), order, new Set(), 100);
    expect([0, 1, 2, 3, 5, 6].map((place) => xOfPlace(row, place))).toEqual([0, 100, 125, 150, 200, 300]);
    expect([0, 99, 100, 124, 126, 199, 200, 999].map((x) => positionAt(row, x))).toEqual([0, 0, 1, 1, 2, 4, 5, 5]);
    for (let place = 0; place < 6; place++) expect(positionAt(row, xOfPlace(row, place) + 0.5)).toBe(place);
  });

  it('cuts within a layer only while it is open', () => {
    const folded = rowOf(problem(), order, new Set(), 100);
    expect(nearestPlace(folded, 151)).toBe(5);
    expect(nearestPlace(folded, 149)).toBe(1);
    expect(nearestPlace(folded, 999)).toBe(6);
    expect([
      nextPlace(folded, 1, 1),
      nextPlace(folded, 5, -1),
      nextPlace(folded, 5, 1),
      nextPlace(folded, 0, -1),
    ]).toEqual([5, 1, 6, 0]);
    expect([1, 2, 5, 6].map((place) => inSight(folded, place))).toEqual([true, false, true, true]);
    const open = rowOf(problem(), order, new Set([1]), 100);
    expect(nearestPlace(open, 260)).toBe(3);
    expect(nextPlace(open, 1, 1)).toBe(2);
  });

  it('draws one arc for each pair of layers, counting bytes that all parts read once', () => {
    const { operators, sections } = problem();
    expect(arcsOf(operators, sections, order)).toEqual([
      { from: 0, to: 1, bytes: 100, operand: false, carried: false },
      { from: 1, to: 5, bytes: 100, operand: false, carried: false },
      { from: 0, to: 5, bytes: 7, operand: true, carried: false },
    ]);
  });

  it('shows what goes to the next run of a repeated block', () => {
    const { operators } = problem();
    const sections = [{ name: 'block', first: 0, count: 6, times: 3, carried: [{ operator: 5, readers: [0] }] }];
    expect(arcsOf(operators, sections, order)).toContainEqual({
      from: 5,
      to: 0,
      bytes: 10,
      operand: false,
      carried: true,
    });
  });
});
