import type { Problem } from '../core/result.ts';
import { type MessageContext, placeInText } from './message-places.ts';
import { type RawMessage, RULES } from './message-rules.ts';

export type { MessageContext } from './message-places.ts';

/**
 * Turns the log of a run into problems: errors and warnings, and latches, with their places. Each once, in the order of
 * their appearance, errors first.
 */
export function parseMessages(lines: readonly string[], context: MessageContext): Problem[] {
  const raws: RawMessage[] = [];
  let open: RawMessage | undefined;
  for (const line of lines) {
    const raw = rawOf(line, context);
    if (raw) {
      raws.push(raw);
      open = raw.text.endsWith(':') ? raw : undefined;
    } else if (open && /^\s{4}/.test(line)) {
      open.details.push(line.trim());
    } else {
      open = undefined;
    }
  }
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const raw of raws) {
    const problem = problemOf(raw, context);
    const key = JSON.stringify([problem.code, problem.where, problem.what]);
    if (seen.has(key)) continue;
    seen.add(key);
    problems.push(problem);
  }
  return [
    ...problems.filter((problem) => problem.severity === 'error'),
    ...problems.filter((problem) => problem.severity !== 'error'),
  ];
}

function rawOf(line: string, context: MessageContext): RawMessage | undefined {
  const match = /^(?:(.*):(\d+): )?(ERROR|Warning): (.*)$/.exec(line);
  if (match) {
    const [, file, row, kind, text = ''] = match;
    // "input:0" is what Yosys says of things that come from its own command line.
    const where =
      file === undefined || Number(row) === 0 ? undefined : { file: context.userPath(file), line: Number(row) };
    return { severity: kind === 'ERROR' ? 'error' : 'warning', text, where, details: [] };
  }
  if (line.startsWith('Latch inferred for signal ')) return { severity: 'warning', text: line, details: [] };
  return undefined;
}

function problemOf(raw: RawMessage, context: MessageContext): Problem {
  for (const rule of RULES) {
    const match = rule.pattern.exec(raw.text);
    if (!match) continue;
    return {
      code: rule.code,
      severity: rule.severity ?? raw.severity,
      what: rule.what?.(match) ?? sentence(raw.text),
      where: rule.locate?.(match, context, raw) ?? raw.where,
      remedy: typeof rule.remedy === 'function' ? rule.remedy(match) : rule.remedy,
    };
  }
  return {
    code: raw.severity === 'error' ? 'yosys-error' : 'yosys-warning',
    severity: raw.severity,
    what: sentence([raw.text, ...raw.details.slice(0, 4)].join(' ')),
    where: raw.where ?? placeInText(raw.text, context),
    remedy: raw.severity === 'error' ? 'Correct this place; the log below has what Yosys did before.' : undefined,
  };
}

function sentence(text: string): string {
  const clean = text.replaceAll(/`\\?([^`']*)'/g, '$1').replaceAll('\\', '');
  return /[.!?]$/.test(clean) ? clean : `${clean.replace(/:$/, '')}.`;
}
