import type { SourceSpan } from './schematic-types.ts';
import type { YosysModule } from './yosys-json.ts';

const SPAN = /^(.+):(\d+)(?:\.(\d+))?(?:-(\d+)(?:\.(\d+))?)?$/;

/**
 * Reads Yosys' `src` attribute, "file:line.col-line.col", several joined by `|`. What is not of that form is left out,
 * and so is "file:0.0-0.0", which Yosys gives to what it made up itself.
 */
export function parseSrc(src: string | undefined): SourceSpan[] {
  if (!src) return [];
  const spans: SourceSpan[] = [];
  for (const part of src.split('|')) {
    const match = SPAN.exec(part);
    if (!match || Number(match[2]) === 0) continue;
    const [, file, line, column, endLine, endColumn] = match;
    const span: SourceSpan = { file: file!, line: Number(line) };
    if (column !== undefined) span.column = Number(column);
    if (endLine !== undefined) span.endLine = Number(endLine);
    if (endColumn !== undefined) span.endColumn = Number(endColumn);
    spans.push(span);
  }
  return spans;
}

/** Names of the cells whose source covers a line: what a schematic highlights for the line under the cursor. */
export function cellsAtLine(module: YosysModule, file: string, line: number): Set<string> {
  const cells = new Set<string>();
  for (const [name, cell] of Object.entries(module.cells)) {
    const covers = parseSrc(cell.attributes.src).some(
      (span) => span.file === file && span.line <= line && line <= (span.endLine ?? span.line),
    );
    if (covers) cells.add(name);
  }
  return cells;
}
