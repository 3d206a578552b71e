import type { Problem } from '../../../../engines/core/result.ts';
import { monaco } from './monaco.ts';

const SEVERITY = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  note: monaco.MarkerSeverity.Info,
};

/** Problems of one file as Monaco's markers. Where only the line is known the whole line is marked. */
export function markersFor(model: monaco.editor.ITextModel, problems: readonly Problem[]): monaco.editor.IMarkerData[] {
  const lines = model.getLineCount();
  return problems.map((problem) => {
    const line = Math.min(Math.max(1, problem.where?.line ?? 1), lines);
    const column = problem.where?.column;
    const word = column === undefined ? undefined : model.getWordAtPosition({ lineNumber: line, column });
    const first = word?.startColumn ?? column ?? (model.getLineFirstNonWhitespaceColumn(line) || 1);
    const last = word?.endColumn ?? model.getLineMaxColumn(line);
    return {
      severity: SEVERITY[problem.severity],
      message: problem.remedy ? `${problem.what}\n${problem.remedy}` : problem.what,
      startLineNumber: line,
      startColumn: first,
      endLineNumber: line,
      endColumn: Math.max(last, first + 1),
      code: problem.code,
    };
  });
}
