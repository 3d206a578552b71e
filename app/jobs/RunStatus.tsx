import { Square } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';

export interface RunStatusProps {
  running: boolean;
  /** Named for screen readers: "Compiling". */
  label: string;
  /** What is being done; the label when nothing is known. */
  what?: string;
  /** 0..1. */
  fraction?: number;
  stop: string;
  onStop(): void;
  /** More buttons while it runs: take the best so far. */
  children?: ReactNode;
  /** What stands there while nothing runs. */
  idle: string;
}

/** What the engine of a lab is doing, how far it is, and Stop: for the bar at the foot of the studio. */
export function RunStatus({ running, label, what, fraction = 0, stop, onStop, children, idle }: RunStatusProps) {
  if (!running) return <span role="status">{idle}</span>;
  const percent = Math.round(100 * fraction);
  return (
    <>
      <span role="status">{what ?? label}</span>
      <span
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <i style={{ width: `${percent}%` }} />
      </span>
      {children}
      <Button size="small" variant="ghost" icon={Square} label={stop} shortcut="Mod+." onClick={onStop} />
    </>
  );
}
