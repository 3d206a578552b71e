import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import type { WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { valueAt } from '../wave/values.ts';

/** More than this at the end of a line hides the text it belongs to. */
const MOST_ON_A_LINE = 6;

/**
 * What the signals that a file declares have at a time, by the line of their declaration: "q = 3  full = 0". Of a module that is there several
 * times, the instance with a signal among the shown waves speaks, else the first.
 */
export function sourceValues(
  database: WaveDatabase,
  view: WaveViewState,
  file: string,
  ticks: number,
): { line: number; text: string }[] {
  const shown = new Set(view.signals.map(({ path }) => path.slice(0, path.lastIndexOf('.'))));
  /** By module (its place in the file): the scope that speaks for it. */
  const speakers = new Map<string, number>();
  database.scopes.forEach((scope, index) => {
    if (scope.at?.file !== undefined && scope.module === undefined && scope.at.file !== file) return;
    const key = `${scope.module ?? scope.name}:${scope.kind}`;
    const known = speakers.get(key);
    if (known === undefined || (shown.has(database.scopePath(index)) && !shown.has(database.scopePath(known))))
      speakers.set(key, index);
  });
  const speaking = new Set(speakers.values());
  const lines = new Map<number, string[]>();
  for (const signal of database.signals) {
    if (signal.at?.file !== file || !speaking.has(signal.scope) || signal.array) continue;
    const value = valueAt(database, view, `${database.scopePath(signal.scope)}.${signal.name}`, ticks);
    if (value === undefined || value === '') continue;
    const line = lines.get(signal.at.line) ?? [];
    line.push(`${signal.name} = ${value}`);
    lines.set(signal.at.line, line);
  }
  return [...lines]
    .map(([line, texts]) => ({
      line,
      text: texts.length > MOST_ON_A_LINE ? `${texts.slice(0, MOST_ON_A_LINE).join('  ')}  …` : texts.join('  '),
    }))
    .sort((one, other) => one.line - other.line);
}
