import { describe, expect, it } from 'vitest';
import { nearestIndex } from '../sensitivity/nearest.ts';
import { readValues } from './values.ts';

describe('typed values', () => {
  it('are whole numbers, ascending, each once', () => {
    expect(readValues('64, 32;128, 64')).toEqual([32, 64, 128]);
    expect(readValues('1 024,')).toEqual([1024]);
  });

  it('are refused where one is none', () => {
    expect(readValues('')).toBeUndefined();
    expect(readValues('0, 1')).toBeUndefined();
    expect(readValues('1.5')).toBeUndefined();
    expect(readValues('32, many')).toBeUndefined();
    expect(readValues(Array.from({ length: 65 }, (_, at) => at + 1).join())).toBeUndefined();
  });
});

describe('the cell of a map', () => {
  it('is the nearest by ratio', () => {
    expect(nearestIndex([10, 20, 44, 84], 44)).toBe(2);
    expect(nearestIndex([10, 1000], 99)).toBe(0);
    expect(nearestIndex([10, 1000], 101)).toBe(1);
    expect(nearestIndex([10, 1000], 0)).toBe(0);
  });
});
