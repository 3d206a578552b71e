import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterEdits } from './ocr-edits.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '漢', '😀'), maxLength: 10 });
const bare = (line: string) => line.replaceAll(' ', '');
const edits = (line: string, read: string) => characterEdits(line, read).edits;

/** The definition itself, without a table: what the first characters need, and what the rest does. */
function byDefinition(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [[first, ...as], [other, ...bs]] = [a, b];
  if (first === other) return byDefinition(as, bs);
  return 1 + Math.min(byDefinition(as, b), byDefinition(a, bs), byDefinition(as, bs));
}

describe('edits between a line and its reading', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['Saturday', 'Sunday', 3],
    ['flaw', 'lawn', 2],
    ['in two words', 'intwowords', 0],
    ['', 'abc', 3],
  ])('from %j to %j are %i', (line, read, wanted) => {
    expect(characterEdits(line, read)).toEqual({ edits: wanted, characters: bare(line).length });
  });

  it('are what the definition of Levenshtein’s distance says', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(short, short, (line, read) => {
        expect(edits(line, read)).toBe(byDefinition([...line], [...read]));
      }),
      { numRuns: 100 },
    );
  });

  it('are a distance: none between equals alone, the same both ways, no shorter by a way round', () => {
    fc.assert(
      fc.property(text, text, text, (one, two, three) => {
        expect(edits(one, two) === 0).toBe(bare(one) === bare(two));
        expect(edits(one, two)).toBe(edits(two, one));
        expect(edits(one, three)).toBeLessThanOrEqual(edits(one, two) + edits(two, three));
        expect(edits(one, two)).toBeLessThanOrEqual(Math.max([...bare(one)].length, [...bare(two)].length));
      }),
      { numRuns: 150 },
    );
  });
});
