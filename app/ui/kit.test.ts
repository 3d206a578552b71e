import { describe, expect, it } from 'vitest';
import { judge } from './Readings.tsx';
import { sortRows } from './Table.tsx';

describe('judge', () => {
  it('goes by the direction that is better, and says nothing where neither is', () => {
    expect(judge({ value: 5, pinned: 9, better: 'lower' })).toBe('better');
    expect(judge({ value: 9, pinned: 5, better: 'lower' })).toBe('worse');
    expect(judge({ value: 9, pinned: 5, better: 'higher' })).toBe('better');
    expect(judge({ value: 5, pinned: 5, better: 'higher' })).toBeUndefined();
    expect(judge({ value: 9, pinned: 5 })).toBeUndefined();
    expect(judge({ value: undefined, pinned: 5, better: 'lower' })).toBeUndefined();
  });
});

describe('sortRows', () => {
  it('sorts numbers by size, names by their numbers, the missing last', () => {
    const rows = [{ v: 10 }, { v: undefined }, { v: 9 }, { v: -1 }];
    expect(sortRows(rows, (row) => row.v, false).map((row) => row.v)).toEqual([-1, 9, 10, undefined]);
    expect(sortRows(rows, (row) => row.v, true).map((row) => row.v)).toEqual([10, 9, -1, undefined]);
    expect(sortRows(['u10', 'u2', 'u1'], (name) => name, false)).toEqual(['u1', 'u2', 'u10']);
  });

  it('keeps the given order of equals and changes nothing in place', () => {
    const rows = [
      { id: 'a', v: 1 },
      { id: 'b', v: 1 },
    ];
    expect(sortRows(rows, (row) => row.v, true).map((row) => row.id)).toEqual(['a', 'b']);
    expect(rows.map((row) => row.id)).toEqual(['a', 'b']);
  });
});
