import { describe, expect, it } from 'vitest';
import { verdictOf } from './verdict.ts';

const verdict = (...texts: string[]) => verdictOf(texts.map((text, index) => ({ text, timeTicks: index })));

describe('the verdict of a bench', () => {
  it.each([
    ['PASS', 'passed'],
    ['Your Design Passed', 'passed'],
    ['Mismatches: 0 in 120 samples', 'passed'],
    ['done, 0 errors', 'passed'],
    ['errors = 0', 'passed'],
    ['no failures', 'passed'],
    ['FAIL 3 errors', 'failed'],
    ['Test completed with 4 failures', 'failed'],
    ['Mismatches: 10 in 120 samples', 'failed'],
    ['ERROR: q is x', 'failed'],
    ['errors = 10', 'failed'],
    ['12 errors', 'failed'],
    ['wrong sum', 'failed'],
    ['time 10: q=3', 'none'],
    ['terror', 'none'],
  ] as const)('%s: %s', (text, kind) => {
    expect(verdict(text).kind).toBe(kind);
  });

  it('names the first line that says that something is wrong, whatever comes after', () => {
    expect(verdict('start', 'mismatch at 3', 'mismatch at 5', 'PASS')).toMatchObject({
      kind: 'failed',
      why: 'mismatch at 3',
      timeTicks: 1,
    });
  });
});
