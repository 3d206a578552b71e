import { describe, expect, it } from 'vitest';
import { isRight, pieces } from './answer.ts';

describe('isRight', () => {
  it('wants whole numbers exactly, however they are written', () => {
    expect(isRight('1234', 1234)).toBe(true);
    expect(isRight(' 1 234 ', 1234)).toBe(true);
    expect(isRight('1233', 1234)).toBe(false);
    expect(isRight('', 0)).toBe(false);
    expect(isRight('four', 4)).toBe(false);
    expect(isRight('\u22124', -4)).toBe(true);
  });

  it('takes other numbers to one percent', () => {
    expect(isRight('3.33', 10 / 3)).toBe(true);
    expect(isRight('3,33', 10 / 3)).toBe(true);
    expect(isRight('3.4', 10 / 3)).toBe(false);
  });

  it('compares words without regard to case', () => {
    expect(isRight('at most 4 gates ', 'At most 4 gates')).toBe(true);
    expect(isRight('5 to 8 gates', 'At most 4 gates')).toBe(false);
  });
});

describe('pieces', () => {
  it('sets what stands in backticks as code', () => {
    expect(pieces('Write `a & b` here, then `c`.')).toEqual([
      { text: 'Write ', code: false },
      { text: 'a & b', code: true },
      { text: ' here, then ', code: false },
      { text: 'c', code: true },
      { text: '.', code: false },
    ]);
  });
});
