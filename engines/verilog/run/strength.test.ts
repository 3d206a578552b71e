import { describe, expect, it } from 'vitest';
import { behind, combine, drivenAs, highZ, logicOf, perhaps, strengthText, strong } from './strength.ts';

const St0 = drivenAs(0, 6, 6);
const St1 = drivenAs(1, 6, 6);
const StX = drivenAs(3, 6, 6);
const Pu1 = drivenAs(1, 5, 5);

describe('names of %v', () => {
  it.each([
    [St1, 'St1'],
    [drivenAs(0, 7, 7), 'Su0'],
    [Pu1, 'Pu1'],
    [highZ, 'HiZ'],
    [StX, 'StX'],
    [perhaps(St0), 'StL'],
    [perhaps(Pu1), 'PuH'],
    [strong(-6, 5), '65X'],
    [strong(3, 6), '631'],
  ])('%#: %s', (level, text) => {
    expect(strengthText(level)).toBe(text);
  });
});

describe('two drivers', () => {
  it('the stronger one wins, and equal ones that differ give x', () => {
    expect(combine(St0, Pu1, 'wire')).toBe(St0);
    expect(combine(St0, St1, 'wire')).toBe(StX);
    expect(combine(highZ, Pu1, 'wire')).toBe(Pu1);
  });

  it('wired logic decides between equal ones', () => {
    expect(combine(St0, St1, 'and')).toBe(St0);
    expect(combine(St0, St1, 'or')).toBe(St1);
    expect(combine(StX, St0, 'and')).toBe(St0);
    expect(combine(StX, St1, 'and')).toBe(StX);
  });

  // 1364-2005 section 7.10.2: levels of the ambiguous signal above the unambiguous one stay, those below go, gaps are filled.
  it('an ambiguous one keeps what is above the other', () => {
    expect(combine(perhaps(St1), Pu1, 'wire')).toBe(strong(5, 6));
    expect(combine(strong(-4, 6), drivenAs(0, 5, 5), 'wire')).toBe(strong(-5, 6));
  });
});

describe('switches', () => {
  it('reduce supply to strong, and resistive ones every level', () => {
    expect(behind(drivenAs(1, 7, 7), false)).toBe(St1);
    expect(behind(Pu1, false)).toBe(Pu1);
    expect(behind(drivenAs(1, 7, 7), true)).toBe(Pu1);
    expect(behind(St0, true)).toBe(drivenAs(0, 5, 5));
    expect(behind(Pu1, true)).toBe(drivenAs(1, 3, 3));
    expect(logicOf(behind(highZ, true))).toBe(2);
  });
});
