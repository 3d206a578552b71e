/** Values of a model that Yosys' `sat` printed: by time step (0 based), by signal, binary digits. */
export interface SatTrace {
  steps: Map<string, string>[];
}

const ROW = /^ +(\d+|init) (.+?) +\S+ +\S+ +([01x]+)$/;

/**
 * Reads the table of a model out of the log's lines; undefined when there is none. Signals that are no whole nets (`\r [3:0]`, `{ \a \b }`)
 * are kept under the name that is printed.
 */
export function readTrace(lines: readonly string[]): SatTrace | undefined {
  const from = lines.findLastIndex((line) => /^ +Time Signal Name/.test(line));
  if (from < 0) return undefined;
  const steps: Map<string, string>[] = [];
  for (let i = from + 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^ +-{2,}/.test(line)) continue;
    if (line.trim() === '') break;
    const row = ROW.exec(line);
    if (!row) return undefined;
    const [, time = '', name = '', bits = ''] = row;
    if (time === 'init') continue;
    const step = Number(time) - 1;
    steps[step] ??= new Map();
    steps[step].set(name.replace(/^\\/, ''), bits);
  }
  return steps.length > 0 && steps.every(Boolean) ? { steps } : undefined;
}
