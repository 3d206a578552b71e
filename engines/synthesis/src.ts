import type { Place } from '../core/result.ts';

/** Yosys' own libraries, whose lines `techmap` adds to `src`. */
const LIBRARY = /^\/?share\//;

export interface SourceSpan {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/**
 * Reads a `src` attribute ("top.v:3.1-5.4|/share/techmap.v:2.1-2.9"). Cells that Yosys merged carry several places joined
 * by `|`; those within Yosys' own libraries are left out.
 */
export function parseSrc(src: string | undefined): SourceSpan[] {
  if (src === undefined || src === '') return [];
  const spans: SourceSpan[] = [];
  for (const part of src.split('|')) {
    const match = /^(.*):(\d+)\.(\d+)-(\d+)\.(\d+)$/.exec(part) ?? /^(.*):(\d+)(?:\.(\d+))?$/.exec(part);
    if (!match) continue;
    const [, file = '', line, column, endLine, endColumn] = match;
    // Line 0 stands for a place that Yosys lost.
    if (LIBRARY.test(file) || file === '' || Number(line) === 0) continue;
    spans.push({
      file,
      line: Number(line),
      column: Number(column ?? 1),
      endLine: Number(endLine ?? line),
      endColumn: Number(endColumn ?? column ?? 1),
    });
  }
  return spans;
}

/** The first place of a `src` attribute, with the user's path. */
export function placeOf(
  src: string | undefined,
  userPath: (name: string) => string = (name) => name,
): Place | undefined {
  const [span] = parseSrc(src);
  return span && { file: userPath(span.file), line: span.line, column: span.column };
}
