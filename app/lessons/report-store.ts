import { create } from 'zustand';
import type { Report } from '../../engines/core/report.ts';

interface Reports {
  /** The latest finished report of each lab. */
  latest: Record<string, Report<object> | undefined>;
}

const useReports = create<Reports>(() => ({ latest: {} }));

/**
 * A lab tells here the finished report of the design as it stands, and `undefined` as soon as the design has changed and
 * the report is of an earlier one: a question must not be checked against a stale result.
 */
export function publishReport(lab: string, report: Report<object> | undefined): void {
  useReports.setState(({ latest }) => ({ latest: { ...latest, [lab]: report } }));
}

export function useReport(lab: string): Report<object> | undefined {
  return useReports(({ latest }) => latest[lab]);
}
