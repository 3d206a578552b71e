import { Check } from 'lucide-react';
import { RunStatus as Status } from '../../../jobs/RunStatus.tsx';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { stopRun, takeBest } from './controls.ts';

const words = texts.state;

/** What the compiler is doing, how far it is, and Stop: drawn in the bar at the foot of the studio. */
export function RunStatus() {
  const phase = usePim((state) => state.phase);
  const progress = usePim((state) => state.progress);
  const searching = usePim((state) => state.searching);
  const best = usePim((state) => state.genetic !== undefined);
  const stale = usePim((state) => state.stale);
  const result = usePim((state) => state.result);
  return (
    <Status
      running={phase === 'running'}
      label={words.running}
      what={progress?.what}
      fraction={progress?.fraction}
      stop={texts.stop}
      onStop={stopRun}
      idle={textOf()}
    >
      {searching && best && (
        <Button size="small" variant="ghost" icon={Check} label={texts.search.take} onClick={takeBest} />
      )}
    </Status>
  );

  function textOf(): string {
    if (phase === 'failed') return words.failed;
    if (phase === 'cancelled') return words.cancelled;
    if (stale) return words.pending;
    if (phase !== 'done' || !result) return '';
    const times = Object.values(result.report.measured.timesMs);
    return words.done(
      formatNumber(
        times.reduce((sum, time) => sum + time, 0),
        'ms',
      ),
    );
  }
}
