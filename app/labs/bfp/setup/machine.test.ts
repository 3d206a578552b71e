import { describe, expect, it } from 'vitest';
import { resolveMachine } from '../../../../engines/bfp/movement/machines.ts';
import { overrideAt, withOverride } from './machine.ts';

describe('a machine by its preset', () => {
  const l1 = { level: 'l1', key: 'capacityBits' } as const;

  it('is its name again when every change has been taken back', () => {
    const changed = withOverride(withOverride('bitq-desktop', l1, 8192), { key: 'threads' }, 2);
    expect(changed).toMatchObject({ base: 'bitq-desktop', threads: 2, levels: [{ level: 'l1', capacityBits: 8192 }] });
    const back = withOverride(withOverride(changed, l1, undefined), { key: 'threads' }, undefined);
    expect(back).toBe('bitq-desktop');
  });

  it('names the levels that differ, and the engine reads them', () => {
    const changed = withOverride('bitq-desktop', l1, 8192);
    expect(overrideAt(changed, l1)).toBe(8192);
    expect(overrideAt(changed, { level: 'l1', key: 'bandwidth' })).toBeUndefined();
    const machine = resolveMachine(changed);
    expect(machine.ok && machine.value.levels.map(({ capacityBits }) => capacityBits)[1]).toBe(8192);
  });
});
