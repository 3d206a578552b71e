import { describe, expect, it } from 'vitest';
import { rankCommand } from './rank-command.ts';

const rank = (search: string, label: string, group = '') => rankCommand('id', search, [label, group]);

describe('rankCommand', () => {
  it('finds by the beginnings of words only', () => {
    expect(rank('dark', 'Dark theme')).toBeGreaterThan(0);
    expect(rank('dark', 'Share by link…', 'Design')).toBe(0);
    expect(rank('th da', 'Dark theme')).toBeGreaterThan(0);
    expect(rank('eme', 'Dark theme')).toBe(0);
  });

  it('prefers the label to the group, and an earlier word to a later', () => {
    expect(rank('design', 'Designs…', 'Go to')).toBeGreaterThan(rank('design', 'Make a copy', 'Design'));
    expect(rank('design', 'Design one')).toBeGreaterThan(rank('design', 'Rename design…'));
  });

  it('keeps all while nothing is typed', () => {
    expect(rank(' ', 'Home')).toBe(1);
  });
});
