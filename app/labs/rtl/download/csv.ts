import type { RtlReport } from '../../../../engines/rtl/types.ts';

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
  return [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Quoted where a comma, a quote or a line end is in it (RFC 4180). */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
