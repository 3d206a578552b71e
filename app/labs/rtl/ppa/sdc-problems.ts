import { useMemo } from 'react';
import type { Problem } from '../../../../engines/core/result.ts';
import { SDC_FILE, usePpa } from './state.ts';

/** What is wrong with the constraints on the screen, by the newest run that read them. */
export function useSdcProblems(): readonly Problem[] {
  const problems = usePpa((state) => state.problems);
  const result = usePpa((state) => state.result);
  const stale = usePpa((state) => state.stale);
  return useMemo(() => {
    const found = problems.length > 0 ? problems : stale ? [] : (result?.report.problems ?? []);
    return found.filter(({ where }) => where?.file === SDC_FILE);
  }, [problems, result, stale]);
}
