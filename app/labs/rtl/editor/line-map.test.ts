import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineMap } from './line-map.ts';

describe('lines of an earlier text', () => {
  it('move with what was typed above them', () => {
    const map = lineMap('a\nb\nc\nd', 'a\nx\ny\nb\nc\nd');
    expect([1, 2, 3, 4].map(map)).toEqual([1, 4, 5, 6]);
  });

  it('that were replaced have no place, a single edited line keeps its own', () => {
    expect([1, 2, 3, 4].map(lineMap('a\nb\nc\nd', 'a\nd'))).toEqual([1, undefined, undefined, 2]);
    expect([1, 2, 3].map(lineMap('a\nb\nc', 'a\nB\nc'))).toEqual([1, 2, 3]);
  });

  it('are always found at a line of the same text, save an edited one', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const map = lineMap(before.join('\n'), after.join('\n'));
        const wrong = before.filter((line, index) => {
          const place = map(index + 1);
          return place !== undefined && after[place - 1] !== line;
        });
        expect(wrong.length).toBeLessThanOrEqual(before.length === after.length ? 1 : 0);
      }),
    );
  });
});
