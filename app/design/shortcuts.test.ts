import { describe, expect, it } from 'vitest';
import type { Command } from './commands.ts';
import { commandFor, type Keys, matches } from './shortcuts.ts';

const press = (key: string, held: Partial<Keys> = {}): Keys => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const ctrl = { ctrlKey: true };

describe('a shortcut', () => {
  it('wants all its modifiers and no other', () => {
    expect(matches('Mod+Z', press('z', ctrl), false)).toBe(true);
    expect(matches('Mod+Z', press('z'), false)).toBe(false);
    expect(matches('Mod+Z', press('Z', { ...ctrl, shiftKey: true }), false)).toBe(false);
    expect(matches('Mod+Shift+Z', press('Z', { ...ctrl, shiftKey: true }), false)).toBe(true);
    expect(matches('Mod+Z', press('z', { ...ctrl, altKey: true }), false)).toBe(false);
    expect(matches('F2', { ...press('F2'), code: 'F2' }, false)).toBe(true);
  });

  it('means Command on a Mac, where Ctrl is another key', () => {
    expect(matches('Mod+Z', press('z', { metaKey: true }), true)).toBe(true);
    expect(matches('Mod+Z', press('z', ctrl), true)).toBe(false);
    expect(matches('Mod+Z', press('z', { metaKey: true }), false)).toBe(false);
  });

  it('is found by place on a keyboard of another script', () => {
    expect(matches('Mod+Z', { ...press('я', ctrl), code: 'KeyZ' }, false)).toBe(true);
    // Another Latin layout has its letters elsewhere: there the letter counts.
    expect(matches('Mod+Z', { ...press('y', ctrl), code: 'KeyZ' }, false)).toBe(false);
  });

  it('that is a sign does not mind how the sign is typed', () => {
    expect(matches('?', { ...press('?', { shiftKey: true }), code: 'Slash' }, false)).toBe(true);
    expect(matches('?', { ...press('?'), code: 'Minus' }, false)).toBe(true);
    expect(matches('?', { ...press('/'), code: 'Slash' }, false)).toBe(false);
    expect(matches('Alt+1', { ...press('¡', { altKey: true }), code: 'Digit1' }, true)).toBe(true);
  });
});

describe('the command that keys mean', () => {
  const command = (given: Partial<Command>): Command => ({
    id: 'x',
    label: 'X',
    group: 'Test',
    capture: 'never',
    run: () => {},
    ...given,
  });
  const undo = command({ id: 'undo', shortcut: 'Mod+Z' });
  const redo = command({ id: 'redo', shortcut: 'Mod+Shift+Z', otherShortcuts: ['Mod+Y'] });
  const save = command({ id: 'save', shortcut: 'Mod+S', global: true });
  const all = [undo, redo, save];

  it('leaves an editor its own keys, except for global commands', () => {
    expect(commandFor(press('z', ctrl), false, all)?.id).toBe('undo');
    expect(commandFor(press('z', ctrl), true, all)).toBeUndefined();
    expect(commandFor(press('s', ctrl), true, all)?.id).toBe('save');
    expect(commandFor(press('y', ctrl), false, all)?.id).toBe('redo');
  });

  it('passes over a command that is not enabled', () => {
    const off = command({ id: 'off', shortcut: 'Mod+Z', enabled: () => false });
    expect(commandFor(press('z', ctrl), false, [off])).toBeUndefined();
    expect(commandFor(press('z', ctrl), false, [off, undo])?.id).toBe('undo');
  });
});
