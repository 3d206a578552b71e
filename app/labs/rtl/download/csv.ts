import type { RtlReport } from '../../../../engines/rtl/types.ts';
import { toCsv } from '../../../charts/csv.ts';

/** Cells by source line as CSV, with a column for each type of cell that occurs. */
export function linesCsv(report: RtlReport): string {
  const types = [...new Set(report.cellsByLine.flatMap((line) => Object.keys(line.byType)))].sort();
  const head = ['file', 'line', 'cells', 'flipFlops', ...types];
  const rows = report.cellsByLine.map((line) => [
    line.file,
    line.line,
    line.cells,
    line.flipFlops,
    ...types.map((type) => line.byType[type] ?? 0),
  ]);
  return toCsv([head, ...rows]);
}
