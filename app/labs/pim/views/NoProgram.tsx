import { ListTree } from 'lucide-react';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { NoResult } from './NoResult.tsx';

const words = texts.noProgram;

/** What stands where instructions will be: that they are under way, or why there are none. */
export function NoProgram() {
  const phase = usePim((state) => state.programPhase);
  const problems = usePim((state) => state.programProblems);
  const result = usePim((state) => state.result);
  if (!result) return <NoResult />;
  if (phase === 'failed') {
    return (
      <div className="pim-noresult">
        <EmptyState icon={ListTree} title={words.failed} />
        <ProblemList problems={problems.slice(0, 3)} />
      </div>
    );
  }
  return <EmptyState icon={ListTree} title={words.waiting} text={words.text} />;
}
