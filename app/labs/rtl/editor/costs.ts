import type { CellsOfLine, RtlReport } from '../../../../engines/rtl/types.ts';

/**
 * What the lines of a file cost. The heat is 0 for no cell and 1 for the design's dearest line, on a logarithmic scale,
 * so that a line of 3 cells and one of 30 differ beside one of 3,000.
 */
export function costsOf(report: RtlReport, file: string): { cost: CellsOfLine; heat: number }[] {
  const most = report.cellsByLine.reduce((found, line) => Math.max(found, line.cells), 1);
  return report.cellsByLine
    .filter((cost) => cost.file === file)
    .map((cost) => ({ cost, heat: Math.log(1 + cost.cells) / Math.log(1 + most) }));
}
