import { CircuitBoard } from 'lucide-react';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { useCim } from '../state.ts';
import { texts } from '../texts.ts';

const words = texts.noResult;

/** What stands where a result will be: that it is under way, or why there is none. */
export function NoResult() {
  const phase = useCim((state) => state.phase);
  const problems = useCim((state) => state.problems);
  const what = useCim((state) => state.progress?.what);
  if (phase === 'failed' && problems.length > 0) {
    return (
      <div className="cim-noresult">
        <EmptyState icon={CircuitBoard} title={words.failed} />
        <ProblemList problems={problems.slice(0, 3)} />
      </div>
    );
  }
  return (
    <EmptyState
      icon={CircuitBoard}
      title={phase === 'running' ? words.running : words.none}
      text={phase === 'running' ? what : words.text}
    />
  );
}
