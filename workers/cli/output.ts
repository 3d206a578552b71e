import { describePlace, type Problem } from '../../engines/core/result.ts';

/** Writes to standard output and waits until it is taken: process.exit would cut off what a pipe has not read yet. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes to standard error, which is always taken at once. */
export function printText(text: string): void {
  clearProgress();
  process.stderr.write(text);
}

/** What, where, remedy; `before` names the source of all of them ("designs.ndjson:12"). */
export function printProblems(problems: readonly Problem[], before?: string): void {
  for (const problem of problems) printText(formatProblem(problem, before));
}

function formatProblem({ severity, what, where, remedy }: Problem, before?: string): string {
  const place = describePlace(where);
  const head = [before, place].filter((part) => part).join(': ');
  return `${head ? `${head}: ` : ''}${severity}: ${what}${remedy ? `\n  ${remedy}` : ''}\n`;
}

let shown = '';

/** One line on standard error that is written over; only where a person watches. */
export function showProgress(text: string): void {
  if (!process.stderr.isTTY) return;
  const line = text.slice(0, (process.stderr.columns ?? 80) - 1);
  process.stderr.write(`\r${line.padEnd(shown.length)}`);
  shown = line;
}

export function clearProgress(): void {
  if (shown) process.stderr.write(`\r${' '.repeat(shown.length)}\r`);
  shown = '';
}

/** A report as JSON on one line; typed arrays become plain ones. */
export function reportJson(report: unknown): string {
  return JSON.stringify(report, (_key, value: unknown) =>
    ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Uint8Array) : value,
  );
}
