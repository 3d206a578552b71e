import type { ConsoleLine, Verdict } from './types.ts';

/** "Mismatches: 0 in 20 samples", "0 errors", "no failures": a count of nothing is no failure. */
const NOTHING_WRONG =
  /\b(?:0|no|zero)\s+(?:\w+\s+)?(?:errors?|fail(?:ure|ed|s)?s?|mismatch(?:es)?)\b|\b(?:errors?|failures?|fails|failed|mismatch(?:es)?)\s*(?:count)?\s*[:=]?\s*0\b/i;
const WRONG = /\b(?:fail(?:ed|ure|ures|s|ing)?|errors?|mismatch(?:ed|es)?|incorrect|wrong)\b/i;
const RIGHT = /\b(?:pass(?:ed|es)?|success(?:ful|fully)?|all\s+tests\s+ok|ok)\b/i;

/**
 * Reads what a bench printed. Failed: a line says so (fail, error, mismatch, wrong, with a count that is not nothing). Passed: none does, and
 * one says pass, ok or success, or counts nothing wrong. Otherwise the bench gives no verdict. The rule is ours; benches have no common form.
 */
export function verdictOf(lines: readonly ConsoleLine[]): Verdict {
  let passed: ConsoleLine | undefined;
  for (const line of lines) {
    const nothing = NOTHING_WRONG.test(line.text);
    if (!nothing && WRONG.test(line.text)) return because('failed', line);
    if (!passed && (nothing || RIGHT.test(line.text))) passed = line;
  }
  return passed ? because('passed', passed) : { kind: 'none' };
}

function because(kind: 'passed' | 'failed', { text, where, timeTicks }: ConsoleLine): Verdict {
  return { kind, why: text.trim(), where, timeTicks };
}
