import { describePlace, type Problem } from '../../engines/core/result.ts';

/** Each problem once, whoever found it. */
export function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.severity} ${describePlace(problem.where)} ${problem.what}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
