import { Square } from 'lucide-react';
import { Button } from '../ui/Button.tsx';
import './jobs.css';
import type { JobState } from './runner.ts';

export interface JobBarProps {
  /** What runs: "Synthesis". */
  label: string;
  job: Pick<JobState<unknown>, 'state' | 'progress' | 'problems'> & { cancel(): void };
}

/** What a job is doing, how far it is, and Stop. Empty while the job has nothing to say, at the same height. */
export function JobBar({ label, job }: JobBarProps) {
  const { state, progress, problems } = job;
  const running = state === 'running';
  const percent = progress === undefined ? undefined : Math.round(Math.min(1, Math.max(0, progress.fraction)) * 100);
  return (
    <div className="job" data-state={state}>
      <span className="job-text" role="status">
        {textOf(label, state, progress?.what, problems?.[0]?.what)}
      </span>
      {running && (
        <>
          <span
            className={percent === undefined ? 'job-track job-track-unknown' : 'job-track'}
            role="progressbar"
            aria-label={label}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={percent}
          >
            <span className="job-fill" style={percent === undefined ? undefined : { inlineSize: `${percent}%` }} />
          </span>
          <span className="job-percent">{percent === undefined ? '' : `${percent} %`}</span>
          <Button label="Stop" size="small" icon={Square} onClick={job.cancel} />
        </>
      )}
    </div>
  );
}

function textOf(label: string, state: JobState<unknown>['state'], what?: string, problem?: string): string {
  switch (state) {
    case 'running':
      return `${label}: ${what ?? 'starting'}`;
    case 'cancelled':
      return `${label} stopped.`;
    case 'failed':
      return `${label} failed: ${problem ?? 'for a reason that was not given'}`;
    default:
      return '';
  }
}
