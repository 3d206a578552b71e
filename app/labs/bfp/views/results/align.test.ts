import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterEdits } from '../../../../../engines/bfp/data/ocr-edits.ts';
import { alignReading, editsOf } from './align.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '漢', '😀'), maxLength: 12 });

describe('alignReading', () => {
  it('marks what was read wrongly, left out and made up', () => {
    expect(alignReading('the cat', 'tbe ca')).toEqual([
      { kind: 'same', text: 't' },
      { kind: 'wrong', text: 'b', is: 'h' },
      { kind: 'same', text: 'e ca' },
      { kind: 'missing', text: 't' },
    ]);
    expect(alignReading('on', 'oon').filter(({ kind }) => kind === 'extra')).toHaveLength(1);
  });

  it('has as many marks as the error rate counts edits, and shows the reading as it is', () => {
    fc.assert(
      fc.property(text, text, (line, read) => {
        const pieces = alignReading(line, read);
        expect(editsOf(pieces)).toBe(characterEdits(line, read).edits);
        const shown = pieces.filter(({ kind }) => kind !== 'missing').map((piece) => piece.text);
        expect(shown.join('')).toBe(read);
        const stands = pieces.filter(({ kind }) => kind !== 'extra').map((piece) => piece.is ?? piece.text);
        expect(stands.join('').replaceAll(' ', '')).toBe(line.replaceAll(' ', ''));
      }),
      { numRuns: 200 },
    );
  });
});
