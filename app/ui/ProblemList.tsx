import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { describePlace, type Problem, type Severity } from '../../engines/core/result.ts';

const GLYPHS = { error: CircleAlert, warning: TriangleAlert, note: Info };
const WORDS: Record<Severity, string> = { error: 'Error', warning: 'Warning', note: 'Note' };

export interface ProblemListProps {
  problems: readonly Problem[];
  /** Goes to the place; without it, or for a problem without a place, the line cannot be pressed. */
  onOpen?(problem: Problem): void;
}

/** What is wrong, where, and what to do about it. Errors before warnings before notes, otherwise in the order given. */
export function ProblemList({ problems, onOpen }: ProblemListProps) {
  const order: Severity[] = ['error', 'warning', 'note'];
  const sorted = order.flatMap((severity) => problems.filter((problem) => problem.severity === severity));
  return (
    <ul className="problems">
      {sorted.map((problem, index) => {
        const place = describePlace(problem.where);
        const body = <ProblemText problem={problem} place={place} />;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may be reported twice at one place.
          <li key={`${problem.code} ${place} ${index}`} className={`problem problem-${problem.severity}`}>
            {onOpen && problem.where ? (
              <button type="button" className="problem-line problem-open" onClick={() => onOpen(problem)}>
                {body}
              </button>
            ) : (
              <div className="problem-line">{body}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function ProblemText({ problem, place }: { problem: Problem; place: string }) {
  const Glyph = GLYPHS[problem.severity];
  return (
    <>
      <Glyph size={15} strokeWidth={1.75} aria-hidden className="problem-glyph" />
      <span className="problem-body">
        <span className="visually-hidden">{WORDS[problem.severity]}: </span>
        {place && <span className="problem-place mono">{place} </span>}
        <span className="problem-what">{problem.what}</span>
        {problem.remedy && <span className="problem-remedy">{problem.remedy}</span>}
      </span>
    </>
  );
}
