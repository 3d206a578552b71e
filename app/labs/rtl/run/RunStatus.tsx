import { Square } from 'lucide-react';
import { useHostStatus } from '../../../jobs/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { stopRun } from './controls.ts';

const words = texts.state;

/** What the engine is doing, how far it is, and Stop: drawn in the bar at the foot of the studio. */
export function RunStatus() {
  const phase = useRtl((state) => state.phase);
  const progress = useRtl((state) => state.progress);
  const checking = useRtl((state) => state.checking);
  const seconds = useRtl((state) => state.result?.report.measured.timesMs.all);
  const errors = useRtl((state) => state.problems.some(({ severity }) => severity === 'error'));
  const stale = useRtl((state) => state.stale);
  const changed = useRtl((state) => state.changed);
  const loading = useHostStatus().engines.some(({ id, load }) => id === 'rtl' && load && !load.ready);
  if (phase === 'running') {
    const percent = Math.round(100 * (progress?.fraction ?? 0));
    return (
      <>
        <span role="status">{loading ? words.waiting : (progress?.what ?? words.running)}</span>
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
        <Button size="small" variant="ghost" icon={Square} label={texts.stop} shortcut="Mod+." onClick={stopRun} />
      </>
    );
  }
  return <span role="status">{textOf()}</span>;

  function textOf(): string {
    if (checking) return words.checking;
    if (errors) return words.failed;
    if (phase === 'cancelled') return words.cancelled;
    if (stale) return words.pending[changed];
    if (phase === 'done' && seconds !== undefined) return words.done(formatNumber(seconds, 'ms'));
    return '';
  }
}
