import { Check, Square } from 'lucide-react';
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
  if (phase === 'running') {
    const percent = Math.round(100 * (progress?.fraction ?? 0));
    return (
      <>
        <span role="status">{progress?.what ?? words.running}</span>
        <span
          className="bar"
          role="progressbar"
          aria-label={words.running}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <i style={{ width: `${percent}%` }} />
        </span>
        {searching && best && (
          <Button size="small" variant="ghost" icon={Check} label={texts.search.take} onClick={takeBest} />
        )}
        <Button size="small" variant="ghost" icon={Square} label={texts.stop} onClick={stopRun} />
      </>
    );
  }
  return <span role="status">{textOf()}</span>;

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
