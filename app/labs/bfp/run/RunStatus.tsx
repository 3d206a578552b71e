import { Check } from 'lucide-react';
import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { RunStatus as Status } from '../../../jobs/RunStatus.tsx';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';
import { stopRun, takeBest } from './controls.ts';
import { onDemand } from './spec.ts';

const words = texts.state;

/** What the engine is doing, how far it is, and Stop: drawn in the bar at the foot of the studio. */
export function RunStatus() {
  const phase = useBfp((state) => state.phase);
  const progress = useBfp((state) => state.progress);
  const searching = useBfp((state) => state.searching);
  const some = useBfp((state) => state.search !== undefined);
  const stale = useBfp((state) => state.stale);
  const result = useBfp((state) => state.result);
  const slice = useSlice<BfpSlice>('bfp');
  const editable = useDesign(() => isEditable());
  return (
    <Status
      running={phase === 'running'}
      label={searching ? words.searching : words.running}
      what={progress?.what}
      fraction={progress?.fraction}
      stop={texts.stop}
      onStop={stopRun}
      idle={textOf()}
    >
      {searching && some && editable && (
        <Button size="small" variant="ghost" icon={Check} label={texts.searching.take} onClick={takeBest} />
      )}
    </Status>
  );

  function textOf(): string {
    if (phase === 'failed') return words.failed;
    if (phase === 'cancelled') return words.cancelled;
    if (stale) return slice.search === null ? words.pending : words.pendingSearch;
    if (!result && phase === 'idle' && onDemand(slice)) return slice.search === null ? words.first : words.firstSearch;
    if (phase !== 'done' || !result) return '';
    const { timesMs } = result.report.measured;
    const all = timesMs.all ?? Object.values(timesMs).reduce((sum, time) => sum + time, 0);
    return words.done(formatNumber(all, 'ms'));
  }
}
