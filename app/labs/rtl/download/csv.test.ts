import { describe, expect, it } from 'vitest';
import type { RtlReport } from '../../../../engines/rtl/types.ts';
import { linesCsv } from './csv.ts';

describe('cells by line as CSV', () => {
  it('has a column for each type, and quotes what needs it', () => {
    const report = {
      cellsByLine: [
        { file: 'a,b.v', line: 3, cells: 3, flipFlops: 1, byType: { $_XOR_: 2, $_DFF_P_: 1 } },
        { file: 'top.v', line: 10, cells: 1, flipFlops: 0, byType: { $_AND_: 1 } },
      ],
    } as Partial<RtlReport> as RtlReport;
    expect(linesCsv(report)).toBe(
      'file,line,cells,flipFlops,$_AND_,$_DFF_P_,$_XOR_\r\n"a,b.v",3,3,1,0,1,2\r\ntop.v,10,1,0,1,0,0\r\n',
    );
  });
});
