import { Binary } from 'lucide-react';
import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { useSlice } from '../../../design/index.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { onDemand } from '../run/spec.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';

const words = texts.noResult;

/** What stands where a result will be: that it is under way, or why there is none. */
export function NoResult() {
  const phase = useBfp((state) => state.phase);
  const problems = useBfp((state) => state.problems);
  const what = useBfp((state) => state.progress?.what);
  const slice = useSlice<BfpSlice>('bfp');
  const wanted = slice.search !== null ? words.search : onDemand(slice) ? words.dear : words.text;
  if (phase === 'failed' && problems.length > 0) {
    return (
      <div className="bfp-noresult">
        <EmptyState icon={Binary} title={words.failed} />
        <ProblemList problems={problems.slice(0, 3)} />
      </div>
    );
  }
  return (
    <EmptyState
      icon={Binary}
      title={phase === 'running' ? words.running : words.none}
      text={phase === 'running' ? what : wanted}
    />
  );
}
