/** Running engines for the screen. */
export { JobBar, type JobBarProps } from './JobBar.tsx';
export { LogView, type LogViewProps } from './LogView.tsx';
export type { JobPhase, JobState, RunSettings } from './runner.ts';
export { useHostStatus, warmEngine } from './status.ts';
export { type JobHandle, useJob } from './useJob.ts';
