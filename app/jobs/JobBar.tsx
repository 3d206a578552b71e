import { Square } from 'lucide-react';
import { Button } from '../ui/Button.tsx';
import './jobs.css';

export interface JobBarProps {
  /** What runs, for screen readers: "Synthesis". */
  label: string;
  /** What the job says it is doing. */
  what: string;
  /** 0..1; undefined while nobody knows how far it is. */
  fraction: number | undefined;
  /** The word on the button that ends the job, and its shortcut. */
  stop: string;
  shortcut?: string;
  onStop(): void;
}

/** What a running job is doing, how far it is, and Stop. */
export function JobBar({ label, what, fraction, stop, shortcut, onStop }: JobBarProps) {
  const percent = fraction === undefined ? undefined : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div className="job">
      <span className="job-text" role="status">
        {what}
      </span>
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
      <Button size="small" variant="ghost" icon={Square} label={stop} shortcut={shortcut} onClick={onStop} />
    </div>
  );
}
