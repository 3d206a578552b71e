import { describe, expect, it } from 'vitest';
import { overrideAt, withOverride } from './overrides.ts';

describe('departures from a preset', () => {
  it('are kept place by place, and end in the bare preset when all are taken back', () => {
    const wider = withOverride('arch-a', ['crossbar', 'rows'], 256);
    const both = withOverride(wider, ['mvmLatencyNs'], 1000);
    expect(both).toEqual({ base: 'arch-a', crossbar: { rows: 256 }, mvmLatencyNs: 1000 });
    expect(overrideAt(both, ['crossbar', 'rows'])).toBe(256);
    expect(overrideAt(both, ['crossbar', 'columns'])).toBeUndefined();
    const back = withOverride(both, ['crossbar', 'rows'], undefined);
    expect(back).toEqual({ base: 'arch-a', mvmLatencyNs: 1000 });
    expect(withOverride(back, ['mvmLatencyNs'], undefined)).toBe('arch-a');
    expect(wider).toEqual({ base: 'arch-a', crossbar: { rows: 256 } });
  });
});
