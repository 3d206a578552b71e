import { describe, expect, it } from 'vitest';
import { slice } from '../../../../../engines/pim/slice.ts';
import { AXES, findAxis, startValues, valueNow, valuesOf } from './axes.ts';

describe('what a sweep can move', () => {
  it('is named once each, and never the clock', () => {
    const paths = AXES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).not.toContain('evaluator');
  });

  it('reads what was typed as the parameter means it, in order', () => {
    expect(valuesOf({ path: 'hardware.crossbar.rows', values: ['256', '64', '64'] })).toEqual({ values: [64, 256] });
    expect(valuesOf({ path: 'hardware.localMemory.bytes', values: ['64'] })).toEqual({ values: [65_536] });
    expect(valuesOf({ path: 'hardware.crossbar.rows', values: ['1.5'] })).toHaveProperty('fault');
    expect(valuesOf({ path: 'replication', values: [] })).toHaveProperty('fault');
    expect(valuesOf({ path: 'replication', values: ['uniform', 'balance'] })).toEqual({
      values: ['uniform', 'balance'],
    });
  });

  it('begins around what stands there, and leaves the search out', () => {
    expect(startValues(findAxis('hardware.crossbar.rows')!, 128)).toEqual(['32', '64', '128', '256', '512']);
    expect(startValues(findAxis('hardware.chips.x')!, 1)).toEqual(['1', '2', '4']);
    expect(startValues(findAxis('replication')!, 'balance')).not.toContain('genetic');
  });

  it('finds what stands there', () => {
    const chip = { crossbar: { rows: 128 } };
    expect(valueNow(slice.defaults, chip, 'hardware.crossbar.rows')).toBe(128);
    expect(valueNow(slice.defaults, chip, 'hardware')).toBe('pimcomp-default');
    expect(valueNow(slice.defaults, chip, 'transferRounds')).toBe(1);
  });
});
