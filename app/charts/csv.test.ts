import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';

describe('CSV', () => {
  it('quotes what would be misread, and leaves what is missing empty', () => {
    expect(
      toCsv([
        ['name', 'cells', 'pinned'],
        ['a,"b"', 3, undefined],
        ['two\nlines', 0, 1],
      ]),
    ).toBe('name,cells,pinned\r\n"a,""b""",3,\r\n"two\nlines",0,1\r\n');
  });
});
