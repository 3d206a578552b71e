import { useHostStatus } from '../../../jobs/index.ts';
import { RunStatus as Status } from '../../../jobs/RunStatus.tsx';
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
  return (
    <Status
      running={phase === 'running'}
      label={words.running}
      what={loading ? words.waiting : progress?.what}
      fraction={progress?.fraction}
      stop={texts.stop}
      onStop={stopRun}
      idle={textOf()}
    />
  );

  function textOf(): string {
    if (checking) return words.checking;
    if (errors) return words.failed;
    if (phase === 'cancelled') return words.cancelled;
    if (stale) return words.pending[changed];
    if (phase === 'done' && seconds !== undefined) return words.done(formatNumber(seconds, 'ms'));
    return '';
  }
}
