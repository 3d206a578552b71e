import type { Problem } from '../../engines/core/result.ts';
import { Badge } from './Badge.tsx';

export interface ProblemCountProps {
  problems: readonly Problem[];
  errors(count: number): string;
  warnings(count: number): string;
}

/** How many problems there are: in the bar of the part that lists them, also while that is folded. */
export function ProblemCount({ problems, errors, warnings }: ProblemCountProps) {
  const wrong = problems.filter(({ severity }) => severity === 'error').length;
  const doubtful = problems.filter(({ severity }) => severity === 'warning').length;
  return (
    <span className="problem-count">
      {wrong > 0 && <Badge tone="bad">{errors(wrong)}</Badge>}
      {doubtful > 0 && <Badge tone="warn">{warnings(doubtful)}</Badge>}
    </span>
  );
}
