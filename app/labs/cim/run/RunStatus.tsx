import { RunStatus as Status } from '../../../jobs/RunStatus.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { useCim } from '../state.ts';
import { texts } from '../texts.ts';
import { stopRun } from './controls.ts';

const words = texts.state;

/** What the compiler is doing, how far it is, and Stop: drawn in the bar at the foot of the studio. */
export function RunStatus() {
  const phase = useCim((state) => state.phase);
  const progress = useCim((state) => state.progress);
  const stale = useCim((state) => state.stale);
  const result = useCim((state) => state.result);
  return (
    <Status
      running={phase === 'running'}
      label={words.running}
      what={progress?.what}
      fraction={progress?.fraction}
      stop={texts.stop}
      onStop={stopRun}
      idle={textOf()}
    />
  );

  function textOf(): string {
    if (phase === 'failed') return words.failed;
    if (phase === 'cancelled') return words.cancelled;
    if (stale) return words.pending;
    if (phase !== 'done' || !result) return '';
    const times = Object.values(result.report.measured.timesMs);
    const sum = times.reduce((all, time) => all + time, 0);
    return words.done(formatNumber(sum, 'ms'));
  }
}
